"""What the interactive prompts draw for texts of every kind: it fits the screen and is text only."""

from __future__ import annotations

import fcntl
import os
import struct
import termios
import time
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from wizard.base.environment import Environment
from wizard.setup.prompter.line import _Line
from wizard.setup.prompter.model import Choice, ChoicePrompt, ManyPrompt, SecretPrompt, TextPrompt, Verdict
from wizard.setup.prompter.pick import _List
from wizard.setup.prompter.screen import Fragments, Screen
from wizard.terminal.cells import width_of
from wizard.terminal.console import Console

ANY = st.text(st.characters(exclude_categories=()), max_size=60)
CHOICE = st.builds(Choice, value=ANY, label=ANY, detail=ANY, refused=st.none() | ANY)
SHARED = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


class Desk:
    """A screen whose size can be set."""

    def __init__(self, outer: int, screen: Screen) -> None:
        self._outer = outer
        self.screen = screen

    def resize(self, columns: int, rows: int) -> None:
        fcntl.ioctl(self._outer, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))


@pytest.fixture
def desk() -> Iterator[Desk]:
    outer, inner = os.openpty()
    with os.fdopen(os.dup(inner), "r", encoding="utf-8") as stdin, os.fdopen(inner, "w", encoding="utf-8") as stdout:
        environment = Environment(variables={}, home=Path("/"), cwd=Path("/"), stdin=stdin, stdout=stdout)
        yield Desk(outer, Screen(environment, Console(stdout, width=80, colour=True)))
    os.close(outer)


def lines_of(fragments: Fragments) -> list[str]:
    return "".join(fragment[1] for fragment in fragments).split("\n")


def assert_harmless(lines: list[str]) -> None:
    for line in lines:
        assert not [
            character for character in line if unicodedata.category(character) in ("Cc", "Cf", "Cs", "Zl", "Zp")
        ]


SIZE = st.tuples(st.integers(20, 200), st.integers(3, 60))


@SHARED
@given(st.lists(CHOICE, max_size=20), ANY, ANY, SIZE, st.booleans(), st.integers(0, 25))
def test_a_list_fits_and_is_text_only(
    desk: Desk, choices: list[Choice], words: str, search: str, size: tuple[int, int], many: bool, down: int
) -> None:
    columns, rows = size
    desk.resize(columns, rows)
    prompt = ManyPrompt("id", words, choices, help=words) if many else ChoicePrompt("id", words, choices, help=words)
    drawn = _List(desk.screen, prompt)
    drawn.picker.move(down)
    for looked_for in ("", search):
        drawn.picker.search = looked_for
        lines = lines_of(drawn.body())
        assert_harmless(lines)
        rows_of_choices = [line for line in lines if line.startswith((f"  {desk.screen.pointer} ", "    "))]
        assert all(width_of(line) <= columns for line in rows_of_choices)
        assert len(rows_of_choices) <= max(rows, 12)
        assert any(line.startswith(f"  {desk.screen.pointer} ") for line in lines) is bool(drawn.picker.shown)


@pytest.mark.parametrize("columns", [20, 40, 60, 80, 200])
@pytest.mark.parametrize("many", [False, True])
def test_a_detail_is_cut_at_the_edge_of_the_screen(desk: Desk, columns: int, many: bool) -> None:
    desk.resize(columns, 24)
    choices = [Choice(f"{n}", "label " * n, "漢字 and more " * 30, "no " * 90 if n % 2 else None) for n in range(9)]
    prompt = ManyPrompt("id", "Model", choices) if many else ChoicePrompt("id", "Model", choices)
    for line in lines_of(_List(desk.screen, prompt).body())[:9]:
        assert columns - 4 <= width_of(line) < columns or "…" not in line


@SHARED
@given(ANY, ANY, ANY, ANY, ANY, st.integers(20, 200))
def test_the_words_below_a_line_are_text_only(
    desk: Desk, typed: str, refused: str, note: str, warning: str, words: str, columns: int
) -> None:
    desk.resize(columns, 24)

    def judge(_: str) -> Verdict:
        return Verdict(refused or None, note, warning)

    for prompt in (TextPrompt("id", words, words, judge, words), SecretPrompt("id", words, judge, words)):
        line = _Line(desk.screen, prompt)
        line.buffer.text = typed.replace("\n", "")
        line.offered = True
        assert_harmless(lines_of([*line.words(), *desk.screen.question(prompt.text)]))


def test_a_name_as_long_as_it_likes_takes_a_few_lines(desk: Desk) -> None:
    desk.resize(40, 24)
    drawn = _List(desk.screen, ChoicePrompt("id", "Model", [Choice("a", "w" * 5000, "d " * 5000)]))
    assert len(lines_of(drawn.body())) < 14


def test_nothing_of_a_secret_is_in_what_is_said_of_it(desk: Desk) -> None:
    line = _Line(desk.screen, SecretPrompt("id", "Key"))
    line.buffer.text = "correct-horse"
    assert lines_of(line.words())[0].strip() == "13 characters"


def test_a_list_of_thousands_is_drawn_within_a_key(desk: Desk) -> None:
    desk.resize(100, 40)
    choices = [Choice(f"@p/model-{n}", f"@p/model-{n}", "200k context, tools") for n in range(5000)]
    drawn = _List(desk.screen, ChoicePrompt("id", "Model", choices))
    times = []
    for search in ("m", "mo", "model", "model-4", "model-49", "model-499", "zzz", ""):
        started = time.perf_counter()
        drawn.picker.search = search
        drawn.body()
        times.append(time.perf_counter() - started)
    assert sorted(times)[len(times) // 2] < 0.05
