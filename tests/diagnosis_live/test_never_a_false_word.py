"""Whatever stands in a config and whatever a host answers: every check holds, the run ends, the report is valid."""

from __future__ import annotations

import json
from typing import Any, Final

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.diagnosis_live.hosts import misbehaving
from tests.diagnosis_live.scenario import HOSTED, NEW, OLD, Doctor, Outcome, Scenario
from tests.diagnosis_live.writing import OPUS, by_hand, by_machine, config, entry, in_haste
from wizard.sandbox.answers import ROWS
from wizard.sandbox.http_messages import Answer, Reply, Request

_QUICK: Final = settings(
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)

# --- configs -------------------------------------------------------------------------------------------------------

_TEXTS: Final = st.one_of(
    st.sampled_from(
        [
            "", " ", "portkey/", "/", "@", "@/", "@a/b/c", "portkey/@a/b", "${X}", "$${X}", "${", "${}", "${x", "‹x›",
            "https://", "http://[::1", "http://[::1]:99999/v1", "https://api.portkey.ai/v1", "https://user:pw@api.portkey.ai",
            "//api.portkey.ai", "http://127.0.0.1:9/v1", "pc-x", "{}", "[]", "null", '{"provider":1}', "Bearer ", "Bearer",
            "openai-completions", "anthropic-messages", "x" * 5000, "\u0000", "\ud83d\ude00", "ſ", "İ", "a\nb", "__proto__",
        ]
    ),
    st.text(max_size=12),
)  # fmt: skip
_SCALARS: Final = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), _TEXTS
)
_ODD: Final = st.recursive(
    _SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_TEXTS, inner, max_size=3), max_leaves=6
)
_SECRET_REF: Final = st.fixed_dictionaries(
    {"source": st.sampled_from(["env", "file", "exec", "store", "x"]) | _ODD, "id": _TEXTS | _ODD},
    optional={"provider": _ODD},
)
_HEADER_NAMES: Final = st.sampled_from(
    ["x-portkey-api-key", "X-Portkey-Config", "x-portkey-provider", "Authorization", "x-api-key", "x-portkey-metadata"]
)


