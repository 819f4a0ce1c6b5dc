"""The account layer in front of a gateway, and the gateway as a child process."""

import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from wizard.sandbox.accounts import SavedConfig, default_account
from wizard.sandbox.gateway import Sandbox
from wizard.sandbox.opensource import GatewayStartError, OpenSourceGateway
from wizard.sandbox.opensource_standin import OpenSourceStandIn
from wizard.sandbox.provider import Fault

OPUS = "@anthropic-prod/claude-opus-4-5"
HI = [{"role": "user", "content": "hi"}]

Routing = Callable[[httpx.Response], dict[str, str]]


@pytest.fixture
def upstream() -> Iterator[OpenSourceStandIn]:
    with OpenSourceStandIn() as upstream:
        yield upstream


@pytest.fixture
def fronted(upstream: OpenSourceStandIn, start: Callable[..., Sandbox]) -> Sandbox:
    targets: list[dict[str, Any]] = [
        {"override_params": {"model": "@anthropic-old/claude-opus-4-5"}},
        {"override_params": {"model": OPUS}},
    ]
    free = {"strategy": {"mode": "fallback"}, "targets": targets}
    limited = {**free, "targets": [{"provider": "@bedrock-eu"}, *targets]}
    account = default_account().adding(SavedConfig("pc-free", free), SavedConfig("pc-limited", limited))
    return start(account, upstream=upstream)


def ask(http: httpx.Client, sandbox: Sandbox, path: str, model: str = OPUS, **headers: str) -> httpx.Response:
    body: dict[str, Any] = {"model": model}
    if path == "/responses":
        body |= {"input": "hi", "max_output_tokens": 64}
    else:
        body |= {"messages": HI, "max_tokens" if path == "/messages" else "max_completion_tokens": 64}
    if "stream" in headers:
        body["stream"] = headers.pop("stream") == "yes"
    key = {"x-portkey-api-key": sandbox.account.key("good").value}
    sent = {**key, **{name.replace("_", "-"): value for name, value in headers.items()}}
    return http.post(sandbox.base_url + path, json=body, headers=sent)


@pytest.mark.parametrize("stream", ["yes", "no"])
@pytest.mark.parametrize(
    ("path", "model"),
    [
        ("/chat/completions", OPUS),
        ("/chat/completions", "@openai-prod/gpt-5"),
        ("/messages", OPUS),
        ("/responses", "@openai-prod/gpt-5"),
    ],
)
def test_routed_requests_go_through_the_gateway(
    path: str,
    model: str,
    stream: str,
    fronted: Sandbox,
    upstream: OpenSourceStandIn,
    http: httpx.Client,
    routing: Routing,
) -> None:
    response = ask(http, fronted, path, model, stream=stream, x_portkey_trace_id="t-1")
    assert response.status_code == 200
    assert "sandbox" in response.text
    slug = model[1:].partition("/")[0]
    vendor = fronted.account.provider(slug).vendor
    expected = {"provider": vendor, "trace-id": "t-1", "last-used-option-index": "config"}
    assert expected.items() <= routing(response).items()
    (passed,) = upstream.requests
    assert passed.json["model"] == model.partition("/")[2]
    assert passed.header("x-portkey-provider") == vendor
    assert passed.header("x-portkey-custom-host") == fronted.provider.base_url
    assert passed.header("authorization") == f"Bearer {fronted.account.provider(slug).vendor_key}"
    assert passed.header("x-portkey-api-key") is None


def test_refusals_never_reach_the_gateway(fronted: Sandbox, upstream: OpenSourceStandIn, http: httpx.Client) -> None:
    for headers, model, status in (
        ({"x_portkey_api_key": "wrong"}, OPUS, 401),
        ({}, "@nope/x", 400),
        ({}, "@bedrock-eu/x", 412),
        ({"x_portkey_config": "pc-nope"}, OPUS, 400),
    ):
        assert ask(http, fronted, "/chat/completions", model, **headers).status_code == status
    key = {"x-portkey-api-key": fronted.account.key("default-config").value}
    assert http.get(f"{fronted.base_url}/models", headers=key).json()["provider"] == "anthropic"
    assert upstream.requests == ()


def test_the_gateway_runs_configs_itself(
    fronted: Sandbox, upstream: OpenSourceStandIn, http: httpx.Client, routing: Routing
) -> None:
    response = ask(http, fronted, "/messages", "dummy", x_portkey_config="pc-free")
    assert response.status_code == 200
    assert routing(response)["last-used-option-index"] == "config.targets[1]"
    (passed,) = upstream.requests
    config = passed.header("x-portkey-config") or ""
    assert "anthropic-beta" in config
    assert "slug" not in config
    assert passed.header("x-portkey-provider") is None
    assert [row.status for row in fronted.log_rows] == [200]


