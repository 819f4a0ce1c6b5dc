"""Sessions that are pinned to a model of their own: a new default does not move them.

Source: 2026.9.6 keeps a row for each session in the agent's database, 2026.5.7 an entry in the agent's `sessions.json`;
a pin is `providerOverride` and `modelOverride` in either. See docs/facts/openclaw.md.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any, Final

from wizard.base import limits
from wizard.base.files import UnreadableFileError, read_text
from wizard.openclaw.database import read_rows

RECENT: Final = timedelta(days=30)
_DATABASES: Final = "agents/*/agent/openclaw-agent.sqlite"
_FILES: Final = "agents/*/sessions/sessions.json"
_AGENTS: Final = 100
_SESSIONS: Final = 1000
# An entry also holds every skill's description, which nobody wants to have read here.
_QUERY: Final = """
    SELECT session_key, updated_at, json_extract(entry_json, '$.providerOverride'),
           json_extract(entry_json, '$.modelOverride')
    FROM (SELECT * FROM session_nodes WHERE updated_at >= ? AND archived_at IS NULL
          ORDER BY updated_at DESC LIMIT 1000)
    WHERE json_valid(entry_json) AND json_extract(entry_json, '$.modelOverride') IS NOT NULL
"""


@dataclass(frozen=True, slots=True)
class SessionPin:
    """A session with a model of its own.

    Attributes:
        agent: whose session it is.
        session: its key, such as `agent:main:main`.
        provider_id: the model's provider; empty where the pin names none.
        model: the model's id.
        used_at: when the session was used last.
    """

    agent: str
    session: str
    provider_id: str
    model: str
    used_at: datetime


def session_pins(state_dir: Path, now: datetime, recent: timedelta = RECENT) -> tuple[SessionPin, ...]:
    """The pinned sessions that were used lately, the last used first; what cannot be read is as if it were not there.

    Of each agent the 1000 sessions used last are looked at.
    """
    since = now - recent
    earliest = int(since.timestamp() * 1000)
    found: list[SessionPin] = []
    for path in islice(sorted(state_dir.glob(_DATABASES)), _AGENTS):
        rows = read_rows(path, _QUERY, (earliest,), limit=_SESSIONS)
        found.extend(_pins(path.parent.parent.name, rows))
    for path in islice(sorted(state_dir.glob(_FILES)), _AGENTS):
        found.extend(pin for pin in _pins(path.parent.parent.name, _entries(path)) if pin.used_at >= since)
    return tuple(sorted(found, key=lambda pin: pin.used_at, reverse=True))


def pinned_outside(pins: Iterable[SessionPin], provider_ids: Collection[str]) -> tuple[SessionPin, ...]:
    """The pins that lead to another provider than these."""
    inside = {provider_id.lower() for provider_id in provider_ids}
    return tuple(pin for pin in pins if pin.provider_id.lower() not in inside)


def _entries(path: Path) -> Iterator[tuple[Any, ...]]:
    try:
        store = json.loads(read_text(path, limit=limits.SESSIONS_BYTES).text)
    except (UnreadableFileError, ValueError, RecursionError):
        return
    for key, entry in store.items() if isinstance(store, dict) else ():
        if isinstance(entry, dict):
            yield key, entry.get("updatedAt"), entry.get("providerOverride"), entry.get("modelOverride")


def _pins(agent: str, rows: Iterable[tuple[Any, ...]]) -> Iterator[SessionPin]:
    for key, updated_at, provider_id, model in rows:
        if not isinstance(model, str) or not model or not isinstance(updated_at, int | float):
            continue
        try:
            used_at = datetime.fromtimestamp(updated_at / 1000, UTC)
        except (OverflowError, ValueError, OSError):
            continue
        yield SessionPin(agent, str(key), provider_id if isinstance(provider_id, str) else "", model, used_at)
