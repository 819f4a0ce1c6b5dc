"""Two faults on one route: which of them is the root cause, and what becomes of the other.

The expected winner follows from the rules of the contract alone: the earlier hop comes first (openclaw, key, network,
gateway, provider, model); within one hop the stated order; what would go with the other fault is folded into it; what
nobody could see behind the first fault is not claimed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Literal

import pytest

from tests.diagnosis_live.faults.gateway import PLAIN
from tests.diagnosis_live.faults.key import MESSAGES
from tests.diagnosis_live.hosts import misbehaving, open_source, portkey, vendor_fails
from tests.diagnosis_live.scenario import HOSTED, OLD, Doctor, Scenario
from tests.diagnosis_live.writing import GPT, OPUS, by_hand, by_machine, config, entry
from wizard.sandbox import misbehave
from wizard.sandbox.provider import Fault as VendorFault

WRONG_KEY: Final = "pk-wrongWRONGwrongWRONGwrong012"
BROKEN_CONFIG: Final = {"x-portkey-config": "{not json"}
UNSET: Final = "${NO_SUCH_KEY}"
BELOW_ENV: Final = {"SOME_SETTING": "1"}


@dataclass(frozen=True)
class Pair:
    """Two faults: the one that comes first, the other, and what becomes of that one."""

    first: str
    other: str
    becomes: Literal["second", "folded", "unseen"]
    why: str
    scenario: Scenario


def _written(portkey_entry: dict[str, Any], **more: Any) -> str:
    return by_machine(config(portkey_entry, **more))


def _pair(
    first: str, other: str, becomes: Literal["second", "folded", "unseen"], why: str, text: str, **more: Any
) -> Pair:
    return Pair(first, other, becomes, why, Scenario(text, **more))


_SILENT: Final = misbehaving(misbehave.silent())
_RESETS: Final = misbehaving(misbehave.resets())

# The earlier hop wins.
HOPS: Final = (
    _pair(
        "PKC103",
        "PKC205",
        "unseen",
        "nothing can be read of the rest",
        _written(entry(apiKey=WRONG_KEY)).replace('"api":', '"api"'),
    ),
    _pair(
        "PKC114",
        "PKC202",
        "second",
        "openclaw before key; another variable is missing than the one below env",
        _written(entry(apiKey=UNSET), env=BELOW_ENV),
    ),
    _pair(
        "PKC114",
        "PKC202",
        "folded",
        "moving the variable would set the key",
        _written(entry(apiKey="${PORTKEY_API_KEY}"), env={"PORTKEY_API_KEY": "{{key}}"}),
    ),
    _pair("PKC114", "PKC205", "second", "openclaw before key", _written(entry(apiKey=WRONG_KEY), env=BELOW_ENV)),
    _pair(
        "PKC115",
        "PKC301",
        "second",
        "openclaw before network",
        by_hand(config(entry(baseUrl=f"https://{HOSTED}"), agents={"main": {}})),
    ),
    _pair(
        "PKC115",
        "PKC506",
        "second",
        "openclaw before provider",
        by_hand(config(entry(), primary="portkey/@anthropic-old/claude-opus-4-5", agents={"entries": {"main": {}}})),
        version=OLD,
    ),
    _pair("PKC108", "PKC205", "second", "openclaw before key", _written(entry(apiKey=WRONG_KEY), primary=PLAIN)),
    _pair("PKC108", "PKC202", "second", "openclaw before key", _written(entry(apiKey=UNSET), primary=PLAIN)),
    _pair("PKC108", "PKC208", "second", "openclaw before key", _written(entry(api=MESSAGES), primary=PLAIN)),
    _pair("PKC108", "PKC312", "second", "openclaw before network", _written(entry(), primary=PLAIN), host=_RESETS),
    _pair(
        "PKC201", "PKC311", "second", "key before network", _written(entry(apiKey="", baseUrl=f"https://{HOSTED}/v1"))
    ),
    _pair(
        "PKC202", "PKC301", "second", "key before network", _written(entry(apiKey=UNSET, baseUrl=f"https://{HOSTED}"))
    ),
    _pair(
        "PKC203",
        "PKC302",
        "second",
        "key before network",
        _written(entry(apiKey="<your key>", baseUrl=f"https://{HOSTED}/v1/chat/completions")),
    ),
    _pair(
        "PKC208",
        "PKC303",
        "second",
        "key before network",
        _written(entry(api=MESSAGES, baseUrl="https://app.portkey.ai/v1")),
    ),
    _pair("PKC202", "PKC312", "second", "key before network", _written(entry(apiKey=UNSET)), host=_RESETS),
    _pair(
        "PKC205",
        "PKC405",
        "unseen",
        "the gateway looks at the key first",
        _written(entry(apiKey=WRONG_KEY, headers={"x-portkey-config": "pc-gone"})),
    ),
    _pair(
        "PKC206",
        "PKC501",
        "unseen",
        "the gateway looks at the key first",
        _written(entry(apiKey="{{key:expired}}"), primary="portkey/@nobody/claude"),
    ),
    _pair("PKC205", "PKC406", "second", "key before gateway", _written(entry(apiKey=WRONG_KEY, headers=BROKEN_CONFIG))),
    _pair(
        "PKC207",
        "PKC406",
        "second",
        "key before gateway",
        _written(entry(apiKey="{{key:no-scope}}", headers=BROKEN_CONFIG)),
    ),
    _pair(
        "PKC301",
        "PKC406",
        "second",
        "network before gateway",
        _written(entry(baseUrl=f"https://{HOSTED}", headers=BROKEN_CONFIG)),
    ),
    _pair(
        "PKC305",
        "PKC406",
        "second",
        "network before gateway",
        _written(entry(baseUrl=f"http://{HOSTED}/v1", headers=BROKEN_CONFIG)),
    ),
    _pair(
        "PKC306",
        "PKC406",
        "second",
        "network before gateway",
        _written(entry(baseUrl="https://api.portkey.co/v1", headers=BROKEN_CONFIG)),
    ),
    _pair(
        "PKC307",
        "PKC406",
        "second",
        "network before gateway",
        _written(entry(baseUrl="api.portkey.ai", headers=BROKEN_CONFIG)),
    ),
    _pair(
        "PKC311",
        "PKC406",
        "second",
        "network before gateway",
        _written(entry(baseUrl=f"https://{HOSTED}/v1", headers=BROKEN_CONFIG)),
    ),
    _pair("PKC312", "PKC406", "second", "network before gateway", _written(entry(headers=BROKEN_CONFIG)), host=_RESETS),
    _pair(
        "PKC313",
        "PKC406",
        "second",
        "network before gateway",
        _written(entry(headers=BROKEN_CONFIG)),
        host=_SILENT,
        patience=0.2,
    ),
    _pair(
        "PKC314",
        "PKC406",
        "second",
        "network before gateway",
        _written(entry(baseUrl=f"https://{HOSTED}/v1", headers=BROKEN_CONFIG)),
        names=(HOSTED,),
        tls="good",
        env={"NODE_EXTRA_CA_CERTS": ""},
    ),
    _pair(
        "PKC315",
        "PKC406",
        "second",
        "network before gateway",
        _written(entry(baseUrl=f"https://{HOSTED}/v1", headers=BROKEN_CONFIG)),
        names=(HOSTED,),
        tls="expired",
    ),
    _pair(
        "PKC317",
        "PKC406",
        "second",
        "network before gateway",
        _written(entry(headers=BROKEN_CONFIG)),
        host=misbehaving(misbehave.captive_portal()),
    ),
    _pair(
        "PKC323",
        "PKC406",
        "second",
        "network before gateway",
        _written(entry(headers=BROKEN_CONFIG)),
        host=misbehaving(misbehave.redirect("https://elsewhere.example")),
    ),
    _pair(
        "PKC401",
        "PKC504",
        "unseen",
        "the model is behind the gateway",
        _written(entry(models=[{"id": "no-such-model", "name": "M"}]), primary="portkey/no-such-model"),
    ),
    _pair(
        "PKC506",
        "PKC504",
        "unseen",
        "the provider looks at its key first",
        _written(entry(), primary="portkey/@anthropic-old/no-such-model"),
    ),
)

# Within one hop the stated order.
TIES: Final = (
    _pair(
        "PKC115",
        "PKC108",
        "second",
        "a shape that stops OpenClaw before a model that it sends",
        by_hand(config(primary=PLAIN, agents={"main": {}})),
    ),
    _pair("PKC114", "PKC108", "second", "likewise", _written(entry(), primary=PLAIN, env=BELOW_ENV)),
    _pair("PKC203", "PKC208", "second", "203 > 208", _written(entry(api=MESSAGES, apiKey="YOUR_PORTKEY_API_KEY"))),
    _pair("PKC203", "PKC205", "folded", "a right key would be accepted", _written(entry(apiKey="'{{key}}'"))),
    _pair(
        "PKC202",
        "PKC208",
        "second",
        "202 stands before all of what a key is like",
        _written(entry(api=MESSAGES, apiKey=UNSET)),
    ),
    _pair("PKC208", "PKC205", "second", "208 > 205", _written(entry(api=MESSAGES, apiKey=WRONG_KEY))),
    _pair(
        "PKC510",
        "PKC401",
        "unseen",
        "510 > 401: the open-source gateway cannot know better",
        _written(entry()),
        host=open_source(),
    ),
    _pair(
        "PKC510",
        "PKC407",
        "unseen",
        "510 > 407",
        _written(entry(headers={"x-portkey-provider": "@openai-prod"})),
        host=open_source(),
    ),
    _pair(
        "PKC510",
        "PKC406",
        "folded",
        "510 > 405, which this gateway words as 406",
        _written(entry(headers={"x-portkey-config": "pc-single-91c4e2"})),
        host=open_source(),
    ),
    _pair(
        "PKC502",
        "PKC401",
        "unseen",
        "502 for the model string",
        _written(entry(), primary="portkey/anthropic-prod/claude-opus-4-5"),
    ),
    _pair("PKC108", "PKC401", "unseen", "the ref explains what the gateway misses", _written(entry(), primary=PLAIN)),
    _pair(
        "PKC407",
        "PKC501",
        "unseen",
        "407 for the header",
        _written(
            entry(models=[{"id": "claude-opus-4-5", "name": "M"}], headers={"x-portkey-provider": "anthropic-prod"}),
            primary=PLAIN,
        ),
    ),
    _pair("PKC317", "PKC304", "unseen", "317 > 304", _written(entry()), host=misbehaving(misbehave.plain_404())),
)


@pytest.mark.parametrize("pair", [*HOPS, *TIES], ids=lambda pair: f"{pair.first}-{pair.other}-{pair.why}")
def test_first_of_two_faults_is_the_root_cause(doctor: Doctor, pair: Pair) -> None:
    outcome = doctor(pair.scenario)
    assert outcome.report.root_cause == pair.first, outcome.codes()
    assert (outcome.report.verdict, outcome.exit_code) == ("broken", 1)
    assert outcome.codes()[0] == pair.first
    if pair.becomes == "unseen":
        assert pair.other not in outcome.codes()
        return
    root = outcome.finding(pair.first)
    assert outcome.finding(pair.other).caused_by == (root.id if pair.becomes == "folded" else None)


def test_enough_codes_win_and_lose() -> None:
    assert len({pair.first for pair in (*HOPS, *TIES)}) >= 20


def test_first_cause_of_all_comes_first_and_every_other_is_named(doctor: Doctor) -> None:
    text = _written(
        entry(api=MESSAGES, apiKey=UNSET, baseUrl=f"https://{HOSTED}/v1/messages", headers=BROKEN_CONFIG),
        primary=PLAIN,
        env=BELOW_ENV,
        agents={"main": {}},
    )
    outcome = doctor(Scenario(text))
    assert outcome.codes("error")[:2] in (("PKC115", "PKC114"), ("PKC114", "PKC115"))
    assert outcome.codes("error")[2:] == ("PKC202", "PKC208", "PKC302", "PKC406")


def test_live_success_refutes_what_the_files_seemed_to_say(doctor: Doctor) -> None:
    # Without the network the slug seems lost, and the key seems an example's; both turn out to be meant.
    text = _written(entry(apiKey="{{key:default-config}}"), primary=PLAIN)
    assert doctor(Scenario(text, flags=("--offline",))).report.root_cause == "PKC108"
    assert doctor(Scenario(text)).codes() == ()


@pytest.mark.parametrize("flags", [(), ("--no-spend",), ("--fail-on", "warning")])
def test_possible_changes_neither_verdict_nor_exit_status(doctor: Doctor, flags: tuple[str, ...]) -> None:
    # The catalogue lists no such slug, yet the gateway routes it: a claim that is possible at most.
    host = portkey(control_plane=False)
    text = _written(entry(headers={"x-portkey-provider": "@hidden"}))
    outcome = doctor(Scenario(text, host=host, flags=("--no-spend", *flags)))
    finding = outcome.finding("PKC501")
    assert (finding.severity, finding.confidence) == ("error", "possible")
    assert (outcome.report.verdict, outcome.exit_code, outcome.report.root_cause) == ("healthy", 0, None)


def test_fault_of_another_agent_degrades_and_is_no_root_cause(doctor: Doctor) -> None:
    text = _written(
        entry(),
        others={"spare": entry(apiKey=WRONG_KEY)},
        agents={"ownership": "explicit", "entries": {"main": {}, "work": {"model": f"spare/{GPT}"}}},
    )
    outcome = doctor(Scenario(text))
    assert outcome.codes() == ("PKC205",)
    assert (outcome.report.verdict, outcome.report.root_cause, outcome.exit_code) == ("degraded", None, 1)


def test_one_cause_on_many_routes_is_one_finding(doctor: Doctor) -> None:
    agents = {"ownership": "explicit", "entries": {f"a{number}": {"model": f"portkey/{OPUS}"} for number in range(9)}}
    outcome = doctor(Scenario(_written(entry(apiKey=WRONG_KEY), agents=agents)))
    assert len(outcome.finding("PKC205").route_ids) == 9
    assert len(outcome.requests) == 2


def test_warning_is_the_root_cause_where_there_is_no_error(doctor: Doctor) -> None:
    outcome = doctor(Scenario(_written(entry()), host=vendor_fails(VendorFault(error="overloaded"))))
    assert (outcome.report.root_cause, outcome.report.verdict, outcome.exit_code) == ("PKC512", "degraded", 0)
