"""Certificates as OpenClaw would judge them, and the proxy: for https to other machines only, and blind."""

from __future__ import annotations

import contextlib
import datetime as dt
import re
import select
import socket
import ssl
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Self

import pytest

from tests.unit.portkey.conftest import KEY, Ask
from wizard.keys.vault import Vault
from wizard.portkey.client import Client, Transport
from wizard.portkey.exchange import Exchange, NetworkFailure, Probe, ProbeKind
from wizard.sandbox.http_messages import json_answer
from wizard.sandbox.misbehave import MisbehavingHost

pytestmark = pytest.mark.usefixtures("_no_thread_is_left")
FAILURE = NetworkFailure
NAME = "gateway.acme.test"
DAY = dt.timedelta(days=1)
NOW = dt.datetime.now(dt.UTC)

Context = Callable[..., ssl.SSLContext]


def host_with(tls: ssl.SSLContext | None) -> MisbehavingHost:
    return MisbehavingHost(lambda _: json_answer(200, {"object": "list", "data": []}), tls=tls)


def test_an_authority_that_nobody_knows(ask: Ask, tls: Context) -> None:
    with host_with(tls("127.0.0.1")) as host:
        exchange = ask(host.url)
        assert host.requests == ()
    assert (exchange.status, exchange.failure, exchange.attempts) == (None, FAILURE.TLS_UNTRUSTED, 1)
    assert "unable to get local issuer certificate" in exchange.failure_detail


def test_the_extra_file_makes_it_good(ask: Ask, tls: Context, authority_file: str) -> None:
    with host_with(tls("127.0.0.1")) as host:
        assert ask(host.url, Transport(extra_ca_files=(authority_file,))).status == 200
        assert host.requests[0].header("x-portkey-api-key") == KEY


@pytest.mark.parametrize("text", [None, "", "no certificate", "-----BEGIN CERTIFICATE-----\n!\n"])
def test_an_extra_file_that_is_none_is_passed_over(ask: Ask, tls: Context, tmp_path: Path, text: str | None) -> None:
    path = tmp_path / "ca.pem"
    if text is not None:
        path.write_text(text)
    with host_with(tls("127.0.0.1")) as host:
        assert ask(host.url, Transport(extra_ca_files=(str(path),))).failure is FAILURE.TLS_UNTRUSTED


@pytest.mark.parametrize(
    ("names", "validity", "failure"),
    [
        (("127.0.0.1",), {"not_before": NOW - 3 * DAY, "not_after": NOW - DAY}, FAILURE.TLS_EXPIRED),
        (("127.0.0.1",), {"not_before": NOW + DAY, "not_after": NOW + 3 * DAY}, FAILURE.TLS_NOT_YET_VALID),
        (("127.0.0.2",), {}, FAILURE.TLS_HOSTNAME),
        (("gateway.acme.test",), {}, FAILURE.TLS_HOSTNAME),
    ],
    ids=["expired", "not yet", "another address", "a name for an address"],
)
def test_certificates_that_are_not_valid(
    ask: Ask, tls: Context, authority_file: str, names: tuple[str, ...], validity: dict[str, object], failure: FAILURE
) -> None:
    with host_with(tls(*names, **validity)) as host:
        exchange = ask(host.url, Transport(extra_ca_files=(authority_file,)))
        assert host.requests == ()
    assert (exchange.failure, exchange.attempts) == (failure, 1)
    assert exchange.failure_detail


def test_another_name_than_asked(ask: Ask, tls: Context, authority_file: str, leads_home: None) -> None:
    with host_with(tls("other.acme.test")) as host:
        exchange = ask(f"https://{NAME}:{host.port}/", Transport(extra_ca_files=(authority_file,)))
    assert exchange.failure is FAILURE.TLS_HOSTNAME


def test_https_to_a_port_that_speaks_http(ask: Ask) -> None:
    with host_with(None) as host:
        exchange = ask(host.url.replace("http:", "https:"))
        assert host.requests == ()
    assert exchange.failure is FAILURE.TLS_OTHER


def test_http_to_a_port_that_speaks_tls(ask: Ask, tls: Context) -> None:
    with host_with(tls("127.0.0.1")) as host:
        exchange = ask(host.url.replace("https:", "http:"))
        assert host.requests == ()
    assert exchange.status is None
    assert exchange.failure in (FAILURE.RESET, FAILURE.NOT_HTTP)


def test_trust_is_not_taken_from_the_environment(
    ask: Ask, tls: Context, authority_file: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "NODE_EXTRA_CA_CERTS"):
        monkeypatch.setenv(name, authority_file)
    with host_with(tls("127.0.0.1")) as host:
        assert ask(host.url).failure is FAILURE.TLS_UNTRUSTED


# --- Proxies.


