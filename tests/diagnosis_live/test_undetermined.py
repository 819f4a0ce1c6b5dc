"""Where too little can be seen, nothing is claimed: verdict `unknown`, exit status 3, no root cause."""

from __future__ import annotations

from typing import Any, Final

import pytest

from tests.diagnosis_live.faults.base_url import COMPANY
from tests.diagnosis_live.faults.provider import single
from tests.diagnosis_live.hosts import answering, misbehaving
from tests.diagnosis_live.scenario import HOSTED, Doctor, Scenario
from tests.diagnosis_live.soundness import discreet, hold
from tests.diagnosis_live.writing import by_hand, by_machine, config, entry
from wizard.sandbox import misbehave
from wizard.sandbox.http_messages import json_answer, text_answer


def _untrusted(**env: str) -> Scenario:
    """A company's own authority, and a Node that may know it all the same."""
    return Scenario(
        by_machine(config(entry(baseUrl=f"https://{COMPANY}/v1"))),
        env={"NODE_EXTRA_CA_CERTS": "", **env},
        names=(COMPANY,),
        tls="good",
        flags=("--trust-host", COMPANY),
    )


def _secret(source: str) -> dict[str, Any]:
    return {"source": source, "provider": "vault", "id": "portkey/api-key"}


UNDETERMINED: Final = {
    "the models stand in another file": Scenario(
        '{ models: { $include: "./models.json5" }, agents: { defaults: { model: "portkey/@a/b" } } }'
    ),
    "everything stands in other files": Scenario('{ $include: ["./a.json5", "./b.json5"] }'),
    "a variable that nobody sets names the model": Scenario(by_machine(config(primary="${NO_SUCH_MODEL}"))),
    "a variable that nobody sets names the wire format": Scenario(by_hand(config(entry(api="${NO_SUCH_API}")))),
    "a program of the user's hands out the key": Scenario(by_hand(config(entry(apiKey=_secret("exec"))))),
    "a file holds the key": Scenario(by_machine(config(entry(apiKey=_secret("file"))))),
    "OpenClaw's own store holds the key": Scenario(by_hand(config(entry(apiKey=_secret("store"))))),
    "nobody confirmed the host": Scenario(
        by_machine(config(entry(baseUrl=f"https://{COMPANY}/v1"))), names=(COMPANY,), tls="good"
    ),
    "Node trusts the system's authorities": _untrusted(NODE_USE_SYSTEM_CA="1"),
    "Node trusts everybody": _untrusted(NODE_TLS_REJECT_UNAUTHORIZED="0"),
    "the hosted gateway's front asks to wait": Scenario(
        by_hand(config(entry(baseUrl=f"https://{HOSTED}/v1"))),
        names=(HOSTED,),
        tls="good",
        host=misbehaving(lambda _: text_answer(429, "error code: 1015")),
    ),
    "the gateway refuses in words that nobody knows": Scenario(
        by_machine(config()),
        host=answering("/completions", lambda _: json_answer(400, {"status": "failure", "message": "No."})),
    ),
    "the gateway refuses a custom host": Scenario(
        by_hand(
            single(
                "gpt-5.2",
                headers={"x-portkey-provider": "@openai-prod", "x-portkey-custom-host": "http://10.0.0.1/v1"},
            )
        )
    ),
    "the time is up": Scenario(
        by_machine(config()), host=misbehaving(misbehave.drip(0.05)), flags=("--timeout", "0.4")
    ),
}


@pytest.mark.parametrize("story", UNDETERMINED)
def test_nothing_is_claimed(doctor: Doctor, story: str) -> None:
    outcome = doctor(UNDETERMINED[story])
    sure = [each.code for each in outcome.report.findings if (each.severity, each.confidence) == ("error", "certain")]
    assert sure == []
    assert (outcome.report.verdict, outcome.exit_code) == ("unknown", 3)
    assert outcome.report.root_cause in (None, "PKC902")
    hold(outcome)
    discreet(outcome)


@pytest.mark.parametrize("story", UNDETERMINED)
def test_without_the_network_none_of_them_is_a_failure(doctor: Doctor, story: str) -> None:
    scenario = UNDETERMINED[story]
    flags = (*scenario.flags, "--offline") if "--timeout" not in scenario.flags else ("--offline",)
    outcome = doctor(Scenario(scenario.config, env=scenario.env, flags=flags))
    assert outcome.exit_code == 0
