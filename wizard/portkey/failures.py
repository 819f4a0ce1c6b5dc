"""Why a connection failed, from the exception at the bottom of the chain."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from typing import Final

from wizard.portkey.exchange import NetworkFailure

# OpenSSL's verification results, X509_V_ERR_*.
_NOT_YET_VALID: Final = 9
_EXPIRED: Final = 10
_HOSTNAME: Final = (62, 64)


def classify(error: BaseException, *, via_proxy: bool) -> tuple[NetworkFailure, str]:
    """The class of a failure and its words, shortest useful form."""
    import httpx

    chain = list(_chain(error))
    if isinstance(error, httpx.ProxyError):
        return NetworkFailure.PROXY, str(error)
    for cause in chain:
        found = _system(cause)
        if found is not None:
            return (NetworkFailure.PROXY if via_proxy and found[0] in _PROXY_SIDE else found[0]), found[1]
    kinds: tuple[tuple[type[BaseException], NetworkFailure], ...] = (
        (httpx.ConnectTimeout, NetworkFailure.CONNECT_TIMEOUT),
        (httpx.PoolTimeout, NetworkFailure.CONNECT_TIMEOUT),
        (httpx.TimeoutException, NetworkFailure.ANSWER_TIMEOUT),
        (httpx.InvalidURL, NetworkFailure.INVALID_URL),
        (httpx.UnsupportedProtocol, NetworkFailure.INVALID_URL),
        (httpx.LocalProtocolError, NetworkFailure.INVALID_REQUEST),
        (ValueError, NetworkFailure.INVALID_REQUEST),
    )
    text = str(error) or type(error).__name__
    for kind, failure in kinds:
        if isinstance(error, kind):
            return (NetworkFailure.PROXY if via_proxy and failure in _PROXY_SIDE else failure), text
    if isinstance(error, httpx.RemoteProtocolError) and "disconnected" not in text and "closed" not in text:
        return NetworkFailure.NOT_HTTP, text
    return NetworkFailure.RESET, text


# On the way through a proxy these happen between us and the proxy.
_PROXY_SIDE: Final = (
    NetworkFailure.DNS,
    NetworkFailure.REFUSED,
    NetworkFailure.UNREACHABLE,
    NetworkFailure.CONNECT_TIMEOUT,
)


def _chain(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        yield current
        current = current.__cause__ or current.__context__


def _system(error: BaseException) -> tuple[NetworkFailure, str] | None:
    if isinstance(error, ssl.SSLCertVerificationError):
        return _certificate(error)
    if isinstance(error, ssl.SSLError):
        return NetworkFailure.TLS_OTHER, getattr(error, "reason", None) or str(error)
    for kind, failure, words in _SYSTEM_ERRORS:
        if isinstance(error, kind):
            return failure, words or str(error)
    # Everything else the system says of a connection: no route, network down, not permitted.
    return (NetworkFailure.UNREACHABLE, error.strerror) if type(error) is OSError and error.strerror else None


_SYSTEM_ERRORS: Final[tuple[tuple[type[BaseException], NetworkFailure, str], ...]] = (
    (socket.gaierror, NetworkFailure.DNS, ""),
    (ConnectionRefusedError, NetworkFailure.REFUSED, "connection refused"),
    (ConnectionResetError, NetworkFailure.RESET, "the connection was reset"),
    (BrokenPipeError, NetworkFailure.RESET, "the connection was reset"),
)


def _certificate(error: ssl.SSLCertVerificationError) -> tuple[NetworkFailure, str]:
    kinds = {
        _NOT_YET_VALID: NetworkFailure.TLS_NOT_YET_VALID,
        _EXPIRED: NetworkFailure.TLS_EXPIRED,
        **dict.fromkeys(_HOSTNAME, NetworkFailure.TLS_HOSTNAME),
    }
    return kinds.get(error.verify_code, NetworkFailure.TLS_UNTRUSTED), error.verify_message or str(error)
