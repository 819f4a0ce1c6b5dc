from __future__ import annotations

from dataclasses import astuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wizard.terminal.cells import width_of
from wizard.terminal.glyphs import ASCII, UNICODE, Glyphs, choose_glyphs, transliterate


@pytest.mark.parametrize(
    ("encoding", "glyphs"),
    [
        ("utf-8", UNICODE),
        (None, UNICODE),
        ("ascii", ASCII),
        ("ANSI_X3.4-1968", ASCII),
        ("latin-1", ASCII),
        ("cp437", ASCII),
        ("no-such-encoding", ASCII),
    ],
)
def test_a_stream_gets_the_whole_set_or_its_twins(encoding: str | None, glyphs: Glyphs) -> None:
    assert choose_glyphs(encoding) is glyphs


def test_every_twin_is_ascii() -> None:
    assert "".join(astuple(ASCII)).isascii()


def test_the_glyphs_that_are_repeated_take_one_cell() -> None:
    for glyphs in (UNICODE, ASCII):
        assert {width_of(g) for g in (glyphs.link, glyphs.bar, glyphs.underline, glyphs.point)} == {1}


@pytest.mark.parametrize(
    ("text", "encoding", "shown"),
    [
        ("✓ “ok” → ‹sha256:1f9c22ab› · more…", "ascii", 'ok "ok" -> <sha256:1f9c22ab> - more...'),
        ("café · ✗", "latin-1", "café · x"),
        ("漢🦞", "ascii", "\\u6f22\\U0001f99e"),
        ("漢", "utf-8", "漢"),
        ("漢", None, "漢"),
    ],
)
def test_what_a_stream_lacks_is_written_with_what_it_has(text: str, encoding: str | None, shown: str) -> None:
    assert transliterate(text, encoding) == shown


@given(st.text(), st.sampled_from(["ascii", "latin-1", "cp1252", "cp437"]))
def test_the_result_can_be_encoded_and_is_stable(text: str, encoding: str) -> None:
    result = transliterate(text, encoding)
    result.encode(encoding)
    assert transliterate(result, encoding) == result
