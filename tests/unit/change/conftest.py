"""A home of its own for every test of a change, and a keyring that is no system's."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from wizard.base.environment import Environment
from wizard.base.errors import UserError
from wizard.change.apply import apply
from wizard.change.entries import Entry
from wizard.change.journal import history
from wizard.change.plan import Change, EditConfig, EditDotenv, Operation, Plan, RemoveVariable, SetVariable
from wizard.change.raw import read_now
from wizard.change.undo import Undo, carry_out_undo, plan_undo
from wizard.json5doc import Document
from wizard.keys.keyring_store import KeyringError, KeyringTrouble
from wizard.keys.vault import Vault


@dataclass
class MemoryKeyring:
    """A keyring in memory; `locked_after` calls it does not serve any more."""

    entries: dict[tuple[str, str], str] = field(default_factory=dict)
    locked_after: int | None = None
    calls: list[str] = field(default_factory=list)

    def _serve(self, call: str) -> None:
        if self.locked_after is not None and len(self.calls) >= self.locked_after:
            raise KeyringError(KeyringTrouble.LOCKED, "memory", "The keyring is locked. Unlock it and try again.")
        self.calls.append(call)

    def read(self, service: str, account: str) -> str | None:
        self._serve("read")
        return self.entries.get((service, account))

    def write(self, service: str, account: str, value: str) -> None:
        self._serve("write")
        self.entries[service, account] = value

    def delete(self, service: str, account: str) -> None:
        self._serve("delete")
        self.entries.pop((service, account), None)


KEY = "Zq8vT3nLw5Rk2Jd7Ym4x"


class Bench:
    """One home, its vault and its keyring."""

    def __init__(self, environment: Environment, config: Path, keyring: Any) -> None:
        self.environment, self.config, self.keyring, self.vault = environment, config, keyring, Vault()

    def edit(self, *operations: Operation, path: Path | None = None, private: bool = False) -> EditConfig:
        path = path or self.config
        return EditConfig(path, read_now(path, self.environment).digest, operations, private)

    def dotenv(self, *operations: SetVariable | RemoveVariable) -> EditDotenv:
        path = self.config.with_name(".env")
        return EditDotenv(path, read_now(path, self.environment).digest, operations)

    def key(self, value: str = KEY) -> str:
        return self.vault.take(value, "test").handle

    def change(self, *changes: Change) -> str:
        entry_id = apply(Plan(changes), self.environment, self.vault, keyring=self.keyring).entry_id
        assert entry_id is not None
        return entry_id

    def plan(self, to: str | None = None) -> Undo | None:
        return plan_undo(self.environment, self.vault, to=to, keyring=self.keyring)

    def undo(self, to: str | None = None) -> Undo:
        planned = self.plan(to)
        assert planned is not None
        carry_out_undo(planned, self.environment, self.vault, keyring=self.keyring)
        return planned

    def refused(self, to: str | None = None) -> UserError:
        with pytest.raises(UserError) as caught:
            self.undo(to)
        return caught.value

    def rewrite(self, change: Callable[[Any], None]) -> None:
        """What OpenClaw's `config set` does: reads, changes, drops comments, adds `meta`, writes strict JSON anew."""
        value = Document.parse(self.config.read_text()).value
        assert isinstance(value, dict)
        change(value)
        value["meta"] = {"lastTouchedVersion": "2026.9.6"}
        self.config.unlink()
        self.config.write_text(json.dumps(value, indent=2) + "\n")

    @property
    def value(self) -> Any:
        return Document.parse(self.config.read_text()).value

    @property
    def newest(self) -> Entry:
        return history(self.environment)[0]


@pytest.fixture
def keyring() -> MemoryKeyring:
    """An empty keyring."""
    return MemoryKeyring()


@pytest.fixture
def surroundings(tmp_path: Path) -> Environment:
    """An environment whose home is a fresh folder and which has no variables."""
    home = tmp_path / "home"
    home.mkdir()
    return Environment(
        variables={},
        home=home,
        cwd=home,
        stdin=io.StringIO(),
        stdout=io.StringIO(),
        stderr=io.StringIO(),
        system="linux",
    )


@pytest.fixture
def config(surroundings: Environment) -> Path:
    """The path of the config in that home, in its folder; the file is not there yet."""
    folder = surroundings.home / ".openclaw"
    folder.mkdir(mode=0o700)
    return folder / "openclaw.json"


@pytest.fixture
def bench(surroundings: Environment, config: Path, keyring: MemoryKeyring) -> Bench:
    """That home, with what changes it and takes changes back."""
    return Bench(surroundings, config, keyring)
