"""Which header carries the Portkey key: the matrix that was measured on the account layer."""

from collections.abc import Callable

import httpx
import pytest

from wizard.sandbox.gateway import Sandbox

KEY = "<key>"
PATHS = ["/chat/completions", "/messages", "/responses"]

ACCEPTED = [
    {"x-portkey-api-key": KEY},
    {"authorization": f"Bearer {KEY}"},
    {"x-portkey-api-key": KEY, "authorization": f"Bearer {KEY}"},
    {"x-portkey-api-key": KEY, "authorization": "Bearer dummy"},
    {"x-portkey-api-key": KEY, "x-api-key": "dummy"},
    {"authorization": f"Bearer {KEY}", "x-api-key": KEY},
    # Only the text `Bearer ` is taken off, so a bare value passes too.
    {"authorization": KEY},
    {"X-Portkey-Api-Key": KEY},
]
REFUSED: list[dict[str, str]] = [
    {},
    {"x-api-key": KEY},
    {"x-portkey-api-key": "wrong", "authorization": f"Bearer {KEY}"},
    {"authorization": f"bearer {KEY}"},
    {"authorization": f"Bearer Bearer {KEY}"},
    {"x-portkey-api-key": f"Bearer {KEY}"},
    {"x-portkey-api-key": "${PORTKEY_API_KEY}"},
    {"x-portkey-apikey": KEY},
    {"x-portkey-api-key": f"'{KEY}'"},
]


def with_key(headers: dict[str, str], key: str) -> dict[str, str]:
    return {name: value.replace(KEY, key) for name, value in headers.items()}


@pytest.mark.parametrize("headers", ACCEPTED, ids=str)
def test_accepted_on_every_route(
    headers: dict[str, str],
    sandbox: Sandbox,
    http: httpx.Client,
    bodies: dict[str, Callable[..., dict[str, object]]],
) -> None:
    sent = with_key(headers, sandbox.account.key("good").value)
    assert http.get(f"{sandbox.base_url}/models", headers=sent).status_code == 200
    for path in PATHS:
        assert http.post(sandbox.base_url + path, json=bodies[path](), headers=sent).status_code == 200


@pytest.mark.parametrize("headers", REFUSED, ids=str)
def test_refused_on_every_route(
    headers: dict[str, str],
    sandbox: Sandbox,
    http: httpx.Client,
    bodies: dict[str, Callable[..., dict[str, object]]],
) -> None:
    sent = with_key(headers, sandbox.account.key("good").value)
    answers = [http.get(f"{sandbox.base_url}/models", headers=sent)]
    answers += [http.post(sandbox.base_url + path, json=bodies[path](), headers=sent) for path in PATHS]
    for response in answers:
        assert response.status_code == 401
        assert response.json()["error"]["code"] == "03"
    assert sandbox.provider.requests == ()


def test_the_vendor_gets_the_stored_key_and_never_the_portkey_key(
    sandbox: Sandbox, http: httpx.Client, bodies: dict[str, Callable[..., dict[str, object]]]
) -> None:
    key = sandbox.account.key("good").value
    sent = {"x-portkey-api-key": key, "authorization": "Bearer dummy", "x-api-key": "dummy"}
    for path in PATHS:
        http.post(sandbox.base_url + path, json=bodies[path](), headers=sent)
    chat, messages, responses = sandbox.provider.requests
    assert chat.header("x-api-key") == messages.header("x-api-key")
    assert messages.header("x-api-key") == sandbox.account.provider("anthropic-prod").vendor_key
    assert responses.header("authorization") == f"Bearer {sandbox.account.provider('openai-prod').vendor_key}"
    for request in sandbox.provider.requests:
        assert key not in repr(request)


def test_a_portkey_key_beside_a_vendor_name_leaves_the_vendor_without_one(
    sandbox: Sandbox, http: httpx.Client, routing: Callable[[httpx.Response], dict[str, str]]
) -> None:
    headers = {
        "authorization": f"Bearer {sandbox.account.key('good').value}",
        "x-portkey-provider": "openai",
    }
    body = {"model": "gpt-5", "messages": [{"role": "user", "content": "hi"}]}
    response = http.post(f"{sandbox.base_url}/chat/completions", json=body, headers=headers)
    assert response.status_code == 401
    assert routing(response)["provider"] == "openai"
    assert "didn't provide an API key" in response.json()["error"]["message"]


def test_a_vendor_name_with_its_own_key_works(sandbox: Sandbox, good: dict[str, str], http: httpx.Client) -> None:
    vendor_key = sandbox.account.provider("openai-prod").vendor_key
    headers = {**good, "x-portkey-provider": "openai", "authorization": f"Bearer {vendor_key}"}
    body = {"model": "gpt-5", "messages": [{"role": "user", "content": "hi"}]}
    response = http.post(f"{sandbox.base_url}/chat/completions", json=body, headers=headers)
    assert response.status_code == 200


def test_the_control_plane_reads_x_portkey_api_key_only(sandbox: Sandbox, http: httpx.Client) -> None:
    key = sandbox.account.key("good").value
    url = f"{sandbox.base_url}/providers"
    assert http.get(url, headers={"x-portkey-api-key": key}).status_code == 200
    refused = http.get(url, headers={"authorization": f"Bearer {key}"})
    assert refused.json()["data"]["errorCode"] == "AB05"
