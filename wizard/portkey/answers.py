"""Whose answer is this, and what does it mean? One row a case, each with where it was seen.

Sources in the rows: `measured` on the gateway's 1.15.2 or 2.2.3, `documented` by Portkey, `reported` by users.
The order matters: the first row that fits counts.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Final

from wizard.portkey import headers, hosts
from wizard.portkey.exchange import Exchange, NetworkFailure, ProbeKind
from wizard.portkey.hosts import HostKind
from wizard.portkey.said import Said, read_said


class Origin(StrEnum):
    """Whose answer it is."""

    PORTKEY = "portkey"
    PORTKEY_ROUTED = "portkey-routed"
    PROVIDER = "provider"
    NOT_PORTKEY = "not-portkey"
    NETWORK = "network"
    NONE = "none"


class Meaning(StrEnum):
    """What an answer says."""

    ANSWERED = "answered"
    MODEL_LIST = "model-list"
    NO_ANSWER = "no-answer"
    KEY_REJECTED = "key-rejected"
    KEY_EXPIRED = "key-expired"
    KEY_LACKS_PERMISSION = "key-lacks-permission"
    ROUTING_MISSING = "routing-missing"
    SLUG_UNKNOWN = "slug-unknown"
    PROVIDER_HEADER_INVALID = "provider-header-invalid"
    CONFIG_UNKNOWN = "config-unknown"
    CONFIG_INVALID = "config-invalid"
    DEFAULT_CONFIG_LOCKED = "default-config-locked"
    INLINE_BLOCKED = "inline-blocked"
    PATH_UNKNOWN = "path-unknown"
    REQUEST_REFUSED = "request-refused"
    PAYLOAD_TOO_LARGE = "payload-too-large"
    ENDPOINT_UNSUPPORTED = "endpoint-unsupported"
    GATEWAY_FAILED = "gateway-failed"
    BUDGET_EXHAUSTED = "budget-exhausted"
    PORTKEY_RATE_LIMITED = "portkey-rate-limited"
    PLAN_EXHAUSTED = "plan-exhausted"
    GUARDRAIL_DENIED = "guardrail-denied"
    GUARDRAIL_FLAGGED = "guardrail-flagged"
    TIMED_OUT = "timed-out"
    PROVIDER_EXPIRED = "provider-expired"
    PROVIDER_CREDENTIALS = "provider-credentials"
    PROVIDER_BILLING = "provider-billing"
    PROVIDER_RATE_LIMITED = "provider-rate-limited"
    PROVIDER_UNREACHABLE = "provider-unreachable"
    PROVIDER_REFUSED = "provider-refused"
    PROVIDER_FAILED = "provider-failed"
    MODEL_UNKNOWN = "model-unknown"
    MODEL_NOT_ALLOWED = "model-not-allowed"
    STREAM_FAILED = "stream-failed"
    PAGE = "page"
    REDIRECT = "redirect"
    FOREIGN = "foreign"
    UNRECOGNISED = "unrecognised"


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer understood: whose, what, and in which words."""

    origin: Origin
    meaning: Meaning
    said: Said

    @property
    def ok(self) -> bool:
        """Whether the request got what it asked for."""
        return self.meaning in (Meaning.ANSWERED, Meaning.MODEL_LIST, Meaning.GUARDRAIL_FLAGGED)


