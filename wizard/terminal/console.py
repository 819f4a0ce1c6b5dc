"""The one place that prints for people: what it is given becomes harmless, fits the stream and the screen."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, Final, TextIO

from wizard.base.environment import Environment
from wizard.terminal.cells import width_of
from wizard.terminal.glyphs import Glyphs, choose_glyphs, transliterate
from wizard.terminal.safe import LINE_LIMIT, safe_line

if TYPE_CHECKING:
    from rich.console import Console as RichConsole
    from rich.text import Text

MIN_WIDTH: Final = 40
MAX_WIDTH: Final = 120
_UNKNOWN_WIDTH: Final = 80
_COPY_INDENT: Final = 2
# Where the label of a hanging text would leave less than this, the text starts at the left instead.
_MIN_TEXT_WIDTH: Final = 24


class Tone(StrEnum):
    """How a text is meant. The value is a style of rich: named colours only, which follow the user's theme."""

    PLAIN = ""
    BROKEN = "red"
    CARE = "yellow"
    GOOD = "green"
    DIM = "dim"
    STRONG = "bold"


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of a line; the text may come from outside."""

    text: str
    tone: Tone = Tone.PLAIN


Line = tuple[Span, ...]


class Console:
    """A terminal, a pipe or a file that people read.

    Every text passes through `clean` on its way out, so callers need not care where it comes from.

    Attributes:
        stream: where it goes.
        width: the cells of a line, from `MIN_WIDTH` to `MAX_WIDTH`.
        colour: whether escape sequences for colours may be written.
        plain: one fact a line: no colours, no wrapping, no indentation.
        glyphs: the drawing characters of the stream.
    """

    def __init__(self, stream: TextIO, *, width: int, colour: bool = False, plain: bool = False) -> None:
        self.stream = stream
        self.width = min(max(width, MIN_WIDTH), MAX_WIDTH)
        self.plain = plain
        self.colour = colour and not plain
        self._encoding = getattr(stream, "encoding", None)
        self.glyphs: Glyphs = choose_glyphs(self._encoding)

    def clean(self, text: str, *, limit: int = LINE_LIMIT) -> str:
        """The text as one harmless line in characters that the stream has, as it will be printed."""
        return transliterate(safe_line(text, limit=limit), self._encoding)

    def blank(self) -> None:
        """Print an empty line; nothing in plain mode."""
        if not self.plain:
            self.line()

    def line(self, *parts: str | Span, indent: int = 0, label: Sequence[Span] = ()) -> None:
        """Print one text, wrapped between words where it is wider than the screen.

        Args:
            parts: the text in pieces.
            indent: the column of the first line.
            label: what stands before the text on the first line; the other lines hang below the text.
        """
        if self.plain:
            self._write((*label, *map(_span, parts)))
            return
        start = self._clean_line(label)
        hang = indent + sum(width_of(span.text) for span in start)
        if self.width - hang < _MIN_TEXT_WIDTH:
            start, hang, parts = (), min(indent, self.width - _MIN_TEXT_WIDTH), (*label, *parts)
        rows = self._wrapped(self._text(self._clean_line(map(_span, parts))), self.width - hang)
        first = self._text((Span(" " * (indent if start else hang)), *start))
        for number, row in enumerate(rows):
            self._print(first + row if number == 0 else self._text((Span(" " * hang),)) + row)

    def row(self, *parts: str | Span, indent: int = 0) -> None:
        """Print one line as it stands, not wrapped: for what was laid out to fit already."""
        if self.plain:
            self._write(map(_span, parts))
            return
        self._print(self._text((Span(" " * indent), *self._clean_line(map(_span, parts)))))

    def copyable(self, *texts: str, indent: int = 0) -> None:
        """Print commands or URLs so that they can be copied: one a line, never wrapped.

        Where one is too long for its column, all of them stand at the left between empty lines. What is wider
        than the screen even so is left to the terminal's own wrapping, which copies as one line.
        """
        room = self.width - max((width_of(self.clean(text)) for text in texts), default=0)
        if room < indent:
            self.blank()
        for text in texts:
            self.row(text, indent=indent if room >= indent else _COPY_INDENT)
        if room < indent:
            self.blank()

    def _clean_line(self, spans: Iterable[Span]) -> Line:
        return tuple(Span(self.clean(span.text), span.tone) for span in spans)

    def _write(self, spans: Iterable[Span]) -> None:
        self.stream.write("".join(self.clean(span.text) for span in spans).rstrip() + "\n")

    def _text(self, line: Line) -> Text:
        from rich.text import Text

        return Text.assemble(*((span.text, span.tone.value) for span in line))

    def _wrapped(self, text: Text, width: int) -> Sequence[Text]:
        return list(text.wrap(self._rich, width, overflow="fold")) or [text]

    def _print(self, text: Text) -> None:
        text.rstrip()
        self._rich.print(text, soft_wrap=True)

    @cached_property
    def _rich(self) -> RichConsole:
        from rich.console import Console as RichConsole

        class Quiet(RichConsole):
            def on_broken_pipe(self) -> None:
                """Let the caller see it: rich would end the process."""
                raise  # noqa: PLE0704 (rich calls this while it handles the BrokenPipeError)

        return Quiet(
            file=self.stream,
            width=self.width,
            height=25,
            color_system="standard" if self.colour else None,
            force_terminal=self.colour,
            force_jupyter=False,
            force_interactive=False,
            no_color=not self.colour,
            markup=False,
            emoji=False,
            highlight=False,
            highlighter=None,
            # Without it rich asks os.environ for the same things and may come to other answers.
            _environ={},
        )


def make_console(
    environment: Environment, *, stream: TextIO | None = None, plain: bool = False, no_color: bool = False
) -> Console:
    """The console for a stream of the environment, its standard output unless another is named.

    Colours need a terminal that is not `dumb`; `--no-color` and a non-empty NO_COLOR switch them off, and a
    non-empty FORCE_COLOR switches them on for a pipe (no-color.org, force-color.org). The width is COLUMNS,
    else the terminal's, else 80.
    """
    target = environment.stdout if stream is None else stream
    variables = environment.variables
    capable = _is_terminal(target) and variables.get("TERM") != "dumb"
    allowed = not no_color and not variables.get("NO_COLOR")
    return Console(
        target,
        width=_width(environment, target),
        colour=allowed and (capable or bool(variables.get("FORCE_COLOR"))),
        plain=plain,
    )


def _width(environment: Environment, stream: TextIO) -> int:
    stated = environment.variables.get("COLUMNS", "")
    if stated.isdecimal() and int(stated) > 0:
        return int(stated)
    try:
        # A terminal that does not know its size says 0.
        return os.get_terminal_size(stream.fileno()).columns or _UNKNOWN_WIDTH
    except (OSError, ValueError, AttributeError):
        return _UNKNOWN_WIDTH


def _is_terminal(stream: TextIO) -> bool:
    try:
        return stream.isatty()
    except (AttributeError, ValueError):
        return False


def _span(part: str | Span) -> Span:
    return Span(part) if isinstance(part, str) else part
