"""Reading the catalogue: pages, junk, and gateways that keep none."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wizard.portkey.catalogue import (
    PAGE_SIZE,
    CatalogueModel,
    NoCatalogueError,
    parse_page,
    read_catalogue,
    split_model,
)
from wizard.portkey.exchange import Exchange, Probe

BASE = "https://api.portkey.ai/v1"
Ask = Callable[[Probe], Exchange]


def answer(probe: Probe, body: str, status: int | None = 200, **more: Any) -> Exchange:
    return Exchange(probe.id, probe.kind, (), probe.method, probe.url, status=status, body=body, **more)


def paged(names: list[str], *, total: int | None, cap: int = PAGE_SIZE, asked: list[Probe] | None = None) -> Ask:
    def ask(probe: Probe) -> Exchange:
        if asked is not None:
            asked.append(probe)
        query = parse_qs(urlsplit(probe.url).query)
        offset, limit = int(query["offset"][0]), min(cap, int(query["limit"][0]))
        data: dict[str, Any] = {"object": "list", "data": [{"id": name} for name in names[offset : offset + limit]]}
        if total is not None:
            data["total"] = total
        return answer(probe, json.dumps(data))

    return ask


@pytest.mark.parametrize("count", [0, 1, PAGE_SIZE - 1, PAGE_SIZE, PAGE_SIZE + 1, 3 * PAGE_SIZE])
@pytest.mark.parametrize("cap", [PAGE_SIZE, 30])
def test_every_page_is_read(count: int, cap: int) -> None:
    names = [f"@slug-{number % 3}/model-{number}" for number in range(count)]
    asked: list[Probe] = []
    catalogue = read_catalogue(BASE, "‹key›", paged(names, total=count, cap=cap, asked=asked))
    assert [model.id for model in catalogue.models] == names
    assert catalogue.complete
    assert len(asked) == max(1, -(-count // cap))
    assert len({probe.id for probe in asked}) == len(asked)


def test_the_question_carries_the_key_by_its_handle_and_forces_the_catalogue() -> None:
    asked: list[Probe] = []
    read_catalogue(BASE, "‹key›", paged(["@a/b"], total=1, asked=asked))
    (probe,) = asked
    assert probe.method == "GET"
    assert probe.url == f"{BASE}/models?limit={PAGE_SIZE}&offset=0"
    assert dict(probe.headers)["x-portkey-api-key"] == "‹key›"
    assert dict(probe.headers)["x-portkey-fetch-integrated-models"] == "true"


def test_a_gateway_without_a_total_is_read_once() -> None:
    asked: list[Probe] = []
    catalogue = read_catalogue(BASE, "k", paged(["@a/b", "@c/d"], total=None, asked=asked))
    assert catalogue.slugs == ("a", "c")
    assert len(asked) == 1


def test_a_gateway_that_ignores_the_offset_does_not_hold_us() -> None:
    body = json.dumps({"total": 1000, "data": [{"id": "@a/b"}]})
    catalogue = read_catalogue(BASE, "k", lambda probe: answer(probe, body))
    assert [model.id for model in catalogue.models] == ["@a/b"]
    assert not catalogue.complete


def test_an_endless_list_ends() -> None:
    def ask(probe: Probe) -> Exchange:
        offset = parse_qs(urlsplit(probe.url).query)["offset"][0]
        return answer(probe, json.dumps({"total": 10**9, "data": [{"id": f"@a/m{offset}"}]}))

    catalogue = read_catalogue(BASE, "k", ask)
    assert not catalogue.complete
    assert len(catalogue.models) == 50


def test_a_later_page_that_fails_leaves_what_was_read() -> None:
    first = paged([f"@a/m{number}" for number in range(300)], total=300)

    def ask(probe: Probe) -> Exchange:
        return first(probe) if "offset=0" in probe.url else answer(probe, "{}", 500)

    catalogue = read_catalogue(BASE, "k", ask)
    assert len(catalogue.models) == PAGE_SIZE
    assert not catalogue.complete


@pytest.mark.parametrize(
    ("body", "status", "more"),
    [
        ("{}", 401, {}),
        ("<html>", 200, {}),
        ("[]", 200, {}),
        ('{"data": {}}', 200, {}),
        ("", None, {}),
        ('{"data": []}', 200, {"body_truncated": True}),
    ],
)
def test_no_catalogue_is_told_with_the_answer(body: str, status: int | None, more: dict[str, Any]) -> None:
    with pytest.raises(NoCatalogueError) as caught:
        read_catalogue(BASE, "k", lambda probe: answer(probe, body, status, **more))
    assert caught.value.exchange.status == status
    assert caught.value.listed == 0


def test_bare_names_alone_are_no_catalogue() -> None:
    body = json.dumps({"data": [{"id": "gpt-4o"}, {"id": "claude"}]})
    with pytest.raises(NoCatalogueError) as caught:
        read_catalogue(BASE, "k", lambda probe: answer(probe, body))
    assert caught.value.listed == 2


def test_junk_rows_are_passed_over() -> None:
    rows: list[Any] = [
        None,
        1,
        "x",
        [],
        {},
        {"id": None},
        {"id": "bare"},
        {"id": "@noslash"},
        {"id": "@/m"},
        {"id": "@a b/m"},
    ]
    rows += [{"id": "@a/m\x1b[2J"}, {"id": "@a/good"}, {"id": "@a/good", "slug": "x"}]
    page = parse_page(json.dumps({"data": rows, "total": "many"}))
    assert page is not None
    assert [model.id for model in page.models] == ["@a/good", "@a/good"]
    assert page.rows == len(rows)
    assert page.total is None


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda x: st.lists(x) | st.dictionaries(st.sampled_from(["data", "total", "id", "object"]), x),
    )
)
def test_no_json_breaks_the_reader(data: Any) -> None:
    page = parse_page(json.dumps(data))
    assert page is None or all(model.id == f"@{model.slug}/{model.model}" for model in page.models)


@given(st.text())
def test_no_text_breaks_the_reader(text: str) -> None:
    parse_page(text)
    split_model(text)


@pytest.mark.parametrize(
    ("text", "model"),
    [
        ("@a/b", CatalogueModel("@a/b", "a", "b")),
        ("@a/b/c:d", CatalogueModel("@a/b/c:d", "a", "b/c:d")),
        ("@cf/meta/llama", None),
        ("@hf/x", None),
        ("a/b", None),
        ("@a", None),
        ("@a/", None),
        ("", None),
    ],
)
def test_names_are_split_at_the_first_slash(text: str, model: CatalogueModel | None) -> None:
    assert split_model(text) == model
