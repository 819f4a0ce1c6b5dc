"""What people see, compared to the letter with the files in `screens/`.

After a wanted change run `UPDATE_SCREENS=1 pytest tests/terminal/test_screens.py` and read the difference.
"""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from wizard.report.human import render_human
from wizard.report.model import CodeFrame, Report
from wizard.terminal.cells import width_of
from wizard.terminal.console import Console
from wizard.terminal.glyphs import UNICODE

Sample = tuple[Report, Mapping[str, CodeFrame]]
SCREENS = Path(__file__).with_name("screens")
NAMES = (
    *("broken", "healthy", "degraded", "unknown", "offline", "no-spend", "behind-gateway", "several", "repaired"),
    *("unreadable-config", "no-config", "no-provider"),
)
LOOKS: Mapping[str, Callable[[io.TextIOWrapper], Console]] = {
    "80": lambda stream: Console(stream, width=80),
    "60": lambda stream: Console(stream, width=60),
    "plain": lambda stream: Console(stream, width=80, plain=True),
}


def render(
    sample: Sample, look: Callable[[io.TextIOWrapper], Console], *, encoding: str = "utf-8", verbose: bool = False
) -> str:
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding=encoding, newline="\n")
    report, frames = sample
    render_human(report, frames=frames, console=look(stream), verbose=verbose)
    stream.flush()
    return raw.getvalue().decode(encoding)


def compare(name: str, screen: str) -> None:
    path = SCREENS / f"{name}.txt"
    if os.environ.get("UPDATE_SCREENS"):
        path.write_text(screen, encoding="utf-8", newline="\n")
    assert screen == path.read_text(encoding="utf-8")


def test_every_sample_has_its_screens(samples: Mapping[str, Sample]) -> None:
    assert set(NAMES) == set(samples)


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("name", NAMES)
def test_the_screen(name: str, look: str, samples: Mapping[str, Sample]) -> None:
    compare(f"{name}.{look}", render(samples[name], LOOKS[look]))


@pytest.mark.parametrize("look", ["80", "plain"])
def test_the_screen_with_every_detail(look: str, samples: Mapping[str, Sample]) -> None:
    compare(f"several.verbose-{look}", render(samples["several"], LOOKS[look], verbose=True))


def test_the_screen_of_a_stream_without_unicode(samples: Mapping[str, Sample]) -> None:
    screen = render(samples["several"], LOOKS["80"], encoding="ascii")
    compare("several.ascii-80", screen)


@pytest.mark.parametrize("width", [40, 60, 80, 100, 120])
@pytest.mark.parametrize("name", NAMES)
def test_only_commands_may_be_wider_than_the_screen(name: str, width: int, samples: Mapping[str, Sample]) -> None:
    commands = {command for finding in samples[name][0].findings for command in finding.remedy.commands}
    screen = render(samples[name], lambda stream: Console(stream, width=width))
    for line in screen.split("\n"):
        assert width_of(line) <= width or line.strip() in commands
        assert line == line.rstrip()
    assert {line.strip() for line in screen.split("\n")} >= commands & {line.strip() for line in screen.split("\n")}


@pytest.mark.parametrize("name", NAMES)
def test_the_first_line_says_the_verdict_and_the_last_the_counts(name: str, samples: Mapping[str, Sample]) -> None:
    lines = render(samples[name], LOOKS["80"]).splitlines()
    glyphs = {"healthy": UNICODE.good, "degraded": UNICODE.care, "broken": UNICODE.broken, "unknown": UNICODE.unknown}
    assert lines[0].startswith(glyphs[samples[name][0].verdict] + " ")
    assert "passed" in "".join(lines[-2:])


@pytest.mark.parametrize("name", NAMES)
def test_plain_mode_draws_nothing(name: str, samples: Mapping[str, Sample]) -> None:
    screen = render(samples[name], LOOKS["plain"], verbose=True)
    assert not set(screen) & set("─│✓✗·\x1b\r")
    assert all(": " in line for line in screen.splitlines())


@pytest.mark.parametrize("name", NAMES)
def test_every_command_can_be_copied_from_one_line(name: str, samples: Mapping[str, Sample]) -> None:
    main = samples[name][0].root_finding
    lines = [line.strip() for line in render(samples[name], LOOKS["60"]).splitlines()]
    assert all(command in lines for command in (main.remedy.commands if main else ()))
