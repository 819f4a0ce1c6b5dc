"""Keys that OpenClaw has saved itself, in the files of one line of versions and in the database of the other."""

from __future__ import annotations

import json
import os
import sqlite3
from pathlib import Path

import pytest

from tests.unit.openclaw.conftest import Surroundings
from wizard.keys.vault import Vault
from wizard.openclaw.profile_rank import before_references, outranks
from wizard.openclaw.profiles import saved_profiles
from wizard.openclaw.seen import ConfigFile, Install, OpenClawSeen, SavedProfile

KEY = "hT3k9dJ2lAq8ZxW0pRk5"
STORE = {
    "version": 1,
    "profiles": {
        "portkey:manual": {"type": "api_key", "provider": "portkey", "key": KEY},
        "portkey:ref": {"type": "api_key", "provider": "portkey", "keyRef": {"source": "env", "id": "A"}},
        "other:token": {"type": "token", "provider": "other", "token": "a-token-of-1"},
        "odd": "no object",
        "nameless": {"key": "x"},
    },
}


def write_file(state: Path, text: str, agent: str = "main") -> Path:
    path = state / "agents" / agent / "agent/auth-profiles.json"
    path.parent.mkdir(parents=True)
    path.write_text(text)
    return path


def write_database(state: Path, value: object, *, wal: bool = False) -> sqlite3.Connection:
    (state / "state").mkdir(parents=True)
    connection = sqlite3.connect(state / "state/openclaw.sqlite")
    if wal:
        connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("CREATE TABLE config_machine_state (state_key TEXT PRIMARY KEY, value_json TEXT)")
    connection.execute("INSERT INTO config_machine_state VALUES ('authProfiles.store', ?)", (value,))
    connection.commit()
    return connection


def profiles(surroundings: Surroundings, home: Path, vault: Vault) -> tuple[SavedProfile, ...]:
    return saved_profiles(home / ".openclaw", surroundings(), vault)


def summary(found: tuple[SavedProfile, ...]) -> list[tuple[str, str, bool]]:
    return [(each.provider_id, each.name, each.key is not None) for each in found]


THREE = [("portkey", "portkey:manual", True), ("portkey", "portkey:ref", False), ("other", "other:token", True)]


def test_the_file_of_an_agent(home: Path, surroundings: Surroundings, vault: Vault) -> None:
    write_file(home / ".openclaw", json.dumps(STORE))
    found = profiles(surroundings, home, vault)
    assert summary(found) == THREE
    assert found[0].location == "~/.openclaw/agents/main/agent/auth-profiles.json"
    assert vault.reveal(found[0].key or "") == KEY
    assert KEY not in repr(found)


def test_the_files_of_several_agents(home: Path, surroundings: Surroundings, vault: Vault) -> None:
    for agent in ("b", "a"):
        write_file(home / ".openclaw", json.dumps({"profiles": {agent: {"provider": agent}}}), agent)
    assert [each.provider_id for each in profiles(surroundings, home, vault)] == ["a", "b"]


@pytest.mark.parametrize("wal", [False, True], ids=["journal", "wal"])
def test_the_database_while_somebody_writes_to_it(
    home: Path, surroundings: Surroundings, vault: Vault, wal: bool
) -> None:
    connection = write_database(home / ".openclaw", json.dumps(STORE), wal=wal)
    connection.execute("INSERT INTO config_machine_state VALUES ('being written', '1')")
    try:
        found = profiles(surroundings, home, vault)
    finally:
        connection.rollback()
        connection.close()
    assert summary(found) == THREE
    assert found[0].location == "~/.openclaw/state/openclaw.sqlite"
    assert KEY not in repr(found)


def test_the_database_comes_before_the_files(home: Path, surroundings: Surroundings, vault: Vault) -> None:
    write_database(home / ".openclaw", json.dumps({"profiles": {"new": {"provider": "portkey"}}})).close()
    write_file(home / ".openclaw", json.dumps({"profiles": {"old": {"provider": "portkey"}}}))
    assert [each.name for each in profiles(surroundings, home, vault)] == ["new", "old"]


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "null", '{"profiles": []}', '{"profiles": null}', "[" * 99_999, "\udcff"],
    ids=lambda t: t[:9],
)
def test_a_store_that_says_nothing(home: Path, surroundings: Surroundings, vault: Vault, text: str) -> None:
    path = write_file(home / ".openclaw", "")
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    assert profiles(surroundings, home, vault) == ()


