"""What was seen of an OpenClaw installation, as data. Secrets stand in every text as handles."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Any, Final

ConfigPath = tuple[str | int, ...]

# The location of a key that our resolver hands on, in words.
KEYRING_PLACE: Final = "the system's keyring"


class Runtime(StrEnum):
    """Where a route runs: this shell and folder, or the background gateway."""

    CLI = "cli"
    SERVICE = "service"


class ConfigTrouble(StrEnum):
    """Why there is no config to look into."""

    MISSING = "missing"
    NOT_A_FILE = "not-a-file"
    NO_PERMISSION = "no-permission"
    NOT_UTF8 = "not-utf8"
    TOO_LARGE = "too-large"
    IO = "io"
    SYNTAX = "syntax"
    NOT_AN_OBJECT = "not-an-object"


class LayerName(StrEnum):
    """An environment layer, in the report's words; declared in OpenClaw's order of precedence.

    Source: measured on 2026.3.13, 2026.5.7 and 2026.9.6, see docs/facts/openclaw.md.
    """

    PROCESS = "process-env"
    CWD_DOTENV = "cwd-dotenv"
    STATE_DOTENV = "state-dotenv"
    GATEWAY_ENV_FILE = "gateway-env-file"
    CONFIG = "config-env"


@dataclass(frozen=True, slots=True)
class Span:
    """A place in a text: 1-based line and column in code points, and the length on that line."""

    line: int
    column: int
    length: int = 1


@dataclass(frozen=True, slots=True)
class NodePlace:
    """Where a value of the config stands; `key` is None for list items and the root."""

    path: ConfigPath
    key: Span | None
    value: Span


@dataclass(frozen=True, slots=True)
class ConfigProblem:
    """Why the config could not be read; line and column are 0 where there is no place."""

    trouble: ConfigTrouble
    reason: str
    line: int = 0
    column: int = 0


@dataclass(frozen=True)
class ConfigFile:
    """OpenClaw's config file.

    Attributes:
        path: the file, below the home folder written with `~`.
        selected_by: what made OpenClaw read this one, such as `default` or `OPENCLAW_CONFIG_PATH`.
        problem: why it could not be read, or None.
        lines: its text, secrets replaced; columns on a line with a handle differ from the original's.
        value: its meaning, secrets replaced; of duplicate keys the last.
        places: where each value stands in the original.
        duplicates: paths that are written more than once.
        mode: its permission bits, or None.
        symlink: whether the path is a link.
        strict_json: whether its text is strict JSON, without comments that a rewrite would lose.
    """

    path: str
    selected_by: str
    problem: ConfigProblem | None = None
    lines: tuple[str, ...] = ()
    value: Any = None
    places: tuple[NodePlace, ...] = ()
    duplicates: tuple[ConfigPath, ...] = ()
    mode: int | None = None
    symlink: bool = False
    strict_json: bool = False

    @cached_property
    def _by_path(self) -> Mapping[ConfigPath, NodePlace]:
        return {place.path: place for place in self.places}

    def place(self, path: ConfigPath) -> NodePlace | None:
        """Where the value at a path stands, or None."""
        return self._by_path.get(path)

    def get(self, path: ConfigPath, default: Any = None) -> Any:
        """The value at a path, or the default where the path leads nowhere."""
        value = self.value
        for step in path:
            if isinstance(value, dict) and step in value:
                value = value[step]
            elif isinstance(value, list) and isinstance(step, int) and 0 <= step < len(value):
                value = value[step]
            else:
                return default
        return value


@dataclass(frozen=True, slots=True)
class LayerVariable:
    """One variable in a layer; `value` may be or hold a handle, `line` is 0 where there is no file."""

    value: str
    line: int = 0


@dataclass(frozen=True, slots=True)
class EnvLayer:
    """An environment layer: only the variables that the routes or this diagnosis need."""

    name: LayerName
    location: str
    variables: Mapping[str, LayerVariable] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RuntimeSeen:
    """The environment of one runtime, layers in OpenClaw's order of precedence."""

    runtime: Runtime
    layers: tuple[EnvLayer, ...] = ()


@dataclass(frozen=True, slots=True)
class Install:
    """The OpenClaw that would run: its absolute path and version, each None where not found."""

    executable: str | None = None
    version: str | None = None


@dataclass(frozen=True, slots=True)
class SavedProfile:
    """A key that OpenClaw has saved for a provider.

    `key` is its handle, or None where it only refers to one; `agent` is whose it is, or None where it is everybody's.
    """

    provider_id: str
    name: str
    location: str
    key: str | None
    agent: str | None = None

    @property
    def in_database(self) -> bool:
        """Whether it is in one of the newer line's databases, and not in an agent's old file."""
        return self.location.endswith(".sqlite")


@dataclass(frozen=True, slots=True)
class KeyringKey:
    """What our own exec SecretRef comes to: an entry of the system's keyring, and the way from it to OpenClaw.

    Attributes:
        account: the entry, which is the reference's id.
        handle: the key's handle, or None where it could not be read.
        trouble: why it could not be read: `no-entry`, or a word of `keyring_store.KeyringTrouble`; else None.
        resolver: a word of `resolver_file.ResolverState`, or `not-declared` where the config has no such provider.
        detail: the trouble in words, for people; empty where there is none.
        backend: the keyring's name for people, empty where it is not known.
    """

    account: str
    handle: str | None = None
    trouble: str | None = None
    resolver: str = "ok"
    detail: str = ""
    backend: str = ""

    @property
    def reaches_openclaw(self) -> bool:
        """Whether OpenClaw gets the key when it asks."""
        return self.handle is not None and self.resolver == "ok"


@dataclass(frozen=True, slots=True)
class OpenClawSeen:
    """Everything seen on OpenClaw's side.

    Attributes:
        install: the executable and its version.
        config: the active config file.
        profile: the profile in use, or None.
        runtimes: the environments, the cli's first.
        saved_profiles: the keys that OpenClaw has saved itself.
        keyring_keys: what the references to our resolver come to, each once.
    """

    install: Install
    config: ConfigFile
    profile: str | None = None
    runtimes: tuple[RuntimeSeen, ...] = ()
    saved_profiles: tuple[SavedProfile, ...] = ()
    keyring_keys: tuple[KeyringKey, ...] = ()
