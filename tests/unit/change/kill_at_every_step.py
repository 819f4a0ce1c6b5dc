"""Carries one plan out, or takes it back, over and over, each time ended at another step, and tells what it found.

Run by test_interruptions.py as a program of its own: every attempt is a fork, and forking wants a process without
threads. Arguments: a scratch folder; `apply` or `undo`; how an attempt ends, `kill` or `break`; and every how many
steps. A step is a call that may change the file system or the keyring, before it, after it, and, for a write, in the
middle of it.
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
from wizard.change import entries
from wizard.change.apply import apply
from wizard.change.journal import history
from wizard.change.plan import (
    Delete,
    EditConfig,
    EditDotenv,
    ForgetSecret,
    Plan,
    PutFile,
    Set,
    SetVariable,
    StoreSecret,
)
from wizard.change.raw import read_now
from wizard.change.reading import read_source
from wizard.change.undo import carry_out_undo, plan_undo, settle_journal
from wizard.keys.vault import Vault

# The key that goes into the `.env` file and the keyring, and those that were there before.
KEY, OLD_KEY, FORGOTTEN = "Zq8vT3nLw5Rk2Jd7Ym4x", "Old8vT3nLw5Rk2Jd7Ym4", "Gone8vT3nLw5Rk2Jd7Ym"
OLD_CONFIG = f'{{\n  // kept\n  "a": 1,\n  "env": {{"vars": {{"PORTKEY_API_KEY": "{OLD_KEY}"}}}}\n}}\n'
CALLS = (
    *("open", "write", "fsync", "close", "fchmod", "fchown", "fstat", "replace", "unlink", "mkdir", "rmdir"),
    "scandir",
)
GIVE_UP = 3000
State = dict[str, Any]


class Steps:
    """Counts the steps and ends the attempt at one of them."""

    def __init__(self, last: int, end: Callable[[], None]) -> None:
        self.count = 0
        self.last = last
        self.end = end

    def step(self) -> None:
        self.count += 1
        if self.count == self.last:
            self.end()

    def watch(self, name: str) -> None:
        real = getattr(os, name)

        def watched(*arguments: Any, **named: Any) -> Any:
            self.step()
            if name == "write" and self.count + 1 == self.last:
                real(arguments[0], bytes(arguments[1])[: len(arguments[1]) // 2])
            if name == "write":
                self.step()
            result = real(*arguments, **named)
            self.step()
            return result

        setattr(os, name, watched)


class FileKeyring:
    """A keyring that outlives a killed process: a file that is replaced as a whole, as a keyring's daemon would."""

    def __init__(self, path: Path, steps: Steps | None = None) -> None:
        self.path = path
        self.steps = steps

    def all(self) -> dict[str, str]:
        found: dict[str, str] = json.loads(self.path.read_bytes())
        return found

    def read(self, service: str, account: str) -> str | None:
        return self.all().get(f"{service}/{account}")

    def write(self, service: str, account: str, value: str) -> None:
        self._put({**self.all(), f"{service}/{account}": value})

    def delete(self, service: str, account: str) -> None:
        self._put({name: value for name, value in self.all().items() if name != f"{service}/{account}"})

    def _put(self, found: dict[str, str]) -> None:
        if self.steps:
            self.steps.step()
        self.path.write_text(json.dumps(found))
        if self.steps:
            self.steps.step()


def no_fsync(fd: object) -> None:
    """Stands for os.fsync."""


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def interrupt() -> None:
    raise KeyboardInterrupt


