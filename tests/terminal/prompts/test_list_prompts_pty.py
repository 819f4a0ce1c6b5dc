"""The prompts for one and for several of many, and for yes or no, in a real terminal."""

from __future__ import annotations

import time

import pytest

from tests.terminal.prompts.pty_terminal import BACK, DOWN, END, ENTER, ERASE_LINE, ESCAPE, PAGE_DOWN, UP, Run, paste


def test_a_choice_shows_details_and_reasons_and_takes_what_is_pointed_at(run: Run) -> None:
    terminal = run("choose")
    terminal.until("I have none yet")
    assert terminal.lines[:6] == [
        "? Provider  (arrows, then enter)",
        "  The ones that this key may use.",
        "  ❯ @anthropic-prod  Anthropic · active",
        "    @openai-prod     OpenAI · active",
        "    @bedrock-eu      budget used up until 1 December",
        "    I have none yet: open the Portkey page and wait for it",
    ]
    terminal.send(DOWN + DOWN + ENTER)
    terminal.until("! @bedrock-eu cannot be chosen: budget used up until 1 December")
    terminal.send(UP)
    terminal.until("  ❯ @openai-prod")
    assert "cannot be chosen" not in terminal.text
    terminal.send(ENTER)
    assert terminal.end() == 0
    assert terminal.answers == ["openai-prod"]
    assert [line for line in terminal.lines if line] == ["✓ Provider               @openai-prod"]


def test_a_key_that_lands_in_a_list_by_mistake_is_not_shown(run: Run) -> None:
    key = "pk-Zq8vT3nLw5Rk2Jd7Ym4x"
    terminal = run("choose")
    terminal.until("I have none yet")
    terminal.send(key)
    terminal.send(paste(key))
    terminal.until("! nothing matches what was pasted")
    assert key not in terminal.text
    terminal.send(DOWN + ENTER)
    assert terminal.end() == 0
    assert terminal.answers == ["openai-prod"]
    assert key not in terminal.text


def test_thousands_are_searched_by_typing_and_drawn_in_a_window(run: Run) -> None:
    terminal = run("models")
    terminal.until("❯ @anthropic-prod/model-0002")
    assert "1–12 of 5000" in terminal.text
    terminal.send(PAGE_DOWN)
    terminal.until("❯ @anthropic-prod/model-0008")
    terminal.send(END)
    terminal.until("❯ @openai-prod/model-2499")
    assert "4989–5000 of 5000" in terminal.text
    terminal.send("1234 open")
    terminal.until("1 of 5000")
    assert terminal.lines[:2] == [
        "? Model  1234 open",
        "  ❯ @openai-prod/model-1234     34k context, tools and more",
    ]
    terminal.send(" nothing")
    terminal.until("! nothing matches “1234 open nothing”")
    terminal.send(ENTER + ESCAPE)
    terminal.until("of 5000")
    terminal.send(paste("model-0042\n") + ENTER)
    assert terminal.end() == 0
    assert terminal.answers == ["@anthropic-prod/model-0042"]


def test_a_key_in_a_list_of_thousands_is_answered_at_once(run: Run) -> None:
    terminal = run("models")
    terminal.until("of 5000")
    started = time.monotonic()
    terminal.send("0007")
    terminal.until("2 of 5000")
    # Four keys; a person notices a tenth of a second. The machine that runs this may be busy.
    assert time.monotonic() - started < 2.0


def test_an_empty_list_takes_nothing(run: Run) -> None:
    terminal = run("empty")
    terminal.until("! there is nothing to choose from")
    terminal.send(ENTER + "x" + ERASE_LINE + BACK)
    assert terminal.end() == 0
    assert terminal.answers == [{"back": "empty"}]


def test_names_from_outside_are_text_only(run: Run) -> None:
    terminal = run("hostile")
    terminal.until("❯ evil model")
    assert terminal.lines[0] == "? Model of evil model  (arrows, then enter)"
    terminal.send(ENTER)
    assert terminal.end() == 0
    assert terminal.lines[0] == "✓ Model of evil model    evil model"
    assert "owned" not in terminal.written
    assert "\x1b[2J" not in terminal.written


def test_several_are_kept_in_the_order_in_which_they_are_picked(run: Run) -> None:
    terminal = run("many")
    terminal.until("1 @openai-prod/model-0000")
    assert "space picks, enter goes on · 1–12 of 40" in terminal.text
    terminal.send(DOWN + " ")
    terminal.until("❯ · @openai-prod/model-0000")
    terminal.send(DOWN + " ")
    terminal.until("❯ 1 @anthropic-prod/model-0001")
    terminal.send("0019" + DOWN + " " + ESCAPE)
    terminal.until("❯ 2 @openai-prod/model-0019")
    terminal.send(ENTER)
    assert terminal.end() == 0
    assert terminal.answers == [["@anthropic-prod/model-0001", "@openai-prod/model-0019"]]
    assert terminal.text.split() == [
        *("✓", "Fallback", "models"),
        *("@anthropic-prod/model-0001,", "@openai-prod/model-0019"),
    ]


def test_a_refused_one_is_not_picked(run: Run) -> None:
    terminal = run("few")
    terminal.until("❯")
    terminal.send("bedrock ")
    terminal.until("! @bedrock-eu cannot be chosen")
    terminal.send(ENTER)
    assert terminal.end() == 0
    assert terminal.answers == [[]]
    assert terminal.lines[0] == "✓ Fallback models        none"


def test_where_one_is_needed_enter_takes_what_is_pointed_at(run: Run) -> None:
    terminal = run("one", "one", "two")
    terminal.until("❯")
    terminal.send("bedrock" + ENTER)
    terminal.until("! pick 1 at least, with space")
    terminal.send(ESCAPE + DOWN + ENTER)
    terminal.until("✓ Models                 I have none yet")
    terminal.send(DOWN + " " + ENTER)
    terminal.until("✓ Models                 @openai-prod")
    terminal.send(ENTER)
    terminal.until("! pick 2 at least, with space")
    terminal.send(" " + DOWN + " " + ENTER)
    assert terminal.end() == 0
    assert terminal.answers == [["none"], ["openai-prod"], ["anthropic-prod", "openai-prod"]]


@pytest.mark.parametrize(
    ("name", "keys", "answer"),
    [
        ("confirm", ENTER, False),
        ("confirm", "y" + ENTER, True),
        ("confirm", "YES" + ENTER, True),
        ("confirm", paste("y\n") + ENTER, False),
        ("yes", ENTER, True),
        ("yes", "n" + ENTER, False),
    ],
)
def test_a_confirmation_takes_a_letter_and_enter(run: Run, name: str, keys: str, answer: bool) -> None:
    terminal = run(name)
    terminal.until("? Apply (y/N)" if name == "confirm" else "? Keep the key that is there (Y/n)")
    terminal.send(keys)
    assert terminal.end() == 0
    assert terminal.answers == [answer]
    assert ("yes" if answer else "no") in terminal.text


@pytest.mark.parametrize("typed", ["do not apply", "yn", "q7"])
def test_a_sentence_with_a_y_in_it_is_no_yes(run: Run, typed: str) -> None:
    terminal = run("confirm")
    terminal.until("? Apply (y/N)")
    terminal.send(typed + ENTER)
    terminal.until("✗ type y or n")
    terminal.send(ERASE_LINE + "y" + ENTER)
    assert terminal.end() == 0
    assert terminal.answers == [True]
