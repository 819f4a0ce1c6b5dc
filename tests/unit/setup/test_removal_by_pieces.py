"""`setup --remove` in files that others have written too: what leads to Portkey goes, everything else stays."""

from __future__ import annotations

import copy
import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.unit.setup.removal_home import KEY, MODEL, OTHER_MODEL, RemovalHome
from wizard.base.errors import UserError
from wizard.change.plan import EditDotenv, ForgetSecret, RemoveFile, RestoreFile
from wizard.setup.removing import key

ENTRY = {
    "baseUrl": "https://api.portkey.ai/v1",
    "apiKey": "${PORTKEY_API_KEY}",
    "api": "anthropic-messages",
    "models": [{"id": "@anthropic/claude-opus-4-5", "name": "Claude Opus 4.5"}],
}
OLLAMA = {
    "baseUrl": "http://127.0.0.1:11434/v1",
    "apiKey": "x",
    "api": "openai-completions",
    "models": [{"id": "qwen3:8b", "name": "Qwen"}],
}


@pytest.fixture
def home(tmp_path: Path) -> RemovalHome:
    (tmp_path / "home").mkdir(mode=0o700)
    return RemovalHome(tmp_path / "home")


@pytest.fixture(autouse=True)
def _open_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(key, "describe_keyring", lambda _: "a keyring")


def removed(home: RemovalHome, config: Any, provider_id: str | None = None) -> Any:
    """What removal makes of a config that nobody remembers the beginning of; a second one finds nothing to do."""
    home.write(config if isinstance(config, str) else json.dumps(config, indent=2))
    home.remove(provider_id)
    if provider_id is None:
        assert not home.plan().changes
    return home.value


# Configs that were written by hand


SEED_QUICK_START = """\
{
  // which model
  agents: {
    defaults: {
      model: { primary: "portkey/claude-opus-4-5" } // the best
    }
  },
  models: {
    mode: "merge",
    providers: {
      // Portkey
      portkey: {
        baseUrl: "https://api.portkey.ai/v1",
        apiKey: "${PORTKEY_API_KEY}",
        api: "anthropic-messages",
        models: [
          { id: "@anthropic/claude-opus-4-5", name: "Claude Opus 4.5" },
          { id: "@anthropic/claude-sonnet-4-5", name: "Claude Sonnet 4.5" }
        ]
      }
    }
  },
  env: { PORTKEY_API_KEY: "Zq8vT3nLw5Rk2Jd7Ym4x" }
}
"""


def test_the_quick_start_page_is_taken_out_and_comments_stay(home: RemovalHome) -> None:
    home.write(SEED_QUICK_START)
    plan = home.remove()
    assert (
        home.config.read_text(encoding="utf-8")
        == """\
{
  // which model
  agents: {
    defaults: {
    }
  },
  models: {
    mode: "merge",
    providers: {
      // Portkey
    }
  },
  env: {}
}
""".replace("{\n    }", "{}")
    )
    assert any("No default model is left" in note for note in plan.notes)
    assert not home.plan().changes


def test_two_entries_of_the_seed_page_go_together(home: RemovalHome) -> None:
    config = {
        "agents": {"defaults": {"model": {"primary": "portkey-openai/gpt-5.2"}}},
        "models": {"mode": "merge", "providers": {"portkey": ENTRY, "portkey-openai": ENTRY, "ollama": OLLAMA}},
        "env": {"vars": {"PORTKEY_API_KEY": KEY, "OTHER": "1"}},
    }
    assert removed(home, config) == {
        "agents": {"defaults": {}},
        "models": {"mode": "merge", "providers": {"ollama": OLLAMA}},
        "env": {"vars": {"OTHER": "1"}},
    }


def test_the_seed_page_for_one_agent_is_taken_out(home: RemovalHome) -> None:
    config = {"agents": {"main": {"model": {"primary": "portkey/x"}}}, "models": {"providers": {"portkey": ENTRY}}}
    assert removed(home, config) == {"agents": {"main": {}}, "models": {"providers": {}}}


