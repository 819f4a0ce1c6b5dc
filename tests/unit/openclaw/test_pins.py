"""Pinned sessions and held-back providers, in the shapes of both lines of versions."""

from __future__ import annotations

import json
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from wizard.openclaw.lockout import LockOut, lock_outs
from wizard.openclaw.pins import SessionPin, pinned_outside, session_pins

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
YESTERDAY, LAST_YEAR = NOW - timedelta(days=1), NOW - timedelta(days=365)
SESSIONS = "CREATE TABLE session_nodes (session_key TEXT, entry_json TEXT, updated_at INTEGER, archived_at INTEGER)"
STATE = "CREATE TABLE auth_profile_state (state_key TEXT, state_json TEXT)"


def ms(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)


def _agent_database(state: Path, agent: str = "main") -> sqlite3.Connection:
    path = state / "agents" / agent / "agent/openclaw-agent.sqlite"
    path.parent.mkdir(parents=True)
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute(SESSIONS)
    connection.execute(STATE)
    return connection


def _session(connection: sqlite3.Connection, key: str, entry: str, at: datetime, archived: int | None = None) -> None:
    connection.execute("INSERT INTO session_nodes VALUES (?, ?, ?, ?)", (key, entry, ms(at), archived))


PINNED = {"providerOverride": "anthropic", "modelOverride": "claude-x", "skillsSnapshot": {"prompt": "long"}}


def test_the_rows_of_the_database(tmp_path: Path) -> None:
    with _agent_database(tmp_path) as connection:
        _session(connection, "agent:main:main", json.dumps(PINNED), YESTERDAY)
        _session(connection, "agent:main:later", json.dumps({"modelOverride": "m"}), NOW)
        _session(connection, "agent:main:free", json.dumps({"modelProvider": "anthropic", "model": "claude-x"}), NOW)
        _session(connection, "agent:main:old", json.dumps(PINNED), LAST_YEAR)
        _session(connection, "agent:main:archived", json.dumps(PINNED), NOW, archived=1)
        _session(connection, "agent:main:broken", "{", NOW)
    connection.close()
    assert session_pins(tmp_path, NOW) == (
        SessionPin("main", "agent:main:later", "", "m", NOW),
        SessionPin("main", "agent:main:main", "anthropic", "claude-x", YESTERDAY),
    )


def test_the_entries_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "agents/desk/sessions/sessions.json"
    path.parent.mkdir(parents=True)
    entries: dict[str, Any] = {
        "agent:desk:main": {**PINNED, "updatedAt": ms(YESTERDAY)},
        "agent:desk:old": {**PINNED, "updatedAt": ms(LAST_YEAR)},
        "agent:desk:free": {"updatedAt": ms(NOW)},
        "agent:desk:timeless": PINNED,
        "agent:desk:endless": {**PINNED, "updatedAt": 10**30},
        "odd": "no object",
    }
    path.write_text(json.dumps(entries))
    assert session_pins(tmp_path, NOW) == (SessionPin("desk", "agent:desk:main", "anthropic", "claude-x", YESTERDAY),)


@pytest.mark.parametrize("text", ["", "[]", "{", "null"])
def test_a_file_that_is_no_store(tmp_path: Path, text: str) -> None:
    path = tmp_path / "agents/desk/sessions/sessions.json"
    path.parent.mkdir(parents=True)
    path.write_text(text)
    assert session_pins(tmp_path, NOW) == ()


def test_only_pins_to_other_providers_stand_in_the_way() -> None:
    inside, outside, unnamed = (SessionPin("main", name, name, "m", NOW) for name in ("Portkey", "anthropic", ""))
    assert pinned_outside((inside, outside, unnamed), {"portkey"}) == (outside, unnamed)


def test_a_database_that_is_none(tmp_path: Path) -> None:
    path = tmp_path / "agents/main/agent/openclaw-agent.sqlite"
    path.parent.mkdir(parents=True)
    path.write_text("not a database, but long enough to be looked into as if it were one" * 20)
    assert session_pins(tmp_path, NOW) == ()
    assert lock_outs(tmp_path, NOW) == ()


def _held(state: Path, stats: Any) -> tuple[LockOut, ...]:
    with _agent_database(state) as connection:
        text = stats if isinstance(stats, str) else json.dumps({"version": 1, "usageStats": stats})
        connection.execute("INSERT INTO auth_profile_state VALUES ('primary', ?)", (text,))
    connection.close()
    return lock_outs(state, NOW)


SOON, LATER = NOW + timedelta(seconds=30), NOW + timedelta(minutes=10)


def test_what_is_held_back_now(tmp_path: Path) -> None:
    stats = {
        "inline-api-key:portkey": {"cooldownUntil": ms(SOON), "cooldownReason": "auth", "errorCount": 1},
        "portkey:manual": {"disabledUntil": ms(LATER), "disabledReason": "billing"},
        "inline-api-key:over": {"cooldownUntil": ms(YESTERDAY), "cooldownReason": "auth"},
        "inline-api-key:never": {"errorCount": 0},
        "inline-api-key:endless": {"cooldownUntil": 10**30},
        "odd": "no object",
    }
    assert _held(tmp_path, stats) == (
        LockOut("main", "portkey", LATER, "billing", "portkey:manual"),
        LockOut("main", "portkey", SOON, "auth"),
    )


@pytest.mark.parametrize("text", ["{", "[]", "{}", '{"usageStats": []}'])
def test_a_state_that_says_nothing(tmp_path: Path, text: str) -> None:
    assert _held(tmp_path, text) == ()
