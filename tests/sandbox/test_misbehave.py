"""Hosts that are no gateway."""

from collections.abc import Callable, Iterator

import httpx
import pytest

from wizard.sandbox import misbehave
from wizard.sandbox.misbehave import Behaviour, MisbehavingHost


@pytest.fixture
def host() -> Iterator[Callable[[Behaviour], MisbehavingHost]]:
    running: list[MisbehavingHost] = []

    def start(behaviour: Behaviour) -> MisbehavingHost:
        server = MisbehavingHost(behaviour).start()
        running.append(server)
        return server

    yield start
    for server in running:
        server.stop()


Host = Callable[[Behaviour], MisbehavingHost]


@pytest.mark.parametrize(
    ("behaviour", "status", "content_type", "words"),
    [
        (misbehave.dashboard_page(), 200, "text/html; charset=utf-8", '<div id="root">'),
        (misbehave.captive_portal(), 200, "text/html; charset=utf-8", "Sign in"),
        (misbehave.captive_portal(403), 403, "text/html; charset=utf-8", "Sign in"),
        (misbehave.plain_404(), 404, "text/html", "nginx"),
        (misbehave.bad_gateway(), 502, "text/html", "Bad Gateway"),
        (misbehave.wrong_content_type(), 200, "text/plain", '"object":"list"'),
    ],
)
def test_pages_on_every_path(
    behaviour: Behaviour, status: int, content_type: str, words: str, host: Host, http: httpx.Client
) -> None:
    server = host(behaviour)
    for path in ("/", "/v1/models"):
        response = http.get(server.url + path, headers={"x-portkey-api-key": "secret"})
        assert (response.status_code, response.headers["content-type"]) == (status, content_type)
        assert words in response.text
    assert [request.header("x-portkey-api-key") for request in server.requests] == ["secret", "secret"]


def test_a_redirect_is_recorded_at_both_ends(host: Host, http: httpx.Client) -> None:
    target = host(misbehave.empty(200))
    server = host(misbehave.redirect(target.url, 308))
    response = http.get(f"{server.url}/v1/models?limit=1")
    assert (response.status_code, response.headers["location"]) == (308, f"{target.url}/v1/models?limit=1")
    assert list(target.requests) == []
    http.get(f"{server.url}/v1/models", follow_redirects=True, headers={"x-portkey-api-key": "secret"})
    assert target.requests[0].header("x-portkey-api-key") == "secret"


def test_silence_lasts_until_the_client_leaves(host: Host, http: httpx.Client) -> None:
    server = host(misbehave.silent())
    with pytest.raises(httpx.ReadTimeout):
        http.get(server.url, timeout=0.1)
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    ("behaviour", "error"),
    [
        (misbehave.closes(), httpx.RemoteProtocolError),
        (misbehave.resets(), httpx.ReadError),
        (misbehave.not_http(), httpx.RemoteProtocolError),
    ],
)
def test_broken_connections(behaviour: Behaviour, error: type[Exception], host: Host, http: httpx.Client) -> None:
    with pytest.raises(error):
        http.get(host(behaviour).url)


def test_an_endless_body_can_be_left(host: Host, http: httpx.Client) -> None:
    server = host(misbehave.endless_body(100))
    read = 0
    with http.stream("GET", server.url) as response:
        for piece in response.iter_raw():
            read += len(piece)
            if read > 1 << 20:
                break
    assert read < 8 << 20
    assert len(http.get(host(misbehave.endless_body(2)).url).json()["message"]) == 2 << 20


def test_hostile_text_arrives_as_it_is(host: Host, http: httpx.Client) -> None:
    response = http.get(host(misbehave.hostile_text()).url)
    message = response.json()["message"]
    assert message == misbehave.HOSTILE_TEXT
    assert all(mark in message for mark in ("\x1b[2J", "\x07", "\x9b", "\u202e", "<script>"))
    header = dict(response.headers.raw)[b"x-portkey-trace-id"].decode()
    assert "\x1b[2J" in header
    assert "\u202e" in header


def test_invalid_json_calls_itself_json(host: Host, http: httpx.Client) -> None:
    response = http.get(host(misbehave.invalid_json()).url)
    assert response.headers["content-type"] == "application/json"
    with pytest.raises(ValueError, match="Unterminated"):
        response.json()


@pytest.mark.parametrize("status", [204, 401])
def test_empty_bodies(status: int, host: Host, http: httpx.Client) -> None:
    response = http.get(host(misbehave.empty(status)).url)
    assert (response.status_code, response.content) == (status, b"")


def test_a_drip_comes_byte_by_byte(host: Host, http: httpx.Client) -> None:
    assert http.get(host(misbehave.drip(0.001, total=20)).url).content == b" " * 20
    server = host(misbehave.drip(60))
    with http.stream("GET", server.url) as response:
        assert next(response.iter_raw()) == b" "


def test_another_gateway_reads_bearer_only_and_has_no_portkey_headers(host: Host, http: httpx.Client) -> None:
    server = host(misbehave.other_gateway("sk-other"))
    refused = http.get(f"{server.url}/v1/models", headers={"x-portkey-api-key": "sk-other"})
    assert refused.status_code == 401
    assert refused.json()["error"]["type"] == "auth_error"
    bearer = {"authorization": "Bearer sk-other"}
    models = http.get(f"{server.url}/v1/models", headers=bearer).json()
    assert [model["id"] for model in models["data"]] == ["gpt-4o"]
    chat = http.post(f"{server.url}/v1/chat/completions", headers=bearer, json={"model": "gpt-4o"})
    assert chat.json()["model"] == "gpt-4o"
    assert not [name for name in chat.headers if name.startswith("x-portkey")]
    assert http.get(f"{server.url}/v1/providers", headers=bearer).status_code == 404
