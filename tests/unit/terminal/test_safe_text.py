from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wizard.terminal.safe import safe_block, safe_line

ANY_TEXT = st.text(alphabet=st.characters(exclude_categories=()))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain text stays", "plain text stays"),
        ("handle ‹sha256:1f9c22ab› stays", "handle ‹sha256:1f9c22ab› stays"),
        ("漢字, émile, “quotes” and 🦞 stay", "漢字, émile, “quotes” and 🦞 stay"),
        ("[red]markup[/red] and :smile: stay", "[red]markup[/red] and :smile: stay"),
        ("a\x1b[31mred\x1b[0m b", "ared b"),
        ("a\x1b[2J\x1b[1;1Hb", "ab"),
        ("a\x1b[?1049hb", "ab"),
        ("a\x9b31mb", "ab"),
        ("\x1b]0;a title\x07b", "b"),
        ("\x1b]8;;https://evil.example\x1b\\click\x1b]8;;\x1b\\ b", "click b"),
        ("\x9d8;;https://evil.example\x9cclick", "click"),
        ("\x1bPdevice control\x1b\\b", "b"),
        ("\x1b]52;c;aGVsbG8=\x07b", "b"),
        ("\x1b]0;no end", "0;no end"),
        ("\x1bcreset", "reset"),
        ("\x1b(0line drawing", "line drawing"),
        ("\x1b\x1b[31m[31mnested", "[31mnested"),
        ("cut at the end\x1b", "cut at the end"),
        ("a\x00b\x07c\x08d\x7fe\x85f", "abcde f"),
        ("one\r\ntwo\nthree\rfour\tfive", "one two three four five"),
        ("\u202eright to left\u202c \u2066isolated\u2069 \u200fmark", "right to left isolated mark"),
        ("zero\u200bwidth\u200d\ufeff\u00ad\u2060", "zerowidth"),
        ("\U000e0041\U000e0042tags", "tags"),
        ("filler\u3164\u115f", "filler"),
        ("no\u00a0break\u2028separator", "no break separator"),
        ("lone \ud83d surrogate", "lone \ufffd surrogate"),
        ("z" + "\u0301" * 50, "z" + "\u0301" * 4),
    ],
)
def test_what_a_text_says_stays_and_what_it_could_do_goes(text: str, shown: str) -> None:
    assert safe_line(text) == shown


@given(ANY_TEXT)
def test_nothing_that_acts_on_a_terminal_is_left(text: str) -> None:
    line = safe_line(text)
    assert not [c for c in line if unicodedata.category(c) in ("Cc", "Cf", "Cs", "Zl", "Zp")]
    assert safe_line(line) == line
    line.encode("utf-8")


@given(st.text(alphabet=st.characters(categories=("L", "N", "P", "S"), max_codepoint=0x7E)))
def test_plain_ascii_is_never_touched(text: str) -> None:
    assert safe_line(text) == text


def test_a_long_line_is_cut_and_says_so() -> None:
    assert safe_line("x" * 50, limit=10) == "x" * 9 + "…"
    assert safe_line("x" * 10, limit=10) == "x" * 10
    assert len(safe_line("\x1b[31m" * 10**6 + "end", limit=100)) <= 100


def test_a_cut_in_the_middle_of_much_that_is_invisible_says_so() -> None:
    assert safe_line("\u200b" * 100 + "end", limit=10) == "…"


def test_a_block_keeps_its_lines_and_aligns_its_tabs() -> None:
    assert safe_block("one\r\n\ttwo\na\tb\u2028last") == "one\n    two\na   b\nlast"
    assert safe_block("") == ""


def test_a_block_of_too_many_lines_is_cut_and_says_so() -> None:
    assert safe_block("1\n2\n3\n4", max_lines=3) == "1\n2\n…"
    assert safe_block("1\n2\n3", max_lines=3) == "1\n2\n3"


@given(ANY_TEXT)
def test_lines_of_a_block_are_safe_lines(text: str) -> None:
    assert all(safe_line(line) == line for line in safe_block(text).split("\n"))


@pytest.mark.parametrize("introducer", ["\x1b]", "\x9d", "\x1b[", "\x1bP"])
def test_unfinished_sequences_cost_no_more_than_their_length(introducer: str) -> None:
    # Quadratic work would take minutes here.
    assert safe_line(introducer * 200_000, limit=10**6) is not None
