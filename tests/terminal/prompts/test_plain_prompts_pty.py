"""Prompts as plain lines in a real terminal."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from tests.terminal.prompts.pty_terminal import BACK, EOF, EVERY_PROMPT, KEY, LEAVE, Run, Terminal

PLAIN_WAYS: list[tuple[tuple[str, ...], dict[str, str]]] = [
    (("--plain",), {}),
    ((), {"TERM": "dumb"}),
    ((), {"ACCESSIBLE": "1"}),
]


@pytest.mark.parametrize(("flags", "env"), PLAIN_WAYS, ids=["flag", "dumb", "accessible"])
def test_plain_prompts_send_no_escape_sequence_and_draw_nothing_again(
    run: Run, flags: tuple[str, ...], env: dict[str, str]
) -> None:
    terminal = run(*flags, "choose", "url", "secret", "few", "confirm", columns=100, rows=60, **env)
    terminal.until("Provider, number:")
    terminal.send("3\r")
    terminal.until("@bedrock-eu cannot be chosen: budget used up until 1 December.")
    terminal.send("1\r")
    terminal.until("Portkey gateway [https://api.portkey.ai/v1]:")
    terminal.send("\r")
    terminal.until("Portkey API key (not shown while you type):")
    terminal.send(f"{KEY}\r")
    terminal.until("Portkey API key: 38 characters, sha256:")
    terminal.send("2 1\rdone\r")
    terminal.until("Apply (y/N):")
    terminal.send("y\r")
    assert terminal.end() == 0
    assert terminal.answers == [
        "anthropic-prod",
        "https://api.portkey.ai/v1",
        KEY,
        ["openai-prod", "anthropic-prod"],
        True,
    ]
    assert "\x1b" not in terminal.written
    assert KEY[:6] not in terminal.written


def test_a_plain_secret_may_be_longer_than_a_terminals_line(run: Run) -> None:
    token = "eyJ" + KEY * 150
    terminal = run("--plain", "secret")
    terminal.until("Portkey API key (not shown while you type):")
    # No faster than a terminal takes it while somebody reads.
    for start in range(0, len(token), 1000):
        terminal.send(token[start : start + 1000])
        time.sleep(0.05)
    terminal.send("\r")
    assert terminal.end() == 0
    assert terminal.answers == [token]
    assert KEY[:6] not in terminal.written


def waits_after(terminal: Terminal, times: int) -> Callable[[list[str]], bool]:
    """Tells whether that many prompts were answered and the next one waits on the last line."""

    def waits(lines: list[str]) -> bool:
        answered = len(terminal.answers) if terminal.answers_file.exists() else 0
        return answered == times and "".join(lines).endswith(":")

    return waits


@pytest.mark.parametrize("name", EVERY_PROMPT)
def test_plain_prompts_go_back_and_leave(run: Run, name: str) -> None:
    back = "/back" if name in ("url", "secret") else "b"
    terminal = run("--plain", name, name, name)
    terminal.until(waits_after(terminal, 0))
    terminal.send(f"{back}\r")
    terminal.until(waits_after(terminal, 1))
    terminal.send(f"{BACK}\r")
    terminal.until(waits_after(terminal, 2))
    terminal.send(LEAVE)
    assert terminal.end() == 130
    assert terminal.answers == [{"back": name}, {"back": name}, "left"]


@pytest.mark.parametrize("name", EVERY_PROMPT)
def test_the_end_of_input_leaves_plain_prompts(run: Run, name: str) -> None:
    terminal = run("--plain", name)
    terminal.until(":")
    terminal.send(EOF)
    assert terminal.end() == 130
