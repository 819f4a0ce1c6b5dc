"""Text from outside made safe for a terminal: what it says stays, what it could do is taken away.

Gateways, config files and environment variables can hold anything. Printed as it stands, a text could
move the cursor, set the window's title, offer a link under another name or turn the reading direction.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

LINE_LIMIT: Final = 2000
BLOCK_LINES: Final = 200
TAB_CELLS: Final = 4

# ECMA-48: control sequences; control strings (OSC, DCS, SOS, PM, APC) up to their end; other escapes. The
# text of a control string holds no controls, so that a stray introducer swallows nothing behind a line end.
_SEQUENCES: Final = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]"
    r"|(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])[^\x00-\x1f\x7f-\x9f]*(?:\x07|\x1b\\|\x9c)"
    r"|\x1b[ -/]*[0-~]"
)
_LINE_ENDS: Final = re.compile(r"\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")
# Marks pile up over neighbouring lines where a text has many; no script needs more than a few on a letter.
_MARKS_PER_LETTER: Final = 4
# Characters that show nothing although their category is that of a letter or a mark (Unicode's
# Default_Ignorable_Code_Point; its other members are of the categories Cc, Cf and Cn).
_INVISIBLE: Final = frozenset(
    {
        *(0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x3164, 0xFFA0),
        *(*range(0x180B, 0x1810), *range(0xFE00, 0xFE10), *range(0xE0000, 0xE1000)),
    }
)
_ELLIPSIS: Final = "…"


class _Harmless(dict[int, str]):
    """A table for `str.translate`, filled as characters are met."""

    def __missing__(self, code: int) -> str:
        self[code] = result = _harmless(code)
        return result


def _harmless(code: int) -> str:
    character = chr(code)
    category = unicodedata.category(character)
    if category == "Cs":
        return "\ufffd"
    if category in ("Zs", "Zl", "Zp") or character in "\t\n\v\f\r\x1c\x1d\x1e\x85":
        return " "
    return "" if category in ("Cc", "Cf") or code in _INVISIBLE else character


_HARMLESS: Final = _Harmless()


def safe_line(text: str, *, limit: int = LINE_LIMIT) -> str:
    """A text as one harmless line of at most `limit` characters, the last one `…` where it was cut.

    Escape and control sequences go as a whole, then controls, bidirectional and zero-width characters.
    Line ends, tabs and unusual spaces become spaces; lone surrogates become U+FFFD. Doing it twice changes
    nothing.
    """
    # No honest text is mostly invisible, so the work stays bounded by the limit.
    head = text[: limit * 8]
    clean = head
    if not (head.isascii() and head.isprintable()):
        clean = _SEQUENCES.sub("", head.replace("\r\n", "\n")).translate(_HARMLESS)
        clean = clean if clean.isascii() else _without_piled_marks(clean)
    if len(clean) > limit or len(head) < len(text):
        return clean[: max(limit - 1, 0)] + _ELLIPSIS
    return clean


def safe_block(text: str, *, limit: int = LINE_LIMIT, max_lines: int = BLOCK_LINES) -> str:
    """A text as harmless lines in one string, tabs as spaces up to the next fourth column.

    Lines are cut at `limit` characters; where there are more than `max_lines`, the last one is `…`.
    """
    lines = _LINE_ENDS.split(text, maxsplit=max_lines)
    shown = [safe_line(line.expandtabs(TAB_CELLS), limit=limit) for line in lines[:max_lines]]
    return "\n".join([*shown[:-1], _ELLIPSIS] if len(lines) > max_lines else shown)


def _without_piled_marks(text: str) -> str:
    kept = []
    run = 0
    for character in text:
        run = run + 1 if unicodedata.category(character) in ("Mn", "Me") else 0
        if run <= _MARKS_PER_LETTER:
            kept.append(character)
    return "".join(kept)
