"""Faults at the model, and of this tool itself."""

from __future__ import annotations

from typing import Any, Final

from tests.diagnosis_live.faults.base_url import COMPANY
from tests.diagnosis_live.faults.key import MESSAGES
from tests.diagnosis_live.faults.provider import single
from tests.diagnosis_live.hosts import answering, misbehaving, portkey, vendor_fails
from tests.diagnosis_live.scenario import HOSTED, Fault, Neighbour, Scenario
from tests.diagnosis_live.writing import GONE, GPT, by_hand, by_machine, config, entry
from wizard.sandbox import misbehave
from wizard.sandbox.accounts import ApiKey, Guardrail, SavedConfig
from wizard.sandbox.provider import Fault as VendorFault

_KEY_WITH_GUARDRAIL: Final = (
    ApiKey("guarded", "pk-guardedGUARDEDguarded01234567", default_config="pc-guarded-1"),
    SavedConfig("pc-guarded-1", {"provider": "@anthropic-prod", "input_guardrails": ["pg-deny-0a17c3"]}),
)


def _guarded(guardrail: str) -> dict[str, Any]:
    text = f'{{"provider":"@anthropic-prod","input_guardrails":["{guardrail}"]}}'
    return single("claude-opus-4-5", headers={"x-portkey-config": text})


def _warned(story: str, code: str, scenario: Scenario) -> Fault:
    return Fault(code, story, scenario, severity="warning", verdict="degraded", exit_code=0)


FAULTS: Final = (
    Fault("PKC504", "no such model", Scenario(by_machine(single("@anthropic-prod/claude-opus-9"))), at='"primary"'),
    Fault(
        "PKC504",
        "a dot for a dash, through messages",
        Scenario(by_hand(single("@anthropic-prod/claude-opus-4.5", api=MESSAGES, authHeader=True))),
        at="primary:",
    ),
    Fault(
        "PKC505",
        "the integration does not allow it",
        Scenario(by_machine(single("@openai-prod/gpt-9"))),
        at='"primary"',
    ),
    Fault(
        "PKC505",
        "the same through responses, the model a plain string",
        Scenario(
            by_hand(
                config(
                    entry(api="openai-responses", models=[]),
                    primary=GONE,
                    defaults={"model": "portkey/@openai-prod/o9"},
                )
            )
        ),
        at="model: 'portkey",
    ),
    _warned(
        "the vendor fails",
        "PKC512",
        Scenario(by_machine(config()), host=vendor_fails(VendorFault(error="server-error"))),
    ),
    _warned(
        "the vendor is overloaded",
        "PKC512",
        Scenario(
            by_hand(config(entry(api=MESSAGES, authHeader=True))), host=vendor_fails(VendorFault(error="overloaded"))
        ),
    ),
    _warned(
        "the stream breaks off",
        "PKC512",
        Scenario(by_machine(config()), host=vendor_fails(VendorFault(cut_after=2))),
    ),
    Fault(
        "PKC513",
        "the vendor refuses the request",
        Scenario(by_machine(single(GPT)), host=vendor_fails(VendorFault(error="context-too-long"))),
    ),
    Fault(
        "PKC513",
        "the same through messages",
        Scenario(
            by_hand(config(entry(api=MESSAGES, authHeader=True))),
            host=vendor_fails(VendorFault(error="context-too-long")),
        ),
    ),
    Fault("PKC604", "a guardrail of the config", Scenario(by_machine(_guarded("pg-deny-0a17c3")))),
    Fault(
        "PKC604",
        "a guardrail of the key's own config",
        Scenario(by_hand(single("claude-opus-4-5", apiKey="{{key:guarded}}")), host=portkey(*_KEY_WITH_GUARDRAIL)),
    ),
    _warned("a guardrail of the config", "PKC605", Scenario(by_machine(_guarded("pg-flag-77be20")))),
    _warned(
        "one guardrail passes, another flags",
        "PKC605",
        Scenario(
            by_hand(_guarded('pg-pass-000001","pg-flag-77be20')), host=portkey(Guardrail("pg-pass-000001", "pass"))
        ),
    ),
    Fault(
        "PKC606",
        "a header gives the provider a tenth of a second",
        Scenario(
            by_machine(config(entry(headers={"x-portkey-request-timeout": "100"}))),
            host=vendor_fails(VendorFault(delay=0.4)),
        ),
    ),
    Fault(
        "PKC606",
        "the config gives it as little",
        Scenario(
            by_hand(
                single(
                    "claude-opus-4-5",
                    headers={"x-portkey-config": '{"provider":"@anthropic-prod","request_timeout":100}'},
                )
            ),
            host=vendor_fails(VendorFault(delay=0.4)),
        ),
    ),
    Fault("PKC607", "the gateway takes no such body", Scenario(by_machine(config()), host=portkey(payload_limit=0))),
    Fault(
        "PKC607",
        "a config written out that is longer than headers may be",
        Scenario(
            by_hand(
                single(
                    "claude-opus-4-5",
                    headers={"x-portkey-config": f'{{"provider":"@anthropic-prod","name":"{"x" * 17000}"}}'},
                )
            )
        ),
    ),
    Fault(
        "PKC902",
        "the gateway is slower than the user",
        Scenario(by_machine(config()), host=misbehaving(misbehave.silent()), flags=("--timeout", "0.3")),
        severity="warning",
        verdict="unknown",
        exit_code=3,
    ),
    Fault(
        "PKC902",
        "the model drips",
        Scenario(
            by_machine(config()),
            host=answering("/completions", misbehave.drip(0.05)),
            flags=("--timeout", "0.5"),
        ),
        severity="warning",
        verdict="unknown",
        exit_code=3,
    ),
    Fault(
        "PKC902",
        "the hosted gateway's answer drips",
        Scenario(
            by_machine(config(entry(baseUrl=f"https://{HOSTED}/v1"))),
            names=(HOSTED,),
            tls="good",
            host=misbehaving(misbehave.drip(0.05)),
            flags=("--timeout", "0.5"),
        ),
        severity="warning",
        verdict="unknown",
        exit_code=3,
    ),
    Fault(
        "PKC902",
        "a company's gateway drips",
        Scenario(
            by_hand(config(entry(baseUrl=f"http://{COMPANY}:{{{{port}}}}/v1"))),
            names=(COMPANY,),
            host=misbehaving(misbehave.drip(0.05)),
            flags=("--timeout", "0.5", "--trust-host", COMPANY),
        ),
        severity="warning",
        verdict="unknown",
        exit_code=3,
    ),
)

