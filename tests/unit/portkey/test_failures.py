"""Why a connection failed, from whatever exception stands at the bottom; the live cases are in test_client."""

from __future__ import annotations

import errno
import socket
import ssl

import httpx
import pytest

from wizard.portkey.exchange import NetworkFailure
from wizard.portkey.failures import classify

F = NetworkFailure


def caused_by(outer: Exception, inner: Exception) -> Exception:
    try:
        try:
            raise inner
        except type(inner) as error:
            raise outer from error
    except type(outer) as error:
        return error


def certificate(code: int, words: str) -> ssl.SSLCertVerificationError:
    error = ssl.SSLCertVerificationError(1, f"[SSL: CERTIFICATE_VERIFY_FAILED] {words}")
    error.verify_code, error.verify_message = code, words
    return error


CASES: dict[str, tuple[Exception, NetworkFailure, str]] = {
    "no route": (OSError(errno.EHOSTUNREACH, "No route to host"), F.UNREACHABLE, "No route to host"),
    "network down": (OSError(errno.ENETUNREACH, "Network is unreachable"), F.UNREACHABLE, "Network is unreachable"),
    "not permitted": (OSError(errno.ENETDOWN, "Network is down"), F.UNREACHABLE, "Network is down"),
    "refused": (ConnectionRefusedError(errno.ECONNREFUSED, "x"), F.REFUSED, "connection refused"),
    "reset": (ConnectionResetError(errno.ECONNRESET, "x"), F.RESET, "the connection was reset"),
    "broken pipe": (BrokenPipeError(errno.EPIPE, "x"), F.RESET, "the connection was reset"),
    "no such name": (socket.gaierror(socket.EAI_NONAME, "Name or service not known"), F.DNS, "Name or service"),
    "no DNS now": (socket.gaierror(socket.EAI_AGAIN, "Temporary failure"), F.DNS, "Temporary failure"),
    "self-signed": (certificate(18, "self-signed certificate"), F.TLS_UNTRUSTED, "self-signed certificate"),
    "own authority": (certificate(20, "unable to get local issuer"), F.TLS_UNTRUSTED, "unable to get local"),
    "not yet valid": (certificate(9, "certificate is not yet valid"), F.TLS_NOT_YET_VALID, "not yet valid"),
    "expired": (certificate(10, "certificate has expired"), F.TLS_EXPIRED, "certificate has expired"),
    "other name": (certificate(62, "Hostname mismatch"), F.TLS_HOSTNAME, "Hostname mismatch"),
    "other address": (certificate(64, "IP address mismatch"), F.TLS_HOSTNAME, "IP address mismatch"),
    "no TLS": (ssl.SSLError(1, "[SSL: WRONG_VERSION_NUMBER] wrong version number"), F.TLS_OTHER, "wrong version"),
}
PROXY_SIDE = {F.DNS, F.REFUSED, F.UNREACHABLE}


@pytest.mark.parametrize(("inner", "failure", "words"), CASES.values(), ids=CASES)
def test_the_system_says_why(inner: Exception, failure: NetworkFailure, words: str) -> None:
    for outer in (httpx.ConnectError("outer"), httpx.ReadError("outer")):
        found, said = classify(caused_by(outer, inner), via_proxy=False)
        assert found is failure
        assert words in said


@pytest.mark.parametrize(("inner", "failure", "words"), CASES.values(), ids=CASES)
def test_on_the_way_to_a_proxy_it_is_the_proxys_fault(inner: Exception, failure: NetworkFailure, words: str) -> None:
    found, said = classify(caused_by(httpx.ConnectError("outer"), inner), via_proxy=True)
    assert found is (F.PROXY if failure in PROXY_SIDE else failure)
    assert words in said


@pytest.mark.parametrize(
    ("error", "failure", "through_proxy"),
    [
        (httpx.ConnectTimeout("timed out"), F.CONNECT_TIMEOUT, F.PROXY),
        (httpx.PoolTimeout("timed out"), F.CONNECT_TIMEOUT, F.PROXY),
        (httpx.ReadTimeout("timed out"), F.ANSWER_TIMEOUT, F.ANSWER_TIMEOUT),
        (httpx.WriteTimeout("timed out"), F.ANSWER_TIMEOUT, F.ANSWER_TIMEOUT),
        (httpx.ProxyError("407 Proxy Authentication Required"), F.PROXY, F.PROXY),
        (httpx.UnsupportedProtocol("no scheme"), F.INVALID_URL, F.INVALID_URL),
        (httpx.InvalidURL("no host"), F.INVALID_URL, F.INVALID_URL),
        (httpx.LocalProtocolError("Illegal header name"), F.INVALID_REQUEST, F.INVALID_REQUEST),
        (ValueError("a control character"), F.INVALID_REQUEST, F.INVALID_REQUEST),
        (httpx.RemoteProtocolError("illegal status line"), F.NOT_HTTP, F.NOT_HTTP),
        (httpx.RemoteProtocolError("Server disconnected without sending a response."), F.RESET, F.RESET),
        (httpx.RemoteProtocolError("peer closed connection without sending complete message body"), F.RESET, F.RESET),
        (httpx.ReadError(""), F.RESET, F.RESET),
    ],
    ids=repr,
)
def test_the_library_says_why(error: Exception, failure: NetworkFailure, through_proxy: NetworkFailure) -> None:
    found, said = classify(error, via_proxy=False)
    assert found is failure
    assert said
    assert classify(error, via_proxy=True)[0] is through_proxy


def test_a_chain_that_bites_its_tail_ends() -> None:
    first, second = httpx.ReadError("first"), httpx.ReadError("second")
    first.__context__, second.__context__ = second, first
    assert classify(first, via_proxy=False) == (F.RESET, "first")
