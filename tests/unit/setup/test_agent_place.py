"""Where one agent's model goes: by what the config already has, else by OpenClaw's version."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from wizard.base.environment import Environment
from wizard.base.errors import ExitCode, UserError
from wizard.change.apply import apply
from wizard.json5doc import Document
from wizard.keys.vault import Vault
from wizard.setup.flow import Prepared

OPUS = "@anthropic-prod/claude-opus-4-5"
GPT = "@openai-prod/gpt-5.2"
REF = f"portkey/{OPUS}"
Plan = Callable[..., Prepared]
Install = Callable[[str], Environment]


@pytest.mark.parametrize(
    ("agents", "agent", "after"),
    [
        (
            {"entries": {"main": {"name": "M"}, "work": {"model": "a/b"}}},
            "work",
            {"entries": {"main": {"name": "M"}, "work": {"model": REF}}},
        ),
        (
            {"entries": {"main": {"name": "M"}}},
            "main",
            {"entries": {"main": {"name": "M", "model": {"primary": REF}}}},
        ),
        (
            {"list": [{"id": "main"}, {"id": "work", "model": {"primary": "a/b", "fallbacks": ["c/d"]}}]},
            "work",
            {"list": [{"id": "main"}, {"id": "work", "model": {"primary": REF, "fallbacks": ["c/d"]}}]},
        ),
        ({"list": [{"id": "main"}]}, "main", {"list": [{"id": "main", "model": {"primary": REF}}]}),
    ],
)
def test_an_agent_that_is_written_down_keeps_its_place(
    plan_setup: Plan, surroundings: Environment, config: Path, agents: Any, agent: str, after: Any
) -> None:
    config.write_text(json.dumps({"agents": {**agents, "defaults": {"model": "keep/me"}}}))
    vault = Vault()
    prepared = plan_setup(model=[OPUS], agent=agent, vault=vault)
    apply(prepared.plan, surroundings, vault)
    assert Document.parse(config.read_text()).get(("agents",)) == {**after, "defaults": {"model": "keep/me"}}
    assert plan_setup(model=[OPUS], agent=agent).plan.changes == ()


@pytest.mark.parametrize(
    ("version", "after"),
    [
        ("2026.9.6", {"entries": {"main": {"model": {"primary": REF, "fallbacks": [f"portkey/{GPT}"]}}}}),
        ("2026.10.1", {"entries": {"main": {"model": {"primary": REF, "fallbacks": [f"portkey/{GPT}"]}}}}),
        ("2026.5.7", {"list": [{"id": "main", "model": {"primary": REF, "fallbacks": [f"portkey/{GPT}"]}}]}),
        ("2026.3.13", {"list": [{"id": "main", "model": {"primary": REF, "fallbacks": [f"portkey/{GPT}"]}}]}),
    ],
)
def test_the_implicit_agent_gets_its_place_by_version(
    plan_setup: Plan, install_openclaw: Install, config: Path, version: str, after: Any
) -> None:
    environment = install_openclaw(version)
    vault = Vault()
    given: dict[str, Any] = {"model": [OPUS], "fallback": [GPT], "agent": "main", "environment": environment}
    prepared = plan_setup(vault=vault, **given)
    assert prepared.install.version == version
    apply(prepared.plan, environment, vault, openclaw=version)
    assert Document.parse(config.read_text()).get(("agents",)) == after
    assert plan_setup(**given).plan.changes == ()


@pytest.mark.parametrize("version", ["2026.6.11", "2026.8.1", "2026.9.1"])
def test_a_version_nobody_looked_at_is_refused(plan_setup: Plan, install_openclaw: Install, version: str) -> None:
    environment = install_openclaw(version)
    with pytest.raises(UserError, match=f"OpenClaw {version} keeps the model of one agent") as caught:
        plan_setup(model=[OPUS], agent="main", environment=environment)
    assert caught.value.code is ExitCode.USAGE


def test_without_an_openclaw_the_place_is_not_guessed(plan_setup: Plan) -> None:
    with pytest.raises(UserError, match="none was found on PATH"):
        plan_setup(model=[OPUS], agent="main")


@pytest.mark.parametrize("agents", [{}, {"entries": {"work": {}}}, {"list": [{"id": "work"}, 7, {"id": None}]}])
def test_an_agent_that_is_not_there_is_not_made(plan_setup: Plan, config: Path, agents: Any) -> None:
    config.write_text(json.dumps({"agents": agents}))
    with pytest.raises(UserError, match="has no such agent") as caught:
        plan_setup(model=[OPUS], agent="nobody")
    assert ("work" if agents else "main") in caught.value.hint
    assert "openclaw agents add nobody" in caught.value.hint


def test_an_agents_own_list_of_allowed_models_is_the_one_that_counts(
    plan_setup: Plan, surroundings: Environment, config: Path
) -> None:
    policy = {"allow": ["a/b"]}
    agents = {"defaults": {"modelPolicy": policy}, "entries": {"main": {"modelPolicy": policy}}}
    config.write_text(json.dumps({"agents": agents}))
    vault = Vault()
    apply(plan_setup(model=[OPUS], agent="main", vault=vault).plan, surroundings, vault)
    after: Any = Document.parse(config.read_text()).get(("agents",))
    assert after["entries"]["main"]["modelPolicy"]["allow"] == ["a/b", REF]
    assert after["defaults"]["modelPolicy"]["allow"] == ["a/b"]


def test_a_newer_config_than_this_openclaw_is_left_alone(
    plan_setup: Plan, install_openclaw: Install, config: Path
) -> None:
    environment = install_openclaw("2026.5.7")
    config.write_text('{"meta": {"lastTouchedVersion": "2026.9.6"}}')
    with pytest.raises(UserError, match=r"last written by OpenClaw 2026\.9\.6") as caught:
        plan_setup(model=[OPUS], environment=environment)
    assert caught.value.code is ExitCode.NOT_WRITTEN


@pytest.mark.parametrize(
    "place", ['list: [{id: "main", model: "anthropic/x"}]', 'entries: {main: {model: "anthropic/x"}}']
)
def test_a_default_agent_with_a_model_of_its_own_is_named(plan_setup: Plan, config: Path, place: str) -> None:
    config.write_text("{agents: {" + place + "}}")
    with pytest.raises(UserError) as caught:
        plan_setup(model=["@anthropic-prod/claude-opus-4-5"])
    assert caught.value.code is ExitCode.USAGE
    assert "--agent main" in caught.value.hint
