"""Widths in terminal cells: a Chinese character or an emoji takes two, a combining mark none."""

from __future__ import annotations

_ELLIPSIS = "…"


def width_of(text: str) -> int:
    """The cells that a harmless line takes."""
    from rich.cells import cell_len

    return cell_len(text)


def padded(text: str, width: int) -> str:
    """The text with spaces up to a width in cells; a longer one as it is."""
    return text + " " * (width - width_of(text))


def clipped(text: str, width: int, *, ellipsis: str = _ELLIPSIS) -> str:
    """The text in at most `width` cells, with an ellipsis at its end where it was cut."""
    if width_of(text) <= width:
        return text
    return window(text, 0, width - width_of(ellipsis)).rstrip() + ellipsis


def window(text: str, start: int, width: int) -> str:
    """The part of a line between two cell positions; a wide character on an edge becomes a space."""
    shown: list[str] = []
    position, end = 0, start + width
    for character in text:
        cells = width_of(character)
        begin, position = position, position + cells
        if position <= start and not (cells == 0 and begin > start):
            continue
        if begin > end or (begin == end and cells > 0):
            break
        inside = begin >= start and position <= end
        shown.append(character if inside else " ")
    return "".join(shown)
