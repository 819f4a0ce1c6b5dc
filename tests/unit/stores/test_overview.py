"""Every copy of the key is found, and the one that OpenClaw takes is marked."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import replace

import pytest

from tests.unit.stores.places import ENTRY, KEY, OTHER, Place
from wizard.keys.keyring_store import SERVICE, KeyringError, KeyringTrouble
from wizard.openclaw.seen import KeyringKey
from wizard.stores.backups import is_openclaws_record, prunable, prune
from wizard.stores.keyring import account_of
from wizard.stores.model import KeyCopy, Storage
from wizard.stores.moving import plan_set
from wizard.stores.overview import copies

PROFILES = {"version": 1, "profiles": {"portkey:manual": {"type": "api_key", "provider": "portkey", "key": OTHER}}}


def by_layer(found: tuple[KeyCopy, ...], layer: str) -> KeyCopy:
    (copy,) = [each for each in found if each.layer == layer]
    return copy


def test_a_home_with_nothing_has_no_copy(place: Place) -> None:
    assert place.copies() == ()


@pytest.mark.parametrize(
    ("layer", "location"),
    [
        ("process-env", "the process environment"),
        ("cwd-dotenv", "~/project/.env:1"),
        ("state-dotenv", "~/.openclaw/.env:1"),
        ("gateway-env-file", "~/.config/openclaw/gateway.env:1"),
        ("config-env", "~/.openclaw/openclaw.json"),
    ],
)
def test_the_key_is_found_in_each_layer_and_wins_where_it_is_alone(place: Place, layer: str, location: str) -> None:
    place.configures(key=KEY if layer == "config-env" else None)
    if layer == "process-env":
        place.variables["PORTKEY_API_KEY"] = KEY
    if layer == "cwd-dotenv":
        place.cwd = place.write("project/.env", f"PORTKEY_API_KEY={KEY}\n").parent
    if layer == "state-dotenv":
        place.write(".openclaw/.env", f"PORTKEY_API_KEY={KEY}\n")
    if layer == "gateway-env-file":
        place.write(".config/openclaw/gateway.env", f"PORTKEY_API_KEY={KEY}\n")
    (copy,) = place.copies()
    assert (copy.layer, copy.handle, copy.wins, copy.providers) == (layer, place.takes(KEY), True, ("portkey",))
    assert copy.location.startswith(location)


def test_the_strongest_layer_wins_and_the_others_are_losers(place: Place) -> None:
    place.configures(key=KEY)
    place.variables["PORTKEY_API_KEY"] = OTHER
    place.write(".openclaw/.env", f"PORTKEY_API_KEY={KEY}\n")
    assert [(copy.layer, copy.wins) for copy in place.copies()] == [
        ("process-env", True),
        ("state-dotenv", False),
        ("config-env", False),
    ]


def test_an_empty_variable_is_told_for_it_hides_the_files(place: Place) -> None:
    place.configures()
    place.variables["PORTKEY_API_KEY"] = ""
    place.write(".openclaw/.env", f"PORTKEY_API_KEY={KEY}\n")
    found = place.copies()
    assert not any(copy.wins for copy in found)
    assert "hides" in by_layer(found, "process-env").note


def test_a_literal_key_and_one_in_a_header_are_found_where_they_stand(place: Place) -> None:
    place.configures(entry={"apiKey": KEY, "headers": {"x-portkey-api-key": KEY, "x-portkey-provider": "@a"}})
    literal, header = by_layer(place.copies(), "literal"), by_layer(place.copies(), "header")
    assert literal.place == ("models", "providers", "portkey", "apiKey")
    assert header.place == ("models", "providers", "portkey", "headers", "x-portkey-api-key")
    assert (literal.handle, header.handle) == (place.takes(KEY), place.takes(KEY))
    # Portkey reads its own header first.
    assert header.wins


def test_another_vendors_key_beside_the_portkey_header_is_no_copy(place: Place) -> None:
    place.configures(key=KEY, entry={"apiKey": OTHER, "headers": {"x-portkey-api-key": "${PORTKEY_API_KEY}"}})
    assert [copy.layer for copy in place.copies()] == ["config-env"]


def test_a_key_under_a_name_of_the_users_own_is_found(place: Place) -> None:
    place.configures(entry={"apiKey": "${TEAM_PORTKEY}"})
    place.write(".openclaw/.env", f"TEAM_PORTKEY={KEY}\n")
    (copy,) = place.copies()
    assert (copy.layer, copy.name, copy.wins) == ("state-dotenv", "TEAM_PORTKEY", True)
    assert "TEAM_PORTKEY" in copy.note


def test_each_entry_has_its_own_winner(place: Place) -> None:
    second = {**ENTRY, "apiKey": OTHER}
    place.configures(key=KEY, models={"providers": {"portkey": ENTRY, "portkey-openai": second}})
    found = place.copies()
    assert by_layer(found, "config-env").providers == ("portkey",)
    assert by_layer(found, "literal").providers == ("portkey-openai",)


def test_entries_that_go_elsewhere_are_not_looked_at(place: Place) -> None:
    vendor = {"baseUrl": "https://api.openai.com/v1", "apiKey": OTHER, "models": [{"id": "gpt", "name": "GPT"}]}
    place.configures(key=KEY, models={"providers": {"portkey": ENTRY, "openai": vendor}})
    assert [copy.handle for copy in place.copies()] == [place.takes(KEY)]


def test_a_secret_provider_of_somebody_else_is_named_and_not_run(place: Place) -> None:
    ref = {"source": "exec", "provider": "vault", "id": "portkey/key"}
    place.configures(entry={"apiKey": ref}, secrets={"providers": {"vault": {"source": "exec", "command": "/bin/x"}}})
    (copy,) = place.copies()
    assert (copy.layer, copy.handle, copy.wins) == ("secret-exec", None, True)
    assert "vault" in copy.note
    assert "not asked" in copy.note


def test_a_saved_profile_of_an_agent_wins_over_the_config(place: Place) -> None:
    place.configures(key=KEY)
    path = place.write(".openclaw/agents/main/agent/auth-profiles.json", PROFILES)
    found = place.copies()
    profile = by_layer(found, "auth-profile")
    assert (profile.handle, profile.wins, profile.path) == (place.takes(OTHER), True, path)
    assert not by_layer(found, "config-env").wins


def test_a_saved_profile_in_the_database_is_found(place: Place) -> None:
    place.configures(key=KEY)
    (place.home / ".openclaw/state").mkdir()
    database = sqlite3.connect(place.home / ".openclaw/state/openclaw.sqlite")
    database.execute("CREATE TABLE config_machine_state (state_key TEXT, value_json TEXT)")
    store = json.dumps(PROFILES)
    database.execute("INSERT INTO config_machine_state VALUES ('authProfiles.store', ?)", (store,))
    database.commit()
    database.close()
    profile = by_layer(place.copies(), "auth-profile")
    assert (profile.handle, profile.wins, profile.path) == (place.takes(OTHER), True, None)


def test_the_keyrings_entry_is_found_even_if_nothing_refers_to_it(place: Place) -> None:
    place.configures()
    place.keyring.write(SERVICE, account_of(place.located), KEY)
    (copy,) = place.copies()
    assert (copy.layer, copy.handle, copy.wins) == ("keyring", place.takes(KEY), False)
    assert "refers" in copy.note


@pytest.mark.parametrize(
    ("key", "wins", "said"),
    [
        (KeyringKey("ACCOUNT", "HANDLE"), True, ""),
        (KeyringKey("ACCOUNT", "HANDLE", resolver="missing"), False, "missing"),
        (KeyringKey("ACCOUNT", trouble="no-entry", detail="none"), False, "not there"),
        (KeyringKey("ACCOUNT", trouble="locked", detail="It is locked."), True, "It is locked."),
    ],
)
def test_the_keyring_wins_where_it_reaches_openclaw(place: Place, key: KeyringKey, wins: bool, said: str) -> None:
    account = account_of(place.located)
    place.configures(entry={"apiKey": {"source": "exec", "provider": "portkey-claw", "id": account}})
    handle = place.takes(KEY) if key.handle else None
    seen = replace(place.seen, keyring_keys=(replace(key, account=account, handle=handle),))
    (copy,) = copies(seen, place.located, place.environment, place.vault, place.keyring)
    assert (copy.layer, copy.handle, copy.wins) == ("keyring", handle, wins)
    assert said in copy.note


def test_a_keyring_that_does_not_serve_is_no_trouble_where_nothing_needs_it(place: Place) -> None:
    place.configures(key=KEY)
    place.keyring.trouble = KeyringError(KeyringTrouble.LOCKED, "a keyring", "It is locked.")
    assert [copy.layer for copy in place.copies()] == ["config-env"]


@pytest.mark.parametrize("ending", [".bak", ".bak.1", ".bak.2", ".bak.3", ".bak.4", ".last-good"])
def test_openclaws_backups_are_found_with_the_key_and_with_older_ones(place: Place, ending: str) -> None:
    place.configures(key=OTHER)
    place.config.rename(place.config.with_name(f"openclaw.json{ending}"))
    place.configures(key=KEY)
    backup = by_layer(place.copies(), "backup")
    assert (backup.handle, backup.wins) == (place.takes(OTHER), False)
    assert backup.location == f"~/.openclaw/openclaw.json{ending}"


def test_every_backup_of_every_file_of_the_config_can_be_pruned(place: Place) -> None:
    place.write(".openclaw/env.json5", {"vars": {"PORTKEY_API_KEY": KEY}})
    place.configures(env={"$include": "./env.json5"})
    names = ("openclaw.json.last-good", "openclaw.json.bak.2", "env.json5.bak", "env.json5.bak.1")
    kept = [place.write(f".openclaw/{name}", f'{{vars: {{PORTKEY_API_KEY: "{KEY}"}}}}') for name in names]
    mine = place.write(".openclaw/openclaw.json.bak-mine", KEY)
    found = prunable(place.located, [place.takes(KEY)], place.environment, place.vault, place.keyring)
    assert {copy.path for copy in found} == set(kept)
    prune(found, place.located, place.environment, place.vault, place.keyring)
    assert not any(path.exists() for path in kept)
    assert mine.exists()


def test_openclaws_record_of_a_turn_is_named_and_is_no_backup_to_prune(place: Place) -> None:
    """2026.5.7 writes a variable there whose name does not look like a secret's."""
    place.configures(key=KEY)
    record = place.write(".openclaw/agents/main/sessions/1.trajectory.jsonl", f'{{"vars":{{"KEY_A":"{KEY}"}}}}\n' * 2)
    copy = by_layer(place.copies(), "backup")
    assert (copy.path, copy.handle, is_openclaws_record(copy)) == (record, place.takes(KEY), True)
    assert not prunable(place.located, [place.takes(KEY)], place.environment, place.vault, place.keyring)


