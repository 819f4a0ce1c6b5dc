"""Asks a gateway one question over HTTP and brings back what came, secrets replaced.

The client follows no redirect and takes nothing from the environment: proxy and trust are given to it.
"""

from __future__ import annotations

import ssl
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from wizard import __version__
from wizard.base import limits
from wizard.base.limits import Deadline
from wizard.keys.facts import HTTP_SPACE
from wizard.keys.vault import Vault
from wizard.portkey import headers, hosts
from wizard.portkey.exchange import Exchange, Headers, NetworkFailure, Probe
from wizard.portkey.failures import classify

if TYPE_CHECKING:
    import httpx

USER_AGENT: Final = f"portkey-claw/{__version__}"
_ATTEMPTS: Final = 2
# What the transport is given beyond its own limits before it is left alone: it knows none for looking up a name, nor
# for a server that sends its headers letter by letter.
_GRACE: Final = 0.5
# Bytes read beyond the limit of an answer, so that a secret which the limit cuts in two can still be seen whole.
_MARGIN: Final = 8 * 2**10
_TIMEOUTS: Final = (NetworkFailure.CONNECT_TIMEOUT, NetworkFailure.ANSWER_TIMEOUT)
_KEPT_HEADERS: Final = frozenset(
    {"content-type", "content-length", "server", "location", "retry-after", "www-authenticate", "via", "date"}
    | {"request-id", "x-request-id", "cf-ray"}
)
_KEY_HEADERS: Final = (headers.API_KEY, headers.AUTHORIZATION, headers.VENDOR_API_KEY)


@dataclass(frozen=True, slots=True)
class Transport:
    """How requests travel: the proxy's URL (may hold a handle), and extra CA files as `NODE_EXTRA_CA_CERTS` names."""

    proxy: str | None = None
    extra_ca_files: tuple[str, ...] = ()


@dataclass
class _Incoming:
    """What has come of an answer so far. The thread that asks fills it; whoever waits reads it, be it whole or not."""

    started: float
    sent: threading.Event = field(default_factory=threading.Event)
    response: httpx.Response | None = None
    ttfb_ms: int | None = None
    pieces: list[bytes] = field(default_factory=list)
    truncated: bool = False
    late: bool = False
    given_up: bool = False
    error: Exception | None = None


