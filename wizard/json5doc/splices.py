"""Changes of a text as replaced spans: whatever no span covers stays as it is."""

from collections.abc import Iterable
from typing import NamedTuple


class Splice(NamedTuple):
    """Replaces the text from `start` up to `end` by `text`; an empty span inserts."""

    start: int
    end: int
    text: str


def apply_splices(text: str, splices: Iterable[Splice]) -> str:
    """Gives the changed text; the splices come in the order of the text and do not overlap."""
    kept_from = 0
    parts: list[str] = []
    for splice in splices:
        parts += (text[kept_from : splice.start], splice.text)
        kept_from = splice.end
    return "".join((*parts, text[kept_from:]))
