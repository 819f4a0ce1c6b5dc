"""Text from outside made safe for Markdown as GitHub, GitLab and CommonMark read it.

Prose that is quoted in an issue must stay what it says: no emphasis, link, image, HTML, mention of a person, reference
to an issue or a commit. Escaping does not stop mentions and references, which are looked for after the Markdown has
been read; a code span does. So every word that could be more than a word becomes a code span.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from wizard.report.documents.prose import pieces
from wizard.terminal.safe import safe_block, safe_line

_BACKTICKS: Final = re.compile("`+")


def prose(text: str) -> str:
    """One line of text; words that could be more than a word stand in code spans."""
    return "".join(code(piece.text) if piece.verbatim else piece.text for piece in pieces(text))


def paragraphs(text: str) -> str:
    """Lines of text as paragraphs."""
    return "\n\n".join(line for line in map(prose, safe_block(text).split("\n")) if line)


def code(text: str) -> str:
    """A code span that shows the text as it is, in one line; a space for an empty one."""
    line = safe_line(text).strip()
    ticks = "`" * (_longest_run(line) + 1)
    pad = " " if line.startswith("`") or line.endswith("`") else ""
    return f"{ticks}{pad}{line}{pad}{ticks}" if line else "` `"


def fenced(lines: Sequence[str], language: str = "text") -> list[str]:
    """A code block that nothing in its lines can end."""
    clean = [line for text in lines for line in safe_block(text).split("\n")]
    fence = "`" * max(3, 1 + max(map(_longest_run, clean), default=0))
    return [f"{fence}{language}", *clean, fence]


def _longest_run(text: str) -> int:
    return max((len(found[0]) for found in _BACKTICKS.finditer(text)), default=0)
