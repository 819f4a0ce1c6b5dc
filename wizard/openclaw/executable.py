"""The OpenClaw that would run, and its version, without starting it."""

from __future__ import annotations

import json
import os
import re
import stat
from pathlib import Path
from typing import Final

from wizard.base import limits
from wizard.base.environment import Environment
from wizard.base.files import UnreadableFileError, read_text
from wizard.openclaw.seen import Install

_PACKAGE: Final = "openclaw"
# From a script inside the package to its package.json; a pnpm or asdf shim lies further away than npm's link.
_LEVELS: Final = 4
# Shims of package managers are small shell scripts that name the real entry file.
_SHIM_BYTES: Final = 16 * 2**10
_SHIM_TARGET: Final = re.compile(r"""["']?((?:\$basedir|\$\{basedir\}|/)[^"'\s]*?node_modules/openclaw)/[^"'\s]*""")


def find_install(environment: Environment) -> Install:
    """The first `openclaw` on PATH that may be run, and the version its package file states.

    A file in the working folder, or one that everybody may write to, itself or through its folder, is passed over: it
    could be anyone's.
    """
    for folder in environment.variables.get("PATH", "").split(os.pathsep):
        if not folder or not Path(folder).is_absolute():
            continue
        for name in _names(environment):
            candidate = Path(folder) / name
            if _may_run(candidate, environment):
                return Install(executable=str(candidate), version=_version_of(candidate))
    return Install()


def _names(environment: Environment) -> tuple[str, ...]:
    return ("openclaw.cmd", "openclaw.exe", "openclaw") if environment.system == "win32" else ("openclaw",)


def _may_run(candidate: Path, environment: Environment) -> bool:
    try:
        status = candidate.stat()
        folder = candidate.parent.stat()
        here = candidate.parent.resolve() == environment.cwd.resolve()
    except OSError:
        return False
    if here or not stat.S_ISREG(status.st_mode) or not os.access(candidate, os.X_OK):
        return False
    # On Windows the mode says nothing of who may write.
    return environment.system == "win32" or not (status.st_mode | folder.st_mode) & stat.S_IWOTH


def _version_of(executable: Path) -> str | None:
    for start in (executable.resolve(), _shim_target(executable), _npm_global(executable)):
        if start is None:
            continue
        for folder in (start, *start.parents)[: _LEVELS + 1]:
            version = _package_version(folder / "package.json")
            if version is not None:
                return version
    return None


def _npm_global(executable: Path) -> Path | None:
    """Where npm puts the package of a Windows-style shim: beside the shim itself."""
    beside = executable.parent / "node_modules" / _PACKAGE
    return beside if beside.is_dir() else None


def _shim_target(executable: Path) -> Path | None:
    try:
        with executable.open("rb") as handle:
            text = handle.read(_SHIM_BYTES).decode("utf-8", errors="replace")
    except OSError:
        return None
    if not text.startswith("#!"):
        return None
    found = _SHIM_TARGET.search(text)
    if found is None:
        return None
    target = found.group(1).replace("${basedir}", "$basedir").replace("$basedir", str(executable.parent))
    return Path(os.path.normpath(target))


def _package_version(path: Path) -> str | None:
    try:
        data = json.loads(read_text(path, limit=limits.PACKAGE_BYTES).text)
    except (UnreadableFileError, ValueError, RecursionError):
        return None
    if not isinstance(data, dict) or data.get("name") != _PACKAGE or not isinstance(data.get("version"), str):
        return None
    return str(data["version"])
