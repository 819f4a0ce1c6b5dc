"""Refused by Portkey before routing: none of these has a routing header.

Bodies as they were measured on the account layer of gateway 2.2.3 and on 1.15.2, or documented where that is said.
"""

from __future__ import annotations

from typing import Final

from tests.unit.portkey.answer_cases.case import EXCEPTION, HOSTED, HTML, TEXT, Case, admin, failed, refused
from wizard.portkey.answers import Meaning, Origin
from wizard.portkey.exchange import ProbeKind

M = Meaning
P = Origin.PORTKEY
NOBODY = Origin.NOT_PORTKEY

KEY: Final = (
    Case("key unknown", 401, refused("Invalid API Key", "03"), P, M.KEY_REJECTED, code="03"),
    Case(
        "key unknown, asked for the model list",
        401,
        refused("Invalid API Key", "03"),
        P,
        M.KEY_REJECTED,
        kind=ProbeKind.CATALOGUE,
    ),
    Case(
        "key unknown, as a field report has the body",
        401,
        {"message": "Portkey Error: Invalid API Key. Error Code: 03"},
        P,
        M.KEY_REJECTED,
        code="03",
    ),
    Case("key expired", 401, refused("Portkey API Key Expired", "01"), P, M.KEY_EXPIRED, code="01"),
    Case("key without an organisation", 401, refused("Unable to validate key", "033"), P, M.KEY_REJECTED, code="033"),
    Case("control plane's 401", 401, admin("Unauthorized access", "AB05"), P, M.KEY_REJECTED, code="AB05"),
    Case("401 without a body from the hosted gateway", 401, "", P, M.KEY_REJECTED, headers=(), url=HOSTED),
    Case("401 without a body from anybody", 401, "", NOBODY, M.UNRECOGNISED, headers=()),
    Case("organisation has a gateway of its own", 403, refused("Forbidden!", "033"), P, M.KEY_LACKS_PERMISSION),
    Case(
        "key lacks the scope, documented shape",
        403,
        admin("You do not have enough permissions to execute this request", "AB03"),
        P,
        M.KEY_LACKS_PERMISSION,
        code="AB03",
        message="You do not have enough permissions",
    ),
    Case("403 in Portkey's words", 403, failed("Portkey Error: forbidden"), P, M.KEY_LACKS_PERMISSION),
    Case(
        "key's budget",
        412,
        refused("Portkey API Key Usage Limit Exceeded", "04"),
        P,
        M.BUDGET_EXHAUSTED,
        code="04",
    ),
    Case("workspace's budget", 412, refused("Portkey Workspace Usage Limit Exceeded", "04"), P, M.BUDGET_EXHAUSTED),
    Case("budget in other words", 412, refused("Portkey API Key is out of budget", "04"), P, M.BUDGET_EXHAUSTED),
    Case(
        "rate limit, spelt as 2.2.3 spells it",
        429,
        refused("apikey or****rpm rate limit exceded", "05"),
        P,
        M.PORTKEY_RATE_LIMITED,
        code="05",
    ),
    Case(
        "rate limit, spelt as from 2.10.0",
        429,
        refused("workspace sandbox rate limit exceeded", "05"),
        P,
        M.PORTKEY_RATE_LIMITED,
    ),
    Case("rate limit in other words", 429, refused("Too many requests", "05"), P, M.PORTKEY_RATE_LIMITED),
    Case("control plane's 429", 429, admin("Too many requests", "AB06"), P, M.PORTKEY_RATE_LIMITED, code="AB06"),
    Case("plan exhausted", 402, admin("Subscription exhausted", "AB09"), P, M.PLAN_EXHAUSTED, code="AB09"),
    Case("plan exhausted, data plane's shape", 402, failed("Subscription exhausted"), P, M.PLAN_EXHAUSTED),
)

