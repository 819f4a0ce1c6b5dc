"""Reads the environment layers of this machine: the process, and the files that OpenClaw reads."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Final

from wizard.base import limits
from wizard.base.environment import Environment
from wizard.base.files import UnreadableFileError, read_text
from wizard.keys.vault import Vault
from wizard.openclaw.dotenv import parse_dotenv
from wizard.openclaw.env_layers import KEY_VARIABLE, TRANSPORT_VARIABLES
from wizard.openclaw.locate import Located
from wizard.openclaw.redaction import redact_place, redact_variable
from wizard.openclaw.seen import EnvLayer, LayerName, LayerVariable

# What OpenClaw does not take from a working folder's .env, lest a cloned project redirect it.
_UNTRUSTED_PREFIXES: Final = ("OPENCLAW_", "AWS_ENDPOINT_URL_", "ANTHROPIC_API_KEY_", "OPENAI_API_KEY_", "CLAWHUB_")
_UNTRUSTED_SUFFIXES: Final = ("_BASE_URL", "_API_HOST", "_ENDPOINT", "_HOMESERVER")
_VENDORS: Final = (
    "ANTHROPIC", "OPENAI", "GEMINI", "GOOGLE", "GROQ", "MISTRAL", "DEEPSEEK", "XAI", "OPENROUTER", "TOGETHER",
    "FIREWORKS", "CEREBRAS", "MOONSHOT", "MINIMAX", "ZAI", "NVIDIA", "LITELLM",
)  # fmt: skip
_VENDOR_KEYS: Final = frozenset(f"{vendor}_API_KEY" for vendor in _VENDORS)


def collect_layers(
    environment: Environment,
    located: Located,
    wanted: Iterable[str],
    vault: Vault,
    *,
    places: frozenset[str] = frozenset(),
) -> tuple[EnvLayer, ...]:
    """The layers outside the config, with only the wanted variables and those that decide the transport.

    The values of `places` are addresses or parts of them, and stay readable.
    """
    names = frozenset((*wanted, KEY_VARIABLE, *TRANSPORT_VARIABLES))
    process = {
        name: LayerVariable(_redacted(vault, name, value, "the process environment", places))
        for name, value in environment.variables.items()
        if name in names
    }
    project = {name for name in names if not _untrusted(name)}
    files = (
        (LayerName.CWD_DOTENV, environment.cwd / ".env"),
        (LayerName.STATE_DOTENV, located.dotenv),
        (LayerName.GATEWAY_ENV_FILE, located.gateway_env),
        (LayerName.STATE_DOTENV, located.later_dotenv),
        (LayerName.GATEWAY_ENV_FILE, located.later_gateway_env),
    )
    return (
        EnvLayer(LayerName.PROCESS, "the process environment", process),
        *(
            _from_file(layer, path, project if layer is LayerName.CWD_DOTENV else names, environment, vault, places)
            for layer, path in files
            if path is not None
        ),
    )


def _redacted(vault: Vault, name: str, value: str, source: str, places: frozenset[str]) -> str:
    if name in places:
        return redact_place(vault, value, source)
    return redact_variable(vault, name, value, source)


def _from_file(
    layer: LayerName, path: Path, names: Iterable[str], environment: Environment, vault: Vault, places: frozenset[str]
) -> EnvLayer:
    shown = environment.display(path)
    try:
        text = read_text(path, limit=limits.ENV_FILE_BYTES, lenient=True).text
    except UnreadableFileError:
        return EnvLayer(layer, shown)
    variables = {
        name: LayerVariable(_redacted(vault, name, value, shown, places), line)
        for name, (value, line) in parse_dotenv(text).items()
        if name in names
    }
    return EnvLayer(layer, shown, variables)


def _untrusted(name: str) -> bool:
    upper = name.upper()
    return (
        upper.startswith(_UNTRUSTED_PREFIXES)
        or upper.endswith(_UNTRUSTED_SUFFIXES)
        or upper in _VENDOR_KEYS
        or name in TRANSPORT_VARIABLES
    )
