"""What flags allow and forbid, what the exit status is, and that every run ends in its time."""

from __future__ import annotations

import time
from typing import Any

import pytest

from tests.diagnosis_live.faults.gateway import PLAIN
from tests.diagnosis_live.faults.key import MESSAGES
from tests.diagnosis_live.hosts import Deaf, misbehaving, portkey, vendor_fails
from tests.diagnosis_live.scenario import HOSTED, Doctor, Host, Scenario
from tests.diagnosis_live.writing import GPT, OPUS, by_hand, by_machine, config, entry
from wizard.sandbox import misbehave
from wizard.sandbox.provider import Fault as VendorFault

WRONG_KEY = "pk-wrongWRONGwrongWRONGwrong012"


def _text(primary: str = f"portkey/{OPUS}", **settings: Any) -> str:
    return by_machine(config(entry(**settings), primary=primary))


def test_offline_asks_nobody(doctor: Doctor) -> None:
    outcome = doctor(Scenario(_text(), flags=("--offline",)))
    assert outcome.requests == ()
    assert (outcome.report.mode, outcome.report.probes, outcome.report.summary.model_calls) == ("offline", (), 0)
    assert (outcome.noise, outcome.report.verdict, outcome.exit_code) == ((), "healthy", 0)
    assert {skipped.reason for skipped in outcome.report.skipped} == {"offline"}


def test_offline_with_nothing_wrong_in_sight_is_not_undetermined(doctor: Doctor) -> None:
    # The key is wrong, and nothing but the gateway could tell.
    assert doctor(Scenario(_text(apiKey=WRONG_KEY), flags=("--offline",))).exit_code == 0


def test_offline_finds_what_the_files_tell(doctor: Doctor) -> None:
    outcome = doctor(Scenario(_text(baseUrl=f"https://{HOSTED}", api="openai-responses"), flags=("--offline",)))
    assert (outcome.report.root_cause, outcome.report.verdict, outcome.exit_code) == ("PKC301", "broken", 1)


def test_no_spend_sends_no_post_and_still_judges_the_key(doctor: Doctor) -> None:
    good = doctor(Scenario(_text(), flags=("--no-spend",)))
    assert {request.method for request in good.requests} == {"GET"}
    assert (good.noise, good.report.verdict, good.exit_code, good.report.summary.model_calls) == ((), "healthy", 0, 0)
    bad = doctor(Scenario(_text(apiKey=WRONG_KEY), flags=("--no-spend",)))
    assert {request.method for request in bad.requests} == {"GET"}
    assert (bad.report.root_cause, bad.exit_code) == ("PKC205", 1)


@pytest.mark.parametrize(
    "host",
    [
        None,
        portkey(payload_limit=0),
        misbehaving(misbehave.captive_portal()),
        misbehaving(misbehave.redirect("http://x")),
    ],
)
@pytest.mark.parametrize("api", ["openai-completions", "openai-responses", MESSAGES])
def test_no_spend_never_posts(doctor: Doctor, host: Host | None, api: str) -> None:
    outcome = doctor(Scenario(_text(api=api, authHeader=True), host=host, flags=("--no-spend", "--all-models")))
    assert {request.method for request in outcome.requests} <= {"GET"}


def test_one_model_call_for_each_distinct_primary_and_few_tokens(doctor: Doctor) -> None:
    agents = {"entries": {"a": {}, "b": {"model": f"portkey/{OPUS}"}, "c": {"model": f"portkey/{GPT}"}}}
    text = by_hand(
        config(
            primary=None,
            defaults={"model": {"primary": f"portkey/{OPUS}", "fallbacks": [f"portkey/{GPT}"]}},
            agents={"ownership": "explicit", **agents},
        )
    )
    outcome = doctor(Scenario(text))
    posts = [request for request in outcome.requests if request.method == "POST"]
    assert sorted(request.json["model"] for request in posts) == [OPUS, GPT]
    assert all(request.json["stream"] is True for request in posts)
    assert all(request.json["max_completion_tokens"] == 16 for request in posts)
    assert outcome.report.summary.model_calls == 2


def test_all_models_asks_the_fallbacks_too(doctor: Doctor) -> None:
    text = by_machine(
        config(
            primary=None,
            defaults={"model": {"primary": f"portkey/{OPUS}", "fallbacks": ["portkey/@anthropic-old/claude-opus-4-5"]}},
        )
    )
    assert doctor(Scenario(text)).codes() == ()
    outcome = doctor(Scenario(text, flags=("--all-models",)))
    assert (outcome.codes(), outcome.report.verdict, outcome.exit_code) == (("PKC506",), "degraded", 1)
    assert outcome.report.root_cause is None


