from __future__ import annotations

import io
import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TextIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wizard.base.environment import Environment
from wizard.terminal.cells import width_of
from wizard.terminal.console import MAX_WIDTH, MIN_WIDTH, Console, Span, Tone, make_console


class FakeTerminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def environment(stream: TextIO, variables: Mapping[str, str] | None = None) -> Environment:
    return Environment(variables=variables or {}, home=Path("/home/u"), cwd=Path("/home/u"), stdout=stream)


def printed(console: Console) -> str:
    assert isinstance(console.stream, io.StringIO)
    return console.stream.getvalue()


@pytest.mark.parametrize(
    ("stream", "variables", "no_color", "coloured"),
    [
        (FakeTerminal, {"TERM": "xterm-256color"}, False, True),
        (FakeTerminal, {}, False, True),
        (FakeTerminal, {"TERM": "dumb"}, False, False),
        (FakeTerminal, {"NO_COLOR": "1"}, False, False),
        (FakeTerminal, {"NO_COLOR": ""}, False, True),
        (FakeTerminal, {}, True, False),
        (io.StringIO, {"TERM": "xterm-256color", "COLORTERM": "truecolor"}, False, False),
        (io.StringIO, {"FORCE_COLOR": "1"}, False, True),
        (io.StringIO, {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False, False),
        (io.StringIO, {"FORCE_COLOR": "1"}, True, False),
    ],
)
def test_when_colours_are_written(
    stream: type[io.StringIO],
    variables: Mapping[str, str],
    no_color: bool,
    coloured: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # What the process itself has must not matter beside what the environment says.
    monkeypatch.setenv("FORCE_COLOR", "1")
    console = make_console(environment(stream(), variables), no_color=no_color)
    console.line(Span("red", Tone.BROKEN), Span(" dim", Tone.DIM))
    assert ("\x1b" in printed(console)) is coloured


def test_only_the_users_own_named_colours_are_used() -> None:
    console = Console(FakeTerminal(), width=80, colour=True)
    for tone in Tone:
        console.line(Span("text", tone))
    assert set(re.findall(r"\x1b\[([0-9;]*)m", printed(console))) == {"31", "32", "33", "1", "2", "0"}


def test_plain_mode_is_one_line_a_fact_without_any_dress() -> None:
    console = make_console(environment(FakeTerminal()), plain=True)
    console.line(Span("x " * 100, Tone.BROKEN), indent=8, label=(Span("label: "),))
    console.blank()
    console.copyable("a command", indent=8)
    assert printed(console) == "label: " + "x " * 99 + "x\na command\n"


@pytest.mark.parametrize(
    ("columns", "width"), [("100", 100), ("9999", MAX_WIDTH), ("5", MIN_WIDTH), ("0", 80), ("wide", 80), ("", 80)]
)
def test_the_width_is_what_is_stated_within_reason(columns: str, width: int) -> None:
    assert make_console(environment(io.StringIO(), {"COLUMNS": columns})).width == width


@pytest.fixture
def terminal_of_100_columns() -> Iterator[TextIO]:
    import fcntl
    import struct
    import termios

    outer, inner = os.openpty()
    fcntl.ioctl(inner, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 100, 0, 0))
    with os.fdopen(inner, "w", encoding="utf-8") as stream:
        yield stream
    os.close(outer)


def test_the_width_is_the_terminals_own(terminal_of_100_columns: TextIO) -> None:
    console = make_console(environment(terminal_of_100_columns))
    assert (console.width, console.colour) == (100, True)


def test_markup_emoji_names_and_numbers_are_only_text() -> None:
    console = Console(FakeTerminal(), width=80, colour=True)
    console.line("[bold red]x[/] :lobster: https://example.com 42 'text' /a/path None")
    assert printed(console) == "[bold red]x[/] :lobster: https://example.com 42 'text' /a/path None\n"


def test_lines_hang_below_their_text() -> None:
    console = Console(io.StringIO(), width=40)
    console.line("one two three four five six seven eight nine", indent=2, label=(Span("Seen    "),))
    assert printed(console) == "  Seen    one two three four five six\n          seven eight nine\n"


def test_a_label_that_leaves_no_room_goes_into_the_text() -> None:
    console = Console(io.StringIO(), width=40)
    console.line("some words that follow it", indent=2, label=(Span("a label of thirty characters  "),))
    assert printed(console) == "  a label of thirty characters  some\n  words that follow it\n"


def test_commands_are_never_wrapped() -> None:
    command = "openclaw config set models.providers.portkey.baseUrl https://api.portkey.ai/v1"
    console = Console(io.StringIO(), width=60)
    console.copyable("openclaw doctor", command, indent=10)
    assert printed(console) == f"\n  openclaw doctor\n  {command}\n\n"


def test_a_stream_without_unicode_gets_twins() -> None:
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding="ascii", newline="\n")
    console = Console(stream, width=80)
    console.line("“ok” → ‹sha256:1f9c22ab› 漢", label=(Span(console.glyphs.good + " "),))
    stream.flush()
    assert raw.getvalue() == b'ok "ok" -> <sha256:1f9c22ab> \\u6f22\n'


def test_a_closed_pipe_is_for_the_caller_to_see() -> None:
    reader, writer = os.pipe()
    os.close(reader)
    stream = os.fdopen(writer, "w", encoding="utf-8", buffering=1)
    try:
        with pytest.raises(BrokenPipeError):
            Console(stream, width=80).line("text")
    finally:
        with pytest.raises(BrokenPipeError):
            stream.close()


@given(st.text(alphabet=st.characters(exclude_categories=())), st.integers(40, 120), st.integers(0, 20))
def test_no_line_is_wider_than_the_screen(text: str, width: int, indent: int) -> None:
    console = Console(io.StringIO(), width=width)
    console.line(text, text, indent=indent, label=(Span(text[:8]),))
    assert all(width_of(line) <= width for line in printed(console).split("\n"))
