"""Places and keys in words, for every key command."""

from __future__ import annotations

import shlex
from collections.abc import Iterable
from typing import Final

from wizard.keys.vault import Vault
from wizard.openclaw.env_layers import KEY_VARIABLE
from wizard.openclaw.locate import Located
from wizard.openclaw.seen import LayerName
from wizard.stores.model import (
    BACKUP_LAYER,
    HEADER_LAYER,
    KEYRING_LAYER,
    LITERAL_LAYER,
    LOGIN_SHELL_LAYER,
    OTHER_LAYER,
    PROFILE_LAYER,
    SERVICE_LAYER,
    KeyCopy,
)

_PLACES: Final = {
    LayerName.PROCESS.value: "the environment of this shell",
    LayerName.CWD_DOTENV.value: "the .env of this folder",
    LayerName.STATE_DOTENV.value: "the .env of OpenClaw's folder",
    LayerName.GATEWAY_ENV_FILE.value: "the gateway's environment file",
    LayerName.CONFIG.value: "its config (env.vars)",
    LITERAL_LAYER: "the provider entry itself",
    HEADER_LAYER: "a header of the provider entry",
    PROFILE_LAYER: "an auth profile that it saved itself",
    KEYRING_LAYER: "the system's keyring",
    "secret-exec": "a secret provider that runs a program",
    "secret-file": "a secret provider's file",
    "secret-store": "OpenClaw's own secret store",
    "secret-env": "a secret provider's variable",
    SERVICE_LAYER: "the environment of the running gateway",
    LOGIN_SHELL_LAYER: "a start-up file of the shell",
    BACKUP_LAYER: "a file from before a change",
    OTHER_LAYER: "another part of the config",
}


# Places that belong to the user's shell, to a service or to the user's own hand, and what to do there.
NOT_OURS: Final = {
    LayerName.PROCESS.value: "unset it there, and take it out of the file that sets it",
    LayerName.CWD_DOTENV.value: "take its line out of that file",
    LayerName.GATEWAY_ENV_FILE.value: "take its line out of that file",
    SERVICE_LAYER: "restart the gateway once it is gone from where the gateway has it from",
    LOGIN_SHELL_LAYER: "take its line out of that file",
    OTHER_LAYER: "take it out there by hand",
}


def place_words(layer: str) -> str:
    """A layer for people."""
    return _PLACES.get(layer, layer)


def copy_words(copy: KeyCopy) -> str:
    """A copy's place for people, its kind and where that is."""
    words = place_words(copy.layer)
    return f"{words} ({copy.location})" if "/" in copy.location else words


def fingerprint(handle: str | None, vault: Vault) -> str | None:
    """A handle's fingerprint, or None where the value is not known."""
    facts = vault.facts().get(handle) if handle is not None else None
    return facts.fingerprint if facts is not None else None


def own_command(located: Located, arguments: str) -> str:
    """A command of ours for the same config, such as `portkey-claw key set --profile work`."""
    command = f"portkey-claw {arguments}"
    if located.selected_by == "--openclaw-config":
        command += f" --openclaw-config {shlex.quote(str(located.path))}"
    return f"{command} --profile {located.profile}" if located.profile else command


def locations(copies: Iterable[KeyCopy]) -> tuple[str, ...]:
    """The places of copies, each once; a variable of another name is named."""
    return tuple(
        dict.fromkeys(
            f"{copy.location} ({copy.name})" if copy.name not in ("", KEY_VARIABLE) else copy.location
            for copy in copies
        )
    )
