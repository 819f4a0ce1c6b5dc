"""The stores by name, what each of them costs, and what a store needs to know to be written."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from wizard.base.environment import Environment
from wizard.openclaw.locate import Located
from wizard.openclaw.seen import ConfigPath, OpenClawSeen


class Storage(StrEnum):
    """A store of the key, under the name that `--key-storage`, `--storage` and `--to` know it by."""

    OPENCLAW_ENV = "openclaw-env"
    KEYRING = "keyring"
    DOTENV = "dotenv"
    ENV = "env"


@dataclass(frozen=True, slots=True)
class StorageTerms:
    """What a person should know before choosing a store.

    Attributes:
        storage: the store.
        title: its name for people.
        gain: what speaks for it, one clause.
        cost: what speaks against it, one clause.
    """

    storage: Storage
    title: str
    gain: str
    cost: str


@dataclass(frozen=True, slots=True)
class StoreContext:
    """What a store's `put`, `take_away` and `reference` look at.

    Attributes:
        located: OpenClaw's files.
        seen: what was seen of OpenClaw, secrets as handles.
        provider_ids: the provider entries whose key this is; those that the config has not are passed over.
        environment: whose folders and variables count.
        origin: where the key was taken from, in words, such as `standard input`.
    """

    located: Located
    seen: OpenClawSeen
    provider_ids: tuple[str, ...]
    environment: Environment
    origin: str


@dataclass(frozen=True, slots=True)
class KeyCopy:
    """A place that holds the Portkey key, or stands for it.

    Attributes:
        layer: the place's kind: the report's word for it, or `keyring`, `login-shell`, `backup` or `other-setting`.
        location: the place itself, in words; a file's with its line where it has one.
        handle: the value's handle, or None where it cannot be seen from here.
        wins: whether OpenClaw takes it for a provider entry, in this shell and folder.
        note: what else is to be known of it, a clause, or an empty text.
        providers: the provider entries for which it wins.
        path: the file that it stands in, or None.
        place: where it stands in OpenClaw's config, or empty.
        name: the variable or the auth profile, or an empty text.
    """

    layer: str
    location: str
    handle: str | None
    wins: bool = False
    note: str = ""
    providers: tuple[str, ...] = ()
    path: Path | None = None
    place: ConfigPath = ()
    name: str = ""


LITERAL_LAYER: Final = "literal"
HEADER_LAYER: Final = "header"
PROFILE_LAYER: Final = "auth-profile"
KEYRING_LAYER: Final = "keyring"
SERVICE_LAYER: Final = "service-env"
# Copies that no request reads.
LOGIN_SHELL_LAYER: Final = "login-shell"
BACKUP_LAYER: Final = "backup"
OTHER_LAYER: Final = "other-setting"


TERMS: Final = (
    StorageTerms(
        Storage.OPENCLAW_ENV,
        "OpenClaw's config (env.vars)",
        "nothing else is needed, the background gateway sees it too",
        "the key is readable in openclaw.json and in OpenClaw's own backups of it",
    ),
    StorageTerms(
        Storage.KEYRING,
        "the system's keyring",
        "the key is in no file; OpenClaw asks portkey-claw for it",
        "the keyring must be unlocked whenever OpenClaw starts",
    ),
    StorageTerms(
        Storage.DOTENV,
        "a .env file in OpenClaw's folder",
        "the config holds no key and can be shared",
        "the key is readable in that file, and a running gateway sees it after a restart only",
    ),
    StorageTerms(
        Storage.ENV,
        "an environment that you keep yourself",
        "portkey-claw stores nothing",
        "everything that starts OpenClaw must set it",
    ),
)
