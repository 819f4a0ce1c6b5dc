"""A report of our own bug, without secrets: where it happened and what kind it was, no values."""

from __future__ import annotations

import os
import platform
import traceback

from wizard import __version__
from wizard.base.environment import Environment


def save_crash_report(environment: Environment, error: BaseException) -> str | None:
    """Writes the report, readable by the user only, and gives its path; None where it cannot be written.

    An exception's message may quote what was read, a key included, so only its type is kept; a traceback's source
    lines are ours and hold no values.
    """
    from wizard.change.state import state_folder

    folder = state_folder(environment) / "crashes"
    path = folder / f"{environment.now():%Y%m%dT%H%M%S}-{os.getpid()}.txt"
    lines = [
        f"portkey-claw {__version__}, Python {platform.python_version()}, {environment.system}",
        "",
        *(f"{frame.filename}:{frame.lineno} in {frame.name}" for frame in traceback.extract_tb(error.__traceback__)),
        "",
        *_types(error),
    ]
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as handle:
            handle.write("\n".join(lines) + "\n")
    except OSError:
        return None
    return environment.display(path)


def _types(error: BaseException | None) -> list[str]:
    names = []
    while error is not None:
        names.append(f"{type(error).__module__}.{type(error).__qualname__}")
        error = error.__cause__ or error.__context__
    return names
