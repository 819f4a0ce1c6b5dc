"""Evidence as JSON and back: nothing is lost, and the same checks say the same over it."""

from __future__ import annotations

import io
import json
import math
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wizard.base.codec import from_json, to_json
from wizard.base.environment import Environment
from wizard.diagnosis.diagnose import diagnose
from wizard.diagnosis.model import Evidence, Machine, Scope, Severity
from wizard.doctor.examine import Request, examine
from wizard.keys.facts import SecretFacts
from wizard.openclaw.seen import (
    ConfigFile,
    ConfigProblem,
    EnvLayer,
    Install,
    NodePlace,
    OpenClawSeen,
    RuntimeSeen,
    SavedProfile,
)
from wizard.portkey.exchange import Exchange, ProbeKind
from wizard.report.build import build_report
from wizard.report.json_output import render_json
from wizard.sandbox.gateway import Sandbox

GOOD = """{
  // a note
  env: { vars: { PORTKEY_API_KEY: "@KEY@" } },
  agents: { defaults: { model: { primary: "portkey/@anthropic-prod/claude-opus-4-5", fallbacks: ["openai/gpt"] } } },
  models: { mode: "merge", providers: { portkey: {
    baseUrl: "BASE", apiKey: "${PORTKEY_API_KEY}", api: "openai-completions",
    headers: { "x-portkey-metadata": '{"_user":"somebody"}' },
    models: [ { id: "@anthropic-prod/claude-opus-4-5", name: "Opus" } ] } } },
}
"""
CONFIGS = {
    "good": GOOD,
    "wrong key": GOOD.replace("@KEY@", "a-key-that-nobody-knows-1"),
    "no key": GOOD.replace("${PORTKEY_API_KEY}", "${NOBODY_SETS_IT}"),
    "key in the wrong header": GOOD.replace("openai-completions", "anthropic-messages"),
    "slug left behind": GOOD.replace('"portkey/@anthropic-prod/claude-opus-4-5"', '"portkey/claude-opus-4-5"'),
    "wrong slug": GOOD.replace("@anthropic-prod", "@anthropic-prd"),
    "no v1": GOOD.replace("BASE", "ORIGIN"),
    "another host": GOOD.replace("BASE", "https://gateway.invalid/v1"),
    "broken": GOOD.replace("agents:", "agents"),
    "not an object": "[]",
    "odd values": '{ a: Infinity, b: -0.5e3, c: "\\ud83d\\ude00", d: "\\ud800", e: 0x1F, a: 1, f: 12345678901234567 }',
}


@pytest.fixture(scope="module")
def gateway() -> Iterator[Sandbox]:
    with Sandbox() as running:
        yield running


def examined(home: Path, gateway: Sandbox, config: str) -> Evidence:
    text = config.replace("BASE", gateway.base_url).replace("ORIGIN", gateway.base_url.removesuffix("/v1"))
    (home / ".openclaw").mkdir()
    (home / ".openclaw/openclaw.json").write_text(text.replace("@KEY@", gateway.account.key("good").value))
    streams = {name: io.StringIO() for name in ("stdin", "stdout", "stderr")}
    variables = {"HOME": str(home), "XDG_STATE_HOME": str(home / "state")}
    environment = Environment(variables, home, home, system="linux", **streams)
    return examine(environment, Request(seconds=20)).evidence


def thawed(evidence: Evidence) -> Evidence:
    return from_json(Evidence, json.loads(json.dumps(to_json(evidence))))


def report(evidence: Evidence) -> str:
    built = build_report(evidence, diagnose(evidence), duration_ms=7, fail_on=Severity.ERROR)
    return render_json(replace(built, generated_at=""))


@pytest.mark.parametrize("config", CONFIGS.values(), ids=CONFIGS)
def test_evidence_of_a_run_comes_back_and_says_the_same(tmp_path: Path, gateway: Sandbox, config: str) -> None:
    evidence = examined(tmp_path, gateway, config)
    again = thawed(evidence)
    assert again == evidence
    assert report(again) == report(evidence)
    assert gateway.account.key("good").value not in json.dumps(to_json(evidence))


def test_a_run_of_every_kind_was_made(tmp_path: Path, gateway: Sandbox) -> None:
    evidence = examined(tmp_path, gateway, GOOD)
    assert {exchange.status for exchange in evidence.exchanges} == {200, 401}
    assert {exchange.kind for exchange in evidence.exchanges} >= {
        ProbeKind.IDENTIFY,
        ProbeKind.CATALOGUE,
        ProbeKind.CALL,
    }
    assert evidence.secrets
    assert "x-portkey-trace-id" in {name for exchange in evidence.exchanges for name, _ in exchange.headers}


texts = st.text(max_size=6)
paths = st.lists(texts | st.integers(0, 9), max_size=3).map(tuple)
values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=8,
)


def few(items: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(items, max_size=2).map(tuple)


evidences = st.builds(
    Evidence,
    openclaw=st.builds(
        OpenClawSeen,
        install=st.builds(Install),
        config=st.builds(
            ConfigFile,
            path=texts,
            selected_by=texts,
            problem=st.none() | st.builds(ConfigProblem),
            lines=few(texts),
            value=values,
            places=few(st.builds(NodePlace, path=paths)),
            duplicates=few(paths),
            mode=st.none() | st.integers(0, 0o777),
            symlink=st.booleans(),
        ),
        profile=st.none() | texts,
        runtimes=few(st.builds(RuntimeSeen, layers=few(st.from_type(EnvLayer)))),
        saved_profiles=few(st.builds(SavedProfile)),
    ),
    machine=st.from_type(Machine),
    collected_at=texts,
    scope=st.from_type(Scope),
    secrets=st.dictionaries(texts, st.from_type(SecretFacts), max_size=2),
    exchanges=few(st.from_type(Exchange)),
    out_of_time=st.booleans(),
)


@given(evidences)
def test_any_evidence_comes_back(evidence: Evidence) -> None:
    assert thawed(evidence) == evidence


def test_numbers_that_json_does_not_know_come_back() -> None:
    evidence = Evidence(
        OpenClawSeen(Install(), ConfigFile("", "", value={"a": math.nan, "b": -math.inf})),
        Machine("linux", "x86_64", "3.11", container=False),
        "",
    )
    again = thawed(evidence).openclaw.config.value
    assert math.isnan(again["a"])
    assert again["b"] == -math.inf
