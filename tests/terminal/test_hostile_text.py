"""Reports full of text that would like to do something to a terminal."""

from __future__ import annotations

import dataclasses
import io
import re
import types
import typing
import unicodedata
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from wizard.report.human import render_human
from wizard.report.json_output import render_json
from wizard.report.model import CodeFrame, Report
from wizard.terminal.cells import width_of
from wizard.terminal.console import Console

Sample = tuple[Report, Mapping[str, CodeFrame]]
OWN_COLOURS = re.compile(r"\x1b\[(?:0|1|2|31|32|33)m")
# Fields that tie a report together; with them poisoned, whole parts of it would go unseen.
TIES = ("id", "code", "caused_by", "route_ids", "probe_ids", "severity", "confidence", "hop", "origin", "root_cause")

CORPUS = {
    "colours": "\x1b[35mmagenta\x1b[5mblink\x1b[0m",
    "cursor": "\x1b[2J\x1b[H\x1b[1A\x1b[2K\x1b[?25l\x1b[?1049h",
    "title": "\x1b]0;owned\x07\x1b]2;owned\x1b\\",
    "link": "\x1b]8;;https://evil.example\x07https://api.portkey.ai\x1b]8;;\x07",
    "clipboard": "\x1b]52;c;cm0gLXJmIH4=\x07",
    "eight-bit": "\x9b35m\x9d0;owned\x9c\x90q\x9c\x85",
    "unfinished": "\x1b]0;owned\x1b[35",
    "device": "\x1bP+q544e\x1b\\\x1b[c\x1b[6n\x1bZ\x05",
    "controls": "\x00\x07\x08\x0b\x0c\x0e\x0f\x7f",
    "line-ends": "one\ntwo\r\nthree\rfour\u2028five\u2029six\x1eseven",
    "bidi": "\u202egnp.exe\u202c\u2066x\u2069\u200f\u061c",
    "invisible": "a\u200bb\u200dc\ufeffd\u00ade\u2060f\U000e0041",
    "markup": "[red]x[/red] [link=https://evil.example]y[/link] [/] [[ :warning: \\[bold]",
    "long": "w" * 3000,
    "wide": "漢字🦞👨‍👩‍👧" * 60,
    "marks": "z" + "\u0301\u0489" * 100,
    "surrogates": "\ud83d\udc00\udfff",
    "spaces": "\u00a0\u2003\u3000\t\t" * 20,
    "empty": "",
    "html": "<script>alert(1)</script>&amp;",
    "format": "{0} %s {report} ${HOME} `id`",
}


def poison(value: Any, kind: Any, text: str, *, spare: tuple[str, ...]) -> Any:
    """The value with every free text in it replaced."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        hints = typing.get_type_hints(type(value))
        fields = (f.name for f in dataclasses.fields(value) if f.name not in spare)
        return dataclasses.replace(
            value, **{name: poison(getattr(value, name), hints[name], text, spare=spare) for name in fields}
        )
    if isinstance(value, tuple):
        inner = typing.get_args(kind)[0]
        return tuple(poison(item, inner, text, spare=spare) for item in value)
    if isinstance(value, dict):
        return {text + key: text for key in value}
    free = kind is str or (isinstance(kind, types.UnionType) and str in typing.get_args(kind))
    return text if free else value


def poisoned(sample: Sample, text: str, *, spare: tuple[str, ...] = TIES) -> Sample:
    report, frames = sample
    frame = CodeFrame(7, ("{", text + "key" + text, text), line=8, column=len(text) + 1, length=3)
    bad = poison(report, Report, text, spare=spare)
    return bad, {finding.id: frame for finding in bad.findings} if frames else {}


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
