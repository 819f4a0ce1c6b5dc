"""One question to a gateway and what came back, as data. Secrets stand in both as handles."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from wizard.base import limits

Headers = tuple[tuple[str, str], ...]


class ProbeKind(StrEnum):
    """What a question is to find out."""

    IDENTIFY = "identify"
    IDENTIFY_MADE_UP_KEY = "identify-with-made-up-key"
    CATALOGUE = "models-with-key"
    CALL = "model-call"
    ACCOUNT = "account"


class NetworkFailure(StrEnum):
    """Why no answer came."""

    INVALID_URL = "invalid-url"
    DNS = "dns"
    REFUSED = "tcp-refused"
    UNREACHABLE = "unreachable"
    RESET = "connection-reset"
    CONNECT_TIMEOUT = "connect-timeout"
    ANSWER_TIMEOUT = "answer-timeout"
    TLS_UNTRUSTED = "tls-untrusted"
    TLS_EXPIRED = "tls-expired"
    TLS_NOT_YET_VALID = "tls-not-yet-valid"
    TLS_HOSTNAME = "tls-hostname"
    TLS_OTHER = "tls-other"
    PROXY = "proxy"
    NOT_HTTP = "not-http"
    INVALID_REQUEST = "invalid-request"
    RUN_TIMEOUT = "run-timeout"


@dataclass(frozen=True, slots=True)
class Probe:
    """A question to be asked once.

    Attributes:
        id: stable over runs, so that a recording can be read again.
        kind: what it is to find out.
        route_ids: the routes it speaks for.
        method: the HTTP method.
        url: the full URL.
        headers: names and values; a value may hold handles, which the runner reveals.
        body: the JSON text to send, or None.
        answer_limit: how many bytes of the answer are read.
    """

    id: str
    kind: ProbeKind
    route_ids: tuple[str, ...]
    method: str
    url: str
    headers: Headers = ()
    body: str | None = None
    answer_limit: int = limits.ANSWER_BYTES

    @property
    def carries_secret(self) -> bool:
        """Whether a handle stands in a header, or as user or password in the URL.

        One in the path is a part of the address itself, and goes to no other host.
        """
        authority = self.url.partition("://")[2].partition("/")[0]
        return "‹" in authority or any("‹" in value for _, value in self.headers)


@dataclass(frozen=True)
class Exchange:
    """A probe's outcome.

    Attributes:
        probe_id: the probe it answers.
        kind: the probe's kind.
        route_ids: the probe's routes.
        method: the HTTP method.
        url: the URL asked.
        status: the HTTP status, or None where no answer came.
        headers: the answer's headers, names in lower case, values with handles for secrets.
        body: the answer's text up to the probe's limit, with handles for secrets.
        body_truncated: whether more came than was read.
        failure: why no (whole) answer came, or None.
        failure_detail: the failure in the system's words.
        duration_ms: from the start to the last byte read.
        ttfb_ms: from the start to the answer's first byte.
        via_proxy: the proxy's host and port, or None.
        key_fingerprint: the fingerprint of the secret that was sent, or None.
        key_header: the header that carried it, in lower case, or None.
        trace_id: the trace id we sent, or None.
        attempts: how often it was sent; 2 after a reset connection.
    """

    probe_id: str
    kind: ProbeKind
    route_ids: tuple[str, ...]
    method: str
    url: str
    status: int | None = None
    headers: Headers = ()
    body: str = ""
    body_truncated: bool = False
    failure: NetworkFailure | None = None
    failure_detail: str = ""
    duration_ms: int = 0
    ttfb_ms: int | None = None
    via_proxy: str | None = None
    key_fingerprint: str | None = None
    key_header: str | None = None
    trace_id: str | None = None
    attempts: int = 1

    @cached_property
    def header(self) -> Mapping[str, str]:
        """The answer's headers by lower-case name; of repeated ones the last."""
        return dict(self.headers)
