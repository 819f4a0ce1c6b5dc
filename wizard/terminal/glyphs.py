"""The few drawing characters, and what stands for them where a stream cannot carry them."""

from __future__ import annotations

from dataclasses import astuple, dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Glyphs:
    """One set of drawing characters.

    Attributes:
        good: something works.
        broken: something does not.
        care: something works and needs care.
        unknown: something could not be determined.
        idle: something was not looked at.
        link: the line between two hops, one cell.
        bar: the line beside a code frame, one cell.
        underline: the mark under a range of code, one cell.
        point: the mark under one character of code, one cell.
    """

    good: str
    broken: str
    care: str
    unknown: str
    idle: str
    link: str
    bar: str
    underline: str
    point: str


UNICODE: Final = Glyphs("✓", "✗", "!", "?", "·", "─", "│", "─", "^")
ASCII: Final = Glyphs("ok", "x", "!", "?", ".", "-", "|", "^", "^")

# What a text says in ASCII, for streams that carry nothing else.
_TWINS: Final = {
    **dict(zip(astuple(UNICODE), astuple(ASCII), strict=True)),
    "─": "-",
    "·": "-",
    "…": "...",
    "→": "->",
    "❯": ">",
    "–": "-",
    "—": "-",
    "“": '"',
    "”": '"',
    "‘": "'",
    "’": "'",
    "‹": "<",
    "›": ">",
    "\ufffd": "?",
}


def choose_glyphs(encoding: str | None) -> Glyphs:
    """The drawing characters for a stream's encoding: all of Unicode's or none of them.

    None stands for a stream that keeps text as text, such as `io.StringIO`.
    """
    return UNICODE if _fits("".join(astuple(UNICODE)), encoding) else ASCII


def transliterate(text: str, encoding: str | None) -> str:
    r"""The text in characters that the encoding has: known twins, else escapes such as `\u6f22`."""
    if text.isascii() or _fits(text, encoding):
        return text
    return "".join(_twin(character, encoding) for character in text)


def _twin(character: str, encoding: str | None) -> str:
    if _fits(character, encoding):
        return character
    return _TWINS.get(character) or character.encode("ascii", "backslashreplace").decode("ascii")


def _fits(text: str, encoding: str | None) -> bool:
    try:
        text.encode(encoding or "utf-8")
    except (UnicodeEncodeError, LookupError):
        return False
    return True
