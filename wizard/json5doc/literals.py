r"""Strings, numbers and unquoted keys as they stand in the text, to the values they mean.

Each function gets the whole text and a span, so that a mistake can be told with its place.
"""

import re
from string import digits

from wizard.json5doc.errors import Json5SyntaxError
from wizard.json5doc.grammar import LINE_ENDS, is_identifier

_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(\r\n|[\s\S]))")
_UNICODE_ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_SHORT_ESCAPES = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v", "0": "\0"}

_NUMBER = re.compile(
    r"""
    (?P<sign>[+-]?)
    (?: 0[xX](?P<hex>[0-9a-fA-F]+)
      | (?P<integer>0|[1-9][0-9]*)
      | (?P<decimal>(?:(?:0|[1-9][0-9]*)(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)
      | (?P<constant>Infinity|NaN)
    )
    """,
    re.VERBOSE,
)
# The largest finite double has 309 digits; with a sign before them these are the longest worth counting.
_MOST_DIGITS = 310


def string_value(text: str, start: int, end: int) -> str:
    """Reads the string between two quotes; `start` and `end` include them.

    Raises:
        Json5SyntaxError: It holds a bad escape.
    """
    body = text[start + 1 : end - 1]
    if "\\" in body:

        def unescape(match: re.Match[str]) -> str:
            return _unescaped(text, start + 1, match)

        body = _ESCAPE.sub(unescape, body)
    return join_surrogates(body)


def key_value(text: str, start: int, end: int) -> str | None:
    """Reads an unquoted key, or gives None if these characters need quotes to be a key."""
    raw = text[start:end]
    name = _UNICODE_ESCAPE.sub(_character, raw) if "\\" in raw else raw
    return name if is_identifier(name) else None


def number_value(raw: str) -> float | None:
    """Reads a number: an int where it is written as a whole number, else a float; None if it is no number."""
    match = _NUMBER.fullmatch(raw)
    if match is None:
        return None
    sign = -1 if match["sign"] == "-" else 1
    if match["hex"]:
        return sign * whole_number(match["hex"], 16)
    if match["integer"]:
        return sign * whole_number(match["integer"])
    return sign * float(match["decimal"] or match["constant"])


def whole_number(text: str, base: int = 10) -> float:
    """Reads an integer exactly, or as an infinity where JavaScript has no finite number for it.

    Args:
        text: its figures; a sign and, with base 16, the prefix `0x` may stand before them.
        base: 10 or 16.
    """
    infinity = float("-inf" if text.startswith("-") else "inf")
    if base == 10 and len(text) > _MOST_DIGITS:
        return infinity
    number = int(text, base)
    try:
        float(number)
    except OverflowError:
        return infinity
    return number


def join_surrogates(text: str) -> str:
    r"""Makes one character of each surrogate pair, as JavaScript reads `\ud83d\ude00`; lone halves stay."""
    if _SURROGATE.search(text) is None:
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")


def _character(match: re.Match[str]) -> str:
    return chr(int(match[1], 16))


def _unescaped(text: str, offset: int, match: re.Match[str]) -> str:
    code = match[1] or match[2]
    if code:
        return chr(int(code, 16))
    character = match[3]
    if character[0] in LINE_ENDS:
        return ""
    follows_digit = text[offset + match.end()] in digits
    if reason := _bad_escape(character, follows_digit=follows_digit):
        raise Json5SyntaxError(text, offset + match.start(), reason)
    return _SHORT_ESCAPES.get(character, character)


def _bad_escape(character: str, *, follows_digit: bool) -> str | None:
    if character == "u":
        return r"\u needs four hexadecimal digits; for a backslash write \\"
    if character == "x":
        return r"\x needs two hexadecimal digits; for a backslash write \\"
    if character in "123456789" or (character == "0" and follows_digit):
        return r"a backslash cannot stand before these digits; for a backslash write \\"
    return None
