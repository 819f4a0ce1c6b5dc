"""Another program writes a file right after us, before the whole change is done: nothing is said that is not so."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from wizard.base.errors import ExitCode, UserError
from wizard.change.entries import Phase
from wizard.change.housekeeping import settle
from wizard.change.journal import history
from wizard.change.ledger import write_entry
from wizard.change.plan import ForgetSecret, PutFile, RemoveFile, Set, StoreSecret
from wizard.change.raw import read_now

KEY = "Zq8vT3nLw5Rk2Jd7Ym4x"
OLD = "{a: 1, b: 1}"


@pytest.fixture
def writes_on_top(bench: Any, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Has another program write a text over the config as soon as we have written it."""

    def write(text: str) -> None:
        real = os.replace

        def over(source: Any, target: Any) -> None:
            real(source, target)
            if Path(target) == bench.config:
                monkeypatch.setattr(os, "replace", real)
                bench.config.write_text(text)

        monkeypatch.setattr(os, "replace", over)

    return write


def change(bench: Any, *more: Any) -> UserError | None:
    """Stores a key, puts a resolver, and lets the config refer to them."""
    bench.config.write_text(OLD)
    made = PutFile(resolver(bench), None, "resolver", 0o700, "")
    stored = StoreSecret("s", "key", bench.key(KEY), "")
    edit = bench.edit(Set(("a",), 2, ""), Set(("b",), {"id": "key"}, ""))
    try:
        bench.change(stored, made, edit, *more)
    except UserError as error:
        return error
    return None


def resolver(bench: Any) -> Path:
    return Path(bench.config.with_name("resolver"))


def test_who_keeps_what_we_wrote_has_done_no_harm(bench: Any, writes_on_top: Callable[[str], None]) -> None:
    writes_on_top('{a: 2.0, b: {id: "key"}, theirs: 1}')
    assert change(bench) is None
    assert bench.newest.phase is Phase.DONE
    assert resolver(bench).exists()
    assert bench.keyring.entries["s", "key"] == KEY
    bench.undo()
    assert bench.value == {"a": 1, "b": 1, "theirs": 1}
    assert not resolver(bench).exists()


@pytest.mark.parametrize("theirs", ['{a: 1, b: {id: "key"}, theirs: 1}', '{a: 2, b: {id: "key"'])
def test_what_a_file_may_still_refer_to_stays_and_is_named(
    bench: Any, writes_on_top: Callable[[str], None], theirs: str
) -> None:
    writes_on_top(theirs)
    error = change(bench)
    assert error is not None
    assert error.code is ExitCode.FINDINGS
    assert "was changed by another program" in error.message
    left = "could not be taken back: ~/.openclaw/openclaw.json, ~/.openclaw/resolver, the keyring's entry key."
    assert left in error.message
    assert bench.config.read_text() == theirs
    assert resolver(bench).exists()
    assert bench.keyring.entries["s", "key"] == KEY
    assert bench.newest.phase is Phase.BEGUN


def test_undo_takes_back_what_was_left(bench: Any, writes_on_top: Callable[[str], None]) -> None:
    writes_on_top('{a: 3, b: {id: "key"}, theirs: 1}')
    assert change(bench) is not None
    undone = bench.undo()
    assert undone.left == ("a in ~/.openclaw/openclaw.json",)
    assert bench.value == {"a": 3, "b": 1, "theirs": 1}
    assert not resolver(bench).exists()
    assert ("s", "key") not in bench.keyring.entries


def test_where_nothing_of_ours_is_left_the_rest_is_taken_back(bench: Any, writes_on_top: Callable[[str], None]) -> None:
    theirs = "{a: 1, b: 1, theirs: 1}"
    writes_on_top(theirs)
    error = change(bench)
    assert error is not None
    assert error.code is ExitCode.NOT_WRITTEN
    assert "What had been changed before was taken back." in error.message
    assert bench.config.read_text() == theirs
    assert not resolver(bench).exists()
    assert bench.keyring.entries == {}
    assert history(bench.environment) == ()


def test_a_step_that_fails_after_somebody_wrote_on_top(
    bench: Any, writes_on_top: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    old = bench.config.with_name("old")
    old.write_text("old")
    unlink = os.unlink

    def refuse(path: Any, **named: Any) -> None:
        if Path(path) == old:
            raise OSError(errno.EIO, "Input/output error")
        unlink(path, **named)

    writes_on_top('{a: 2, b: {id: "key"}, theirs: 1}')
    monkeypatch.setattr(os, "unlink", refuse)
    error = change(bench, RemoveFile(old, read_now(old, bench.environment).digest or "", ""))
    assert error is not None
    assert error.code is ExitCode.FINDINGS
    assert "~/.openclaw/openclaw.json, ~/.openclaw/resolver, the keyring's entry key" in error.message
    assert "was taken back" not in error.message
    assert resolver(bench).exists()
    assert bench.keyring.entries["s", "key"] == KEY
    assert bench.newest.phase is Phase.BEGUN


def test_a_file_that_others_wrote_first_is_not_ours_to_report(bench: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Their text happens to say what ours would have said."""
    theirs = '{a: 2, b: {id: "key"}, theirs: 1}'
    real = os.replace

    def over(source: Any, target: Any) -> None:
        real(source, target)
        if Path(target) == resolver(bench):
            bench.config.write_text(theirs)

    monkeypatch.setattr(os, "replace", over)
    error = change(bench)
    assert error is not None
    assert error.code is ExitCode.NOT_WRITTEN
    assert "in the meantime" in error.message
    assert bench.config.read_text() == theirs
    assert not resolver(bench).exists()
    assert history(bench.environment) == ()


def test_a_killed_move_waits_for_the_keyring(bench: Any) -> None:
    """The run was killed before the keyring's entry was forgotten; nobody can see that while the keyring is locked."""
    bench.config.write_text(OLD)
    bench.keyring.entries["s", "key"] = KEY
    bench.change(bench.edit(Set(("a",), 2, "")), ForgetSecret("s", "key", ""))
    bench.keyring.entries["s", "key"] = KEY
    write_entry(replace(bench.newest, phase=Phase.BEGUN), bench.environment)
    for locked_after in (len(bench.keyring.calls), None):
        bench.keyring.locked_after = locked_after
        settle(bench.environment, bench.keyring)
        assert bench.newest.phase is Phase.BEGUN
    del bench.keyring.entries["s", "key"]
    settle(bench.environment, bench.keyring)
    assert bench.newest.phase is Phase.DONE
