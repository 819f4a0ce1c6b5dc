"""Taking the key out of OpenClaw's saved auth profiles, where they are in a file of their own.

2026.9.6 keeps them in its state database, which only OpenClaw itself may write; 2026.5.7 in a JSON file for each agent.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from wizard.change.edits import ConfigEdits
from wizard.change.plan import EditConfig
from wizard.change.raw import read_now
from wizard.stores.model import PROFILE_LAYER, KeyCopy, StoreContext


def without_profiles(found: Sequence[KeyCopy], context: StoreContext) -> tuple[EditConfig, ...]:
    """The edits that take these profiles out of their files; profiles in the database are passed over.

    Raises:
        UserError: a file cannot be read; exit code 4.
    """
    by_path: dict[Any, list[str]] = {}
    for copy in found:
        if copy.layer == PROFILE_LAYER and copy.path is not None:
            by_path.setdefault(copy.path, []).append(copy.name)
    edits = []
    for path, names in by_path.items():
        file = read_now(path, context.environment)
        change = ConfigEdits(json.loads((file.data or b"{}").decode("utf-8-sig")), str)
        for name in names:
            change.delete(("profiles", name), f"OpenClaw's saved profile {name} taken away")
            _forget(change, name)
        edits.append(EditConfig(path, file.digest, tuple(change.operations)))
    return tuple(edits)


def _forget(change: ConfigEdits, name: str) -> None:
    """What else names the profile in its file: OpenClaw would look for it in vain."""
    for section in ("lastGood", "usageStats"):
        kept = change.get((section,))
        for key, value in kept.items() if isinstance(kept, dict) else ():
            if name in (key, value):
                change.delete((section, key), f"{section}.{key} taken away")
    order = change.get(("order",))
    for provider, names in order.items() if isinstance(order, dict) else ():
        if isinstance(names, list) and name in names:
            rest = [each for each in names if each != name]
            change.set(("order", provider), rest, f"order.{provider} without {name}")
