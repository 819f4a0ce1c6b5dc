"""The lines of a wizard: where it stands, and what was answered."""

from __future__ import annotations

from typing import Final

from wizard.terminal.cells import padded, width_of
from wizard.terminal.console import Console, Span, Tone

# Answers stand below one another; a longer question pushes its own answer to the right.
LABEL_WIDTH: Final = 22
_GAP: Final = 3
# A narrower screen has no room for a column of its own.
_WIDE: Final = 60


def show_step(console: Console, number: int, steps: int, *, title: str, keys: str = "", note: str = "") -> None:
    """Prints the line above a step, such as `Portkey for OpenClaw   step 2 of 5   ctrl-b back · ctrl-c leave`.

    Where the screen is too narrow for one line, the keys go to the next; in plain mode all of it is one sentence.

    Args:
        console: where it goes.
        number: the step, 1-based.
        steps: how many there are.
        title: what the wizard is about.
        keys: how to go back and how to leave, a prompter's `keys`.
        note: what leaving means now, such as `nothing written`.
    """
    place = f"step {number} of {steps}"
    hints = ", ".join(part for part in (keys, note) if part)
    if console.plain:
        console.line(f"{title}, {place}.{f' {hints[:1].upper()}{hints[1:]}.' if hints else ''}")
        return
    gap = " " * _GAP
    console.blank()
    free = console.width - sum(map(width_of, map(console.clean, (title, place, hints)))) - 2 * _GAP
    if free >= 0:
        row = (Span(title, Tone.STRONG), Span(" " * free + gap + place, Tone.DIM))
        console.row(*row, Span(gap + hints if hints else "", Tone.DIM))
    else:
        console.line(Span(title, Tone.STRONG), Span(gap + place, Tone.DIM))
        console.line(Span(hints, Tone.DIM))
    console.blank()


def show_answer(console: Console, question: str, answer: str) -> None:
    """Prints what a prompt leaves behind, such as `✓ Provider              @anthropic-prod`."""
    if console.plain:
        console.line(f"{question}: {answer}")
        return
    label = f"{console.clean(question)} "
    if console.width >= _WIDE:
        label = padded(label, LABEL_WIDTH)
    console.line(answer, label=(Span(f"{console.glyphs.good} ", Tone.GOOD), Span(f"{label} ")))
