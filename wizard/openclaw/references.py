"""`${NAME}` in config strings, by OpenClaw's own rules, and SecretRef objects.

Source: OpenClaw's substitution measured on 2026.5.7 and 2026.9.6: only upper-case names are substituted,
`$${NAME}` means the literal text, a missing or empty variable leaves the text as it stands.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

# The name under which OpenClaw's config knows our resolver, which asks the system's keyring.
OUR_PROVIDER: Final = "portkey-claw"

_TOKEN: Final = re.compile(r"(?P<escape>\$?)\$\{(?P<name>[^}]*)\}")
_SUBSTITUTED: Final = re.compile(r"[A-Z_][A-Z0-9_]*\Z")


@dataclass(frozen=True, slots=True)
class Token:
    """One `${…}` in a string; `substituted` tells whether OpenClaw would put a value there."""

    name: str
    start: int
    end: int
    escaped: bool

    @property
    def substituted(self) -> bool:
        """Whether the name has the form that OpenClaw substitutes."""
        return not self.escaped and _SUBSTITUTED.match(self.name) is not None


@dataclass(frozen=True, slots=True)
class SecretRef:
    """A reference to a secret kept elsewhere: `{source, provider, id}`."""

    source: str
    provider: str
    id: str


def tokens(text: str) -> Iterator[Token]:
    """Every `${…}` in a string."""
    for found in _TOKEN.finditer(text):
        escaped = found["escape"] == "$" and _SUBSTITUTED.match(found["name"]) is not None
        start = found.start() if escaped or not found["escape"] else found.start() + 1
        yield Token(found["name"], start, found.end(), escaped)


def names(text: str) -> tuple[str, ...]:
    """The variables that OpenClaw would look up for a string."""
    return tuple(token.name for token in tokens(text) if token.substituted)


_BARE_NAME: Final = re.compile(
    r"^(?:\$(?P<shell>[A-Za-z_]\w*)|%(?P<dos>\w+)%|(?P<bare>[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+))$"
)
_EXAMPLE_NAME: Final = re.compile(r"^(?:YOUR|MY|THE|INSERT|ENTER|PASTE|ADD|PUT|REPLACE|CHANGE)_")


def bare_variable(text: str) -> str | None:
    """The variable that a text names in a form OpenClaw does not substitute: `NAME`, `$NAME`, `%NAME%`; else None."""
    found = _BARE_NAME.match(text.strip())
    if found is None:
        return None
    name = found["shell"] or found["dos"] or found["bare"]
    return name if _is_variable_name(name) and not _EXAMPLE_NAME.match(name) else None


def names_only_variables(text: str) -> bool:
    """Whether every `${…}` in a string holds a variable's name, and not a key that was typed there by mistake."""
    return all(_is_variable_name(token.name.strip()) for token in tokens(text))


def _is_variable_name(name: str) -> bool:
    return _SUBSTITUTED.match(name) is not None or _SMALL_NAME.match(name) is not None


# Names that OpenClaw does not substitute, as people write them: words, parted by underscores or humps.
_SMALL_NAME: Final = re.compile(r"^[A-Za-z]{1,20}(?:_[A-Za-z]{1,20}){0,4}$")


def is_reference_only(text: str) -> bool:
    """Whether nothing but references (and an auth scheme before them) stands in a string."""
    rest = _TOKEN.sub("", text)
    return rest != text and rest.strip().lower() in ("", "bearer", "basic")


def substitute(text: str, look_up: Callable[[str], str | None]) -> str:
    """The string as OpenClaw would use it; what comes to nothing stays as it is written."""
    parts: list[str] = []
    position = 0
    for token in tokens(text):
        parts.append(text[position : token.start])
        value = look_up(token.name) if token.substituted else None
        written = text[token.start : token.end]
        parts.append(value or (written[1:] if token.escaped else written))
        position = token.end
    parts.append(text[position:])
    return "".join(parts)


def secret_ref(value: Any) -> SecretRef | None:
    """The SecretRef that a config value is, or None."""
    if not isinstance(value, dict) or not isinstance(value.get("source"), str) or not isinstance(value.get("id"), str):
        return None
    return SecretRef(value["source"], str(value.get("provider", "default")), value["id"])


def is_ours(ref: SecretRef) -> bool:
    """Whether our own resolver answers a reference."""
    return ref.source == "exec" and ref.provider == OUR_PROVIDER


def our_references(value: Any) -> Iterator[SecretRef]:
    """Every reference to our own resolver in a config value."""
    ref = secret_ref(value)
    if ref is not None and is_ours(ref):
        yield ref
    elif isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from our_references(item)


def place_names(value: Any) -> set[str]:
    """Every variable that stands in a `baseUrl`: its value is an address, or a part of one."""
    if isinstance(value, list):
        return set().union(*(place_names(item) for item in value)) if value else set()
    if not isinstance(value, dict):
        return set()
    found = set().union(*(place_names(item) for item in value.values())) if value else set()
    url = value.get("baseUrl")
    return found | (set(names(url)) if isinstance(url, str) else set())


def all_names(value: Any) -> set[str]:
    """Every variable that a config value looks up, SecretRefs of source `env` included."""
    if isinstance(value, str):
        return set(names(value))
    if isinstance(value, list):
        return set().union(*(all_names(item) for item in value)) if value else set()
    if isinstance(value, dict):
        found = set().union(*(all_names(item) for item in value.values())) if value else set()
        ref = secret_ref(value)
        return found | ({ref.id} if ref and ref.source == "env" else set())
    return set()
