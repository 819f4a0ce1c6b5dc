"""Header values as OpenClaw's fetch sends them, and the key: on the wire and nowhere else."""

from __future__ import annotations

import json

import pytest

from tests.unit.portkey.conftest import KEY, Ask
from wizard.keys.vault import Vault
from wizard.portkey.client import Client, Transport
from wizard.portkey.exchange import NetworkFailure, Probe, ProbeKind
from wizard.sandbox.http_messages import RawConnection, RawReply, Reply, Request, json_answer, text_answer
from wizard.sandbox.misbehave import MisbehavingHost

pytestmark = pytest.mark.usefixtures("_no_thread_is_left")
FAILURE = NetworkFailure
OK = json_answer(200, {"object": "list", "data": []})


def ok(_: Request) -> Reply:
    return OK


# --- Headers as fetch sends them.


@pytest.mark.parametrize("value", [" a b ", "a b\n", "\r\n\ta b", "a b\r\n"])
def test_white_space_around_a_value_is_dropped(ask: Ask, value: str) -> None:
    with MisbehavingHost(ok) as host:
        ask(host.url, sent=(("x-portkey-trace-id", value),))
    assert host.requests[0].header("x-portkey-trace-id") == "a b"


def test_latin_characters_are_carried(ask: Ask) -> None:
    with MisbehavingHost(ok) as host:
        ask(host.url, sent=(("x-portkey-trace-id", "grün\u00a0\t1"),))
    assert host.requests[0].header("x-portkey-trace-id") == "grün\u00a0\t1"


@pytest.mark.parametrize("odd", ["\n", "\r", "\x00", "\x0b", "\x1b", "\x7f", "…", "\u2028", "\ud800", "key: ключ"])
def test_what_http_cannot_carry_is_not_sent(vault: Vault, client: Client, odd: str) -> None:
    secret = vault.take(f"{KEY}{odd}{KEY}", "a test").handle
    with MisbehavingHost(ok) as host:
        probe = Probe("p", ProbeKind.CATALOGUE, (), "GET", host.url, (("x-portkey-api-key", secret),))
        exchange = client.send(probe, Transport())
        assert host.requests == ()
    assert (exchange.failure, exchange.status, exchange.attempts) == (FAILURE.INVALID_REQUEST, None, 1)
    assert KEY not in repr(exchange)


@pytest.mark.parametrize("name", ["x portkey", "x-pörtkey", "", "x:y", "x\n"])
def test_a_header_without_a_possible_name_is_not_sent(ask: Ask, name: str) -> None:
    with MisbehavingHost(ok) as host:
        assert ask(host.url, sent=((name, "a"),)).failure is FAILURE.INVALID_REQUEST
        assert host.requests == ()


# --- The key in what comes back.


def test_a_key_that_is_echoed_is_hidden(ask: Ask, handle: str) -> None:
    def echo(request: Request) -> Reply:
        key = request.header("x-portkey-api-key") or ""
        body = {"status": "failure", "message": f"Unknown key {key}", "error": {"message": json.dumps(key)}}
        return json_answer(401, body, (("x-portkey-key", key), ("location", f"https://a/?key={key}"), ("server", key)))

    with MisbehavingHost(echo) as host:
        exchange = ask(host.url)
    assert exchange.body.count(handle) == 2
    assert [exchange.header[name].count(handle) for name in ("x-portkey-key", "location", "server")] == [1, 1, 1]


@pytest.mark.parametrize("kept", range(1, len(KEY) + 2, 4))
def test_a_key_that_the_limit_cuts_is_hidden(ask: Ask, kept: int) -> None:
    with MisbehavingHost(lambda _: text_answer(200, "x" * 500 + KEY + "y" * 20_000)) as host:
        exchange = ask(host.url, answer_limit=500 + kept)
    assert exchange.body_truncated
    assert KEY[:4] not in exchange.body


def test_a_key_that_the_end_of_the_connection_cuts_is_hidden(ask: Ask) -> None:
    def cut(connection: RawConnection) -> None:
        connection.send(b"HTTP/1.1 200 OK\r\ncontent-length: 900\r\n\r\nyour key is " + KEY[:20].encode())

    with MisbehavingHost(lambda _: RawReply(cut)) as host:
        exchange = ask(host.url)
    assert (exchange.status, exchange.failure) == (200, FAILURE.RESET)
    assert KEY[:4] not in exchange.body
    assert exchange.body.startswith("your key is ‹")


def test_a_key_in_a_failures_words_is_hidden(vault: Vault, client: Client) -> None:
    word = vault.take("p4ssw0rd-in-the-port", "a base URL").handle
    probe = Probe("p", ProbeKind.CATALOGUE, (), "GET", f"http://127.0.0.1:{word}/", ())
    exchange = client.send(probe, Transport())
    assert exchange.failure in (FAILURE.INVALID_URL, FAILURE.INVALID_REQUEST)
    assert "p4ssw0rd" not in repr(exchange)


def test_a_handle_in_the_url_is_revealed_on_the_wire_only(vault: Vault, client: Client) -> None:
    word = vault.take("t0ken-in-the-query-of-1", "a base URL").handle
    with MisbehavingHost(ok) as host:
        exchange = client.send(Probe("p", ProbeKind.CATALOGUE, (), "GET", f"{host.url}/?t={word}", ()), Transport())
    assert host.requests[0].target == "/?t=t0ken-in-the-query-of-1"
    assert exchange.url == f"{host.url}/?t={word}"


def test_a_clients_text_holds_no_secret(client: Client, ask: Ask) -> None:
    with MisbehavingHost(ok) as host:
        ask(host.url)
    assert KEY not in repr(client)
