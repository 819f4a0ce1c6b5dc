"""Asks one target of a route: limits, allowed models, guardrails, then the vendor or the gateway before it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, Protocol

from wizard.sandbox.accounts import Account, Guardrail, ProviderEntry
from wizard.sandbox.answers import answer, masked
from wizard.sandbox.http_messages import Answer, Request
from wizard.sandbox.routing import SLUG_MARK, Route
from wizard.sandbox.strategies import Attempt
from wizard.sandbox.vendor_call import EndpointName, VendorCall, call_vendor, endpoint_of

_FUNCTIONS: Final[Mapping[str, str]] = {
    "chat": "chatComplete",
    "messages": "messages",
    "responses": "createModelResponse",
    "count_tokens": "messagesCountTokens",
}


@dataclass(frozen=True, slots=True)
class LogRow:
    """One row of the workspace's logs: one attempt at a target.

    Attributes:
        trace_id: The request's.
        status: What the target answered.
        slug: The provider's, or empty for a vendor named inline.
        model: The model asked for, without a slug.
        metadata: The request's.
        at: Unix time in seconds.
    """

    trace_id: str
    status: int
    slug: str
    model: str
    metadata: Mapping[str, Any]
    at: float


class Transport(Protocol):
    """How a call reaches its vendor."""

    def __call__(self, call: VendorCall, trace_id: str, /) -> Attempt:
        """Makes the call; of the attempt only `answer` and `routed` count."""


def directly(call: VendorCall, _trace_id: str, /) -> Attempt:
    """Calls the vendor without a gateway in between."""
    return Attempt(call_vendor(call))


@dataclass(frozen=True, slots=True)
class TargetCaller:
    """Asks the targets of one request's route.

    Attributes:
        request: The request.
        route: Its route.
        account: The workspace.
        vendor_url: The vendor's base URL, with `/v1`, for providers without their own.
        transport: How calls reach the vendor.
        rows: Takes a log row for every attempt.
    """

    request: Request
    route: Route
    account: Account
    vendor_url: str
    transport: Transport
    rows: list[LogRow] = field(default_factory=list)

    def __call__(self, target: Mapping[str, Any], index: str) -> Attempt:
        """Asks one target."""
        entry = self.account.find_provider(target.get(SLUG_MARK, ""))
        body = self._body(target)
        model = str((body or {}).get("model") or "")
        attempt = replace(
            self._ask(target, entry, body, model),
            vendor=target.get("provider") or "",
            index=index,
            cached="MISS" if target.get("cache") else "DISABLED",
        )
        if attempt.routed:
            self.rows.append(
                LogRow(
                    trace_id=self.route.trace_id,
                    status=attempt.answer.status,
                    slug="" if entry is None else entry.slug,
                    model=model,
                    metadata=self.route.metadata,
                    at=self.request.received_at,
                )
            )
        return attempt

    def _body(self, target: Mapping[str, Any]) -> dict[str, Any] | None:
        if self.route.body is None:
            return None
        return {
            **(target.get("default_params") or {}),
            **self.route.body,
            **(target.get("override_params") or {}),
        }

    def _ask(
        self,
        target: Mapping[str, Any],
        entry: ProviderEntry | None,
        body: dict[str, Any] | None,
        model: str,
    ) -> Attempt:
        vendor = target.get("provider")
        endpoint = endpoint_of(self.request.method, self.request.path)
        if not vendor or vendor == "portkey":
            return Attempt(answer("provider-not-found", vendor=vendor), routed=False)
        call = VendorCall(
            endpoint=endpoint,
            method=self.request.method,
            path=self.request.target,
            body=body,
            vendor=vendor,
            base_url=self._base_url(entry),
            credential=target.get("api_key") or "",
            caller_headers=self.request.headers,
            timeout_ms=self._timeout(target),
            line="hosted",
        )
        if _is_unsupported(endpoint, call, entry):
            row = answer("endpoint-unsupported", function=_FUNCTIONS[endpoint], vendor=vendor)
            return Attempt(row, routed=False)
        refusal = _limit_refusal(entry, model)
        if refusal is not None:
            return Attempt(refusal)
        verdicts = self._guardrails(target)
        if any(guardrail.verdict == "deny" for guardrail in verdicts):
            return Attempt(answer("guardrail-denied", results=_hook_results(verdicts)))
        attempt = self.transport(call, self.route.trace_id)
        if any(guardrail.verdict == "flag" for guardrail in verdicts):
            return replace(attempt, answer=_flagged(attempt.answer, verdicts))
        return attempt

    def _base_url(self, entry: ProviderEntry | None) -> str:
        custom_host = self.request.header("x-portkey-custom-host")
        if custom_host:
            return custom_host
        return entry.upstream_url if entry is not None and entry.upstream_url else self.vendor_url

    def _timeout(self, target: Mapping[str, Any]) -> int | None:
        given = self.request.header("x-portkey-request-timeout") or ""
        if given.isdecimal():
            return int(given)
        configured = target.get("request_timeout")
        return int(configured) if configured else None

    def _guardrails(self, target: Mapping[str, Any]) -> list[Guardrail]:
        wanted = [*(target.get("input_guardrails") or ()), *(target.get("output_guardrails") or ())]
        return [guardrail for guardrail in self.account.guardrails if guardrail.id in wanted]


def _is_unsupported(endpoint: EndpointName, call: VendorCall, entry: ProviderEntry | None) -> bool:
    if endpoint == "count_tokens":
        return call.dialect != "anthropic"
    return entry is not None and endpoint in entry.unsupported


def _limit_refusal(entry: ProviderEntry | None, model: str) -> Answer | None:
    if entry is None:
        return None
    if entry.status != "active":
        return answer(f"provider-{entry.status}", entry=masked(entry.slug))
    if model and not entry.allow_all_models and model not in entry.models:
        return answer("model-not-allowed", model=model)
    return None


def _hook_results(guardrails: list[Guardrail]) -> dict[str, Any]:
    results = [
        {"id": guardrail.id, "verdict": guardrail.verdict == "pass", "deny": guardrail.verdict == "deny"}
        for guardrail in guardrails
    ]
    return {"before_request_hooks": results, "after_request_hooks": []}


def _flagged(reply: Answer, guardrails: list[Guardrail]) -> Answer:
    if reply.status != 200:
        return reply
    results = _hook_results(guardrails)
    if isinstance(reply.body, bytes):
        body = {**json.loads(reply.body), "hook_results": results}
        return replace(reply, status=246, body=json.dumps(body).encode())
    # A stream stays as it is: in strict OpenAI compliance, the default, no event carries the results.
    return replace(reply, status=246)
