"""The process's surroundings as one value, so that nothing else reads them from the side."""

from __future__ import annotations

import os
import platform
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO


@dataclass(frozen=True)
class Environment:
    """Streams, variables, folders and clock of a run; tests make their own.

    Attributes:
        variables: the process environment.
        home: the user's home folder.
        cwd: the working folder.
        system: `linux`, `darwin` or `win32`, as `sys.platform` has it.
    """

    variables: Mapping[str, str]
    home: Path
    cwd: Path
    stdin: TextIO = field(default_factory=lambda: sys.stdin)
    stdout: TextIO = field(default_factory=lambda: sys.stdout)
    stderr: TextIO = field(default_factory=lambda: sys.stderr)
    system: str = sys.platform

    @classmethod
    def current(cls) -> Environment:
        """The real surroundings of this process."""
        variables = dict(os.environ)
        return cls(variables=variables, home=_home(variables), cwd=_working_folder())

    def now(self) -> datetime:
        """The wall clock, in UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Seconds on a clock that never goes back."""
        return time.monotonic()

    @property
    def interactive(self) -> bool:
        """Whether a person can be asked: both ends of the conversation are a terminal."""
        return _is_tty(self.stdin) and _is_tty(self.stdout) and self.variables.get("TERM") != "dumb"

    def display(self, path: Path | str) -> str:
        """A path as people write it: below the home folder it starts with `~`."""
        text = str(path)
        home = str(self.home)
        if text == home:
            return "~"
        if home != os.sep and text.startswith(home + os.sep):
            return "~" + text[len(home) :]
        return text


def architecture() -> str:
    """The machine's processor family, such as `x86_64` or `arm64`."""
    return platform.machine() or "unknown"


def in_container() -> bool:
    """Whether this looks like a container: the marker files that docker and podman leave."""
    return Path("/.dockerenv").exists() or Path("/run/.containerenv").exists()


def _home(variables: Mapping[str, str]) -> Path:
    stated = variables.get("HOME") or variables.get("USERPROFILE")
    return Path(stated) if stated else Path.home()


def _working_folder() -> Path:
    try:
        return Path.cwd()
    except OSError:
        # The folder was removed under us; the root is always there and holds no .env of the user's.
        return Path("/")


def _is_tty(stream: TextIO) -> bool:
    try:
        return stream.isatty()
    except (AttributeError, ValueError):
        return False
