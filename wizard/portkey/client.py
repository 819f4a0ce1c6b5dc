"""Asks a gateway one question over HTTP and brings back what came, secrets replaced.

The client follows no redirect and takes nothing from the environment: proxy and trust are given to it.
"""

from __future__ import annotations

import ssl
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from wizard import __version__
from wizard.base import limits
from wizard.base.limits import Deadline
from wizard.keys.vault import Vault
from wizard.portkey import headers
from wizard.portkey.exchange import Exchange, Headers, NetworkFailure, Probe
from wizard.portkey.failures import classify

if TYPE_CHECKING:
    import httpx

USER_AGENT: Final = f"portkey-claw/{__version__}"
_ATTEMPTS: Final = 2
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
class Client:
    """Sends probes. Connections are kept per transport; `close` ends them."""

    vault: Vault
    deadline: Deadline
    _clients: dict[Transport, Any] = field(default_factory=dict)

    def send(self, probe: Probe, transport: Transport) -> Exchange:
        """Asks once, and once more where the connection was reset before an answer came."""
        exchange = self._attempt(probe, transport)
        if exchange.failure is NetworkFailure.RESET and not self.deadline.passed:
            again = self._attempt(probe, transport)
            return Exchange(**{**_fields(again), "attempts": _ATTEMPTS})
        return exchange

    def close(self) -> None:
        """Ends every connection."""
        for client in self._clients.values():
            client.close()
        self._clients.clear()

    def _attempt(self, probe: Probe, transport: Transport) -> Exchange:
        import httpx

        started = time.monotonic()
        base = self._base(probe, transport)
        seconds = self.deadline.clip(limits.FIRST_BYTE_SECONDS)
        if seconds <= 0:
            return Exchange(**base, failure=NetworkFailure.RUN_TIMEOUT, failure_detail="the run's time was used up")
        timeout = httpx.Timeout(seconds, connect=self.deadline.clip(limits.CONNECT_SECONDS))
        try:
            with self._open(probe, transport, timeout) as response:
                return self._read(response, probe, base, started, seconds)
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, OSError, ValueError) as error:
            failure, detail = classify(error, via_proxy=transport.proxy is not None)
            elapsed = _milliseconds(started)
            return Exchange(**base, failure=failure, failure_detail=self.vault.redact(detail), duration_ms=elapsed)

    @contextmanager
    def _open(self, probe: Probe, transport: Transport, timeout: httpx.Timeout) -> Iterator[httpx.Response]:
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
        client = self._client(transport)
        raw = [(name.encode("ascii", "replace"), value.encode("latin-1", "replace")) for name, value in sent]
        url = self.vault.reveal(probe.url)
        with client.stream(probe.method, url, headers=raw, content=content, timeout=timeout) as response:
            yield response

    def _read(
        self, response: httpx.Response, probe: Probe, base: dict[str, Any], started: float, seconds: float
    ) -> Exchange:
        ttfb = _milliseconds(started)
        chunks: list[bytes] = []
        size = 0
        failure, detail = None, ""
        truncated = False
        try:
            for chunk in response.iter_raw():
                chunks.append(chunk)
                size += len(chunk)
                if size > probe.answer_limit:
                    truncated = True
                    break
                if time.monotonic() - started > seconds or self.deadline.passed:
                    failure, detail = NetworkFailure.ANSWER_TIMEOUT, "the answer did not end in time"
                    break
        except Exception as error:  # noqa: BLE001 - a broken end must not lose the beginning; classified below
            failure, detail = classify(error, via_proxy=False)
        text = b"".join(chunks)[: probe.answer_limit].decode("utf-8", errors="replace")
        return Exchange(
            **base,
            status=response.status_code,
            headers=tuple(self._kept(response.headers)),
            body=self.vault.redact(text),
            body_truncated=truncated,
            failure=failure,
            failure_detail=self.vault.redact(detail),
            duration_ms=_milliseconds(started),
            ttfb_ms=ttfb,
        )

    def _kept(self, answered: Mapping[str, str]) -> Iterator[tuple[str, str]]:
        for name, value in answered.items():
            lower = name.lower()
            if lower in _KEPT_HEADERS or lower.startswith(headers.PREFIX):
                yield lower, self.vault.redact(value)[:500]

    def _base(self, probe: Probe, transport: Transport) -> dict[str, Any]:
        fingerprint, header = _key_of(probe.headers)
        trace = next((value for name, value in probe.headers if name.lower() == headers.TRACE_ID), None)
        return {
            "probe_id": probe.id,
            "kind": probe.kind,
            "route_ids": probe.route_ids,
            "method": probe.method,
            "url": probe.url,
            "via_proxy": transport.proxy,
            "key_fingerprint": fingerprint,
            "key_header": header,
            "trace_id": trace,
        }

    def _client(self, transport: Transport) -> httpx.Client:
        import httpx

        if transport not in self._clients:
            proxy = self.vault.reveal(transport.proxy) if transport.proxy else None
            self._clients[transport] = httpx.Client(
                verify=_trust(transport.extra_ca_files),
                proxy=proxy,
                trust_env=False,
                follow_redirects=False,
                headers={},
            )
        client: httpx.Client = self._clients[transport]
        return client


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
        ValueError: a line break or another control character is left inside.
    """
    value = value.strip(" \t\r\n")
    if any(ord(character) < 32 and character != "\t" for character in value):
        raise ValueError("a header's value holds a line break or another control character")
    return value


def _milliseconds(started: float) -> int:
    return round((time.monotonic() - started) * 1000)


def _fields(exchange: Exchange) -> dict[str, Any]:
    return {name: getattr(exchange, name) for name in exchange.__dataclass_fields__}
