"""Undo: the old bytes come back where the file is as we left it, one change after the other, and forth again."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Any

import pytest

from wizard.base.errors import ExitCode, UserError
from wizard.change.entries import Phase
from wizard.change.journal import history
from wizard.change.plan import (
    ForgetSecret,
    PutFile,
    RemoveFile,
    Set,
    SetVariable,
    StoreSecret,
)
from wizard.change.preview import diff_of
from wizard.change.raw import read_now
from wizard.change.undo import carry_out_undo, plan_undo
from wizard.keys.vault import Vault

OLD = "// mine\n{\n  a: 1, // one\n  list: ['x'],\n}\n"
KEY = "Zq8vT3nLw5Rk2Jd7Ym4x"
OTHER_KEY = "Other3nLw5Rk2Jd7Ym4x"
ENTRY = {"baseUrl": "https://api.portkey.ai/v1", "apiKey": "${PORTKEY_API_KEY}"}


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_nothing_to_take_back(bench: Any) -> None:
    assert bench.plan() is None


def test_the_old_bytes_and_the_old_mode_come_back(bench: Any) -> None:
    bench.config.write_bytes(b"\xef\xbb\xbf" + OLD.replace("\n", "\r\n").encode())
    bench.config.chmod(0o644)
    before = bench.config.read_bytes()
    bench.change(bench.edit(Set(("env", "vars", "K"), bench.key(), ""), private=True))
    assert mode_of(bench.config) == 0o600
    undone = bench.undo()
    assert bench.config.read_bytes() == before
    assert mode_of(bench.config) == 0o644
    assert undone.left == ()
    assert bench.plan() is None, "an undo is not what the next undo takes back"


def test_a_mode_that_somebody_changed_since_stays(bench: Any) -> None:
    bench.config.write_text(OLD)
    bench.config.chmod(0o644)
    bench.change(bench.edit(Set(("a",), 2, "")))
    bench.config.chmod(0o640)
    bench.undo()
    assert bench.config.read_text() == OLD
    assert mode_of(bench.config) == 0o640


def test_a_file_that_was_made_goes_with_its_folders(bench: Any) -> None:
    path = bench.environment.home / "deep" / "er" / "openclaw.json"
    bench.change(bench.edit(Set(("a",), 1, ""), path=path))
    bench.undo()
    assert not path.parent.parent.exists()


def test_a_folder_with_something_else_in_it_stays(bench: Any) -> None:
    path = bench.environment.home / "deep" / "openclaw.json"
    bench.change(bench.edit(Set(("a",), 1, ""), path=path))
    path.with_name("other").write_text("")
    bench.undo()
    assert [each.name for each in path.parent.iterdir()] == ["other"]


def test_a_link_stays_a_link(bench: Any, tmp_path: Path) -> None:
    real = tmp_path / "claw.json"
    real.write_text(OLD)
    bench.config.symlink_to(real)
    bench.change(bench.edit(Set(("a",), 2, "")))
    bench.undo()
    assert bench.config.readlink() == real
    assert real.read_text() == OLD


def test_the_owner_comes_back(bench: Any) -> None:
    bench.config.write_text(OLD)
    owner = (1234, 2345) if os.geteuid() == 0 else (os.geteuid(), os.getgroups()[-1])
    os.chown(bench.config, *owner)
    bench.change(bench.edit(Set(("a",), 2, "")))
    bench.undo()
    assert (bench.config.stat().st_uid, bench.config.stat().st_gid) == owner


def test_what_was_taken_back_by_hand_counts_as_taken_back(bench: Any) -> None:
    bench.config.write_text(OLD)
    bench.change(bench.edit(Set(("a",), 2, "")))
    bench.config.write_text(OLD)
    assert bench.undo().steps.files == ()
    assert bench.plan() is None


def test_several_changes_are_taken_back_one_by_one_or_to_one(bench: Any) -> None:
    bench.config.write_text(OLD)
    first = bench.change(bench.edit(Set(("a",), 2, "first")))
    middle = bench.config.read_text()
    second = bench.change(bench.edit(Set(("b",), 3, "second")))
    bench.undo()
    assert bench.config.read_text() == middle
    bench.undo()
    assert bench.config.read_text() == OLD
    assert [entry.phase for entry in history(bench.environment) if entry.id in (first, second)] == [
        Phase.TAKEN_BACK
    ] * 2
    bench.change(bench.edit(Set(("c",), 4, "third")))
    fourth = bench.change(bench.edit(Set(("d",), 5, "fourth")))
    bench.change(bench.edit(Set(("e",), 6, "fifth")))
    undone = bench.undo(to=fourth)
    assert [entry.effects[0] for entry in undone.entries] == ["fifth", "fourth"]
    assert bench.value["c"] == 4
    assert "d" not in bench.value
    assert bench.refused(to=fourth).code is ExitCode.USAGE
    assert bench.refused(to="20000101-000000").code is ExitCode.USAGE


def test_an_undo_can_be_taken_back_by_its_id(bench: Any) -> None:
    bench.config.write_text(OLD)
    bench.change(bench.edit(Set(("env", "vars", "K"), bench.key(), "the key"), private=True), bench.dotenv())
    after = bench.config.read_bytes()
    bench.undo()
    assert bench.newest.is_undo
    again = bench.undo(to=bench.newest.id)
    assert again.brings_back
    assert bench.config.read_bytes() == after
    assert mode_of(bench.config) == 0o600
    assert bench.newest.effects == ("brought back: the key",)
    bench.undo()
    assert bench.config.read_text() == OLD


def test_files_of_ours_come_and_go(bench: Any) -> None:
    folder = bench.config.parent / "portkey"
    put, removed = folder / "resolver", bench.config.parent / "old-resolver"
    removed.write_text("old")
    digest = read_now(removed, bench.environment).digest
    assert digest is not None
    bench.change(PutFile(put, None, "#!/bin/sh\n", 0o700, ""), RemoveFile(removed, digest, ""))
    assert mode_of(put) == 0o700
    assert not removed.exists()
    bench.undo()
    assert not folder.exists()
    assert removed.read_text() == "old"


def test_the_keyring_gets_its_old_values_back(bench: Any) -> None:
    bench.keyring.entries.update({("s", "key"): OTHER_KEY, ("s", "spare"): "Spare3nLw5Rk2Jd7Ym4x"})
    before = dict(bench.keyring.entries)
    bench.change(
        StoreSecret("s", "key", bench.key(), ""), ForgetSecret("s", "spare", ""), StoreSecret("s", "new", "v", "")
    )
    assert bench.keyring.entries["s", "key"] == KEY
    assert ("s", "spare") not in bench.keyring.entries
    bench.undo()
    kept = {name: value for name, value in bench.keyring.entries.items() if not name[1].startswith("undo/")}
    assert kept == before


def test_a_locked_keyring_stops_the_undo_before_anything_is_changed(bench: Any) -> None:
    bench.config.write_text(OLD)
    bench.change(StoreSecret("s", "key", bench.key(), ""), bench.edit(Set(("a",), 2, "")))
    after = bench.config.read_bytes()
    bench.keyring.locked_after = 0
    error = bench.refused()
    assert error.code is ExitCode.NOT_WRITTEN
    assert "Unlock it" in error.hint
    assert bench.config.read_bytes() == after


def test_a_change_between_plan_and_undo_stops_it(bench: Any) -> None:
    bench.config.write_text(OLD)
    bench.change(bench.edit(Set(("a",), 2, "")))
    planned = bench.plan()
    assert planned is not None
    bench.rewrite(lambda value: value.update(theirs=1))
    before = bench.config.read_bytes()
    with pytest.raises(UserError) as caught:
        carry_out_undo(planned, bench.environment, bench.vault, keyring=bench.keyring)
    assert caught.value.code is ExitCode.NOT_WRITTEN
    assert bench.config.read_bytes() == before


def test_the_diff_of_an_undo_shows_no_secret(bench: Any) -> None:
    bench.config.write_text('{\n  "gateway": {"auth": {"password": "hunter2hunter2"}}\n}\n')
    bench.change(
        bench.edit(Set(("env", "vars", "PORTKEY_API_KEY"), bench.key(), "")),
        bench.dotenv(SetVariable("PORTKEY_API_KEY", bench.key(), "")),
    )
    planned = plan_undo(bench.environment, vault := Vault(), keyring=bench.keyring)
    assert planned is not None
    diff = diff_of(planned.steps.files, vault)
    assert '"PORTKEY_API_KEY": "‹' in diff
    assert "-PORTKEY_API_KEY=‹" in diff
    assert KEY not in diff
    assert "hunter2" not in diff
