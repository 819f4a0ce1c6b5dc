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
from wizard.base.errors import not_written

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

    folder = state_folder(environment) / "locks"
    name = hashlib.sha256(str(target).encode("utf-8", errors="surrogateescape")).hexdigest()[:16]
    lock = FileLock(folder / f"{name}.lock", timeout=limits.LOCK_SECONDS, mode=0o600)
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


def make_private_folder(folder: Path) -> tuple[Path, ...]:
    """Makes a folder and what is missing above it, readable by its owner only; what exists stays as it is.

    Returns:
        The folders that were made, innermost first.

    Raises:
        OSError: it cannot be made.
    """
    missing = tuple(parent for parent in (folder, *folder.parents) if not os.path.lexists(parent))
    for parent in reversed(missing):
        parent.mkdir(mode=0o700, exist_ok=True)
    return missing


def _words(error: Exception) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or str(error) or type(error).__name__
