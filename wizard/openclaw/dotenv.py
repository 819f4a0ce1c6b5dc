"""`.env` files as OpenClaw reads them: by the rules of the npm package `dotenv`.

Differences to a shell that users meet: an unquoted value ends at the first `#`, with or without a space
before it; the last of several equal names counts; nothing is expanded; quotes around a value are dropped.

Source: the parser of dotenv 17.4.2, which 2026.5.7 and 2026.9.6 ship, and a test that runs both over the same files.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

# What JavaScript calls white space, a line's end and a word; Python's own classes hold other characters.
_END: Final = "\n\r\u2028\u2029"
_BLANK: Final = "\t\v\f \u00a0\u1680\u2000-\u200a\u202f\u205f\u3000\ufeff"
_SPACE: Final = f"[{_BLANK}{_END}]"
_TRIMMED: Final = "\t\v\f \u00a0\u1680\u202f\u205f\u3000\ufeff" + "".join(map(chr, range(0x2000, 0x200B))) + _END
_LINE_START: Final = rf"(?:\A|(?<=[{_END}]))"
_LINE_END: Final = rf"(?=[{_END}]|\Z)"

_ASSIGNMENT: Final = re.compile(
    rf"""{_LINE_START}[{_BLANK}]*(?:export{_SPACE}+)?(?P<name>[A-Za-z0-9_.-]+)(?P<separator>{_SPACE}*={_SPACE}*?|:{_SPACE}+?)"""
    # A quoted value may run over lines.
    rf"""(?P<value>{_SPACE}*'(?:\\'|[^'])*'|{_SPACE}*"(?:\\"|[^"])*"|{_SPACE}*`(?:\\`|[^`])*`|[^#\r\n]+)?"""
    rf"""{_SPACE}*(?:\#[^{_END}]*)?{_LINE_END}"""
)
_QUOTED: Final = re.compile(rf"{_LINE_START}(['\"`])([\s\S]*)\1{_LINE_END}")


@dataclass(frozen=True, slots=True)
class Assignment:
    """One assignment, by offsets into the text with every line end made a line feed.

    Attributes:
        name: the variable.
        value: what it gets.
        line: the 1-based line of its name.
        start: where the assignment starts, blanks before it included.
        written: the span of the value as it is written, with quotes and blanks; empty where there is none.
    """

    name: str
    value: str
    line: int
    start: int
    written: tuple[int, int]


def parse_dotenv(text: str) -> dict[str, tuple[str, int]]:
    """Names to their values and 1-based lines; of equal names the last."""
    return {each.name: (each.value, each.line) for each in assignments(text)}


def assignments(text: str) -> Iterator[Assignment]:
    """Every assignment in the order of the text; of equal names the last one counts."""
    text = re.sub(r"\r\n?", "\n", text)
    for found in _ASSIGNMENT.finditer(text):
        written = found.span("value") if found["value"] is not None else (found.end("separator"),) * 2
        line = text.count("\n", 0, found.start("name")) + 1
        yield Assignment(found["name"], _value(found["value"] or ""), line, found.start(), written)


def _value(written: str) -> str:
    trimmed = written.strip(_TRIMMED)
    value = _QUOTED.sub(r"\2", trimmed)
    # What counts is the first character as it was written, even if the quotes did not belong together.
    return value.replace("\\n", "\n").replace("\\r", "\r") if trimmed.startswith('"') else value
