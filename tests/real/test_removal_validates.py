"""What `setup --remove` leaves is a config that OpenClaw takes, on both versions, however it came to be."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.real.conftest import Home
from tests.unit.setup.removal_home import KEY, OTHER_MODEL, RemovalHome

pytestmark = pytest.mark.real

ENTRY = {
    "baseUrl": "https://api.portkey.ai/v1",
    "apiKey": "${PORTKEY_API_KEY}",
    "api": "openai-completions",
    "models": [{"id": "@anthropic/claude-opus-4-5", "name": "Claude Opus 4.5"}],
}
REF = "portkey/@anthropic/claude-opus-4-5"
OTHER = "openai/gpt-5"
SEED_PAGE = """\
{
  // which model
  agents: { defaults: { model: { primary: "portkey/claude-opus-4-5" } } },
  models: {
    mode: "merge",
    providers: {
      portkey: { // all of it
        baseUrl: "https://api.portkey.ai/v1",
        apiKey: "${PORTKEY_API_KEY}",
        api: "anthropic-messages",
        headers: { "x-portkey-trace-id": "openclaw-main-agent" },
        models: [{ id: "@anthropic/claude-opus-4-5", name: "Claude Opus 4.5" }]
      }
    }
  },
  env: { vars: { PORTKEY_API_KEY: "pk-0123456789" } }
}
"""
DEFAULTS: dict[str, Any] = {
    "model": {"primary": REF, "fallbacks": [OTHER, REF]},
    "models": {REF: {"alias": "best"}, OTHER: {}},
    "heartbeat": {"every": "30m", "model": REF},
    "subagents": {"model": {"primary": REF, "fallbacks": [OTHER]}},
    "imageModel": {"primary": REF},
    "pdfModel": "best",
}
MANY_REFS: dict[str, dict[str, Any]] = {
    "2026.9.6": {
        "agents": {
            "ownership": "explicit",
            "defaults": {**DEFAULTS, "utilityModel": REF, "modelPolicy": {"allow": ["portkey/*", OTHER]}},
            "entries": {"work": {"model": REF, "models": {REF: {}}}, "main": {"subagents": {"model": REF}}},
        },
    },
    "2026.5.7": {
        "agents": {
            "defaults": {**DEFAULTS, "imageGenerationModel": REF},
            "list": [{"id": "work", "model": REF}, {"id": "main", "default": True, "subagents": {"model": REF}}],
        },
    },
}


@pytest.fixture
def runs(home: Home) -> RemovalHome:
    """The same home for portkey-claw, with that OpenClaw on PATH."""
    return RemovalHome(home.path, variables={**home.variables, "PORTKEY_API_KEY": KEY})


def version_of(home: Home) -> str:
    return next(version for version in MANY_REFS if version in str(home.executable))


def assert_valid(home: Home) -> None:
    checked = home.openclaw("config", "validate", "--json")
    assert json.loads(checked.stdout)["valid"] is True, checked.stdout + checked.stderr


def assert_gone(home: Home, runs: RemovalHome) -> None:
    assert_valid(home)
    assert "portkey" not in home.config.read_text(encoding="utf-8").replace(str(Path.home()), "")
    assert not runs.plan().changes


def test_the_seed_page_written_by_hand(home: Home, runs: RemovalHome) -> None:
    home.write_config(SEED_PAGE)
    assert_valid(home)
    runs.remove()
    assert "// which model" in home.config.read_text(encoding="utf-8")
    assert_gone(home, runs)


def test_a_config_that_names_portkey_everywhere(home: Home, runs: RemovalHome) -> None:
    home.write_config(json.dumps({**MANY_REFS[version_of(home)], "models": {"providers": {"portkey": ENTRY}}}))
    assert_valid(home)
    runs.remove()
    assert_gone(home, runs)
    assert runs.value["agents"]["defaults"]["model"] == {"primary": OTHER}


@pytest.mark.parametrize("storage", ["openclaw-env", "keyring", "dotenv"])
def test_after_setup_and_a_write_of_openclaws_own(home: Home, runs: RemovalHome, storage: str) -> None:
    home.write_config('{ agents: { defaults: { model: "openai/gpt-5" } } } // mine\n')
    runs.setup(key_storage=storage, fallback=[OTHER_MODEL])
    assert_valid(home)
    written = home.openclaw("config", "set", "gateway.port", "18790")
    assert written.returncode == 0, written.stdout + written.stderr
    assert "// mine" not in home.config.read_text(encoding="utf-8")
    runs.remove()
    assert_gone(home, runs)
    assert runs.value["agents"]["defaults"]["model"] == OTHER
    assert runs.value["gateway"]["port"] == 18790
    assert {"models", "env", "secrets"}.isdisjoint(runs.value)
    assert not runs.dotenv.exists()


def test_one_agents_model(home: Home, runs: RemovalHome) -> None:
    runs.setup(agent="main")
    assert_valid(home)
    home.openclaw("config", "set", "gateway.port", "18790")
    runs.remove()
    assert_gone(home, runs)
    assert "agents" not in runs.value