OTHERS: dict[str, Any] = {
    "agents": {
        "defaults": {"model": {"primary": "ollama/qwen3:8b", "fallbacks": ["openai/gpt-5"]}, "workspace": "portkey/x"},
        "entries": {"work": {"model": "anthropic/claude-opus-4-5", "heartbeat": {"model": "openai/gpt-5-mini"}}},
    },
    "models": {
        "mode": "replace",
        "providers": {"ollama": OLLAMA, "openrouter": {**ENTRY, "apiKey": "literal-of-mine"}},
    },
    "env": {"vars": {"OPENAI_API_KEY": "y"}},
    "tools": {"media": {"models": [{"provider": "openai", "model": "gpt-5"}]}},
}


def test_other_peoples_providers_are_not_touched(home: RemovalHome) -> None:
    home.write(json.dumps(OTHERS))
    plan = home.plan()
    assert not plan.changes
    # It leads to Portkey, and nothing says that it is ours.
    assert any("openrouter" in note and "--provider-id openrouter" in note for note in plan.notes)


def test_an_entry_goes_where_it_was_named(home: RemovalHome) -> None:
    wanted = copy.deepcopy(OTHERS)
    del wanted["models"]["providers"]["openrouter"]
    assert removed(home, OTHERS, "openrouter") == wanted


def test_a_name_that_is_no_entry_is_refused(home: RemovalHome) -> None:
    home.write(json.dumps(OTHERS))
    with pytest.raises(UserError, match="--provider-id portkey: OpenClaw's config has no such provider entry"):
        home.plan("portkey")


def test_one_of_two_entries_leaves_the_key_to_the_other(home: RemovalHome) -> None:
    config = {
        "models": {"providers": {"portkey": ENTRY, "portkey-openai": ENTRY}},
        "env": {"vars": {"PORTKEY_API_KEY": KEY}},
    }
    home.write(json.dumps(config))
    plan = home.remove("portkey")
    assert home.value == {"models": {"providers": {"portkey-openai": ENTRY}}, "env": {"vars": {"PORTKEY_API_KEY": KEY}}}
    assert any("models.providers.portkey-openai.apiKey needs it" in note for note in plan.notes)


# Every place that names a model

