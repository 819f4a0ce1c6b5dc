"""The look at a change after the run that made it: is it still there, or did another program write over it?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from wizard.base.environment import Environment
from wizard.change.lost import lost, words_of_loss
from wizard.terminal.console import Console, Span, Tone


def look_again(
    entry_id: str | None, environment: Environment, console: Console, *, undone: bool = False
) -> tuple[str, ...]:
    """Prints what is lost of a change, and gives these places for the JSON document; empty where nothing is.

    Args:
        entry_id: the change's name in the journal; None where there was nothing to do.
        environment: whose journal and files these are.
        console: what people read.
        undone: whether the change took others back.
    """
    places = lost(entry_id, environment)
    if places:
        console.line(words_of_loss(places, undone=undone), label=(Span(f"{console.glyphs.care} ", Tone.CARE),))
    return places


def with_lost(document: Mapping[str, Any], places: Sequence[str]) -> dict[str, Any]:
    """A run's JSON document with `lost`, the places of its change that another program wrote over meanwhile."""
    return {**document, "lost": list(places)}
