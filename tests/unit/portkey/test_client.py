"""The client on loopback: what it sends, how it ends, and that the key stays where it belongs."""

from __future__ import annotations

import socket
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.unit.portkey.conftest import KEY, Ask
from wizard import __version__
from wizard.base import limits
from wizard.base.limits import Deadline
from wizard.portkey.client import Client, Transport
from wizard.portkey.exchange import NetworkFailure, Probe, ProbeKind
from wizard.sandbox import misbehave
from wizard.sandbox.http_messages import Answer, RawConnection, RawReply, Reply, Request, json_answer, text_answer
from wizard.sandbox.misbehave import MisbehavingHost

pytestmark = pytest.mark.usefixtures("_no_thread_is_left")
FAILURE = NetworkFailure
OK = json_answer(200, {"object": "list", "data": []})


def ok(_: Request) -> Reply:
    return OK


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Limits that a test can wait for."""
    monkeypatch.setattr(limits, "CONNECT_SECONDS", 0.5)
    monkeypatch.setattr(limits, "FIRST_BYTE_SECONDS", 0.5)


# --- What is sent and what comes back.


def test_a_question_and_its_answer(ask: Ask, handle: str) -> None:
    with MisbehavingHost(
        lambda _: json_answer(200, {"a": "é"}, (("x-portkey-trace-id", "t"), ("x-other", "o")))
    ) as host:
        exchange = ask(
            f"{host.url}/v1/models?limit=1",
            sent=(("x-portkey-api-key", handle), ("x-portkey-trace-id", "mine"), ("accept", "application/json")),
        )
    request = host.requests[0]
    assert (request.method, request.target) == ("GET", "/v1/models?limit=1")
    assert request.header("x-portkey-api-key") == KEY
    assert request.header("user-agent") == f"portkey-claw/{__version__}"
    assert request.header("accept-encoding") == "identity"
    assert (exchange.status, exchange.body, exchange.failure, exchange.attempts) == (200, '{"a":"é"}', None, 1)
    assert exchange.header["x-portkey-trace-id"] == "t"
    assert "x-other" not in exchange.header
    assert (exchange.key_header, f"‹{exchange.key_fingerprint}›") == ("x-portkey-api-key", handle)
    assert (exchange.trace_id, exchange.via_proxy, exchange.body_truncated) == ("mine", None, False)
    assert exchange.ttfb_ms is not None
    assert exchange.duration_ms >= exchange.ttfb_ms


def test_a_body_is_json_and_its_own_headers_stay(ask: Ask, handle: str) -> None:
    with MisbehavingHost(ok) as host:
        ask(host.url, body='{"model":"é"}')
        ask(
            host.url,
            body="{}",
            sent=(("Content-Type", "text/plain"), ("User-Agent", "curl"), ("Accept-Encoding", "gzip")),
        )
    first, second = host.requests
    assert (first.method, first.json, first.header("content-type")) == ("POST", {"model": "é"}, "application/json")
    assert [second.header(name) for name in ("content-type", "user-agent", "accept-encoding")] == [
        "text/plain",
        "curl",
        "gzip",
    ]


def test_an_answer_is_not_unpacked(ask: Ask) -> None:
    packed = Answer(200, b"\x1f\x8b\x08\x00", (("content-encoding", "gzip"), ("content-type", "application/json")))
    with MisbehavingHost(lambda _: packed) as host:
        assert ask(host.url).body.startswith("\x1f\ufffd\x08")


@pytest.mark.parametrize(
    ("sent", "header", "fingerprinted"),
    [
        ((("Authorization", "Bearer {}"),), "authorization", True),
        ((("x-api-key", "{}"),), "x-api-key", True),
        ((("x-api-key", "{}"), ("authorization", "Bearer {}"), ("X-Portkey-Api-Key", "{}")), "x-portkey-api-key", True),
        ((("x-api-key", "custom-local"),), None, False),
        ((("x-portkey-trace-id", "{}"),), None, False),
    ],
)
def test_the_header_that_carried_the_key_is_named(
    ask: Ask, handle: str, sent: tuple[tuple[str, str], ...], header: str | None, fingerprinted: bool
) -> None:
    with MisbehavingHost(ok) as host:
        exchange = ask(host.url, sent=tuple((name, value.format(handle)) for name, value in sent))
    assert exchange.key_header == header
    assert exchange.key_fingerprint == (handle.strip("‹›") if fingerprinted else None)


def test_connections_are_kept_and_shared(client: Client, handle: str) -> None:
    seen: set[str] = set()

    def behave(request: Request) -> Reply:
        seen.add(request.target)
        return OK

    def probe(number: int) -> Probe:
        return Probe(f"{number}", ProbeKind.CATALOGUE, (), "GET", f"{host.url}/{number}", (("a", handle),))

    with MisbehavingHost(behave) as host, ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda number: client.send(probe(number), Transport()), range(12)))
    assert {answer.probe_id: answer.status for answer in answers} == {str(number): 200 for number in range(12)}
    assert len(seen) == 12
    assert len(client._clients) == 1


# --- Ends without an answer.


def test_nothing_listens(ask: Ask) -> None:
    with socket.create_server(("127.0.0.1", 0)) as unused:
        port = unused.getsockname()[1]
    exchange = ask(f"http://127.0.0.1:{port}/v1")
    assert (exchange.status, exchange.failure, exchange.failure_detail) == (None, FAILURE.REFUSED, "connection refused")


def test_a_name_that_does_not_resolve(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", fail)
    exchange = ask("https://gateway.invalid/v1")
    assert (exchange.failure, exchange.attempts) == (FAILURE.DNS, 1)
    assert "Name or service not known" in exchange.failure_detail


@pytest.mark.usefixtures("short")
def test_a_connection_that_nobody_takes(ask: Ask) -> None:
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen(0)
        waiting = [socket.socket() for _ in range(3)]
        for each in waiting:
            each.setblocking(False)
            each.connect_ex(deaf.getsockname())
        started = time.monotonic()
        exchange = ask(f"http://127.0.0.1:{deaf.getsockname()[1]}/")
        for each in waiting:
            each.close()
    assert exchange.failure is FAILURE.CONNECT_TIMEOUT
    assert time.monotonic() - started < 4


@pytest.mark.usefixtures("short")
def test_a_name_that_is_looked_up_for_ever_is_left_and_nothing_is_sent_later(
    ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = socket.getaddrinfo
    monkeypatch.setattr("wizard.portkey.client._GRACE", 0.1)

    def slow(*arguments: object, **more: object) -> object:
        time.sleep(2)
        return real(*arguments, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "getaddrinfo", slow)
    with MisbehavingHost(ok) as host:
        started = time.monotonic()
        exchange = ask(host.url)
        assert time.monotonic() - started < 1.9
        assert exchange.failure is FAILURE.CONNECT_TIMEOUT
        time.sleep(2.4 - (time.monotonic() - started))
        assert host.requests == ()
        monkeypatch.undo()


@pytest.mark.usefixtures("short")
def test_no_first_byte(ask: Ask) -> None:
    started = time.monotonic()
    with MisbehavingHost(misbehave.silent()) as host:
        exchange = ask(host.url)
    assert (exchange.status, exchange.failure) == (None, FAILURE.ANSWER_TIMEOUT)
    assert exchange.duration_ms >= 400
    assert time.monotonic() - started < 4
    assert len(host.requests) == 1


@pytest.mark.usefixtures("short")
def test_a_dripping_body_keeps_its_beginning(ask: Ask) -> None:
    started = time.monotonic()
    with MisbehavingHost(misbehave.drip(0.05)) as host:
        exchange = ask(host.url)
    assert time.monotonic() - started < 4
    assert (exchange.status, exchange.failure) == (200, FAILURE.ANSWER_TIMEOUT)
    assert exchange.body.startswith("  ")


def drip_headers(connection: RawConnection) -> None:
    connection.send(b"HTTP/1.1 200 OK\r\nx-slow: ")
    for _ in range(200):
        connection.send(b"a")
        if connection.stopping.wait(0.02):
            return


@pytest.mark.usefixtures("short")
def test_dripping_headers_end_at_the_limit(ask: Ask) -> None:
    started = time.monotonic()
    with MisbehavingHost(lambda _: RawReply(drip_headers)) as host:
        exchange = ask(host.url)
        assert time.monotonic() - started < 3.5
    assert (exchange.status, exchange.failure) == (None, FAILURE.ANSWER_TIMEOUT)


def cut_after_headers(connection: RawConnection) -> None:
    connection.send(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\ndata: {}")
    connection.reset()


@pytest.mark.parametrize("behaviour", [misbehave.resets(), misbehave.closes()], ids=["reset", "closed"])
def test_a_cut_before_the_answer_is_asked_once_more(ask: Ask, behaviour: misbehave.Behaviour) -> None:
    with MisbehavingHost(behaviour) as host:
        exchange = ask(host.url, body="{}")
        assert len(host.requests) == 2
    assert (exchange.status, exchange.failure, exchange.attempts) == (None, FAILURE.RESET, 2)


def test_the_second_attempt_counts(ask: Ask) -> None:
    replies = iter([misbehave.resets()(None), OK])  # type: ignore[arg-type]
    with MisbehavingHost(lambda _: next(replies)) as host:
        exchange = ask(host.url)
    assert (exchange.status, exchange.failure, exchange.attempts) == (200, None, 2)


def test_a_cut_within_the_answer_is_not_asked_again(ask: Ask) -> None:
    with MisbehavingHost(lambda _: RawReply(cut_after_headers)) as host:
        exchange = ask(host.url, body="{}")
        assert len(host.requests) == 1
    assert (exchange.status, exchange.failure, exchange.attempts) == (200, FAILURE.RESET, 1)


@pytest.mark.parametrize(
    "words", [b"+OK ready\r\n\r\n", b"HTTP/9 hello\r\n\r\n", b"HTTP/1.1 200 OK\r\nno colon\r\n\r\n"]
)
def test_another_protocol(ask: Ask, words: bytes) -> None:
    with MisbehavingHost(lambda _: RawReply(lambda connection: connection.send(words))) as host:
        exchange = ask(host.url)
        assert len(host.requests) == 1
    assert (exchange.status, exchange.failure) == (None, FAILURE.NOT_HTTP)


def test_a_banner_and_no_more_is_a_cut(ask: Ask) -> None:
    with MisbehavingHost(misbehave.not_http()) as host:
        exchange = ask(host.url)
    assert (exchange.status, exchange.failure, exchange.attempts) == (None, FAILURE.RESET, 2)


@pytest.mark.parametrize(
    "url", ["", "gateway", "ftp://gateway/", "http://", "http://[::1", "https://a b/", "http://h:99999/", "http://‹x›/"]
)
def test_no_url(ask: Ask, url: str) -> None:
    exchange = ask(url)
    assert exchange.status is None
    assert exchange.failure in (FAILURE.INVALID_URL, FAILURE.INVALID_REQUEST, FAILURE.DNS)


# --- The run's own time.


def test_nothing_is_asked_when_the_time_is_used_up(client: Client, ask: Ask) -> None:
    client.deadline = Deadline.after(0)
    with MisbehavingHost(ok) as host:
        assert ask(host.url).failure is FAILURE.RUN_TIMEOUT
        assert host.requests == ()


@pytest.mark.parametrize("behaviour", [misbehave.silent(), misbehave.drip(0.02)], ids=["silent", "drip"])
def test_the_end_of_the_run_is_not_the_hosts_fault(client: Client, ask: Ask, behaviour: misbehave.Behaviour) -> None:
    client.deadline = Deadline.after(0.5)
    started = time.monotonic()
    with MisbehavingHost(behaviour) as host:
        assert ask(host.url).failure is FAILURE.RUN_TIMEOUT
    assert time.monotonic() - started < 4


# --- Redirects, sizes, the environment.


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_shown_and_not_followed(ask: Ask, status: int) -> None:
    with MisbehavingHost(ok) as target, MisbehavingHost(misbehave.redirect(target.url, status)) as host:
        exchange = ask(f"{host.url}/v1/models")
        assert target.requests == ()
    assert (exchange.status, exchange.header["location"]) == (status, f"{target.url}/v1/models")


def test_a_hundred_megabytes_are_cut_at_once(ask: Ask) -> None:
    started = time.monotonic()
    with MisbehavingHost(misbehave.endless_body(100)) as host:
        exchange = ask(host.url)
    assert time.monotonic() - started < 5
    assert (exchange.status, exchange.body_truncated, exchange.failure) == (200, True, None)
    assert len(exchange.body) == limits.ANSWER_BYTES


def test_a_body_of_exactly_the_limit_is_whole(ask: Ask) -> None:
    with MisbehavingHost(lambda _: text_answer(200, "x" * 1000)) as host:
        assert ask(host.url, answer_limit=1000).body_truncated is False
        exchange = ask(host.url, answer_limit=999)
    assert (exchange.body, exchange.body_truncated) == ("x" * 999, True)


def test_nothing_is_taken_from_the_environment(ask: Ask, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login user password of-somebody\n")
    monkeypatch.setenv("NETRC", str(netrc))
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    with MisbehavingHost(ok) as host:
        assert ask(host.url).status == 200
    assert host.requests[0].header("authorization") is None
