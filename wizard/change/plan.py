"""What is to be changed, as data. Secrets stand in it as handles; only `apply` reveals them."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from wizard.base.errors import UserError, not_written
from wizard.change.entries import FileKind
from wizard.json5doc import Document, Json5EditError
from wizard.openclaw.seen import ConfigPath

Reveal: TypeAlias = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Set:
    """Gives the value at a path; objects that are missing on the way are made.

    Attributes:
        path: the value's place.
        value: plain JSON data, secrets as handles.
        effect: what it is good for, for people, such as `primary model portkey/@anthropic/claude-opus-4-5`.
    """

    path: ConfigPath
    value: Any
    effect: str


@dataclass(frozen=True, slots=True)
class Append:
    """Adds an item at the end of the list at a path, which must be there."""

    path: ConfigPath
    value: Any
    effect: str


@dataclass(frozen=True, slots=True)
class Delete:
    """Takes the member or item at a path away, which must be there."""

    path: ConfigPath
    effect: str


Operation: TypeAlias = Set | Append | Delete


@dataclass(frozen=True, slots=True)
class EditConfig:
    """One write of OpenClaw's config, of a file that it includes, or of another JSON5 file of OpenClaw's.

    Attributes:
        path: the file as OpenClaw names it, which may be a link.
        digest: the SHA-256 of the bytes the plan was made from, or None where there was no file.
        operations: what to do, in this order.
        private: whether it puts a secret into the file, so that nobody but its owner may read it from then on.
    """

    path: Path
    digest: str | None
    operations: tuple[Operation, ...]
    private: bool = False


@dataclass(frozen=True, slots=True)
class SetVariable:
    """Gives a variable of a `.env` file its value, a handle; the file's other lines stay as they are."""

    name: str
    value: str
    effect: str


@dataclass(frozen=True, slots=True)
class RemoveVariable:
    """Takes every assignment of a variable out of a `.env` file."""

    name: str
    effect: str


@dataclass(frozen=True, slots=True)
class EditDotenv:
    """One write of a `.env` file; it is made where it is missing, and nobody but its owner may read it afterwards.

    Attributes:
        path: the file, which may be a link.
        digest: the SHA-256 of the bytes the plan was made from, or None where there was no file.
        operations: what to do, in this order.
    """

    path: Path
    digest: str | None
    operations: tuple[SetVariable | RemoveVariable, ...]


@dataclass(frozen=True, slots=True)
class PutFile:
    """Writes a whole file of ours, without a secret in it.

    Attributes:
        path: where; the folders above it are made where they are missing.
        digest: the SHA-256 of the bytes that are there now, or None where there is no file.
        content: its text.
        mode: its permission bits.
        effect: what it is good for, for people.
        kind: what the file is.
    """

    path: Path
    digest: str | None
    content: str
    mode: int
    effect: str
    kind: FileKind = FileKind.OURS


@dataclass(frozen=True, slots=True)
class RemoveFile:
    """Takes a file away whose bytes have this SHA-256; where its kind is not told, its text is not shown."""

    path: Path
    digest: str
    effect: str
    kind: FileKind = FileKind.WHOLE


@dataclass(frozen=True, slots=True)
class RestoreFile:
    """Gives a file the bytes back that it had before our first change, or takes it away where there was none.

    Attributes:
        path: the file, of which `pristine` knows the beginning.
        digest: the SHA-256 of the bytes that are there now, or None where there is no file.
        effect: what it is good for, for people.
        kind: what the file is; where that is not told, its text is not shown.
    """

    path: Path
    digest: str | None
    effect: str
    kind: FileKind = FileKind.WHOLE


@dataclass(frozen=True, slots=True)
class StoreSecret:
    """Puts a secret into the system's keyring.

    Attributes:
        service: the keyring's name for the program.
        account: the keyring's name for the entry.
        value: the handle.
        effect: what it is good for, for people.
    """

    service: str
    account: str
    value: str
    effect: str


@dataclass(frozen=True, slots=True)
class ForgetSecret:
    """Takes an entry out of the system's keyring, where it is there."""

    service: str
    account: str
    effect: str


Change: TypeAlias = EditConfig | EditDotenv | PutFile | RemoveFile | RestoreFile | StoreSecret | ForgetSecret


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that one confirmation stands for.

    Attributes:
        changes: what to do, in this order; empty where everything already is as wanted.
        notes: what the user should know before saying yes.
    """

    changes: tuple[Change, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def operations(self) -> tuple[Operation, ...]:
        """All operations on configs in their order."""
        return tuple(
            operation for change in self.changes if isinstance(change, EditConfig) for operation in change.operations
        )


def edited(document: Document, operations: Iterable[Operation], reveal: Reveal) -> Document:
    """The document after the operations.

    Raises:
        Json5EditError: the document cannot be changed in this way.
    """
    for operation in operations:
        if isinstance(operation, Delete):
            document = document.delete(operation.path)
        elif isinstance(operation, Append):
            document = document.append(operation.path, revealed(operation.value, reveal))
        else:
            document = document.set(operation.path, revealed(operation.value, reveal))
    return document


def unsafe_edit(shown: str, error: Json5EditError) -> UserError:
    """What an edit that json5doc refuses means for the user."""
    return not_written(
        f"{shown} cannot be changed safely ({error}), so nothing was changed.",
        "Write that part of the file in a plainer way, then run this command again.",
    )


def intended_value(value: Any, operations: Iterable[Operation], reveal: Reveal) -> Any:
    """The plain value after the operations, worked out without looking at any text."""
    root = copy.deepcopy(value)
    for operation in operations:
        if isinstance(operation, Append):
            _at(root, operation.path).append(revealed(operation.value, reveal))
            continue
        parent, last = _at(root, operation.path[:-1], make=isinstance(operation, Set)), operation.path[-1]
        if isinstance(operation, Delete):
            del parent[last]
        else:
            parent[last] = revealed(operation.value, reveal)
    return root


def _at(value: Any, path: ConfigPath, *, make: bool = False) -> Any:
    for step in path:
        if make and isinstance(value, dict) and step not in value:
            value[step] = {}
        value = value[step]
    return value


def revealed(value: Any, reveal: Reveal) -> Any:
    """Plain JSON data with the values in the place of their handles."""
    if isinstance(value, str):
        return reveal(value)
    if isinstance(value, dict):
        return {key: revealed(item, reveal) for key, item in value.items()}
    if isinstance(value, list):
        return [revealed(item, reveal) for item in value]
    return value
