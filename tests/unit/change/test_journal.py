"""The journal: who may read it, what it may hold, how long it remembers, and how a secret is taken out of it."""

from __future__ import annotations

import json
import os
import stat
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from wizard.base.environment import Environment
from wizard.base.errors import ExitCode, UserError
from wizard.change import ledger
from wizard.change.apply import apply
from wizard.change.entries import Phase
from wizard.change.journal import history, images_with, interrupted, kept_with, prune_images
from wizard.change.plan import (
    Change,
    EditConfig,
    EditDotenv,
    Operation,
    Plan,
    Set,
    SetVariable,
    StoreSecret,
)
from wizard.change.pristine import pristine
from wizard.change.raw import read_now
from wizard.change.state import state_folder
from wizard.change.undo import carry_out_undo, plan_undo
from wizard.keys.vault import Vault

OLD = "// mine\n{\n  a: 1,\n}\n"
KEY, OLD_KEY = "Zq8vT3nLw5Rk2Jd7Ym4x", "Old8vT3nLw5Rk2Jd7Ym4"


def edit(path: Path, environment: Environment, *operations: Operation) -> EditConfig:
    return EditConfig(path, read_now(path, environment).digest, operations)


def change(environment: Environment, keyring: Any, *changes: Change, vault: Vault | None = None) -> str:
    entry_id = apply(Plan(changes), environment, vault or Vault(), keyring=keyring).entry_id
    assert entry_id is not None
    return entry_id


def undo(environment: Environment, keyring: Any, to: str | None = None) -> None:
    planned = plan_undo(environment, Vault(), to=to, keyring=keyring)
    assert planned is not None
    carry_out_undo(planned, environment, Vault(), keyring=keyring)


def everything(environment: Environment) -> list[Path]:
    return [path for path in state_folder(environment).rglob("*") if path.name.rpartition(".")[2] != "lock"]


def test_nobody_else_may_read_the_journal(surroundings: Environment, config: Path, keyring: Any) -> None:
    config.write_text(OLD)
    config.chmod(0o644)
    before = os.umask(0)
    try:
        change(surroundings, keyring, edit(config, surroundings, Set(("a",), 2, "")))
    finally:
        os.umask(before)
    for path in everything(surroundings):
        mode = stat.S_IMODE(path.stat().st_mode)
        assert mode == (0o700 if path.is_dir() else 0o600), path


def test_an_entry_says_what_was_done_and_holds_no_value(surroundings: Environment, config: Path, keyring: Any) -> None:
    config.write_text(OLD)
    vault = Vault()
    handle = vault.take(KEY, "test").handle
    keyring.entries["s", "key"] = OLD_KEY
    entry_id = change(
        surroundings,
        keyring,
        edit(config, surroundings, Set(("env", "vars", "K"), handle, f"the key {handle}")),
        EditDotenv(config.with_name(".env"), None, (SetVariable("K", handle, "the key in .env"),)),
        StoreSecret("s", "key", handle, "the key in the keyring"),
        vault=vault,
    )
    (entry,) = history(surroundings)
    assert entry.id == entry_id
    assert entry.command == "setup"
    assert entry.phase is Phase.DONE
    assert entry.effects == (f"the key {handle}", "the key in .env", "the key in the keyring")
    assert datetime.fromisoformat(entry.made_at).tzinfo is not None
    for path in everything(surroundings):
        if path.is_file():
            assert KEY.encode() not in path.read_bytes(), path
            assert OLD_KEY.encode() not in path.read_bytes(), path
    assert keyring.entries["s", f"undo/{entry_id}/0"] == OLD_KEY


def test_a_copy_holds_a_secret_only_if_the_file_did(surroundings: Environment, config: Path, keyring: Any) -> None:
    config.write_text(f'{{"env": {{"vars": {{"K": "{OLD_KEY}"}}}}}}')
    other = config.with_name("other.json5")
    other.write_text("{b: 1}")
    vault = Vault()
    handle = vault.take(KEY, "test").handle
    change(
        surroundings,
        keyring,
        edit(config, surroundings, Set(("env", "vars", "K"), handle, "")),
        edit(other, surroundings, Set(("b",), 2, "")),
        vault=vault,
    )
    found = images_with(OLD_KEY, surroundings)
    assert {path.read_bytes() for path in found} == {f'{{"env": {{"vars": {{"K": "{OLD_KEY}"}}}}}}'.encode()}
    assert {path.parent.name for path in found} == {history(surroundings)[0].id, "originals"}
    assert images_with(KEY, surroundings) == ()


def test_a_secret_with_escapes_is_found(surroundings: Environment, config: Path, keyring: Any) -> None:
    config.write_text('{"k": "\\u005aq8vT3nLw5Rk2Jd7Ym4x"}')
    change(surroundings, keyring, edit(config, surroundings, Set(("a",), 1, "")))
    assert len(images_with(KEY, surroundings)) == 2
    assert len(prune_images(KEY, surroundings, keyring)) == 2
    assert images_with(KEY, surroundings) == ()


