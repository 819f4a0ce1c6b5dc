"""What a plan or an undo comes to once everything was read: bytes to write, keyring entries to give a value."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from wizard.change.entries import FileKind, Given
from wizard.change.raw import FileNow, digest_of_bytes
from wizard.change.writing import Ownership


@dataclass(frozen=True)
class FileStep:
    """One file to write or to remove.

    Attributes:
        kind: what the file is.
        now: the file as it is.
        data: its new bytes, or None where it goes.
        ownership: what the new file gets.
        given: the operations that this stands for, for the journal.
        folders: what goes with a file that goes, innermost first: folders that were made for it and hold nothing else.
    """

    kind: FileKind
    now: FileNow
    data: bytes | None = field(repr=False)
    ownership: Ownership
    given: tuple[Given, ...] = ()
    folders: tuple[Path, ...] = ()

    @property
    def changes(self) -> bool:
        """Whether there is anything to do."""
        return self.data != self.now.data or (self.data is not None and self.ownership.mode != self.now.ownership.mode)

    @property
    def digest(self) -> str | None:
        """The SHA-256 of the new bytes, or None where the file goes."""
        return None if self.data is None else digest_of_bytes(self.data)


@dataclass(frozen=True)
class SecretStep:
    """One keyring entry to give a value, or to forget (`after` is None)."""

    service: str
    account: str
    before: str | None = field(repr=False)
    after: str | None = field(repr=False)


@dataclass(frozen=True)
class Steps:
    """Everything that is to be done: files in this order; secrets are stored before and forgotten after them."""

    files: tuple[FileStep, ...] = ()
    secrets: tuple[SecretStep, ...] = ()
    effects: tuple[str, ...] = ()

    @property
    def ordered(self) -> tuple[FileStep | SecretStep, ...]:
        """All steps in their order: what others refer to is there before them and goes after them."""
        stored = (step for step in self.secrets if step.after is not None)
        forgotten = (step for step in self.secrets if step.after is None)
        return (*stored, *self.files, *forgotten)
