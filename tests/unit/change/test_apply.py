"""The one write: what it keeps, what it refuses, and what it leaves behind."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock

from wizard.base import limits
from wizard.base.environment import Environment
from wizard.base.errors import ExitCode, UserError
from wizard.change import prepare as prepare_module
from wizard.change.apply import apply
from wizard.change.plan import Append, Delete, EditConfig, Operation, Plan, Set
from wizard.change.reading import digest_of, read_source
from wizard.change.state import state_folder
from wizard.keys.vault import Vault

OLD = "// mine\n{\n  a: 1, // one\n  list: ['x'],\n}\n"
KEY = "Zq8vT3nLw5Rk2Jd7Ym4x"


def plan_for(path: Path, *operations: Operation, private: bool = False) -> Plan:
    text = path.read_bytes().decode() if path.exists() else None
    return Plan((EditConfig(path, None if text is None else digest_of(text), operations, private),))


def refused(plan: Plan, environment: Environment, vault: Vault | None = None, openclaw: str | None = None) -> UserError:
    with pytest.raises(UserError) as caught:
        apply(plan, environment, vault or Vault(), openclaw=openclaw)
    assert caught.value.code is ExitCode.NOT_WRITTEN
    return caught.value


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def names_in(folder: Path) -> list[str]:
    return sorted(entry.name for entry in folder.iterdir())


def test_every_other_byte_is_kept(surroundings: Environment, config: Path) -> None:
    config.write_text(OLD, newline="")
    plan = plan_for(config, Set(("a",), 2, ""), Append(("list",), "y", ""), Set(("b", "c"), True, ""))
    assert apply(plan, surroundings, Vault()).written == (config,)
    assert config.read_text() == "// mine\n{\n  a: 2, // one\n  list: ['x', 'y'],\n  b: {\n    c: true,\n  },\n}\n"
    assert names_in(config.parent) == ["openclaw.json"]


def test_a_byte_order_mark_and_windows_line_ends_stay(surroundings: Environment, config: Path) -> None:
    config.write_bytes('\ufeff{\r\n  "a": 1\r\n}\r\n'.encode())
    apply(plan_for(config, Set(("b",), 2, "")), surroundings, Vault())
    assert config.read_bytes() == '\ufeff{\r\n  "a": 1,\r\n  "b": 2\r\n}\r\n'.encode()


def test_handles_become_values_only_in_the_file(surroundings: Environment, config: Path) -> None:
    config.write_text("{}")
    vault = Vault()
    handle = vault.take(KEY, "test").handle
    plan = plan_for(config, Set(("env", "vars", "K"), handle, ""), Set(("l",), [{"k": f"Bearer {handle}"}], ""))
    assert KEY not in repr(plan)
    apply(plan, surroundings, vault)
    assert read_source(config, surroundings, vault).value == {
        "env": {"vars": {"K": KEY}},
        "l": [{"k": f"Bearer {KEY}"}],
    }


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o644, 0o400 | 0o200, 0o664])
def test_an_existing_file_keeps_its_mode(surroundings: Environment, config: Path, mode: int) -> None:
    config.write_text(OLD)
    config.chmod(mode)
    apply(plan_for(config, Set(("a",), 2, "")), surroundings, Vault())
    assert mode_of(config) == mode


@pytest.mark.parametrize(("before", "after"), [(0o644, 0o600), (0o660, 0o600), (0o600, 0o600)])
def test_a_file_that_gets_a_secret_is_its_owners_alone(
    surroundings: Environment, config: Path, before: int, after: int
) -> None:
    config.write_text(OLD)
    config.chmod(before)
    apply(plan_for(config, Set(("a",), 2, ""), private=True), surroundings, Vault())
    assert mode_of(config) == after


def test_a_file_keeps_its_owner_and_group(surroundings: Environment, config: Path) -> None:
    config.write_text(OLD)
    # Only root may give a file away; everybody may give it to a group of their own.
    owner = (1234, 2345) if os.geteuid() == 0 else (os.geteuid(), os.getgroups()[-1])
    os.chown(config, *owner)
    apply(plan_for(config, Set(("a",), 2, "")), surroundings, Vault())
    status = config.stat()
    assert (status.st_uid, status.st_gid) == owner


def test_a_new_file_and_its_folder_are_private(surroundings: Environment) -> None:
    path = surroundings.home / "deep" / "er" / "openclaw.json"
    old = os.umask(0o002)
    try:
        apply(plan_for(path, Set(("a",), 1, "")), surroundings, Vault())
    finally:
        os.umask(old)
    assert path.read_text() == '{\n  "a": 1\n}\n'
    assert mode_of(path) == 0o600
    assert mode_of(path.parent) == mode_of(path.parent.parent) == 0o700


def test_a_link_stays_a_link(surroundings: Environment, config: Path, tmp_path: Path) -> None:
    dotfiles = tmp_path / "dotfiles"
    dotfiles.mkdir()
    real = dotfiles / "claw.json"
    real.write_text(OLD)
    config.symlink_to("../../dotfiles/claw.json")
    apply(plan_for(config, Set(("a",), 2, "")), surroundings, Vault())
    assert config.is_symlink()
    assert config.readlink() == Path("../../dotfiles/claw.json")
    assert "a: 2" in real.read_text()
    assert names_in(dotfiles) == ["claw.json"]


def test_a_chain_of_links_is_followed_to_its_end(surroundings: Environment, config: Path) -> None:
    real, middle = config.with_name("real.json"), config.with_name("middle.json")
    real.write_text("{}")
    middle.symlink_to(real)
    config.symlink_to(middle)
    apply(plan_for(config, Set(("a",), 2, "")), surroundings, Vault())
    assert config.is_symlink()
    assert middle.is_symlink()
    assert not real.is_symlink()
    assert '"a": 2' in real.read_text()


def test_a_dangling_link_gets_its_file(surroundings: Environment, config: Path, tmp_path: Path) -> None:
    config.symlink_to(tmp_path / "new.json")
    apply(plan_for(config, Set(("a",), 2, "")), surroundings, Vault())
    assert config.is_symlink()
    assert mode_of(tmp_path / "new.json") == 0o600


def test_a_link_into_a_missing_folder_is_refused(surroundings: Environment, config: Path, tmp_path: Path) -> None:
    config.symlink_to(tmp_path / "unmounted" / "openclaw.json")
    error = refused(plan_for(config, Set(("a",), 2, "")), surroundings)
    assert "unmounted/openclaw.json, whose folder is not there" in error.message
    assert not (tmp_path / "unmounted").exists()


def test_a_circle_of_links_is_refused(surroundings: Environment, config: Path) -> None:
    other = config.with_name("other.json")
    config.symlink_to(other)
    other.symlink_to(config)
    assert "leads back to itself" in refused(plan_for(config, Set(("a",), 2, "")), surroundings).message


def test_a_file_that_changed_since_the_plan_is_left_alone(surroundings: Environment, config: Path) -> None:
    config.write_text(OLD)
    plan = plan_for(config, Set(("a",), 2, ""))
    config.write_text("{a: 3}")
    error = refused(plan, surroundings)
    assert "changed by another program in the meantime" in error.message
    assert config.read_text() == "{a: 3}"


def test_a_file_that_appeared_since_the_plan_is_left_alone(surroundings: Environment, config: Path) -> None:
    plan = plan_for(config, Set(("a",), 2, ""))
    config.write_text("{a: 3}")
    refused(plan, surroundings)
    assert config.read_text() == "{a: 3}"


def test_a_file_that_vanished_since_the_plan_is_not_made_again(surroundings: Environment, config: Path) -> None:
    config.write_text(OLD)
    plan = plan_for(config, Set(("a",), 2, ""))
    config.unlink()
    refused(plan, surroundings)
    assert not config.exists()


@pytest.mark.parametrize("replacing", [True, False])
def test_a_change_between_reading_and_renaming_is_seen(
    surroundings: Environment, config: Path, monkeypatch: pytest.MonkeyPatch, replacing: bool
) -> None:
    if replacing:
        config.write_text(OLD)
    plan = plan_for(config, Set(("a",), 2, ""))

    def meanwhile(text: str, intended: object) -> None:
        config.write_text("{a: 'by OpenClaw'}")

    monkeypatch.setattr(prepare_module, "confirm", meanwhile)
    assert "in the meantime" in refused(plan, surroundings).message
    assert config.read_text() == "{a: 'by OpenClaw'}"
    assert names_in(config.parent) == ["openclaw.json"]


def test_a_change_right_after_the_rename_is_told(
    surroundings: Environment, config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config.write_text(OLD)
    rename = os.replace

    def rename_and_lose(source: Any, target: Any) -> None:
        rename(source, target)
        if target == config:
            config.write_text("{a: 9}")

    monkeypatch.setattr(os, "replace", rename_and_lose)
    assert "right after it was written" in refused(plan_for(config, Set(("a",), 2, "")), surroundings).message


def test_the_second_reader_has_a_veto(surroundings: Environment, config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import json5

    config.write_text(OLD)
    monkeypatch.setattr(json5, "loads", lambda *_, **__: {"a": "something else"})
    assert "cannot be changed safely" in refused(plan_for(config, Set(("a",), 2, "")), surroundings).message
    assert config.read_text() == OLD


def test_an_edit_that_the_document_does_not_allow_is_refused(surroundings: Environment, config: Path) -> None:
    config.write_text(OLD)
    error = refused(plan_for(config, Append(("a",), 2, "")), surroundings)
    assert "cannot be changed safely" in error.message
    assert config.read_text() == OLD


def test_what_a_killed_run_left_is_removed_and_nothing_else(surroundings: Environment, config: Path) -> None:
    config.write_text(OLD)
    for name in (
        ".portkey-claw.openclaw.json.0123456789ab.tmp",
        ".portkey-claw.other.json.0123.tmp",
        "openclaw.json.bak",
    ):
        (config.parent / name).write_text("left")
    apply(plan_for(config, Set(("a",), 2, "")), surroundings, Vault())
    assert names_in(config.parent) == [".portkey-claw.other.json.0123.tmp", "openclaw.json", "openclaw.json.bak"]


def test_two_runs_do_not_write_at_once(
    surroundings: Environment, config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config.write_text(OLD)
    apply(plan_for(config, Set(("a",), 2, "")), surroundings, Vault())
    locks = list((state_folder(surroundings) / "locks").iterdir())
    assert len(locks) == 2, "one for the file, one for the journal"
    monkeypatch.setattr(limits, "LOCK_SECONDS", 0.05)
    for lock in locks:
        with FileLock(lock):
            error = refused(plan_for(config, Set(("a",), 3, "")), surroundings)
        assert "Another run of portkey-claw" in error.message
    apply(plan_for(config, Set(("a",), 3, "")), surroundings, Vault())
    assert "a: 3" in config.read_text()


def test_a_state_folder_that_cannot_be_made_stops_the_write(surroundings: Environment, config: Path) -> None:
    config.write_text(OLD)
    (surroundings.home / ".local").write_text("a file in the way")
    error = refused(plan_for(config, Set(("a",), 2, "")), surroundings)
    assert "~/.local/state/portkey-claw/locks" in error.message
    assert "XDG_STATE_HOME" in error.hint
    assert config.read_text() == OLD


def test_deleting_takes_the_member_away(surroundings: Environment, config: Path) -> None:
    config.write_text('{\n  "env": {"PORTKEY_API_KEY": "old", "vars": {}},\n}\n')
    apply(plan_for(config, Delete(("env", "PORTKEY_API_KEY"), "")), surroundings, Vault())
    assert read_source(config, surroundings, Vault()).value == {"env": {"vars": {}}}


def test_a_config_of_a_newer_openclaw_is_left_alone(surroundings: Environment, config: Path) -> None:
    config.write_text('{"meta": {"lastTouchedVersion": "2026.9.6"}}')
    error = refused(plan_for(config, Set(("a",), 1, "")), surroundings, openclaw="2026.5.7")
    assert "last written by OpenClaw 2026.9.6, newer than the 2026.5.7" in error.message
    apply(plan_for(config, Set(("a",), 1, "")), surroundings, Vault(), openclaw="2026.9.6")
    apply(plan_for(config, Set(("a",), 2, "")), surroundings, Vault(), openclaw=None)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('{"models": {"$include": "./portkey.json5"}}', "models is kept in ./portkey.json5"),
        ('{"$include": ["./a.json5", "./b.json5"]}', "The whole config is kept in ./a.json5 and ./b.json5"),
    ],
)
def test_an_included_place_is_refused_by_name(surroundings: Environment, config: Path, text: str, words: str) -> None:
    config.write_text(text)
    assert words in refused(plan_for(config, Set(("models", "mode"), "merge", "")), surroundings).message
    assert config.read_text() == text


def test_an_include_beside_the_place_does_not_matter(surroundings: Environment, config: Path) -> None:
    config.write_text('{"channels": {"$include": "./channels.json5"}}')
    apply(plan_for(config, Set(("models", "mode"), "merge", "")), surroundings, Vault())
    assert "$include" in config.read_text()


def test_a_value_in_the_way_is_named_with_its_line(surroundings: Environment, config: Path) -> None:
    config.write_text('{\n  "models": null\n}')
    error = refused(plan_for(config, Set(("models", "mode"), "merge", "")), surroundings)
    assert "models in ~/.openclaw/openclaw.json (line 2) is not an object" in error.message