REFS: list[tuple[dict[str, Any], dict[str, Any]]] = [
    # The default model
    ({"agents": {"defaults": {"model": "portkey/a"}}}, {"agents": {"defaults": {}}}),
    ({"agents": {"defaults": {"model": {"primary": "portkey/a"}}}}, {"agents": {"defaults": {}}}),
    (
        {"agents": {"defaults": {"model": {"primary": "portkey/a", "fallbacks": ["portkey/b", "openai/c", "x/d"]}}}},
        {"agents": {"defaults": {"model": {"primary": "openai/c", "fallbacks": ["x/d"]}}}},
    ),
    (
        {"agents": {"defaults": {"model": {"primary": "portkey/a", "fallbacks": ["openai/c"]}}}},
        {"agents": {"defaults": {"model": {"primary": "openai/c"}}}},
    ),
    (
        {"agents": {"defaults": {"model": {"primary": "openai/c", "fallbacks": ["portkey/a", "x/d", "portkey/b"]}}}},
        {"agents": {"defaults": {"model": {"primary": "openai/c", "fallbacks": ["x/d"]}}}},
    ),
    (
        {"agents": {"defaults": {"model": {"primary": "openai/c", "fallbacks": ["portkey/a"]}}}},
        {"agents": {"defaults": {"model": {"primary": "openai/c"}}}},
    ),
    ({"agents": {"defaults": {"model": {"primary": "Portkey/a"}}}}, {"agents": {"defaults": {}}}),
    # A slug is no name of a provider
    ({"agents": {"defaults": {"model": "@portkey/a"}}}, {"agents": {"defaults": {"model": "@portkey/a"}}}),
    # Agents
    (
        {"agents": {"entries": {"w": {"model": "portkey/a", "name": "W"}, "v": {"model": "openai/c"}}}},
        {"agents": {"entries": {"w": {"name": "W"}, "v": {"model": "openai/c"}}}},
    ),
    (
        {"agents": {"list": [{"id": "w", "model": {"primary": "portkey/a", "fallbacks": ["openai/c"]}}, {"id": "v"}]}},
        {"agents": {"list": [{"id": "w", "model": {"primary": "openai/c"}}, {"id": "v"}]}},
    ),
    # Lists of what may be selected, and aliases
    (
        {"agents": {"defaults": {"modelPolicy": {"allow": ["portkey/*", "openai/*", "portkey/a"]}}}},
        {"agents": {"defaults": {"modelPolicy": {"allow": ["openai/*"]}}}},
    ),
    (
        {"agents": {"defaults": {"models": {"portkey/a": {"alias": "Best"}, "openai/c": {}}, "model": "best"}}},
        {"agents": {"defaults": {"models": {"openai/c": {}}}}},
    ),
    (
        {
            "agents": {
                "entries": {"w": {"modelPolicy": {"allow": ["openai/c", "portkey/b"]}, "models": {"portkey/b": {}}}}
            }
        },
        {"agents": {"entries": {"w": {"modelPolicy": {"allow": ["openai/c"]}, "models": {}}}}},
    ),
    # Models for one purpose
    (
        {
            "agents": {
                "defaults": {
                    "utilityModel": "portkey/a",
                    "heartbeat": {"every": "30m", "model": "portkey/a"},
                    "subagents": {"model": {"primary": "portkey/a", "fallbacks": ["openai/c"]}},
                    "imageModel": {"primary": "portkey/a", "timeoutMs": 5},
                    "mediaModels": {"video": {"primary": "openai/c", "fallbacks": ["portkey/a"]}},
                    "compaction": {"model": "portkey/a", "memoryFlush": {"model": "openai/c"}},
                    "imageGenerationModel": "portkey/a",
                    "workspace": "portkey/workspace",
                }
            },
            "hooks": {"mappings": [{"id": "m", "model": "portkey/a"}], "gmail": {"model": "openai/c"}},
            "channels": {"modelByChannel": {"telegram": {"1": "portkey/a", "2": "openai/c"}}},
            "tools": {
                "media": {"models": [{"provider": "portkey", "model": "a"}, {"provider": "openai", "model": "b"}]},
                "exec": {"applyPatch": {"allowModels": ["portkey/a", "openai/c"]}},
            },
        },
        {
            "agents": {
                "defaults": {
                    "heartbeat": {"every": "30m"},
                    "subagents": {"model": {"primary": "openai/c"}},
                    "imageModel": {"timeoutMs": 5},
                    "mediaModels": {"video": {"primary": "openai/c"}},
                    "compaction": {"memoryFlush": {"model": "openai/c"}},
                    "workspace": "portkey/workspace",
                }
            },
            "hooks": {"mappings": [{"id": "m"}], "gmail": {"model": "openai/c"}},
            "channels": {"modelByChannel": {"telegram": {"2": "openai/c"}}},
            "tools": {
                "media": {"models": [{"provider": "openai", "model": "b"}]},
                "exec": {"applyPatch": {"allowModels": ["openai/c"]}},
            },
        },
    ),
]


@pytest.mark.parametrize(("config", "wanted"), REFS)
def test_every_ref_goes_with_the_entry(home: RemovalHome, config: dict[str, Any], wanted: dict[str, Any]) -> None:
    models = {"providers": {"portkey": ENTRY, "ollama": OLLAMA}}
    assert removed(home, {**config, "models": models}) == {**wanted, "models": {"providers": {"ollama": OLLAMA}}}


