"""Auth profiles: keys that OpenClaw has saved itself, which it prefers to the config's. Only their owners are read."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from wizard.base import limits
from wizard.base.files import UnreadableFileError, read_text

_OLD_STORE: Final = "agents/*/agent/auth-profiles.json"


def saved_profiles(state_dir: Path) -> tuple[str, ...]:
    """The ids of the providers that have a saved key, sorted; values are never read into memory of ours to stay."""
    found: set[str] = set()
    for path in sorted(state_dir.glob(_OLD_STORE)):
        found.update(_owners(_json(path)))
    return tuple(sorted(found))


def _json(path: Path) -> Any:
    try:
        return json.loads(read_text(path, limit=limits.CONFIG_BYTES).text)
    except (UnreadableFileError, ValueError):
        return None


def _owners(store: Any) -> Iterator[str]:
    profiles = store.get("profiles") if isinstance(store, dict) else None
    for profile in profiles.values() if isinstance(profiles, dict) else ():
        if isinstance(profile, dict) and isinstance(profile.get("provider"), str):
            yield profile["provider"]
