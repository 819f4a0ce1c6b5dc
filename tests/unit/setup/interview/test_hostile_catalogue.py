"""Names from outside that cannot stand in OpenClaw's config, and texts that would play with the terminal."""

from __future__ import annotations

from typing import Any

import pytest

from wizard.sandbox.gateway import Sandbox
from wizard.sandbox.http_messages import Answer, Request, json_answer
from wizard.sandbox.misbehave import MisbehavingHost, closes, dashboard_page, hostile_text, not_http, redirect

GOOD = "@anthropic-prod/good-model"
LONG = "@anthropic-prod/" + "x" * 10_000
HOSTILE = (
    "@anthropic-prod/\x1b[2Jcleared",
    "@anthropic-prod/\u202ereversed",
    "@anthropic-prod/two\nlines",
    "@anthropic-prod/${HOME}",
    "@anthropic-prod/has space",
    "@anthropic-prod/",
    "@two words/model",
    "no-slug",
)


def lists(*rows: Any) -> Any:
    def answer(request: Request) -> Answer | None:
        known = {"object": "list", "total": len(rows), "data": list(rows)}
        return json_answer(200, known) if request.path == "/v1/models" else None

    return answer


def test_only_names_that_openclaw_can_hold_are_offered(person: Any) -> None:
    with Sandbox(record=False) as sandbox:
        sandbox.override = lists(*({"id": name} for name in (*HOSTILE, GOOD, LONG, GOOD)))
        value = person.writes(gateway_url=sandbox.base_url, model=(GOOD,), fallback=(LONG,))
    offered = [choice.value for choice in person.prompt("model").choices]
    assert sorted(offered) == sorted([GOOD, LONG])
    assert [choice.value for choice in person.prompt("fallback").choices] == [LONG]
    assert [model["id"] for model in value["models"]["providers"]["portkey"]["models"]] == [GOOD, LONG]
    assert "\x1b" not in person.shown


def test_rows_of_any_type_are_passed_over(person: Any) -> None:
    rows: tuple[Any, ...] = (
        None,
        1,
        "x",
        [],
        {},
        {"id": 5},
        {"id": GOOD, "created": "soon", "context_window": [], "owned_by": {}},
    )
    with Sandbox(record=False) as sandbox:
        sandbox.override = lists(*rows)
        person.talks(gateway_url=sandbox.base_url, model=(GOOD,), fallback=None)
    assert [choice.value for choice in person.prompt("model").choices] == [GOOD]


def test_a_catalogue_of_names_that_cannot_be_held_lets_a_model_be_typed(person: Any) -> None:
    with Sandbox(record=False) as sandbox:
        sandbox.override = lists({"id": "@anthropic-prod/${HOME}"})
        value = person.writes(gateway_url=sandbox.base_url, model="claude-opus-4-5", fallback=None)
    assert value["agents"]["defaults"]["model"]["primary"] == "portkey/@anthropic-prod/claude-opus-4-5"


def test_a_catalogue_without_an_end_can_be_typed_around(person: Any) -> None:
    pages = iter(range(1000))

    def endless(request: Request) -> Answer | None:
        if request.path != "/v1/models":
            return None
        page = next(pages)
        rows = [{"id": f"@anthropic-prod/m{page}-{number}"} for number in range(100)]
        return json_answer(200, {"total": 10**9, "data": rows})

    with Sandbox(record=False) as sandbox:
        sandbox.override = endless
        person.talks(gateway_url=sandbox.base_url, model=("typed",), model_name=GOOD, fallback=())
    assert "could not be read to its end" in person.shown
    assert len(person.prompt("model").choices) == 5001


@pytest.mark.parametrize(
    ("behaviour", "words"),
    [
        (redirect("http://127.0.0.1:9"), "does not answer as a Portkey gateway does"),
        (dashboard_page(), "does not answer as a Portkey gateway does"),
        (closes(), "the connection was cut before an answer came"),
        (not_http(), "could not be asked for its models"),
        (hostile_text(500), "answered with status 500"),
    ],
    ids=["redirect", "page", "cut", "other-protocol", "hostile-text"],
)
def test_what_is_no_gateway_leaves_the_person_a_choice(person: Any, behaviour: Any, words: str) -> None:
    with MisbehavingHost(behaviour) as other:
        value = person.writes(
            gateway=["other", "other"],
            gateway_url=[f"{other.url}/v1", person.sandbox.base_url],
            key_trouble="gateway",
            key_source="0",
        )
    assert words in " ".join(person.shown.split())
    assert not set("\x1b\x07\u202e") & set(person.shown)
    assert value["models"]["providers"]["portkey"]["baseUrl"] == person.sandbox.base_url