def test_a_model_that_only_the_entry_lists_goes_without_its_name_too(home: RemovalHome) -> None:
    entry = {**ENTRY, "models": [{"id": "opus", "name": "O"}, {"id": "qwen3:8b", "name": "Q"}]}
    agents = {"defaults": {"model": "opus", "utilityModel": "qwen3:8b"}}
    config = {"agents": agents, "models": {"providers": {"portkey": entry, "ollama": OLLAMA}}}
    assert removed(home, config)["agents"] == {"defaults": {"utilityModel": "qwen3:8b"}}


def test_entries_that_differ_in_case_are_kept_apart(home: RemovalHome) -> None:
    agents = {"defaults": {"model": "Portkey/a", "utilityModel": "portkey/a"}}
    config = {"agents": agents, "models": {"providers": {"portkey": ENTRY, "Portkey": OLLAMA}}}
    assert removed(home, config, "portkey")["agents"] == {"defaults": {"model": "Portkey/a"}}


def test_what_names_the_provider_otherwise_stays_and_is_told(home: RemovalHome) -> None:
    config = {
        "models": {"providers": {"portkey": ENTRY}},
        "tools": {"byProvider": {"portkey": {"deny": ["exec"]}}},
        "auth": {"order": {"portkey": ["portkey:manual"]}},
        "memory": {"search": {"provider": "portkey"}},
    }
    home.write(json.dumps(config))
    notes = "\n".join(home.plan().notes)
    for place in ("tools.byProvider.portkey", "auth.order.portkey", "memory.search.provider"):
        assert f"{place} still names" in notes


def test_without_a_default_the_first_listed_model_is_named(home: RemovalHome) -> None:
    config = {
        "agents": {"defaults": {"model": "portkey/a"}},
        "models": {"providers": {"portkey": ENTRY, "ollama": OLLAMA}},
    }
    home.write(json.dumps(config))
    assert any("takes the first one listed, ollama/qwen3:8b" in note for note in home.plan().notes)


# The key


def test_the_key_stays_where_something_else_refers_to_it(home: RemovalHome) -> None:
    config = {
        "models": {"providers": {"portkey": ENTRY}},
        "env": {"vars": {"PORTKEY_API_KEY": KEY}},
        "mcp": {"servers": {"s": {"env": {"KEY": "${PORTKEY_API_KEY}"}}}},
    }
    home.folder.mkdir(mode=0o700)
    home.dotenv.write_text(f"PORTKEY_API_KEY={KEY}\n", encoding="utf-8")
    home.write(json.dumps(config))
    plan = home.remove()
    assert home.value["env"] == {"vars": {"PORTKEY_API_KEY": KEY}}
    assert home.dotenv.read_text(encoding="utf-8") == f"PORTKEY_API_KEY={KEY}\n"
    assert any("mcp.servers.s.env.KEY needs it" in note for note in plan.notes)


def test_the_variable_goes_out_of_the_state_folders_file(home: RemovalHome) -> None:
    home.write(json.dumps({"models": {"providers": {"portkey": ENTRY}}}))
    home.dotenv.write_bytes(f"# mine\r\nA=1\r\nPORTKEY_API_KEY={KEY}\r\n".encode())
    assert any(isinstance(change, EditDotenv) for change in home.remove().changes)
    assert home.dotenv.read_bytes() == b"# mine\r\nA=1\r\n"
    assert not home.plan().changes


def test_a_variable_that_setup_was_told_to_leave_alone_stays(home: RemovalHome) -> None:
    home.write("{}")
    home.dotenv.write_text(f"PORTKEY_API_KEY={KEY}\n", encoding="utf-8")
    home.setup(key_storage="env")
    home.rewrite()
    plan = home.remove()
    assert home.dotenv.read_text(encoding="utf-8") == f"PORTKEY_API_KEY={KEY}\n"
    assert any("PORTKEY_API_KEY stays in ~/.openclaw/.env" in note for note in plan.notes)


