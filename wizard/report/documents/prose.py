"""Prose told from what stands in it word for word: names, addresses, paths, values."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from wizard.terminal.safe import safe_line

# Letters, with apostrophes and hyphens inside and, as in JSON5, one digit behind; a number; a finding's code; a few
# signs that mean nothing anywhere.
_PLAIN_WORD: Final = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*\d?|\d{1,6}(?:\.\d{1,3}){0,3}%?|PKC\d{3}|[–—→·…=]")
# Short commit ids are taken for such wherever they stand, and so is GH-1.
_REFERENCE: Final = re.compile(r"(?i)[0-9a-f]{7,64}|gh-\d+|gl-\d+")
# Punctuation that may stand around a plain word.
_AROUND: Final = re.compile(r"^([“‘\"'(„]*)(.*?)([”’\"'),.;:?…]*)$", re.DOTALL)
# At the start of a line these begin a list or a heading in Markdown.
_STARTS_BLOCK: Final = re.compile(r"\d+[.)]?|=+")


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a line; `verbatim` for what is more than a word."""

    text: str
    verbatim: bool


def pieces(text: str) -> Iterator[Piece]:
    """The parts of one line of text, made harmless; blanks stand between plain parts, one at a time."""
    for number, word in enumerate(safe_line(text).split()):
        if number:
            yield Piece(" ", verbatim=False)
        yield from _pieces_of(word, first=number == 0)


def _pieces_of(word: str, *, first: bool) -> Iterator[Piece]:
    around = _AROUND.match(word)
    before, inside, after = around.groups() if around else ("", word, "")
    if (first and _STARTS_BLOCK.fullmatch(word)) or not inside:
        yield Piece(word, verbatim=True)
    elif _PLAIN_WORD.fullmatch(inside) and not _REFERENCE.fullmatch(inside):
        yield Piece(word, verbatim=False)
    else:
        yield from (Piece(before, verbatim=False), Piece(inside, verbatim=True), Piece(after, verbatim=False))
