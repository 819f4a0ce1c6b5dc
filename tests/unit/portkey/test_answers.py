"""Whose answer is this, and what does it mean: every documented case, and anything else without a crash."""

from __future__ import annotations

import json
import time
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.unit.portkey.answer_cases import CASES
from tests.unit.portkey.answer_cases.case import COMPANY, HOSTED, ROUTED, Case
from wizard.portkey import headers
from wizard.portkey.answers import ROWS, Answer, Meaning, Origin, Row, read_answer
from wizard.portkey.exchange import Exchange, NetworkFailure, ProbeKind
from wizard.portkey.said import read_said


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_origin_and_meaning(case: Case) -> None:
    answer = read_answer(case.exchange)
    assert (answer.origin, answer.meaning) == (case.origin, case.meaning), answer
    wanted = {"code": case.code, "type": case.type, "text": case.text, "tokens": case.tokens}
    said = {name: getattr(answer.said, name) for name, value in wanted.items() if value is not None}
    assert said == {name: value for name, value in wanted.items() if value is not None}
    assert answer.said.message.startswith(case.message or "")
    assert answer.said.status == case.status


def test_every_case_has_a_name_of_its_own() -> None:
    assert [name for name, count in Counter(case.name for case in CASES).items() if count > 1] == []


def first_row(exchange: Exchange) -> Row | None:
    """The first row of the table that fits an answer."""
    said = read_said(exchange)
    exception = headers.GATEWAY_EXCEPTION in exchange.header
    routed = headers.ROUTED_MARK in exchange.header
    own = exception or said.is_gateway_shape or (not said.message and exchange.url == HOSTED)
    return next((row for row in ROWS if row.fits(said, routed=routed, exception=exception, own=own)), None)


def test_every_row_of_the_table_is_the_first_for_some_case() -> None:
    hit = set()
    for case in CASES:
        row = first_row(case.exchange) if case.status >= 400 and case.meaning is not Meaning.PAGE else None
        if row is not None:
            hit.add(id(row))
            assert row.meaning is case.meaning, case.name
    assert [row for row in ROWS if id(row) not in hit] == []


def test_every_meaning_has_a_case() -> None:
    assert set(Meaning) - {case.meaning for case in CASES} == set()


def test_every_row_says_where_it_was_seen() -> None:
    assert all(row.seen for row in ROWS)


@pytest.mark.parametrize("failure", list(NetworkFailure))
def test_no_answer_is_the_networks(failure: NetworkFailure) -> None:
    silent = replace(CASES[0].exchange, status=None, body="", headers=(), failure=failure, failure_detail="words")
    answer = read_answer(silent)
    assert (answer.origin, answer.meaning, answer.said.message) == (Origin.NETWORK, Meaning.NO_ANSWER, "words")
    assert not answer.ok


def test_only_three_meanings_are_good() -> None:
    good = {meaning for meaning in Meaning if Answer(Origin.PORTKEY, meaning, read_said(CASES[0].exchange)).ok}
    assert good == {Meaning.ANSWERED, Meaning.MODEL_LIST, Meaning.GUARDRAIL_FLAGGED}


def test_the_slugs_that_are_not_valid_are_read() -> None:
    def slugs(message: str) -> tuple[str, ...]:
        body = json.dumps({"status": "failure", "message": message})
        return read_answer(replace(CASES[0].exchange, status=400, body=body)).said.invalid_keys

    assert slugs("Following keys are not valid: nope") == ("nope",)
    assert slugs("Following keys are not valid: a-b, c_d") == ("a-b", "c_d")
    assert slugs("Following keys are not valid: null") == ()
    assert slugs("Following keys are not valid:") == ()
    assert slugs("Something else") == ()


def test_the_list_of_a_failed_validation_is_read() -> None:
    body = {"status": "failure", "message": "Invalid config passed", "errors": ["a", {"message": "b"}, 3, None, [], ""]}
    said = read_answer(replace(CASES[0].exchange, status=400, body=json.dumps(body))).said
    assert said.errors == ("a", "3")


# --- Whatever comes, it is judged and nothing breaks.

