"""A plan with several changes: all of it or nothing, in an order in which what is referred to is there."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path
from typing import Any

import pytest

from wizard.base.environment import Environment
from wizard.base.errors import ExitCode, UserError
from wizard.change.apply import Applied, apply
from wizard.change.entries import FileKind
from wizard.change.journal import history
from wizard.change.plan import (
    Change,
    EditConfig,
    EditDotenv,
    ForgetSecret,
    Plan,
    PutFile,
    RemoveFile,
    RemoveVariable,
    Set,
    SetVariable,
    StoreSecret,
)
from wizard.change.preview import preview
from wizard.change.raw import read_now
from wizard.change.undo import plan_undo
from wizard.keys.vault import Vault

OLD = "// mine\n{\n  a: 1,\n}\n"
KEY, OLD_KEY = "Zq8vT3nLw5Rk2Jd7Ym4x", "Old8vT3nLw5Rk2Jd7Ym4"


class Ground:
    """The files of one plan of everything."""

    def __init__(self, environment: Environment, config: Path, keyring: Any) -> None:
        self.environment, self.config, self.keyring, self.vault = environment, config, keyring, Vault()
        self.dotenv, self.resolver = config.with_name(".env"), config.parent / "portkey" / "resolver"
        self.key = self.vault.take(KEY, "test").handle
        self.old = config.parent / "old"
        config.write_text(OLD)
        self.old.write_text("old")
        keyring.entries["s", "key"] = OLD_KEY
        keyring.entries["s", "spare"] = OLD_KEY

    def plan(self) -> Plan:
        old = read_now(self.old, self.environment).digest
        assert old is not None
        return Plan(
            (
                ForgetSecret("s", "spare", "forget"),
                RemoveFile(self.old, old, "remove", FileKind.OURS),
                EditConfig(self.config, read_now(self.config, self.environment).digest, (Set(("a",), 2, "config"),)),
                EditDotenv(
                    self.dotenv,
                    read_now(self.dotenv, self.environment).digest,
                    (SetVariable("PORTKEY_API_KEY", self.key, "dotenv"),),
                ),
                PutFile(self.resolver, None, "#!/bin/sh\n", 0o700, "put"),
                StoreSecret("s", "key", self.key, "store"),
            )
        )

    def apply(self, *changes: Change) -> Applied:
        plan = Plan(changes) if changes else self.plan()
        return apply(plan, self.environment, self.vault, keyring=self.keyring)

    def refused(self, *changes: Change) -> UserError:
        with pytest.raises(UserError) as caught:
            self.apply(*changes)
        return caught.value

    def is_untouched(self) -> bool:
        entries = {("s", "key"): OLD_KEY, ("s", "spare"): OLD_KEY}
        names = sorted(path.name for path in self.config.parent.iterdir())
        assert names == ["old", "openclaw.json"], names
        assert self.keyring.entries == entries
        assert history(self.environment) == ()
        return self.config.read_text() == OLD and self.old.read_text() == "old"


@pytest.fixture
def ground(surroundings: Environment, config: Path, keyring: Any) -> Ground:
    return Ground(surroundings, config, keyring)


def noting(real: Any, order: list[str]) -> Any:
    """A call that notes, after it, which part of the plan was in its arguments."""
    parts = ("key", "resolver", ".env", "openclaw.json", "old", "spare")

    def call(*arguments: Any, **named: Any) -> Any:
        result = real(*arguments, **named)
        names = [Path(str(argument)).name for argument in arguments]
        order.extend(part for part in parts if part in names)
        return result

    return call


def test_everything_is_done_in_an_order_that_never_refers_to_nothing(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    order: list[str] = []
    for module, call in ((os, "replace"), (os, "unlink"), (ground.keyring, "write"), (ground.keyring, "delete")):
        monkeypatch.setattr(module, call, noting(getattr(module, call), order))
    applied = ground.apply()
    assert order == ["key", "resolver", ".env", "openclaw.json", "old", "spare"]
    assert applied.written == (ground.resolver, ground.dotenv, ground.config, ground.old)
    assert stat.S_IMODE(ground.dotenv.stat().st_mode) == 0o600
    assert ground.dotenv.read_text() == f"PORTKEY_API_KEY={KEY}\n"
    assert ground.keyring.entries["s", "key"] == KEY
    assert ("s", "spare") not in ground.keyring.entries


def test_twice_is_once(ground: Ground) -> None:
    ground.apply()
    digest = read_now(ground.resolver, ground.environment).digest
    again = ground.apply(
        EditConfig(ground.config, read_now(ground.config, ground.environment).digest, (Set(("a",), 2, ""),)),
        EditDotenv(
            ground.dotenv,
            read_now(ground.dotenv, ground.environment).digest,
            (SetVariable("PORTKEY_API_KEY", ground.key, ""), RemoveVariable("NONE", "")),
        ),
        PutFile(ground.resolver, digest, "#!/bin/sh\n", 0o700, ""),
        StoreSecret("s", "key", ground.key, ""),
        ForgetSecret("s", "spare", ""),
    )
    assert again == Applied(None, ())


def test_a_key_makes_the_dotenv_its_owners_alone(ground: Ground) -> None:
    ground.dotenv.write_text(f"PORTKEY_API_KEY={KEY}\n")
    ground.dotenv.chmod(0o644)
    ground.apply(
        EditDotenv(
            ground.dotenv,
            read_now(ground.dotenv, ground.environment).digest,
            (SetVariable("PORTKEY_API_KEY", ground.key, ""),),
        )
    )
    assert stat.S_IMODE(ground.dotenv.stat().st_mode) == 0o600


@pytest.mark.parametrize("calls", range(9))
def test_a_keyring_that_locks_half_way(ground: Ground, calls: int) -> None:
    """Two reads, two copies of old values, a write, a read back, and a removal at the end."""
    ground.keyring.locked_after = calls
    if calls >= 7:
        ground.apply()
        return
    error = ground.refused()
    ground.keyring.locked_after = None
    if calls < 5:
        assert error.code is ExitCode.NOT_WRITTEN
        kept = [name for _, name in ground.keyring.entries if name.startswith("undo/")]
        # A copy of a value that is the entry's own again may stay where the keyring went away.
        for name in kept:
            del ground.keyring.entries["s", name]
        assert ground.is_untouched()
        return
    # The new key is stored and the keyring does not take it back: that is said, and undo takes it back later.
    assert error.code is ExitCode.FINDINGS
    assert "could not be taken back: the keyring's entry key" in error.message
    assert "portkey-claw undo" in error.hint
    assert ground.config.read_text() == OLD
    undone = plan_undo(ground.environment, ground.vault, keyring=ground.keyring)
    assert undone is not None
    assert [step.account for step in undone.steps.secrets] == ["key"]


def test_a_keyring_that_does_not_keep_what_it_takes(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ground.keyring, "write", lambda *_: None)
    error = ground.refused()
    assert error.code is ExitCode.NOT_WRITTEN
    assert "does not give it back" in error.message
    assert ground.is_untouched()


@pytest.mark.parametrize("name", ["resolver", ".env", "openclaw.json"])
@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EACCES, errno.EIO])
def test_what_was_done_before_a_failing_step_is_taken_back(
    ground: Ground, monkeypatch: pytest.MonkeyPatch, name: str, number: int
) -> None:
    rename = os.replace

    def fail(source: Any, target: Any) -> None:
        if Path(target).name == name:
            raise OSError(number, os.strerror(number))
        rename(source, target)

    with monkeypatch.context() as patched:
        patched.setattr(os, "replace", fail)
        error = ground.refused()
    assert error.code is ExitCode.NOT_WRITTEN
    assert f"{name} was not changed" in error.message
    assert error.message.endswith("What had been changed before was taken back.")
    assert ground.is_untouched()


def test_what_cannot_be_taken_back_is_named_and_undo_does_it_later(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    rename, full = os.replace, False

    def fill_up(source: Any, target: Any) -> None:
        nonlocal full
        full = full or Path(target).name == "openclaw.json"
        if full and Path(target).parent == ground.config.parent:
            raise OSError(errno.ENOSPC, "No space left on device")
        rename(source, target)

    unlink = os.unlink

    def keep(path: Any, **named: Any) -> None:
        if full and Path(path).name == ".env":
            raise OSError(errno.EIO, "Input/output error")
        unlink(path, **named)

    with monkeypatch.context() as patched:
        patched.setattr(os, "replace", fill_up)
        patched.setattr(os, "unlink", keep)
        error = ground.refused()
    assert error.code is ExitCode.FINDINGS
    assert "no space left" in error.message
    assert "could not be taken back: ~/.openclaw/.env" in error.message
    assert ground.config.read_text() == OLD
    undone = plan_undo(ground.environment, ground.vault, keyring=ground.keyring)
    assert undone is not None
    assert [step.now.path for step in undone.steps.files] == [ground.dotenv]


def test_a_file_that_somebody_wrote_over_ours_keeps_theirs(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    rename = os.replace

    def rename_and_lose(source: Any, target: Any) -> None:
        rename(source, target)
        if target == ground.config:
            ground.config.write_text("{theirs: 1}")

    monkeypatch.setattr(os, "replace", rename_and_lose)
    error = ground.refused()
    assert "right after it was written" in error.message
    assert ground.config.read_text() == "{theirs: 1}"
    assert not ground.dotenv.exists()
    assert not ground.resolver.parent.exists()
    assert ground.keyring.entries["s", "key"] == OLD_KEY


@pytest.mark.parametrize("which", ["config", "dotenv", "resolver", "old"])
def test_any_file_that_changed_since_the_plan_stops_all(ground: Ground, which: str) -> None:
    plan = ground.plan()
    path: Path = getattr(ground, which)
    path.parent.mkdir(exist_ok=True)
    path.write_text("{theirs: 1}")
    with pytest.raises(UserError) as caught:
        apply(plan, ground.environment, ground.vault, keyring=ground.keyring)
    assert caught.value.code is ExitCode.NOT_WRITTEN
    assert "in the meantime" in caught.value.message
    assert ground.keyring.entries["s", "key"] == OLD_KEY
    assert history(ground.environment) == ()


def test_the_preview_shows_every_file_and_no_secret(ground: Ground) -> None:
    ground.dotenv.write_text(f"# mine\nOTHER_TOKEN={OLD_KEY}\nPORT=3000\n")
    diff = preview(ground.plan(), ground.environment, ground.vault)
    assert "-  a: 1,\n+  a: 2," in diff
    assert f"+PORTKEY_API_KEY={ground.key}" in diff
    assert "+++ ~/.openclaw/portkey/resolver\n@@ -0,0 +1 @@\n+#!/bin/sh" in diff
    assert "--- ~/.openclaw/old\n+++ /dev/null\n@@ -1 +0,0 @@\n-old" in diff
    assert KEY not in diff
    assert OLD_KEY not in diff
    assert ground.config.read_text() == OLD
    assert ground.keyring.calls == []