@pytest.fixture
def leads_home(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lets every name lead to this machine."""
    real = socket.getaddrinfo

    def look_up(host: str, port: int, *rest: object, **more: object) -> object:
        return real("127.0.0.1", port, *rest, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)


class RecordingProxy:
    """Tunnels CONNECT to this machine, and keeps every byte that it could read."""

    def __init__(self, refusal: bytes | None = None) -> None:
        self.seen = b""
        self._refusal = refusal
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port = self._server.getsockname()[1]
        self._thread = threading.Thread(target=self._serve)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(OSError):
            self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()
        self._thread.join(5)

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                caller, _ = self._server.accept()
                with caller:
                    self._tunnel(caller)

    def _tunnel(self, caller: socket.socket) -> None:
        caller.settimeout(5)
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            piece = caller.recv(4096)
            if not piece:
                return
            head += piece
        self.seen += head
        asked = re.match(rb"CONNECT [\w.]+:(\d+) ", head)
        if self._refusal is not None or asked is None:
            caller.sendall(self._refusal or b"HTTP/1.1 400 Bad Request\r\n\r\n")
            return
        with socket.create_connection(("127.0.0.1", int(asked[1])), 5) as target:
            caller.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            self._pass_on(caller, target)

    def _pass_on(self, caller: socket.socket, target: socket.socket) -> None:
        while True:
            ready, _, _ = select.select([caller, target], [], [], 5)
            for side in ready:
                piece = side.recv(65536)
                if not piece:
                    return
                if side is caller:
                    self.seen += piece
                (target if side is caller else caller).sendall(piece)
            if not ready:
                return


@pytest.mark.usefixtures("leads_home")
def test_https_goes_through_the_proxy_which_sees_no_key(
    ask: Ask, client: Client, tls: Context, authority_file: str
) -> None:
    with host_with(tls(NAME)) as host, RecordingProxy() as proxy:
        transport = Transport(f"http://127.0.0.1:{proxy.port}", (authority_file,))
        exchange = ask(f"https://{NAME}:{host.port}/v1/models", transport)
        client.close()
    assert (exchange.status, exchange.via_proxy) == (200, f"http://127.0.0.1:{proxy.port}")
    assert host.requests[0].header("x-portkey-api-key") == KEY
    assert proxy.seen.startswith(f"CONNECT {NAME}:{host.port} HTTP/1.1".encode())
    assert KEY.encode() not in proxy.seen
    assert b"x-portkey" not in proxy.seen.lower()


@pytest.mark.usefixtures("leads_home")
@pytest.mark.parametrize("where", ["http://gateway.acme.test:{}", "http://127.0.0.1:{}", "http://localhost:{}"])
def test_plain_http_never_goes_through_it(ask: Ask, where: str) -> None:
    with host_with(None) as host, RecordingProxy() as proxy:
        exchange = ask(where.format(host.port), Transport(f"http://127.0.0.1:{proxy.port}"))
    assert (exchange.status, exchange.via_proxy, proxy.seen) == (200, None, b"")


def test_loopback_never_goes_through_it(ask: Ask, tls: Context, authority_file: str) -> None:
    with host_with(tls("127.0.0.1")) as host, RecordingProxy() as proxy:
        exchange = ask(host.url, Transport(f"http://127.0.0.1:{proxy.port}", (authority_file,)))
    assert (exchange.status, exchange.via_proxy, proxy.seen) == (200, None, b"")


def asked_through(client: Client, proxy: str) -> Exchange:
    probe = Probe("p", ProbeKind.IDENTIFY, (), "GET", f"https://{NAME}/v1/models")
    return client.send(probe, Transport(proxy))


@pytest.mark.parametrize(
    ("refusal", "words"),
    [
        (b"HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n", "407"),
        (b"HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n", "403"),
        (b"HTTP/1.1 502 Bad Gateway\r\ncontent-length: 0\r\n\r\n", "502"),
    ],
)
def test_a_proxy_that_refuses(client: Client, refusal: bytes, words: str) -> None:
    with RecordingProxy(refusal) as proxy:
        exchange = asked_through(client, f"http://127.0.0.1:{proxy.port}")
    assert (exchange.status, exchange.failure) == (None, FAILURE.PROXY)
    assert words in exchange.failure_detail


def test_a_proxy_that_is_not_there(client: Client) -> None:
    with socket.create_server(("127.0.0.1", 0)) as unused:
        port = unused.getsockname()[1]
    assert asked_through(client, f"http://127.0.0.1:{port}").failure is FAILURE.PROXY


def test_a_proxy_whose_name_does_not_resolve(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", fail)
    assert asked_through(client, "http://proxy.invalid:3128").failure is FAILURE.PROXY


@pytest.mark.parametrize(
    "proxy", ["socks5://127.0.0.1:1080", "proxy.acme.test:3128", "ftp://proxy:1", "http://[::1", "http://p:99999999"]
)
def test_a_proxy_that_cannot_be_used(vault: Vault, client: Client, proxy: str) -> None:
    word = vault.take("pr0xy-passw0rd", "HTTPS_PROXY").handle
    exchange = asked_through(client, proxy.replace("//", f"//user:{word}@"))
    assert exchange.failure is FAILURE.PROXY
    assert "passw0rd" not in repr(exchange)


def test_a_proxys_password_goes_to_the_proxy_only(
    vault: Vault, ask: Ask, client: Client, tls: Context, authority_file: str, leads_home: None
) -> None:
    word = vault.take("user:pr0xy-passw0rd", "HTTPS_PROXY").handle
    with host_with(tls(NAME)) as host, RecordingProxy() as proxy:
        transport = Transport(f"http://{word}@127.0.0.1:{proxy.port}", (authority_file,))
        exchange = ask(f"https://{NAME}:{host.port}/", transport)
        client.close()
    assert exchange.status == 200
    assert b"proxy-authorization: basic " in proxy.seen.lower()
    assert host.requests[0].header("proxy-authorization") is None
    assert "passw0rd" not in repr(exchange)
