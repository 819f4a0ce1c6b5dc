from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wizard.terminal.cells import clipped, padded, width_of, window
from wizard.terminal.safe import safe_line
from wizard.terminal.words import joined, milliseconds, plural, seconds

HARMLESS = st.text(alphabet="ab 漢字é🦞e\u0301").map(safe_line)


def test_counts_and_lists() -> None:
    assert [plural(n, "check") for n in (0, 1, 2)] == ["0 checks", "1 check", "2 checks"]
    assert [joined(items) for items in ([], ["a"], ["a", "b"], ["a", "b", "c"])] == ["", "a", "a and b", "a, b and c"]


@pytest.mark.parametrize(
    ("duration_ms", "words"),
    [
        (0, "0 ms"),
        (99, "99 ms"),
        (100, "0.1 s"),
        (412, "0.4 s"),
        (1_104, "1.1 s"),
        (59_940, "59.9 s"),
        (59_960, "1 min 0 s"),
        (125_400, "2 min 5 s"),
    ],
)
def test_a_runs_duration(duration_ms: int, words: str) -> None:
    assert seconds(duration_ms) == words


def test_an_answers_duration() -> None:
    assert (milliseconds(38), milliseconds(9_999), milliseconds(12_345)) == ("38 ms", "9999 ms", "12.3 s")


def test_wide_characters_take_two_cells() -> None:
    assert (width_of("漢字"), width_of("🦞"), width_of("e\u0301")) == (4, 2, 1)
    assert padded("漢", 4) == "漢  "


def test_a_wide_character_on_an_edge_becomes_a_space() -> None:
    assert window("漢字漢", 1, 4) == " 字 "
    assert window("abc", 1, 1) == "b"


@given(HARMLESS, st.integers(0, 12), st.integers(1, 12))
def test_a_window_is_never_wider_than_asked(text: str, start: int, width: int) -> None:
    shown = window(text, start, width)
    assert width_of(shown) == min(width, max(width_of(text) - start, 0))


@given(HARMLESS, st.integers(3, 12))
def test_a_clipped_text_fits(text: str, width: int) -> None:
    shown = clipped(text, width)
    assert width_of(shown) <= width
    assert shown == text or shown.endswith("…")
