"""`setup --remove` where every byte since the first setup is ours: the first bytes come back."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest

from tests.unit.setup.removal_home import KEY, MODEL, OTHER_MODEL, RemovalHome
from wizard.change import undo
from wizard.change.apply import apply
from wizard.change.plan import ForgetSecret, Plan, RestoreFile
from wizard.change.trusted_hosts import remembered_origins, remembering
from wizard.keys.keyring_store import KeyringError, KeyringTrouble
from wizard.keys.vault import Vault
from wizard.portkey import hosts
from wizard.setup.removing import key

HAND_WRITTEN = """\
// my OpenClaw
{
  agents: { defaults: { model: 'ollama/qwen3:8b' } }, // local
  models: {
    providers: {
      ollama: { baseUrl: 'http://127.0.0.1:11434/v1', api: 'openai-completions', apiKey: 'x', models: [], },
    },
  },
}
"""


@pytest.fixture
def home(tmp_path: Path) -> RemovalHome:
    (tmp_path / "home").mkdir(mode=0o700)
    return RemovalHome(tmp_path / "home")


@pytest.fixture(autouse=True)
def _open_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(key, "describe_keyring", lambda _: "a keyring")


BEGINNINGS = {
    "hand-written": HAND_WRITTEN,
    "empty object": "{}",
    "carriage returns": HAND_WRITTEN.replace("\n", "\r\n"),
    "byte order mark": "\ufeff" + HAND_WRITTEN,
    "strict, no line end": '{"agents":{"defaults":{"model":{"primary":"openai/gpt-5","fallbacks":["ollama/a"]}}}}',
    "empty objects in odd layout": "{ models:{  } ,\n\n agents:\t{ defaults : { } } , env: { /* none */ },}\n",
    "a list of models to select": '{ agents: { defaults: { modelPolicy: { allow: ["ollama/*"] } } } }\n',
}


@pytest.mark.parametrize("beginning", BEGINNINGS.values(), ids=BEGINNINGS)
@pytest.mark.parametrize("storage", ["openclaw-env", "keyring", "dotenv", "env"])
def test_the_first_bytes_come_back(home: RemovalHome, beginning: str, storage: str) -> None:
    home.write(beginning, 0o640)
    home.setup(key_storage=storage)
    assert home.config.read_bytes() != beginning.encode()
    home.remove()
    assert home.config.read_bytes() == beginning.encode()
    assert stat.S_IMODE(home.config.stat().st_mode) == 0o640
    assert sorted(path.name for path in home.folder.iterdir()) == ["openclaw.json"]
    assert not any(service == "portkey-claw" and "undo" not in account for service, account in home.keyring.entries)
    assert not home.plan().changes


@pytest.mark.parametrize("storage", ["openclaw-env", "keyring", "dotenv", "env"])
def test_a_config_that_setup_made_goes_with_its_folder(home: RemovalHome, storage: str) -> None:
    home.setup(key_storage=storage)
    assert home.config.exists()
    home.remove()
    assert not home.folder.exists()
    assert not home.plan().changes


def test_a_folder_with_something_else_in_it_stays(home: RemovalHome) -> None:
    home.setup()
    (home.folder / "workspace").mkdir()
    home.remove()
    assert [path.name for path in home.folder.iterdir()] == ["workspace"]


def test_the_first_bytes_come_back_after_several_setups_and_key_moves(home: RemovalHome) -> None:
    home.write(HAND_WRITTEN)
    home.dotenv.write_bytes(b"# mine\nOTHER=1\n")
    home.setup()
    home.setup(model=[OTHER_MODEL], key_storage="keyring")
    home.setup(api="anthropic-messages", trace_id="t", key_storage="dotenv")
    home.setup(provider_id="portkey-openai", model=[OTHER_MODEL])
    assert b"PORTKEY_API_KEY" in home.dotenv.read_bytes()
    home.remove()
    assert home.config.read_text(encoding="utf-8") == HAND_WRITTEN
    assert home.dotenv.read_bytes() == b"# mine\nOTHER=1\n"
    assert not list(home.folder.glob("portkey-claw-*"))
    assert not home.plan().changes


def test_a_setup_for_one_agent_leaves_no_trace(home: RemovalHome) -> None:
    beginning = '{ agents: { list: [ { id: "main" }, { id: "work", model: "openai/gpt-5" } ] } }\n'
    home.write(beginning)
    home.setup(agent="work", fallback=[OTHER_MODEL])
    assert home.value["agents"]["list"][1]["model"] != "openai/gpt-5"
    home.remove()
    assert home.config.read_text(encoding="utf-8") == beginning


def test_a_link_stays_a_link(home: RemovalHome) -> None:
    home.folder.mkdir(mode=0o700)
    target = home.home / "dotfiles.json5"
    target.write_text(HAND_WRITTEN, encoding="utf-8")
    home.config.symlink_to(target)
    home.setup()
    home.remove()
    assert home.config.is_symlink()
    assert target.read_text(encoding="utf-8") == HAND_WRITTEN


def test_included_files_return_as_well(home: RemovalHome) -> None:
    main = '{ models: { $include: "./models.json5" }, // elsewhere\n}\n'
    included = "// entries\n{ providers: {} }\n"
    home.write(main)
    (home.folder / "models.json5").write_text(included, encoding="utf-8")
    home.setup()
    assert "portkey" in (home.folder / "models.json5").read_text(encoding="utf-8")
    home.remove()
    assert home.config.read_text(encoding="utf-8") == main
    assert (home.folder / "models.json5").read_text(encoding="utf-8") == included


def test_removing_is_a_change_like_any_other_and_can_be_taken_back(home: RemovalHome) -> None:
    home.write(HAND_WRITTEN)
    home.setup(key_storage="keyring")
    set_up, entries = home.config.read_bytes(), dict(home.keyring.entries)
    home.remove()
    taken = undo.plan_undo(home.environment, Vault(), keyring=home.keyring)
    assert taken is not None
    undo.carry_out_undo(taken, home.environment, Vault(), keyring=home.keyring)
    assert home.config.read_bytes() == set_up
    assert len(list(home.folder.glob("portkey-claw-resolver-*"))) == 1
    assert entries.items() <= home.keyring.entries.items()


def test_the_diff_shows_no_secret_of_the_old_bytes(home: RemovalHome) -> None:
    secret = "sk-ant-api03-9f8e7d6c5b4a39281706f5e4d3c2b1a0"
    home.write(HAND_WRITTEN.replace("'x'", f"'{secret}'"))
    home.setup()
    diff = home.diff()
    assert "-      portkey: {" in diff
    assert secret not in diff
    assert KEY not in diff
    assert secret not in repr(home.plan())


def test_a_config_that_led_to_portkey_before_does_so_again_and_that_is_said(home: RemovalHome) -> None:
    beginning = (
        '{ models: { providers: { portkey: { baseUrl: "https://api.portkey.ai/v1", apiKey: "${PORTKEY_API_KEY}", '
        'api: "anthropic-messages", models: [{ id: "@a/b", name: "B" }] } } } }\n'
    )
    home.write(beginning)
    home.setup(model=["@a/b"])
    plan = home.remove()
    assert home.config.read_text(encoding="utf-8") == beginning
    again = home.plan()
    assert not again.changes
    for each in (plan, again):
        assert any("portkey-claw setup --remove --provider-id portkey" in note for note in each.notes)
    home.remove("portkey")
    assert "portkey" not in home.config.read_text(encoding="utf-8")


def test_the_gateway_that_was_confirmed_is_forgotten(home: RemovalHome) -> None:
    home.write(HAND_WRITTEN)
    for url in ("https://gateway.example.com", "https://other.example.com"):
        where = hosts.origin(url)
        assert where is not None
        change = remembering(where, home.environment)
        assert change is not None
        apply(Plan((change,)), home.environment, Vault(), keyring=home.keyring)
    home.setup(gateway_url="https://gateway.example.com/v1")
    assert len(remembered_origins(home.environment)) == 2
    home.remove()
    assert remembered_origins(home.environment) == ("https://other.example.com",)


def test_the_keyring_is_not_asked_where_nothing_of_ours_refers_to_it(
    home: RemovalHome, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(key, "describe_keyring", lambda _: pytest.fail("it was asked"))
    home.write(HAND_WRITTEN)
    home.setup()
    assert not any(isinstance(change, ForgetSecret) for change in home.remove().changes)


@pytest.mark.parametrize("trouble", list(KeyringTrouble))
def test_a_keyring_that_is_gone_does_not_stand_in_the_way(
    home: RemovalHome, monkeypatch: pytest.MonkeyPatch, trouble: KeyringTrouble
) -> None:
    def refuse(environment: object) -> str:
        raise KeyringError(trouble, "", "there is none.")

    home.write(HAND_WRITTEN)
    home.setup(key_storage="keyring")
    monkeypatch.setattr(key, "describe_keyring", refuse)
    plan = home.plan()
    assert any(isinstance(change, RestoreFile) for change in plan.changes)
    # One that is locked can be opened: then the entry goes too, and until then nothing is changed.
    locked = trouble is KeyringTrouble.LOCKED
    assert any(isinstance(change, ForgetSecret) for change in plan.changes) == locked
    assert any("its entry stays" in note for note in plan.notes) != locked


def test_an_edit_by_hand_stays_and_everything_else_is_as_it_was(home: RemovalHome) -> None:
    home.write(HAND_WRITTEN)
    home.setup(fallback=[OTHER_MODEL])
    text = home.config.read_text(encoding="utf-8")
    home.write(text.replace("// my OpenClaw", "// my own OpenClaw, edited since"))
    home.remove()
    wanted = HAND_WRITTEN.replace("// my OpenClaw", "// my own OpenClaw, edited since")
    assert home.config.read_text(encoding="utf-8") == wanted


def test_nothing_is_planned_where_nothing_is_ours(home: RemovalHome) -> None:
    assert not home.plan().changes
    home.write(HAND_WRITTEN)
    assert not home.plan().changes


def test_what_stays_is_named(home: RemovalHome) -> None:
    home.write(HAND_WRITTEN)
    home.setup()
    (home.folder / "openclaw.json.bak").write_bytes(home.config.read_bytes())
    (home.home / ".env").write_text(f"PORTKEY_API_KEY={KEY}\n", encoding="utf-8")
    (home.home / ".bashrc").write_text(f"export PORTKEY_API_KEY={KEY}\n", encoding="utf-8")
    notes = "\n".join(home.plan().notes)
    assert "~/.openclaw/openclaw.json.bak" in notes
    assert "the process environment" in notes
    assert "~/.bashrc:1" in notes
    assert "~/.env" in notes
    assert KEY not in notes


def test_saved_keys_and_pinned_sessions_are_named(home: RemovalHome) -> None:
    home.write(HAND_WRITTEN)
    home.setup()
    profiles = home.folder / "agents" / "main" / "agent" / "auth-profiles.json"
    profiles.parent.mkdir(parents=True)
    profile = {"type": "api_key", "provider": "portkey", "key": "another-key-of-theirs-1"}
    profiles.write_text(json.dumps({"version": 1, "profiles": {"portkey:manual": profile}}), encoding="utf-8")
    sessions = home.folder / "agents" / "main" / "sessions" / "sessions.json"
    sessions.parent.mkdir(parents=True)
    now = int(home.environment.now().timestamp() * 1000)
    pins = {
        f"agent:main:{name}": {"updatedAt": now, "providerOverride": provider, "modelOverride": "m"}
        for name, provider in (("main", "portkey"), ("other", "openai"))
    }
    sessions.write_text(json.dumps(pins), encoding="utf-8")
    notes = "\n".join(home.plan().notes)
    assert "a saved key for portkey: portkey:manual in ~/.openclaw/agents/main/agent/auth-profiles.json" in notes
    assert "agent:main:main (portkey/m)" in notes
    assert "agent:main:other" not in notes


def test_our_own_copies_are_named_where_they_hold_the_key(home: RemovalHome) -> None:
    home.write(HAND_WRITTEN)
    home.setup()
    home.setup(model=[MODEL, OTHER_MODEL])
    assert any("~/.local/state/portkey-claw" in note for note in home.plan().notes)
