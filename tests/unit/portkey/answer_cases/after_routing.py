"""Answers with routing headers: the key was good, and the request got as far as a provider or one of its limits."""

from __future__ import annotations

from typing import Final

from tests.unit.portkey.answer_cases.case import HTML, JSON, ROUTED, TEXT, Case, error, failed
from wizard.portkey.answers import Meaning, Origin

M = Meaning
R = Origin.PORTKEY_ROUTED
V = Origin.PROVIDER
BOTH = (*JSON, *ROUTED)
RETRIED = (*JSON, *(pair if pair[0] != "x-portkey-retry-attempt-count" else (pair[0], "-1") for pair in ROUTED))
QUOTA = (
    "You exceeded your current quota, please check your plan and billing details. For more information on this error, "
    "read the docs: https://platform.openai.com/docs/guides/error-codes/api-errors."
)
CREDIT = (
    "Your credit balance is too low to access the Anthropic API. Please go to Plans & Billing to upgrade or purchase "
    "credits."
)
GUARDRAIL = (
    "The guardrail checks defined in the config failed. You can find more information in the `hook_results` object."
)


def routed(
    name: str,
    status: int,
    body: object,
    meaning: Meaning,
    origin: Origin = V,
    code: str | None = None,
    type: str | None = None,  # noqa: A002 - the field's own name
) -> Case:
    return Case(name, status, body, origin, meaning, headers=BOTH, code=code, type=type)


LIMITS: Final = (
    routed(
        "provider expired",
        401,
        error("Portkey Virtual Key ex****exp Expired", "virtual_key_expired_error", "01"),
        M.PROVIDER_EXPIRED,
        R,
        code="01",
        type="virtual_key_expired_error",
    ),
    routed("workspace expired", 401, error("Expired", "workspace_expired_error"), M.PROVIDER_EXPIRED, R),
    *(
        routed(f"budget: {kind}", 412, error("Usage Limit Exceeded", kind, code), M.BUDGET_EXHAUSTED, R, code, kind)
        for kind, code in (
            ("virtual_key_exhaust_error", "04"),
            ("integration_exhaust_error", "04"),
            ("workspace_exhaust_error", "04"),
            ("usage_limits_policy_exhaust_error", "06"),
        )
    ),
    routed(
        "model not allowed",
        412,
        error("Model gpt-9 is not allowed for this integration", "model_not_allowed_error"),
        M.MODEL_NOT_ALLOWED,
        R,
    ),
    *(
        routed(f"rate limit: {kind}", 429, error("Rate Limit Exceeded", kind), M.PORTKEY_RATE_LIMITED, R, type=kind)
        for kind in (
            "virtual_key_rate_limit_error",
            "integration_rate_limit_error",
            "workspace_rate_limit_error",
            "api_key_rate_limit_error",
            "rate_limits_policy_exhaust_error",
        )
    ),
    routed(
        "timeout set in the request",
        408,
        error("Request exceeded the timeout sent in the request: 500ms", "timeout_error"),
        M.TIMED_OUT,
        R,
    ),
    routed("timeout in other words", 408, error("Timed out", None), M.TIMED_OUT, R),
    routed(
        "guardrail denies",
        446,
        {**error(GUARDRAIL, "hooks_failed"), "hook_results": {"before_request_hooks": []}},
        M.GUARDRAIL_DENIED,
        R,
    ),
)

CREDENTIALS: Final = (
    routed(
        "Anthropic's key is wrong",
        401,
        error("anthropic error: invalid x-api-key", "authentication_error", provider="anthropic"),
        M.PROVIDER_CREDENTIALS,
    ),
    routed(
        "OpenAI's key is wrong, body untouched",
        401,
        error(
            "Incorrect API key provided: sk-bad. You can find your API key at "
            "https://platform.openai.com/account/api-keys.",
            "invalid_request_error",
            "invalid_api_key",
        ),
        M.PROVIDER_CREDENTIALS,
        code="invalid_api_key",
    ),
    routed(
        "OpenAI's key is wrong, prefixed",
        401,
        error(
            "openai error: Incorrect API key provided: sk-bad.",
            "invalid_request_error",
            "invalid_api_key",
            provider="openai",
        ),
        M.PROVIDER_CREDENTIALS,
    ),
    routed("provider forbids", 403, error("no permission", "permission_error"), M.PROVIDER_CREDENTIALS),
    routed(
        "project may not use the model",
        403,
        error("Project `p` does not have access to model `m`", "invalid_request_error", "model_not_found"),
        M.MODEL_UNKNOWN,
    ),
)

BILLING: Final = (
    routed("OpenAI's quota", 429, error(QUOTA, "insufficient_quota", "insufficient_quota"), M.PROVIDER_BILLING),
    routed("quota by its code alone", 429, error("No.", None, "insufficient_quota"), M.PROVIDER_BILLING),
    routed("Anthropic's credit", 400, error(CREDIT, "invalid_request_error"), M.PROVIDER_BILLING),
    routed(
        "Google's limit per minute, worded like an empty account",
        429,
        error(f"{QUOTA} Please retry in 22.9s.", "RESOURCE_EXHAUSTED"),
        M.PROVIDER_RATE_LIMITED,
    ),
    routed("payment required", 402, error("Payment Required", None), M.PROVIDER_BILLING),
)

