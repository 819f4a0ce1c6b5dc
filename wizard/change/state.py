"""Where this program keeps what it must remember between runs, and the lock that its runs share."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from wizard.base import limits
from wizard.base.environment import Environment
from wizard.base.errors import UserError, not_written

_NAME: Final = "portkey-claw"


def state_folder(environment: Environment) -> Path:
    """The folder for our own state, where platformdirs would put it for this environment.

    platformdirs itself reads the process's variables; a run inside a run (a test, a demo) has its own.
    """
    stated = environment.variables.get("XDG_STATE_HOME", "").strip()
    if stated and Path(stated).is_absolute():
        return Path(stated) / _NAME
    if environment.system == "darwin":
        return environment.home / "Library/Application Support" / _NAME
    if environment.system == "win32":
        local = environment.variables.get("LOCALAPPDATA", "").strip()
        return (Path(local) if local else environment.home / "AppData/Local") / _NAME
    return environment.home / ".local/state" / _NAME


@contextmanager
def locked(target: Path, environment: Environment) -> Iterator[None]:
    """Holds the lock on one file's name against other runs of this program; OpenClaw does not know it.

    The lock lies in our own state, so that nothing of ours stays beside the user's file.

    Raises:
        UserError: another run holds it for longer than `limits.LOCK_SECONDS`, or our state cannot be written.
    """
    from filelock import FileLock, Timeout

    path = _lock_path(target, environment)
    folder = path.parent
    refuse_foreign_folder(path)
    lock = FileLock(path, timeout=limits.LOCK_SECONDS, mode=0o600)
    try:
        make_private_folder(folder)
        lock.acquire()
    except Timeout:
        raise not_written(
            f"Another run of portkey-claw has been changing {environment.display(target)} "
            f"for {limits.LOCK_SECONDS:.0f} seconds, so nothing was changed.",
            "Wait until it ends, then run this command again.",
        ) from None
    except (OSError, NotImplementedError) as error:
        raise not_written(
            f"The lock in {environment.display(folder)} cannot be taken ({_words(error)}), so nothing was changed.",
            "Make that folder writable, or set XDG_STATE_HOME to a folder that is.",
        ) from None
    try:
        yield
    finally:
        lock.release()


def refuse_foreign_folder(path: Path) -> None:
    """Stops root from making files in another user's folder: they would be root's, and OpenClaw could not read them.

    Raises:
        UserError: this is root, and the nearest folder of the path that exists is another user's; exit code 4.
    """
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        return
    folder = next(each for each in path.parents if each.exists())
    owner = folder.stat().st_uid
    if owner != 0:
        raise _foreign(folder, owner)


def _foreign(folder: Path, owner: int) -> UserError:
    import pwd

    try:
        name = pwd.getpwuid(owner).pw_name
    except KeyError:
        name = f"#{owner}"
    return not_written(
        f"{folder} belongs to the user {name} and this is root, so nothing was changed: OpenClaw could not read there "
        "what root writes.",
        f"Run this as that user, for example: sudo -H -u '{name}' portkey-claw. Where OpenClaw itself runs as root, "
        "make the folder root's.",
    )


def is_locked(target: Path, environment: Environment) -> bool:
    """Whether another run of this program holds the lock on a file's name right now."""
    from filelock import FileLock, Timeout

    path = _lock_path(target, environment)
    if not path.exists():
        return False
    try:
        with FileLock(path, timeout=0, mode=0o600):
            return False
    except Timeout:
        return True
    except (OSError, NotImplementedError):
        return False


def _lock_path(target: Path, environment: Environment) -> Path:
    name = hashlib.sha256(str(target).encode("utf-8", errors="surrogateescape")).hexdigest()[:16]
    return state_folder(environment) / "locks" / f"{name}.lock"


def make_private_folder(folder: Path) -> tuple[Path, ...]:
    """Makes a folder and what is missing above it, readable by its owner only; what exists stays as it is.

    Returns:
        The folders that were made, innermost first.

    Raises:
        OSError: it cannot be made.
    """
    missing = missing_folders(folder)
    for parent in reversed(missing):
        parent.mkdir(mode=0o700, exist_ok=True)
    return missing


def missing_folders(folder: Path) -> tuple[Path, ...]:
    """The folders that `make_private_folder` would make, innermost first."""
    return tuple(parent for parent in (folder, *folder.parents) if not os.path.lexists(parent))


def _words(error: Exception) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or str(error) or type(error).__name__