KNOWN_NAMES = [
    *("error", "message", "code", "type", "data", "status", "ok", "success", "errorCode", "object", "choices"),
    *("delta", "content", "text", "usage", "total_tokens", "input_tokens", "output", "response", "html-message"),
    *("errors", "id"),
]
header_names = st.sampled_from([name for name, _ in ROUTED] + [headers.GATEWAY_EXCEPTION, "content-type", "location"])
header_values = st.sampled_from(["application/json", "text/html", "text/event-stream", "true", ""]) | st.text(
    max_size=9
)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(KNOWN_NAMES),
            inner,
            max_size=5,
        )
    ),
    max_leaves=15,
)
bodies = (
    st.binary(max_size=200).map(lambda data: data.decode("utf-8", "replace"))
    | st.text(max_size=200)
    | json_values.map(json.dumps)
    | st.lists(json_values.map(lambda value: f"data: {json.dumps(value)}\n\n"), max_size=4).map("".join)
)
exchanges = st.builds(
    Exchange,
    probe_id=st.just("p"),
    kind=st.sampled_from(ProbeKind),
    route_ids=st.just(()),
    method=st.just("GET"),
    url=st.sampled_from([COMPANY, HOSTED, "", "no url"]),
    status=st.none() | st.integers(100, 599),
    headers=st.lists(st.tuples(header_names, header_values), max_size=4).map(tuple),
    body=bodies,
    failure=st.none() | st.sampled_from(NetworkFailure),
)


@given(exchanges)
@example(replace(CASES[0].exchange, body="[" * 100_000))
@example(replace(CASES[0].exchange, body='{"error":' * 50_000))
@example(replace(CASES[0].exchange, body=f'{{"error":{{"message":"m","code":{"9" * 4000}}}}}'))
@example(replace(CASES[0].exchange, body=f'{{"status":"failure","errors":[{"[" * 900}{"]" * 900}]}}'))
@example(replace(CASES[0].exchange, status=200, body=f'{{"object":"list","data":[{{"id":{"[" * 800}{"]" * 800}}}]}}'))
@example(replace(CASES[0].exchange, body=f'{{"code":{"9" * 5000}}}'))
@example(replace(CASES[0].exchange, body='{"message":1e999,"code":NaN,"status":Infinity}'))
def test_anything_is_judged(exchange: Exchange) -> None:
    answer = read_answer(exchange)
    said = answer.said
    # What is said can be written anywhere.
    for text in (said.message, said.code or "", said.type or "", said.text, *said.errors):
        text.encode("utf-8")
    assert len(said.message) <= 2000
    if exchange.status is None:
        assert answer.origin is Origin.NETWORK
    if headers.ROUTED_MARK not in exchange.header and answer.meaning is Meaning.ANSWERED:
        assert answer.origin is Origin.NOT_PORTKEY


@pytest.mark.parametrize("half", ["\\ud800", "\\udfff", "\\udc00\\ud800"])
def test_half_a_character_becomes_a_mark(half: str) -> None:
    body = f'{{"status":"failure","message":"a{half}b","error":{{"code":"{half}","type":"{half}"}}}}'
    said = read_answer(replace(CASES[0].exchange, status=400, body=body)).said
    assert said.message.replace("\ufffd", "") == "ab"
    assert "\ufffd" in said.message
    assert said.code
    assert set(said.code) == {"\ufffd"}


@pytest.mark.parametrize(
    "body",
    [
        "<!---->" * 5_000,
        "<!--" * 10_000,
        "<title" * 10_000,
        "<title " + "a" * 60_000,
        " " * 60_000,
        "<?xml " * 10_000,
        "Error Code: " * 5_000,
        "data:" * 12_000,
        "data:\n" * 10_000,
        '{"message":"' + "Following keys are not valid: " * 2_000 + '"}',
    ],
    ids=lambda body: body[:12],
)
@pytest.mark.parametrize("kind", ["text/html", "application/json"])
def test_hostile_text_is_judged_at_once(body: str, kind: str) -> None:
    started = time.process_time()
    read_answer(replace(CASES[0].exchange, status=400, headers=(("content-type", kind),), body=body))
    assert time.process_time() - started < 1
