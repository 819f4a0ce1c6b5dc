"""What the vendors answer when they refuse, as their public API references and their live services word it."""

from collections.abc import Mapping
from typing import Any, Final, Literal

from wizard.sandbox.http_messages import Answer, Headers, json_answer
from wizard.sandbox.replies import new_id
from wizard.sandbox.vendors import Dialect

VendorError = Literal[
    "invalid-key",
    "missing-key",
    "model-not-found",
    "rate-limited",
    "no-credit",
    "forbidden",
    "context-too-long",
    "output-limit",
    "server-error",
    "overloaded",
]

_RETRY_SOON: Headers = (("retry-after", "2"),)

# (status, type, code, message) of OpenAI; its `param` is null in all of these.
_OPENAI: Final[Mapping[VendorError, tuple[int, str, str | None, str]]] = {
    "invalid-key": (
        401,
        "invalid_request_error",
        "invalid_api_key",
        (
            "Incorrect API key provided: {masked}. "
            "You can find your API key at https://platform.openai.com/account/api-keys."
        ),
    ),
    "missing-key": (
        401,
        "invalid_request_error",
        None,
        (
            "You didn't provide an API key. You need to provide your API key in an Authorization header using "
            "Bearer auth (i.e. Authorization: Bearer YOUR_KEY). "
            "You can obtain an API key from https://platform.openai.com/account/api-keys."
        ),
    ),
    "model-not-found": (
        404,
        "invalid_request_error",
        "model_not_found",
        "The model `{model}` does not exist or you do not have access to it.",
    ),
    "rate-limited": (
        429,
        "tokens",
        "rate_limit_exceeded",
        (
            "Rate limit reached for {model} on tokens per min (TPM): Limit 30000, Used 29500, Requested 1000. "
            "Please try again in 2s. Visit https://platform.openai.com/account/rate-limits to learn more."
        ),
    ),
    "no-credit": (
        429,
        "insufficient_quota",
        "insufficient_quota",
        (
            "You exceeded your current quota, please check your plan and billing details. For more information "
            "on this error, read the docs: https://platform.openai.com/docs/guides/error-codes/api-errors."
        ),
    ),
    "forbidden": (
        403,
        "invalid_request_error",
        "model_not_found",
        "Project `proj_sandbox` does not have access to model `{model}`",
    ),
    "context-too-long": (
        400,
        "invalid_request_error",
        "context_length_exceeded",
        "Your input exceeds the context window of this model. Please adjust your input and try again.",
    ),
    "output-limit": (
        400,
        "invalid_request_error",
        None,
        (
            "Could not finish the message because max_tokens or model output limit was reached. "
            "Please try again with higher max_tokens."
        ),
    ),
    "server-error": (
        500,
        "server_error",
        None,
        "The server had an error while processing your request. Sorry about that!",
    ),
    "overloaded": (
        503,
        "server_error",
        None,
        "The engine is currently overloaded, please try again later",
    ),
}

# (status, type, message) of Anthropic.
_ANTHROPIC: Final[Mapping[VendorError, tuple[int, str, str]]] = {
    "invalid-key": (401, "authentication_error", "invalid x-api-key"),
    "missing-key": (401, "authentication_error", "x-api-key header is required"),
    "model-not-found": (404, "not_found_error", "model: {model}"),
    "rate-limited": (
        429,
        "rate_limit_error",
        "This request would exceed your organization's rate limit of 50 requests per minute.",
    ),
    "no-credit": (
        400,
        "invalid_request_error",
        (
            "Your credit balance is too low to access the Anthropic API. "
            "Please go to Plans & Billing to upgrade or purchase credits."
        ),
    ),
    "forbidden": (
        403,
        "permission_error",
        "Your API key does not have permission to use the specified resource.",
    ),
    "context-too-long": (
        400,
        "invalid_request_error",
        "prompt is too long: 210000 tokens > 200000 maximum",
    ),
    "output-limit": (400, "invalid_request_error", "max_tokens: model output limit was reached"),
    "server-error": (500, "api_error", "Internal server error"),
    "overloaded": (529, "overloaded_error", "Overloaded"),
}


def openai_error(
    status: int,
    message: str,
    kind: str = "invalid_request_error",
    code: str | None = None,
    param: str | None = None,
) -> Answer:
    """An error in OpenAI's shape."""
    body: dict[str, Any] = {"error": {"message": message, "type": kind, "param": param, "code": code}}
    return json_answer(status, body, (("x-request-id", new_id("req_")),))


def anthropic_error(status: int, message: str, kind: str = "invalid_request_error") -> Answer:
    """An error in Anthropic's shape."""
    request_id = new_id("req_01")
    body = {"type": "error", "error": {"type": kind, "message": message}, "request_id": request_id}
    return json_answer(status, body, (("request-id", request_id),))


def vendor_error(dialect: Dialect, error: VendorError, *, model: str = "", key: str = "") -> Answer:
    """One of the vendor's known refusals.

    Args:
        dialect: Whose shape and words.
        error: Which refusal.
        model: The model asked for.
        key: The vendor key sent; only its ends are repeated.
    """
    headers = _RETRY_SOON if error == "rate-limited" else ()
    words = {"model": model, "masked": f"{key[:8]}{'*' * 16}{key[-4:]}"}
    if dialect == "anthropic":
        status, kind, message = _ANTHROPIC[error]
        return anthropic_error(status, message.format(**words), kind).adding(headers)
    status, kind, code, message = _OPENAI[error]
    return openai_error(status, message.format(**words), kind, code).adding(headers)