@dataclass(frozen=True, slots=True)
class Row:
    """One case: what must hold of an answer, and what it then means. None asks nothing.

    Attributes:
        meaning: what it means.
        statuses: the HTTP statuses.
        routed: whether the routing headers are there.
        message: a pattern in the message.
        code: a pattern for the whole error code.
        type: a pattern for the whole error type.
        exception: whether the gateway marks an exception of its own.
        anyone: whether anyone may say so. Else, before routing, something must show the answer to be Portkey's.
        origin: whose answer it is; by default the provider's after routing, before it Portkey's or somebody's.
        seen: where the case is from.
    """

    meaning: Meaning
    statuses: tuple[int, ...] = ()
    routed: bool | None = None
    message: str | None = None
    code: str | None = None
    type: str | None = None
    exception: bool | None = None
    anyone: bool = False
    origin: Origin | None = None
    seen: str = "measured"

    def fits(self, said: Said, *, routed: bool, exception: bool, own: bool) -> bool:
        """Whether an answer is this case; `own` tells whether something shows it to be Portkey's."""
        return (
            (routed or own or self.anyone)
            and (not self.statuses or said.status in self.statuses)
            and self.routed in (None, routed)
            and self.exception in (None, exception)
            and _searches(self.message, said.message)
            and _matches(self.code, said.code)
            and _matches(self.type, said.type)
        )


_ROUTED = Origin.PORTKEY_ROUTED
_SERVER_ERRORS = tuple(range(500, 600))
# Google words a limit per minute like an empty account, and says when to come back.
_PASSING = r"(?i)retry in \d|try again in \d|per.?minute"
_BILLING = r"(?i)insufficient[_ ]quota|exceeded your current quota|credit balance is too low|billing|payment required"
# What web servers and routers say of a path; a provider that knows the path and not the model names the model.
_NO_SUCH_PATH = (
    r"(?i)^(?:[\w-]+ error: )?(?:Invalid URL|(?:404 )?(?:page |route )?not found\.?$|Cannot (?:GET|POST) |<|$)"
)
# What stands in front of a gateway says so when it cannot reach it; from 520 on these are Cloudflare's.
_AWAY = (502, 503, 504, *range(520, 528))

