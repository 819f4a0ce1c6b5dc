"""Whatever a host answers: every check holds, the run ends, and the report is valid."""

from __future__ import annotations

import json
from typing import Any, Final

from hypothesis import given
from hypothesis import strategies as st

from tests.diagnosis_live.hosts import misbehaving
from tests.diagnosis_live.scenario import Doctor, Scenario
from tests.diagnosis_live.soundness import examples, hold
from tests.diagnosis_live.writing import OPUS, by_machine, config, entry
from wizard.sandbox.answers import ROWS
from wizard.sandbox.http_messages import Answer, Reply, Request

_STATUSES: Final = st.sampled_from([*range(200, 600, 3), 204, 206, 246, 301, 302, 304, 308, 446, 429, 529])
_SENTENCES: Final = [
    "Portkey Error: Invalid API Key. Error Code: 03",
    "Following keys are not valid: a, null",
    "Following keys are not valid:",
    "Either x-portkey-config or x-portkey-provider header is required",
    "Invalid config passed",
    "Not Found",
    "Something went wrong",
    "Message: fetch failed",
    "\x1b[2J\u202e",
    "<b>",
    "",
]
_WORDS: Final = st.sampled_from(_SENTENCES) | st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
# fmt: off
_FIELDS: Final = st.sampled_from([
    "error", "message", "code", "type", "status", "data", "id", "object", "total", "errors", "ok", "choices", "delta",
    "content", "usage", "total_tokens", "hook_results", "html-message", "errorCode", "response", "text",
])
_HEADER_NAMES: Final = st.sampled_from([
    "content-type", "location", "retry-after", "server", "x-portkey-last-used-option-index", "x-portkey-trace-id",
    "x-portkey-provider", "x-portkey-gateway-exception", "x-portkey-retry-attempt-count",
])
# fmt: on
_JSON: Final[st.SearchStrategy[Any]] = st.recursive(
    st.none() | st.booleans() | st.integers() | _WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_FIELDS, inner, max_size=4),
    max_leaves=12,
)
_ROW: Final = st.fixed_dictionaries({"id": st.sampled_from([OPUS, "@a/b", "gpt", "@/", "@a/"]) | _JSON}) | _JSON
_LISTS: Final = st.fixed_dictionaries(
    {"object": st.just("list"), "data": st.lists(_ROW, max_size=4)}, optional={"total": st.integers(-5, 10**9) | _JSON}
)
_BODIES: Final[st.SearchStrategy[bytes]] = st.one_of(
    st.binary(max_size=60),
    _JSON.map(lambda value: json.dumps(value).encode()),
    _LISTS.map(lambda value: json.dumps(value).encode()),
    st.sampled_from(sorted(ROWS)).map(lambda name: json.dumps(ROWS[name].body).encode()),
    st.lists(_JSON, max_size=4).map(lambda all_: "".join(f"data: {json.dumps(each)}\n\n" for each in all_).encode()),
    _WORDS.map(lambda text: f"<html><title>{text}".encode()),
    st.just(b"[" * 2000),
)
_HEADER_VALUES: Final = st.one_of(
    st.sampled_from(["", "config", "0", "-1", "text/event-stream", "application/json", "text/html"]),
    st.text(st.characters(min_codepoint=32, max_codepoint=255, exclude_characters="\x7f"), max_size=20),
)
_HEADERS: Final = st.lists(st.tuples(_HEADER_NAMES, _HEADER_VALUES), max_size=4).map(tuple)
_ANSWERS: Final = st.builds(Answer, _STATUSES, _BODIES, _HEADERS)


@examples(120)
@given(
    answers=st.lists(_ANSWERS, min_size=1, max_size=6),
    api=st.sampled_from(["openai-completions", "openai-responses", "anthropic-messages"]),
    name=st.sampled_from(["portkey", "work"]),
)
def test_any_answer(doctor: Doctor, answers: list[Answer], api: str, name: str) -> None:
    asked = iter(range(10**6))

    def behave(_: Request) -> Reply:
        return answers[next(asked) % len(answers)]

    both = entry(api=api, authHeader=True)
    text = by_machine(config(both, primary=f"{name}/{OPUS}", others={"work": both}))
    outcome = doctor(Scenario(text, host=misbehaving(behave), patience=2, flags=("--timeout", "10")))
    hold(outcome)
    assert len(outcome.requests) < 60
