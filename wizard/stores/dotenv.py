"""The store `dotenv`: the key as a variable in the `.env` file of OpenClaw's state folder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from wizard.base import limits
from wizard.change.edits import ConfigEdits
from wizard.change.plan import Change, EditDotenv, RemoveVariable, SetVariable
from wizard.change.raw import read_now
from wizard.openclaw.dotenv import parse_dotenv
from wizard.openclaw.env_layers import KEY_VARIABLE
from wizard.stores.entries import VARIABLE_REFERENCE, point_entries
from wizard.stores.model import StoreContext


def reference(context: StoreContext) -> str:  # noqa: ARG001 - every store answers this
    """What belongs into the `apiKey` of an entry."""
    return VARIABLE_REFERENCE


def put(edits: ConfigEdits, handle: str, context: StoreContext) -> tuple[Change, ...]:
    """Puts the key into the file, and makes the entries refer to it.

    Raises:
        UserError: the file is there and cannot be read; exit code 4.
    """
    point_entries(edits, context, reference(context))
    path = place(context)
    found, present = _read(path, context)
    if present is not None and edits.reveal(handle) == present:
        return ()
    replaced = ", in the place of another one" if present else ""
    effect = f"the key {handle} (from {context.origin}) as {KEY_VARIABLE}{replaced}"
    return (EditDotenv(path, found, (SetVariable(KEY_VARIABLE, handle, effect),)),)


def take_away(edits: ConfigEdits, context: StoreContext) -> tuple[Change, ...]:  # noqa: ARG001 - every store has it
    """Takes the variable out of every `.env` file of OpenClaw's folders.

    Raises:
        UserError: a file is there and cannot be read; exit code 4.
    """
    changes = []
    for path in files(context):
        found, present = _read(path, context)
        if found is not None and present is not None:
            changes.append(EditDotenv(path, found, (RemoveVariable(KEY_VARIABLE, f"{KEY_VARIABLE} taken away"),)))
    return tuple(changes)


def place(context: StoreContext) -> Path:
    """The file for the key: the one that has it now, else the one that belongs to this config alone.

    Where the config was chosen by a path, OpenClaw reads the `.env` beside it too, after the default folder's.
    """
    own = context.located.later_dotenv or context.located.dotenv
    return next((path for path in files(context) if _read(path, context)[1] is not None), own)


def files(context: StoreContext) -> Iterator[Path]:
    """OpenClaw's own `.env` files, in the order in which it reads them."""
    yield context.located.dotenv
    if context.located.later_dotenv is not None:
        yield context.located.later_dotenv


def digest(path: Path, context: StoreContext) -> str | None:
    """The SHA-256 of a file's bytes, or None where there is none."""
    return read_now(path, context.environment, limit=limits.ENV_FILE_BYTES).digest


def _read(path: Path, context: StoreContext) -> tuple[str | None, str | None]:
    """The digest of the file's bytes, and the key in it; None where there is none."""
    file = read_now(path, context.environment, limit=limits.ENV_FILE_BYTES)
    if file.data is None:
        return None, None
    found = parse_dotenv(file.data.decode("utf-8", errors="replace")).get(KEY_VARIABLE)
    return file.digest, found[0] if found else None
