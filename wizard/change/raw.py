"""A file that is to be changed, as bytes: what is there, who may touch it, and whether it is still the same."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass, field
from pathlib import Path

from wizard.base import limits
from wizard.base.environment import Environment
from wizard.base.errors import UserError, not_written
from wizard.base.files import FileTrouble, UnreadableFileError, read_bytes
from wizard.change.state import refuse_foreign_folder
from wizard.change.writing import Ownership, link_target


@dataclass(frozen=True)
class FileNow:
    """A file as it is. Its bytes may hold secrets: they are never shown.

    Attributes:
        path: the file as OpenClaw names it.
        shown: the path as people write it.
        target: the file behind links.
        data: its bytes, or None where there is no file.
        ownership: its permission bits and owner; for a missing file, what a new one gets.
        identity: what tells that it was not touched since, or None where there is no file.
    """

    path: Path
    shown: str
    target: Path
    data: bytes | None = field(repr=False)
    ownership: Ownership
    identity: tuple[int, ...] | None

    @property
    def digest(self) -> str | None:
        """The SHA-256 of its bytes, or None where there is no file."""
        return None if self.data is None else digest_of_bytes(self.data)


def digest_of_bytes(data: bytes) -> str:
    """The SHA-256 of a file's bytes."""
    return hashlib.sha256(data).hexdigest()


def read_now(path: Path, environment: Environment, *, limit: int = limits.CONFIG_BYTES) -> FileNow:
    """Reads a file for a change.

    Raises:
        UserError: it is there and cannot be read; nothing was changed.
    """
    shown = environment.display(path)
    target = link_target(path, environment)
    identity = file_identity(target)
    try:
        data, mode = read_bytes(target, limit=limit)
    except UnreadableFileError as error:
        if error.trouble is FileTrouble.MISSING:
            return FileNow(path, shown, target, None, Ownership(0o600), None)
        raise not_written(
            f"{shown} cannot be read ({error.detail}), so nothing was changed.",
            "Run portkey-claw as the user that OpenClaw runs as."
            if error.trouble is FileTrouble.NO_PERMISSION
            else "Move what is there away, then run this command again.",
        ) from None
    return FileNow(path, shown, target, data, ownership_of(target, mode), identity)


def file_identity(target: Path) -> tuple[int, ...] | None:
    """Numbers that change whenever the file is written or replaced; None where there is none."""
    try:
        status = target.stat()
    except OSError:
        return None
    return (status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns)


def ownership_of(target: Path, mode: int) -> Ownership:
    """A file's permission bits with its owner."""
    status = target.stat()
    return Ownership(mode, (status.st_uid, status.st_gid) if os.name == "posix" else None)


def refuse_foreign(now: FileNow) -> None:
    """Stops a change of a file that is write-protected or somebody else's.

    Raises:
        UserError: it is, or this is root in another user's folder; exit code 4.
    """
    refuse_foreign_folder(now.target)
    if now.identity is None:
        return
    if not os.access(now.target, os.W_OK):
        raise not_written(
            f"{now.shown} is write-protected, so nothing was changed.",
            "Make it writable (chmod u+w), or change it where it is made.",
        )
    owner = now.ownership.owner
    if owner is not None and os.geteuid() not in (0, owner[0]):
        raise not_written(
            f"{now.shown} belongs to another user (number {owner[0]}), so nothing was changed.",
            "Run portkey-claw as the user that OpenClaw runs as.",
        )


def changed_meanwhile(shown: str) -> UserError:
    """Another program wrote the file between the plan and its execution."""
    return not_written(
        f"{shown} was changed by another program in the meantime, so nothing was written.",
        "Run this command again: it starts from the file as it is now.",
    )
