"""One file replaced as a whole: at every moment its name leads to the old bytes or to the new ones."""

from __future__ import annotations

import errno
import os
import secrets
import stat
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from wizard.base.environment import Environment
from wizard.base.errors import UserError, not_written

_MARK: Final = ".portkey-claw."
_ENDING: Final = ".tmp"
# A file's name may have 255 bytes; this leaves room for the mark, the random part and the ending.
_NAME_PART: Final = 40
_POSIX: Final = os.name == "posix"


@dataclass(frozen=True, slots=True)
class Ownership:
    """Who may do what with a file: permission bits, and the owner to keep (None: whoever writes)."""

    mode: int
    owner: tuple[int, int] | None = None


def link_target(path: Path, environment: Environment) -> Path:
    """The file that a path leads to, links followed; it need not exist, its folder must if a link names it.

    Raises:
        UserError: the link leads in a circle, or into a folder that is not there.
    """
    target = Path(os.path.realpath(path))
    # os.path answers False where pathlib raises: what may not be looked at is told when it is read.
    if os.path.islink(target):  # noqa: PTH114
        raise not_written(
            f"{environment.display(path)} is a link that leads back to itself, so nothing was changed.",
            "Remove the link or let it lead to a file.",
        )
    if os.path.islink(path) and not os.path.isdir(target.parent):  # noqa: PTH112, PTH114
        raise not_written(
            f"{environment.display(path)} is a link to {environment.display(target)}, whose folder is not there, "
            "so nothing was changed.",
            "Bring that folder back (is a drive or a repository missing?) or remove the link.",
        )
    return target


def replace_file(target: Path, data: bytes, ownership: Ownership, last_look: Callable[[], None]) -> None:
    """Writes the bytes beside the target and renames them over it; nothing of ours stays behind on failure.

    Args:
        target: the file itself, not a link to it.
        data: the whole new content.
        ownership: what the new file gets before it takes the name.
        last_look: called right before the rename; what it raises stops the write.

    Raises:
        OSError: some step failed; the target is as it was.
    """
    temporary = target.with_name(f"{_prefix(target)}{secrets.token_hex(6)}{_ENDING}")
    try:
        write_new(temporary, data, ownership)
        last_look()
        os.replace(temporary, target)  # noqa: PTH105 - one name for each step, as the kill tests count them
    except BaseException:
        with suppress(OSError):
            os.unlink(temporary)  # noqa: PTH108
        raise
    sync_folder(target.parent)


def remove_file(target: Path, last_look: Callable[[], None]) -> None:
    """Removes a file, and makes that last.

    Args:
        target: the file itself, not a link to it.
        last_look: called right before; what it raises stops the removal.

    Raises:
        OSError: it is not there, or cannot be removed.
    """
    last_look()
    os.unlink(target)  # noqa: PTH108
    sync_folder(target.parent)


def remove_empty(folders: Iterable[Path]) -> None:
    """Removes folders that were made for nothing, innermost first; one that has something in it stays."""
    with suppress(OSError):
        for folder in folders:
            os.rmdir(folder)  # noqa: PTH106 - one name for each step, as the kill tests count them


def remove_strays(target: Path) -> None:
    """Removes what killed runs left beside a file. To be called with the target's lock held."""
    prefix = _prefix(target)
    with suppress(OSError):
        for entry in list(os.scandir(target.parent)):
            if entry.name.startswith(prefix) and entry.name.endswith(_ENDING) and entry.is_file(follow_symlinks=False):
                with suppress(OSError):
                    os.unlink(entry.path)  # noqa: PTH108


def remove_all_strays(folder: Path) -> None:
    """Removes what killed runs left in a folder of our own. To be called with a lock held that all writers take."""
    with suppress(OSError):
        for entry in list(os.scandir(folder)):
            if entry.name.startswith(_MARK) and entry.name.endswith(_ENDING):
                with suppress(OSError):
                    os.unlink(entry.path)  # noqa: PTH108


def write_trouble(error: OSError, path: Path, target: Path, environment: Environment) -> UserError:
    """What a failed write means for the user, and what to do."""
    shown, folder = environment.display(path), environment.display(target.parent)
    if error.errno in (errno.EACCES, errno.EPERM):
        return not_written(
            f"{shown} was not changed: there is no permission to write in {folder}.",
            f"Run this as the user that OpenClaw runs as, or give yourself the right to write in {folder}.",
        )
    if error.errno == errno.EROFS:
        return not_written(
            f"{shown} was not changed: {folder} is on a read-only file system.",
            "Where the config is made by a tool (Nix, a container image, dotfiles), change it there.",
        )
    if error.errno in (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)):
        return not_written(
            f"{shown} was not changed: there is no space left on its drive.", "Free some space, then run this again."
        )
    if error.errno == errno.EBUSY:
        return not_written(
            f"{shown} was not changed: the file is a mount of its own and cannot be replaced.",
            "Mount its folder instead of the single file, or run portkey-claw where the folder is.",
        )
    return not_written(f"{shown} was not changed: {error.strerror or error}.")


def _prefix(target: Path) -> str:
    return f"{_MARK}{target.name[:_NAME_PART]}."


def write_new(path: Path, data: bytes, ownership: Ownership) -> None:
    """Writes a file that must not be there yet.

    Raises:
        OSError: it is there, or some step failed; what was written of it stays.
    """
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
    # Nobody else may read it while it is being written, whatever the finished file allows.
    descriptor = os.open(path, flags, 0o600)
    try:
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(descriptor, rest) :]
        if _POSIX:
            _hand_over(descriptor, ownership)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _hand_over(descriptor: int, ownership: Ownership) -> None:
    status = os.fstat(descriptor)
    mode = stat.S_IMODE(ownership.mode)
    if ownership.owner is not None and ownership.owner != (status.st_uid, status.st_gid):
        try:
            os.fchown(descriptor, *ownership.owner)
        except PermissionError:
            if ownership.owner[0] != status.st_uid:
                raise
            # Only root may give a file to a group it is not in; the new group must not gain what the old one had.
            mode &= ~stat.S_IRWXG
    os.fchmod(descriptor, mode)


def sync_folder(folder: Path) -> None:
    """Makes a rename or a removal in a folder last."""
    if not _POSIX:
        return
    # Some network file systems cannot sync a folder; the rename has happened all the same.
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
