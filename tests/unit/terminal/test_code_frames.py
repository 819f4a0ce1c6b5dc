from __future__ import annotations

import io
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wizard.terminal.cells import width_of
from wizard.terminal.console import Console
from wizard.terminal.frames import frame_lines

ANY_TEXT = st.text(alphabet=st.characters(exclude_categories=()))


@dataclass(frozen=True)
class Frame:
    first_line: int
    lines: tuple[str, ...]
    line: int
    column: int
    length: int


def drawn(frame: Frame, *, width: int = 60, encoding: str = "utf-8") -> list[str]:
    console = Console(io.TextIOWrapper(io.BytesIO(), encoding=encoding), width=80)
    return ["".join(span.text for span in line).rstrip() for line in frame_lines(frame, console, width=width)]


def test_the_place_is_marked_below_its_line() -> None:
    assert drawn(Frame(9, ("{", '  api: "x",', "}"), line=10, column=8, length=3)) == [
        " 9 │ {",
        '10 │   api: "x",',
        "   │        ───",
        "11 │ }",
    ]


def test_a_single_place_gets_a_point() -> None:
    assert drawn(Frame(1, ("a b",), line=1, column=3, length=1)) == ["1 │ a b", "  │   ^"]


def test_a_stream_without_unicode_gets_ascii() -> None:
    assert drawn(Frame(1, ('k: "é"',), line=1, column=4, length=3), encoding="ascii") == [
        '1 | k: "\\xe9"',
        "  |    ^^^^^^",
    ]


def test_columns_are_code_points_and_marks_are_cells() -> None:
    assert drawn(Frame(1, ('"漢字": "🦞x"',), line=1, column=7, length=4)) == ['1 │ "漢字": "🦞x"', "  │         ─────"]


def test_tabs_and_hidden_characters_do_not_shift_the_mark() -> None:
    assert drawn(Frame(1, ("\t\x1b[31m\u202ekey: 1",), line=1, column=13, length=1)) == ["1 │   key: 1", "  │        ^"]


def test_a_long_line_is_cut_around_the_place_and_the_others_at_the_right() -> None:
    frame = Frame(1, ("[" + "a" * 50, "x" * 50 + "HERE" + "y" * 50), line=2, column=51, length=4)
    assert drawn(frame, width=34) == [
        "1 │ [aaaaaaaaaaaaaaaaaaaaaaaaaaaa…",
        "2 │ …xxxxxxxxxHEREyyyyyyyyyyyyyyy…",
        "  │           ────",
    ]


@pytest.mark.parametrize(("line", "column"), [(1, 0), (7, 3), (0, 1)])
def test_without_a_place_there_is_no_mark(line: int, column: int) -> None:
    assert drawn(Frame(1, ("one", "two"), line=line, column=column, length=1)) == ["1 │ one", "2 │ two"]


def test_a_place_behind_the_end_is_marked_there() -> None:
    assert drawn(Frame(1, ("ab",), line=1, column=9, length=5)) == ["1 │ ab", "  │   ^"]


@given(
    st.lists(ANY_TEXT, min_size=1, max_size=3),
    st.tuples(st.integers(1, 3), st.integers(0, 300), st.integers(1, 300)),
    st.integers(30, 70),
    st.sampled_from(["utf-8", "ascii"]),
)
def test_no_row_is_wider_than_asked(lines: list[str], place: tuple[int, int, int], width: int, encoding: str) -> None:
    line, column, length = place
    rows = drawn(Frame(1, tuple(lines), line, column, length), width=width, encoding=encoding)
    assert all(width_of(row) <= width for row in rows)
    marked = 1 <= line <= len(lines) and column >= 1
    assert len(rows) == len(lines) + marked


@given(st.integers(1, 400), st.integers(1, 50))
def test_the_marked_place_stays_in_view(column: int, length: int) -> None:
    text = "".join(chr(0x4E00 + i) for i in range(450))
    code, mark = drawn(Frame(1, (text,), line=1, column=column, length=length), width=60)[:2]
    bar_width = len("1 │ ")
    before = code[bar_width:]
    start = len(mark) - len(mark[bar_width:].lstrip()) - bar_width
    position = 0
    for character in before:
        if position >= start:
            assert character == text[column - 1]
            break
        position += width_of(character)
