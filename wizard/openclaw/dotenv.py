"""`.env` files as OpenClaw reads them: by the rules of the npm package `dotenv`.

Differences to a shell that users meet: an unquoted value ends at the first `#`, with or without a space
before it; the last of several equal names counts; nothing is expanded; quotes around a value are dropped.
"""

from __future__ import annotations

import re
from typing import Final

_ASSIGNMENT: Final = re.compile(
    r"""
    ^[^\S\n]*(?:export[^\S\n]+)?
    (?P<name>[\w.-]+)
    (?:[^\S\n]*=[^\S\n]*|:[^\S\n]+)
    (?P<value>
        '(?:\\'|[^'])*' | "(?:\\"|[^"])*" | `(?:\\`|[^`])*`   # may run over lines
      | [^\#\n]*
    )
    [^\S\n]*(?:\#[^\n]*)?$
    """,
    re.VERBOSE | re.MULTILINE,
)


def parse_dotenv(text: str) -> dict[str, tuple[str, int]]:
    """Names to their values and 1-based lines; of equal names the last."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    return {
        found["name"]: (_unquote(found["value"].strip()), text.count("\n", 0, found.start("name")) + 1)
        for found in _ASSIGNMENT.finditer(text)
    }


def _unquote(value: str) -> str:
    if len(value) >= 2 and value[0] == value[-1] and value[0] in "'\"`":
        inner = value[1:-1]
        return inner.replace("\\n", "\n").replace("\\r", "\r") if value[0] == '"' else inner
    return value