NEIGHBOURS: Final = (
    Neighbour(
        "PKC504",
        "a model outside the list that the provider has",
        Scenario(by_machine(config(primary="portkey/@anthropic-prod/claude-haiku-4-5"))),
    ),
    Neighbour("PKC505", "a model that the integration allows", Scenario(by_hand(single("@openai-prod/gpt-4o")))),
    Neighbour(
        "PKC512",
        "the vendor fails once, and the config tries again",
        Scenario(
            by_machine(
                single(
                    "claude-opus-4-5",
                    headers={"x-portkey-config": '{"provider":"@anthropic-prod","retry":{"attempts":1}}'},
                )
            ),
            host=vendor_fails(VendorFault(error="server-error", times=1)),
        ),
    ),
    Neighbour(
        "PKC513",
        "OpenAI's responses endpoint, which refuses fewer than 16 output tokens",
        Scenario(by_hand(single(GPT, api="openai-responses"))),
    ),
    Neighbour(
        "PKC604",
        "a guardrail that passes",
        Scenario(by_machine(_guarded("pg-pass-000001")), host=portkey(Guardrail("pg-pass-000001", "pass"))),
    ),
    Neighbour(
        "PKC605",
        "the same",
        Scenario(by_hand(_guarded("pg-pass-000001")), host=portkey(Guardrail("pg-pass-000001", "pass"))),
    ),
    Neighbour(
        "PKC606",
        "a header that gives it enough",
        Scenario(
            by_machine(config(entry(headers={"x-portkey-request-timeout": "5000"}))),
            host=vendor_fails(VendorFault(delay=0.2)),
        ),
    ),
    Neighbour(
        "PKC607",
        "a config written out that is nearly as long as headers may be",
        Scenario(
            by_hand(
                single(
                    "claude-opus-4-5",
                    headers={"x-portkey-config": f'{{"provider":"@anthropic-prod","name":"{"x" * 15000}"}}'},
                )
            )
        ),
    ),
    Neighbour("PKC902", "time enough", Scenario(by_machine(config()), flags=("--timeout", "20"))),
)
