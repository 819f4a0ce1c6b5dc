"""The very first bytes of a file: known as long as every byte since is ours, and not a moment longer."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from wizard.base.environment import Environment
from wizard.base.errors import UserError
from wizard.change.apply import apply
from wizard.change.journal import history
from wizard.change.plan import (
    Change,
    EditConfig,
    Operation,
    Plan,
    PutFile,
    RestoreFile,
    Set,
)
from wizard.change.pristine import pristine
from wizard.change.raw import read_now
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


def test_the_first_bytes_are_known_over_any_number_of_our_changes(
    surroundings: Environment, config: Path, keyring: Any
) -> None:
    assert pristine(config, surroundings) is None
    config.write_text(OLD)
    config.chmod(0o640)
    for number in range(2, 5):
        change(surroundings, keyring, edit(config, surroundings, Set(("a",), number, "")))
    undo(surroundings, keyring)
    change(surroundings, keyring, edit(config, surroundings, Set(("b",), 1, "")))
    first = pristine(config, surroundings)
    assert first is not None
    assert first.data == OLD.encode()
    assert first.ownership is not None
    assert first.ownership.mode == 0o640
    change(surroundings, keyring, RestoreFile(config, read_now(config, surroundings).digest, ""))
    assert config.read_text() == OLD
    undo(surroundings, keyring)
    assert "b: 1" in config.read_text()


def test_they_are_not_known_once_somebody_else_wrote(surroundings: Environment, config: Path, keyring: Any) -> None:
    config.write_text(OLD)
    change(surroundings, keyring, edit(config, surroundings, Set(("a",), 2, "")))
    ours = config.read_text()
    config.write_text(ours.replace("mine", "mine and more"))
    assert pristine(config, surroundings) is None
    change(surroundings, keyring, edit(config, surroundings, Set(("a",), 3, "")))
    assert pristine(config, surroundings) is None, "our next write does not make a beginning of it"
    config.write_text(ours)
    first = pristine(config, surroundings)
    assert first is not None
    assert first.data == OLD.encode()


def test_a_new_beginning_after_everything_was_taken_back(surroundings: Environment, config: Path, keyring: Any) -> None:
    config.write_text(OLD)
    change(surroundings, keyring, edit(config, surroundings, Set(("a",), 2, "")))
    undo(surroundings, keyring)
    config.write_text("{c: 1}\n")
    change(surroundings, keyring, edit(config, surroundings, Set(("a",), 2, "")))
    first = pristine(config, surroundings)
    assert first is not None
    assert first.data == b"{c: 1}\n"


def test_a_file_that_we_made_had_no_first_bytes(surroundings: Environment, config: Path, keyring: Any) -> None:
    config.parent.rmdir()
    change(surroundings, keyring, edit(config, surroundings, Set(("a",), 2, "")))
    first = pristine(config, surroundings)
    assert first is not None
    assert first.data is None
    change(surroundings, keyring, RestoreFile(config, read_now(config, surroundings).digest, ""))
    assert not config.parent.exists(), "the folder that was made for it goes as well"


def test_a_change_that_failed_leaves_no_beginning(surroundings: Environment, config: Path, keyring: Any) -> None:
    config.write_text(OLD)
    blocked = config.parent / "file"
    blocked.write_text("")
    with pytest.raises(UserError):
        change(
            surroundings,
            keyring,
            edit(config, surroundings, Set(("a",), 2, "")),
            PutFile(blocked / "below", None, "x", 0o700, ""),
        )
    assert config.read_text() == OLD
    assert history(surroundings) == ()
    config.write_text("{c: 1}\n")
    change(surroundings, keyring, edit(config, surroundings, Set(("a",), 2, "")))
    first = pristine(config, surroundings)
    assert first is not None
    assert first.data == b"{c: 1}\n"
