"""Every answer that the account layer makes by itself, in one table, each row with its source.

Sources: `2.2.3` and `1.15.2` are the gateway's versions that were run on loopback with made-up keys; `docs` are
Portkey's documentation pages; `code` is Portkey-AI/gateway, branch 2.0.0, read but not run for this row. Hosted
Portkey runs a newer build of that line, so a measured row is as true as that build still is.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from wizard.sandbox.http_messages import Answer, Headers, json_answer, text_answer

Evidence = Literal["measured", "documented", "read", "assumed"]

GREETING: Final = "AI Gateway says hey!"
EXCEPTION_HEADER: Final = ("x-portkey-gateway-exception", "true")
ROUTING_HEADERS: Final = (
    "x-portkey-provider",
    "x-portkey-last-used-option-index",
    "x-portkey-retry-attempt-count",
    "x-portkey-trace-id",
    "x-portkey-cache-status",
)


@dataclass(frozen=True, slots=True)
class Source:
    """Where an answer is known from."""

    evidence: Evidence
    text: str


@dataclass(frozen=True, slots=True)
class Row:
    """One answer: its status, its body with `{names}` to fill in, and where it is known from."""

    status: int
    body: Mapping[str, Any]
    source: Source
    headers: Headers = ()


def _measured(text: str) -> Source:
    return Source("measured", text)


def _read(file: str) -> Source:
    return Source("read", f"code: {file}")


def _key_refusal(status: int, message: str, code: str, source: Source) -> Row:
    text = f"Portkey Error: {message}. Error Code: {code}"
    body = {"status": "failure", "message": text, "error": {"message": text, "code": code}}
    return Row(status, body, source)


def _refusal(message: str, source: Source, status: int = 400, **more: Any) -> Row:
    return Row(status, {"status": "failure", "message": message, **more}, source)


def _exception(message: str, source: Source) -> Row:
    return Row(500, {"status": "failure", "message": message}, source, (EXCEPTION_HEADER,))


def _limit(status: int, message: str, kind: str, source: Source, code: str | None = None) -> Row:
    error = {"message": message, "type": kind, "param": None, "code": code}
    return Row(status, {"error": error}, source)


def _admin(status: int, message: str, code: str, source: Source) -> Row:
    return Row(status, {"success": False, "data": {"message": message, "errorCode": code}}, source)


def _inline(code: str, message: str, header: str) -> Row:
    body = {
        "status": "failure",
        "error": {"code": code, "message": message, "field": header},
        "message": message,
    }
    source = "docs: product/administration/enforce-saved-only-config gives status, shape and codes, not the words"
    return Row(400, body, Source("documented", source))


_ADMIN_ERRORS = "docs: api-reference/admin-api/error"

_BEFORE_ROUTING: Final[Mapping[str, Row]] = {
    "key-unknown": _key_refusal(401, "Invalid API Key", "03", _measured("2.2.3; public reports on the cloud")),
    "key-expired": _key_refusal(401, "Portkey API Key Expired", "01", _measured("2.2.3")),
    "key-no-organisation": _key_refusal(401, "Unable to validate key", "033", _read("auth/authN.ts")),
    "key-other-gateway": _key_refusal(403, "Forbidden!", "033", _read("auth/authN.ts")),
    "key-lacks-scope": _key_refusal(403, "Forbidden!", "033", _measured("2.2.3")),
    "key-exhausted": _key_refusal(
        412, "Portkey API Key Usage Limit Exceeded", "04", _measured("2.2.3; public reports on the cloud")
    ),
    "key-workspace-exhausted": _key_refusal(
        412, "Portkey Workspace Usage Limit Exceeded", "04", _read("auth/authN.ts")
    ),
    "key-rate-limited": _key_refusal(
        429, "apikey {key} rate limit exceded", "05", _measured("2.2.3, the spelling is its own")
    ),
    "key-workspace-rate-limited": _key_refusal(
        429, "workspace {workspace} rate limit exceeded", "05", _read("auth/authN.ts")
    ),
    "key-plan-exhausted": _admin(
        402,
        "Subscription exhausted",
        "AB09",
        Source("assumed", f"{_ADMIN_ERRORS} for the code; on which calls is not documented"),
    ),
    "payload-too-large": _refusal("Payload size exceeds the limit of {limit}MB", _read("payloadSizeValidator"), 413),
    "not-found": Row(404, {"message": "Not Found", "ok": False}, _measured("1.15.2, 2.2.3")),
    "default-config-locked": _refusal("Cannot override default config set for this API key.", _measured("2.2.3")),
    "config-unknown": _refusal("Invalid config id passed", _measured("2.2.3")),
    "slug-unknown": _refusal(
        "Following keys are not valid: {slugs}",
        _measured("2.2.3 for a config; in a model or header it prints null there, the slug since 2.6.1"),
    ),
    "guardrail-unknown": _refusal("Following guardrails are not valid: {ids}", _read("helpers.ts")),
    "content-type": _refusal("Invalid content type passed", _measured("1.15.2")),
    "routing-missing": _refusal(
        "Either x-portkey-config or x-portkey-provider header is required",
        _measured("1.15.2, 2.2.3; github.com/mlflow/mlflow/issues/24391 on the cloud"),
    ),
    "provider-invalid": _refusal("Invalid provider passed", _measured("1.15.2, 2.2.3")),
    "custom-host-invalid": _refusal("Invalid custom host", _measured("1.15.2")),
    "config-not-json": _refusal("Invalid config passed. You need to pass a valid json", _measured("1.15.2, 2.2.3")),
    "config-without-provider": _refusal(
        "Either x-portkey-provider needs to be passed. Or the x-portkey-config header should have a valid config "
        "with provider details in it.",
        _measured("1.15.2, 2.2.3"),
    ),
    "config-invalid": _refusal("Invalid config passed", _measured("1.15.2, 2.2.3"), errors="{errors}"),
    "router-target-unknown": _refusal("Invalid target name found in the query router: {name}", _measured("2.2.3")),
    "router-no-match": _refusal(
        "Query router did not resolve to any valid target", _measured("1.15.2 for no matching condition")
    ),
    "no-targets": _refusal("Cannot read properties of undefined (reading 'entries')", _measured("1.15.2"), 500),
    "inline_config_blocked": _inline(
        "inline_config_blocked", "Inline configs are blocked for this organisation.", "x-portkey-config"
    ),
    "inline_provider_blocked": _inline(
        "inline_provider_blocked", "Inline providers are blocked for this organisation.", "x-portkey-provider"
    ),
    "inline_custom_host_blocked": _inline(
        "inline_custom_host_blocked",
        "Custom hosts are blocked for this organisation.",
        "x-portkey-custom-host",
    ),
    "inline_forward_headers_blocked": _inline(
        "inline_forward_headers_blocked",
        "Forwarded headers are blocked for this organisation.",
        "x-portkey-forward-headers",
    ),
    "endpoint-unsupported": _exception("{function} is not supported by {vendor}", _measured("1.15.2")),
    "something-wrong": _refusal("Something went wrong", _measured("1.15.2"), 500),
    "provider-not-found": _exception("Provider {vendor} not found", _measured("1.15.2")),
}

_AFTER_ROUTING: Final[Mapping[str, Row]] = {
    "provider-expired": _limit(
        401, "Portkey Virtual Key {entry} Expired", "virtual_key_expired_error", _measured("2.2.3"), "01"
    ),
    "provider-exhausted": _limit(
        412,
        "Portkey Virtual Key {entry} Usage Limit Exceeded",
        "virtual_key_exhaust_error",
        _measured("2.2.3"),
        "04",
    ),
    "provider-integration-exhausted": _limit(
        412,
        "Portkey Integration {entry} Usage Limit Exceeded",
        "integration_exhaust_error",
        _read("portkey/utils.ts"),
        "04",
    ),
    "provider-workspace-exhausted": _limit(
        412,
        "Portkey Workspace Usage Limit Exceeded",
        "workspace_exhaust_error",
        _read("portkey/utils.ts"),
        "04",
    ),
    "provider-policy-exhausted": _limit(
        412,
        "Portkey Usage Limits Policy {entry} Exceeded for value key sandbox",
        "usage_limits_policy_exhaust_error",
        _read("portkey/utils.ts"),
        "06",
    ),
    "provider-rate-limited": _limit(
        429,
        "Portkey Virtual Key {entry} Rate Limit Exceeded",
        "virtual_key_rate_limit_error",
        _read("portkey/utils.ts"),
    ),
    "provider-integration-rate-limited": _limit(
        429,
        "Portkey Integration {entry} Rate Limit Exceeded",
        "integration_rate_limit_error",
        _read("portkey/utils.ts"),
    ),
    "provider-policy-rate-limited": _limit(
        429,
        "Portkey Rate Limit Policy {entry} exceeded for value key sandbox",
        "rate_limits_policy_exhaust_error",
        _read("portkey/utils.ts"),
    ),
    "model-not-allowed": _limit(
        412,
        "Model {model} is not allowed for this integration",
        "model_not_allowed_error",
        _measured("2.2.3; public reports on the cloud"),
    ),
    "timeout": _limit(
        408,
        "Request exceeded the timeout sent in the request: {milliseconds}ms",
        "timeout_error",
        _measured("1.15.2, 2.2.3"),
    ),
    "guardrail-denied": Row(
        446,
        {
            "error": {
                "message": "The guardrail checks defined in the config failed. "
                "You can find more information in the `hook_results` object.",
                "type": "hooks_failed",
                "param": None,
                "code": None,
            },
            "hook_results": "{results}",
        },
        _measured("1.15.2"),
    ),
    "unreachable": Row(
        500,
        {"html-message": "Message: fetch failed Cause: Error: connect ECONNREFUSED {host} Name: TypeError"},
        _measured("1.15.2"),
    ),
    "host-not-found": Row(
        500,
        {"html-message": "Message: fetch failed Cause: Error: getaddrinfo ENOTFOUND {host} Name: TypeError"},
        _measured("1.15.2"),
    ),
}

_ADMIN: Final[Mapping[str, Row]] = {
    "admin-invalid": _admin(400, "Request Validation Error", "AB01", Source("documented", _ADMIN_ERRORS)),
    "admin-unauthorized": _admin(
        401, "Unauthorized access", "AB05", Source("assumed", f"{_ADMIN_ERRORS}; the body's shape is AB03's")
    ),
    "admin-forbidden": _admin(
        403,
        "You do not have enough permissions to execute this request",
        "AB03",
        Source("documented", "docs: help-center/you-do-not-have-enough-permissions"),
    ),
    "admin-not-found": _admin(
        404, "Resource not found", "AB08", Source("assumed", f"{_ADMIN_ERRORS}; the body's shape is AB03's")
    ),
}

ROWS: Final[Mapping[str, Row]] = {**_BEFORE_ROUTING, **_AFTER_ROUTING, **_ADMIN}


def _fill(part: Any, values: Mapping[str, Any]) -> Any:
    if isinstance(part, str):
        name = part[1:-1] if part.startswith("{") and part.endswith("}") else ""
        # A body that is one placeholder takes the value itself, which may be a list or an object.
        return values[name] if name in values else part.format_map(values)
    if isinstance(part, Mapping):
        return {key: _fill(value, values) for key, value in part.items()}
    return part


def body_of(name: str, /, **values: Any) -> dict[str, Any]:
    """The body of a row, its `{names}` filled in.

    Raises:
        KeyError: There is no such row, or a value of it is missing.
    """
    return {key: _fill(value, values) for key, value in ROWS[name].body.items()}


def answer(name: str, /, **values: Any) -> Answer:
    """The answer of a row, its `{names}` filled in.

    Raises:
        KeyError: There is no such row, or a value of it is missing.
    """
    row = ROWS[name]
    return json_answer(row.status, body_of(name, **values), row.headers)


def greeting() -> Answer:
    """What `GET /` says (measured: 1.15.2)."""
    return text_answer(200, GREETING)


def health(version: str) -> Answer:
    """What `GET /v1/health` says, without a key (measured: 2.2.3)."""
    return json_answer(200, {"status": "success", "message": "Server is healthy", "version": version})


def headers_too_large() -> Answer:
    """More than 16 KB of headers (measured: 1.15.2; it is Node's own limit)."""
    return Answer(431, b"", (("connection", "close"),))


def invalid_response(status: int, vendor: str, received: Any) -> Answer:
    """What a transformed endpoint says when the vendor's answer is not the vendor's (measured: 1.15.2)."""
    text = json.dumps(received, ensure_ascii=False, separators=(",", ":"))
    message = f"Invalid response received from {vendor}: {text}"
    error = {"message": message, "type": None, "param": None, "code": None}
    return json_answer(status, {"error": error, "provider": vendor})


def routing_headers(vendor: str, index: str, retries: int, trace_id: str, cache: str) -> Headers:
    """The five headers on every answer to a request that reached routing, and on no other (measured: both)."""
    return tuple(zip(ROUTING_HEADERS, (vendor, index, str(retries), trace_id, cache), strict=True))


def masked(value: str) -> str:
    """An id as the gateway prints it in its messages: two characters, stars, three (measured: 2.2.3)."""
    return f"{value[:2]}****{value[-3:]}"
