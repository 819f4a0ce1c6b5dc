"""Slugs, configs, guardrails and what they put on the answer."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import httpx
import pytest

from wizard.sandbox.accounts import SavedConfig, default_account
from wizard.sandbox.gateway import Sandbox
from wizard.sandbox.misbehave import MisbehavingHost, dashboard_page, wrong_content_type
from wizard.sandbox.provider import Fault, html_page

OPUS = "@anthropic-prod/claude-opus-4-5"
HI = [{"role": "user", "content": "hi"}]
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")

Routing = Callable[[httpx.Response], dict[str, str]]
Send = Callable[..., httpx.Response]


@pytest.fixture
def send(sandbox: Sandbox, good: dict[str, str], http: httpx.Client) -> Send:
    """Posts a chat completion to the sandbox; `config` may be an id or an inline config."""

    def send(model: str = OPUS, config: Any = None, path: str = "/chat/completions", **headers: str) -> httpx.Response:
        sent = {**good, **{name.replace("_", "-"): value for name, value in headers.items()}}
        if config is not None:
            sent["x-portkey-config"] = config if isinstance(config, str) else json.dumps(config)
        body: dict[str, Any] = {"model": model, "messages": HI}
        if path == "/messages":
            body["max_tokens"] = 64
        else:
            body["max_completion_tokens"] = 64
        return http.post(sandbox.base_url + path, json=body, headers=sent)

    return send


def asked_models(sandbox: Sandbox) -> list[str]:
    return [request.json["model"] for request in sandbox.provider.requests]


def test_every_routed_answer_has_the_five_headers(send: Send, routing: Routing, sandbox: Sandbox) -> None:
    headers = routing(send())
    assert UUID.fullmatch(headers.pop("trace-id"))
    assert headers == {
        "provider": "anthropic",
        "last-used-option-index": "config",
        "retry-attempt-count": "0",
        "cache-status": "DISABLED",
    }
    assert asked_models(sandbox) == ["claude-opus-4-5"]


def test_the_trace_id_is_the_callers_or_that_of_traceparent(send: Send, routing: Routing) -> None:
    assert routing(send(x_portkey_trace_id="mine"))["trace-id"] == "mine"
    traceparent = "00-bad90143930ea019df8f681254fb2393-42df8ac2dde4ac52-00"
    assert routing(send(traceparent=traceparent))["trace-id"] == "bad90143930ea019df8f681254fb2393"
    both = send(traceparent=traceparent, x_portkey_trace_id="mine")
    assert routing(both)["trace-id"] == "mine"


def test_logs_hold_what_was_routed_and_nothing_else(send: Send, sandbox: Sandbox) -> None:
    send(x_portkey_trace_id="t-ok")
    send("@anthropic-old/claude-opus-4-5", x_portkey_trace_id="t-upstream")
    send("@bedrock-eu/x", x_portkey_trace_id="t-budget")
    send("@nope/x", x_portkey_trace_id="t-slug")
    send("gpt-4o", x_portkey_trace_id="t-nothing")
    rows = [(row.trace_id, row.status, row.slug) for row in sandbox.log_rows]
    assert rows == [
        ("t-ok", 200, "anthropic-prod"),
        ("t-upstream", 401, "anthropic-old"),
        ("t-budget", 412, "bedrock-eu"),
    ]


@pytest.mark.parametrize(
    ("model", "headers", "vendor", "asked"),
    [
        ("claude-opus-4-5", {"x_portkey_provider": "@anthropic-prod"}, "anthropic", "claude-opus-4-5"),
        ("gpt-5", {"x_portkey_provider": "@openai-prod/ignored"}, "openai", "gpt-5"),
        ("gpt-5", {"x_portkey_virtual_key": "openai-prod"}, "openai", "gpt-5"),
        ("@nope/gpt-5", {"x_portkey_provider": "@openai-prod"}, "openai", "gpt-5"),
        ("@anthropic-prod/gpt-5", {"x_portkey_virtual_key": "openai-prod"}, "openai", "gpt-5"),
    ],
)
def test_the_header_beats_the_models_slug(
    model: str,
    headers: dict[str, str],
    vendor: str,
    asked: str,
    send: Send,
    routing: Routing,
    sandbox: Sandbox,
) -> None:
    response = send(model, **headers)
    assert response.status_code == 200
    assert routing(response)["provider"] == vendor
    assert asked_models(sandbox) == [asked]


@pytest.mark.parametrize(
    ("model", "words"),
    [
        ("@Anthropic-Prod/claude-opus-4-5", "Following keys are not valid: Anthropic-Prod"),
        ("anthropic-prod/claude-opus-4-5", "Either x-portkey-config"),
        ("portkey/@anthropic-prod/claude-opus-4-5", "Either x-portkey-config"),
        ("@cf/meta/llama-3", "Either x-portkey-config"),
    ],
)
def test_slugs_are_exact(model: str, words: str, send: Send) -> None:
    response = send(model)
    assert response.status_code == 400
    assert response.json()["message"].startswith(words)


def test_a_saved_config_decides_over_model_and_slug(send: Send, sandbox: Sandbox, routing: Routing) -> None:
    response = send("@openai-prod/gpt-5", "pc-single-91c4e2")
    assert routing(response)["provider"] == "anthropic"
    assert asked_models(sandbox) == ["claude-opus-4-5"]


def test_a_default_config_serves_a_dummy_model(sandbox: Sandbox, http: httpx.Client) -> None:
    for name in ("default-config", "locked-config"):
        headers = {"x-portkey-api-key": sandbox.account.key(name).value}
        body = {"model": "portkey-dynamic", "max_tokens": 9, "messages": HI}
        assert http.post(f"{sandbox.base_url}/messages", json=body, headers=headers).status_code == 200
    headers = {"x-portkey-api-key": sandbox.account.key("default-config").value}
    overridden = http.post(
        f"{sandbox.base_url}/chat/completions",
        json={"model": "x", "max_completion_tokens": 9, "messages": HI},
        headers={**headers, "x-portkey-config": "pc-split-5d82a1"},
    )
    assert overridden.status_code == 200


def test_a_target_without_an_overriding_model_sends_the_callers(send: Send) -> None:
    config = {
        "strategy": {"mode": "fallback"},
        "targets": [{"provider": "@anthropic-prod"}, {"provider": "@anthropic-old"}],
    }
    response = send("portkey-dynamic", config)
    assert response.status_code == 401  # both were tried; the second one's key is revoked
    assert send("portkey-dynamic", {"provider": "@anthropic-prod"}).status_code == 404


def test_fallback_moves_on_and_says_where_it_ended(send: Send, sandbox: Sandbox, routing: Routing) -> None:
    assert routing(send("x", "pc-fallback-3fa0b7"))["last-used-option-index"] == "config.targets[0]"
    sandbox.provider.set_fault(Fault("overloaded"), "claude-opus-4-5")
    response = send("x", "pc-fallback-3fa0b7", x_portkey_trace_id="t-2")
    assert routing(response)["last-used-option-index"] == "config.targets[1]"
    assert routing(response)["provider"] == "openai"
    assert [row.status for row in sandbox.log_rows if row.trace_id == "t-2"] == [529, 200]


def test_fallback_stays_on_other_status_codes(send: Send, routing: Routing) -> None:
    config = {
        "strategy": {"mode": "fallback", "on_status_codes": [429]},
        "targets": [
            {"override_params": {"model": "@anthropic-old/claude-opus-4-5"}},
            {"override_params": {"model": "@openai-prod/gpt-5"}},
        ],
    }
    response = send("x", config)
    assert response.status_code == 401
    assert routing(response)["last-used-option-index"] == "config.targets[0]"


def test_an_unsupported_endpoint_stops_a_fallback(
    start: Callable[..., Sandbox], http: httpx.Client, routing: Routing
) -> None:
    account = default_account()
    entry = replace(account.provider("openai-prod"), unsupported=frozenset({"messages"}))
    config = {
        "strategy": {"mode": "fallback"},
        "targets": [
            {"override_params": {"model": "@openai-prod/gpt-5"}},
            {"override_params": {"model": OPUS}},
        ],
    }
    sandbox = start(account.adding(entry, SavedConfig("pc-x", config)))
    headers = {"x-portkey-api-key": account.key("good").value, "x-portkey-config": "pc-x"}
    body = {"model": "x", "max_tokens": 9, "messages": HI}
    response = http.post(f"{sandbox.base_url}/messages", json=body, headers=headers)
    assert response.json()["message"] == "messages is not supported by openai"
    assert routing(response) == {"gateway-exception": "true"}


def test_load_balancing_follows_the_weights(send: Send, sandbox: Sandbox) -> None:
    for _ in range(60):
        assert send("x", "pc-split-5d82a1").status_code == 200
    share = asked_models(sandbox).count("claude-sonnet-4-5")
    assert 33 <= share <= 51
    nothing_weighs = {
        "strategy": {"mode": "loadbalance"},
        "targets": [{"provider": "@anthropic-prod", "weight": 0}],
    }
    assert send("x", nothing_weighs).status_code == 500
    only_first = {
        "strategy": {"mode": "loadbalance"},
        "targets": [
            {"override_params": {"model": OPUS}, "weight": 1},
            {"override_params": {"model": "@openai-prod/gpt-5"}, "weight": 0},
        ],
    }
    assert {send("x", only_first).json()["model"] for _ in range(10)} == {"claude-opus-4-5"}


def test_retries_are_counted(send: Send, sandbox: Sandbox, routing: Routing) -> None:
    config = {
        "provider": "@anthropic-prod",
        "retry": {"attempts": 3},
        "override_params": {"model": "claude-opus-4-5"},
    }
    sandbox.provider.set_fault(Fault("server-error", times=2))
    response = send("x", config)
    assert (response.status_code, routing(response)["retry-attempt-count"]) == (200, "2")
    sandbox.provider.set_fault(Fault("server-error"))
    response = send("x", config)
    assert (response.status_code, routing(response)["retry-attempt-count"]) == (500, "-1")
    sandbox.provider.set_fault(Fault("forbidden"))
    response = send("x", config)
    assert (response.status_code, routing(response)["retry-attempt-count"]) == (403, "0")


def test_conditions_choose_by_metadata(send: Send, routing: Routing) -> None:
    config = {
        "strategy": {
            "mode": "conditional",
            "conditions": [
                {"query": {"metadata.plan": {"$in": ["paid", "team"]}}, "then": "strong"},
                {"query": {"$or": [{"metadata.plan": "trial"}, {"params.model": "cheap"}]}, "then": "weak"},
            ],
            "default": "weak",
        },
        "targets": [
            {"name": "weak", "override_params": {"model": "@anthropic-prod/claude-haiku-4-5"}},
            {"name": "strong", "override_params": {"model": OPUS}},
        ],
    }
    paid = send("x", config, x_portkey_metadata='{"plan":"team"}')
    assert paid.json()["model"] == "claude-opus-4-5"
    assert routing(paid)["last-used-option-index"] == "config.targets[1]"
    assert send("x", config, x_portkey_metadata="[1]").json()["model"] == "claude-haiku-4-5"
    assert send("x", config, x_portkey_metadata="not json").json()["model"] == "claude-haiku-4-5"


def test_a_nested_target_inherits_from_its_parent(send: Send, sandbox: Sandbox, routing: Routing) -> None:
    config = {
        "strategy": {"mode": "single"},
        "retry": {"attempts": 1},
        "override_params": {"temperature": 0.5},
        "targets": [
            {
                "strategy": {"mode": "fallback"},
                "targets": [{"override_params": {"model": OPUS}}],
            }
        ],
    }
    sandbox.provider.set_fault(Fault("server-error", times=1))
    response = send("x", config, path="/messages")
    assert routing(response)["last-used-option-index"] == "config.targets[0].targets[0]"
    assert routing(response)["retry-attempt-count"] == "1"
    assert [request.json["temperature"] for request in sandbox.provider.requests] == [0.5, 0.5]


@pytest.mark.parametrize(
    ("config", "issue"),
    [
        (
            {"strategy": {"mode": "fall"}, "targets": [{"provider": "@openai-prod"}]},
            (
                "path: strategy,mode, message: Invalid 'mode' value. "
                "Must be one of: single, loadbalance, fallback, conditional"
            ),
        ),
        (
            {"strategy": {"mode": "fallback", "on_status_codes": ["429"]}, "targets": []},
            "path: strategy,on_status_codes,0, message: Expected number, received string",
        ),
        (
            {
                "strategy": {"mode": "loadbalance"},
                "targets": [{"provider": "@openai-prod", "weight": "0.7"}],
            },
            "path: targets,0,weight, message: Expected number, received string",
        ),
        (
            {"provider": "@openai-prod", "request_timeout": "500"},
            "path: request_timeout, message: Expected number, received string",
        ),
        ({"provider": "@openai-prod", "cache": {}}, "path: cache,mode, message: Required"),
        (
            {"targets": [{"provider": "@openai-prod"}]},
            (
                "path: , message: Invalid configuration. It must have either 'provider' and 'api_key', or "
                "'strategy' and 'targets', or 'cache', or 'retry', or 'request_timeout'"
            ),
        ),
        (
            {"strategy": {"mode": "single"}, "targets": ["@openai-prod"]},
            "path: targets,0, message: Expected object, received string",
        ),
        ({"provider": "@openai-prod", "strategy": []}, "path: strategy, message: Expected object, received array"),
        ({"provider": "openai"}, "path: , message: Invalid configuration."),
        ({"provider": "nope", "api_key": "x"}, "path: provider, message: Invalid 'provider' value."),
        ({"strategy": {"mode": "single"}, "targets": {}}, "path: targets, message: Expected array, received object"),
        ({"provider": "@openai-prod", "strategy": {}}, "path: strategy,mode, message: Required"),
        (
            {"provider": "@openai-prod", "retry": {"attempts": "3", "on_status_codes": 429}},
            "path: retry,attempts, message: Expected number, received string",
        ),
        (
            {"provider": "@openai-prod", "retry": {"attempts": 3, "on_status_codes": 429}},
            "path: retry,on_status_codes, message: Expected array, received number",
        ),
    ],
)
def test_invalid_configs_name_their_place(config: Any, issue: str, send: Send) -> None:
    response = send("x", config)
    assert response.status_code == 400
    assert response.json()["message"] == "Invalid config passed"
    assert any(found.startswith(issue) for found in response.json()["errors"])


def test_unknown_slugs_in_a_config_are_all_named(send: Send) -> None:
    targets = [{"provider": "@a"}, {"virtual_key": "b"}, {"override_params": {"model": "@c/m"}}]
    response = send("x", {"strategy": {"mode": "fallback"}, "targets": targets})
    assert response.json()["message"] == "Following keys are not valid: a, b, c"


def test_a_flagging_guardrail_answers_246_with_the_normal_body(send: Send) -> None:
    config = {"provider": "@anthropic-prod", "output_guardrails": ["pg-flag-77be20"]}
    response = send("claude-opus-4-5", config)
    assert response.status_code == 246
    body = response.json()
    assert body["choices"][0]["message"]["content"] == "Hello from the sandbox."
    assert body["hook_results"]["before_request_hooks"][0]["id"] == "pg-flag-77be20"


def test_a_flagging_guardrail_leaves_streams_and_errors_as_they_are(
    sandbox: Sandbox, good: dict[str, str], http: httpx.Client
) -> None:
    config = json.dumps({"provider": "@anthropic-prod", "input_guardrails": ["pg-flag-77be20"]})
    body = {"model": "claude-opus-4-5", "max_tokens": 9, "messages": HI, "stream": True}
    headers = {**good, "x-portkey-config": config}
    streamed = http.post(f"{sandbox.base_url}/messages", json=body, headers=headers)
    assert streamed.status_code == 246
    assert streamed.text.startswith("event: message_start")
    failed = http.post(f"{sandbox.base_url}/messages", json={**body, "model": "nope"}, headers=headers)
    assert failed.status_code == 404


@pytest.mark.parametrize(
    ("path", "model", "prefix"),
    [
        ("/chat/completions", "@anthropic-old/claude-opus-4-5", "anthropic error: "),
        ("/messages", "@anthropic-old/claude-opus-4-5", "anthropic error: "),
        ("/chat/completions", "@openai-old/gpt-5", ""),
        ("/messages", "@openai-old/gpt-5", "openai error: "),
    ],
)
def test_a_revoked_vendor_key_is_the_vendors_401(
    path: str, model: str, prefix: str, start: Callable[..., Sandbox], http: httpx.Client, routing: Routing
) -> None:
    account = default_account()
    old = replace(account.provider("openai-prod"), slug="openai-old", vendor_key="sk-revoked", credential="revoked")
    sandbox = start(account.adding(old))
    body = {"model": model, "messages": HI, "max_tokens": 9}
    if path == "/chat/completions":
        body["max_completion_tokens"] = body.pop("max_tokens")
    headers = {"x-portkey-api-key": account.key("good").value}
    response = http.post(sandbox.base_url + path, json=body, headers=headers)
    assert response.status_code == 401
    assert "last-used-option-index" in routing(response)
    words = {"anthropic": "invalid x-api-key", "openai": "Incorrect API key provided"}[routing(response)["provider"]]
    assert response.json()["error"]["message"].startswith(prefix + words)
    assert ("provider" in response.json()) is bool(prefix)


@pytest.mark.parametrize(
    ("path", "model", "provider"),
    [
        ("/chat/completions", OPUS, "anthropic"),
        ("/chat/completions", "@openai-prod/gpt-5", None),
        ("/messages", OPUS, None),
        ("/responses", "@openai-prod/gpt-5", "openai"),
    ],
)
def test_transformed_replies_name_their_vendor(
    path: str, model: str, provider: str | None, sandbox: Sandbox, good: dict[str, str], http: httpx.Client
) -> None:
    body: dict[str, Any] = {"model": model, "messages": HI, "input": "hi"}
    body["max_tokens" if model == OPUS else "max_output_tokens"] = 64
    response = http.post(sandbox.base_url + path, json=body, headers=good)
    assert response.status_code == 200
    assert response.json().get("provider") == provider


@pytest.mark.parametrize("model", [OPUS, "@openai-prod/gpt-5"])
def test_a_vendors_html_page_is_wrapped(model: str, send: Send, sandbox: Sandbox, routing: Routing) -> None:
    sandbox.provider.set_fault(Fault(answer=html_page(502)))
    response = send(model)
    assert response.status_code == 502
    assert "last-used-option-index" in routing(response)
    if model == OPUS:
        message = response.json()["error"]["message"]
        assert message.startswith('Invalid response received from anthropic: {"html-message":"<html>')
    else:
        assert response.json()["html-message"].startswith("<html>")


def test_a_vendor_that_answers_something_else_is_an_invalid_response(
    start: Callable[..., Sandbox], http: httpx.Client
) -> None:
    with MisbehavingHost(dashboard_page()) as page, MisbehavingHost(wrong_content_type()) as other:
        account = default_account()
        anthropic = replace(account.provider("anthropic-prod"), upstream_url=f"{page.url}/v1")
        openai = replace(account.provider("openai-prod"), upstream_url=f"{other.url}/v1")
        sandbox = start(account.adding(anthropic, openai))
        key = {"x-portkey-api-key": account.key("good").value}
        body = {"model": "@openai-prod/gpt-5", "max_tokens": 9, "messages": HI}
        adapted = http.post(f"{sandbox.base_url}/messages", json=body, headers=key)
        assert adapted.status_code == 500
        assert adapted.json()["error"]["message"].startswith("Invalid response received from openai: ")
        models = http.get(f"{sandbox.base_url}/models", headers={**key, "x-portkey-provider": "@anthropic-prod"})
        assert models.headers["content-type"].startswith("text/html")


def test_doubled_v1_works_for_anthropic_alone(send: Send, routing: Routing, sandbox: Sandbox) -> None:
    accident = send(path="/v1/messages", x_portkey_provider="@anthropic-prod", anthropic_version="2023-06-01")
    assert accident.status_code == 400  # the body had no max_tokens, which Anthropic itself says
    assert accident.json()["error"]["message"] == "max_tokens: Field required"
    other = send("@openai-prod/gpt-5", path="/v1/chat/completions")
    assert other.status_code == 404
    assert other.json()["error"]["message"] == "Invalid URL (POST /v1/v1/chat/completions)"
    assert "last-used-option-index" in routing(other)


def test_a_doubled_endpoint_path_is_the_vendors_404(send: Send) -> None:
    response = send("@openai-prod/gpt-5", path="/chat/completions/chat/completions")
    assert response.json()["error"]["message"] == "Invalid URL (POST /v1/chat/completions/chat/completions)"


def test_counting_tokens_is_anthropics_alone(send: Send) -> None:
    assert send(path="/messages/count_tokens").json()["input_tokens"] > 0
    other = send("@openai-prod/gpt-5", path="/messages/count_tokens")
    assert other.json()["message"] == "messagesCountTokens is not supported by openai"


def test_anthropic_headers_reach_anthropic_and_others_do_not(send: Send, sandbox: Sandbox) -> None:
    send(path="/messages", anthropic_beta="interleaved-thinking-2025-05-14", x_team="blue")
    (request,) = sandbox.provider.requests
    assert request.header("anthropic-beta") == "interleaved-thinking-2025-05-14"
    assert request.header("anthropic-version") == "2023-06-01"
    assert request.header("x-team") is None
    assert not [name for name, _ in request.headers if name.startswith("x-portkey")]


def test_a_timeout_may_stand_in_the_config(send: Send, sandbox: Sandbox) -> None:
    sandbox.provider.set_fault(Fault(delay=5))
    response = send("x", {"provider": "@anthropic-prod", "request_timeout": 40})
    assert response.status_code == 408
    assert response.json()["error"]["message"].endswith("40ms")


@pytest.mark.parametrize(
    "host",
    [
        "https://user:pw@llm.example/v1",
        "ftp://llm.example",
        "https://api.portkey.ai/v1",
        "http://127.0.0.1:8000/v1",
        "http://gpu.internal/v1",
        "llm.example/v1",
        "http://[::1]:80/v1",
        "http://[::1/v1",
    ],
)
def test_custom_hosts_that_are_refused(host: str, send: Send) -> None:
    response = send(x_portkey_custom_host=host)
    assert (response.status_code, response.json()["message"]) == (400, "Invalid custom host")


def test_a_public_custom_host_is_never_asked(send: Send, routing: Routing) -> None:
    response = send("@openai-prod/gpt-5", x_portkey_custom_host="https://llm.example/v1")
    assert response.json()["html-message"].endswith("ENOTFOUND llm.example Name: TypeError")
    assert "last-used-option-index" in routing(response)


def test_saved_only_mode_leaves_slugs_and_saved_configs(start: Callable[..., Sandbox], http: httpx.Client) -> None:
    sandbox = start(replace(default_account(), saved_only=True))
    headers = {"x-portkey-api-key": sandbox.account.key("good").value}
    body = {"model": OPUS, "max_completion_tokens": 9, "messages": HI}
    for extra in ({}, {"x-portkey-config": "pc-single-91c4e2"}, {"x-portkey-provider": "@anthropic-prod"}):
        url = f"{sandbox.base_url}/chat/completions"
        assert http.post(url, json=body, headers={**headers, **extra}).status_code == 200


def test_requests_are_recorded_whole(send: Send, sandbox: Sandbox, good: dict[str, str]) -> None:
    send(x_team="blue")
    send("@nope/x")
    first, second = sandbox.requests
    assert (first.method, first.path) == ("POST", "/v1/chat/completions")
    assert first.header("X-Team") == "blue"
    assert first.header("x-portkey-api-key") == good["x-portkey-api-key"]
    assert first.json["model"] == OPUS
    assert first.body_size == len(first.body)
    assert first.received_at <= second.received_at
    sandbox.forget_requests()
    assert sandbox.requests == ()


def test_nothing_is_recorded_where_that_is_not_wanted(start: Callable[..., Sandbox], http: httpx.Client) -> None:
    sandbox = start(record=False)
    http.get(f"{sandbox.url}/")
    assert sandbox.requests == ()
