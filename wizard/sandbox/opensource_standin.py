"""A small copy of the open-source gateway's behaviour (1.15.2, measured), for machines without Node.

It has no accounts: vendors by name, their keys with the request, no `@slug`, no `pc-…`, and never a 401 of its own.
"""

import json
from collections.abc import Mapping
from random import Random
from typing import Any, Final

from wizard.sandbox.answers import EXCEPTION_HEADER, answer, greeting, headers_too_large, routing_headers
from wizard.sandbox.http_messages import Answer, Reply, Request
from wizard.sandbox.routing import metadata_of
from wizard.sandbox.server import HEADER_LIMIT, LoopbackServer
from wizard.sandbox.strategies import Attempt, Strategy
from wizard.sandbox.validation import check_headers
from wizard.sandbox.vendor_call import EndpointName, VendorCall, call_vendor, endpoint_of
from wizard.sandbox.vendors import dialect_of

_FUNCTIONS: Final[Mapping[EndpointName, str]] = {
    "messages": "messages",
    "responses": "createModelResponse",
    "count_tokens": "messagesCountTokens",
}


class OpenSourceStandIn(LoopbackServer):
    """The open-source gateway as far as tests without Node need it; a context manager.

    Args:
        vendor_url: The upstream of requests that name no custom host, with `/v1`; without it they end as an
            unknown host does, for nothing outside this machine is ever asked.
        broken_streams: Answer every stream and every unchanged success with a 500 after the vendor was asked, as
            1.15.2 does with `@hono/node-server` 1.14.4 and later.
        port: As for `LoopbackServer`.
        record: As for `LoopbackServer`.
    """

    def __init__(
        self,
        *,
        vendor_url: str | None = None,
        broken_streams: bool = False,
        port: int = 0,
        record: bool = True,
    ) -> None:
        super().__init__(port=port, record=record)
        self._vendor_url = vendor_url
        self._broken_streams = broken_streams
        self._random = Random(0)  # noqa: S311  # turns of load balancing, not secrets

    @property
    def base_url(self) -> str:
        """The origin with `/v1`."""
        return f"{self.url}/v1"

    def respond(self, request: Request) -> Reply:
        """Answers as the open-source gateway does."""
        if sum(len(name) + len(value) + 4 for name, value in request.headers) > HEADER_LIMIT:
            return headers_too_large()
        if request.method in {"GET", "HEAD"} and request.path == "/":
            return greeting()
        if not request.path.startswith("/v1/") or request.method not in {"GET", "POST", "DELETE"}:
            return answer("not-found")
        provider = request.header("x-portkey-provider")
        config_text = request.header("x-portkey-config")
        refusal = check_headers(request, provider=provider, config=config_text, loopback_allowed=True)
        if refusal is not None:
            return refusal
        if request.method == "POST" and not isinstance(request.json, dict):
            return answer("something-wrong")
        tree = json.loads(config_text) if config_text else {}
        if not tree.get("provider") and not tree.get("targets"):
            tree = {**tree, "provider": provider, "api_key": _caller_key(request, provider)}
        return self._routed(request, tree)

    def _routed(self, request: Request, tree: Mapping[str, Any]) -> Answer:
        params = request.json if isinstance(request.json, dict) else {}
        facts = {
            "metadata": metadata_of(request),
            "params": {name: value for name, value in params.items() if not isinstance(value, list)},
            "url": {"pathname": request.path},
        }
        strategy = Strategy(lambda target, index: self._ask(request, target, index), facts, self._random)
        attempt = strategy.run(tree)
        if not attempt.routed:
            return attempt.answer
        # Unlike the hosted line it makes no trace id of its own.
        trace_id = request.header("x-portkey-trace-id") or ""
        return attempt.answer.adding(
            routing_headers(attempt.vendor, attempt.index, attempt.retries, trace_id, "DISABLED")
        )

    def _ask(self, request: Request, target: Mapping[str, Any], index: str) -> Attempt:
        vendor = target.get("provider")
        endpoint = _as_it_names(endpoint_of(request.method, request.path))
        if not vendor or vendor == "portkey":
            return Attempt(answer("provider-not-found", vendor=vendor), routed=False)
        call = VendorCall(
            endpoint=endpoint,
            method=request.method,
            path=request.target,
            body=_merged(request, target),
            vendor=vendor,
            base_url=request.header("x-portkey-custom-host")
            or target.get("custom_host")
            or self._vendor_url
            or f"https://api.{vendor}.com/v1",
            credential=target.get("api_key") or "",
            caller_headers=request.headers,
            timeout_ms=_timeout(request, target),
            line="open-source",
        )
        if endpoint in _FUNCTIONS and call.adapted:
            row = answer("endpoint-unsupported", function=_FUNCTIONS[endpoint], vendor=vendor)
            return Attempt(row, routed=False)
        reply = call_vendor(call)
        unchanged = call.streamed or endpoint in {"proxy", "count_tokens"}
        if self._broken_streams and reply.status == 200 and unchanged:
            _close(reply)
            return Attempt(answer("something-wrong").adding((EXCEPTION_HEADER,)), routed=False)
        return Attempt(reply, vendor=vendor, index=index)


def _as_it_names(endpoint: EndpointName) -> EndpointName:
    # It reshapes no model list: that goes to the vendor and back as it is.
    return "proxy" if endpoint == "models" else endpoint


def _caller_key(request: Request, provider: str | None) -> str:
    authorization = request.header("authorization")
    if authorization is not None:
        return authorization.replace("Bearer ", "", 1)
    if provider is not None and dialect_of(provider) == "anthropic":
        return request.header("x-api-key") or ""
    return ""


def _merged(request: Request, target: Mapping[str, Any]) -> dict[str, Any] | None:
    if not isinstance(request.json, dict):
        return None
    return {
        **(target.get("default_params") or {}),
        **request.json,
        **(target.get("override_params") or {}),
    }


def _timeout(request: Request, target: Mapping[str, Any]) -> int | None:
    given = request.header("x-portkey-request-timeout") or ""
    return int(given) if given.isdecimal() else target.get("request_timeout")


def _close(reply: Answer) -> None:
    close = getattr(reply.body, "close", None)
    if close is not None:
        close()
