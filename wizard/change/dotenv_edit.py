"""Edits of `.env` files: one assignment written, replaced or taken out, so that OpenClaw reads exactly what is meant.

Every way to write a value is tried by reading the new text with OpenClaw's own rules; the first one that gives the
variable its value and leaves every other variable as it was is taken.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from wizard.openclaw.dotenv import Assignment, assignments, parse_dotenv

_PLAIN: Final = re.compile(r"[A-Za-z0-9_./+=:@%~,-]+")
_QUOTES: Final = ("'", '"', "`")
_NAME: Final = re.compile(r"[A-Za-z0-9_.-]+")
_LINE_BREAK: Final = re.compile(r"\r\n|\n|\r")
_BYTE_ORDER_MARK: Final = "\ufeff"


class DotenvEditError(ValueError):
    """The file cannot be changed in this way; the message is a clause for people, without the value."""


def read_value(data: bytes, name: str) -> str | None:
    """The value that OpenClaw reads for a variable; None where the file does not assign it."""
    found = parse_dotenv(_text(data)).get(name)
    return None if found is None else found[0]


def set_variable(data: bytes, name: str, value: str) -> bytes:
    """Gives a variable its value; every other byte stays.

    Where it is assigned already, the last assignment, which counts, gets the new value. Else a line is added at the
    end, which ends as the file's last line does.

    Raises:
        DotenvEditError: no spelling of the value is read back as it is.
    """
    if not _NAME.fullmatch(name):
        raise DotenvEditError("a variable's name may hold letters, digits, _, . and - only")
    text = _text(data)
    if (found := parse_dotenv(text).get(name)) is not None and found[0] == value:
        return data
    wanted = {**_values(text), name: value}
    for candidate in _candidates(text, name, value):
        if _values(candidate) == wanted:
            return _bytes(candidate)
    raise DotenvEditError(f"no quoting carries the value of {name} through OpenClaw's reading of such a file")


def remove_variable(data: bytes, name: str) -> bytes:
    """Takes every assignment of a variable out, with its lines and the comments on them; every other byte stays.

    Raises:
        DotenvEditError: other variables would be read otherwise without it.
    """
    text = _text(data)
    wanted = {other: value for other, value in _values(text).items() if other != name}
    changed = text
    while (last := _last(changed, name)) is not None:
        start, end = _lines_of(changed, last)
        changed = changed[:start] + changed[end:]
    if _values(changed) != wanted:
        raise DotenvEditError(f"taking {name} out would change how OpenClaw reads the lines around it")
    return _bytes(changed)


def _candidates(text: str, name: str, value: str) -> Iterator[str]:
    last = _last(text, name)
    spellings = list(_spellings(value, None if last is None else _quote_of(text, last)))
    if last is not None:
        start, end = _value_span(text, last)
        yield from (text[:start] + spelling + text[end:] for spelling in spellings)
        start, end = _lines_of(text, last)
        for spelling in spellings:
            yield text[:start] + f"{name}={spelling}" + _line_break_of(text, end) + text[end:]
    newline = _newline(text)
    for spelling in spellings:
        ended = not text.removeprefix(_BYTE_ORDER_MARK) or text.endswith(("\n", "\r"))
        yield f"{text}{name}={spelling}{newline}" if ended else f"{text}{newline}{name}={spelling}"


def _spellings(value: str, quote: str | None) -> Iterator[str]:
    """The value as it can be written, the kind of quotes that it had before first."""
    if quote is None and _PLAIN.fullmatch(value):
        yield value
    for each in sorted(_QUOTES, key=lambda mark: mark != quote):
        yield each + value + each
        if each == '"':
            escaped = value.replace("\n", "\\n").replace("\r", "\\r")
            yield each + escaped + each
    yield value


def _last(text: str, name: str) -> Assignment | None:
    return next((each for each in reversed(list(assignments(text))) if each.name == name), None)


def _quote_of(text: str, assignment: Assignment) -> str | None:
    start, end = _value_span(text, assignment)
    first = text[start : start + 1]
    return first if first in _QUOTES and end - start > 1 and text[end - 1] == first else None


def _value_span(text: str, assignment: Assignment) -> tuple[int, int]:
    """Where the value stands in the text, blanks around it left out."""
    start, end = (_offset(text, each) for each in assignment.written)
    written = text[start:end]
    start += len(written) - len(written.lstrip())
    return start, max(start, end - (len(written) - len(written.rstrip())))


def _lines_of(text: str, assignment: Assignment) -> tuple[int, int]:
    """The lines that an assignment stands on, from its start to behind the line break that ends them."""
    start = _offset(text, assignment.start)
    # A byte order mark is a blank to the parser; it is the file's, not the first line's.
    start = max(start, len(_BYTE_ORDER_MARK) if text.startswith(_BYTE_ORDER_MARK) else 0)
    _, end = _value_span(text, assignment)
    found = _LINE_BREAK.search(text, end)
    return start, found.end() if found else len(text)


def _line_break_of(text: str, end: int) -> str:
    """The line break that ends at an offset, or an empty text."""
    if text[:end].endswith("\r\n"):
        return "\r\n"
    return text[end - 1 : end] if text[end - 1 : end] in ("\n", "\r") else ""


def _offset(text: str, normalised: int) -> int:
    """The offset in a text for one in the same text whose line ends are single characters."""
    if "\r\n" not in text:
        return normalised
    offset = 0
    for _ in range(normalised):
        offset += 2 if text.startswith("\r\n", offset) else 1
    return offset


def _newline(text: str) -> str:
    found = _LINE_BREAK.search(text)
    return found.group() if found else "\n"


def _values(text: str) -> dict[str, str]:
    return {name: value for name, (value, _) in parse_dotenv(text).items()}


def _text(data: bytes) -> str:
    # Bytes that are no UTF-8 are none of the characters that the rules know, as the marks that Node makes of them.
    return data.decode("utf-8", errors="surrogateescape")


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", errors="surrogateescape")
