"""The prompter of the tests: it takes what a person could answer, and nothing else."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from wizard.setup.prompter.model import (
    BackError,
    Choice,
    ChoicePrompt,
    ConfirmPrompt,
    ManyPrompt,
    SecretPrompt,
    TextPrompt,
    Verdict,
)
from wizard.setup.prompter.scripted import BACK, DEFAULT, LEAVE, ScriptedPrompter, ScriptError

CHOICES = (Choice("a", "A", refused="worn out"), Choice("b", "B"), Choice("c", "C"))
TEXT = TextPrompt("name", "Name", "default", lambda text: Verdict("is two words" if " " in text else None))
SECRET = SecretPrompt("key", "Key", lambda text: Verdict("is short" if len(text) < 4 else None))
ONE = ChoicePrompt("one", "One", CHOICES)
MANY = ManyPrompt("many", "Many", CHOICES, chosen=("c",), least=1)
SURE = ConfirmPrompt("sure", "Sure", default=True)


def test_answers_come_in_order_and_prompts_are_remembered() -> None:
    prompter = ScriptedPrompter(
        {"name": [" x ", DEFAULT, ""], "key": " long ", "one": ["c", DEFAULT], "many": ("c", "b"), "sure": False}
    )
    assert prompter.asks
    assert [prompter.text(TEXT) for _ in range(3)] == ["x", "default", "default"]
    assert prompter.secret(SECRET) == "long"
    assert [prompter.choose(ONE) for _ in range(2)] == ["c", "b"]
    assert prompter.choose_many(MANY) == ("c", "b")
    assert prompter.confirm(SURE) is False
    assert prompter.ids == ("name", "name", "name", "key", "one", "one", "many", "sure")
    assert prompter.seen[3] is SECRET
    assert prompter.left == {}


def test_defaults_are_those_of_the_prompt() -> None:
    prompter = ScriptedPrompter({"many": DEFAULT, "sure": DEFAULT, "unused": ["x"]})
    assert prompter.choose_many(MANY) == ("c",)
    assert prompter.confirm(SURE) is True
    assert prompter.left == {"unused": ("x",)}


def test_going_back_and_leaving() -> None:
    prompter = ScriptedPrompter({"name": [BACK, LEAVE]})
    with pytest.raises(BackError):
        prompter.text(TEXT)
    with pytest.raises(KeyboardInterrupt):
        prompter.text(TEXT)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ({"name": "a b"}, "is two words"),
        ({"name": True}, "no text"),
        ({"other": "x"}, "no answer"),
        ({"name": []}, "no answer"),
        ({"key": "abc"}, "is short"),
        ({"loose": " "}, "is empty"),
        ({"one": "z"}, "not among the 3 choices"),
        ({"one": "a"}, "worn out"),
        ({"many": "b"}, "no tuple"),
        ({"many": ("b", "b")}, "twice"),
        ({"many": ("b", "a")}, "worn out"),
        ({"many": ()}, "fewer than 1"),
        ({"sure": "yes"}, "neither True nor False"),
    ],
)
def test_what_a_person_could_not_answer_is_refused(answer: dict[str, object], words: str) -> None:
    prompter = ScriptedPrompter(answer)  # type: ignore[arg-type]
    puts: dict[str, Callable[[], object]] = {
        "name": lambda: prompter.text(TEXT),
        "other": lambda: prompter.text(TEXT),
        "key": lambda: prompter.secret(SECRET),
        "loose": lambda: prompter.secret(SecretPrompt("loose", "Any")),
        "one": lambda: prompter.choose(ONE),
        "many": lambda: prompter.choose_many(MANY),
        "sure": lambda: prompter.confirm(SURE),
    }
    with pytest.raises(ScriptError, match=words):
        puts[next(iter(answer))]()


def test_a_text_without_a_default_needs_an_answer() -> None:
    with pytest.raises(ScriptError, match="no default"):
        ScriptedPrompter({"name": DEFAULT}).text(TextPrompt("name", "Name"))
