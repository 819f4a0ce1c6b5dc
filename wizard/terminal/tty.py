"""The terminal's own settings: quiet while a talk goes on, and put back as they were on every way out."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import Any, Final, NoReturn, TextIO

from wizard.base.errors import UserError

# What ends a process by default without letting it put anything back.
_ENDING_SIGNALS: Final = ("SIGTERM", "SIGHUP")
# SIGHUP's number, which Windows has no name for.
_HANGUP: Final = 1


@contextmanager
def quiet_terminal(stdin: TextIO) -> Iterator[None]:
    """Keeps what is typed off the screen between the prompts of a talk.

    A key that is pasted while the program still waits for a gateway would be shown otherwise. On the way out, an
    exception or an ending signal included, the terminal is put back as it was. Nothing happens where the stream is no
    terminal that can be set.

    Raises:
        SystemExit: a signal ended the talk; the status is 128 and the signal's number, as shells have it.
    """
    with kept_terminal(stdin):
        _change(stdin, echo=False)
        yield


def drop_typed_ahead(stdin: TextIO) -> None:
    """Throws away what was typed and not read yet, where the stream is a terminal that knows how."""
    with suppress(ImportError, OSError, ValueError, AttributeError):
        import termios

        termios.tcflush(stdin.fileno(), termios.TCIFLUSH)


@contextmanager
def kept_terminal(stdin: TextIO) -> Iterator[None]:
    """Puts the terminal back as it was on the way out, whatever happened to it meanwhile.

    Raises:
        SystemExit: a signal ended the talk.
    """
    before = _settings(stdin)
    with _ending_signals_raise():
        try:
            yield
        finally:
            if before is not None:
                _set(stdin, before)


@contextmanager
def quiet_hangup(stdin: TextIO, *streams: TextIO) -> Iterator[None]:
    """Ends quietly where the terminal that was there at the start is gone: nobody is left to tell.

    Reading it or writing to it then fails, as a rule after SIGHUP, without one where that signal is ignored.

    Args:
        stdin: the terminal.
        streams: what else may lead there; what they still hold is let go, so that Python's own end does not fail on it.

    Raises:
        SystemExit: the terminal is gone; the status is 129, as after SIGHUP.
    """
    there = _settings(stdin) is not None
    try:
        yield
    except (OSError, EOFError, KeyboardInterrupt, SystemExit, UserError):
        if not there or _settings(stdin) is not None:
            raise
        for stream in streams:
            _let_go(stream)
        raise SystemExit(128 + _HANGUP) from None


def _let_go(stream: TextIO) -> None:
    try:
        stream.flush()
    except (OSError, ValueError):
        with suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


@contextmanager
def visible_typing(stdin: TextIO) -> Iterator[None]:
    """Shows what is typed, line by line."""
    with kept_terminal(stdin):
        _change(stdin, echo=True)
        yield


@contextmanager
def hidden_typing(stdin: TextIO) -> Iterator[None]:
    """Shows nothing of what is typed and hands it over character by character.

    A terminal that collects lines cuts them at 4096 bytes (Linux) or 1024 (macOS), and a key may be longer.
    """
    with kept_terminal(stdin):
        _change(stdin, echo=False, lines=False)
        yield


if sys.platform == "win32":

    def _settings(stdin: TextIO) -> None:
        """A Windows console has no settings of this kind."""

    def _set(stdin: TextIO, settings: Any) -> None:
        """There are none to put back."""

    def _change(stdin: TextIO, *, echo: bool, lines: bool = True) -> None:
        """A Windows console is read key by key instead."""

else:
    import termios

    def _settings(stdin: TextIO) -> list[Any] | None:
        try:
            return termios.tcgetattr(stdin.fileno())
        except (termios.error, OSError, ValueError, AttributeError):
            return None

    def _set(stdin: TextIO, settings: list[Any]) -> None:
        try:
            termios.tcsetattr(stdin.fileno(), termios.TCSADRAIN, settings)
        except (termios.error, OSError, ValueError):
            # The terminal is gone; there is nothing left to put back.
            return

    def _change(stdin: TextIO, *, echo: bool, lines: bool = True) -> None:
        settings = _settings(stdin)
        if settings is None:
            return
        for flag, wanted in ((termios.ECHO, echo), (termios.ICANON, lines)):
            settings[3] = settings[3] | flag if wanted else settings[3] & ~flag
        if not lines:
            settings[6][termios.VMIN], settings[6][termios.VTIME] = 1, 0
        _set(stdin, settings)


@contextmanager
def _ending_signals_raise() -> Iterator[None]:
    """Lets an ending signal unwind the program instead of dropping it where it stands."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {}
    for name in _ENDING_SIGNALS:
        number = getattr(signal, name, None)
        # One that is ignored (nohup) or handled already stays as it is.
        if number is not None and signal.getsignal(number) is signal.SIG_DFL:
            before[number] = signal.signal(number, _end)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _end(number: int, frame: FrameType | None) -> NoReturn:
    del frame
    raise SystemExit(128 + number)
