"""The copy of the open-source gateway: answers as measured on 1.15.2."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from wizard.sandbox.opensource_standin import OpenSourceStandIn
from wizard.sandbox.provider import FakeProvider, Fault

CHAT = {"model": "gpt-4o", "messages": [{"role": "user", "content": "hi"}]}
CLAUDE = {"model": "claude-opus-4-5", "max_tokens": 64, "messages": [{"role": "user", "content": "hi"}]}
NEEDS_ROUTING = "Either x-portkey-config or x-portkey-provider header is required"
OPENAI = {"x-portkey-provider": "openai", "authorization": "Bearer good"}
ANTHROPIC = {"x-portkey-provider": "anthropic", "authorization": "Bearer good"}

Routing = Callable[[httpx.Response], dict[str, str]]


@pytest.fixture
def vendor() -> Iterator[FakeProvider]:
    with FakeProvider(keys=["good"]) as vendor:
        yield vendor


@pytest.fixture
def gateway(vendor: FakeProvider) -> Iterator[OpenSourceStandIn]:
    with OpenSourceStandIn(vendor_url=vendor.base_url) as gateway:
        yield gateway


@pytest.mark.parametrize(
    ("headers", "status", "message"),
    [
        ({}, 400, NEEDS_ROUTING),
        ({"authorization": "Bearer good"}, 400, NEEDS_ROUTING),
        ({"x-portkey-api-key": "anything"}, 400, NEEDS_ROUTING),
        ({"x-portkey-virtual-key": "openai-prod"}, 400, NEEDS_ROUTING),
        ({"x-portkey-provider": ""}, 400, NEEDS_ROUTING),
        ({"x-portkey-provider": "OpenAI"}, 400, "Invalid provider passed"),
        ({"x-portkey-provider": "@anthropic-prod"}, 400, "Invalid provider passed"),
        ({"x-portkey-provider": "portkey"}, 500, "Provider portkey not found"),
        (
            {"x-portkey-config": "pc-abc", "x-portkey-provider": "openai"},
            400,
            "Invalid config passed. You need to pass a valid json",
        ),
        (
            {"x-portkey-config": "null", "x-portkey-provider": "openai"},
            400,
            "Invalid config passed. You need to pass a valid json",
        ),
        ({"x-portkey-config": "{}"}, 400, "Either x-portkey-provider needs to be passed. Or"),
        ({"x-portkey-config": '"text"'}, 400, "Either x-portkey-provider needs to be passed. Or"),
        ({"x-portkey-config": "{}", "x-portkey-provider": "openai"}, 400, "Invalid config passed"),
        ({"x-portkey-config": '{"provider":"openai"}'}, 400, "Invalid config passed"),
        ({**OPENAI, "content-type": "text/plain"}, 400, "Invalid content type passed"),
        ({**OPENAI, "x-portkey-custom-host": "http://192.168.1.4/v1"}, 400, "Invalid custom host"),
    ],
)
def test_refusals_before_routing(
    headers: dict[str, str],
    status: int,
    message: str,
    gateway: OpenSourceStandIn,
    http: httpx.Client,
    routing: Routing,
) -> None:
    response = http.post(
        f"{gateway.base_url}/chat/completions",
        content=json.dumps({**CHAT, "model": "@openai-prod/gpt-4o"}),
        headers={"content-type": "application/json", "x-portkey-trace-id": "t", **headers},
    )
    assert response.status_code == status
    assert response.json()["status"] == "failure"
    assert response.json()["message"].startswith(message)
    assert set(routing(response)) <= {"gateway-exception"}


@pytest.mark.parametrize("path", ["/chat/completions", "/health", "/v2/models", "/public/"])
def test_other_paths_are_not_found(path: str, gateway: OpenSourceStandIn, http: httpx.Client) -> None:
    response = http.get(gateway.url + path)
    assert (response.status_code, response.json()) == (404, {"message": "Not Found", "ok": False})


@pytest.mark.parametrize("path", ["/models", "/providers", "/health"])
def test_it_has_no_catalogue_and_no_control_plane(path: str, gateway: OpenSourceStandIn, http: httpx.Client) -> None:
    response = http.get(gateway.base_url + path, headers={"x-portkey-api-key": "anything"})
    assert (response.status_code, response.json()["message"]) == (400, NEEDS_ROUTING)
    assert http.get(gateway.url).text == "AI Gateway says hey!"


def test_the_trace_id_is_echoed_and_never_made(
    gateway: OpenSourceStandIn, http: httpx.Client, routing: Routing
) -> None:
    url = f"{gateway.base_url}/chat/completions"
    assert routing(http.post(url, json=CHAT, headers=OPENAI)) == {
        "provider": "openai",
        "last-used-option-index": "config",
        "retry-attempt-count": "0",
        "trace-id": "",
        "cache-status": "DISABLED",
    }
    traced = http.post(url, json=CHAT, headers={**OPENAI, "x-portkey-trace-id": "t-1"})
    assert routing(traced)["trace-id"] == "t-1"


def test_slugs_are_not_split(gateway: OpenSourceStandIn, http: httpx.Client, vendor: FakeProvider) -> None:
    http.post(f"{gateway.base_url}/chat/completions", json={**CHAT, "model": "@openai/gpt-4o"}, headers=OPENAI)
    assert vendor.requests[0].json["model"] == "@openai/gpt-4o"


@pytest.mark.parametrize(
    ("path", "body", "headers", "message"),
    [
        ("/messages", CLAUDE, OPENAI, "messages is not supported by openai"),
        ("/messages/count_tokens", CLAUDE, OPENAI, "messagesCountTokens is not supported by openai"),
        ("/responses", {"model": "x", "input": "hi"}, ANTHROPIC, "createModelResponse is not supported by anthropic"),
    ],
)
def test_unsupported_endpoints(
    path: str,
    body: dict[str, Any],
    headers: dict[str, str],
    message: str,
    gateway: OpenSourceStandIn,
    http: httpx.Client,
    routing: Routing,
) -> None:
    response = http.post(gateway.base_url + path, json=body, headers=headers)
    assert (response.status_code, response.json()["message"]) == (500, message)
    assert routing(response) == {"gateway-exception": "true"}


def test_vendor_errors_are_prefixed_for_both_vendors(
    gateway: OpenSourceStandIn, http: httpx.Client, vendor: FakeProvider
) -> None:
    url = f"{gateway.base_url}/chat/completions"
    revoked = {"authorization": "Bearer revoked"}
    openai = http.post(url, json=CHAT, headers={**OPENAI, **revoked}).json()
    assert openai["provider"] == "openai"
    assert openai["error"]["message"].startswith("openai error: Incorrect API key provided")
    assert openai["error"]["code"] == "invalid_api_key"
    anthropic = http.post(url, json=CLAUDE, headers={**ANTHROPIC, **revoked}).json()
    assert anthropic == {
        "error": {
            "message": "anthropic error: invalid x-api-key",
            "type": "authentication_error",
            "param": None,
            "code": None,
        },
        "provider": "anthropic",
    }
    vendor.set_fault(Fault("rate-limited"))
    limited = http.post(url, json=CHAT, headers=OPENAI)
    assert (limited.status_code, limited.headers["retry-after"]) == (429, "2")


def test_a_missing_key_reaches_the_vendor_as_undefined(
    gateway: OpenSourceStandIn, http: httpx.Client, vendor: FakeProvider
) -> None:
    http.post(f"{gateway.base_url}/chat/completions", json=CHAT, headers={"x-portkey-provider": "openai"})
    assert vendor.requests[0].header("authorization") == "Bearer undefined"


def test_x_api_key_is_anthropics_and_authorization_wins(
    gateway: OpenSourceStandIn, http: httpx.Client, vendor: FakeProvider
) -> None:
    url = f"{gateway.base_url}/messages"
    provider = {"x-portkey-provider": "anthropic"}
    http.post(url, json=CLAUDE, headers={**provider, "x-api-key": "good"})
    http.post(url, json=CLAUDE, headers={**provider, "x-api-key": "other", "authorization": "Bearer good"})
    assert [request.header("x-api-key") for request in vendor.requests] == ["good", "good"]


def test_a_custom_host_beats_the_default_vendor(
    gateway: OpenSourceStandIn, http: httpx.Client, vendor: FakeProvider
) -> None:
    with FakeProvider(reply="pong from the other host") as other:
        headers = {**OPENAI, "x-portkey-custom-host": other.base_url}
        response = http.post(f"{gateway.base_url}/chat/completions", json=CHAT, headers=headers)
    assert response.json()["choices"][0]["message"]["content"] == "pong from the other host"
    assert vendor.requests == ()


def test_without_a_vendor_nothing_outside_this_machine_is_asked(http: httpx.Client) -> None:
    with OpenSourceStandIn() as gateway:
        response = http.post(f"{gateway.base_url}/chat/completions", json=CHAT, headers=OPENAI)
        listed = http.get(f"{gateway.base_url}/models", headers=OPENAI)
    words = "Message: fetch failed Cause: Error: getaddrinfo ENOTFOUND api.openai.com Name: TypeError"
    assert response.json() == {"html-message": words}
    assert (listed.status_code, listed.text) == (500, words)
    assert listed.headers["content-type"].startswith("text/plain")


def test_inline_configs_fall_back_with_their_own_hosts_and_keys(
    gateway: OpenSourceStandIn, http: httpx.Client, vendor: FakeProvider, routing: Routing
) -> None:
    config = {
        "strategy": {"mode": "fallback"},
        "targets": [
            {"provider": "openai", "api_key": "revoked"},
            {"provider": "anthropic", "api_key": "good", "override_params": {"model": "claude-opus-4-5"}},
        ],
    }
    response = http.post(
        f"{gateway.base_url}/chat/completions",
        json={**CHAT, "max_tokens": 64},
        headers={"x-portkey-config": json.dumps(config)},
    )
    assert response.status_code == 200
    assert routing(response)["last-used-option-index"] == "config.targets[1]"
    assert [request.path for request in vendor.requests] == ["/v1/chat/completions", "/v1/messages"]


def test_a_broken_body_is_a_crash(gateway: OpenSourceStandIn, http: httpx.Client) -> None:
    response = http.post(
        f"{gateway.base_url}/chat/completions",
        content=b"{not json",
        headers={**OPENAI, "content-type": "application/json"},
    )
    assert (response.status_code, response.json()["message"]) == (500, "Something went wrong")


def test_models_are_the_vendors_own_list_verbatim(
    gateway: OpenSourceStandIn, http: httpx.Client, routing: Routing
) -> None:
    response = http.get(f"{gateway.base_url}/models", headers=ANTHROPIC)
    assert set(response.json()) == {"data", "has_more", "first_id", "last_id"}
    assert "last-used-option-index" in routing(response)


def test_the_streaming_defect_breaks_streams_after_the_vendor_was_asked(
    vendor: FakeProvider, http: httpx.Client, routing: Routing
) -> None:
    with OpenSourceStandIn(vendor_url=vendor.base_url, broken_streams=True) as gateway:
        url = f"{gateway.base_url}/chat/completions"
        assert http.post(url, json=CHAT, headers=OPENAI).status_code == 200
        streamed = http.post(url, json={**CHAT, "stream": True}, headers=OPENAI)
        assert streamed.status_code == 500
        assert streamed.json() == {"status": "failure", "message": "Something went wrong"}
        assert routing(streamed) == {"gateway-exception": "true"}
        listed = http.get(f"{gateway.base_url}/models", headers=OPENAI)
        assert listed.status_code == 500
    assert len(vendor.requests) == 3
