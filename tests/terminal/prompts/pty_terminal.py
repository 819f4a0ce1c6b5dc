"""A program in a pty, and the keys that a person has."""

from __future__ import annotations

import json
import re
import shlex
import sys
import termios
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pexpect
import pyte

PROGRAM = Path(__file__).with_name("prompts_on_a_terminal.py")
KEY = "Zq8vT3nLw5Rk2Jd7Ym4xBc9fHs6pGt1uAe0iXo"
SECONDS = 10.0
BACK, LEAVE, EOF, ENTER, ESCAPE, UP, DOWN = "\x02", "\x03", "\x04", "\r", "\x1b", "\x1b[A", "\x1b[B"
PAGE_DOWN, END, ERASE_LINE = "\x1b[6~", "\x1b[F", "\x15"


def paste(text: str) -> str:
    """What a terminal sends for a paste, once a program has asked it to mark pastes."""
    return f"\x1b[200~{text}\x1b[201~"


class Terminal:
    """A program in a pty, with the screen as a person sees it."""

    def __init__(self, folder: Path, arguments: tuple[str, ...], columns: int, rows: int, env: dict[str, str]) -> None:
        self.answers_file = folder / "answers.json"
        self.screen = pyte.Screen(columns, rows)
        self._stream = pyte.Stream(self.screen)
        self.written = ""
        self.stdout_file = folder / "stdout"
        # A warning of any kind ends in a traceback, which no test expects on its screen.
        command = [sys.executable, "-X", "dev", "-W", "error", str(PROGRAM), str(self.answers_file), *arguments]
        target = f" > {shlex.quote(str(self.stdout_file))}" if "--json" in arguments else ""
        self.child = pexpect.spawn(
            "/bin/sh",
            ["-c", f"exec {shlex.join(command)}{target}"],
            dimensions=(rows, columns),
            env={"TERM": "xterm-256color", "PYTHONUTF8": "1", "PATH": "/usr/bin:/bin", "HOME": str(folder), **env},
            encoding="utf-8",
            timeout=SECONDS,
        )
        self.child.delaybeforesend = None

    def _read(self, seconds: float) -> bool:
        try:
            text = self.child.read_nonblocking(65536, seconds)
        except pexpect.TIMEOUT:
            return True
        except pexpect.EOF:
            return False
        self.written += text
        self._stream.feed(text)
        return True

    @property
    def lines(self) -> list[str]:
        return [line.rstrip() for line in self.screen.display]

    @property
    def text(self) -> str:
        return "\n".join(self.lines)

    def until(self, what: str | Callable[[list[str]], bool]) -> None:
        """Waits until a text, or something else that can be told of the lines, is on a screen that has come to rest."""
        end = time.monotonic() + SECONDS
        while not (self._shows(what) and self._rests() and self._shows(what)):
            assert self._read(0.05), f"it ended; {what!r} is not on its screen:\n{self.text}"
            assert time.monotonic() < end, f"{what!r} does not come; the screen is\n{self.text}"

    def _shows(self, what: str | Callable[[list[str]], bool]) -> bool:
        return what in self.text if isinstance(what, str) else bool(what(self.lines))

    def _rests(self) -> bool:
        before = -1
        while before < len(self.written):
            before = len(self.written)
            if not self._read(0.03):
                break
        return True

    def send(self, keys: str) -> None:
        self.child.send(keys)

    def resize(self, columns: int, rows: int) -> None:
        self.screen.resize(rows, columns)
        self.child.setwinsize(rows, columns)

    def end(self) -> int:
        """The exit status, with the terminal found sane: echo, lines, the cursor, and no marks around pastes."""
        end = time.monotonic() + SECONDS
        while self._read(0.1):
            assert time.monotonic() < end, f"it does not end; the screen is\n{self.text}"
        local = termios.tcgetattr(self.child.fileno())[3]
        self.child.close()
        for flag in (termios.ECHO, termios.ICANON, termios.ISIG):
            assert local & flag
        assert not self.screen.cursor.hidden
        assert self.written.rfind("\x1b[?2004h") <= self.written.rfind("\x1b[?2004l")
        # The answer to a question for the cursor's place would be among what is typed, where it comes late.
        assert "\x1b[6n" not in self.written
        assert "Traceback" not in self.written
        assert "Warning" not in self.written
        status = self.child.exitstatus
        return int(status) if status is not None else -int(self.child.signalstatus)

    @property
    def answers(self) -> Any:
        return json.loads(self.answers_file.read_text())


Run = Callable[..., Terminal]

EVERY_PROMPT = ("url", "secret", "models", "many", "confirm")


def colours_of(text: str) -> set[str]:
    return set(re.findall(r"\x1b\[([0-9;]*)m", text)) - {"", "0"}