def test_a_backup_that_cannot_be_parsed_is_searched_for_known_keys(place: Place) -> None:
    place.configures(key=KEY)
    place.write(".openclaw/openclaw.json.bak", f"not json at all {KEY}")
    assert by_layer(place.copies(), "backup").handle == place.takes(KEY)


def test_openclaws_own_copy_of_the_entries_is_found(place: Place) -> None:
    place.configures(entry={"apiKey": KEY})
    place.write(".openclaw/agents/main/agent/models.json", {"providers": {"portkey": {"apiKey": KEY}}})
    assert by_layer(place.copies(), "backup").location == "~/.openclaw/agents/main/agent/models.json"


@pytest.mark.parametrize("storage", [Storage.OPENCLAW_ENV, Storage.DOTENV])
def test_our_own_files_from_before_a_change_are_found_until_they_are_pruned(place: Place, storage: Storage) -> None:
    place.configures()
    context = place.context()
    for value in (KEY, OTHER):
        place.applies(plan_set(place.source, place.takes(value), storage, (), context, place.vault).plan)
    before = [copy for copy in place.copies() if copy.layer == "backup"]
    assert {copy.handle for copy in before} == {place.takes(KEY)}
    assert all(copy.path is not None and KEY in copy.path.read_text() for copy in before)
    prune(before, place.located, place.environment, place.vault, place.keyring)
    assert [copy for copy in place.copies() if copy.layer == "backup"] == []
    assert [path for path in place.home.rglob("*") if path.is_file() and KEY in path.read_text(errors="replace")] == []


