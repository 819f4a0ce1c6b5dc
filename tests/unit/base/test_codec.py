"""Dataclasses to JSON and back; what has another shape is refused with its place."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wizard.base.codec import CodecError, from_json, to_json


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


@dataclass(frozen=True, slots=True)
class Point:
    x: int
    y: float = 0.0


@dataclass(frozen=True)
class Thing:
    name: str
    place: Point | None = None
    colour: Colour = Colour.RED
    mode: Literal["a", "b"] = "a"
    flags: frozenset[Colour] = frozenset()
    path: tuple[str | int, ...] = ()
    pair: tuple[str, int] = ("", 0)
    by_name: Mapping[str, Point] = field(default_factory=dict)
    anything: Any = None
    either: Colour | Literal["both"] = Colour.RED


points = st.builds(Point, st.integers(), st.floats(allow_nan=False))
things = st.builds(
    Thing,
    name=st.text(),
    place=st.none() | points,
    colour=st.sampled_from(Colour),
    mode=st.sampled_from(["a", "b"]),
    flags=st.frozensets(st.sampled_from(Colour)),
    path=st.lists(st.text() | st.integers(min_value=0), max_size=3).map(tuple),
    pair=st.tuples(st.text(), st.integers()),
    by_name=st.dictionaries(st.text(), points, max_size=2),
    anything=st.recursive(st.none() | st.booleans() | st.integers() | st.text(), st.lists, max_leaves=5),
    either=st.sampled_from([*Colour, "both"]),
)


@given(things)
def test_what_goes_out_comes_back(thing: Thing) -> None:
    assert from_json(Thing, json.loads(json.dumps(to_json(thing)))) == thing


def test_what_is_left_out_has_its_default() -> None:
    assert from_json(Thing, {"name": "a"}) == Thing("a")
    assert from_json(Thing, {"name": "a", "from a newer version": 1}) == Thing("a")


@pytest.mark.parametrize(
    ("data", "place"),
    [
        ({}, "Thing"),
        ([], "Thing: an object"),
        ({"name": 1}, "Thing.name: a str"),
        ({"name": None}, "Thing.name"),
        ({"name": "a", "place": {"x": "1"}}, "Thing.place.x"),
        ({"name": "a", "place": {"x": True}}, "Thing.place.x: a int"),
        ({"name": "a", "place": {"x": 1.5}}, "Thing.place.x"),
        ({"name": "a", "colour": "green"}, "Thing.colour: 'green' is not a Colour"),
        ({"name": "a", "colour": []}, "Thing.colour"),
        ({"name": "a", "mode": "c"}, "Thing.mode"),
        ({"name": "a", "flags": "red"}, "Thing.flags: a list"),
        ({"name": "a", "flags": ["green"]}, "Thing.flags[0]"),
        ({"name": "a", "path": [None]}, "Thing.path[0]"),
        ({"name": "a", "path": [1.5]}, "Thing.path[0]"),
        ({"name": "a", "pair": ["a"]}, "Thing.pair: 2 items"),
        ({"name": "a", "by_name": []}, "Thing.by_name: an object"),
        ({"name": "a", "by_name": {"p": {}}}, "Thing.by_name.p"),
        ({"name": "a", "either": "neither"}, "Thing.either"),
    ],
)
def test_another_shape_is_refused_with_its_place(data: Any, place: str) -> None:
    with pytest.raises(CodecError) as caught:
        from_json(Thing, data)
    assert place in str(caught.value)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
        lambda inner: (
            st.lists(inner) | st.dictionaries(st.text() | st.sampled_from(list(Thing.__annotations__)), inner)
        ),
        max_leaves=20,
    )
)
def test_any_json_is_taken_or_refused(data: Any) -> None:
    with contextlib.suppress(CodecError):
        assert isinstance(from_json(Thing, data), Thing)


def test_a_whole_number_is_a_good_float() -> None:
    point = from_json(Point, {"x": 1, "y": 2})
    assert (point.y, type(point.y)) == (2.0, float)
