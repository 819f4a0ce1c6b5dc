"""Numbers and lists in words."""

from __future__ import annotations

from collections.abc import Sequence


def plural(count: int, noun: str) -> str:
    """A count and its noun, such as `1 check` or `3 checks`."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def seconds(duration_ms: int) -> str:
    """A run's duration, such as `40 ms`, `0.4 s` or `2 min 5 s`."""
    if duration_ms < 100:
        return f"{duration_ms} ms"
    tenths = round(duration_ms / 100)
    if tenths < 600:
        return f"{tenths // 10}.{tenths % 10} s"
    minutes, rest = divmod(round(duration_ms / 1000), 60)
    return f"{minutes} min {rest} s"


def milliseconds(duration_ms: int) -> str:
    """One answer's duration, such as `38 ms`, from ten seconds on such as `12.3 s`."""
    return f"{duration_ms} ms" if duration_ms < 10_000 else seconds(duration_ms)


def joined(items: Sequence[str]) -> str:
    """A list in a sentence, such as `a, b and c`."""
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} and {items[-1]}"