class Ground:
    """One home with the files and the keyring of the plan."""

    def __init__(self, home: Path, *, undoes: bool) -> None:
        self.home = home
        self.undoes = undoes
        self.folder = home / ".openclaw"
        self.config, self.dotenv = self.folder / "openclaw.json", self.folder / ".env"
        self.resolver = self.folder / "portkey" / "resolver"
        self.ring = home / "keyring.json"
        self.environment = Environment(variables={}, home=home, cwd=home, system="linux")

    def prepare(self) -> None:
        self.folder.mkdir(parents=True)
        self.config.write_text(OLD_CONFIG)
        self.config.chmod(0o600)
        self.ring.write_text(json.dumps({"portkey-claw/key": OLD_KEY, "portkey-claw/spare": FORGOTTEN}))

    def change(self, steps: Steps | None = None) -> None:
        environment, vault = self.environment, Vault()
        key = vault.take(KEY, "test").handle
        source = read_source(self.config, environment, vault)
        place = ("env", "vars", "PORTKEY_API_KEY")
        edits = [
            Set(("a",), 2, "a"),
            Set(("models", "providers", "portkey"), {"apiKey": "${PORTKEY_API_KEY}"}, "entry"),
        ]
        held = source.document.has(place)
        resolver = read_now(self.resolver, environment)
        plan = Plan(
            (
                EditConfig(self.config, source.digest, (*edits, *((Delete(place, "key"),) if held else ()))),
                EditDotenv(
                    self.dotenv,
                    read_now(self.dotenv, environment).digest,
                    (SetVariable("PORTKEY_API_KEY", key, "key"),),
                ),
                PutFile(self.resolver, resolver.digest, "#!/bin/sh\nexit 0\n", 0o700, "resolver"),
                StoreSecret("portkey-claw", "key", key, "keyring"),
                ForgetSecret("portkey-claw", "spare", "keyring"),
            )
        )
        apply(plan, environment, vault, keyring=FileKeyring(self.ring, steps))

    def undo(self, steps: Steps | None = None, to: str | None = None) -> bool:
        vault, keyring = Vault(), FileKeyring(self.ring, steps)
        settle_journal(self.environment, keyring)
        undo = plan_undo(self.environment, vault, to=to, keyring=keyring)
        if undo is not None:
            carry_out_undo(undo, self.environment, vault, keyring=keyring)
        return undo is not None

    def state(self) -> State:
        """Every part of the plan as it is now."""
        ring = json.loads(self.ring.read_text())
        files = {
            path.name: [path.read_text(), stat.S_IMODE(path.stat().st_mode)] if path.exists() else None
            for path in (self.config, self.dotenv, self.resolver)
        }
        return {**files, "key": ring.get("portkey-claw/key"), "spare": ring.get("portkey-claw/spare")}

    def strays(self) -> list[str]:
        """What a killed run left beside the files, and half-made things of the journal's."""
        state = self.home / ".local/state/portkey-claw"
        found = [path for path in self.home.rglob("*") if path.name.endswith(".tmp")]
        journal = state / "journal"
        found += [path for path in journal.iterdir() if not (path / "entry.json").exists()] if journal.is_dir() else []
        folder = self.resolver.parent
        found += [folder] if folder.is_dir() and not any(folder.iterdir()) else []
        return [str(path.relative_to(self.home)) for path in found]

    def leaks(self) -> list[str]:
        """Files that hold a secret and may not, or that others may read."""
        # An undo's copies may hold what the files held before it.
        undone = ("/journal/",) if self.undoes or any(entry.is_undo for entry in history(self.environment)) else ()
        allowed = {
            KEY: (".openclaw/.env", ".openclaw/.portkey-claw..env.", *undone),
            OLD_KEY: (".openclaw/openclaw.json", ".openclaw/.portkey-claw.openclaw", "/journal/", "/originals/"),
            FORGOTTEN: (),
        }
        found = []
        for path in self.home.rglob("*"):
            if not path.is_file() or path == self.ring:
                continue
            name, data = str(path.relative_to(self.home)), path.read_bytes()
            for secret, places in allowed.items():
                mode = stat.S_IMODE(path.stat().st_mode)
                if secret.encode() in data and (mode & 0o077 or not any(place in name for place in places)):
                    found.append(name)
        return found

    def told(self) -> dict[str, Any]:
        """Everything about the home as it is now."""
        return {
            "state": self.state(),
            "strays": self.strays(),
            "leaks": self.leaks(),
            "kept": [name for name in json.loads(self.ring.read_text()) if name.startswith("portkey-claw/undo/")],
            "phases": [entry.phase.value for entry in history(self.environment)],
        }


def main(scratch: Path, *, what: str, ending: str, stride: int) -> None:
    # Waiting for a disk a thousand times, or for a slow digest, would prove nothing more.
    os.fsync = no_fsync
    entries._SLOW_ROUNDS = 10  # type: ignore[misc]
    results = []
    start = Ground(scratch / "start", undoes=what == "undo")
    start.prepare()
    if what == "undo":
        start.change()
    saved = shutil.copytree(start.home, scratch / "saved", symlinks=True)
    for number in range(1, GIVE_UP, stride):
        finished = attempt(start, what, number, die if ending == "kill" else interrupt)
        results.append({"step": number, "finished": finished, **found(start)})
        # The journal knows files by their whole names, so every attempt is made in the same place.
        shutil.rmtree(start.home)
        shutil.copytree(saved, start.home, symlinks=True)
        if finished:
            break
    json.dump(results, sys.stdout)


def attempt(ground: Ground, what: str, last: int, end: Callable[[], None]) -> bool:
    """Whether the attempt came to its own end."""
    child = os.fork()
    if child == 0:
        steps = Steps(last, end)
        exit_now = os._exit
        for name in CALLS:
            steps.watch(name)
        try:
            ground.change(steps) if what == "apply" else ground.undo(steps)
            exit_now(0)
        except KeyboardInterrupt:
            exit_now(130)
        except Exception as error:  # noqa: BLE001 - it is told by the parent
            sys.stderr.write(f"{type(error).__name__}: {error}\n")
            sys.stderr.flush()
        finally:
            exit_now(1)
    _, status = os.waitpid(child, 0)
    if os.WIFEXITED(status) and os.WEXITSTATUS(status) == 1:
        raise SystemExit(f"the attempt failed by itself at step {last}")
    return os.WIFEXITED(status) and os.WEXITSTATUS(status) == 0


def found(ground: Ground) -> dict[str, Any]:
    """What the attempt left, what an undo makes of it, and what the same change makes of it, run again."""
    told = ground.told()
    saved = shutil.copytree(ground.home, ground.home.with_name("before-recovery"), symlinks=True)
    told["anything"] = ground.undo()
    told["undone"] = ground.told()
    shutil.rmtree(ground.home)
    Path(saved).rename(ground.home)
    ground.change()
    told["again"] = ground.told()
    standing = [entry.id for entry in history(ground.environment) if entry.stands and not entry.is_undo]
    ground.undo(to=standing[-1])
    told["all_undone"] = ground.told()
    return told


if __name__ == "__main__":
    main(Path(sys.argv[1]), what=sys.argv[2], ending=sys.argv[3], stride=int(sys.argv[4]))