WHERE_TO: Final = (
    Case(
        "nothing names a provider",
        400,
        failed("Either x-portkey-config or x-portkey-provider header is required"),
        P,
        M.ROUTING_MISSING,
    ),
    Case("slug unknown", 400, failed("Following keys are not valid: anthropic-prd"), P, M.SLUG_UNKNOWN),
    Case("slug unknown, as 2.2.3 prints it", 400, failed("Following keys are not valid: null"), P, M.SLUG_UNKNOWN),
    Case("provider header without @", 400, failed("Invalid provider passed"), P, M.PROVIDER_HEADER_INVALID),
    Case("config id unknown", 400, failed("Invalid config id passed"), P, M.CONFIG_UNKNOWN),
    Case(
        "config header is no JSON",
        400,
        failed("Invalid config passed. You need to pass a valid json"),
        P,
        M.CONFIG_INVALID,
    ),
    Case(
        "config names no provider",
        400,
        failed(
            "Either x-portkey-provider needs to be passed. Or the x-portkey-config header should have a valid config "
            "with provider details in it."
        ),
        P,
        M.CONFIG_INVALID,
    ),
    Case(
        "config of a wrong shape",
        400,
        failed("Invalid config passed", errors=["path: retry,attempts, message: Required"]),
        P,
        M.CONFIG_INVALID,
    ),
    Case(
        "default config may not be overridden",
        400,
        failed("Cannot override default config set for this API key."),
        P,
        M.DEFAULT_CONFIG_LOCKED,
    ),
    Case("guardrail unknown", 400, failed("Following guardrails are not valid: pg-x"), P, M.CONFIG_INVALID),
    Case(
        "router without such a target",
        400,
        failed("Invalid target name found in the query router: z"),
        P,
        M.CONFIG_INVALID,
    ),
    *(
        Case(
            f"saved providers only: {code}",
            400,
            failed("Blocked.", error={"code": code, "message": "Blocked.", "field": "x-portkey-provider"}),
            P,
            M.INLINE_BLOCKED,
            code=code,
        )
        for code in (
            "inline_config_blocked",
            "inline_provider_blocked",
            "inline_custom_host_blocked",
            "inline_provider_url_blocked",
            "inline_forward_headers_blocked",
        )
    ),
    Case("path without /v1", 404, {"message": "Not Found", "ok": False}, P, M.PATH_UNKNOWN),
    Case("custom host refused", 400, failed("Invalid custom host"), P, M.REQUEST_REFUSED),
    Case("payload too large", 413, failed("Payload size exceeds the limit of 20MB"), P, M.PAYLOAD_TOO_LARGE),
    Case("payload too large for a proxy", 413, "", NOBODY, M.PAYLOAD_TOO_LARGE, headers=()),
    Case("payload too large for a proxy, in words", 413, "too big", NOBODY, M.PAYLOAD_TOO_LARGE, headers=TEXT),
    Case("refusal that nobody has seen yet", 400, failed("The moon is full"), P, M.REQUEST_REFUSED),
)

CONTROL_PLANE: Final = (
    Case("AB01", 400, admin("Request Validation Error", "AB01"), P, M.REQUEST_REFUSED, code="AB01"),
    Case("AB02", 404, admin("Not found", "AB02"), P, M.REQUEST_REFUSED, code="AB02"),
    Case("AB04", 500, admin("Something broke", "AB04"), P, M.GATEWAY_FAILED, code="AB04"),
    Case("AB07", 409, admin("Exists", "AB07"), P, M.REQUEST_REFUSED, code="AB07"),
    Case("AB08", 404, admin("Resource not found", "AB08"), P, M.REQUEST_REFUSED, code="AB08"),
)

GATEWAY: Final = (
    Case("crash with its mark", 500, failed("Something went wrong"), P, M.GATEWAY_FAILED, headers=EXCEPTION),
    Case("crash without its mark", 500, failed("Something went wrong"), P, M.GATEWAY_FAILED),
    Case("crash in other words", 500, failed("Unexpected end of JSON input"), P, M.GATEWAY_FAILED),
    Case("gateway is away", 502, "<html><head><title>502 Bad Gateway</title>", NOBODY, M.GATEWAY_FAILED, headers=HTML),
    Case("gateway is overloaded", 503, "upstream connect error", NOBODY, M.GATEWAY_FAILED, headers=TEXT, url=HOSTED),
    Case("gateway is late", 504, "", NOBODY, M.GATEWAY_FAILED, headers=()),
    Case("gateway is away, behind Cloudflare", 522, "error code: 522", NOBODY, M.GATEWAY_FAILED, headers=TEXT),
)

CASES: Final = (*KEY, *WHERE_TO, *CONTROL_PLANE, *GATEWAY)
