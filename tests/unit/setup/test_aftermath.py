"""What is said after the write: restarts by version, pinned sessions, the lock after a refused key."""

from __future__ import annotations

import io
import json
import os
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from wizard.base.environment import Environment
from wizard.setup.aftermath import show_aftermath
from wizard.setup.flow import Prepared
from wizard.terminal.console import Console

OPUS = "@anthropic-prod/claude-opus-4-5"
Plan = Callable[..., Prepared]


@pytest.fixture
def told(surroundings: Environment) -> Callable[..., str]:
    def tell(prepared: Prepared, *, runs: bool = True) -> str:
        if runs:
            lock = prepared.located.state_dir / "tmp" / f"openclaw-{os.getuid()}" / "gateway.state.lock"
            lock.parent.mkdir(parents=True, exist_ok=True)
            lock.write_text(json.dumps({"pid": os.getpid()}))
        stream = io.StringIO()
        show_aftermath(prepared, surroundings, Console(stream, width=120, plain=True))
        return stream.getvalue()

    return tell


def test_without_openclaw_nothing_is_to_be_restarted(plan_setup: Plan, told: Callable[[Prepared], str]) -> None:
    assert told(plan_setup(model=[OPUS])) == ""


@pytest.mark.parametrize(
    ("version", "words"),
    [("2026.9.6", "restarts itself for this"), ("2026.5.7", "does not see this until: openclaw gateway restart")],
)
def test_a_key_in_the_config_restarts_the_gateway(
    plan_setup: Plan,
    told: Callable[[Prepared], str],
    install_openclaw: Callable[[str], Environment],
    version: str,
    words: str,
) -> None:
    assert words in told(plan_setup(model=[OPUS], environment=install_openclaw(version)))


def test_without_a_running_gateway_nothing_is_to_be_restarted(
    plan_setup: Plan, told: Callable[..., str], install_openclaw: Callable[[str], Environment]
) -> None:
    assert told(plan_setup(model=[OPUS], environment=install_openclaw("2026.9.6")), runs=False) == ""


def test_a_key_in_a_dotenv_wants_a_restart(
    plan_setup: Plan, told: Callable[[Prepared], str], install_openclaw: Callable[[str], Environment]
) -> None:
    prepared = plan_setup(model=[OPUS], key_storage="dotenv", environment=install_openclaw("2026.9.6"))
    assert "openclaw gateway restart" in told(prepared)


def test_nothing_changed_is_nothing_said(
    plan_setup: Plan,
    told: Callable[[Prepared], str],
    install_openclaw: Callable[[str], Environment],
    config: Path,
) -> None:
    entry = {
        "baseUrl": "https://api.portkey.ai/v1",
        "apiKey": "${PORTKEY_API_KEY}",
        "api": "openai-completions",
        "models": [{"id": OPUS, "name": "Opus"}],
    }
    value = {
        "env": {"vars": {"PORTKEY_API_KEY": "Zq8vT3nLw5Rk2Jd7Ym4x"}},
        "models": {"mode": "merge", "providers": {"portkey": entry}},
        "agents": {"defaults": {"model": {"primary": f"portkey/{OPUS}"}}},
    }
    config.write_text(json.dumps(value))
    assert told(plan_setup(model=[OPUS], environment=install_openclaw("2026.5.7"))) == ""


def test_sessions_that_are_pinned_elsewhere_are_named(
    plan_setup: Plan, told: Callable[[Prepared], str], config: Path
) -> None:
    folder = config.parent / "agents" / "main" / "sessions"
    folder.mkdir(parents=True)
    now = time.time() * 1000
    sessions = {
        "agent:main:main": {"updatedAt": now, "providerOverride": "ollama", "modelOverride": "llama"},
        "agent:main:there": {"updatedAt": now, "providerOverride": "portkey", "modelOverride": OPUS},
    }
    (folder / "sessions.json").write_text(json.dumps(sessions))
    said = told(plan_setup(model=[OPUS]))
    assert "1 session has a model of its own and stays with it: agent:main:main (ollama/llama)." in said
    assert f"portkey/{OPUS}" in said
    assert "there" not in said.replace("there.", "")
    assert told(plan_setup(model=[OPUS], use_as="listed")) == ""


@pytest.mark.parametrize(("provider_id", "said"), [("portkey", True), ("portkey-two", False)])
def test_a_lock_after_a_refused_key_is_said(
    plan_setup: Plan, told: Callable[[Prepared], str], config: Path, provider_id: str, said: bool
) -> None:
    folder = config.parent / "agents" / "main" / "agent"
    folder.mkdir(parents=True)
    until = (time.time() + 45) * 1000
    state = {"usageStats": {"inline-api-key:portkey": {"cooldownUntil": until, "cooldownReason": "auth"}}}
    connection = sqlite3.connect(folder / "openclaw-agent.sqlite")
    with connection:
        connection.execute("CREATE TABLE auth_profile_state (state_key TEXT, state_json TEXT)")
        connection.execute("INSERT INTO auth_profile_state VALUES ('primary', ?)", (json.dumps(state),))
    connection.close()
    words = told(plan_setup(model=[OPUS], provider_id=provider_id))
    assert ("OpenClaw still holds portkey back for 4" in words) is said
