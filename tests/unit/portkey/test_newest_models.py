"""The order in which models are offered: by what the catalogue itself tells, and by nothing else."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from wizard.portkey.catalogue import CatalogueModel, parse_page, split_model
from wizard.portkey.newest import newest_first


def models(*names: str) -> list[CatalogueModel]:
    return [model for model in map(split_model, names) if model is not None]


def ids(listed: list[CatalogueModel]) -> list[str]:
    return [model.id.partition("/")[2] for model in newest_first(listed)]


def test_dates_come_first() -> None:
    rows = [
        {"id": "@a/old", "created": 1_600_000_000},
        {"id": "@a/undated"},
        {"id": "@a/new", "created": 1_700_000_000, "context_window": 1000},
        {"id": "@a/new-and-large", "created": 1_700_000_000, "context_length": 2000},
    ]
    page = parse_page(json.dumps({"data": rows}))
    assert page is not None
    assert ids(list(page.models)) == ["new-and-large", "new", "old", "undated"]
    assert page.models[2].created_on == "2023-11-14"
    assert page.models[3].context == 2000


def test_without_dates_the_versions_order_a_family_and_the_families_stay_as_they_are() -> None:
    listed = models(
        "@a/claude-sonnet-4-20250514",
        "@a/claude-opus-4-1-20250805",
        "@a/claude-sonnet-4-5",
        "@a/claude-opus-4-5",
        "@a/gpt-4.1",
        "@a/gpt-4-0613",
        "@a/gpt-5.2",
    )
    assert ids(listed) == [
        "claude-sonnet-4-5",
        "claude-sonnet-4-20250514",
        "claude-opus-4-5",
        "claude-opus-4-1-20250805",
        "gpt-5.2",
        "gpt-4.1",
        "gpt-4-0613",
    ]


def test_names_without_numbers_keep_the_catalogues_order() -> None:
    assert ids(models("@a/zeta", "@a/alpha", "@b/alpha")) == ["zeta", "alpha", "alpha"]


def test_numbers_that_cannot_be_dates_are_none() -> None:
    rows = [{"id": "@a/b", "created": value} for value in (True, -1, 10**12, "2024", None, 1.5)]
    page = parse_page(json.dumps({"data": rows}))
    assert page is not None
    assert {model.created for model in page.models} <= {None, 1}


@given(st.lists(st.from_regex(r"\A[a-c0-9.:-]{1,12}\Z"), unique=True))
def test_nothing_is_lost_and_nothing_added(names: list[str]) -> None:
    listed = models(*(f"@a/{name}" for name in names))
    assert sorted(model.id for model in newest_first(listed)) == sorted(model.id for model in listed)