def test_an_old_value_that_undo_keeps_in_the_keyring_is_found_until_it_is_pruned(place: Place) -> None:
    place.configures()
    for value in (KEY, OTHER):
        moving = plan_set(place.source, place.takes(value), Storage.KEYRING, (), place.context(), place.vault)
        place.applies(moving.plan)
    (kept,) = [copy for copy in place.copies() if copy.layer == "backup"]
    assert (kept.handle, kept.path) == (place.takes(KEY), None)
    prune((kept,), place.located, place.environment, place.vault, place.keyring)
    assert KEY not in place.keyring.entries.values()
    assert [copy for copy in place.copies() if copy.layer == "backup"] == []


@pytest.mark.parametrize("comment", ["// once {key}\n", "/* apiKey: {key} */\n"])
def test_a_key_in_a_comment_is_found(place: Place, comment: str) -> None:
    place.configures(key=KEY)
    place.config.write_text(comment.format(key=KEY) + place.config.read_text())
    other = by_layer(place.copies(), "other-setting")
    assert (other.location, other.handle) == ("~/.openclaw/openclaw.json:1", place.takes(KEY))


@pytest.mark.parametrize(
    ("line", "seen"),
    [
        (f"export PORTKEY_API_KEY={KEY}", True),
        (f'  export PORTKEY_API_KEY="{KEY}"  # mine', True),
        (f"PORTKEY_API_KEY='{KEY}'", True),
        (f"set -gx PORTKEY_API_KEY {KEY}", True),
        ("export PORTKEY_API_KEY=$(pass show portkey)", False),
        ('export PORTKEY_API_KEY="$OTHER"', False),
    ],
)
def test_the_start_up_files_of_shells_are_looked_through(place: Place, line: str, seen: bool) -> None:
    place.write(".bashrc", f"# first\n{line}\n")
    (copy,) = place.copies()
    assert (copy.layer, copy.location) == ("login-shell", "~/.bashrc:2")
    assert copy.handle == (place.takes(KEY) if seen else None)


@pytest.mark.parametrize("line", ["# export PORTKEY_API_KEY=x", "export PORTKEY_API_KEY=", "echo PORTKEY_API_KEY=x"])
def test_lines_that_set_nothing_are_none(place: Place, line: str) -> None:
    place.write(".bashrc", f"{line}\n")
    assert place.copies() == ()


def test_a_config_that_cannot_be_parsed_leaves_the_places_outside_it(place: Place) -> None:
    place.write(".openclaw/openclaw.json", "{ not json")
    place.write(".openclaw/.env", f"PORTKEY_API_KEY={KEY}\n")
    assert [(copy.layer, copy.wins) for copy in place.copies()] == [("state-dotenv", False)]


def test_no_copy_shows_the_key(place: Place) -> None:
    place.configures(key=KEY, entry={"headers": {"x-portkey-api-key": KEY}})
    place.variables["PORTKEY_API_KEY"] = KEY
    place.write(".openclaw/openclaw.json.bak", KEY)
    place.write(".bashrc", f"export PORTKEY_API_KEY={KEY}\n")
    assert KEY not in repr(place.copies())
