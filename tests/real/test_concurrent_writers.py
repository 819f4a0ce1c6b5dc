"""OpenClaw's own `config set` beside ours, on one file: nothing is lost unsaid.

A round is one write of ours, at a moment of its own, while a `config set` runs. 2026.9.6 compares before it writes and
gives up where the file changed; 2026.5.7 compares as well, but earlier, and writes over what came after that.
"""

from __future__ import annotations

import os
import random
import subprocess
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import pytest

from wizard.base.environment import Environment
from wizard.base.errors import ExitCode, UserError
from wizard.change.apply import apply
from wizard.change.lost import lost
from wizard.change.plan import EditConfig, Plan, Set
from wizard.change.reading import read_source
from wizard.json5doc import Document
from wizard.keys.vault import Vault

pytestmark = pytest.mark.real

STRESS = os.environ.get("PORTKEY_CLAW_STRESS", "") not in ("", "0")
ROUNDS = 200 if STRESS else 30
OURS, THEIRS = ("env", "vars", "OURS"), ("env", "vars", "THEIRS")
START_SECONDS = 60.0
# What `config set` says where it gives up: 2026.9.6, and 2026.5.7.
REFUSALS = ("changed while this command was writing", "config changed since last load")


@dataclass
class Race:
    """One config, two writers.

    Attributes:
        home: where OpenClaw runs.
        usual: the seconds that a start of OpenClaw takes, by the one before.
        chance: the moments of our writes; the same ones in every run of the test.
        seen: how often what happened.
    """

    home: Any
    usual: float = 3.0
    chance: random.Random = field(default_factory=lambda: random.Random(20261123))
    seen: Counter[str] = field(default_factory=Counter)

    @property
    def environment(self) -> Environment:
        return Environment(variables=self.home.variables, home=self.home.path, cwd=self.home.path)

    def value(self, path: tuple[str, ...]) -> Any:
        return Document.parse(self.home.config.read_text(encoding="utf-8")).get(path)

    def write(self, value: str) -> str | None:
        """Our write; the journal's name for it, or None where nothing was written."""
        environment, vault = self.environment, Vault()
        try:
            source = read_source(self.home.config, environment, vault)
            edit = EditConfig(source.path, source.digest, (Set(OURS, value, ""),))
            return apply(Plan((edit,)), environment, vault).entry_id
        except UserError as error:
            if error.code is not ExitCode.NOT_WRITTEN:
                raise
            self.seen["ours refused"] += 1
            return None

    def start(self, number: int) -> tuple[subprocess.CompletedProcess[str], str | None, str | None]:
        """One `config set` with a write of ours beside it; its end, our value and the journal's name for it."""
        moment = self.chance.uniform(0, self.usual * 1.05)
        began = time.monotonic()
        command = [str(self.home.executable), "config", "set", ".".join(THEIRS), f'"theirs-{number}"']
        process = subprocess.Popen(
            command,
            cwd=self.home.path,
            env=self.home.variables,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        time.sleep(max(0.0, began + moment - time.monotonic()))
        entry = self.write(f"ours-{number}")
        out, err = process.communicate(timeout=START_SECONDS)
        self.usual = max(1.0, (self.usual + time.monotonic() - began) / 2)
        ended = subprocess.CompletedProcess(command, process.returncode, out, err)
        return ended, f"ours-{number}" if entry is not None else None, entry


def test_nothing_is_lost_unsaid(home: Any) -> None:
    compares = "2026.9.6" in str(home.executable)
    home.write_config('{\n  // mine\n  "env": {"vars": {"OURS": "before", "THEIRS": "before"}},\n}\n')
    race = Race(home)
    for number in range(ROUNDS):
        before = race.value(THEIRS)
        theirs, ours, entry = race.start(number)
        if theirs.returncode == 0:
            race.seen["theirs written"] += 1
            assert race.value(THEIRS) == f"theirs-{number}", "our write took OpenClaw's away"
        else:
            race.seen["theirs refused"] += 1
            said = theirs.stdout + theirs.stderr
            assert any(words in said for words in REFUSALS), said
            # 2026.9.6 looks again after its rename: a write of ours right then makes it say so of a value that is in.
            assert race.value(THEIRS) in (before, f"theirs-{number}")
        if ours is None:
            continue
        kept = race.value(OURS) == ours
        race.seen["ours kept" if kept else "ours lost"] += 1
        assert kept or not compares, "OpenClaw's write took ours away"
        assert bool(lost(entry, race.environment)) is not kept
    print(dict(race.seen), f"{race.usual:.1f} s a start")
    assert race.seen["theirs written"], "OpenClaw never came to write"
    assert race.seen["ours kept"], "we never came to write"
