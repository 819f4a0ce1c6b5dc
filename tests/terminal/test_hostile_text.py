"""Reports full of text that would like to do something to a terminal."""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Mapping

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.hostile_texts import CORPUS, poisoned
from tests.sample_reports import Sample
from wizard.report.human import render_human
from wizard.report.json_output import render_json
from wizard.report.model import Report
from wizard.terminal.cells import width_of
from wizard.terminal.console import Console

OWN_COLOURS = re.compile(r"\x1b\[(?:0|1|2|31|32|33)m")


def render(
    sample: Sample, *, width: int = 80, encoding: str = "utf-8", colour: bool = False, plain: bool = False
) -> str:
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding=encoding, newline="\n")
    report, frames = sample
    console = Console(stream, width=width, colour=colour, plain=plain)
    render_human(report, frames=frames, console=console, verbose=True)
    stream.flush()
    return raw.getvalue().decode(encoding)


def acting(screen: str) -> set[str]:
    """The characters in a screen that do more than show themselves."""
    return {
        character
        for character in screen
        if unicodedata.category(character) in ("Cc", "Cf", "Cs", "Zl", "Zp") and character != "\n"
    }


def commands(report: Report, console: Console) -> set[str]:
    return {console.clean(command).strip() for f in report.findings for command in f.remedy.commands}


@pytest.mark.parametrize("kind", CORPUS)
@pytest.mark.parametrize("name", ["several", "unknown", "repaired", "unreadable-config"])
def test_nothing_dangerous_reaches_the_output(name: str, kind: str, samples: Mapping[str, Sample]) -> None:
    bad = poisoned(samples[name], CORPUS[kind])
    assert acting(render(bad)) == set()
    assert acting(render(bad, plain=True)) == set()
    assert acting(OWN_COLOURS.sub("", render(bad, colour=True))) == set()
    assert render(bad, encoding="ascii").isascii()
    assert acting(render_json(bad[0])) <= {"\u0600"}


@pytest.mark.parametrize("kind", CORPUS)
def test_even_where_no_field_is_what_it_should_be(kind: str, samples: Mapping[str, Sample]) -> None:
    for name in ("several", "unknown"):
        assert acting(render(poisoned(samples[name], CORPUS[kind], spare=()))) == set()


def test_a_hidden_sequence_leaves_nothing_of_itself(samples: Mapping[str, Sample]) -> None:
    for kind in ("colours", "cursor", "title", "link", "clipboard"):
        screen = render(poisoned(samples["several"], CORPUS[kind]))
        assert not re.search(r"\[35m|\[2J|owned|evil\.example|cm0gLXJm|\]8;;", screen), kind


def test_markup_and_emoji_names_are_shown_as_they_are(samples: Mapping[str, Sample]) -> None:
    screen = render(poisoned(samples["broken"], "[red]x[/red] :warning:"), colour=True)
    assert "[red]x[/red] :warning:" in screen


def test_plain_mode_stays_one_fact_a_line(samples: Mapping[str, Sample]) -> None:
    good, bad = samples["several"], poisoned(samples["several"], "one\u2028two\x0bthree")
    lines = render(bad, plain=True).splitlines()
    assert all(": " in line for line in lines)
    # A message may have paragraphs; each is a fact of its own.
    assert len(lines) == len(render(good, plain=True).splitlines()) + 2 * sum(line == "what: three" for line in lines)


def test_handles_survive(samples: Mapping[str, Sample]) -> None:
    bad = poisoned(samples["broken"], "\x1b[31m‹sha256:1f9c22ab›\u202e")
    assert "‹sha256:1f9c22ab›" in render(bad)
    assert "<sha256:1f9c22ab>" in render(bad, encoding="ascii")


@settings(
    max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], deadline=None
)
@given(
    text=st.text(alphabet=st.characters(exclude_categories=()), max_size=120),
    name=st.sampled_from(["several", "healthy", "unknown", "unreadable-config"]),
    width=st.integers(40, 120),
    encoding=st.sampled_from(["utf-8", "ascii", "cp1252"]),
    plain=st.booleans(),
)
def test_any_text_is_shown_safely_and_fits(
    *, text: str, name: str, width: int, encoding: str, plain: bool, samples: Mapping[str, Sample]
) -> None:
    report, _ = bad = poisoned(samples[name], text)
    screen = render(bad, width=width, encoding=encoding, plain=plain)
    assert acting(screen) == set()
    if not plain:
        long = commands(report, Console(io.TextIOWrapper(io.BytesIO(), encoding=encoding), width=width))
        assert all(width_of(line) <= width or line.strip() in long for line in screen.split("\n"))
