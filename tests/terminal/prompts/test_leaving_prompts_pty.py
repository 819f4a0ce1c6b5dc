"""Back, leaving, signals and unknown keys: what stays on the screen, and whether the terminal is sane."""

from __future__ import annotations

import signal
import time

import pytest

from tests.terminal.prompts.pty_terminal import BACK, ENTER, EOF, ESCAPE, EVERY_PROMPT, KEY, LEAVE, Run


@pytest.mark.parametrize("name", EVERY_PROMPT)
@pytest.mark.parametrize("keys", [BACK, "\x1b[Z"], ids=["ctrl-b", "shift-tab"])
def test_back_leaves_nothing_on_the_screen(run: Run, name: str, keys: str) -> None:
    terminal = run(name)
    terminal.until("? ")
    terminal.send(keys)
    assert terminal.end() == 0
    assert terminal.answers == [{"back": name}]
    assert not terminal.text.strip()


@pytest.mark.parametrize("name", EVERY_PROMPT)
@pytest.mark.parametrize("keys", [LEAVE, EOF], ids=["ctrl-c", "ctrl-d"])
def test_leaving_leaves_a_sane_terminal(run: Run, name: str, keys: str) -> None:
    terminal = run(name)
    terminal.until("? ")
    terminal.send(keys)
    assert terminal.end() == 130
    assert terminal.answers == ["left"]
    assert not terminal.text.strip()


@pytest.mark.parametrize(
    "arguments", [("secret",), ("models",), ("confirm",), ("--plain", "secret"), ("--plain", "url")]
)
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_signal_leaves_a_sane_terminal(run: Run, arguments: tuple[str, ...], number: signal.Signals) -> None:
    terminal = run(*arguments)
    terminal.until(any)
    time.sleep(0.1)
    terminal.child.kill(number)
    assert terminal.end() == 128 + number


UNKNOWN_KEYS = "\x1b[99~\x1b[27;5;121~\x1b[I\x1b[0n\x1b[5~\x1bOP"


@pytest.mark.parametrize(
    ("name", "typed", "answer"), [("bare", "ab", "ab"), ("secret", KEY, KEY), ("confirm", "y", True)]
)
def test_keys_that_nobody_knows_are_not_typed(run: Run, name: str, typed: str, answer: object) -> None:
    terminal = run(name)
    terminal.until("? ")
    terminal.send(typed[:1] + UNKNOWN_KEYS + typed[1:] + UNKNOWN_KEYS + ENTER)
    assert terminal.end() == 0
    assert terminal.answers == [answer]


def test_escape_clears_a_search_and_nothing_else(run: Run) -> None:
    terminal = run("models")
    terminal.until("of 5000")
    terminal.send("openai model-0001")
    terminal.until("1 of 5000")
    terminal.send(ESCAPE)
    terminal.until("type to search")
    assert "❯ @openai-prod/model-0001" in terminal.text
    terminal.send(ESCAPE)
    time.sleep(0.5)
    terminal.send(ENTER)
    assert terminal.end() == 0
    assert terminal.answers == ["@openai-prod/model-0001"]
