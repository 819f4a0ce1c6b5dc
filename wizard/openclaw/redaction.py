"""Which strings of a config or an environment are secrets, and their replacement by handles."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, Final

from wizard.keys.facts import is_jwt, vendor_of
from wizard.keys.vault import Vault
from wizard.openclaw.references import bare_variable, is_reference_only
from wizard.openclaw.seen import ConfigPath
from wizard.portkey import headers

_SECRET_NAME: Final = re.compile(
    r"(?:key|token|secret|passw|passphrase|credential|authorization|cookie|bearer|signature|private)", re.IGNORECASE
)
# Names that look secret and are not: switches, limits, references and names of keys.
_HARMLESS_NAME: Final = re.compile(
    r"(?:^auth(?:Header)?$|Tokens$|tokens$|keyRef|KeyRef|Ref$|^keyId$|publicKey|headerName|^mode$|^source$|^provider$)"
)
# A long unbroken run of letters and digits with both in it: nothing that people write by hand looks so.
_RANDOM_WORD: Final = re.compile(r"(?=[A-Za-z0-9+/=_]*[0-9])(?=[A-Za-z0-9+/=_]*[A-Za-z])[A-Za-z0-9+=_]{24,}")
_USER_INFO: Final = re.compile(r"(?<=://)[^/@\s\"']+(?=@)")
_PLAIN_URL: Final = re.compile(r"^https?://[^\s@]*$", re.IGNORECASE)
_ROUTING_VALUE: Final = re.compile(r"^(?:pc-[\w-]+|@[\w-]+(?:/.*)?)$")
# Variables whose values name places and switches.
_HARMLESS_VARIABLES: Final = re.compile(
    r"^(?:OPENCLAW_(?:CONFIG_PATH|STATE_DIR|HOME|PROFILE|CONTAINER)|NO_PROXY|no_proxy|SSL_CERT_FILE"
    r"|NODE_(?:EXTRA_CA_CERTS|USE_SYSTEM_CA|TLS_REJECT_UNAUTHORIZED|OPTIONS))$"
)


def redact_variable(vault: Vault, name: str, value: str, source: str) -> str:
    """An environment variable's value as evidence may hold it: handles for all but places, switches and routing."""
    if not value.strip():
        return value
    if _HARMLESS_VARIABLES.match(name) or _ROUTING_VALUE.match(value):
        return value
    if "://" in value and not _looks_random(value):
        without_user = redact_user_info(vault, value, source)
        if _PLAIN_URL.match(value) or without_user != value:
            return without_user
    return vault.take(value, source).handle


def redact_config_string(vault: Vault, path: ConfigPath, value: str, source: str) -> str:
    """A config string as evidence may hold it; references and harmless settings stay as they are."""
    if not value or is_reference_only(value) or bare_variable(value) is not None:
        return value
    name = _name_of(path)
    if _is_header(path):
        return _redact_header(vault, name.lower(), value, source)
    if path[:1] == ("env",) and name not in ("enabled", "timeoutMs"):
        return redact_variable(vault, name, value, source)
    if _SECRET_NAME.search(name) and not _HARMLESS_NAME.search(name):
        return vault.take(value, source).handle
    return redact_text(vault, value, source)


def redact_text(vault: Vault, text: str, source: str) -> str:
    """Free text (a comment, a message) with the parts replaced that look like keys."""
    text = redact_user_info(vault, text, source)
    text = re.sub(r"[\w.+/=-]{16,}", lambda found: _key_like(vault, found.group(), source), text)
    return _RANDOM_WORD.sub(lambda found: vault.take(found.group(), source).handle, text)


def redact_user_info(vault: Vault, text: str, source: str) -> str:
    """Text with the user and password of every URL in it replaced."""
    return _USER_INFO.sub(lambda found: vault.take(found.group(), source).handle, text)


def redact_json_value(vault: Vault, value: Any, source: str) -> Any:
    """A JSON value with the strings under secret names replaced."""
    if isinstance(value, Mapping):
        return {
            key: (
                vault.take(item, source).handle
                if isinstance(item, str) and item and _SECRET_NAME.search(key) and not is_reference_only(item)
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


def _redact_header(vault: Vault, name: str, value: str, source: str) -> str:
    if name == headers.AUTHORIZATION:
        scheme, space, secret = value.partition(" ")
        if space and scheme.lower() in ("bearer", "basic") and secret and not is_reference_only(secret):
            return scheme + space + vault.take(secret, source).handle
    if name not in headers.HARMLESS:
        return vault.take(value, source).handle
    try:
        data = json.loads(value)
    except ValueError:
        return redact_text(vault, value, source)
    redacted = redact_json_value(vault, data, source)
    # The header's own spelling is kept wherever nothing had to be hidden.
    return value if redacted == data else json.dumps(redacted)


def _is_header(path: ConfigPath) -> bool:
    return len(path) > 1 and path[-2] == "headers"


def _name_of(path: ConfigPath) -> str:
    return next((step for step in reversed(path) if isinstance(step, str)), "")


def _key_like(vault: Vault, word: str, source: str) -> str:
    return vault.take(word, source).handle if vendor_of(word) or is_jwt(word) else word


def _looks_random(value: str) -> bool:
    return _RANDOM_WORD.search(value) is not None
