"""A model's name for people, made from its id."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

_ACRONYMS: Final = frozenset({"gpt", "glm", "llm", "ai", "vl", "moe", "hd", "tts"})
# `4-5` is a version, `20250929` a date.
_VERSION: Final = re.compile(r"(?<![\w.])(\d{1,2})-(\d{1,2})(?![\w.])")


def readable_name(model: str, slug: str | None, taken: Iterable[str] = ()) -> str:
    """`claude-opus-4-5` as `Claude Opus 4.5`; the slug follows where another model already has that name."""
    last = model.rsplit("/", 1)[-1] or model
    words = re.split(r"[-_\s]+", _VERSION.sub(r"\1.\2", last))
    name = " ".join(_word(word) for word in words if word) or model
    return f"{name} ({slug})" if slug and name in set(taken) else name


def _word(word: str) -> str:
    if word.lower() in _ACRONYMS:
        return word.upper()
    return word[0].upper() + word[1:] if word.isalnum() and word.islower() else word
