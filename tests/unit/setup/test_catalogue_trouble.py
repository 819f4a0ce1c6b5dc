"""What a failed look into the catalogue says, and with which exit code."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from wizard.base.errors import ExitCode, UserError
from wizard.portkey.client import Transport
from wizard.portkey.exchange import Exchange, NetworkFailure, Probe
from wizard.setup.flow import Prepared

KEY = "Zq8vT3nLw5Rk2Jd7Ym4x"
Plan = Callable[..., Prepared]
Gateway = Callable[..., object]


def trouble(plan: Plan, send: object) -> UserError:
    with pytest.raises(UserError) as caught:
        plan(model=["@anthropic-prod/claude-opus-4-5"], send=send)
    return caught.value


def portkey_error(code: str, words: str) -> str:
    message = f"Portkey Error: {words}. Error Code: {code}"
    return json.dumps({"status": "failure", "message": message, "error": {"message": message, "code": code}})


@pytest.mark.parametrize(
    ("status", "body", "message", "hint"),
    [
        (401, portkey_error("03", "Invalid API Key"), "refuses the key", "the variable PORTKEY_API_KEY"),
        (401, portkey_error("01", "Portkey API Key Expired"), "has expired", "https://app.portkey.ai/api-keys"),
        (403, portkey_error("033", "Forbidden!"), "does not let this key list models", "completions.write"),
        (
            400,
            '{"status":"failure","message":"Either x-portkey-config or x-portkey-provider header is required"}',
            "without a model catalogue",
            "--no-verify",
        ),
        (200, "<html><title>Sign in</title></html>", "does not answer as a Portkey gateway", "--gateway-url"),
        (404, '{"message":"Not Found","ok":false}', "does not answer as a Portkey gateway", "--gateway-url"),
    ],
)
def test_what_the_user_can_mend_is_exit_2(
    plan_setup: Plan, gateway: Gateway, status: int, body: str, message: str, hint: str
) -> None:
    error = trouble(plan_setup, gateway(status=status, body=body))
    assert error.code is ExitCode.USAGE
    assert message in error.message
    assert hint in error.hint


@pytest.mark.parametrize("status", [429, 500, 502, 503])
def test_a_gateway_in_trouble_is_exit_3(plan_setup: Plan, gateway: Gateway, status: int) -> None:
    error = trouble(plan_setup, gateway(status=status, body='{"status":"failure","message":"Something went wrong"}'))
    assert error.code is ExitCode.UNDETERMINED
    assert "--no-verify" in error.hint
    assert "Nothing was written" in error.hint


@pytest.mark.parametrize(
    ("failure", "words"),
    [
        (NetworkFailure.DNS, "does not resolve"),
        (NetworkFailure.REFUSED, "nothing listens there"),
        (NetworkFailure.TLS_UNTRUSTED, "not trusted"),
        (NetworkFailure.ANSWER_TIMEOUT, "in time"),
        (NetworkFailure.TLS_OTHER, "the system's words"),
    ],
)
def test_network_trouble_is_exit_3_with_its_kind(plan_setup: Plan, failure: NetworkFailure, words: str) -> None:
    def send(probe: Probe, _: Transport) -> Exchange:
        return Exchange(
            probe.id, probe.kind, (), "GET", probe.url, failure=failure, failure_detail="the system's words"
        )

    error = trouble(plan_setup, send)
    assert error.code is ExitCode.UNDETERMINED
    assert "https://api.portkey.ai could not be asked" in error.message
    assert words in error.message
    assert "--no-verify" in error.hint


def test_an_answer_that_repeats_the_key_does_not_show_it(plan_setup: Plan, gateway: Gateway) -> None:
    error = trouble(plan_setup, gateway(status=401, body=portkey_error("03", f"Invalid API Key {KEY}")))
    assert KEY not in error.message + error.hint


def test_the_key_is_sent_by_its_handle_to_the_named_gateway_only(plan_setup: Plan, gateway: Gateway) -> None:
    seen: list[Probe] = []
    inner = gateway()

    def send(probe: Probe, transport: Transport) -> Exchange:
        seen.append(probe)
        answer = inner(probe, transport)  # type: ignore[operator]
        assert isinstance(answer, Exchange)
        return answer

    plan_setup(model=["@eu/claude-opus-4-5"], send=send, gateway_url="https://gw.acme.com")
    assert [probe.url.partition("?")[0] for probe in seen] == ["https://gw.acme.com/v1/models"]
    assert KEY not in repr(seen)


def test_a_short_variable_does_not_tear_model_names_apart(plan_setup: Plan, gateway: Gateway, config: object) -> None:
    from pathlib import Path

    assert isinstance(config, Path)
    config.write_text('{env: {vars: {FLAVOUR: "opus"}}}')
    assert plan_setup(model=["@eu/claude-opus-4-5"]).selection.primary == "@eu/claude-opus-4-5"
