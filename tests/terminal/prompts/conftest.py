"""Prompts in terminals that end with the test."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.terminal.prompts.pty_terminal import Run, Terminal


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Run]:
    """Starts prompts in a terminal and makes sure that they end."""
    started: list[Terminal] = []

    def start(*arguments: str, columns: int = 80, rows: int = 24, **env: str) -> Terminal:
        started.append(Terminal(tmp_path, arguments, columns, rows, env))
        return started[-1]

    yield start
    for terminal in started:
        with contextlib.suppress(OSError):
            terminal.child.close(force=True)
