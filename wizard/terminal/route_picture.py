"""The picture of a route: its hops in a row with what was seen at each, or one below the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from wizard.terminal.cells import clipped, padded, width_of
from wizard.terminal.console import Console, Line, Span, Tone

Status = Literal["ok", "failed", "warned", "skipped", "unknown"]

# Cells of the line between two hops, the roomiest first.
_LINKS: Final = (3, 2, 1)
_CAPTION_GAP: Final = 2
_TONES: Final = {"ok": Tone.GOOD, "failed": Tone.BROKEN, "warned": Tone.CARE, "unknown": Tone.CARE}


@dataclass(frozen=True, slots=True)
class Station:
    """One hop as it is drawn.

    Attributes:
        name: the hop's plain name, for plain mode.
        label: what it is called in the picture, such as a provider's slug.
        status: how far it works.
        code: the finding that stops or touches it, or None.
        slug: that finding's name, or None.
        note: a few words of what was seen, or None.
    """

    name: str
    label: str
    status: Status
    code: str | None = None
    slug: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a station's label and caption start, in cells."""

    label: int
    caption: int


def picture_lines(stations: Sequence[Station], console: Console, *, width: int) -> tuple[Line, ...]:
    """The picture in at most `width` cells.

    In a row where that fits, if need be without the notes of hops that work; otherwise one below the other.
    """
    clean = [_cleaned(station, console) for station in stations]
    candidates = [clean]
    while longest := max((station for station in candidates[-1] if _may_drop(station)), key=_note_width, default=None):
        candidates.append([replace(s, note=None) if s is longest else s for s in candidates[-1]])
    for candidate in candidates:
        for link in _LINKS:
            places = _places(candidate, console, link)
            if places and _extent(candidate, console, places) <= width:
                return _row(candidate, console, places)
    return _column(clean, console, width)


def plain_facts(stations: Sequence[Station]) -> tuple[str, ...]:
    """One fact a hop, such as `key: failed, PKC208 key-in-wrong-header`."""
    return tuple(
        f"{station.name}: {', '.join([word, *_details(station)])}"
        for station, word in zip(stations, _words(stations), strict=True)
    )


def _cleaned(station: Station, console: Console) -> Station:
    return replace(
        station,
        label=console.clean(station.label),
        code=station.code and console.clean(station.code),
        slug=station.slug and console.clean(station.slug),
        note=station.note and console.clean(station.note),
    )


def _may_drop(station: Station) -> bool:
    return bool(station.note) and station.status == "ok"


def _note_width(station: Station) -> int:
    return width_of(station.note or "")


def _glyph(station: Station, console: Console) -> str:
    glyphs = console.glyphs
    return {"ok": glyphs.good, "failed": glyphs.broken, "warned": glyphs.care, "unknown": glyphs.unknown}.get(
        station.status, glyphs.idle
    )


def _caption(station: Station, console: Console) -> str:
    if station.status == "failed" and station.code:
        return station.code
    detail = station.code if station.status == "warned" and station.code else station.note
    return f"{_glyph(station, console)} {detail}" if detail else _glyph(station, console)


def _places(stations: Sequence[Station], console: Console, link: int) -> list[_Place]:
    """Labels at least `link` and two spaces apart, each caption centred below its label."""
    places: list[_Place] = []
    label_end = caption_end = -link - 2
    for station in stations:
        label, caption = width_of(station.label), width_of(_caption(station, console))
        shift = (label - caption) // 2
        start = max(label_end + link + 2, caption_end + _CAPTION_GAP - shift, -shift)
        places.append(_Place(start, start + shift))
        label_end, caption_end = start + label, start + shift + caption
    return places


def _extent(stations: Sequence[Station], console: Console, places: Sequence[_Place]) -> int:
    last, place = stations[-1], places[-1]
    return max(place.label + width_of(last.label), place.caption + width_of(_caption(last, console)))


def _row(stations: Sequence[Station], console: Console, places: Sequence[_Place]) -> tuple[Line, ...]:
    labels: list[Span] = [Span(" " * places[0].label)]
    captions: list[Span] = []
    caption_end = 0
    broken = next((index for index, station in enumerate(stations) if station.status == "failed"), None)
    for index, (station, place) in enumerate(zip(stations, places, strict=True)):
        labels.append(Span(station.label, _label_tone(station)))
        caption = _caption(station, console)
        captions.append(Span(" " * (place.caption - caption_end)))
        captions.append(Span(caption, _TONES.get(station.status, Tone.DIM)))
        caption_end = place.caption + width_of(caption)
        if index + 1 < len(stations):
            cells = places[index + 1].label - place.label - width_of(station.label) - 2
            labels.extend(_link(cells, console, cut=index == broken))
    return tuple(labels), tuple(captions)


def _link(cells: int, console: Console, *, cut: bool) -> Line:
    line = console.glyphs.link
    if not cut:
        return (Span(f" {line * cells} ", Tone.DIM),)
    cross = console.glyphs.broken
    left = (cells - 1) // 2
    return (
        Span(f" {line * left}", Tone.DIM),
        Span(cross, Tone.BROKEN),
        Span(f"{line * (cells - 1 - left)} ", Tone.DIM),
    )


def _column(stations: Sequence[Station], console: Console, width: int) -> tuple[Line, ...]:
    glyph_width = max((width_of(_glyph(station, console)) for station in stations), default=1)
    label_width = min(max((width_of(station.label) for station in stations), default=0), width // 2)
    room = width - glyph_width - label_width - 3
    lines: list[Line] = []
    for station, word in zip(stations, _words(stations), strict=True):
        tone = _TONES.get(station.status, Tone.DIM)
        dots = console.clean("…")
        label = padded(clipped(station.label, label_width, ellipsis=dots), label_width)
        details = _details(station)
        tail = " ".join(details) if details or station.status == "ok" else word
        lines.append(
            (
                Span(padded(_glyph(station, console), glyph_width) + " ", tone),
                Span(f"{label}  ", _label_tone(station)),
                Span(clipped(tail, room, ellipsis=dots), Tone.DIM if station.status == "ok" else tone),
            )
        )
    return tuple(lines)


def _label_tone(station: Station) -> Tone:
    return Tone.DIM if station.status == "skipped" else Tone.PLAIN


def _details(station: Station) -> list[str]:
    if station.code and station.status in ("failed", "warned"):
        return [f"{station.code} {station.slug}" if station.slug else station.code]
    return [station.note] if station.note else []


def _words(stations: Sequence[Station]) -> list[str]:
    """Each status in words; a hop behind a failed one was not reached, any other was not asked."""
    words = []
    stopped = False
    for station in stations:
        stopped = stopped or station.status == "failed"
        idle = "not reached" if stopped else "not asked"
        words.append({"skipped": idle, "unknown": "not determined"}.get(station.status, station.status))
    return words
