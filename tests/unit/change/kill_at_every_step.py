"""Applies one plan over and over, each time killed at another step, and tells what it found afterwards.

Run by test_interruptions.py as a program of its own: every attempt is a fork, and forking wants a process without
threads. Arguments: a scratch folder, whether the config is there before, and how the attempt ends: `kill` or `break`.
A step is a call that may change the file system, before it, after it, and, for a write, in the middle of it.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import stat
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import filelock  # noqa: F401 - once here, not in every attempt
import json5  # noqa: F401

from wizard.base.environment import Environment
from wizard.change.apply import apply
from wizard.change.plan import EditConfig, Plan, Set
from wizard.change.reading import digest_of, read_source
from wizard.keys.vault import Vault

OLD = '{\n  // kept\n  "a": 1,\n}\n'
KEY = "Zq8vT3nLw5Rk2Jd7Ym4x"
CALLS = (
    "open",
    "write",
    "fsync",
    "close",
    "fchmod",
    "fchown",
    "fstat",
    "replace",
    "unlink",
    "mkdir",
    "rmdir",
    "scandir",
)
GIVE_UP = 500


class Steps:
    """Counts the steps and ends the attempt at one of them."""

    def __init__(self, last: int, end: Callable[[], None]) -> None:
        self.count = 0
        self.last = last
        self.end = end

    def step(self) -> bool:
        self.count += 1
        return self.count == self.last

    def watch(self, name: str) -> None:
        real = getattr(os, name)

        def watched(*arguments: Any, **named: Any) -> Any:
            if self.step():
                self.end()
            if name == "write" and self.step():
                real(arguments[0], bytes(arguments[1])[: len(arguments[1]) // 2])
                self.end()
            result = real(*arguments, **named)
            if self.step():
                self.end()
            return result

        setattr(os, name, watched)


def no_fsync(fd: object) -> None:
    """Stands for os.fsync."""


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def interrupt() -> None:
    raise KeyboardInterrupt


def main(scratch: Path, *, present: bool, ending: str) -> None:
    # Waiting for a disk a thousand times would prove nothing more.
    os.fsync = no_fsync
    results = []
    for number in range(1, GIVE_UP):
        home = scratch / f"home-{number}"
        config = home / ".openclaw" / "openclaw.json"
        home.mkdir()
        if present:
            config.parent.mkdir()
            config.write_text(OLD)
            config.chmod(0o644)
        finished = attempt(home, config, number, die if ending == "kill" else interrupt)
        results.append({"step": number, "finished": finished, **found(home, config)})
        shutil.rmtree(home)
        if finished:
            break
    json.dump(results, sys.stdout)


def attempt(home: Path, config: Path, last: int, end: Callable[[], None]) -> bool:
    """Whether the attempt came to its own end."""
    child = os.fork()
    if child == 0:
        steps = Steps(last, end)
        environment, vault, plan = prepared(home, config)
        exit_now = os._exit
        for name in CALLS:
            steps.watch(name)
        try:
            apply(plan, environment, vault)
            exit_now(0)
        except KeyboardInterrupt:
            exit_now(130)
        finally:
            exit_now(1)
    _, status = os.waitpid(child, 0)
    if os.WIFEXITED(status) and os.WEXITSTATUS(status) == 1:
        raise SystemExit(f"the attempt failed by itself at step {last}")
    return os.WIFEXITED(status) and os.WEXITSTATUS(status) == 0


def prepared(home: Path, config: Path) -> tuple[Environment, Vault, Plan]:
    environment = Environment(variables={}, home=home, cwd=home, system="linux")
    vault = Vault()
    handle = vault.take(KEY, "test").handle
    digest = digest_of(config.read_text()) if config.exists() else None
    operations = (Set(("a",), 2, ""), Set(("env", "vars", "PORTKEY_API_KEY"), handle, ""))
    return environment, vault, Plan((EditConfig(config, digest, operations, private=True),))


def found(home: Path, config: Path) -> dict[str, Any]:
    """What the attempt left, and what the next run makes of it."""
    text = config.read_text() if config.exists() else None
    strays = [entry for entry in config.parent.iterdir() if entry != config] if config.parent.exists() else []
    exposed = [entry.name for entry in strays if stat.S_IMODE(entry.stat().st_mode) & 0o077]
    environment, vault, plan = prepared(home, config)
    apply(plan, environment, vault)
    source = read_source(config, environment, vault)
    return {
        "text": text,
        "mode": stat.S_IMODE(config.stat().st_mode),
        "strays": [entry.name for entry in strays],
        "exposed": exposed,
        "after": source.value,
        "left_after": [entry.name for entry in config.parent.iterdir() if entry != config],
    }


if __name__ == "__main__":
    main(Path(sys.argv[1]), present=sys.argv[2] == "present", ending=sys.argv[3])
