"""How long OpenClaw holds a provider back after a refused key. A new key does not end it.

Source: 2026.9.6 keeps it for each agent in the agent's database, under the provider's name for a key of the config and
under the profile's for a saved one: 30 s after a first 401 or 403, 10 min after a 402. 2026.5.7 holds nothing back. See
docs/facts/openclaw.md.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any, Final

from wizard.openclaw.database import read_rows

_DATABASES: Final = "agents/*/agent/openclaw-agent.sqlite"
_QUERY: Final = "SELECT state_json FROM auth_profile_state WHERE state_key = 'primary'"
_INLINE: Final = "inline-api-key:"
_AGENTS: Final = 100


@dataclass(frozen=True, slots=True)
class LockOut:
    """A provider that OpenClaw makes no request to for a while.

    Attributes:
        agent: whose turns are held back.
        provider_id: the provider.
        until: when it ends.
        reason: OpenClaw's word: `auth` or `billing`.
        profile: the saved profile that is held back, or None for the config's key.
    """

    agent: str
    provider_id: str
    until: datetime
    reason: str
    profile: str | None = None


def lock_outs(state_dir: Path, now: datetime) -> tuple[LockOut, ...]:
    """What is held back now, the longest first; what cannot be read is as if it were not there."""
    found: list[LockOut] = []
    for path in islice(sorted(state_dir.glob(_DATABASES)), _AGENTS):
        rows = read_rows(path, _QUERY)
        if rows and isinstance(rows[0][0], str):
            found.extend(_held_back(path.parent.parent.name, rows[0][0]))
    return tuple(sorted((each for each in found if each.until > now), key=lambda each: each.until, reverse=True))


def _held_back(agent: str, text: str) -> Iterator[LockOut]:
    try:
        state = json.loads(text)
    except (ValueError, RecursionError):
        return
    stats = state.get("usageStats") if isinstance(state, dict) else None
    for name, entry in stats.items() if isinstance(stats, dict) else ():
        if not isinstance(entry, dict):
            continue
        inline = name.startswith(_INLINE)
        provider_id = name.removeprefix(_INLINE) if inline else name.partition(":")[0]
        for end, reason in (("cooldownUntil", "cooldownReason"), ("disabledUntil", "disabledReason")):
            until = _moment(entry.get(end))
            if until is not None:
                said = entry.get(reason)
                yield LockOut(
                    agent, provider_id, until, said if isinstance(said, str) else "auth", None if inline else name
                )


def _moment(value: Any) -> datetime | None:
    try:
        return datetime.fromtimestamp(value / 1000, UTC) if isinstance(value, int | float) else None
    except (OverflowError, ValueError, OSError):
        return None
