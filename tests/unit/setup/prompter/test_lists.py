"""Long lists without a terminal: the search, the pointer, the window, the pages."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wizard.setup.prompter.model import Choice
from wizard.setup.prompter.paging import PAGE, Pages
from wizard.setup.prompter.picker import Picker, haystacks, matching

CHOICES = (
    Choice("@a/opus", "@a/opus", "Anthropic, 200k context", refused="budget used up"),
    Choice("@a/haiku", "@a/haiku", "Anthropic, 200k context"),
    Choice("@o/gpt", "@o/gpt", "OpenAI, 128k context"),
    Choice("none", "Straße"),
)


def found(search: str) -> list[str]:
    return [CHOICES[index].value for index in matching(haystacks(CHOICES), search)]


@pytest.mark.parametrize(
    ("search", "values"),
    [
        ("", ["@a/opus", "@a/haiku", "@o/gpt", "none"]),
        ("  ", ["@a/opus", "@a/haiku", "@o/gpt", "none"]),
        ("GPT", ["@o/gpt"]),
        ("200k anth", ["@a/opus", "@a/haiku"]),
        ("context @a haiku", ["@a/haiku"]),
        ("STRASSE", ["none"]),
        ("opus gpt", []),
    ],
)
def test_a_search_finds_every_word_wherever_it_stands(search: str, values: list[str]) -> None:
    assert found(search) == values


def pointed(picker: Picker) -> str | None:
    return picker.pointed.value if picker.pointed else None


def test_the_pointer_begins_at_the_default_else_at_what_can_be_taken() -> None:
    assert pointed(Picker(CHOICES)) == "@a/haiku"
    assert pointed(Picker(CHOICES, default="@o/gpt")) == "@o/gpt"
    assert pointed(Picker(CHOICES, default="@a/opus")) == "@a/opus"
    assert pointed(Picker(CHOICES, default="gone")) == "@a/haiku"
    assert pointed(Picker(CHOICES[:1])) == "@a/opus"
    assert pointed(Picker(())) is None


def test_a_search_points_at_its_first_that_can_be_taken_and_stays_there_when_it_ends() -> None:
    picker = Picker(CHOICES)
    picker.search = "o"
    assert pointed(picker) == "@a/haiku"
    picker.search = "openai"
    assert pointed(picker) == "@o/gpt"
    picker.search = ""
    assert pointed(picker) == "@o/gpt"
    picker.search = "nothing at all"
    assert pointed(picker) is None
    picker.move(1)
    picker.toggle()
    assert picker.picked == []
    picker.search = ""
    assert pointed(picker) == "@a/haiku"


def test_picks_keep_their_order_and_are_taken_back() -> None:
    picker = Picker(CHOICES, chosen=("none", "gone", "none"))
    picker.toggle()
    assert [picker.order_of(index) for index in range(4)] == [None, 2, None, 1]
    picker.move(-1)
    picker.toggle()
    assert picker.order_of(0) is None
    picker.move(-1, wrap=True)
    picker.toggle()
    assert picker.picked == [1]


@given(
    st.integers(0, 40),
    st.lists(st.tuples(st.integers(-30, 30), st.booleans(), st.integers(-2, 15), st.sampled_from(["", "1", "3", "x"]))),
)
def test_the_pointer_is_always_in_the_window(size: int, moves: list[tuple[int, bool, int, str]]) -> None:
    picker = Picker([Choice(str(number), str(number)) for number in range(size)])
    for by, wrap, rows, search in moves:
        picker.search = search
        picker.move(by, wrap=wrap)
        window = picker.window(rows)
        assert len(window) == min(max(rows, 1), len(picker.shown))
        assert picker.position in window or not picker.shown
        assert not picker.shown or picker.pointed is picker.choices[picker.shown[picker.position]]


def test_five_thousand_choices_are_searched_within_a_key() -> None:
    choices = [Choice(f"@provider/model-{n}", f"@provider/model-{n}", "Anthropic, 200k context") for n in range(5000)]
    picker = Picker(choices)
    best = 1.0
    for search in ("model", "model-4", "model-49", "model-499 anth", "zzz"):
        started = time.perf_counter()
        picker.search = search
        picker.window(12)
        best = min(best, time.perf_counter() - started)
    assert best < 0.05


def test_pages_keep_the_numbers_of_the_whole_list() -> None:
    pages = Pages([Choice(str(n), f"model {n}", "odd" if n % 2 else "even") for n in range(1, 41)])
    assert [number for number, _ in pages.turn()] == list(range(1, PAGE + 1))
    assert pages.left == 40 - PAGE
    pages.look_for("odd")
    assert (pages.found, pages.left) == (20, 20)
    first = pages.turn()
    assert [number for number, _ in first][:3] == [1, 3, 5]
    assert first[1][1].label == "model 3"
    assert [number for number, _ in pages.turn()] == [31, 33, 35, 37, 39]
    assert pages.left == 0
    assert pages.turn() == ()
