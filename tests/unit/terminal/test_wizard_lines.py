"""The line above a step and the line that an answer leaves."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wizard.terminal.cells import width_of
from wizard.terminal.console import Console
from wizard.terminal.steps import show_answer, show_step

TITLE, KEYS, NOTE = "Portkey for OpenClaw", "ctrl-b back · ctrl-c leave", "nothing written"


def step(console: Console, keys: str = KEYS, note: str = NOTE) -> list[str]:
    show_step(console, 2, 5, title=TITLE, keys=keys, note=note)
    assert isinstance(console.stream, io.StringIO)
    return console.stream.getvalue().split("\n")


@pytest.mark.parametrize("width", [80, 100, 120])
def test_a_wide_screen_has_all_of_it_on_one_line_to_its_edge(width: int) -> None:
    lines = step(Console(io.StringIO(), width=width))
    assert lines[0] == ""
    assert lines[1].startswith(TITLE)
    assert lines[1].endswith("   step 2 of 5   ctrl-b back · ctrl-c leave, nothing written")
    assert len(lines[1]) == width
    assert lines[2:] == ["", ""]


def test_a_narrow_screen_has_the_keys_below() -> None:
    assert step(Console(io.StringIO(), width=60)) == [
        "",
        "Portkey for OpenClaw   step 2 of 5",
        "ctrl-b back · ctrl-c leave, nothing written",
        "",
        "",
    ]


def test_plain_mode_says_it_as_one_line() -> None:
    assert step(Console(io.StringIO(), width=40, plain=True)) == [
        "Portkey for OpenClaw, step 2 of 5. Ctrl-b back · ctrl-c leave, nothing written.",
        "",
    ]


def test_without_keys_nothing_is_said_of_them() -> None:
    assert step(Console(io.StringIO(), width=80), "", "")[1].split() == [*TITLE.split(), "step", "2", "of", "5"]
    assert step(Console(io.StringIO(), width=80, plain=True), "", "")[0] == "Portkey for OpenClaw, step 2 of 5."


def answer(question: str, text: str, *, width: int = 80, plain: bool = False) -> list[str]:
    stream = io.StringIO()
    show_answer(Console(stream, width=width, plain=plain), question, text)
    return stream.getvalue().split("\n")


def test_answers_stand_below_one_another() -> None:
    assert answer("Portkey API key", "48 characters") == ["✓ Portkey API key        48 characters", ""]
    assert answer("Provider", "@openai-prod") == ["✓ Provider               @openai-prod", ""]
    assert answer("Name of the provider in OpenClaw", "portkey")[0] == "✓ Name of the provider in OpenClaw  portkey"


def test_a_long_answer_hangs_below_itself() -> None:
    assert answer("Fallback models", "@anthropic-prod/claude-opus-4-5, @openai-prod/gpt-5.1", width=60) == [
        "✓ Fallback models        @anthropic-prod/claude-opus-4-5,",
        "                         @openai-prod/gpt-5.1",
        "",
    ]


def test_a_narrow_screen_has_no_column_and_plain_mode_no_glyph() -> None:
    assert answer("Provider", "@openai-prod", width=40) == ["✓ Provider  @openai-prod", ""]
    assert answer("Provider", "@openai-prod", plain=True) == ["Provider: @openai-prod", ""]


@given(st.text(max_size=60), st.text(max_size=200), st.integers(40, 120))
def test_no_answer_is_wider_than_the_screen_or_more_than_text(question: str, text: str, width: int) -> None:
    lines = answer(question, text, width=width)
    assert all(width_of(line) <= width for line in lines)
    assert not any("\x1b" in line for line in lines)
