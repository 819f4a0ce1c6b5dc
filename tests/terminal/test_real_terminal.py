"""A sample through the real console in a real terminal of 60 columns."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from pathlib import Path

import pexpect
import pyte
import pytest

from wizard.report.model import CodeFrame, Report

Sample = tuple[Report, Mapping[str, CodeFrame]]
COLUMNS, ROWS = 60, 120
CONFTEST = Path(__file__).with_name("conftest.py")
SHOW = """
import importlib.util, sys
spec = importlib.util.spec_from_file_location("sample_reports", sys.argv[1])
module = importlib.util.module_from_spec(spec)
spec.loader.exec_module(module)
from wizard.base.environment import Environment
from wizard.report.human import render_human
from wizard.terminal.console import make_console
report, frames = module.SAMPLES[sys.argv[2]]
render_human(report, frames=frames, console=make_console(Environment.current()), verbose="verbose" in sys.argv)
"""


def show(name: str, *options: str, **variables: str) -> tuple[str, list[str]]:
    """What the program wrote, and what stands on the screen."""
    child = pexpect.spawn(
        sys.executable,
        ["-c", SHOW, str(CONFTEST), name, *options],
        dimensions=(ROWS, COLUMNS),
        env={"TERM": "xterm-256color", "PYTHONUTF8": "1", "PATH": "", **variables},
        encoding="utf-8",
        timeout=30,
    )
    written = child.read()
    child.close()
    assert child.exitstatus == 0, written
    screen = pyte.Screen(COLUMNS, ROWS)
    pyte.Stream(screen).feed(written)
    return written, [line.rstrip() for line in screen.display]


@pytest.mark.parametrize("name", ["broken", "several", "healthy", "unknown", "unreadable-config"])
def test_the_terminal_wraps_nothing_but_commands_that_are_longer_than_it(
    name: str, samples: Mapping[str, Sample]
) -> None:
    written, screen = show(name)
    lines = re.sub(r"\x1b\[[0-9;]*m", "", written).replace("\r\n", "\n").rstrip("\n").split("\n")
    long = [line for line in lines if len(line) > COLUMNS]
    commands = [c for f in samples[name][0].findings for c in f.remedy.commands]
    assert all(line.strip() in commands for line in long)
    # Every line stands on the screen as it was written, the long ones on as many rows as they need.
    rows = [line[i : i + COLUMNS].rstrip() for line in lines for i in range(0, max(len(line), 1), COLUMNS)]
    assert rows == screen[: len(rows)]
    assert not any(screen[len(rows) :])


def test_a_command_that_fits_stands_on_one_row(samples: Mapping[str, Sample]) -> None:
    _, screen = show("unknown")
    assert "  portkey-claw doctor --trust-host gateway.example.internal" in screen
    _, screen = show("broken")
    assert "  openclaw gateway restart" in screen


def test_a_longer_command_copies_as_one_line() -> None:
    _, screen = show("broken")
    row = next(number for number, line in enumerate(screen) if line.startswith("  openclaw config set"))
    assert len(screen[row]) == COLUMNS
    assert (screen[row] + screen[row + 1]).strip() == (
        "openclaw config set models.providers.portkey.headers.x-portkey-api-key '${PORTKEY_API_KEY}'"
    )


def test_only_colours_are_sent_never_the_cursor() -> None:
    written, _ = show("several", "verbose")
    assert set(re.findall(r"\x1b[^m]*m?", written)) <= {f"\x1b[{n}m" for n in ("0", "1", "2", "31", "32", "33")}
    assert "\x1b[31m" in written


@pytest.mark.parametrize("variables", [{"NO_COLOR": "1"}, {"TERM": "dumb"}])
def test_without_colours_nothing_but_text_is_sent(variables: dict[str, str]) -> None:
    written, _ = show("several", **variables)
    assert "\x1b" not in written


def test_a_locale_without_unicode_gets_ascii() -> None:
    written, screen = show("broken", PYTHONUTF8="0", PYTHONIOENCODING="ascii")
    assert written.isascii()
    assert screen[0].startswith("x Requests from OpenClaw cannot reach Portkey")
