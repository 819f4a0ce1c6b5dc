"""The elements of the page. Every text passes through `text` or `prose`; nothing from outside becomes markup."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import Final

from wizard.report.documents.excerpt import excerpt
from wizard.report.documents.prose import pieces
from wizard.report.model import CodeFrame
from wizard.terminal.route_picture import Station, plain_facts
from wizard.terminal.safe import safe_block, safe_line

_TAB: Final = "  "
# Drawn in a field of 16 by 16; a shape of its own for each status, so that colour is never alone.
_ICONS: Final = {
    "ok": '<path d="M3.5 8.5l3 3 6-7"/>',
    "failed": '<path d="M4 4l8 8M12 4l-8 8"/>',
    "warned": '<path d="M8 3v6M8 12.2v.3"/>',
    "unknown": '<path d="M5.6 6a2.5 2.5 0 1 1 3.6 2.3c-.8.4-1.2.9-1.2 1.7M8 12.6v.2"/>',
    "skipped": '<path d="M8 8v.01"/>',
}


def text(value: str) -> str:
    """One harmless line."""
    return escape(safe_line(value))


def prose(value: str) -> str:
    """One line; names, addresses and values in it as code."""
    return "".join(
        f"<code>{escape(piece.text)}</code>" if piece.verbatim else escape(piece.text) for piece in pieces(value)
    )


def paragraphs(value: str) -> str:
    """Lines as paragraphs."""
    return "\n".join(f"<p>{line}</p>" for line in map(prose, safe_block(value).split("\n")) if line)


def block(lines: Iterable[str]) -> str:
    """Lines that stand as they are, to be read or copied."""
    return f'<pre tabindex="0"><code>{escape(chr(10).join(map(safe_block, lines)))}</code></pre>'


def icon(status: str) -> str:
    """The mark of a status; its meaning stands beside it in words."""
    return f'<svg class="icon" viewBox="0 0 16 16" aria-hidden="true">{_ICONS[status]}</svg>'


def route(label: str, hops: tuple[Station, ...]) -> str:
    """A route as a list of its hops, drawn in a row, on a narrow page in a column."""
    items = "\n".join(_hop(station, fact) for station, fact in zip(hops, plain_facts(hops), strict=True))
    return f'<ol class="route" aria-label="{text(label)}">\n{items}\n</ol>'


def _hop(station: Station, fact: str) -> str:
    detail = station.code if station.status in ("failed", "warned") and station.code else station.note
    # The words behind the name say what the mark and the colour say.
    spoken = fact.partition(": ")[2].partition(",")[0]
    note = f'<span class="note">{text(detail)}</span>' if detail else ""
    return (
        f'<li class="{station.status}">{icon(station.status)}'
        f'<span class="name">{text(station.label)}</span>'
        f'<span class="state">{text(spoken)}</span>{note}</li>'
    )


def frame(whole: CodeFrame) -> str:
    """Lines of the config; the one in question is marked, the place on it too."""
    shown = excerpt(whole)
    rows = []
    for number, line in enumerate(shown.lines, shown.first_line):
        here = number == shown.line
        code = _marked(line, shown) if here else escape(_clean(line))
        rows.append(
            f'<span class="line{" here" if here else ""}"><span class="number">{number}</span>{code or " "}</span>'
        )
    return f'<pre class="frame" tabindex="0"><code>{"".join(rows)}</code></pre>'


def _marked(line: str, shown: CodeFrame) -> str:
    begin = min(max(shown.column - 1, 0), len(line))
    end = begin + max(shown.length, 1)
    before, inside, after = (_clean(part) for part in (line[:begin], line[begin:end], line[end:]))
    if shown.column < 1 or not inside:
        return escape(before + inside + after)
    return f"{escape(before)}<mark>{escape(inside)}</mark>{escape(after)}"


def _clean(line: str) -> str:
    return safe_line(line.replace("\t", _TAB))


def facts(rows: Iterable[tuple[str, str]]) -> str:
    """Names and values."""
    items = "\n".join(f"<div><dt>{text(name)}</dt><dd>{text(value)}</dd></div>" for name, value in rows if value)
    return f"<dl>\n{items}\n</dl>"


def bullets(items: Iterable[str], *, kind: str = "") -> str:
    """A list of items that are markup already; an empty text for an empty list."""
    rows = "\n".join(f"<li>{item}</li>" for item in items)
    attribute = f' class="{kind}"' if kind else ""
    return f"<ul{attribute}>\n{rows}\n</ul>" if rows else ""
