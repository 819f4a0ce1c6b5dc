"""Code frames for pages: a config may be one endless line, and its reader wants to see one place."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from wizard.report.model import CodeFrame

_WIDEST: Final = 200
_BEFORE: Final = 80
_DOTS: Final = "…"


def excerpt(frame: CodeFrame) -> CodeFrame:
    """The frame with lines of at most about 200 code points, the marked place in view."""
    place = max(frame.column - 1, 0)
    lines = []
    column = frame.column
    for number, line in enumerate(frame.lines, frame.first_line):
        start = place - _BEFORE if number == frame.line and len(line) > _WIDEST and place > _WIDEST - _BEFORE else 0
        cut = (_DOTS if start else "") + line[start : start + _WIDEST] + (_DOTS if start + _WIDEST < len(line) else "")
        lines.append(cut)
        if start:
            column = frame.column - start + len(_DOTS)
    return replace(frame, lines=tuple(lines), column=column)
