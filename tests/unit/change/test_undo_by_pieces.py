"""Undo where somebody else changed the file since: ours goes piece by piece, theirs stays and is named."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from wizard.base.errors import ExitCode, UserError
from wizard.change.entries import Phase
from wizard.change.journal import prune_images
from wizard.change.plan import (
    Append,
    Delete,
    PutFile,
    RemoveVariable,
    Set,
    SetVariable,
    StoreSecret,
)
from wizard.change.undo import plan_undo

OLD = "// mine\n{\n  a: 1, // one\n  list: ['x'],\n}\n"
KEY = "Zq8vT3nLw5Rk2Jd7Ym4x"
OTHER_KEY = "Other3nLw5Rk2Jd7Ym4x"
ENTRY = {"baseUrl": "https://api.portkey.ai/v1", "apiKey": "${PORTKEY_API_KEY}"}


def nothing(_: Any) -> None:
    """Changes nothing."""


def test_a_file_in_the_place_of_the_link_loses_our_part_and_so_does_the_links_end(bench: Any, tmp_path: Path) -> None:
    """OpenClaw's `config set` puts a file in the place of a link and leaves the file behind it as it was."""
    real = tmp_path / "claw.json"
    real.write_text(OLD)
    bench.config.symlink_to(real)
    bench.change(bench.edit(Set(("env", "vars", "K"), bench.key(), "")))
    bench.rewrite(nothing)
    undone = bench.undo()
    assert undone.left == ()
    assert "env" not in bench.value
    assert KEY not in real.read_text()


def test_others_changes_stay_and_ours_go(bench: Any) -> None:
    bench.config.write_text(OLD)
    bench.change(
        bench.edit(
            Set(("a",), 2, ""),
            Set(("models", "providers", "portkey"), ENTRY, ""),
            Append(("list",), "y", ""),
            Set(("env", "vars", "K"), bench.key(), ""),
        )
    )

    def theirs(value: Any) -> None:
        value["channels"] = {"telegram": {"enabled": True}}
        value["list"].insert(0, "z")

    bench.rewrite(theirs)
    undone = bench.undo()
    assert undone.left == ()
    assert bench.value == {
        "a": 1,
        "list": ["z", "x"],
        "channels": {"telegram": {"enabled": True}},
        "meta": {"lastTouchedVersion": "2026.9.6"},
    }


def test_comments_that_somebody_wrote_since_stay(bench: Any) -> None:
    bench.config.write_text(OLD)
    bench.change(bench.edit(Set(("a",), 2, ""), Set(("b",), {"c": 1}, "")))
    bench.config.write_text(bench.config.read_text().replace("// one", "// two, and my own remark"))
    bench.undo()
    assert bench.config.read_text() == OLD.replace("// one", "// two, and my own remark")


def test_a_place_with_another_value_is_left_and_named(bench: Any) -> None:
    bench.config.write_text(OLD)
    bench.change(bench.edit(Set(("a",), 2, ""), Set(("b",), 3, ""), Delete(("list",), "")))

    def theirs(value: Any) -> None:
        value["a"] = 9
        value["list"] = ["theirs"]

    bench.rewrite(theirs)
    undone = bench.undo()
    assert set(undone.left) == {"a in ~/.openclaw/openclaw.json", "list in ~/.openclaw/openclaw.json"}
    assert bench.value == {"a": 9, "list": ["theirs"], "meta": {"lastTouchedVersion": "2026.9.6"}}


def test_containers_that_were_there_or_hold_more_stay(bench: Any) -> None:
    bench.config.write_text("{ env: {} }\n")
    bench.change(bench.edit(Set(("env", "vars", "K"), "v", ""), Set(("models", "providers", "portkey"), {"a": 1}, "")))
    bench.rewrite(lambda value: value["models"]["providers"].update(ollama={"b": 2}))
    bench.undo()
    value = bench.value
    value.pop("meta")
    assert value == {"env": {}, "models": {"providers": {"ollama": {"b": 2}}}}


def test_what_was_deleted_comes_back(bench: Any) -> None:
    bench.config.write_text(f'{{"env": {{"PORTKEY_API_KEY": "{KEY}", "vars": {{}}}}, "z": 1}}')
    bench.change(bench.edit(Delete(("env", "PORTKEY_API_KEY"), "")))
    bench.rewrite(nothing)
    bench.undo()
    assert bench.value["env"] == {"vars": {}, "PORTKEY_API_KEY": KEY}


def test_an_edit_over_an_edit_of_the_same_plan_is_one(bench: Any) -> None:
    bench.config.write_text(OLD)
    bench.change(bench.edit(Set(("p",), {"k": "one"}, ""), Set(("p", "k"), "two", ""), Set(("p", "l"), 1, "")))
    bench.rewrite(nothing)
    assert bench.undo().left == ()
    assert "p" not in bench.value


def test_nothing_left_of_ours_is_told_and_changes_nothing(bench: Any) -> None:
    bench.config.write_text(OLD)
    bench.change(bench.edit(Set(("a",), 2, "")))
    bench.rewrite(lambda value: value.update(a=3))
    before = bench.config.read_bytes()
    error = bench.refused()
    assert error.code is ExitCode.NOT_WRITTEN
    assert "a in ~/.openclaw/openclaw.json" in error.message
    assert bench.config.read_bytes() == before
    assert bench.newest.phase is Phase.DONE


def test_a_file_that_is_gone_is_named(bench: Any) -> None:
    bench.config.write_text(OLD)
    bench.change(bench.edit(Set(("a",), 2, "")))
    bench.config.unlink()
    assert "~/.openclaw/openclaw.json" in bench.refused().message
    assert not bench.config.exists()


