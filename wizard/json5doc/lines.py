"""Offsets as line and column, the way an editor shows them."""

import re
from bisect import bisect_right
from dataclasses import dataclass

from wizard.json5doc.grammar import BYTE_ORDER_MARK

# JSON5 also ends a line comment at U+2028 and U+2029, but editors do not start a new line there.
_LINE_BREAK = re.compile(r"\r\n|\n|\r")


@dataclass(frozen=True, slots=True, order=True)
class Position:
    """A place in a text: line and column from 1, the column in code points."""

    line: int
    column: int


class LineIndex:
    """The lines of one text.

    A byte order mark at the start takes no column, since no editor shows one.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        breaks = [match.span() for match in _LINE_BREAK.finditer(text)]
        self._starts = [int(text.startswith(BYTE_ORDER_MARK)), *(end for _, end in breaks)]
        self._ends = [*(start for start, _ in breaks), len(text)]

    def position(self, offset: int) -> Position:
        """Gives the place of a 0-based code point offset; one past the last character is allowed."""
        offset = max(offset, self._starts[0])
        line = bisect_right(self._starts, offset)
        return Position(line, offset - self._starts[line - 1] + 1)

    def line_text(self, line: int) -> str:
        """Gives a line (counted from 1) without its line end.

        Raises:
            IndexError: The text has no such line.
        """
        if not 1 <= line <= len(self._starts):
            raise IndexError(f"line {line} of {len(self._starts)}")
        return self._text[self._starts[line - 1] : self._ends[line - 1]]
