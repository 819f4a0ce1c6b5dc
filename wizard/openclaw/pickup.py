"""What a running OpenClaw gateway does with a change of its files, and what is left to the user.

Source: a foreground gateway of 2026.5.7 and of 2026.9.6, each change followed by a turn whose key was seen on the
wire; see docs/facts/openclaw.md. Both take a change below `models`, `agents`, `auth` and `secrets` within 5 s. Both
read a `.env` file when the process starts only. For a change below `env` both restart themselves inside their process:
2026.9.6 has the new values then, 2026.5.7 goes back to the config that it had when the process started, and stays so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, Final

from wizard.openclaw.seen import ConfigPath
from wizard.openclaw.versions import RESTART_READS_CONFIG_SEEN, Version

RESTART_COMMAND: Final = "openclaw gateway restart"
RELOAD_COMMAND: Final = "openclaw secrets reload"


class Need(IntEnum):
    """What it takes until a running gateway has a change; the higher includes the lower."""

    NOTHING = 0
    RESTARTS_ITSELF = 1
    RELOAD_SECRETS = 2
    RESTART = 3


_WORDS: Final[Mapping[Need, str]] = {
    Need.NOTHING: "A running OpenClaw gateway takes this within seconds, without a restart.",
    Need.RESTARTS_ITSELF: "A running OpenClaw gateway restarts itself for this; turns fail for up to half a minute.",
    Need.RELOAD_SECRETS: f"A running OpenClaw gateway keeps the old key until: {RELOAD_COMMAND}",
    Need.RESTART: f"A running OpenClaw gateway does not see this until: {RESTART_COMMAND} "
    "(one that runs in a terminal: stop it there and start it again)",
}
_COMMANDS: Final[Mapping[Need, str | None]] = {
    Need.NOTHING: None,
    Need.RESTARTS_ITSELF: None,
    Need.RELOAD_SECRETS: RELOAD_COMMAND,
    Need.RESTART: RESTART_COMMAND,
}


@dataclass(frozen=True, slots=True)
class Touched:
    """What a change touches.

    Attributes:
        paths: the places of the config, of included files as if they stood in it.
        dotenv: whether a `.env` file of OpenClaw's gets another content.
        stored_key: whether what a reference leads to changes while the reference stays, such as the keyring's entry.
        profiles: whether a saved auth profile is taken away.
    """

    paths: tuple[ConfigPath, ...] = ()
    dotenv: bool = False
    stored_key: bool = False
    profiles: bool = False


@dataclass(frozen=True, slots=True)
class Pickup:
    """What is left to do.

    Attributes:
        need: the class.
        command: what the user has to run, or None where the gateway manages by itself.
        words: the same as a sentence.
    """

    need: Need
    command: str | None
    words: str


def pickup(touched: Touched, version: Version | None, config: Mapping[str, Any] | None = None) -> Pickup:
    """What a running gateway needs until it has a change.

    Args:
        touched: the change.
        version: OpenClaw's; one that is not known is taken for one that manages less.
        config: the config's value, which may switch the reading of changes off (`gateway.reload.mode`).
    """
    need = max(_needs(touched, version, reloads=_reload_mode(config) != "off"), default=Need.NOTHING)
    return Pickup(need, _COMMANDS[need], _WORDS[need])


def _needs(touched: Touched, version: Version | None, *, reloads: bool) -> Iterable[Need]:
    # Nothing between the two versions was tried.
    is_new = version is not None and version >= RESTART_READS_CONFIG_SEEN
    if touched.dotenv or touched.profiles or (touched.paths and not reloads):
        yield Need.RESTART
    if touched.stored_key:
        # There the command line may lack the scope for the request once the gateway has paired it.
        yield Need.RELOAD_SECRETS if is_new else Need.RESTART
    for path in touched.paths:
        if path[:1] in ((), ("env",), ("gateway",)):
            yield Need.RESTARTS_ITSELF if is_new and path else Need.RESTART


def _reload_mode(config: Mapping[str, Any] | None) -> Any:
    gateway = config.get("gateway") if isinstance(config, Mapping) else None
    reload = gateway.get("reload") if isinstance(gateway, Mapping) else None
    return reload.get("mode") if isinstance(reload, Mapping) else None
