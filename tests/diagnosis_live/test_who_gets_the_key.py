"""Nobody gets the key who may not have it, and every list of questions ends."""

from __future__ import annotations

from typing import Any, Final

import pytest

from tests.diagnosis_live.faults.key import MESSAGES
from tests.diagnosis_live.hosts import misbehaving
from tests.diagnosis_live.scenario import ACCOUNT, HOSTED, Doctor, Host, Outcome, Scenario
from tests.diagnosis_live.soundness import SECRETS, written_out
from tests.diagnosis_live.writing import OPUS, by_hand, by_machine, config, entry
from wizard.diagnosis.probes import MADE_UP_KEY
from wizard.sandbox import misbehave
from wizard.sandbox.gateway import Sandbox
from wizard.sandbox.http_messages import Request, json_answer

GOOD: Final = ACCOUNT.key("good").value


def nobody_got_a_secret(outcome: Outcome) -> None:
    seen = "\n".join(written_out(request) for request in outcome.requests)
    assert not [secret for secret in SECRETS if secret in seen]
    keys = {request.header("x-portkey-api-key") for request in outcome.requests}
    assert keys <= {None, MADE_UP_KEY}
    assert {request.header("authorization") for request in outcome.requests} <= {None}
    assert {request.method for request in outcome.requests} <= {"GET"}
    assert not [probe for probe in outcome.report.probes if probe.key_fingerprint]


_STRANGERS: Final = {
    "a near miss, over https": Scenario(
        by_machine(config(entry(baseUrl="https://api.portkey.com/v1"))), names=("api.portkey.com",), tls="good"
    ),
    "a near miss, over http": Scenario(
        by_hand(config(entry(baseUrl="http://api.portkay.ai:{{port}}/v1"))), names=("api.portkay.ai",)
    ),
    "a host below the hosted gateway's name": Scenario(
        by_machine(config(entry(baseUrl="https://api.portkey.ai.evil.example/v1"))),
        names=("api.portkey.ai.evil.example",),
        tls="good",
    ),
    "the hosted gateway's name as a user": Scenario(
        by_machine(config(entry(baseUrl="https://api.portkey.ai@evil.example:{{port}}/v1"))),
        names=("evil.example",),
        tls="good",
    ),
    "the hosted gateway over plain http": Scenario(
        by_hand(config(entry(baseUrl=f"http://{HOSTED}/v1"))), names=(HOSTED,)
    ),
    "the hosted gateway on another port": Scenario(
        by_hand(config(entry(baseUrl=f"https://{HOSTED}:8443/v1"))), names=(HOSTED,), tls="good"
    ),
    "an unconfirmed host that answers as Portkey does": Scenario(
        by_machine(config(entry(baseUrl="https://llm.acme.example/v1", api=MESSAGES, authHeader=True))),
        names=("llm.acme.example",),
        tls="good",
    ),
    "another port of a confirmed host": Scenario(
        by_machine(config(entry(baseUrl="https://llm.acme.example:{{port}}/v1"))),
        names=("llm.acme.example",),
        tls="good",
        flags=("--trust-host", "https://llm.acme.example"),
    ),
    "plain http on a host that was confirmed for https": Scenario(
        by_machine(config(entry(baseUrl="http://llm.acme.example:{{port}}/v1"))),
        names=("llm.acme.example",),
        flags=("--trust-host", "https://llm.acme.example"),
    ),
    "a name that leads to this machine": Scenario(
        by_hand(config(entry(baseUrl="http://loopback.example:{{port}}/v1", headers={"x-portkey-api-key": "{{key}}"}))),
        names=("loopback.example",),
    ),
    "an address that only looks like this machine's": Scenario(
        by_hand(config(entry(baseUrl="http://localhost.evil.example:{{port}}/v1"))), names=("localhost.evil.example",)
    ),
    "the dashboard": Scenario(
        by_machine(config(entry(baseUrl="https://app.portkey.ai/v1"))), names=("app.portkey.ai",), tls="good"
    ),
}


@pytest.mark.parametrize("story", _STRANGERS)
def test_stranger_gets_no_secret(doctor: Doctor, story: str) -> None:
    outcome = doctor(_STRANGERS[story])
    nobody_got_a_secret(outcome)
    assert outcome.exit_code in (1, 3)


@pytest.mark.parametrize("flags", [(), ("--all-models",), ("--agent", "work")])
def test_stranger_behind_another_agent_gets_no_secret(doctor: Doctor, flags: tuple[str, ...]) -> None:
    text = by_machine(
        config(
            entry(baseUrl=f"https://{HOSTED}/v1"),
            others={"near": entry(baseUrl="https://llm.acme.example:{{port}}/v1")},
            agents={"ownership": "explicit", "entries": {"main": {}, "work": {"model": f"near/{OPUS}"}}},
        )
    )
    nobody_got_a_secret(doctor(Scenario(text, names=("llm.acme.example",), tls="good", flags=flags)))


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("api", ["openai-completions", MESSAGES])
def test_no_redirect_is_followed(doctor: Doctor, status: int, api: str) -> None:
    with Sandbox(ACCOUNT) as elsewhere:
        host = misbehaving(misbehave.redirect(elsewhere.url, status))
        outcome = doctor(Scenario(by_machine(config(entry(api=api, authHeader=True))), host=host))
        assert elsewhere.requests == ()
    assert outcome.report.root_cause == "PKC323"


def test_key_goes_to_no_proxy_over_plain_http(doctor: Doctor) -> None:
    with Sandbox(ACCOUNT) as proxy:
        env = dict.fromkeys(("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy", "HTTPS_PROXY"), proxy.url)
        text = by_machine(config(entry(baseUrl="http://llm.acme.example:{{port}}/v1")))
        scenario = Scenario(text, env=env, names=("llm.acme.example",), flags=("--trust-host", "llm.acme.example"))
        outcome = doctor(scenario)
        assert proxy.requests == ()
    assert (outcome.noise, outcome.exit_code) == ((), 0)


def _listing_for_ever(*, grows: bool) -> Host:
    """A gateway whose model list never ends: the same page again and again, or ever new ones."""

    def make() -> Sandbox:
        sandbox = Sandbox(ACCOUNT)
        numbers = iter(range(10**6))

        def reply(request: Request) -> Any:
            if request.header("x-portkey-api-key") != GOOD or request.method != "GET":
                return None
            first = next(numbers) * 10 if grows else 0
            rows = [{"id": f"@a/model-{first + number}", "object": "model"} for number in range(10)]
            return json_answer(200, {"object": "list", "total": 10**9, "data": rows})

        sandbox.override = reply
        return sandbox

    return make


@pytest.mark.parametrize("grows", [True, False])
def test_endless_list_ends(doctor: Doctor, grows: bool) -> None:
    outcome = doctor(Scenario(by_hand(config()), host=_listing_for_ever(grows=grows)))
    assert len(outcome.requests) <= 60
    assert outcome.exit_code == 0
