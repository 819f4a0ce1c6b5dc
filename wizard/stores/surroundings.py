"""The store `env`: the key is in an environment that the user keeps, nothing is stored."""

from __future__ import annotations

from wizard.change.edits import ConfigEdits
from wizard.change.plan import Change
from wizard.stores.entries import VARIABLE_REFERENCE, point_entries
from wizard.stores.model import StoreContext


def reference(context: StoreContext) -> str:  # noqa: ARG001 - every store answers this
    """What belongs into the `apiKey` of an entry."""
    return VARIABLE_REFERENCE


def put(edits: ConfigEdits, handle: str, context: StoreContext) -> tuple[Change, ...]:  # noqa: ARG001 - nothing is kept
    """Makes the entries refer to the variable."""
    point_entries(edits, context, reference(context))
    return ()


def take_away(edits: ConfigEdits, context: StoreContext) -> tuple[Change, ...]:  # noqa: ARG001 - it is not ours
    """Changes nothing: the shell and the working folder are the user's own."""
    return ()