def test_only_and_skip_choose_the_checks(doctor: Doctor) -> None:
    scenario = Scenario(_text(PLAIN, apiKey=WRONG_KEY))
    assert set(doctor(scenario).codes()) == {"PKC108", "PKC205"}
    for flags, codes, exit_code in (
        (("--only", "PKC205"), {"PKC205"}, 1),
        (("--only", "key-*"), {"PKC205"}, 1),
        (("--skip", "KEY-REJECTED"), {"PKC108"}, 1),
        # Nobody looks, so nobody knows.
        (("--only", "pkc1??", "--skip", "*-listed"), set(), 3),
    ):
        outcome = doctor(Scenario(scenario.config, flags=flags))
        assert (set(outcome.codes()), outcome.exit_code) == (codes, exit_code)


@pytest.mark.parametrize(
    "flags",
    [
        ("--only", "PKC999"),
        ("--skip", "no-such-slug"),
        ("--only", "PKC205", "--skip", "key-rejected"),
        ("--skip", "*"),
        ("--fail-on", "info"),
        ("--timeout", "0"),
        ("--timeout", "soon"),
        ("--no-such-flag",),
        ("--profile", "not a name"),
        ("--agent", "nobody"),
        ("--provider", "nothing"),
    ],
)
def test_what_cannot_be_meant_is_a_usage_error(doctor: Doctor, flags: tuple[str, ...]) -> None:
    outcome = doctor(Scenario(_text(), flags=flags))
    assert outcome.exit_code == 2
    assert outcome.document["exit_code"] == 2
    assert outcome.document["error"]["message"]
    assert outcome.requests == ()


@pytest.mark.parametrize("flags", [("--agent", "local"), ("--provider", "spare"), ("--provider", "ollama")])
def test_nothing_is_said_of_what_was_not_asked_about(doctor: Doctor, flags: tuple[str, ...]) -> None:
    text = by_machine(
        config(
            others={
                "ollama": {"baseUrl": "http://127.0.0.1:9/v1", "models": [{"id": "llama3"}]},
                "spare": entry(apiKey=WRONG_KEY, baseUrl="https://app.portkey.ai"),
            },
            agents={"ownership": "explicit", "entries": {"main": {}, "local": {"model": "ollama/llama3"}}},
        )
    )
    outcome = doctor(Scenario(text, flags=flags))
    assert (outcome.codes(), outcome.report.verdict, outcome.exit_code) == ((), "unknown", 3)


def test_fail_on_warning_counts_warnings(doctor: Doctor) -> None:
    host = vendor_fails(VendorFault(error="rate-limited"))
    assert doctor(Scenario(_text(), host=host)).exit_code == 0
    assert doctor(Scenario(_text(), host=host, flags=("--fail-on", "warning"))).exit_code == 1
    assert doctor(Scenario(_text(), flags=("--fail-on", "warning"))).exit_code == 0


def test_held_back_key_is_undetermined(doctor: Doctor) -> None:
    text = _text(baseUrl="https://llm.acme.example/v1")
    outcome = doctor(Scenario(text, names=("llm.acme.example",), tls="good", flags=("--fail-on", "warning")))
    assert (outcome.codes("info"), outcome.report.verdict, outcome.exit_code) == (("PKC320",), "unknown", 3)
    hops = {hop.hop: hop.status for hop in outcome.report.routes[0].hops}
    assert hops["gateway"] == hops["provider"] == hops["model"] == hops["log"] == "unknown"
    command = outcome.finding("PKC320").remedy.commands[0]
    again = doctor(Scenario(text, names=("llm.acme.example",), tls="good", flags=tuple(command.split()[2:])))
    assert (again.noise, again.exit_code) == ((), 0)


@pytest.mark.parametrize(
    ("host", "code"),
    [
        (misbehaving(misbehave.silent()), "PKC313"),
        (Deaf, "PKC313"),
        (misbehaving(misbehave.closes()), "PKC312"),
        (misbehaving(misbehave.endless_body(20)), "PKC304"),
    ],
)
def test_every_wait_has_its_limit(doctor: Doctor, host: Host, code: str) -> None:
    started = time.monotonic()
    outcome = doctor(Scenario(_text(), host=host, patience=0.3, flags=("--timeout", "20")))
    assert time.monotonic() - started < 8
    assert (outcome.report.root_cause, outcome.exit_code) == (code, 1)


@pytest.mark.parametrize("behaviour", [misbehave.silent(), misbehave.drip(0.05)])
def test_run_ends_with_its_time(doctor: Doctor, behaviour: misbehave.Behaviour) -> None:
    started = time.monotonic()
    outcome = doctor(Scenario(_text(), host=misbehaving(behaviour), flags=("--timeout", "0.4")))
    assert time.monotonic() - started < 4
    assert (outcome.report.root_cause, outcome.report.verdict, outcome.exit_code) == ("PKC902", "unknown", 3)


def test_slow_model_is_no_fault_of_the_gateway(doctor: Doctor) -> None:
    outcome = doctor(Scenario(_text(), host=vendor_fails(VendorFault(delay=1.0)), patience=0.3))
    assert outcome.report.verdict == "unknown"
    assert outcome.report.root_cause is None
    assert outcome.exit_code == 3
