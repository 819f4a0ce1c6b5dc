"""Every row of the table over HTTP, its body written out here a second time as it was measured or documented."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import httpx
import pytest

from wizard.sandbox.accounts import Account, ApiKey, KeyState, ProviderEntry, ProviderStatus, default_account
from wizard.sandbox.answers import ROWS
from wizard.sandbox.gateway import Sandbox
from wizard.sandbox.provider import Fault

FORBIDDEN = "You do not have enough permissions to execute this request"
NEEDS_PROVIDER = (
    "Either x-portkey-provider needs to be passed. Or the x-portkey-config header should have a valid config with "
    "provider details in it."
)
HOOKS_FAILED = (
    "The guardrail checks defined in the config failed. You can find more information in the `hook_results` object."
)


def portkey_error(message: str, code: str) -> dict[str, Any]:
    text = f"Portkey Error: {message}. Error Code: {code}"
    return {"status": "failure", "message": text, "error": {"message": text, "code": code}}


def failure(message: str, **more: Any) -> dict[str, Any]:
    return {"status": "failure", "message": message, **more}


def error(message: str, kind: str, code: str | None = None) -> dict[str, Any]:
    return {"error": {"message": message, "type": kind, "param": None, "code": code}}


def admin(message: str, code: str) -> dict[str, Any]:
    return {"success": False, "data": {"message": message, "errorCode": code}}


def blocked(code: str, header: str, message: str) -> dict[str, Any]:
    return failure(message, error={"code": code, "message": message, "field": header})


@dataclass(frozen=True)
class Case:
    """A request and the answer it must get; the model is `@anthropic-prod/claude-opus-4-5` unless said otherwise."""

    status: int
    body: Any
    routed: bool = False
    path: str = "/v1/chat/completions"
    method: str = "POST"
    key: str | None = "good"
    key_state: KeyState | None = None
    provider_status: ProviderStatus | None = None
    model: str = "@anthropic-prod/claude-opus-4-5"
    headers: dict[str, str] = field(default_factory=dict)
    json: Any = None
    account: Callable[[Account], Account] = lambda account: account
    fault: Fault | None = None


def limit(status: ProviderStatus, code: int, body: Any) -> Case:
    return Case(code, body, routed=True, provider_status=status)


def config(body: Any, **more: Any) -> dict[str, str]:
    return {"x-portkey-config": json.dumps(body), **more}


def saved_only(account: Account) -> Account:
    return replace(account, saved_only=True)


def dead_vendor(account: Account) -> Account:
    entry = account.provider("openai-prod")
    return account.adding(replace(entry, upstream_url="http://127.0.0.1:9/v1"))


def far_vendor(account: Account) -> Account:
    entry = account.provider("openai-prod")
    return account.adding(replace(entry, upstream_url="https://vendor.example/v1"))


CASES: dict[str, Case] = {
    "key-unknown": Case(401, portkey_error("Invalid API Key", "03"), key=None),
    "key-expired": Case(401, portkey_error("Portkey API Key Expired", "01"), key="expired"),
    "key-no-organisation": Case(401, portkey_error("Unable to validate key", "033"), key_state="no-organisation"),
    "key-other-gateway": Case(403, portkey_error("Forbidden!", "033"), key_state="other-gateway"),
    "key-lacks-scope": Case(403, portkey_error("Forbidden!", "033"), key="no-scope"),
    "key-exhausted": Case(412, portkey_error("Portkey API Key Usage Limit Exceeded", "04"), key="exhausted"),
    "key-workspace-exhausted": Case(
        412, portkey_error("Portkey Workspace Usage Limit Exceeded", "04"), key_state="workspace-exhausted"
    ),
    "key-rate-limited": Case(429, portkey_error("apikey ra****ted rate limit exceded", "05"), key="rate-limited"),
    "key-workspace-rate-limited": Case(
        429,
        portkey_error("workspace sa****box rate limit exceeded", "05"),
        key_state="workspace-rate-limited",
    ),
    "key-plan-exhausted": Case(402, admin("Subscription exhausted", "AB09"), key_state="plan-exhausted"),
    "payload-too-large": Case(
        413,
        failure("Payload size exceeds the limit of 1MB"),
        account=lambda account: replace(account, payload_limit=1),
        json={"padding": "x" * (1 << 20)},
    ),
    "not-found": Case(404, {"message": "Not Found", "ok": False}, path="/chat/completions"),
    "default-config-locked": Case(
        400,
        failure("Cannot override default config set for this API key."),
        key="locked-config",
        headers={"x-portkey-config": "pc-fallback-3fa0b7"},
    ),
    "config-unknown": Case(400, failure("Invalid config id passed"), headers={"x-portkey-config": "pc-nope-000000"}),
    "slug-unknown": Case(400, failure("Following keys are not valid: nope"), model="@nope/gpt-5"),
    "guardrail-unknown": Case(
        400,
        failure("Following guardrails are not valid: pg-nope"),
        headers=config({"provider": "@anthropic-prod", "input_guardrails": ["pg-nope"]}),
    ),
    "content-type": Case(400, failure("Invalid content type passed"), headers={"content-type": "text/plain"}),
    "routing-missing": Case(
        400,
        failure("Either x-portkey-config or x-portkey-provider header is required"),
        model="gpt-4o",
    ),
    "provider-invalid": Case(
        400,
        failure("Invalid provider passed"),
        model="gpt-5",
        headers={"x-portkey-provider": "openai-prod"},
    ),
    "custom-host-invalid": Case(
        400, failure("Invalid custom host"), headers={"x-portkey-custom-host": "http://10.0.0.8/v1"}
    ),
    "config-not-json": Case(
        400,
        failure("Invalid config passed. You need to pass a valid json"),
        headers={"x-portkey-config": "my fallback"},
    ),
    "config-without-provider": Case(
        400, failure(NEEDS_PROVIDER), model="gpt-5", headers=config({"retry": {"attempts": 2}})
    ),
    "config-invalid": Case(
        400,
        failure("Invalid config passed", errors=["path: retry,attempts, message: Required"]),
        headers=config({"provider": "@anthropic-prod", "retry": {}}),
    ),
    "router-target-unknown": Case(
        400,
        failure("Invalid target name found in the query router: z"),
        headers=config(
            {
                "strategy": {"mode": "conditional", "conditions": [], "default": "z"},
                "targets": [{"name": "a", "provider": "@anthropic-prod"}],
            }
        ),
    ),
    "router-no-match": Case(
        400,
        failure("Query router did not resolve to any valid target"),
        headers=config(
            {
                "strategy": {"mode": "conditional", "conditions": []},
                "targets": [{"name": "a", "provider": "@anthropic-prod"}],
            }
        ),
    ),
    "no-targets": Case(
        500,
        failure("Cannot read properties of undefined (reading 'entries')"),
        headers=config({"strategy": {"mode": "fallback"}, "targets": []}),
    ),
    "something-wrong": Case(
        500,
        failure("Something went wrong"),
        headers=config({"strategy": {"mode": "single"}, "targets": []}),
    ),
    "inline_config_blocked": Case(
        400,
        blocked("inline_config_blocked", "x-portkey-config", "Inline configs are blocked for this organisation."),
        account=saved_only,
        headers=config({"provider": "@anthropic-prod"}),
    ),
    "inline_provider_blocked": Case(
        400,
        blocked(
            "inline_provider_blocked",
            "x-portkey-provider",
            "Inline providers are blocked for this organisation.",
        ),
        account=saved_only,
        headers={"x-portkey-provider": "openai"},
    ),
    "inline_custom_host_blocked": Case(
        400,
        blocked(
            "inline_custom_host_blocked",
            "x-portkey-custom-host",
            "Custom hosts are blocked for this organisation.",
        ),
        account=saved_only,
        headers={"x-portkey-custom-host": "https://llm.example/v1"},
    ),
    "inline_forward_headers_blocked": Case(
        400,
        blocked(
            "inline_forward_headers_blocked",
            "x-portkey-forward-headers",
            "Forwarded headers are blocked for this organisation.",
        ),
        account=saved_only,
        headers={"x-portkey-forward-headers": "x-team"},
    ),
    "endpoint-unsupported": Case(
        500,
        failure("messages is not supported by openai"),
        path="/v1/messages",
        model="@openai-prod/gpt-5",
        account=lambda account: account.adding(
            replace(account.provider("openai-prod"), unsupported=frozenset({"messages"}))
        ),
    ),
    "provider-not-found": Case(
        500, failure("Provider portkey not found"), model="gpt-5", headers={"x-portkey-provider": "portkey"}
    ),
    "provider-expired": limit(
        "expired", 401, error("Portkey Virtual Key an****rod Expired", "virtual_key_expired_error", "01")
    ),
    "provider-exhausted": limit(
        "exhausted",
        412,
        error("Portkey Virtual Key an****rod Usage Limit Exceeded", "virtual_key_exhaust_error", "04"),
    ),
    "provider-integration-exhausted": limit(
        "integration-exhausted",
        412,
        error("Portkey Integration an****rod Usage Limit Exceeded", "integration_exhaust_error", "04"),
    ),
    "provider-workspace-exhausted": limit(
        "workspace-exhausted",
        412,
        error("Portkey Workspace Usage Limit Exceeded", "workspace_exhaust_error", "04"),
    ),
    "provider-policy-exhausted": limit(
        "policy-exhausted",
        412,
        error(
            "Portkey Usage Limits Policy an****rod Exceeded for value key sandbox",
            "usage_limits_policy_exhaust_error",
            "06",
        ),
    ),
    "provider-rate-limited": limit(
        "rate-limited",
        429,
        error("Portkey Virtual Key an****rod Rate Limit Exceeded", "virtual_key_rate_limit_error"),
    ),
    "provider-integration-rate-limited": limit(
        "integration-rate-limited",
        429,
        error("Portkey Integration an****rod Rate Limit Exceeded", "integration_rate_limit_error"),
    ),
    "provider-policy-rate-limited": limit(
        "policy-rate-limited",
        429,
        error(
            "Portkey Rate Limit Policy an****rod exceeded for value key sandbox",
            "rate_limits_policy_exhaust_error",
        ),
    ),
    "model-not-allowed": Case(
        412,
        error("Model gpt-9 is not allowed for this integration", "model_not_allowed_error"),
        routed=True,
        model="@openai-prod/gpt-9",
    ),
    "timeout": Case(
        408,
        error("Request exceeded the timeout sent in the request: 50ms", "timeout_error"),
        routed=True,
        headers={"x-portkey-request-timeout": "50"},
        fault=Fault(delay=5),
    ),
    "guardrail-denied": Case(
        446,
        {
            **error(HOOKS_FAILED, "hooks_failed"),
            "hook_results": {
                "before_request_hooks": [{"id": "pg-deny-0a17c3", "verdict": False, "deny": True}],
                "after_request_hooks": [],
            },
        },
        routed=True,
        headers=config({"provider": "@anthropic-prod", "input_guardrails": ["pg-deny-0a17c3"]}),
    ),
    "unreachable": Case(
        500,
        {"html-message": "Message: fetch failed Cause: Error: connect ECONNREFUSED 127.0.0.1:9 Name: TypeError"},
        routed=True,
        model="@openai-prod/gpt-5",
        account=dead_vendor,
    ),
    "host-not-found": Case(
        500,
        {"html-message": "Message: fetch failed Cause: Error: getaddrinfo ENOTFOUND vendor.example Name: TypeError"},
        routed=True,
        model="@openai-prod/gpt-5",
        account=far_vendor,
    ),
    "admin-invalid": Case(
        400, admin("Request Validation Error", "AB01"), path="/v1/configs", json={"name": "no config"}
    ),
    "admin-unauthorized": Case(401, admin("Unauthorized access", "AB05"), path="/v1/providers", method="GET", key=None),
    "admin-forbidden": Case(403, admin(FORBIDDEN, "AB03"), path="/v1/providers", method="GET", key="inference-only"),
    "admin-not-found": Case(404, admin("Resource not found", "AB08"), path="/v1/providers/nope", method="GET"),
}


def prepared(case: Case) -> tuple[Account, str | None]:
    account = case.account(default_account())
    if case.key_state is not None:
        key = ApiKey("special", "pk-special", case.key_state)
        return account.adding(key), key.value
    if case.provider_status is not None:
        entry: ProviderEntry = replace(account.provider("anthropic-prod"), status=case.provider_status)
        account = account.adding(entry)
    return account, None if case.key is None else account.key(case.key).value


@pytest.mark.parametrize("name", CASES)
def test_each_row_is_answered_word_for_word(
    name: str,
    start: Callable[..., Sandbox],
    http: httpx.Client,
    routing: Callable[[httpx.Response], dict[str, str]],
) -> None:
    case = CASES[name]
    account, key = prepared(case)
    sandbox = start(account)
    if case.fault is not None:
        sandbox.provider.set_fault(case.fault)
    headers = {**({"x-portkey-api-key": key} if key else {}), **case.headers}
    body = case.json
    if body is None:
        body = {"model": case.model, "max_tokens": 64, "messages": [{"role": "user", "content": "hi"}]}
        body["max_completion_tokens"] = body.pop("max_tokens") if "messages" not in case.path else 64
    content = None if case.method == "GET" else json.dumps(body).encode()
    response = http.request(
        case.method,
        sandbox.url + case.path,
        content=content,
        headers={"content-type": "application/json", **headers},
    )
    assert response.status_code == case.status
    assert response.json() == case.body
    assert ("last-used-option-index" in routing(response)) is case.routed
    assert response.headers["content-type"] == "application/json"


def test_every_row_has_a_case_and_a_source() -> None:
    assert set(CASES) == set(ROWS)
    for row in ROWS.values():
        assert row.source.text


@pytest.mark.parametrize("name", ["endpoint-unsupported", "provider-not-found"])
def test_exceptions_carry_the_header_that_stops_fallbacks(name: str) -> None:
    assert ROWS[name].headers == (("x-portkey-gateway-exception", "true"),)


def test_greeting_and_health_need_no_key(sandbox: Sandbox, http: httpx.Client) -> None:
    greeting = http.get(f"{sandbox.url}/")
    assert (greeting.status_code, greeting.text) == (200, "AI Gateway says hey!")
    health = http.get(f"{sandbox.base_url}/health")
    assert health.json() == {"status": "success", "message": "Server is healthy", "version": "2.2.3"}


def test_more_than_16_kb_of_headers_is_an_empty_431(sandbox: Sandbox, good: dict[str, str], http: httpx.Client) -> None:
    response = http.get(f"{sandbox.base_url}/models", headers={**good, "x-big": "x" * 17_000})
    assert (response.status_code, response.content) == (431, b"")


@pytest.mark.parametrize("path", ["/chat/completions", "/models", "/messages", "/health", "/v2/models"])
def test_a_bad_key_comes_before_a_wrong_path(sandbox: Sandbox, http: httpx.Client, path: str) -> None:
    response = http.get(sandbox.url + path, headers={"x-portkey-api-key": "wrong"})
    assert response.status_code == 401


def test_scope_comes_after_slugs_and_before_header_checks(sandbox: Sandbox, http: httpx.Client) -> None:
    headers = {"x-portkey-api-key": sandbox.account.key("no-scope").value}
    url = f"{sandbox.base_url}/chat/completions"
    unknown_slug = http.post(url, json={"model": "@nope/x"}, headers=headers)
    assert unknown_slug.status_code == 400
    no_routing = http.post(url, json={"model": "gpt-4o"}, headers=headers)
    assert no_routing.status_code == 403


def test_a_body_that_is_not_json_reads_as_missing_routing(
    sandbox: Sandbox, good: dict[str, str], http: httpx.Client
) -> None:
    response = http.post(
        f"{sandbox.base_url}/chat/completions",
        content=b'{"model": "@anthropic-prod/cl',
        headers={**good, "content-type": "application/json"},
    )
    assert response.json()["message"] == "Either x-portkey-config or x-portkey-provider header is required"


def test_an_override_answers_first(sandbox: Sandbox, good: dict[str, str], http: httpx.Client) -> None:
    from wizard.sandbox.provider import html_page

    sandbox.override = lambda request: html_page(503) if request.path == "/v1/models" else None
    assert http.get(f"{sandbox.base_url}/models", headers=good).status_code == 503
    assert http.get(f"{sandbox.url}/").status_code == 200
