"""Auth profiles: keys that OpenClaw has saved itself. It prefers them to the key in the config.

Source: seen on the wire on 2026.5.7 and 2026.9.6. 2026.5.7 keeps them in a file for each agent, 2026.9.6 everybody's in
its state database and an agent's own in that agent's; see docs/facts/openclaw.md.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from wizard.base import limits
from wizard.base.environment import Environment
from wizard.base.files import UnreadableFileError, read_text
from wizard.keys.vault import Vault
from wizard.openclaw.database import read_rows
from wizard.openclaw.seen import SavedProfile

FILE_NAME: Final = "auth-profiles.json"
_FILES: Final = f"agents/*/agent/{FILE_NAME}"
_DATABASE: Final = "state/openclaw.sqlite"
_ROW: Final = "SELECT value_json FROM config_machine_state WHERE state_key = 'authProfiles.store'"
_AGENT_DATABASES: Final = "agents/*/agent/openclaw-agent.sqlite"
_AGENT_ROW: Final = "SELECT store_json FROM auth_profile_store WHERE store_key = 'primary'"


def saved_profiles(state_dir: Path, environment: Environment, vault: Vault) -> tuple[SavedProfile, ...]:
    """The saved profiles, the database's first; what cannot be read is as if it were not there."""
    found: list[SavedProfile] = []
    database = state_dir / _DATABASE
    found.extend(_profiles(_stored(database, _ROW), environment.display(database), None, vault))
    for path in sorted(state_dir.glob(_AGENT_DATABASES)):
        found.extend(_profiles(_stored(path, _AGENT_ROW), environment.display(path), _agent(path), vault))
    for path, text in _from_files(state_dir):
        found.extend(_profiles(text, environment.display(path), _agent(path), vault))
    return tuple(found)


def _agent(path: Path) -> str:
    return path.parent.parent.name


def _stored(path: Path, query: str) -> str:
    rows = read_rows(path, query)
    return rows[0][0] if rows and isinstance(rows[0][0], str) else ""


def _from_files(state_dir: Path) -> Iterator[tuple[Path, str]]:
    for path in sorted(state_dir.glob(_FILES)):
        try:
            yield path, read_text(path, limit=limits.CONFIG_BYTES).text
        except UnreadableFileError:
            continue


def _profiles(text: str, location: str, agent: str | None, vault: Vault) -> Iterator[SavedProfile]:
    try:
        store = json.loads(text) if text else None
    except (ValueError, RecursionError):
        return
    profiles = store.get("profiles") if isinstance(store, dict) else None
    for name, profile in profiles.items() if isinstance(profiles, dict) else ():
        if not isinstance(profile, dict) or not isinstance(profile.get("provider"), str):
            continue
        key = _plain_key(profile)
        handle = vault.take(key, f"auth profile {name}").handle if key else None
        yield SavedProfile(profile["provider"], name, location, handle, agent)


def _plain_key(profile: dict[str, Any]) -> str | None:
    """The key or token that stands in the profile itself; one that is only referred to is not ours to read."""
    for name in ("key", "token"):
        if isinstance(profile.get(name), str) and profile[name].strip():
            return str(profile[name])
    return None
