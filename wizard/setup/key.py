"""The Portkey key: where setup takes it from, its shape, and which layer OpenClaw would take it from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from wizard.base import limits
from wizard.base.environment import Environment
from wizard.base.errors import usage_error
from wizard.base.files import FileTrouble, UnreadableFileError, read_text
from wizard.keys.facts import SecretFacts
from wizard.keys.vault import Vault
from wizard.openclaw.env_layers import KEY_VARIABLE, winner
from wizard.openclaw.seen import EnvLayer, LayerName
from wizard.portkey.hosts import HostKind
from wizard.setup.key_shape import DEFECTS
from wizard.setup.questions import BY_ID, missing
from wizard.stores.model import Storage

KEYS_PAGE: Final = "https://app.portkey.ai/api-keys"


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
    given: Mapping[str, Any],
    held: KeyAnswer | None,
    layers: tuple[EnvLayer, ...],
    environment: Environment,
    vault: Vault,
) -> KeyAnswer:
    """The key from standard input, a file, the variable, or what OpenClaw would already use, in this order.

    Args:
        given: the flags.
        held: the key that OpenClaw has already, or None.
        layers: the layers that OpenClaw reads, the config's last.
        environment: streams and variables.
        vault: keeps the value.

    Raises:
        UserError: there is no key, or it is none.
    """
    value, origin = _stated(given, environment)
    if value is not None:
        return take_key(value, origin, layers, vault)
    if held is not None:
        return take_key(vault.reveal(held.facts.handle), held.origin, layers, vault)
    hidden = f" (the variable {KEY_VARIABLE} is set, and empty)" if KEY_VARIABLE in environment.variables else ""
    raise missing(
        BY_ID["api_key"],
        f"The Portkey API key is missing{hidden}",
        f"Keys are made at {KEYS_PAGE}. Never pass one as a plain argument: other users of this machine could read it.",
    )


def take_key(value: str, origin: str, layers: tuple[EnvLayer, ...], vault: Vault) -> KeyAnswer:
    """A key as the rest of setup knows it.

    Raises:
        UserError: it is no key; exit code 2.
    """
    facts = vault.take(value, origin)
    defect = next((words for flag, words in DEFECTS.items() if flag in facts.flags), None)
    if defect is not None:
        raise usage_error(
            f"The Portkey API key from {origin} {defect}.",
            f"Copy the key itself, nothing around it; new ones are made at {KEYS_PAGE}.",
        )
    found = winner(layers, KEY_VARIABLE)
    return KeyAnswer(facts, origin, found[0] if found else None)


def key_in_layers(layers: tuple[EnvLayer, ...], vault: Vault) -> KeyAnswer | None:
    """The key that OpenClaw takes from its environment layers now, or None; nothing is said of its shape."""
    found = winner(layers, KEY_VARIABLE)
    if found is None or not found[1].value.strip():
        return None
    value = vault.reveal(found[1].value)
    return KeyAnswer(vault.take(value, found[0].location), found[0].location, found[0])


def foreign_key_note(key: KeyAnswer, kind: HostKind) -> str | None:
    """What to say of a key with another vendor's prefix on its way to Portkey's own gateway."""
    if key.facts.vendor is None or kind is not HostKind.HOSTED:
        return None
    return (
        f"The key looks like one of {key.facts.vendor}'s. Portkey wants its own key, from {KEYS_PAGE}; the "
        "provider's key stays in Portkey."
    )


def check_kept_key(key: KeyAnswer, layers: tuple[EnvLayer, ...]) -> str | None:
    """What to know of a key that stays in an environment which somebody else keeps, or None.

    Raises:
        UserError: nothing that OpenClaw reads has it, or something has another one; exit code 2.
    """
    found = winner(layers, KEY_VARIABLE)
    _refuse_invisible(key.facts, key.origin, found[1].value if found else "", found[0] if found else None)
    layer = found[0] if found else None
    if layer is not None and layer.name is LayerName.PROCESS:
        return (
            f"{KEY_VARIABLE} is only known to be in this shell. OpenClaw's background gateway has an environment of "
            "its own and may not have it."
        )
    if layer is not None and layer.name is LayerName.CWD_DOTENV:
        return f"{KEY_VARIABLE} comes from {layer.location}, which OpenClaw reads in this folder only."
    return None


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
        # The name is not repeated where nothing has it: it may be the key itself, typed behind the wrong flag.
        shown = "" if error.trouble is FileTrouble.MISSING else f" {environment.display(path)}"
        raise usage_error(
            f"--api-key-file{shown} cannot be read: {error.detail}.",
            "It takes the name of a file with the key in it, and nothing else.",
        ) from None
    if not text.strip():
        raise usage_error(f"--api-key-file {environment.display(path)} is empty.")
    return text.removeprefix("\ufeff").rstrip("\r\n")


def _refuse_invisible(facts: SecretFacts, origin: str, seen: str, layer: EnvLayer | None) -> None:
    way_out = (
        f"Put {KEY_VARIABLE} into ~/.openclaw/.env or the environment that OpenClaw starts with, or let "
        f"setup store it: --key-storage {Storage.OPENCLAW_ENV}."
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
