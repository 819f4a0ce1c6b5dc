"""Whether OpenClaw's gateway runs on this machine, read off the lock that it holds; it is not spoken to.

A request would do harm on 2026.5.7: the first contact of a command line decides which rights it is given.

Source: the lock files of running gateways. 2026.9.6 keeps `gateway.state.lock` in `tmp/openclaw-UID` of the state
folder, 2026.5.7 `gateway.DIGEST.lock` in the system's folder for temporary files, with DIGEST from the config's path;
both hold JSON with the process and the time it started, in clock ticks since the machine did. See
docs/facts/openclaw.md.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from wizard.base import limits
from wizard.base.environment import Environment
from wizard.base.files import UnreadableFileError, read_text
from wizard.openclaw.locate import Located

_START_TIME_FIELD: Final = 19  # of /proc/PID/stat, counted from behind the name


@dataclass(frozen=True, slots=True)
class RunningGateway:
    """A gateway that runs with this state folder or config.

    Attributes:
        pid: its process.
        port: where it listens, or None where the lock does not say.
    """

    pid: int
    port: int | None = None


def running_gateway(located: Located, environment: Environment) -> RunningGateway | None:
    """The gateway that holds the lock of this state folder or config, or None."""
    for path in _locks(located, environment):
        lock = _read(path)
        pid = lock.get("pid")
        if type(pid) is int and pid > 0 and _runs(pid, lock.get("startTime"), environment):
            port = lock.get("port")
            return RunningGateway(pid, port if isinstance(port, int) else None)
    return None


def _locks(located: Located, environment: Environment) -> Iterator[Path]:
    user = f"openclaw-{os.getuid()}" if hasattr(os, "getuid") else "openclaw"
    yield located.state_dir / "tmp" / user / "gateway.state.lock"
    digest = hashlib.sha256(str(located.path).encode()).hexdigest()[:8]
    variables = environment.variables
    temporary = next(filter(None, map(variables.get, ("TMPDIR", "TMP", "TEMP"))), None) or _default_temporary()
    yield Path(temporary) / user / f"gateway.{digest}.lock"


def _default_temporary() -> str:
    return "/tmp" if os.name == "posix" else tempfile.gettempdir()  # noqa: S108 - Node's own default


def _read(path: Path) -> dict[str, Any]:
    try:
        value = json.loads(read_text(path, limit=limits.ENV_FILE_BYTES).text)
    except (UnreadableFileError, ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def _runs(pid: int, started: Any, environment: Environment) -> bool:
    """Whether the process is there and, where the system tells, is the one that took the lock."""
    if environment.system == "linux":
        try:
            fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        except OSError:
            return False
        # A process that ended and was not yet waited for keeps its number.
        return fields[0] != "Z" and started in (None, int(fields[_START_TIME_FIELD]))
    if environment.system == "win32":
        return True  # os.kill would end the process there
    try:
        os.kill(pid, 0)
    except PermissionError:
        return True
    except OSError:
        return False
    return True