@dataclass
class Client:
    """Sends probes. Connections are kept per transport; `close` ends them."""

    vault: Vault
    deadline: Deadline
    _clients: dict[Transport, httpx.Client] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def send(self, probe: Probe, transport: Transport) -> Exchange:
        """Asks once, and once more where the connection was reset before an answer came.

        Only https to another machine goes through the transport's proxy: plain http would show it the key.
        """
        where = hosts.origin(probe.url)
        if where is None or where.scheme != "https" or hosts.is_loopback(where.host):
            transport = replace(transport, proxy=None)
        exchange = self._attempt(probe, transport)
        reset = exchange.failure is NetworkFailure.RESET and exchange.status is None
        if reset and not self.deadline.passed:
            return replace(self._attempt(probe, transport), attempts=_ATTEMPTS)
        return exchange

    def close(self) -> None:
        """Ends every connection."""
        with self._lock:
            for client in self._clients.values():
                client.close()
            self._clients.clear()

    def _attempt(self, probe: Probe, transport: Transport) -> Exchange:
        import httpx

        unanswered = self._unanswered(probe, transport)
        seconds = self.deadline.clip(limits.FIRST_BYTE_SECONDS)
        if seconds <= 0:
            return replace(unanswered, failure=NetworkFailure.RUN_TIMEOUT, failure_detail="the run's time was used up")
        try:
            client = self._client(transport)
        except (ImportError, ValueError, httpx.InvalidURL) as error:
            # What httpx says of a proxy that it cannot use repeats the address.
            detail = "SOCKS is not spoken here" if isinstance(error, ImportError) else "its address is no http(s) URL"
            return replace(unanswered, failure=NetworkFailure.PROXY, failure_detail=detail)
        incoming = _Incoming(time.monotonic())
        # In a thread of its own: neither a name's look-up nor a dripping server could be ended otherwise.
        asking = threading.Thread(target=self._ask, args=(client, probe, seconds, incoming), daemon=True)
        asking.start()
        if incoming.sent.wait(self.deadline.clip(limits.CONNECT_SECONDS) + _GRACE):
            asking.join(max(0.0, incoming.started + seconds + _GRACE - time.monotonic()))
        incoming.given_up = asking.is_alive()
        return self._exchange(unanswered, incoming, probe, via_proxy=transport.proxy is not None)

    def _ask(self, client: httpx.Client, probe: Probe, seconds: float, incoming: _Incoming) -> None:
        try:
            self._receive(client, probe, seconds, incoming)
        except Exception as error:  # noqa: BLE001 - judged by whoever waits
            incoming.error = error
        finally:
            incoming.sent.set()

    def _receive(self, client: httpx.Client, probe: Probe, seconds: float, incoming: _Incoming) -> None:
        import httpx

        def progress(event: str, _: Any) -> None:
            if event.endswith("send_request_headers.started"):
                if incoming.given_up:
                    raise TimeoutError("a name was looked up too late to ask anything")
                incoming.sent.set()

        sent, content = self._request(probe)
        timeout = httpx.Timeout(seconds, connect=self.deadline.clip(limits.CONNECT_SECONDS))
        with client.stream(
            probe.method,
            self.vault.reveal(probe.url),
            headers=sent,
            content=content,
            timeout=timeout,
            extensions={"trace": progress},
        ) as response:
            incoming.ttfb_ms = _milliseconds(incoming.started)
            incoming.response = response
            size = 0
            for piece in response.iter_raw():
                incoming.pieces.append(piece)
                size += len(piece)
                incoming.truncated = size > probe.answer_limit
                incoming.late = time.monotonic() - incoming.started > seconds or self.deadline.passed
                if size > probe.answer_limit + _MARGIN or incoming.late or incoming.given_up:
                    return

    def _request(self, probe: Probe) -> tuple[list[tuple[bytes, bytes]], bytes | None]:
        sent = [(name, _header_value(self.vault.reveal(value))) for name, value in probe.headers]
        names = {name.lower() for name, _ in sent}
        if "user-agent" not in names:
            sent.append(("user-agent", USER_AGENT))
        if "accept-encoding" not in names:
            # An answer is judged by its bytes; there is nothing to gain from unpacking a hostile one.
            sent.append(("accept-encoding", "identity"))
        content = probe.body.encode() if probe.body is not None else None
        if content is not None and "content-type" not in names:
            sent.append(("content-type", "application/json"))
        return [(name.encode("ascii"), value.encode("latin-1")) for name, value in sent], content

    def _exchange(self, unanswered: Exchange, incoming: _Incoming, probe: Probe, *, via_proxy: bool) -> Exchange:
        import httpx

        response, error = incoming.response, incoming.error
        failure, detail = None, ""
        if not isinstance(error, httpx.HTTPError | httpx.InvalidURL | httpx.StreamError | OSError | ValueError | None):
            raise error
        if error is not None:
            failure, detail = classify(error, via_proxy=via_proxy and response is None)
        elif not incoming.sent.is_set():
            failure = NetworkFailure.PROXY if via_proxy else NetworkFailure.CONNECT_TIMEOUT
            detail = "no connection came about in time"
        elif incoming.late or incoming.given_up:
            failure, detail = NetworkFailure.ANSWER_TIMEOUT, "the answer did not end in time"
        if failure in _TIMEOUTS and self.deadline.passed:
            # Not the host was slow but the run short: what it would have said is unknown.
            failure, detail = NetworkFailure.RUN_TIMEOUT, "the run's time was used up"
        exchange = replace(
            unanswered,
            failure=failure,
            failure_detail=self.vault.redact(detail),
            duration_ms=_milliseconds(incoming.started),
        )
        if response is None:
            return exchange
        text = _without_handles(b"".join(incoming.pieces).decode("utf-8", errors="replace"))
        whole = failure is None and not incoming.truncated
        return replace(
            exchange,
            status=response.status_code,
            headers=tuple(self._kept(response.headers)),
            body=(self.vault.redact(text) if whole else self.vault.redact_cut(text))[: probe.answer_limit],
            body_truncated=incoming.truncated,
            ttfb_ms=incoming.ttfb_ms,
        )

    def _kept(self, answered: Mapping[str, str]) -> Iterator[tuple[str, str]]:
        for name, value in answered.items():
            lower = name.lower()
            if lower in _KEPT_HEADERS or lower.startswith(headers.PREFIX):
                yield lower, self.vault.redact(_without_handles(value))[:500]

    def _unanswered(self, probe: Probe, transport: Transport) -> Exchange:
        fingerprint, header = _key_of(probe.headers)
        return Exchange(
            probe_id=probe.id,
            kind=probe.kind,
            route_ids=probe.route_ids,
            method=probe.method,
            url=probe.url,
            via_proxy=transport.proxy,
            key_fingerprint=fingerprint,
            key_header=header,
            trace_id=next((value for name, value in probe.headers if name.lower() == headers.TRACE_ID), None),
        )

    def _client(self, transport: Transport) -> httpx.Client:
        import httpx

        with self._lock:
            if transport not in self._clients:
                self._clients[transport] = httpx.Client(
                    verify=_trust(transport.extra_ca_files),
                    proxy=self.vault.reveal(transport.proxy) if transport.proxy else None,
                    trust_env=False,
                    follow_redirects=False,
                    timeout=limits.FIRST_BYTE_SECONDS,
                    headers={},
                )
            return self._clients[transport]


@lru_cache(maxsize=8)
def _trust(extra_ca_files: tuple[str, ...]) -> ssl.SSLContext:
    """Mozilla's bundle and the extra files, as Node has it; a file that cannot be read is passed over, as Node does."""
    import certifi

    context = ssl.create_default_context(cafile=certifi.where())
    for path in extra_ca_files:
        try:
            context.load_verify_locations(cafile=path)
        except (OSError, ssl.SSLError):
            continue
    return context


def _without_handles(text: str) -> str:
    """An answer's text in which nothing can pass for a handle of ours: a host must not be able to name our secrets."""
    return text.replace("‹", "<").replace("›", ">")


def _key_of(sent: Headers) -> tuple[str | None, str | None]:
    by_name = {name.lower(): value for name, value in sent}
    for name in _KEY_HEADERS:
        value = by_name.get(name, "")
        if "‹" in value:
            return value[value.index("‹") + 1 : value.index("›")], name
    return None, None


def _header_value(value: str) -> str:
    """A header's value as Node's fetch sends it: white space around it dropped.

    Raises:
        ValueError: a line break, another control character, or one beyond Latin-1 is left inside.
    """
    value = value.strip(HTTP_SPACE)
    if any((character < " " and character != "\t") or character == "\x7f" for character in value):
        raise ValueError("a header's value holds a line break or another control character")
    if any(character > "\xff" for character in value):
        # Python's own words for this would repeat the value.
        raise ValueError("a header's value holds a character that HTTP cannot carry")
    return value


def _milliseconds(started: float) -> int:
    return round((time.monotonic() - started) * 1000)
