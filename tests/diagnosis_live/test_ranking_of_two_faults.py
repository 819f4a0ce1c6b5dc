"""Of two faults on one route one is the root cause; and what else the verdict rests on."""

from __future__ import annotations

import pytest

from tests.diagnosis_live.faults.gateway import PLAIN
from tests.diagnosis_live.faults.key import MESSAGES
from tests.diagnosis_live.hosts import portkey, vendor_fails
from tests.diagnosis_live.pairs_of_faults import BELOW_ENV, BROKEN_CONFIG, HOPS, TIES, UNSET, WRONG_KEY, Pair, written
from tests.diagnosis_live.scenario import HOSTED, Doctor, Scenario
from tests.diagnosis_live.writing import GPT, OPUS, entry
from wizard.sandbox.provider import Fault as VendorFault


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
    text = written(
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
    text = written(entry(apiKey="{{key:default-config}}"), primary=PLAIN)
    assert doctor(Scenario(text, flags=("--offline",))).report.root_cause == "PKC108"
    assert doctor(Scenario(text)).codes() == ()


@pytest.mark.parametrize("flags", [(), ("--no-spend",), ("--fail-on", "warning")])
def test_possible_changes_neither_verdict_nor_exit_status(doctor: Doctor, flags: tuple[str, ...]) -> None:
    # The catalogue lists no such slug, yet the gateway routes it: a claim that is possible at most.
    host = portkey(control_plane=False)
    text = written(entry(headers={"x-portkey-provider": "@hidden"}))
    outcome = doctor(Scenario(text, host=host, flags=("--no-spend", *flags)))
    finding = outcome.finding("PKC501")
    assert (finding.severity, finding.confidence) == ("error", "possible")
    assert (outcome.report.verdict, outcome.exit_code, outcome.report.root_cause) == ("healthy", 0, None)


def test_fault_of_another_agent_degrades_and_is_no_root_cause(doctor: Doctor) -> None:
    text = written(
        entry(),
        others={"spare": entry(apiKey=WRONG_KEY)},
        agents={"ownership": "explicit", "entries": {"main": {}, "work": {"model": f"spare/{GPT}"}}},
    )
    outcome = doctor(Scenario(text))
    assert outcome.codes() == ("PKC205",)
    assert (outcome.report.verdict, outcome.report.root_cause, outcome.exit_code) == ("degraded", None, 1)


def test_one_cause_on_many_routes_is_one_finding(doctor: Doctor) -> None:
    agents = {"ownership": "explicit", "entries": {f"a{number}": {"model": f"portkey/{OPUS}"} for number in range(9)}}
    outcome = doctor(Scenario(written(entry(apiKey=WRONG_KEY), agents=agents)))
    assert len(outcome.finding("PKC205").route_ids) == 9
    assert len(outcome.requests) == 2


def test_warning_is_the_root_cause_where_there_is_no_error(doctor: Doctor) -> None:
    outcome = doctor(Scenario(written(entry()), host=vendor_fails(VendorFault(error="overloaded"))))
    assert (outcome.report.root_cause, outcome.report.verdict, outcome.exit_code) == ("PKC512", "degraded", 0)
