from __future__ import annotations

import io

from hypothesis import given
from hypothesis import strategies as st

from wizard.terminal.cells import width_of
from wizard.terminal.console import Console, Tone
from wizard.terminal.route_picture import Station, Status, picture_lines, plain_facts

STATUSES: tuple[Status, ...] = ("ok", "failed", "warned", "skipped", "unknown")
BROKEN = (
    Station("openclaw", "OpenClaw", "ok"),
    Station("key", "key", "failed", "PKC208", "key-in-wrong-header"),
    Station("network", "network", "ok", note="38 ms"),
    Station("gateway", "Portkey", "unknown"),
    Station("model", "gpt-5.1", "skipped"),
)


def drawn(stations: tuple[Station, ...], width: int, encoding: str = "utf-8") -> list[str]:
    console = Console(io.TextIOWrapper(io.BytesIO(), encoding=encoding), width=120)
    return ["".join(span.text for span in line).rstrip() for line in picture_lines(stations, console, width=width)]


def test_in_a_row_the_line_is_cut_behind_the_failed_hop() -> None:
    assert drawn(BROKEN, 70) == [
        "OpenClaw ─── key ─✗─ network ─── Portkey ─── gpt-5.1",
        "   ✓       PKC208    ✓ 38 ms        ?           ·",
    ]


def test_with_less_room_the_lines_shrink_first() -> None:
    assert drawn(BROKEN, 46) == [
        "OpenClaw ─ key ✗ network ─ Portkey ─ gpt-5.1",
        "   ✓     PKC208  ✓ 38 ms      ?         ·",
    ]


def test_notes_of_working_hops_go_before_the_row_does_and_codes_never() -> None:
    noted = (
        Station("a", "a", "ok", note="a very long note"),
        Station("b", "b", "ok", note="short"),
        Station("c", "c", "failed", "PKC301"),
    )
    assert drawn(noted, 30) == ["a ─── b ────── c", "✓  ✓ short  PKC301"]


def test_where_a_row_does_not_fit_the_hops_stand_below_each_other() -> None:
    assert drawn(BROKEN, 40) == [
        "✓ OpenClaw",
        "✗ key       PKC208 key-in-wrong-header",
        "✓ network   38 ms",
        "? Portkey   not determined",
        "· gpt-5.1   not reached",
    ]


def test_the_ascii_twins_align_too() -> None:
    assert drawn(BROKEN, 70, "ascii") == [
        "OpenClaw --- key -x- network --- Portkey --- gpt-5.1",
        "   ok      PKC208   ok 38 ms        ?           .",
    ]
    assert drawn(BROKEN, 40, "ascii")[:2] == ["ok OpenClaw", "x  key       PKC208 key-in-wrong-header"]


def test_plain_facts_are_words() -> None:
    assert plain_facts(BROKEN) == (
        "openclaw: ok",
        "key: failed, PKC208 key-in-wrong-header",
        "network: ok, 38 ms",
        "gateway: not determined",
        "model: not reached",
    )


def test_a_hop_that_nothing_stopped_was_not_asked() -> None:
    stations = (Station("openclaw", "OpenClaw", "ok"), Station("network", "network", "skipped"))
    assert plain_facts(stations) == ("openclaw: ok", "network: not asked")


def test_a_route_without_hops_has_no_picture() -> None:
    assert drawn((), 60) == []
    assert plain_facts(()) == ()


def test_status_is_never_told_by_colour_alone() -> None:
    console = Console(io.StringIO(), width=120)
    glyphs = set()
    for status in STATUSES:
        lines = picture_lines((Station("x", "x", status),), console, width=60)
        glyphs.add("".join(span.text for span in lines[-1]).strip())
    assert len(glyphs) == len(STATUSES)


def test_broken_is_red_and_what_was_not_reached_is_dim() -> None:
    rows = picture_lines(BROKEN, Console(io.StringIO(), width=120), width=70)
    tones = {span.text.strip(): span.tone for row in rows for span in row}
    assert (tones["PKC208"], tones["✓ 38 ms"], tones["gpt-5.1"]) == (Tone.BROKEN, Tone.GOOD, Tone.DIM)


@given(
    st.lists(
        st.builds(
            Station,
            st.text(),
            st.text(),
            st.sampled_from(STATUSES),
            st.none() | st.text(),
            st.none() | st.text(),
            st.none() | st.text(),
        ),
        max_size=8,
    ),
    st.integers(38, 118),
    st.sampled_from(["utf-8", "ascii"]),
)
def test_no_row_is_wider_than_asked(stations: list[Station], width: int, encoding: str) -> None:
    rows = drawn(tuple(stations), width, encoding)
    assert all(width_of(row) <= width for row in rows)
