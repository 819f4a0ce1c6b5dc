"""Whether a change is still there a moment later.

The write itself is read back at once. But a program that had read the file before it may write its own version over it
seconds later: OpenClaw 2026.5.7's `config set` compares too early to notice. So look again at the end of a run.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from wizard.base import limits
from wizard.base.environment import Environment
from wizard.base.files import UnreadableFileError, read_bytes
from wizard.change.dotenv_edit import read_value
from wizard.change.entries import Action, FileKind, FileRecord, FileState, Given, bears_stamp
from wizard.change.given import look
from wizard.change.journal import history
from wizard.change.raw import digest_of_bytes
from wizard.json5doc import Document, Json5SyntaxError, format_path


def lost(entry_id: str | None, environment: Environment) -> tuple[str, ...]:
    """The places of a change that are not as it left them any more, as people write them; empty where all are.

    Args:
        entry_id: the change, as `apply` named it; None for one that had nothing to do.
        environment: whose journal and files these are.
    """
    entry = next((each for each in history(environment) if each.id == entry_id), None)
    if entry is None:
        return ()
    return tuple(place for file in entry.files for place in _lost_in(file, environment))


def words_of_loss(places: Sequence[str], *, undone: bool = False) -> str:
    """A sentence about what is lost of a change, and what to do; empty where nothing is.

    Args:
        places: what is lost, by `lost`.
        undone: whether the change took others back. The same command again would take back the one before.
    """
    if not places:
        return ""
    advice = (
        "Look there: what came back goes with portkey-claw setup --remove, or by hand."
        if undone
        else "Once it is done (openclaw config set, for one), run this command again."
    )
    return f"Another program wrote over this change meanwhile: {', '.join(places)}. {advice}"


def bears_all(file: FileRecord, environment: Environment) -> bool:
    """Whether a file that another program has written still has every place as a change gave it."""
    return bool(file.given) and not any(_lost_in(file, environment))


def bears_none(file: FileRecord, environment: Environment) -> bool:
    """Whether it is known that a file that another program has written has no place as a change gave it."""
    if not file.given:
        return False
    data = _bytes(file)
    if data is None:
        return not os.path.lexists(file.path)
    if file.kind is not FileKind.DOTENV and _value(data) is None:
        return False
    return len(tuple(_lost_in(file, environment))) == len(file.given)


def _bytes(file: FileRecord) -> bytes | None:
    try:
        return read_bytes(Path(file.path), limit=limits.CONFIG_BYTES)[0]
    except UnreadableFileError:
        return None


def _lost_in(file: FileRecord, environment: Environment) -> Iterator[str]:
    shown = environment.display(file.path)
    data = _bytes(file)
    if data is None or not file.given:
        if not _is_as_left(data, file.after, partly=bool(file.given)):
            yield shown
        return
    value = None if file.kind is FileKind.DOTENV else _value(data)
    for given in file.given:
        there = _in_dotenv(data, given) if file.kind is FileKind.DOTENV else _in_config(value, given)
        if not there:
            yield f"{format_path(given.path)} in {shown}"


def _is_as_left(data: bytes | None, after: FileState | None, *, partly: bool) -> bool:
    if data is None or after is None or partly:
        return data is None and after is None
    return digest_of_bytes(data) == after.digest


def _in_dotenv(data: bytes, given: Given) -> bool:
    value = read_value(data, str(given.path[0]))
    return value is None if given.action is Action.DELETE else bears_stamp(value, given.stamp)


def _in_config(value: Any, given: Given) -> bool:
    there, present = look(value, given.path)
    if given.action is Action.DELETE:
        return not there
    if given.action is Action.APPEND:
        return isinstance(present, list) and any(bears_stamp(item, given.stamp) for item in present)
    return there and bears_stamp(present, given.stamp)


def _value(data: bytes) -> Any:
    try:
        return Document.parse(data.decode("utf-8")).value
    except (UnicodeDecodeError, Json5SyntaxError):
        return None