@pytest.mark.parametrize("value", [None, 7, b"\xff", "{", "[]"])
def test_a_row_that_says_nothing(home: Path, surroundings: Surroundings, vault: Vault, value: object) -> None:
    write_database(home / ".openclaw", value).close()
    assert profiles(surroundings, home, vault) == ()


@pytest.mark.parametrize(
    "data", [b"", b"no database at all, but long enough to be read as one", b"SQLite format 3\x00" + b"x" * 100]
)
def test_a_file_that_is_no_database(home: Path, surroundings: Surroundings, vault: Vault, data: bytes) -> None:
    (home / ".openclaw/state").mkdir(parents=True)
    (home / ".openclaw/state/openclaw.sqlite").write_bytes(data)
    assert profiles(surroundings, home, vault) == ()


def test_what_is_no_file(home: Path, surroundings: Surroundings, vault: Vault) -> None:
    assert profiles(surroundings, home, vault) == ()
    (home / ".openclaw/state/openclaw.sqlite").mkdir(parents=True)
    folder = home / ".openclaw/agents/main/agent"
    folder.mkdir(parents=True)
    os.mkfifo(folder / "auth-profiles.json")
    assert profiles(surroundings, home, vault) == ()


def write_agent_database(state: Path, agent: str, value: object) -> Path:
    path = state / "agents" / agent / "agent/openclaw-agent.sqlite"
    path.parent.mkdir(parents=True)
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE auth_profile_store (store_key TEXT PRIMARY KEY, store_json TEXT)")
        connection.execute("INSERT INTO auth_profile_store VALUES ('primary', ?)", (value,))
    connection.close()
    return path


def test_the_database_of_an_agent(home: Path, surroundings: Surroundings, vault: Vault) -> None:
    write_database(home / ".openclaw", json.dumps({"profiles": {"all": {"provider": "all"}}})).close()
    write_agent_database(home / ".openclaw", "desk", json.dumps(STORE))
    write_file(home / ".openclaw", json.dumps({"profiles": {"old": {"provider": "old"}}}))
    found = profiles(surroundings, home, vault)
    assert [(each.provider_id, each.agent, each.in_database) for each in found] == [
        ("all", None, True),
        ("portkey", "desk", True),
        ("portkey", "desk", True),
        ("other", "desk", True),
        ("old", "main", False),
    ]
    assert found[1].location == "~/.openclaw/agents/desk/agent/openclaw-agent.sqlite"
    assert vault.reveal(found[1].key or "") == KEY


REFERENCE = {"source": "exec", "provider": "portkey-claw", "id": "portkey"}


@pytest.mark.parametrize(
    ("api_key", "newer"),
    [
        ("${PORTKEY_API_KEY}", False),
        (REFERENCE, False),
        ({"source": "env", "provider": "default", "id": "PORTKEY_API_KEY"}, False),
        ("a-literal-key", True),
        ("pre${PORTKEY_API_KEY}", True),
        ("${lower}", True),
        ("portkey:manual", True),
        (None, True),
    ],
    ids=str,
)
def test_what_a_saved_profile_comes_before(api_key: object, newer: bool) -> None:
    assert outranks(api_key, (2026, 9, 6)) is newer
    assert outranks(api_key, (2026, 5, 7))
    assert outranks(api_key, None)


@pytest.mark.parametrize(("version", "names"), [("2026.9.6", ["file"]), ("2026.5.7", ["database", "file"])])
def test_the_profiles_that_come_before_a_store_of_ours(version: str, names: list[str]) -> None:
    saved = (
        SavedProfile("portkey", "database", "~/.openclaw/state/openclaw.sqlite", None),
        SavedProfile("portkey", "file", "~/.openclaw/agents/main/agent/auth-profiles.json", None, "main"),
    )
    seen = OpenClawSeen(Install("/usr/bin/openclaw", version), ConfigFile("", "default"), saved_profiles=saved)
    assert [each.name for each in before_references(seen)] == names
