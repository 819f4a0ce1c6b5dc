"""Code frames: a few lines of a file with the place in question marked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Protocol

from wizard.terminal.cells import width_of, window
from wizard.terminal.console import Console, Line, Span, Tone

_TAB: Final = "  "
_MAX_UNDERLINE: Final = 60
_ELLIPSIS: Final = "…"


class Frame(Protocol):
    """The lines around a place; see `wizard.report.model.CodeFrame`."""

    @property
    def first_line(self) -> int:
        """The number of the first line."""

    @property
    def lines(self) -> tuple[str, ...]:
        """The lines' texts."""

    @property
    def line(self) -> int:
        """The number of the line in question."""

    @property
    def column(self) -> int:
        """Where the mark starts on it, 1-based in code points; 0 for no mark."""

    @property
    def length(self) -> int:
        """How many code points the mark covers."""


@dataclass(frozen=True, slots=True)
class _Mark:
    """The mark in cells of the cleaned line."""

    start: int
    width: int


def frame_lines(frame: Frame, console: Console, *, width: int) -> tuple[Line, ...]:
    """The frame as lines of at most `width` cells: number, bar, code, and the mark below its line.

    Lines that are too long are cut at the right, the marked one on both sides so that the place stays in view.
    """
    numbers = [str(frame.first_line + index) for index in range(len(frame.lines))]
    gutter = max((len(number) for number in numbers), default=1)
    room = max(width - gutter - 3, 1)
    target = frame.line - frame.first_line
    mark = _mark(frame, target, console)
    texts = [_clean(text, console) for text in frame.lines]
    offset = _offset(texts[target], mark, room) if mark else 0
    shown: list[Line] = []
    for index, (number, text) in enumerate(zip(numbers, texts, strict=True)):
        side = f"{number:>{gutter}} {console.glyphs.bar} "
        shown.append((Span(side, Tone.DIM), Span(_cut(text, offset if index == target else 0, room, console))))
        if mark and index == target:
            bar = f"{'':>{gutter}} {console.glyphs.bar} "
            shown.append((Span(bar, Tone.DIM), Span(_underline(mark, offset, room, console), Tone.BROKEN)))
    return tuple(shown)


def _clean(text: str, console: Console) -> str:
    return console.clean(text.replace("\t", _TAB), limit=10**6)


def _mark(frame: Frame, target: int, console: Console) -> _Mark | None:
    if not 0 <= target < len(frame.lines) or frame.column < 1:
        return None
    text = frame.lines[target]
    begin = min(frame.column - 1, len(text))
    before, inside = text[:begin], text[begin : begin + max(frame.length, 1)]
    return _Mark(width_of(_clean(before, console)), max(width_of(_clean(inside, console)), 1))


def _offset(text: str, mark: _Mark, room: int) -> int:
    """How many cells are cut off at the left: none where the line fits or the marked place does."""
    if mark.start + min(mark.width, room // 2) < room or width_of(text) <= room:
        return 0
    return mark.start - room // 3


def _cut(text: str, offset: int, room: int, console: Console) -> str:
    dots = console.clean(_ELLIPSIS)
    size = width_of(dots)
    total = width_of(text)
    left = dots if offset else ""
    begin = offset + (size if left else 0)
    if total - offset <= room:
        return left + window(text, begin, room)
    right_room = room - (size if left else 0) - size
    return left + window(text, begin, max(right_room, 0)) + dots


def _underline(mark: _Mark, offset: int, room: int, console: Console) -> str:
    start = mark.start - offset
    width = max(min(mark.width, room - start, _MAX_UNDERLINE), 1)
    glyph = console.glyphs.point if mark.width == 1 else console.glyphs.underline
    return " " * min(start, room - 1) + glyph * width
