"""The open-source gateway 1.15.2, measured: it knows no accounts, and every refusal of its own has one shape."""

from __future__ import annotations

from typing import Final

from tests.unit.portkey.answer_cases.case import EXCEPTION, JSON, ROUTED, Case, error, failed
from wizard.portkey.answers import Meaning, Origin
from wizard.portkey.exchange import ProbeKind

M = Meaning
P = Origin.PORTKEY
NO_PROVIDER = "Either x-portkey-config or x-portkey-provider header is required"
ONE_OF = (
    "Invalid configuration. It must have either 'provider' and 'api_key', or 'strategy' and 'targets', or 'cache', or "
    "'retry', or 'request_timeout'"
)


def own(name: str, status: int, message: str, meaning: Meaning, **more: object) -> Case:
    return Case(f"open source: {name}", status, failed(message, **more), P, meaning)


def crash(name: str, message: str, meaning: Meaning) -> Case:
    return Case(f"open source: {name}", 500, failed(message), P, meaning, headers=(*JSON, *EXCEPTION))


CASES: Final = (
    own("no provider", 400, NO_PROVIDER, M.ROUTING_MISSING),
    Case(
        "open source: no provider, model list",
        400,
        failed(NO_PROVIDER),
        P,
        M.ROUTING_MISSING,
        kind=ProbeKind.IDENTIFY,
    ),
    own("slug for a provider", 400, "Invalid provider passed", M.PROVIDER_HEADER_INVALID),
    crash("provider without an implementation", "Provider portkey not found", M.ENDPOINT_UNSUPPORTED),
    own("config id", 400, "Invalid config passed. You need to pass a valid json", M.CONFIG_INVALID),
    own(
        "config without a provider",
        400,
        "Either x-portkey-provider needs to be passed. Or the x-portkey-config header should have a valid config with "
        "provider details in it.",
        M.CONFIG_INVALID,
    ),
    own(
        "provider without a key", 400, "Invalid config passed", M.CONFIG_INVALID, errors=[f"path: , message: {ONE_OF}"]
    ),
    own(
        "slug in a target",
        400,
        "Invalid config passed",
        M.CONFIG_INVALID,
        errors=["path: targets,0,provider, message: Invalid 'provider' value. Must be one of: anthropic, anyscale"],
    ),
    own(
        "slip in the strategy",
        400,
        "Invalid config passed",
        M.CONFIG_INVALID,
        errors=["path: strategy,mode, message: Invalid 'mode' value. Must be one of: single, loadbalance, fallback"],
    ),
    own("no targets", 500, "Cannot read properties of undefined (reading 'entries')", M.CONFIG_INVALID),
    own("no targets, single", 500, "Something went wrong", M.GATEWAY_FAILED),
    own("no conditions", 400, "No conditions passed in the query router", M.CONFIG_INVALID),
    own("no condition fits", 400, "Query router did not resolve to any valid target", M.CONFIG_INVALID),
    own("content type", 400, "Invalid content type passed", M.REQUEST_REFUSED),
    own("custom host", 400, "Invalid custom host", M.REQUEST_REFUSED),
    own("custom host in a config", 400, "Invalid config passed", M.CONFIG_INVALID, errors=["path: , message: Invalid"]),
    own("broken body", 500, "Something went wrong", M.GATEWAY_FAILED),
    crash("messages for OpenAI", "messages is not supported by openai", M.ENDPOINT_UNSUPPORTED),
    crash("responses for Anthropic", "createModelResponse is not supported by anthropic", M.ENDPOINT_UNSUPPORTED),
    crash("the streaming defect of a plain install", "Something went wrong", M.GATEWAY_FAILED),
    Case("open source: no such path", 404, {"message": "Not Found", "ok": False}, P, M.PATH_UNKNOWN),
    Case("open source: headers too large", 431, "", Origin.NOT_PORTKEY, M.PAYLOAD_TOO_LARGE, headers=()),
    Case(
        "open source: greeting",
        200,
        "AI Gateway says hey!",
        Origin.NOT_PORTKEY,
        M.UNRECOGNISED,
        headers=(("content-type", "text/plain;charset=UTF-8"),),
        kind=ProbeKind.IDENTIFY,
    ),
    Case(
        "open source: provider's 404 on a made-up path",
        404,
        error("Invalid URL (POST /v1/nonsense)", "invalid_request_error"),
        Origin.PROVIDER,
        M.PATH_UNKNOWN,
        headers=(*JSON, *ROUTED),
    ),
    Case(
        "open source: provider refuses embeddings, body untouched",
        404,
        error("The model `e` does not exist", "invalid_request_error", "model_not_found"),
        Origin.PROVIDER,
        M.MODEL_UNKNOWN,
        headers=(*JSON, *ROUTED),
    ),
)
