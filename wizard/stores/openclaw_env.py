"""The store `openclaw-env`: the key as a variable in OpenClaw's config, `env.vars.PORTKEY_API_KEY`."""

from __future__ import annotations

from typing import Final

from wizard.change.edits import ConfigEdits
from wizard.change.plan import Change
from wizard.openclaw.env_layers import KEY_VARIABLE
from wizard.openclaw.seen import ConfigPath
from wizard.stores.entries import VARIABLE_REFERENCE, point_entries
from wizard.stores.model import StoreContext

PLACE: Final[ConfigPath] = ("env", "vars", KEY_VARIABLE)
# OpenClaw refuses a variable right below `env` from 2026.8.1 on, and every version reads env.vars.
OLD_PLACE: Final[ConfigPath] = ("env", KEY_VARIABLE)


def reference(context: StoreContext) -> str:  # noqa: ARG001 - every store answers this
    """What belongs into the `apiKey` of an entry."""
    return VARIABLE_REFERENCE


def put(edits: ConfigEdits, handle: str, context: StoreContext) -> tuple[Change, ...]:
    """Puts the key into the config, and makes the entries refer to it."""
    replaced = ", in the place of another one" if edits.get(PLACE) else ""
    edits.set(PLACE, handle, f"the key {handle} (from {context.origin}) in env.vars{replaced}")
    edits.delete(OLD_PLACE, f"env.{KEY_VARIABLE} taken away: the key's place is env.vars")
    point_entries(edits, context, reference(context))
    return ()


def take_away(edits: ConfigEdits, context: StoreContext) -> tuple[Change, ...]:  # noqa: ARG001 - every store has it
    """Takes the key's variable out of the config; what refers to it stays."""
    for path in (PLACE, OLD_PLACE):
        edits.delete(path, f"{'.'.join(map(str, path))} taken away")
    return ()