def _or_odd(usual: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(usual, usual, usual, _ODD)


def _object(**members: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return _or_odd(st.fixed_dictionaries({}, optional={name: _or_odd(value) for name, value in members.items()}))


_HEADERS: Final = st.dictionaries(_HEADER_NAMES | _TEXTS, _TEXTS | _SECRET_REF | _ODD, max_size=3)
_URLS: Final = (
    st.sampled_from(["{{base}}", "{{origin}}", "{{base}}/", f"https://{HOSTED}/v1", "{{base}}/models"]) | _TEXTS
)
_APIS: Final = st.sampled_from(["openai-completions", "openai-responses", "anthropic-messages", "ollama"])
_MODEL: Final = _object(
    id=st.sampled_from([OPUS, "claude-opus-4-5", "portkey/x"]) | _TEXTS,
    name=_TEXTS,
    api=_APIS,
    baseUrl=_URLS,
    headers=_HEADERS,
)
_ENTRY: Final = _object(
    baseUrl=_URLS,
    apiKey=st.sampled_from(["{{key}}", "${PORTKEY_API_KEY}", "unused"]) | _TEXTS | _SECRET_REF,
    api=_APIS,
    authHeader=st.booleans(),
    headers=_HEADERS,
    request=_object(headers=_HEADERS, auth=_object(mode=_TEXTS, headerName=_HEADER_NAMES, value=_TEXTS, token=_TEXTS)),
    models=st.lists(_MODEL, max_size=3),
)
_REFS: Final = st.sampled_from([f"portkey/{OPUS}", "portkey/claude-opus-4-5", "opus", "other/x"]) | _TEXTS
_CHOICE: Final = _REFS | _object(primary=_REFS, fallbacks=st.lists(_REFS, max_size=2))
_AGENT: Final = _object(id=_TEXTS, model=_CHOICE, default=st.booleans())
_CONFIGS: Final = _object(
    env=_object(vars=st.dictionaries(_TEXTS, _TEXTS, max_size=2), PORTKEY_API_KEY=_TEXTS, shellEnv=_ODD),
    agents=_object(
        defaults=_object(model=_CHOICE, models=st.dictionaries(_REFS, _object(alias=_TEXTS), max_size=2)),
        list=st.lists(_AGENT, max_size=2),
        entries=st.dictionaries(_TEXTS, _AGENT, max_size=2),
        ownership=_TEXTS,
        main=_AGENT,
    ),
    models=_object(
        mode=_TEXTS,
        providers=_object(portkey=_ENTRY, other=_ENTRY),
    ),
    secrets=_ODD,
    channels=_ODD,
)


def hold(outcome: Outcome) -> None:
    report = outcome.report
    assert outcome.exit_code in (0, 1, 3), outcome.stderr
    assert "PKC901" not in outcome.codes(), outcome.finding("PKC901").message
    ids = [finding.id for finding in report.findings]
    assert len(set(ids)) == len(ids)
    assert all(finding.caused_by in (None, *ids) for finding in report.findings)
    sure = [finding for finding in report.findings if finding.confidence != "possible"]
    assert report.root_cause in (None, *(finding.code for finding in sure if finding.severity != "info"))
    if report.verdict == "healthy":
        assert not [finding for finding in sure if finding.severity != "info"]
        assert report.root_cause is None


@_QUICK
@settings(max_examples=250)
@given(
    document=_CONFIGS, write=st.sampled_from([by_machine, by_hand, in_haste]), version=st.sampled_from([NEW, OLD, None])
)
def test_any_config_without_the_network(doctor: Doctor, document: Any, write: Any, version: str | None) -> None:
    hold(doctor(Scenario(write(document), version=version, flags=("--offline",))))


@_QUICK
@settings(max_examples=120)
@given(document=_CONFIGS, value=_TEXTS)
def test_any_config_with_a_gateway(doctor: Doctor, document: Any, value: str) -> None:
    env = {"PORTKEY_API_KEY": value.replace("\0", "")}
    hold(doctor(Scenario(by_machine(document), env=env, flags=("--all-models", "--timeout", "5"))))


@_QUICK
@settings(max_examples=150)
@given(text=st.text(max_size=60), cut=st.integers(0, 600), at=st.integers(0, 600))
def test_any_text_in_place_of_a_config(doctor: Doctor, text: str, cut: int, at: int) -> None:
    usual = by_hand(config())
    torn = usual[: at % len(usual)] + text + usual[(at + cut) % len(usual) :]
    hold(doctor(Scenario(torn.encode("utf-8", "surrogatepass"), flags=("--offline",))))


@_QUICK
@settings(max_examples=100)
@given(data=st.binary(max_size=80))
def test_any_bytes_in_the_files_that_hold_variables(doctor: Doctor, data: bytes) -> None:
    files: dict[str, str | bytes] = {
        "project/.env": data,
        ".openclaw/.env": data,
        ".openclaw/agents/main/agent/auth-profiles.json": data,
    }
    hold(doctor(Scenario(by_machine(config(entry(apiKey="${PORTKEY_API_KEY}"))), files=files, flags=("--offline",))))


# --- answers -------------------------------------------------------------------------------------------------------

_STATUSES: Final = st.sampled_from(
    [200, 201, 204, 206, 246, 299, 301, 302, 304, 400, 401, 402, 403, 404, 405, 408, 412, 413, 418, 422, 429, 431, 446]
    + [499, 500, 502, 503, 504, 520, 529, 599, 600, 999]
)
_WORDS: Final = st.sampled_from(
    [
        "Portkey Error: Invalid API Key. Error Code: 03",
        "Following keys are not valid: a, null",
        "Following keys are not valid:",
        "Either x-portkey-config or x-portkey-provider header is required",
        "Invalid config passed",
        "Not Found",
        "Something went wrong",
        "Message: fetch failed",
        "",
        "\x1b[2J",
        "<b>",
    ]
) | st.text(max_size=30)
_JSON: Final = st.recursive(
    st.none() | st.booleans() | st.integers() | _WORDS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "error",
                    "message",
                    "code",
                    "type",
                    "status",
                    "data",
                    "id",
                    "object",
                    "total",
                    "errors",
                    "ok",
                    "choices",
                ]
                + ["delta", "content", "usage", "total_tokens", "hook_results", "html-message", "errorCode", "response"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)
_LISTS: Final = st.builds(
    lambda rows, total: {"object": "list", "data": rows, "total": total},
    st.lists(
        st.fixed_dictionaries({"id": st.sampled_from([OPUS, "@a/b", "gpt", "@/", "@a/"]) | _JSON}) | _JSON, max_size=4
    ),
    st.integers(-5, 10**9) | _JSON,
)
_KNOWN: Final = st.sampled_from(sorted(ROWS)).map(lambda name: json.dumps(ROWS[name].body))
_EVENTS: Final = st.lists(_JSON.map(lambda value: f"data: {json.dumps(value)}\n\n"), max_size=4).map("".join)
_BODIES: Final = st.one_of(
    st.binary(max_size=60),
    _JSON.map(lambda value: json.dumps(value).encode()),
    _LISTS.map(lambda value: json.dumps(value).encode()),
    _KNOWN.map(str.encode),
    _EVENTS.map(lambda text: text.encode("utf-8", "surrogatepass")),
    _WORDS.map(lambda text: f"<html><title>{text}".encode("utf-8", "surrogatepass")),
    st.just(b"[" * 50_000),
)
_HEADER_VALUES: Final = st.sampled_from(["", "config", "0", "-1", "text/event-stream", "application/json", "text/html", "x"]) | st.text(
    st.characters(min_codepoint=32, max_codepoint=255, exclude_characters="\x7f"), max_size=20
)  # fmt: skip
_ANSWER_HEADERS: Final = st.lists(
    st.tuples(
        st.sampled_from(
            ["content-type", "location", "retry-after", "x-portkey-last-used-option-index", "x-portkey-trace-id"]
            + ["x-portkey-provider", "x-portkey-gateway-exception", "x-portkey-retry-attempt-count", "server"]
        ),
        _HEADER_VALUES,
    ),
    max_size=4,
).map(tuple)
_ANSWERS: Final = st.builds(Answer, _STATUSES, _BODIES, _ANSWER_HEADERS)


@_QUICK
@settings(max_examples=250)
@given(
    answers=st.lists(_ANSWERS, min_size=1, max_size=6),
    api=st.sampled_from(["openai-completions", "openai-responses", "anthropic-messages"]),
    name=st.sampled_from(["portkey", "work"]),
)
def test_any_answer(doctor: Doctor, answers: list[Answer], api: str, name: str) -> None:
    asked = iter(range(10**6))

    def behave(_: Request) -> Reply:
        return answers[next(asked) % len(answers)]

    portkey_entry = entry(api=api, authHeader=True)
    text = by_machine(config(portkey_entry, primary=f"{name}/{OPUS}", others={"work": portkey_entry}))
    outcome = doctor(Scenario(text, host=misbehaving(behave), flags=("--timeout", "10")))
    hold(outcome)
    assert len(outcome.requests) < 70
