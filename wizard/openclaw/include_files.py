"""Which files OpenClaw lets a config include: those in the config's own folder or in one of OPENCLAW_INCLUDE_ROOTS.

Source: measured on 2026.5.7 and 2026.9.6, see docs/facts/openclaw.md and tests/real/test_includes.py.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from wizard.base import limits
from wizard.base.environment import Environment
from wizard.base.files import FileTrouble, UnreadableFileError, read_text
from wizard.openclaw.dotenv import parse_dotenv
from wizard.openclaw.locate import Located

INCLUDED_BYTES: Final = 2 * 2**20
ROOTS: Final = "OPENCLAW_INCLUDE_ROOTS"


def include_roots(environment: Environment, located: Located) -> tuple[Path, ...]:
    """The folders outside the config's own that may be included from: a list as in PATH; `~` is OpenClaw's home."""
    stated = environment.variables.get(ROOTS)
    if stated is None:
        stated = _from_dotenv(located)
    home = _expand(environment.variables.get("OPENCLAW_HOME", "").strip() or "~", environment.home, environment.cwd)
    entries = filter(None, map(str.strip, stated.split(";" if environment.system == "win32" else ":")))
    return tuple(dict.fromkeys(_expand(entry, home, environment.cwd) for entry in entries))


def _expand(text: str, home: Path, cwd: Path) -> Path:
    full = home / text[2:] if text == "~" or text.startswith(("~/", "~\\")) else cwd / text
    return Path(os.path.normpath(full))


def _from_dotenv(located: Located) -> str:
    for path in filter(None, (located.dotenv, located.gateway_env)):
        try:
            variables = parse_dotenv(read_text(path, limit=limits.ENV_FILE_BYTES, lenient=True).text)
        except UnreadableFileError:
            continue
        if ROOTS in variables:
            return variables[ROOTS][0]
    return ""


def lies_in(path: Path, roots: Sequence[Path]) -> bool:
    """Whether the file, behind links, lies in one of the folders.

    Raises:
        UnreadableFileError: it is not there, or OpenClaw does not read a file of its kind.
    """
    try:
        real = path.resolve(strict=True)
        status = real.stat()
    except (FileNotFoundError, NotADirectoryError):
        raise UnreadableFileError(FileTrouble.MISSING, "there is no such file") from None
    except PermissionError:
        raise UnreadableFileError(FileTrouble.NO_PERMISSION, "permission denied") from None
    except (OSError, RuntimeError) as error:  # a circle of links is a RuntimeError up to Python 3.12
        raise UnreadableFileError(FileTrouble.IO, getattr(error, "strerror", None) or str(error)) from None
    if not any(real.is_relative_to(root.resolve()) for root in roots):
        return False
    if not stat.S_ISREG(status.st_mode):
        raise UnreadableFileError(FileTrouble.NOT_A_FILE, "it is not a regular file")
    if status.st_nlink > 1:
        raise UnreadableFileError(FileTrouble.IO, "it has a second hard link, which OpenClaw refuses")
    if status.st_size > INCLUDED_BYTES:
        raise UnreadableFileError(FileTrouble.TOO_LARGE, f"it is larger than {INCLUDED_BYTES // 2**20} MiB")
    return True
