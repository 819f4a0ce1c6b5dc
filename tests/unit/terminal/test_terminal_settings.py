"""The terminal's settings during a talk and after it, in a pty of this process."""

from __future__ import annotations

import io
import os
import signal
import termios
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import TextIO

import pytest

from wizard.terminal.hidden_line import read_hidden_line
from wizard.terminal.tty import hidden_typing, kept_terminal, quiet_terminal, visible_typing

Guard = Callable[[TextIO], AbstractContextManager[None]]
GUARDS = (quiet_terminal, kept_terminal, visible_typing, hidden_typing)


class Pty:
    def __init__(self) -> None:
        self.outer, self.inner = os.openpty()
        self.stdin = os.fdopen(self.inner, "r", encoding="utf-8")

    def flags(self) -> tuple[bool, bool]:
        """Whether what is typed is shown, and whether it comes line by line."""
        local = termios.tcgetattr(self.stdin.fileno())[3]
        return bool(local & termios.ECHO), bool(local & termios.ICANON)

    def type(self, text: str) -> None:
        os.write(self.outer, text.encode())


@pytest.fixture
def pty() -> Iterator[Pty]:
    made = Pty()
    yield made
    made.stdin.close()
    os.close(made.outer)


@pytest.mark.parametrize(
    ("guard", "inside"),
    [
        (quiet_terminal, (False, True)),
        (kept_terminal, (True, True)),
        (visible_typing, (True, True)),
        (hidden_typing, (False, False)),
    ],
)
def test_settings_hold_inside_and_are_put_back(pty: Pty, guard: Guard, inside: tuple[bool, bool]) -> None:
    with guard(pty.stdin):
        assert pty.flags() == inside
    assert pty.flags() == (True, True)


def test_a_visible_line_inside_a_quiet_talk(pty: Pty) -> None:
    with quiet_terminal(pty.stdin):
        with visible_typing(pty.stdin):
            assert pty.flags() == (True, True)
        with hidden_typing(pty.stdin):
            assert pty.flags() == (False, False)
        assert pty.flags() == (False, True)
    assert pty.flags() == (True, True)


@pytest.mark.parametrize("guard", GUARDS)
def test_an_exception_on_the_way_puts_them_back(pty: Pty, guard: Guard) -> None:
    with pytest.raises(KeyboardInterrupt), guard(pty.stdin):
        raise KeyboardInterrupt
    assert pty.flags() == (True, True)


@pytest.mark.parametrize("guard", GUARDS)
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_an_ending_signal_unwinds_and_leaves_its_handler(pty: Pty, guard: Guard, number: signal.Signals) -> None:
    assert signal.getsignal(number) is signal.SIG_DFL
    with pytest.raises(SystemExit) as caught, guard(pty.stdin):
        signal.raise_signal(number)
    assert caught.value.code == 128 + number
    assert pty.flags() == (True, True)
    assert signal.getsignal(number) is signal.SIG_DFL


def test_an_ignored_signal_stays_ignored(pty: Pty) -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with quiet_terminal(pty.stdin):
            signal.raise_signal(signal.SIGHUP)
            assert pty.flags() == (False, True)
    finally:
        signal.signal(signal.SIGHUP, before)


@pytest.mark.parametrize("guard", GUARDS)
def test_what_is_no_terminal_is_left_alone(guard: Guard) -> None:
    closed = io.StringIO()
    closed.close()
    reader, writer = os.pipe()
    os.close(writer)
    with os.fdopen(reader) as pipe:
        for stream in (io.StringIO("text"), closed, pipe):
            with guard(stream):
                pass


def test_a_terminal_that_goes_away_is_no_error(pty: Pty) -> None:
    other = os.open(os.devnull, os.O_RDONLY)
    with quiet_terminal(pty.stdin):
        os.dup2(other, pty.stdin.fileno())
    os.close(other)


def test_other_threads_are_guarded_without_signals(pty: Pty) -> None:
    seen: list[tuple[bool, bool]] = []

    def talk() -> None:
        with quiet_terminal(pty.stdin):
            seen.append(pty.flags())

    thread = threading.Thread(target=talk)
    thread.start()
    thread.join()
    assert seen == [(False, True)]
    assert pty.flags() == (True, True)


@pytest.mark.parametrize(
    ("typed", "line"),
    [
        ("secret\n", "secret"),
        ("secret\r", "secret"),
        ("sx\x7fecret\n", "secret"),
        ("\x7f\x08wrong\x15secret\n", "secret"),
        ("käse🦞\n", "käse🦞"),
        ("käse\x7f\x7fs\n", "käs"),
        ("ab\x04cd\n", "abcd"),
        ("\x1b[200~secret\x1b[201~\n", "secret"),
        ("x" * 3000 + "\n", "x" * 3000),
        ("\n", ""),
    ],
)
def test_a_hidden_line_is_read_and_not_shown(pty: Pty, typed: str, line: str) -> None:
    said = io.StringIO()
    with quiet_terminal(pty.stdin):
        thread = threading.Thread(target=pty.type, args=(typed,))
        thread.start()
        assert read_hidden_line(pty.stdin, said) == line
        thread.join()
    assert said.getvalue() == "\n"
    assert pty.flags() == (True, True)
    os.set_blocking(pty.outer, False)
    with pytest.raises(BlockingIOError):
        os.read(pty.outer, 1)


def test_what_follows_a_hidden_line_is_for_the_next_prompt(pty: Pty) -> None:
    with quiet_terminal(pty.stdin):
        pty.type("first\nsecond\n")
        assert read_hidden_line(pty.stdin, io.StringIO()) == "first"
        assert read_hidden_line(pty.stdin, io.StringIO()) == "second"


@pytest.mark.parametrize("pause", [0.0, 0.2], ids=["at once", "typed ahead"])
def test_the_end_of_input_leaves_a_hidden_line(pty: Pty, pause: float) -> None:
    pty.type("\x04")
    time.sleep(pause)
    with pytest.raises(KeyboardInterrupt):
        read_hidden_line(pty.stdin, io.StringIO())
    assert pty.flags() == (True, True)