def test_several_changes_of_a_file_that_others_changed_since(bench: Any) -> None:
    bench.config.write_text(OLD)
    first = bench.change(bench.edit(Set(("a",), 2, "")))
    bench.change(bench.edit(Set(("a",), 3, ""), Set(("b",), 3, "")))
    bench.rewrite(lambda value: value.update(theirs=1))
    bench.undo(to=first)
    assert bench.value == {"a": 1, "list": ["x"], "theirs": 1, "meta": {"lastTouchedVersion": "2026.9.6"}}


def test_a_dotenv_keeps_what_others_put_into_it(bench: Any) -> None:
    path = bench.config.with_name(".env")
    path.write_text(f"# mine\nPORTKEY_API_KEY={OTHER_KEY}\nSPARE=1\n")
    bench.change(bench.dotenv(SetVariable("PORTKEY_API_KEY", bench.key(), ""), RemoveVariable("SPARE", "")))
    path.write_text(path.read_text() + "THEIRS=2\n")
    bench.undo()
    assert path.read_text() == f"# mine\nPORTKEY_API_KEY={OTHER_KEY}\nTHEIRS=2\nSPARE=1\n"


def test_a_variable_that_somebody_changed_stays(bench: Any) -> None:
    path = bench.config.with_name(".env")
    bench.change(bench.dotenv(SetVariable("PORTKEY_API_KEY", bench.key(), ""), SetVariable("B", "b", "")))
    path.write_text(f"PORTKEY_API_KEY={OTHER_KEY}\nB=b\n")
    assert bench.undo().left == ("PORTKEY_API_KEY in ~/.openclaw/.env",)
    assert path.read_text() == f"PORTKEY_API_KEY={OTHER_KEY}\n"


def test_a_file_of_ours_that_somebody_changed_stays(bench: Any) -> None:
    put = bench.config.parent / "resolver"
    bench.config.write_text(OLD)
    bench.change(PutFile(put, None, "#!/bin/sh\n", 0o700, ""), bench.edit(Set(("a",), 2, "")))
    put.write_text("theirs")
    assert bench.undo().left == ("~/.openclaw/resolver",)
    assert put.read_text() == "theirs"
    assert bench.config.read_text() == OLD


def test_a_keyring_entry_that_somebody_changed_stays(bench: Any) -> None:
    bench.config.write_text(OLD)
    bench.change(StoreSecret("s", "key", bench.key(), ""), bench.edit(Set(("a",), 2, "")))
    bench.keyring.entries["s", "key"] = OTHER_KEY
    assert bench.undo().left == ("the keyring's entry key",)
    assert bench.keyring.entries["s", "key"] == OTHER_KEY
    assert bench.config.read_text() == OLD


def test_an_undo_that_needs_a_pruned_key_says_so_and_changes_nothing(bench: Any) -> None:
    bench.config.write_text(f'{{"env": {{"vars": {{"PORTKEY_API_KEY": "{KEY}"}}}}}}')
    bench.change(
        bench.edit(Delete(("env", "vars", "PORTKEY_API_KEY"), ""), Set(("k",), "ref", "")),
        StoreSecret("s", "key", bench.key(), ""),
    )
    prune_images(KEY, bench.environment, bench.keyring)
    for rewritten in (False, True):
        if rewritten:
            bench.rewrite(nothing)
        before = bench.config.read_bytes()
        error = bench.refused()
        assert error.code is ExitCode.NOT_WRITTEN
        assert "needs a key that was removed from portkey-claw's own copies" in error.message
        assert bench.config.read_bytes() == before
        assert bench.keyring.entries["s", "key"] == KEY


def test_a_pruned_copy_does_not_matter_where_its_key_is_not_needed(bench: Any) -> None:
    bench.config.write_text(f'{{"a": 1, "env": {{"vars": {{"PORTKEY_API_KEY": "{KEY}"}}}}}}')
    bench.change(bench.edit(Set(("a",), 2, "")))
    prune_images(KEY, bench.environment, bench.keyring)
    bench.rewrite(lambda value: value["env"].pop("vars"))
    assert bench.undo().left == ()
    assert bench.value["a"] == 1


def test_a_config_of_a_newer_openclaw_is_left_alone(bench: Any) -> None:
    bench.config.write_text(OLD)
    bench.change(bench.edit(Set(("a",), 2, "")))
    bench.rewrite(nothing)
    with pytest.raises(UserError) as caught:
        plan_undo(bench.environment, bench.vault, openclaw="2026.5.7", keyring=bench.keyring)
    assert "last written by OpenClaw 2026.9.6, newer than the 2026.5.7" in caught.value.message


def test_what_comes_back_by_pieces_cannot_be_guessed_from_the_journal(bench: Any) -> None:
    """The old value is a secret that no handle stands for."""
    place = ("models", "providers", "x", "apiKey")
    bench.config.write_text('{models: {providers: {x: {apiKey: "short9"}}}}')
    bench.change(bench.edit(Set(place, "${A}", "")))
    bench.rewrite(nothing)
    bench.undo()
    assert bench.value["models"]["providers"]["x"]["apiKey"] == "short9"
    stamps = [given.stamp for file in bench.newest.files for given in file.given]
    assert stamps
    assert all(stamp.startswith("pbkdf2:") for stamp in stamps)


def test_what_moves_up_in_a_list_cannot_be_guessed_from_the_journal(bench: Any) -> None:
    bench.config.write_text('{tokens: ["gone", "short9"]}')
    bench.change(bench.edit(Delete(("tokens", 0), "")))
    ((given,),) = (file.given for file in bench.newest.files)
    assert given.stamp.startswith("pbkdf2:")
