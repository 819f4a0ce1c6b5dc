"""The characters of JSON5: white space, line ends, identifiers (https://spec.json5.org, sections 5, 6 and 8)."""

import re
import unicodedata

# Bodies of regular expression character classes.
LINE_ENDS = "\n\r\u2028\u2029"
WHITE_SPACE = rf"\t\v\f \u00a0\u1680\u2000-\u200a\u202f\u205f\u3000\ufeff{LINE_ENDS}"

BYTE_ORDER_MARK = "\ufeff"

_ASCII_IDENTIFIER = re.compile(r"[A-Za-z_$][A-Za-z0-9_$]*")
_START_CATEGORIES = frozenset({"Lu", "Ll", "Lt", "Lm", "Lo", "Nl"})
_PART_CATEGORIES = _START_CATEGORIES | {"Mn", "Mc", "Nd", "Pc"}
_JOINERS = "\u200c\u200d"


def is_ascii_identifier(name: str) -> bool:
    """Tells whether every JSON5 reader takes `name` as a key without quotes.

    Letters beyond ASCII are left out: which of them a reader knows depends on the age of its Unicode tables.
    """
    return _ASCII_IDENTIFIER.fullmatch(name) is not None


def is_identifier(name: str) -> bool:
    """Tells whether `name` is an ECMAScript 5.1 IdentifierName, which is what JSON5 allows as an unquoted key."""
    if is_ascii_identifier(name):
        return True
    return bool(name) and _starts_identifier(name[0]) and all(map(_continues_identifier, name[1:]))


def _starts_identifier(character: str) -> bool:
    return character in "$_" or unicodedata.category(character) in _START_CATEGORIES


def _continues_identifier(character: str) -> bool:
    return character in "$_" or character in _JOINERS or unicodedata.category(character) in _PART_CATEGORIES
