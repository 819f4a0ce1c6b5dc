"""Passes routed requests on to a real open-source gateway, which knows vendors but neither keys nor slugs."""

import http.client
import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final, Protocol

from wizard.sandbox.accounts import Account
from wizard.sandbox.answers import ROUTING_HEADERS
from wizard.sandbox.http_messages import Answer, Headers, Request, json_answer
from wizard.sandbox.routing import SLUG_MARK, Route
from wizard.sandbox.strategies import Attempt
from wizard.sandbox.upstream import UpstreamReply, send
from wizard.sandbox.vendor_call import VendorCall
from wizard.sandbox.vendors import dialect_of

# Credentials and routing of the caller end here; the gateway gets its own.
_DROPPED: Final = frozenset(
    {
        "authorization",
        "x-api-key",
        "x-portkey-api-key",
        "x-portkey-provider",
        "x-portkey-config",
        "x-portkey-virtual-key",
        "x-portkey-custom-host",
        "x-portkey-forward-headers",
        "x-portkey-trace-id",
        "x-portkey-request-timeout",
        "accept-encoding",
        "content-length",
        "transfer-encoding",
        "host",
        "connection",
    }
)
_HOP_BY_HOP: Final = frozenset({"connection", "keep-alive", "transfer-encoding", "content-length", "date"})


class Upstream(Protocol):
    """A running open-source gateway."""

    @property
    def url(self) -> str:
        """Its origin."""


class GatewayTransport:
    """Makes calls through a gateway in its header mode: vendor, key and host by headers."""

    def __init__(self, upstream: Upstream) -> None:
        self._upstream = upstream

    def __call__(self, call: VendorCall, trace_id: str, /) -> Attempt:
        """Passes one call on; the gateway's routing headers tell whether it routed, and are taken off."""
        routing: Headers = (
            ("x-portkey-provider", _vendor_for_gateway(call.vendor)),
            ("authorization", f"Bearer {call.credential}"),
            ("x-portkey-custom-host", call.base_url),
        )
        if call.timeout_ms is not None:
            routing += (("x-portkey-request-timeout", str(call.timeout_ms)),)
        headers = _headers(call.caller_headers, routing, trace_id)
        reply = _relay(self._upstream.url + call.path, call.method, headers, call.body)
        kept = tuple(pair for pair in reply.headers if pair[0].lower() not in ROUTING_HEADERS)
        return Attempt(replace(reply, headers=kept), routed=kept != reply.headers)


def forward_config(upstream: Upstream, request: Request, route: Route, account: Account, vendor_url: str) -> Answer:
    """Passes a request on with its whole config, so that the gateway itself runs it."""
    tree = _gateway_config(route.tree, account, vendor_url)
    routing: Headers = (("x-portkey-config", json.dumps(tree)),)
    timeout = request.header("x-portkey-request-timeout")
    if timeout is not None:
        routing += (("x-portkey-request-timeout", timeout),)
    headers = _headers(request.headers, routing, route.trace_id)
    return _relay(upstream.url + request.target, request.method, headers, route.body)


def can_forward(tree: Mapping[str, Any], account: Account) -> bool:
    """Whether the gateway can run a config as the account would.

    It knows no limits, allowed models or guardrails, so a config that meets any is run by the sandbox.
    """
    if "targets" in tree:
        return not _guarded(tree) and all(can_forward(target, account) for target in tree["targets"])
    entry = account.find_provider(tree.get(SLUG_MARK, ""))
    return entry is not None and entry.status == "active" and entry.allow_all_models and not _guarded(tree)


def _guarded(node: Mapping[str, Any]) -> bool:
    return bool(node.get("input_guardrails") or node.get("output_guardrails"))


def _gateway_config(node: Mapping[str, Any], account: Account, vendor_url: str) -> dict[str, Any]:
    config = {name: value for name, value in node.items() if name != SLUG_MARK}
    if "targets" in node:
        config["targets"] = [_gateway_config(target, account, vendor_url) for target in node["targets"]]
        return config
    entry = account.find_provider(node.get(SLUG_MARK, ""))
    config["provider"] = _vendor_for_gateway(str(node.get("provider")))
    config["custom_host"] = entry.upstream_url if entry is not None and entry.upstream_url else vendor_url
    # In config mode the gateway drops the caller's, and then sends a default of its own.
    config["forward_headers"] = ["anthropic-beta", "anthropic-version"]
    return config


def _vendor_for_gateway(vendor: str) -> str:
    # Clouds such as Bedrock sign requests to hosts of their own; behind the sandbox they speak OpenAI's format.
    return dialect_of(vendor)


def _headers(caller: Headers, routing: Headers, trace_id: str) -> Headers:
    kept = tuple((name, value) for name, value in caller if name.lower() not in _DROPPED)
    return (*kept, *routing, ("x-portkey-trace-id", trace_id))


def _relay(url: str, method: str, headers: Headers, body: Mapping[str, Any] | None) -> Answer:
    payload = b"" if body is None else json.dumps(body).encode()
    try:
        return _relayed(send(method, url, headers, payload))
    except (OSError, http.client.HTTPException) as error:
        message = f"sandbox: the open-source gateway behind it did not answer ({type(error).__name__})"
        return json_answer(502, {"status": "failure", "message": message})


def _relayed(reply: UpstreamReply) -> Answer:
    headers = tuple((name, value) for name, value in reply.headers if name.lower() not in _HOP_BY_HOP)
    if "text/event-stream" in reply.header("content-type"):
        return Answer(reply.status, reply.pieces(), headers)
    return Answer(reply.status, reply.read(), headers)