def test_a_config_with_a_used_up_budget_is_run_here(
    fronted: Sandbox, upstream: OpenSourceStandIn, http: httpx.Client, routing: Routing
) -> None:
    response = ask(http, fronted, "/messages", "dummy", x_portkey_config="pc-limited")
    assert response.status_code == 200
    assert routing(response)["last-used-option-index"] == "config.targets[2]"
    assert [row.status for row in fronted.log_rows] == [412, 401, 200]
    assert len(upstream.requests) == 2


def test_what_the_gateway_refuses_before_routing_has_no_routing_headers(
    fronted: Sandbox, http: httpx.Client, routing: Routing
) -> None:
    response = ask(http, fronted, "/messages", "@openai-prod/gpt-5")
    assert response.json()["message"] == "messages is not supported by openai"
    assert routing(response) == {"gateway-exception": "true"}
    assert fronted.log_rows == ()


def test_timeouts_are_the_gateways(fronted: Sandbox, http: httpx.Client) -> None:
    fronted.provider.set_fault(Fault(delay=5))
    response = ask(http, fronted, "/messages", x_portkey_request_timeout="40")
    assert response.status_code == 408


def test_a_gateway_that_is_away_is_a_502(fronted: Sandbox, upstream: OpenSourceStandIn, http: httpx.Client) -> None:
    upstream.stop()
    response = ask(http, fronted, "/messages")
    assert response.status_code == 502
    assert "did not answer" in response.json()["message"]


def test_a_stream_cut_behind_the_gateway_is_cut_for_the_caller(fronted: Sandbox, http: httpx.Client) -> None:
    fronted.provider.set_fault(Fault(cut_after=4))
    with pytest.raises(httpx.RemoteProtocolError):
        ask(http, fronted, "/messages", stream="yes")


PRETENDER = """
import http.server, os, sys
port = int(sys.argv[1].removeprefix("--port="))
assert sys.argv[2] == "--headless"
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = b"AI Gateway says hey!" if self.path == "/" else repr(sorted(os.environ)).encode()
        self.send_response(200)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
    def log_message(self, *args):
        pass
http.server.HTTPServer(("127.0.0.1", port), Handler).serve_forever()
"""


@pytest.fixture
def script(tmp_path: Path) -> Callable[[str], list[str]]:
    def write(source: str) -> list[str]:
        path = tmp_path / "gateway.py"
        path.write_text(source)
        return [sys.executable, "-I", "-S", str(path)]

    return write


def test_a_child_is_ready_when_it_greets_and_gone_when_it_is_stopped(
    script: Callable[[str], list[str]], http: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("PORTKEY_API_KEY", "pk-secret")
    with OpenSourceGateway(script(PRETENDER)) as gateway:
        assert http.get(f"{gateway.url}/").text == "AI Gateway says hey!"
        environment = http.get(f"{gateway.url}/environment").text
        assert "NO_PROXY" in environment
        assert "HTTP_PROXY" not in environment
        assert "PORTKEY_API_KEY" not in environment
        assert gateway.pid is not None
    with pytest.raises(httpx.ConnectError):
        http.get(f"{gateway.url}/")


def test_a_child_that_ends_shows_its_last_words(script: Callable[[str], list[str]]) -> None:
    gateway = OpenSourceGateway(script("raise SystemExit('no such module: hono')"))
    with pytest.raises(GatewayStartError, match="no such module: hono"):
        gateway.start()
    assert gateway.pid is None


def test_a_child_that_loses_its_port_is_started_again(script: Callable[[str], list[str]], tmp_path: Path) -> None:
    seen = tmp_path / "ports"
    source = f"open({str(seen)!r}, 'a').write(__import__('sys').argv[1] + ' ')\nraise SystemExit('EADDRINUSE')"
    with pytest.raises(GatewayStartError, match="EADDRINUSE"):
        OpenSourceGateway(script(source)).start()
    assert len(seen.read_text().split()) == 3


def test_a_child_that_never_greets_is_given_up(script: Callable[[str], list[str]]) -> None:
    gateway = OpenSourceGateway(script("import time; time.sleep(60)"), ready_within=0.2)
    with pytest.raises(GatewayStartError, match="printed nothing"):
        gateway.start()
    assert gateway.pid is None


def test_a_command_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(GatewayStartError, match="No such file"):
        OpenSourceGateway([str(tmp_path / "gateway")]).start()


def test_a_clouds_slug_goes_to_the_gateway_in_openais_format(
    start: Callable[..., Sandbox], upstream: OpenSourceStandIn, http: httpx.Client, routing: Routing
) -> None:
    account = default_account()
    bedrock = replace(account.provider("bedrock-eu"), status="active")
    sandbox = start(account.adding(bedrock), upstream=upstream)
    response = ask(http, sandbox, "/chat/completions", f"@bedrock-eu/{bedrock.models[0]}")
    assert response.status_code == 200
    assert routing(response)["provider"] == "bedrock"
    assert upstream.requests[0].header("x-portkey-provider") == "openai"