ROWS: Final = (
    # Refused before routing: the key.
    Row(Meaning.KEY_EXPIRED, (401,), routed=False, code="01"),
    Row(Meaning.KEY_REJECTED, (401,), routed=False, code="03|033"),
    Row(Meaning.KEY_REJECTED, (401,), routed=False, code="AB05", seen="documented"),
    Row(Meaning.KEY_REJECTED, (401,), routed=False, message="^$", seen="reported, 2024: no body"),
    Row(Meaning.KEY_LACKS_PERMISSION, (403,), routed=False, code="033|AB03", seen="measured, documented"),
    Row(Meaning.KEY_LACKS_PERMISSION, (403,), routed=False, message="^Portkey Error", seen="reported"),
    Row(Meaning.BUDGET_EXHAUSTED, (412,), routed=False, message=r"Usage Limit Exceeded", seen="measured, reported"),
    Row(Meaning.BUDGET_EXHAUSTED, (412,), routed=False, code="04"),
    # The spelling became `exceeded` in 2.10.0.
    Row(Meaning.PORTKEY_RATE_LIMITED, (429,), routed=False, message=r"rate limit exce"),
    Row(Meaning.PORTKEY_RATE_LIMITED, (429,), routed=False, code="05|AB06", seen="documented"),
    Row(Meaning.PLAN_EXHAUSTED, (402,), routed=False, seen="documented"),
    # Refused before routing: where to.
    Row(Meaning.ROUTING_MISSING, (400,), message=r"^Either x-portkey-config or x-portkey-provider header is required"),
    Row(Meaning.SLUG_UNKNOWN, (400,), routed=False, message=r"^Following keys are not valid"),
    Row(Meaning.PROVIDER_HEADER_INVALID, (400,), routed=False, message=r"^Invalid provider passed"),
    Row(Meaning.CONFIG_UNKNOWN, (400,), routed=False, message=r"^Invalid config id passed"),
    Row(Meaning.CONFIG_INVALID, (400,), routed=False, message=r"^Invalid config passed"),
    Row(Meaning.CONFIG_INVALID, (400,), routed=False, message=r"^Either x-portkey-provider needs to be passed"),
    Row(Meaning.CONFIG_INVALID, (400,), routed=False, message=r"(?i)query router|^Following guardrails are not valid"),
    # A crash of the gateway over a list of targets that is empty, or whose weights are all 0.
    Row(Meaning.CONFIG_INVALID, (500,), routed=False, message=r"reading 'entries'"),
    Row(Meaning.DEFAULT_CONFIG_LOCKED, (400,), routed=False, message=r"^Cannot override default config"),
    Row(Meaning.INLINE_BLOCKED, (400,), routed=False, code=r"inline_\w+_blocked", seen="documented"),
    Row(Meaning.PATH_UNKNOWN, (404,), routed=False, message=r"^Not Found$"),
    Row(Meaning.REQUEST_REFUSED, (400,), routed=False, message=r"^Invalid (?:custom host|content type passed)"),
    Row(Meaning.PAYLOAD_TOO_LARGE, (413, 431), routed=False, anyone=True),
    # The gateway itself fails.
    Row(Meaning.ENDPOINT_UNSUPPORTED, (500,), routed=False, message=r"is not supported by|^Provider \S+ not found"),
    Row(Meaning.GATEWAY_FAILED, (500,), exception=True, origin=Origin.PORTKEY),
    Row(Meaning.GATEWAY_FAILED, (500,), routed=False, message=r"^Something went wrong"),
    Row(Meaning.GATEWAY_FAILED, _AWAY, routed=False, anyone=True, seen="load balancers' and proxies' own pages"),
    Row(
        Meaning.GATEWAY_FAILED,
        (500,),
        routed=True,
        message=r"^Message: (?!fetch failed).*Name: TypeError",
        origin=_ROUTED,
        seen="measured on the open-source gateway, whose retries crash over a Retry-After",
    ),
    # After routing: limits and policies of Portkey's.
    Row(Meaning.PROVIDER_EXPIRED, (401,), routed=True, type=r"\w*_expired_error", origin=_ROUTED),
    Row(Meaning.BUDGET_EXHAUSTED, (412,), routed=True, type=r"\w*_exhaust_error", origin=_ROUTED),
    Row(Meaning.MODEL_NOT_ALLOWED, (412,), type="model_not_allowed_error", anyone=True, origin=_ROUTED),
    Row(
        Meaning.PORTKEY_RATE_LIMITED,
        (429,),
        routed=True,
        type=r"(?:virtual_key|integration|workspace|api_key)_rate_limit_error|rate_limits_policy_exhaust_error",
        origin=_ROUTED,
    ),
    Row(Meaning.GUARDRAIL_DENIED, (446,), anyone=True, origin=_ROUTED),
    Row(Meaning.TIMED_OUT, (408,), message="^Request exceeded the timeout", anyone=True, origin=_ROUTED),
    Row(Meaning.PROVIDER_UNREACHABLE, _SERVER_ERRORS, routed=True, message=r"fetch failed|ECONNREFUSED|ENOTFOUND"),
    Row(Meaning.PROVIDER_UNREACHABLE, (500, 503), routed=True, message=r"ECONNRESET|ETIMEDOUT|Connect Timeout"),
    # After routing: the provider's own words.
    Row(Meaning.PROVIDER_BILLING, (402,), routed=True, seen="documented"),
    Row(Meaning.PROVIDER_RATE_LIMITED, (429,), routed=True, message=_PASSING, seen="documented"),
    Row(Meaning.PROVIDER_BILLING, (400, 403, 429), routed=True, message=_BILLING, seen="documented"),
    Row(Meaning.PROVIDER_BILLING, (429,), routed=True, code="insufficient_quota", seen="documented"),
    Row(Meaning.MODEL_UNKNOWN, (400, 403), routed=True, code="model_not_found", seen="documented"),
    Row(Meaning.PROVIDER_CREDENTIALS, (401, 403), routed=True),
    Row(Meaning.PATH_UNKNOWN, (404,), routed=True, message=_NO_SUCH_PATH),
    Row(Meaning.MODEL_UNKNOWN, (404,), routed=True),
    Row(Meaning.MODEL_UNKNOWN, (400,), routed=True, message=r"(?i)model.{0,80}(?:not found|does not exist|not exist)"),
    Row(Meaning.PROVIDER_RATE_LIMITED, (429,), routed=True),
    Row(Meaning.TIMED_OUT, (408,), routed=True, origin=_ROUTED),
    Row(Meaning.PAYLOAD_TOO_LARGE, (413, 431), routed=True),
    Row(Meaning.PROVIDER_FAILED, _SERVER_ERRORS, routed=True),
    Row(Meaning.PROVIDER_REFUSED, tuple(range(400, 500)), routed=True),
)