def test_pruning_takes_the_secret_out_of_every_copy(surroundings: Environment, config: Path, keyring: Any) -> None:
    text = f'{{\n  // mine\n  "env": {{"vars": {{"K": "{OLD_KEY}"}}}}\n}}\n'
    config.write_text(text)
    keyring.entries["s", "key"] = OLD_KEY
    vault = Vault()
    change(
        surroundings,
        keyring,
        edit(config, surroundings, Set(("env", "vars", "K"), vault.take(KEY, "").handle, "")),
        StoreSecret("s", "key", vault.take(KEY, "").handle, ""),
        vault=vault,
    )
    assert len(kept_with(OLD_KEY, surroundings, keyring)) == 1
    prune_images(OLD_KEY, surroundings, keyring)
    assert images_with(OLD_KEY, surroundings) == ()
    assert kept_with(OLD_KEY, surroundings, keyring) == ()
    assert OLD_KEY not in keyring.entries.values()
    for path in everything(surroundings):
        assert path.is_dir() or OLD_KEY.encode() not in path.read_bytes()
    (image,) = (path for path in everything(surroundings) if path.name.startswith("before-"))
    assert "// mine" in image.read_text(), "the rest still helps by hand"
    assert history(surroundings)[0].pruned
    assert pristine(config, surroundings) is None


def test_pruning_where_there_is_no_journal(surroundings: Environment, keyring: Any) -> None:
    assert prune_images(KEY, surroundings, keyring) == ()
    assert not state_folder(surroundings).exists()


def test_the_oldest_entries_go_with_what_they_keep(
    surroundings: Environment, config: Path, keyring: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledger, "KEPT", 3)
    vault = Vault()
    ids = [
        change(
            surroundings,
            keyring,
            edit(config, surroundings, Set(("a",), number, "")),
            StoreSecret("s", "key", vault.take(f"{KEY}{number}", "").handle, ""),
            vault=vault,
        )
        for number in range(6)
    ]
    assert [entry.id for entry in history(surroundings)] == ids[:2:-1]
    assert ids == sorted(ids)
    kept = {name.split("/")[1] for _, name in keyring.entries if name.startswith("undo/")}
    assert kept == set(ids[3:])
    first = pristine(config, surroundings)
    assert first is not None, "the beginning is known although its entry is gone"
    assert first.data is None


def test_an_entry_whose_keyring_is_locked_waits(
    surroundings: Environment, config: Path, keyring: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledger, "KEPT", 1)
    keyring.entries["s", "key"] = OLD_KEY
    vault = Vault()
    change(surroundings, keyring, StoreSecret("s", "key", vault.take(KEY, "").handle, ""), vault=vault)
    keyring.locked_after = 0
    change(surroundings, keyring, edit(config, surroundings, Set(("a",), 1, "")))
    assert len(history(surroundings)) == 2
    keyring.locked_after = None
    change(surroundings, keyring, edit(config, surroundings, Set(("a",), 2, "")))
    assert len(history(surroundings)) == 1
    assert list(keyring.entries) == [("s", "key")]


@dataclass(frozen=True)
class StoppedClock(Environment):
    """The same second, again and again."""

    def now(self) -> datetime:
        return datetime(2026, 11, 23, 10, 0, tzinfo=UTC)


def test_ids_grow_where_the_clock_does_not(surroundings: Environment, config: Path, keyring: Any) -> None:
    stopped = StoppedClock(surroundings.variables, surroundings.home, surroundings.cwd, system="linux")
    ids = [change(stopped, keyring, edit(config, stopped, Set(("a",), number, ""))) for number in range(3)]
    assert ids == ["20261123-100000", "20261123-100001", "20261123-100002"]


@pytest.mark.parametrize("text", ["", "{", "[]", '{"id": "other"}', "[" * 10_000])
def test_an_entry_that_is_junk_is_left_out(surroundings: Environment, config: Path, keyring: Any, text: str) -> None:
    change(surroundings, keyring, edit(config, surroundings, Set(("a",), 1, "")))
    junk = state_folder(surroundings) / "journal" / "20990101-000000"
    junk.mkdir()
    (junk / "entry.json").write_text(text)
    assert len(history(surroundings)) == 1
    undo(surroundings, keyring)
    assert not config.exists()


def test_a_journal_that_cannot_be_written_stops_the_change(
    surroundings: Environment, config: Path, keyring: Any
) -> None:
    config.write_text(OLD)
    state_folder(surroundings).mkdir(parents=True)
    (state_folder(surroundings) / "journal").write_text("a file in the way")
    with pytest.raises(UserError) as caught:
        change(surroundings, keyring, edit(config, surroundings, Set(("a",), 2, "")))
    assert caught.value.code is ExitCode.NOT_WRITTEN
    assert "The journal in ~/.local/state/portkey-claw/journal cannot be written" in caught.value.message
    assert "XDG_STATE_HOME" in caught.value.hint
    assert config.read_text() == OLD


def test_nothing_is_journalled_where_nothing_changes(surroundings: Environment, config: Path, keyring: Any) -> None:
    config.write_text(OLD)
    applied = apply(Plan((edit(config, surroundings, Set(("a",), 1, "")),)), surroundings, Vault(), keyring=keyring)
    assert applied.entry_id is None
    assert applied.written == ()
    assert history(surroundings) == ()


def test_a_killed_change_is_known(surroundings: Environment, config: Path, keyring: Any) -> None:
    config.write_text(OLD)
    change(surroundings, keyring, edit(config, surroundings, Set(("a",), 2, "")))
    assert interrupted(surroundings) is None
    ledger.write_entry(replace(history(surroundings)[0], phase=Phase.BEGUN), surroundings)
    killed = interrupted(surroundings)
    assert killed is not None
    assert killed.command == "setup"


def test_an_entry_is_plain_json(surroundings: Environment, config: Path, keyring: Any) -> None:
    change(surroundings, keyring, edit(config, surroundings, Set(("a",), 1, "")))
    data = json.loads((state_folder(surroundings) / "journal" / history(surroundings)[0].id / "entry.json").read_text())
    assert data["files"][0]["given"] == [
        {"action": "set", "path": ["a"], "stamp": data["files"][0]["given"][0]["stamp"], "effect": ""}
    ]
