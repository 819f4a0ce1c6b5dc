"""Which strings of a config or an environment are secrets, and their replacement by handles."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, Final

from wizard.keys.facts import is_jwt, vendor_of
from wizard.keys.vault import Vault
from wizard.openclaw.references import bare_variable, is_reference_only, names_only_variables, tokens
from wizard.openclaw.seen import ConfigPath
from wizard.portkey import headers

_TELLING_WORDS: Final = "key|token|secret|passw|passphrase|credential|authorization|cookie|bearer|signature|private"
_SECRET_NAME: Final = re.compile(f"(?:{_TELLING_WORDS})", re.IGNORECASE)
# Names that look secret and are not: switches, limits, references and names of keys.
_HARMLESS_NAME: Final = re.compile(
    r"(?:^auth(?:Header)?$|Tokens$|tokens$|keyRef|KeyRef|Ref$|^keyId$|publicKey|headerName|^mode$|^source$|^provider$)"
)
# Settings of `auth` that say how, not with what.
_AUTH_MANNERS: Final = frozenset({"mode", "headerName", "prefix", "type", "scheme"})
# What a user chooses for sight. Names of models can look as random as keys do.
_NAMING: Final = frozenset({"id", "name", "alias", "api", "model", "primary", "fallbacks"})
# What stands there is an address.
PLACE_NAMES: Final = frozenset({"baseUrl", "url", "proxyUrl", "endpoint"})
# A long unbroken run of letters and digits: nothing that people write by hand looks so.
_RUN: Final = re.compile(r"[A-Za-z0-9+/=_]{24,}")
_CONSTANT: Final = re.compile(r"[A-Z][A-Z0-9_]*|[a-z0-9]+(?:_[a-z0-9]+)+")
# A value behind a secret's name, as in a comment, a query or an argument; numbers and words are none.
_ASSIGNED: Final = re.compile(
    r"""(?<![\w.$-])(?P<name>[\w.$-]++)["']?\s?[:=]\s*["'`]?"""
    # Not another name: in `old: apiKey: "…"` the value is the last one's.
    r"""(?![\w.$-]++["']?\s?[:=][\s"'`])(?P<value>[^\s"'`,;&{}\[\]]{6,}+)"""
)
_PORT_AND_PATH: Final = re.compile(r"\d{1,5}(?:/|$)")
# Up to the last @ of the authority: a password may hold one itself.
_USER_INFO: Final = re.compile(r"(?<=://)[^/?#\s\"']+(?=@)")
# In an address that is written wrong, where no :// shows the way.
_LOGIN: Final = re.compile(r"(?<![^\s/?#,])[^\s/?#@:]+:[^\s/?#@]+(?=@)")
_QUERY_VALUE: Final = re.compile(r"(?<=[?&])(?P<name>[^=&#]+)=(?P<value>[^&#]+)")
_PLAIN_URL: Final = re.compile(r"^https?://[^\s@]*$", re.IGNORECASE)
_ROUTING_VALUE: Final = re.compile(r"^(?:pc-[\w-]+|@[\w-]+(?:/.*)?)$")
# Variables whose values name places and switches.
_HARMLESS_VARIABLES: Final = re.compile(
    r"^(?:OPENCLAW_(?:CONFIG_PATH|STATE_DIR|HOME|PROFILE|CONTAINER)|NO_PROXY|no_proxy|SSL_CERT_FILE"
    r"|NODE_(?:EXTRA_CA_CERTS|USE_SYSTEM_CA|TLS_REJECT_UNAUTHORIZED|OPTIONS))$"
)
_HOST_AND_PORT: Final = re.compile(r"^[\w.-]+:\d{1,5}$")


def redact_variable(vault: Vault, name: str, value: str, source: str) -> str:
    """An environment variable's value as evidence may hold it: handles for all but places, switches and routing."""
    if not value.strip():
        return value
    if _HARMLESS_VARIABLES.match(name) or _ROUTING_VALUE.match(value):
        return value
    if name.lower().endswith("_proxy") and _HOST_AND_PORT.match(value):
        return value
    if "://" in value and (_PLAIN_URL.match(value.strip()) or _USER_INFO.search(value)):
        return redact_place(vault, value, source)
    return vault.take(value, source).handle


def redact_place(vault: Vault, text: str, source: str) -> str:
    """An address, or a part of one: scheme, host, port and plain path stay, for they decide where a request goes.

    Hidden are user and password, secrets in the query, and steps of the path that look like keys.
    """
    text = redact_user_info(vault, text, source)
    text = _LOGIN.sub(lambda found: _take(vault, found.group(), source), text)
    text = _QUERY_VALUE.sub(lambda found: _redact_query_value(vault, found, source), text)
    text = _redact_known_forms(vault, text, source)
    return _RUN.sub(lambda found: _redact_run(vault, found.group(), source), text)


def _redact_query_value(vault: Vault, found: re.Match[str], source: str) -> str:
    shown = _take(vault, found["value"], source) if is_secret_name(found["name"]) else found["value"]
    return f"{found['name']}={shown}"


def redact_config_string(vault: Vault, path: ConfigPath, value: str, source: str) -> str:
    """A config string as evidence may hold it; references and harmless settings stay as they are."""
    if not value or (is_reference_only(value) and names_only_variables(value)) or bare_variable(value) is not None:
        return value
    name = _name_of(path)
    if _is_header(path):
        return _redact_header(vault, name.lower(), value, source)
    if _is_variable(path):
        return redact_variable(vault, name, value, source)
    if is_secret_name(name) or (_is_auth(path) and name not in _AUTH_MANNERS):
        return _hide(vault, value, source)
    by_name = {**dict.fromkeys(_NAMING, _redact_known_forms), **dict.fromkeys(PLACE_NAMES, redact_place)}
    return by_name.get(name, redact_text)(vault, value, source)