PROVIDER: Final = (
    routed(
        "model unknown to OpenAI",
        404,
        error(
            "The model `m` does not exist or you do not have access to it.", "invalid_request_error", "model_not_found"
        ),
        M.MODEL_UNKNOWN,
    ),
    routed("model unknown to Anthropic", 404, error("anthropic error: model: m", "not_found_error"), M.MODEL_UNKNOWN),
    routed(
        "model unknown to Google",
        404,
        error("models/m is not found for API version v1beta, or is not supported for generateContent.", None),
        M.MODEL_UNKNOWN,
    ),
    routed("model unknown, told with 400", 400, error("Model Not Exist", "invalid_request_error"), M.MODEL_UNKNOWN),
    routed("model unknown, told with 400 at length", 400, error("The model m does not exist", None), M.MODEL_UNKNOWN),
    routed(
        "path unknown to OpenAI",
        404,
        error("Invalid URL (POST /v1/chat/completions/chat/completions)", "invalid_request_error"),
        M.PATH_UNKNOWN,
    ),
    routed("path unknown to a router", 404, {"detail": "Not Found"}, M.PATH_UNKNOWN),
    routed("path unknown to a router, by one word", 404, "Not Found", M.PATH_UNKNOWN),
    routed("path unknown, a wrapped page", 404, {"html-message": "<html><body>404</body></html>"}, M.PATH_UNKNOWN),
    Case("path unknown, a page", 404, "<html><head><title>404 Not Found</title>", V, M.PATH_UNKNOWN, (*HTML, *ROUTED)),
    routed("rate limit of the provider", 429, error("Rate limit reached for m", "tokens"), M.PROVIDER_RATE_LIMITED),
    Case(
        "rate limit of the provider, retried in vain",
        429,
        error("rate_limit_error", "rate_limit_error"),
        V,
        M.PROVIDER_RATE_LIMITED,
        headers=RETRIED,
    ),
    routed("provider fails", 500, error("The server had an error", "server_error"), M.PROVIDER_FAILED),
    routed("provider is overloaded", 529, error("anthropic error: Overloaded", "overloaded_error"), M.PROVIDER_FAILED),
    routed("provider's page", 502, {"html-message": "<html>bad gateway</html>"}, M.PROVIDER_FAILED),
    routed("request too large for the provider", 413, error("too large", "request_too_large"), M.PAYLOAD_TOO_LARGE),
    routed("context too long", 400, error("prompt is too long", "invalid_request_error"), M.PROVIDER_REFUSED),
    routed("parameter refused", 422, error("tools: not supported", None), M.PROVIDER_REFUSED),
)

UNREACHABLE: Final = (
    *(
        routed(
            f"provider not reached: {cause}",
            status,
            {"html-message": f"Message: fetch failed Cause: {cause} Name: TypeError"},
            M.PROVIDER_UNREACHABLE,
        )
        for status, cause in (
            (500, "Error: connect ECONNREFUSED 127.0.0.1:9399"),
            (500, "Error: getaddrinfo ENOTFOUND vendor.example"),
            (503, "ConnectTimeoutError: Connect Timeout Error"),
        )
    ),
    routed(
        "provider not reached, in Anthropic's wrapping",
        500,
        error(
            'Invalid response received from anthropic: {"html-message":"Message: fetch failed Cause: Error: connect '
            'ECONNREFUSED 127.0.0.1:9 Name: TypeError"}',
            None,
            provider="anthropic",
        ),
        M.PROVIDER_UNREACHABLE,
    ),
    Case(
        "provider not reached, on a proxied path",
        500,
        "Message: fetch failed Cause: Error: connect ECONNREFUSED 127.0.0.1:9 Name: TypeError",
        V,
        M.PROVIDER_UNREACHABLE,
        headers=(*TEXT, *ROUTED),
    ),
    routed("provider cuts the connection", 500, {"html-message": "read ECONNRESET"}, M.PROVIDER_UNREACHABLE),
    routed(
        "gateway's own crash over Retry-After",
        500,
        {
            "html-message": "Message: Cannot set properties of undefined (setting '_timeouts') Cause: undefined "
            "Name: TypeError"
        },
        M.GATEWAY_FAILED,
        R,
    ),
    Case(
        "gateway's own crash, routed",
        500,
        failed("Something went wrong"),
        Origin.PORTKEY,
        M.GATEWAY_FAILED,
        headers=(*BOTH, ("x-portkey-gateway-exception", "true")),
    ),
)

CASES: Final = (*LIMITS, *CREDENTIALS, *BILLING, *PROVIDER, *UNREACHABLE)
