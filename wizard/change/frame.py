"""A few lines of a config around one place, with a mark below it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

_GLYPHS_KEPT: Final = 120


def code_frame(line: str, number: int, column: int | None, note: str) -> str:
    """The line with its number, and a caret with the note below it.

    Args:
        line: the line's text, secrets replaced.
        number: its number, counted from 1.
        column: where the caret goes, in code points counted from 1; None puts the note at the line's start.
        note: what is wrong there.
    """
    label = f"  {number} │ "
    gap = f"  {' ' * len(str(number))} │ "
    start = max(0, (column or 1) - 1 - _GLYPHS_KEPT // 2)
    shown = line.replace("\t", " ")[start : start + _GLYPHS_KEPT]
    if start:
        shown = "…" + shown[1:]
    mark = " " * (column - 1 - start) + "^ " if column is not None else ""
    return f"{label}{shown.rstrip()}\n{gap}{mark}{note}"


def redacted_column(original: str, redacted: str, column: int) -> int | None:
    """Where a place of the original line is in the redacted one (columns from 1), or None where it is hidden."""
    rest = original[column - 1 :]
    if not redacted.endswith(rest):
        return column if redacted[:column] == original[:column] else None
    return len(redacted) - len(rest) + 1


def line_of(lines: Sequence[str], number: int) -> str:
    """A line counted from 1, empty where the text has none."""
    return lines[number - 1] if 0 < number <= len(lines) else ""
