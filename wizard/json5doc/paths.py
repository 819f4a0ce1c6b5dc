"""Paths: the way from the root of a document to one of its values."""

import re
from typing import TypeAlias

from wizard.json5doc.quoting import quote

Path: TypeAlias = tuple[str | int, ...]
"""Keys and array indexes from the root down; the empty path is the root."""

_PLAIN_KEY = re.compile(r"[\w$-]+")


def format_path(path: Path) -> str:
    """Writes a path for people, such as `models.providers["a/b"].models[0].id`; the root is `<root>`."""
    if not path:
        return "<root>"
    return "".join(map(_step, path)).removeprefix(".")


def _step(step: str | int) -> str:
    if isinstance(step, int):
        return f"[{step}]"
    return f".{step}" if _PLAIN_KEY.fullmatch(step) else f"[{quote(step)}]"