def read_answer(exchange: Exchange) -> Answer:
    """What an exchange's outcome means."""
    return _read(exchange)


@lru_cache(maxsize=256)
def _read(exchange: Exchange) -> Answer:
    if exchange.status is None:
        return Answer(Origin.NETWORK, Meaning.NO_ANSWER, Said(message=exchange.failure_detail))
    said = read_said(exchange)
    routed = headers.ROUTED_MARK in exchange.header
    exception = headers.GATEWAY_EXCEPTION in exchange.header
    if 300 <= exchange.status < 400:
        return Answer(Origin.NOT_PORTKEY, Meaning.REDIRECT, said)
    if said.is_page and not routed and exchange.status not in _AWAY:
        return Answer(Origin.NOT_PORTKEY, Meaning.PAGE, said)
    if 200 <= exchange.status < 300:
        return _read_success(exchange, said, routed=routed)
    own = exception or said.is_gateway_shape or (not said.message and _from_hosted(exchange))
    return _read_failure(said, routed=routed, exception=exception, own=own)


def _read_failure(said: Said, *, routed: bool, exception: bool, own: bool) -> Answer:
    sender = Origin.PROVIDER if routed else Origin.PORTKEY if own else Origin.NOT_PORTKEY
    for row in ROWS:
        if row.fits(said, routed=routed, exception=exception, own=own):
            return Answer(row.origin or sender, row.meaning, said)
    if said.is_gateway_shape:
        failed = said.status >= 500
        return Answer(sender, Meaning.GATEWAY_FAILED if failed else Meaning.REQUEST_REFUSED, said)
    foreign = said.type is not None or said.message != ""
    return Answer(Origin.NOT_PORTKEY, Meaning.FOREIGN if foreign else Meaning.UNRECOGNISED, said)


def _from_hosted(exchange: Exchange) -> bool:
    """Whether one of Portkey's own hosts answered, over TLS, so that nobody on the way can have done so."""
    where = hosts.origin(exchange.url)
    return where is not None and where.scheme == "https" and hosts.kind(where.host) is HostKind.HOSTED


def _read_success(exchange: Exchange, said: Said, *, routed: bool) -> Answer:
    origin = _ROUTED if routed else Origin.NOT_PORTKEY
    if exchange.failure is NetworkFailure.RUN_TIMEOUT:
        return Answer(origin, Meaning.NO_ANSWER, said)
    if exchange.status == 246:
        return Answer(_ROUTED, Meaning.GUARDRAIL_FLAGGED, said)
    if exchange.kind is not ProbeKind.CALL:
        if said.is_model_list:
            mark = routed or said.has_slugs or any(name.startswith(headers.PREFIX) for name in exchange.header)
            return Answer(Origin.PORTKEY if mark else Origin.NOT_PORTKEY, Meaning.MODEL_LIST, said)
        return Answer(origin, Meaning.UNRECOGNISED, said)
    if said.stream_error or exchange.failure is not None:
        return Answer(_ROUTED if routed else Origin.NOT_PORTKEY, Meaning.STREAM_FAILED, said)
    return Answer(origin, Meaning.ANSWERED if said.is_model_answer else Meaning.UNRECOGNISED, said)


def _searches(pattern: str | None, text: str) -> bool:
    return pattern is None or re.search(pattern, text) is not None


def _matches(pattern: str | None, text: str | None) -> bool:
    return pattern is None or (text is not None and re.fullmatch(pattern, text) is not None)
