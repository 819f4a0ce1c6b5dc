"""Strings and keys as JSON5 text."""

import re

from wizard.json5doc.grammar import is_ascii_identifier

_SHORT_ESCAPES = {"\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\\": "\\\\"}

# Control characters, line ends, marks that reorder or hide text on a screen, and halves of surrogate pairs
# (which no UTF-8 file can hold) are written as escapes; every other character stays readable.
_NEEDS_ESCAPE = re.compile(r"[\x00-\x1f\x7f-\x9f\\\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")


def quote(text: str, mark: str = '"') -> str:
    """Writes a string between `mark`s; with double quotes the result is strict JSON as well."""
    escaped = _NEEDS_ESCAPE.sub(_escape, text).replace(mark, f"\\{mark}")
    return f"{mark}{escaped}{mark}"


def quote_key(key: str, *, mark: str, bare: bool) -> str:
    """Writes a key, without quotes if `bare` is wanted and the key allows it."""
    return key if bare and is_ascii_identifier(key) else quote(key, mark)


def _escape(match: re.Match[str]) -> str:
    character = match.group()
    return _SHORT_ESCAPES.get(character) or f"\\u{ord(character):04x}"
