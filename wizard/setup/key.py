"""The Portkey key: where setup takes it from, its shape, and which layer OpenClaw would take it from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from wizard.base import limits
from wizard.base.environment import Environment
from wizard.base.errors import usage_error
from wizard.base.files import UnreadableFileError, read_text
from wizard.keys.facts import SecretFacts, SecretFlag
from wizard.keys.vault import Vault
from wizard.openclaw.env_layers import KEY_VARIABLE, winner
from wizard.openclaw.seen import EnvLayer, LayerName
from wizard.portkey.hosts import HostKind
from wizard.setup.questions import BY_ID, ENV, OPENCLAW_ENV, missing

_KEYS_PAGE: Final = "https://app.portkey.ai/api-keys"

DEFECTS: Final = {
    SecretFlag.EMPTY: "is empty",
    SecretFlag.TRAILING_SPACE: "has white space behind it",
    SecretFlag.LEADING_SPACE: "has white space before it",
    SecretFlag.WHITE_SPACE: "has white space in it",
    SecretFlag.LINE_BREAK: "has a line break in it",
    SecretFlag.CONTROL: "has a control character in it",
    SecretFlag.NON_LATIN: "has characters in it that no HTTP header can carry",
    SecretFlag.QUOTED: "has quotation marks around it",
    SecretFlag.BEARER_PREFIX: "begins with the word Bearer",
    SecretFlag.PLACEHOLDER: "is a placeholder, not a key",
    SecretFlag.UNRESOLVED_REFERENCE: "holds a ${…} reference instead of a key",
}


@dataclass(frozen=True, slots=True)
class KeyAnswer:
    """The key as the rest of setup knows it.

    Attributes:
        facts: what may be said of it; its handle stands for the value.
        origin: where it was taken from, in words.
        winner: the layer that OpenClaw would take it from now, or None.
    """

    facts: SecretFacts
    origin: str
    winner: EnvLayer | None


def read_key(
    given: Mapping[str, Any], storage: str, layers: tuple[EnvLayer, ...], environment: Environment, vault: Vault
) -> KeyAnswer:
    """The key from standard input, a file, the variable, or what OpenClaw would already use, in this order.

    Args:
        given: the flags.
        storage: where OpenClaw is to get it from.
        layers: the layers that OpenClaw reads, the config's last.
        environment: streams and variables.
        vault: keeps the value.

    Raises:
        UserError: there is no key, it is none, or OpenClaw would not see it.
    """
    found = winner(layers, KEY_VARIABLE)
    value, origin = _stated(given, environment)
    if value is None and found is not None and found[1].value.strip():
        value, origin = vault.reveal(found[1].value), found[0].location
    if value is None:
        raise missing(
            BY_ID["api_key"],
            "The Portkey API key is missing",
            f"Keys are made at {_KEYS_PAGE}. Never pass one as "
            "a plain argument: other users of this machine could read it.",
        )
    facts = vault.take(value, origin)
    defect = next((words for flag, words in DEFECTS.items() if flag in facts.flags), None)
    if defect is not None:
        raise usage_error(
            f"The Portkey API key from {origin} {defect}.",
            f"Copy the key itself, nothing around it; new ones are made at {_KEYS_PAGE}.",
        )
    if storage == ENV:
        _refuse_invisible(facts, origin, found[1].value if found else "", found[0] if found else None)
    return KeyAnswer(facts, origin, found[0] if found else None)


def key_notes(key: KeyAnswer, storage: str, layers: tuple[EnvLayer, ...], kind: HostKind) -> tuple[str, ...]:
    """What the user should know of the key before it is stored."""
    notes = []
    if key.facts.vendor is not None and kind is HostKind.HOSTED:
        notes.append(
            f"The key looks like one of {key.facts.vendor}'s. Portkey wants its own key, from {_KEYS_PAGE}; the "
            "provider's key stays in Portkey."
        )
    before = winner(tuple(layer for layer in layers if layer.name is not LayerName.CONFIG), KEY_VARIABLE)
    if storage == OPENCLAW_ENV and before is not None and before[1].value.strip():
        layer, variable = before
        if variable.value != key.facts.handle:
            notes.append(
                f"{KEY_VARIABLE} in {layer.location} has another value, and OpenClaw takes that one wherever it sees "
                "it. Remove it there, or change it to the same key."
            )
    if storage == ENV and key.winner is not None and key.winner.name is LayerName.PROCESS:
        notes.append(
            f"{KEY_VARIABLE} is only known to be in this shell. OpenClaw's background gateway has an environment of "
            "its own and may not have it."
        )
    if storage == ENV and key.winner is not None and key.winner.name is LayerName.CWD_DOTENV:
        notes.append(f"{KEY_VARIABLE} comes from {key.winner.location}, which OpenClaw reads in this folder only.")
    return tuple(notes)


def _stated(given: Mapping[str, Any], environment: Environment) -> tuple[str | None, str]:
    from_stdin, path = given.get("api_key_stdin"), given.get("api_key_file")
    if from_stdin and path:
        raise usage_error("--api-key-stdin and --api-key-file were both given.", "Give one of them.")
    if from_stdin:
        return _from_stdin(environment), "standard input"
    if path:
        file = environment.home / path[2:] if path.startswith("~/") else environment.cwd / path
        return _from_file(file, environment), environment.display(path)
    value = environment.variables.get(KEY_VARIABLE, "")
    return (value, f"the variable {KEY_VARIABLE}") if value.strip() else (None, "")


def _from_stdin(environment: Environment) -> str:
    if environment.stdin.isatty():
        raise usage_error(
            "--api-key-stdin reads the key from a pipe, and standard input is a terminal.",
            "For example: your-password-manager show portkey | portkey-claw setup --api-key-stdin …",
        )
    text = environment.stdin.read(limits.ANSWER_BYTES)
    if not text.strip():
        raise usage_error("--api-key-stdin was given, but standard input is empty.")
    return text.rstrip("\r\n")


def _from_file(path: Path, environment: Environment) -> str:
    try:
        text = read_text(path, limit=limits.ANSWER_BYTES).text
    except UnreadableFileError as error:
        raise usage_error(f"--api-key-file {environment.display(path)} cannot be read: {error.detail}.") from None
    if not text.strip():
        raise usage_error(f"--api-key-file {environment.display(path)} is empty.")
    return text.removeprefix("\ufeff").rstrip("\r\n")


def _refuse_invisible(facts: SecretFacts, origin: str, seen: str, layer: EnvLayer | None) -> None:
    way_out = (
        f"Put {KEY_VARIABLE} into ~/.openclaw/.env or the environment that OpenClaw starts with, or let "
        f"setup store it: --key-storage {OPENCLAW_ENV}."
    )
    if layer is None or not seen.strip():
        raise usage_error(
            f"--key-storage env: nothing that OpenClaw reads has {KEY_VARIABLE}, so it would have no key.", way_out
        )
    if seen != facts.handle:
        raise usage_error(
            f"--key-storage env: OpenClaw would take {KEY_VARIABLE} from {layer.location}, which is another key than "
            f"the one from {origin}.",
            way_out,
        )
