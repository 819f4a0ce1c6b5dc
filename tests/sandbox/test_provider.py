"""The fake vendor by itself: keys, models, refusals, faults."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from wizard.sandbox.provider import FakeProvider, Fault, html_page
from wizard.sandbox.vendor_errors import VendorError, vendor_error
from wizard.sandbox.vendors import Dialect

CHAT = {"model": "gpt-4o", "messages": [{"role": "user", "content": "hi"}]}
MESSAGES = {"model": "claude-opus-4-5", "max_tokens": 64, "messages": [{"role": "user", "content": "hi"}]}
ANTHROPIC = {"x-api-key": "good", "anthropic-version": "2023-06-01"}
OPENAI = {"authorization": "Bearer good"}


@pytest.fixture
def provider() -> Iterator[FakeProvider]:
    models: dict[Dialect, list[str]] = {"openai": ["gpt-4o", "gpt-5"], "anthropic": ["claude-opus-4-5"]}
    with FakeProvider(keys=["good"], models=models, reply="pong") as provider:
        yield provider


def post(http: httpx.Client, provider: FakeProvider, path: str, body: Any, **headers: str) -> httpx.Response:
    dialect = ANTHROPIC if path.startswith("/messages") else OPENAI
    return http.post(provider.base_url + path, json=body, headers={**dialect, **headers})


def test_openai_refuses_keys_in_its_words(provider: FakeProvider, http: httpx.Client) -> None:
    revoked = post(http, provider, "/chat/completions", CHAT, authorization="Bearer sk-proj-abcdefgh12345678")
    assert revoked.status_code == 401
    error = revoked.json()["error"]
    assert error["type"] == "invalid_request_error"
    assert error["code"] == "invalid_api_key"
    assert error["message"].startswith("Incorrect API key provided: sk-proj-****************5678.")
    missing = http.post(f"{provider.base_url}/chat/completions", json=CHAT)
    assert missing.json()["error"]["message"].startswith("You didn't provide an API key.")


def test_anthropic_refuses_keys_in_its_words(provider: FakeProvider, http: httpx.Client) -> None:
    revoked = post(http, provider, "/messages", MESSAGES, **{"x-api-key": "revoked"})
    assert revoked.status_code == 401
    body = revoked.json()
    assert body["type"] == "error"
    assert body["error"] == {"type": "authentication_error", "message": "invalid x-api-key"}
    assert body["request_id"] == revoked.headers["request-id"]
    bearer = http.post(f"{provider.base_url}/messages", json=MESSAGES, headers=OPENAI)
    assert bearer.json()["error"]["message"] == "x-api-key header is required"


def test_each_vendor_lists_its_models_in_its_shape(provider: FakeProvider, http: httpx.Client) -> None:
    openai = http.get(f"{provider.base_url}/models", headers=OPENAI).json()
    assert [model["id"] for model in openai["data"]] == ["gpt-4o", "gpt-5"]
    assert openai["data"][0]["owned_by"] == "system"
    anthropic = http.get(f"{provider.base_url}/models", headers=ANTHROPIC).json()
    assert anthropic["data"][0]["type"] == "model"
    assert anthropic["first_id"] == anthropic["last_id"] == "claude-opus-4-5"


def test_unknown_models_are_404_in_the_vendors_words(provider: FakeProvider, http: httpx.Client) -> None:
    openai = post(http, provider, "/chat/completions", {**CHAT, "model": "portkey-dynamic"})
    assert openai.status_code == 404
    assert openai.json()["error"]["code"] == "model_not_found"
    anthropic = post(http, provider, "/messages", {**MESSAGES, "model": "gpt-4o"})
    assert anthropic.status_code == 404
    assert anthropic.json()["error"] == {"type": "not_found_error", "message": "model: gpt-4o"}


@pytest.mark.parametrize(
    ("path", "body", "words"),
    [
        ("/chat/completions", {}, "you must provide a model parameter"),
        ("/chat/completions", {"model": "gpt-4o"}, "Missing required parameter: 'messages'."),
        (
            "/chat/completions",
            {**CHAT, "model": "gpt-5", "max_tokens": 64},
            (
                "Unsupported parameter: 'max_tokens' is not supported with this model. "
                "Use 'max_completion_tokens' instead."
            ),
        ),
        ("/responses", {"model": "gpt-4o"}, "Missing required parameter: 'input'."),
        (
            "/responses",
            {"model": "gpt-4o", "input": "hi", "max_output_tokens": 5},
            "Invalid 'max_output_tokens': integer below minimum value. Expected a value >= 16, but got 5 instead.",
        ),
        ("/messages", {"model": "claude-opus-4-5", "messages": [{}]}, "max_tokens: Field required"),
        ("/messages", {"max_tokens": 5}, "model: Field required"),
    ],
)
def test_incomplete_requests_are_400_in_the_vendors_words(
    path: str, body: dict[str, Any], words: str, provider: FakeProvider, http: httpx.Client
) -> None:
    response = post(http, provider, path, body)
    assert response.status_code == 400
    assert response.json()["error"]["message"] == words


def test_anthropic_wants_its_version_header(provider: FakeProvider, http: httpx.Client) -> None:
    response = http.post(f"{provider.base_url}/messages", json=MESSAGES, headers={"x-api-key": "good"})
    assert response.json()["error"]["message"] == "anthropic-version: header is required"


def test_unknown_paths_are_404_in_the_vendors_words(provider: FakeProvider, http: httpx.Client) -> None:
    openai = http.post(f"{provider.base_url}/chat/completions/chat/completions", json=CHAT, headers=OPENAI)
    assert openai.status_code == 404
    assert openai.json()["error"]["message"] == "Invalid URL (POST /v1/chat/completions/chat/completions)"
    anthropic = http.post(f"{provider.base_url}/messages/nope", json=MESSAGES, headers=ANTHROPIC)
    assert anthropic.json()["error"]["type"] == "not_found_error"


def test_tokens_are_counted_without_a_reply(provider: FakeProvider, http: httpx.Client) -> None:
    short = post(http, provider, "/messages/count_tokens", MESSAGES).json()["input_tokens"]
    longer = {**MESSAGES, "system": "x" * 400}
    # 416 more characters of JSON, four to a token.
    assert post(http, provider, "/messages/count_tokens", longer).json()["input_tokens"] == short + 104


EXPECTED_STATUS: dict[VendorError, tuple[int, int]] = {
    "invalid-key": (401, 401),
    "missing-key": (401, 401),
    "model-not-found": (404, 404),
    "rate-limited": (429, 429),
    "no-credit": (429, 400),
    "forbidden": (403, 403),
    "context-too-long": (400, 400),
    "output-limit": (400, 400),
    "server-error": (500, 500),
    "overloaded": (503, 529),
}


@pytest.mark.parametrize("error", EXPECTED_STATUS)
def test_faults_answer_with_the_vendors_refusal(error: VendorError, provider: FakeProvider, http: httpx.Client) -> None:
    provider.set_fault(Fault(error))
    openai = post(http, provider, "/chat/completions", CHAT)
    anthropic = post(http, provider, "/messages", MESSAGES)
    assert (openai.status_code, anthropic.status_code) == EXPECTED_STATUS[error]
    assert set(openai.json()["error"]) == {"message", "type", "param", "code"}
    assert set(anthropic.json()["error"]) == {"type", "message"}
    provider.set_fault(None)
    assert post(http, provider, "/chat/completions", CHAT).status_code == 200


def test_a_vendors_key_is_never_repeated_whole() -> None:
    answer = vendor_error("openai", "invalid-key", key="sk-proj-secretsecretsecret")
    assert b"secretsecret" not in bytes(answer.body)  # type: ignore[arg-type]


def test_faults_hit_one_model_one_kind_and_so_many_times(provider: FakeProvider, http: httpx.Client) -> None:
    provider.set_fault(Fault("server-error", times=2, only="stream"), "gpt-4o")

    def status(model: str, *, stream: bool) -> int:
        return post(http, provider, "/chat/completions", {**CHAT, "model": model, "stream": stream}).status_code

    assert status("gpt-4o", stream=False) == 200
    assert status("gpt-5", stream=True) == 200
    assert [status("gpt-4o", stream=True) for _ in range(3)] == [500, 500, 200]


def test_a_fault_can_be_any_answer(provider: FakeProvider, http: httpx.Client) -> None:
    provider.set_fault(Fault(answer=html_page()))
    response = post(http, provider, "/chat/completions", CHAT)
    assert (response.status_code, response.headers["content-type"]) == (502, "text/html")


def test_without_lists_any_key_and_any_model_is_known(http: httpx.Client) -> None:
    with FakeProvider() as provider:
        response = post(http, provider, "/chat/completions", {**CHAT, "model": "anything"})
        assert response.json()["choices"][0]["message"]["content"] == "Hello from the sandbox."
        response = post(http, provider, "/chat/completions", CHAT, authorization="Bearer undefined")
        assert response.status_code == 401