def redact_named(vault: Vault, name: str, value: str, source: str) -> str:
    """A string of a config that cannot be parsed, by the name before it: what would hide it anywhere hides it here."""
    if name.isupper():
        return redact_config_string(vault, ("env", "vars", name), value, source)
    if name == "value":
        return redact_config_string(vault, ("auth", name), value, source)
    is_header = name.lower() == headers.AUTHORIZATION or name.lower().startswith("x-")
    return redact_config_string(vault, ("headers", name) if is_header else ("", name), value, source)


def redact_text(vault: Vault, text: str, source: str) -> str:
    """Free text (a comment, a message) with the parts replaced that look like keys."""
    text = _ASSIGNED.sub(lambda found: _redact_assigned(vault, found, source), text)
    text = _redact_known_forms(vault, text, source)
    return _RUN.sub(lambda found: _redact_run(vault, found.group(), source), text)


def redact_user_info(vault: Vault, text: str, source: str) -> str:
    """Text with the user and password of every URL in it replaced."""
    return _USER_INFO.sub(lambda found: _take(vault, found.group(), source), text)


def redact_json_value(vault: Vault, value: Any, source: str) -> Any:
    """A JSON value with the strings under secret names replaced."""
    if isinstance(value, Mapping):
        return {
            key: (
                vault.take(item, source).handle
                if isinstance(item, str) and item and is_secret_name(key) and not is_reference_only(item)
                else redact_json_value(vault, item, source)
            )
            for key, item in value.items()
        }
    if isinstance(value, list):
        return [redact_json_value(vault, item, source) for item in value]
    return redact_text(vault, value, source) if isinstance(value, str) else value


def is_secret_name(name: str) -> bool:
    """Whether a setting of this name holds a secret."""
    return bool(_SECRET_NAME.search(name)) and not _HARMLESS_NAME.search(name)


def is_for_sight(name: str) -> bool:
    """Whether a setting of this name holds an address or a name, on which routes depend."""
    return name in _NAMING or name in PLACE_NAMES


def _redact_header(vault: Vault, name: str, value: str, source: str) -> str:
    if name == headers.AUTHORIZATION:
        scheme, space, secret = value.partition(" ")
        if space and scheme.lower() in ("bearer", "basic") and secret and not is_reference_only(secret):
            return scheme + space + _hide(vault, secret, source)
    if name not in headers.HARMLESS:
        return _hide(vault, value, source)
    try:
        data = json.loads(value)
        redacted = redact_json_value(vault, data, source)
    except RecursionError:
        return vault.take(value, source).handle
    except ValueError:
        return redact_text(vault, value, source)
    # The header's own spelling is kept wherever nothing had to be hidden.
    # Escaped, a handle would not be known again on the way to the wire.
    return value if redacted == data else json.dumps(redacted).replace("\\u2039", "‹").replace("\\u203a", "›")


def _hide(vault: Vault, value: str, source: str) -> str:
    """Handles in the place of everything but the references that OpenClaw fills in."""
    parts: list[str] = []
    position = 0
    for token in tokens(value):
        if token.substituted:
            parts.extend((_take(vault, value[position : token.start], source), value[token.start : token.end]))
            position = token.end
    return "".join((*parts, _take(vault, value[position:], source)))


def _take(vault: Vault, text: str, source: str) -> str:
    return vault.take(text, source).handle if text and "‹" not in text else text


def _redact_assigned(vault: Vault, found: re.Match[str], source: str) -> str:
    value = found["value"]
    telling = len(value) >= 16 or any(map(str.isdigit, value))
    is_place = _PORT_AND_PATH.match(value) or value.startswith("//") or value.isdigit()
    if not telling or is_place or "${" in value or not is_secret_name(found["name"]):
        return found.group()
    return found.group().removesuffix(value) + _take(vault, value, source)


def _redact_known_forms(vault: Vault, text: str, source: str) -> str:
    text = redact_user_info(vault, text, source)
    return re.sub(r"[\w.+/=-]{16,}", lambda found: _key_like(vault, found.group(), source), text)


def _redact_run(vault: Vault, run: str, source: str) -> str:
    # A slash parts the steps of a path, unless the run is base64 in all.
    if "/" in run and "+" not in run and not run.endswith("="):
        return "/".join(_take(vault, step, source) if _is_random(step) else step for step in run.split("/"))
    return _take(vault, run, source) if _is_random(run) else run


def _is_random(word: str) -> bool:
    mixed = any(map(str.isdigit, word)) and any(map(str.isalpha, word))
    return len(word) >= 24 and mixed and not (_CONSTANT.fullmatch(word) and "_" in word)


def _is_header(path: ConfigPath) -> bool:
    return len(path) > 1 and path[-2] == "headers"


def _is_auth(path: ConfigPath) -> bool:
    return len(path) > 1 and path[-2] == "auth"


def _is_variable(path: ConfigPath) -> bool:
    """Whether a path names a variable: in the config's own `env`, or in the `env` of a program that OpenClaw starts."""
    if path[:1] == ("env",):
        return path[1:2] != ("shellEnv",)
    return len(path) > 1 and path[-2] in ("env", "vars")


def _name_of(path: ConfigPath) -> str:
    return next((step for step in reversed(path) if isinstance(step, str)), "")


def _key_like(vault: Vault, word: str, source: str) -> str:
    return _take(vault, word, source) if vendor_of(word) or is_jwt(word) else word