def test_a_key_in_the_keyring_goes_with_the_way_to_it(home: RemovalHome) -> None:
    home.write(json.dumps({"secrets": {"providers": {"mine": {"source": "env"}}}}))
    home.setup(key_storage="keyring")
    home.rewrite()
    plan = home.remove()
    assert any(isinstance(change, ForgetSecret) for change in plan.changes)
    assert any(isinstance(change, RemoveFile | RestoreFile) for change in plan.changes)
    assert "portkey" not in home.config.read_text(encoding="utf-8")
    assert home.value["secrets"] == {"providers": {"mine": {"source": "env"}}}
    assert not list(home.folder.glob("portkey-claw-*"))
    assert not any("undo" not in account for _, account in home.keyring.entries)
    assert not home.plan().changes


# After setup and a write of OpenClaw's own

BEGINNINGS: dict[str, dict[str, Any]] = {
    "nothing": {},
    "a text": {"agents": {"defaults": {"model": "openai/gpt-5"}}},
    "an object": {"agents": {"defaults": {"model": {"primary": "openai/gpt-5"}}}},
    "fallbacks": {"agents": {"defaults": {"model": {"primary": "openai/gpt-5", "fallbacks": ["x/d", "y/e"]}}}},
    "more than models": {"agents": {"defaults": {"model": {"primary": "openai/gpt-5"}, "workspace": "w"}}},
    "empty objects": {"agents": {"defaults": {}}, "models": {"providers": {}}, "env": {"vars": {}}},
    "a provider": {"models": {"providers": {"ollama": OLLAMA}}, "agents": {"defaults": {"model": "ollama/qwen3:8b"}}},
    "a mode": {"models": {"mode": "merge", "providers": {"ollama": OLLAMA}}},
    "a list": {"agents": {"defaults": {"modelPolicy": {"allow": ["openai/*"]}}}},
    "variables": {"env": {"vars": {"OTHER": "1"}, "shellEnv": {"enabled": True}}},
}


@pytest.mark.parametrize("beginning", BEGINNINGS.values(), ids=BEGINNINGS)
@pytest.mark.parametrize("given", [{}, {"fallback": [OTHER_MODEL]}, {"key_storage": "dotenv"}], ids=str)
def test_after_openclaws_own_write_the_meaning_from_before_comes_back(
    home: RemovalHome, beginning: dict[str, Any], given: dict[str, Any]
) -> None:
    home.write(json.dumps(beginning))
    home.setup(**given)
    assert home.value != beginning
    home.rewrite()
    home.remove()
    assert home.value == {**beginning, "meta": {"lastTouchedVersion": "2026.5.7"}}
    assert not home.dotenv.exists()
    assert not home.plan().changes


def test_what_was_added_since_stays(home: RemovalHome) -> None:
    home.write('{ agents: { defaults: { model: "openai/gpt-5" } } }')
    home.setup()
    value = home.value
    value["models"]["providers"]["ollama"] = OLLAMA
    value["env"]["vars"]["OTHER"] = "1"
    value["agents"]["defaults"]["model"] = {"primary": f"portkey/{MODEL}", "fallbacks": ["ollama/qwen3:8b"]}
    home.rewrite(value)
    home.remove()
    assert home.value == {
        "agents": {"defaults": {"model": {"primary": "openai/gpt-5", "fallbacks": ["ollama/qwen3:8b"]}}},
        # The entry that came later may have been written with this mode in mind.
        "models": {"mode": "merge", "providers": {"ollama": OLLAMA}},
        "env": {"vars": {"OTHER": "1"}},
        "meta": {"lastTouchedVersion": "2026.5.7"},
    }


def test_models_are_named_no_more_by_an_entry_that_was_taken_out_by_hand(home: RemovalHome) -> None:
    home.write('{ agents: { defaults: { model: "openai/gpt-5" } } }')
    home.setup()
    value = home.value
    del value["models"]["providers"]["portkey"]
    home.rewrite(value)
    home.remove()
    assert home.value == {
        "agents": {"defaults": {"model": "openai/gpt-5"}},
        "meta": {"lastTouchedVersion": "2026.5.7"},
    }
    assert not home.plan().changes


