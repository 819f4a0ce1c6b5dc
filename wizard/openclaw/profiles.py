"""Auth profiles: keys that OpenClaw has saved itself. It prefers them to the key in the config.

Source: seen on the wire on 2026.3.13, 2026.5.7 and 2026.9.6; where they are kept was looked up on 2026.5.7 (a file an
agent) and 2026.9.6 (the row `authProfiles.store` of the state database), see docs/facts/openclaw.md.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from wizard.base import limits
from wizard.base.environment import Environment
from wizard.base.files import UnreadableFileError, read_text
from wizard.keys.vault import Vault
from wizard.openclaw.seen import SavedProfile

_FILES: Final = "agents/*/agent/auth-profiles.json"
_DATABASE: Final = "state/openclaw.sqlite"
_ROW: Final = "SELECT value_json FROM config_machine_state WHERE state_key = 'authProfiles.store'"


def saved_profiles(state_dir: Path, environment: Environment, vault: Vault) -> tuple[SavedProfile, ...]:
    """The saved profiles, the database's first; what cannot be read is as if it were not there."""
    found: list[SavedProfile] = []
    for path, text in ((state_dir / _DATABASE, _from_database(state_dir / _DATABASE)), *_from_files(state_dir)):
        agent = None if path.name == Path(_DATABASE).name else path.parent.parent.name
        found.extend(_profiles(text, environment.display(path), agent, vault))
    return tuple(found)


def _from_files(state_dir: Path) -> Iterator[tuple[Path, str]]:
    for path in sorted(state_dir.glob(_FILES)):
        try:
            yield path, read_text(path, limit=limits.CONFIG_BYTES).text
        except UnreadableFileError:
            continue


def _from_database(path: Path) -> str:
    """The store's JSON, read from a copy: a running OpenClaw must not be kept from writing."""
    import sqlite3

    try:
        if not path.is_file() or path.stat().st_size > limits.DATABASE_BYTES:
            return ""
        with tempfile.TemporaryDirectory(prefix="portkey-claw-") as folder:
            copy = Path(folder) / path.name
            for suffix in ("", "-wal"):
                source = path.with_name(path.name + suffix)
                if source.is_file() and source.stat().st_size <= limits.DATABASE_BYTES:
                    shutil.copyfile(source, copy.with_name(copy.name + suffix))
            connection = sqlite3.connect(copy, timeout=limits.LOCK_SECONDS)
            try:
                row = connection.execute(_ROW).fetchone()
            finally:
                connection.close()
    except (OSError, sqlite3.Error):
        return ""
    return row[0] if row and isinstance(row[0], str) else ""


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
