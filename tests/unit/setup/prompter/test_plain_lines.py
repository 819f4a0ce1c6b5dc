"""Prompts as lines: what is asked, what is said of wrong input, and what comes out."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest

from wizard.base.environment import Environment
from wizard.setup.prompter.model import (
    BackError,
    Choice,
    ChoicePrompt,
    ConfirmPrompt,
    ManyPrompt,
    TextPrompt,
    Verdict,
)
from wizard.setup.prompter.plain import PlainPrompter
from wizard.terminal.console import Console

CHOICES = (
    Choice("a", "@anthropic", "Anthropic, active"),
    Choice("b", "@bedrock", "Bedrock", refused="its budget is used up"),
    Choice("c", "@cohere \x1b[31m\n4"),
)
MANY = tuple(Choice(f"m{n}", f"model {n}", "odd" if n % 2 else "even") for n in range(1, 41))


class Talk:
    """A prompter with its input written down, and what it says."""

    def __init__(self, *lines: str) -> None:
        self._said = io.StringIO()
        stdin = io.StringIO("".join(f"{line}\n" for line in lines))
        environment = Environment(variables={}, home=Path("/"), cwd=Path("/"), stdin=stdin)
        self.prompter = PlainPrompter(environment, Console(self._said, width=40, colour=True))

    @property
    def said(self) -> list[str]:
        return self._said.getvalue().split("\n")


def test_a_text_is_asked_again_until_it_is_taken() -> None:
    talk = Talk("a b", "?", " b ")
    prompt = TextPrompt("id", "Name", judge=lambda t: Verdict("is two words" if " " in t else None), help="Any name.")
    assert talk.prompter.text(prompt) == "b"
    assert "".join(talk.said).split("Name: ")[1:] == [
        "That cannot be taken: it is two words.",
        "Any name.Type a text, /back to go back, or ctrl-c to leave.",
        "",
    ]


def test_an_empty_line_takes_the_default_and_says_it() -> None:
    talk = Talk("")
    assert talk.prompter.text(TextPrompt("id", "Name", "portkey")) == "portkey"
    assert talk.said == ["Name [portkey]: Name: portkey", ""]


def test_a_note_and_a_warning_are_said_after_the_answer() -> None:
    talk = Talk("x")
    prompt = TextPrompt("id", "Host", judge=lambda _: Verdict(note="over http", warning="is not encrypted"))
    assert talk.prompter.text(prompt) == "x"
    assert talk.said == ["Host: over http", "It is not encrypted.", ""]


def test_choices_are_numbered_lines_and_wrong_numbers_get_one_line() -> None:
    talk = Talk("0", "4", "2", "99999999999999999999", "1")
    assert talk.prompter.choose(ChoicePrompt("id", "Provider", CHOICES, help="Yours.")) == "a"
    assert talk.said[:5] == [
        "Provider: 3 choices. ? says how to choose.",
        "Yours.",
        "1: @anthropic, Anthropic, active",
        "2: @bedrock, Bedrock, cannot be chosen: its budget is used up",
        "3: @cohere  4",
    ]
    assert talk.said[5:] == [
        "Provider, number: There is no number 0; they go from 1 to 3.",
        "Provider, number: There is no number 4; they go from 1 to 3.",
        "Provider, number: @bedrock cannot be chosen: its budget is used up.",
        "Provider, number: Nothing matches 99999999999999999999.",
        "Provider, number: Provider: @anthropic",
        "",
    ]


def test_the_default_of_a_list_is_its_number() -> None:
    talk = Talk("")
    assert talk.prompter.choose(ChoicePrompt("id", "Provider", CHOICES, default="c")) == "c"
    assert "Provider, number [3]: Provider: @cohere  4" in talk.said


def test_long_lists_are_searched_and_turned_page_by_page() -> None:
    talk = Talk("m", "odd", "more", "more", "/39", "zzz", "/", "39")
    assert talk.prompter.choose(ChoicePrompt("id", "Model", MANY)) == "m39"
    said = "\n".join(talk.said)
    assert "15: model 15, odd\n25 more: type m.\nModel, number: 16: model 16, even" in said
    assert "Model, number: 20 matches.\n1: model 1, odd\n3: model 3, odd" in said
    assert "29: model 29, odd\n5 more: type m.\nModel, number: 31: model 31, odd" in said
    assert "Model, number: There is no more.\n" in said
    assert "Model, number: 1 match.\n39: model 39, odd\nModel, number: Nothing matches zzz.\n" in said
    assert "Model, number: 1: model 1, odd\n2: model 2, even" in said


def test_several_are_added_and_dropped_by_number() -> None:
    talk = Talk("3, 1", "2 1", "model 4", "2x", "done")
    picked = talk.prompter.choose_many(ManyPrompt("id", "Models", MANY[:3], chosen=("m2",)))
    assert picked == ("m3",)
    assert [line for line in talk.said if line.startswith(("Chosen", "Models, n"))] == [
        "Chosen: model 2",
        "Models, numbers to add or drop, or done: Chosen: model 2, model 3, model 1",
        "Models, numbers to add or drop, or done: Chosen: model 3",
        "Models, numbers to add or drop, or done: Nothing matches model 4.",
        "Chosen: model 3",
        "Models, numbers to add or drop, or done: Nothing matches 2x.",
        "Chosen: model 3",
        "Models, numbers to add or drop, or done: ",
    ]


def test_as_many_as_are_needed_must_be_chosen() -> None:
    talk = Talk("", "1", "done", "2", "")
    assert talk.prompter.choose_many(ManyPrompt("id", "Models", MANY[:3], least=2)) == ("m1", "m2")
    assert [line.rpartition(": ")[2] for line in talk.said if "at least" in line] == ["Choose 2 at least."] * 2


@pytest.mark.parametrize(
    ("lines", "default", "answer"),
    [
        (["y"], False, True),
        (["YES"], False, True),
        (["n"], True, False),
        ([""], True, True),
        ([""], False, False),
        (["maybe", "?", "no"], True, False),
    ],
)
def test_yes_and_no(lines: list[str], default: bool, answer: bool) -> None:
    talk = Talk(*lines)
    assert talk.prompter.confirm(ConfirmPrompt("id", "Apply", default=default)) is answer
    assert len([line for line in talk.said if "Type y or n" in line]) == len(lines) - 1


@pytest.mark.parametrize("word", ["b", "back", "B", "/back", "\x02"])
def test_back_from_what_is_chosen(word: str) -> None:
    calls: tuple[Callable[[PlainPrompter], object], ...] = (
        lambda p: p.choose(ChoicePrompt("id", "P", CHOICES)),
        lambda p: p.choose_many(ManyPrompt("id", "P", CHOICES)),
        lambda p: p.confirm(ConfirmPrompt("id", "P")),
    )
    for call in calls:
        with pytest.raises(BackError):
            call(Talk(word).prompter)


def test_back_from_a_text_which_may_be_called_back() -> None:
    for word in ("/back", "\x02"):
        with pytest.raises(BackError):
            Talk(word).prompter.text(TextPrompt("id", "Name"))
    for word in ("b", "back"):
        assert Talk(word).prompter.text(TextPrompt("id", "Name")) == word


def test_the_end_of_input_leaves() -> None:
    talk = Talk()
    with pytest.raises(KeyboardInterrupt):
        talk.prompter.confirm(ConfirmPrompt("id", "Apply"))
    assert talk.said == ["Apply (y/N): ", ""]
