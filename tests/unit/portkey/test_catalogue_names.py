"""`@slug/model` names, pages of the catalogue, and the names that a wrong one was meant for."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wizard.portkey.catalogue import Catalogue, CatalogueModel, parse_page, split_model


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("@openai-prod/gpt-4o", ("openai-prod", "gpt-4o")),
        ("@a/b/c:d@e", ("a", "b/c:d@e")),
        ("@A_b-1/x", ("A_b-1", "x")),
        ("gpt-4o", None),
        ("openai/gpt-4o", None),
        ("@openai", None),
        ("@openai/", None),
        ("@/gpt", None),
        ("@@a/b", None),
        ("@a b/c", None),
        ("@cf/meta/llama", None),
        ("@hf/thebloke/x", None),
        ("", None),
    ],
)
def test_a_name_and_its_parts(text: str, parts: tuple[str, str] | None) -> None:
    assert split_model(text) == (CatalogueModel(text, *parts) if parts else None)


@pytest.mark.parametrize(
    ("body", "models", "rows", "total"),
    [
        ({"object": "list", "total": 2, "data": [{"id": "@a/m"}, {"id": "@b/m"}]}, ["@a/m", "@b/m"], 2, 2),
        ({"data": [{"id": "@a/m"}, {"id": "bare"}, {}, None, {"id": 7}, {"id": "@a/\x1b[2J"}]}, ["@a/m"], 6, None),
        ({"data": [], "total": True}, [], 0, None),
        ({"data": [], "total": -1}, [], 0, None),
    ],
)
def test_a_page(body: Any, models: list[str], rows: int, total: int | None) -> None:
    page = parse_page(json.dumps(body))
    assert page is not None
    assert ([model.id for model in page.models], page.rows, page.total) == (models, rows, total)


@pytest.mark.parametrize("body", ["", "{", "[]", "{}", '{"data":{}}', "null", "[" * 100_000, "9" * 5000])
def test_no_page(body: str) -> None:
    assert parse_page(body) is None


names = st.from_regex(r"@(?!cf/|hf/)[a-z]{1,6}/[a-z0-9.-]{1,9}", fullmatch=True)


@given(st.lists(names, max_size=12), names)
def test_near_names_are_names_that_there_are(listed: list[str], wanted: str) -> None:
    models = [model for model in map(split_model, listed) if model is not None]
    catalogue = Catalogue(tuple(models))
    asked = split_model(wanted)
    assert asked is not None
    near = catalogue.near(asked)
    assert len(near) <= 5
    assert set(near) <= set(listed)
    assert wanted not in listed or near[0].endswith("/" + asked.model)
    assert set(catalogue.near_slugs(asked.slug)) <= set(catalogue.slugs)
    assert catalogue.slugs == tuple(dict.fromkeys(model.slug for model in models))
    assert {model.id for slug in catalogue.slugs for model in catalogue.of(slug)} == catalogue.ids