def test_a_config_by_a_roundabout_path_is_edited(home: RemovalHome) -> None:
    config = {"models": {"$include": "./models.json5"}, "agents": {"defaults": {"model": "portkey/a"}}}
    home.write(json.dumps(config))
    entries = {"providers": {"portkey": ENTRY, "ollama": OLLAMA}}
    (home.folder / "models.json5").write_text(json.dumps(entries), encoding="utf-8")
    home.variables["OPENCLAW_CONFIG_PATH"] = f"{home.folder}/../.openclaw/openclaw.json"
    home.remove()
    assert home.value == {"models": {"$include": "./models.json5"}, "agents": {"defaults": {}}}
    assert json.loads((home.folder / "models.json5").read_text(encoding="utf-8")) == {"providers": {"ollama": OLLAMA}}
    home.setup()
    home.remove()
    assert home.value == {"models": {"$include": "./models.json5"}, "agents": {"defaults": {}}}


def test_taking_out_setting_up_and_taking_out_again(home: RemovalHome) -> None:
    home.write(SEED_QUICK_START)
    home.remove()
    taken_out = home.value
    home.setup()
    home.remove()
    assert home.value == taken_out
    assert not home.plan().changes


def test_a_comment_that_was_added_since_stays(home: RemovalHome) -> None:
    home.write("{\n  // mine\n}\n")
    home.setup()
    text = home.config.read_text(encoding="utf-8")
    home.write(
        text.replace("providers: {", "providers: { // added").replace('"providers": {', '"providers": { // added')
    )
    home.remove()
    after = home.config.read_text(encoding="utf-8")
    assert "// mine" in after
    assert "// added" in after
    assert "portkey" not in after
    assert not home.plan().changes


def test_an_included_file_is_edited_where_the_entry_stands(home: RemovalHome) -> None:
    home.write(
        '{ models: { $include: "./models.json5" }, // elsewhere\n  agents: { defaults: { model: "portkey/a" } } }\n'
    )
    included = home.folder / "models.json5"
    included.write_text(f"{{ providers: {{ portkey: {json.dumps(ENTRY)}, // mine\n }} }}\n", encoding="utf-8")
    home.remove()
    assert '$include: "./models.json5"' in home.config.read_text(encoding="utf-8")
    assert "portkey" not in home.config.read_text(encoding="utf-8")
    assert "portkey" not in included.read_text(encoding="utf-8")
    assert not home.plan().changes


def test_an_agent_that_setup_wrote_down_goes_again(home: RemovalHome) -> None:
    home.write("{ agents: {} }")
    home.rewrite({"agents": {"list": [{"id": "main", "model": {"primary": "portkey/a"}}]}, "models": {}})
    home.config.write_text("{ agents: {}, models: { providers: {} } }\n", encoding="utf-8")
    home.setup()
    value = home.value
    value["agents"] = {"list": [{"id": "main", "model": {"primary": f"portkey/{MODEL}"}}]}
    home.rewrite(value)
    home.remove()
    assert home.value["agents"] == {}


def test_a_saved_profile_that_stays_is_named_with_the_command_for_the_default_agent(home: RemovalHome) -> None:
    """Without `--agent` OpenClaw refuses where there are several."""
    home.write('{ agents: { list: [ { id: "other" }, { id: "boss", default: true } ] } }')
    home.setup()
    store = {"version": 1, "profiles": {"portkey:manual": {"type": "api_key", "provider": "portkey", "key": "k" * 20}}}
    (home.folder / "state").mkdir()
    with closing(sqlite3.connect(home.folder / "state/openclaw.sqlite")) as database, database:
        database.execute("CREATE TABLE config_machine_state (state_key TEXT, value_json TEXT)")
        database.execute("INSERT INTO config_machine_state VALUES ('authProfiles.store', ?)", (json.dumps(store),))
    notes = " ".join(home.plan().notes)
    assert "openclaw models auth logout portkey:manual --agent boss --yes" in notes
