"""What the journal remembers of a change, as data. No secret stands in it: digests, places and handles only."""

from __future__ import annotations

import hashlib
import json
import math
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from wizard.openclaw.seen import ConfigPath

# A value that could be guessed must not be found by trying words against its digest.
_SLOW_ROUNDS: Final = 50_000


class Phase(StrEnum):
    """How far a change came. `begun` outside of a run means that the run was killed."""

    BEGUN = "begun"
    DONE = "done"
    TAKEN_BACK = "taken-back"


class FileKind(StrEnum):
    """What a file is to a change: which of its parts can be taken back apart, and which are never shown.

    `OURS` is written as a whole and holds no secret; of a `WHOLE` file nothing is known, so its text is never shown.
    """

    CONFIG = "config"
    DOTENV = "dotenv"
    OURS = "ours"
    WHOLE = "whole"


class Action(StrEnum):
    """What an operation did at its place."""

    SET = "set"
    APPEND = "append"
    DELETE = "delete"


@dataclass(frozen=True, slots=True)
class FileState:
    """A file at one moment: the SHA-256 of its bytes, its permission bits, and who owned it where that is known."""

    digest: str
    mode: int
    owner: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Given:
    """One operation that was carried out.

    Attributes:
        action: what it did.
        path: where: a config path, or the one name of a `.env` variable.
        stamp: the `stamp_of` the value it gave, or None where it took one away.
        effect: what it was good for, for people.
    """

    action: Action
    path: ConfigPath
    stamp: str | None
    effect: str = ""


@dataclass(frozen=True, slots=True)
class FileRecord:
    """One file of a change.

    Attributes:
        kind: what the file is.
        path: its name as OpenClaw has it.
        target: the file behind links at that time.
        before: what was there, or None for no file.
        after: what was made of it, or None where it was removed.
        image: the name of the copy of the bytes before, in the entry's folder; None where there was no file.
        pruned: whether that copy was taken away or rewritten since, because of a secret in it.
        given: the operations.
        folders: the folders that had to be made for it, or that go with it, innermost first.
    """

    kind: FileKind
    path: str
    target: str
    before: FileState | None
    after: FileState | None
    image: str | None = None
    pruned: bool = False
    given: tuple[Given, ...] = ()
    folders: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SecretRecord:
    """One keyring entry of a change; its old value is in the keyring too.

    Attributes:
        service: the keyring's name for the program.
        account: the keyring's name for the entry.
        kept: the account that keeps the old value, or None where there was none.
        after: the `stamp_of` the value it got, or None where it was forgotten.
        pruned: whether the old value was taken away since.
    """

    service: str
    account: str
    kept: str | None
    after: str | None
    pruned: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """One change.

    Attributes:
        id: its name; later ones sort behind earlier ones.
        made_at: when, ISO 8601 in UTC.
        command: what was run, such as `setup` or `key move`.
        phase: how far it came.
        effects: what it was good for, for people.
        files: the files.
        secrets: the keyring's entries.
        undoes: the changes that it took back; empty for a change that is no undo.
        redoes: the changes that are in force again because of it.
    """

    id: str
    made_at: str
    command: str
    phase: Phase
    effects: tuple[str, ...] = ()
    files: tuple[FileRecord, ...] = ()
    secrets: tuple[SecretRecord, ...] = ()
    undoes: tuple[str, ...] = ()
    redoes: tuple[str, ...] = ()

    @property
    def when(self) -> str:
        """When it was made, in local time for people."""
        try:
            return datetime.fromisoformat(self.made_at).astimezone().strftime("%Y-%m-%d %H:%M")
        except (ValueError, OverflowError, OSError):
            return "at an unknown time"

    @property
    def is_undo(self) -> bool:
        """Whether it took other changes back."""
        return bool(self.undoes)

    @property
    def stands(self) -> bool:
        """Whether it is in force, or was interrupted while it was being made."""
        return self.phase is not Phase.TAKEN_BACK

    @property
    def pruned(self) -> bool:
        """Whether something that taking it back may need was removed because of a secret."""
        return any(file.pruned for file in self.files) or any(secret.pruned for secret in self.secrets)


def stamp_of(value: Any, *, secret: bool) -> str:
    """A text by which a value is known again: equal JSON values have equal stamps.

    Args:
        value: plain JSON data.
        secret: whether there is a secret in it, so that the stamp must be costly to try values against.
    """
    plain = json.dumps(_one_spelling(value), sort_keys=True, separators=(",", ":")).encode()
    if secret:
        return "pbkdf2:" + hashlib.pbkdf2_hmac("sha256", plain, b"portkey-claw journal", _SLOW_ROUNDS).hex()
    return "sha256:" + hashlib.sha256(plain).hexdigest()


def bears_stamp(value: Any, stamp: str | None) -> bool:
    """Whether a value is the one that was stamped."""
    return stamp is not None and stamp_of(value, secret=stamp.startswith("pbkdf2:")) == stamp


def _one_spelling(value: Any) -> Any:
    """A number in the one spelling that a rewrite by JavaScript leaves it in: `1.0` is `1` there."""
    if isinstance(value, dict):
        return {key: _one_spelling(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_one_spelling(item) for item in value]
    if isinstance(value, float) and math.isfinite(value) and value.is_integer():
        return int(value)
    return value
