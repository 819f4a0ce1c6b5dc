"""The diff shows what changes and none of the secrets around it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from wizard.base.environment import Environment
from wizard.change.entries import FileKind
from wizard.change.plan import Change, Delete, EditConfig, Operation, Plan, RemoveFile, RestoreFile, Set
from wizard.change.preview import diff_of, preview
from wizard.change.raw import read_now
from wizard.change.reading import read_source
from wizard.keys.vault import Vault

OLD_KEY = "Old8vT3nLw5Rk2Jd7Ym4"
NEW_KEY = "New8vT3nLw5Rk2Jd7Ym4"


def shown(environment: Environment, config: Path, vault: Vault, *operations: Operation) -> str:
    source = read_source(config, environment, vault)
    return preview(Plan((EditConfig(config, source.digest, operations),)), environment, vault)


def test_a_replaced_key_shows_as_two_handles(surroundings: Environment, config: Path) -> None:
    stored = f'  "env": {{\n    "vars": {{\n      "PORTKEY_API_KEY": "{OLD_KEY}"\n    }}\n  }}\n'
    config.write_text(f"{{\n  // was {OLD_KEY} before\n{stored}}}\n")
    vault = Vault()
    new = vault.take(NEW_KEY, "test")
    diff = shown(surroundings, config, vault, Set(("env", "vars", "PORTKEY_API_KEY"), new.handle, ""))
    old = next(facts for handle, facts in vault.facts().items() if handle != new.handle)
    assert f'-      "PORTKEY_API_KEY": "{old.handle}"' in diff
    assert f'+      "PORTKEY_API_KEY": "{new.handle}"' in diff
    assert f"   // was {old.handle} before" in diff
    assert OLD_KEY not in diff
    assert NEW_KEY not in diff


def test_secrets_of_others_in_the_context_are_hidden(surroundings: Environment, config: Path) -> None:
    secrets = ["gsk_" + "9" * 8 + "Kd83LmQp", "1234567890:AAHdqTcvCH1vGWJxfSeofSAs0K5PA", "hunter2hunter2"]
    config.write_text(
        "{\n"
        f"  // {secrets[0]}\n"
        f'  channels: {{ telegram: {{ botToken: "{secrets[1]}" }} }},\n'
        f"  gateway: {{ auth: {{ password: '{secrets[2]}' }} }},\n"
        "}\n"
    )
    diff = shown(surroundings, config, Vault(), Set(("a",), 1, ""))
    assert "botToken" in diff
    assert not [secret for secret in secrets if secret in diff]


def test_a_new_file_is_all_additions(surroundings: Environment, config: Path) -> None:
    lines = shown(surroundings, config, Vault(), Set(("a",), 1, "")).split("\n")
    assert lines[:2] == ["--- /dev/null", "+++ ~/.openclaw/openclaw.json"]
    assert lines[3:] == ["+{", '+  "a": 1', "+}"]


def test_nothing_to_do_is_an_empty_diff(surroundings: Environment, config: Path) -> None:
    config.write_text("{a: 1}\n")
    assert shown(surroundings, config, Vault(), Set(("a",), 1, "")) == ""


def test_a_deleted_member_shows_without_its_value(surroundings: Environment, config: Path) -> None:
    config.write_text(f'{{\n  env: {{\n    PORTKEY_API_KEY: "{OLD_KEY}",\n    vars: {{}},\n  }},\n}}\n')
    diff = shown(surroundings, config, Vault(), Delete(("env", "PORTKEY_API_KEY"), ""))
    assert "-    PORTKEY_API_KEY:" in diff
    assert OLD_KEY not in diff


@pytest.mark.parametrize(
    ("kind", "shown"),
    [(FileKind.CONFIG, "-  a: 2,"), (FileKind.WHOLE, " restored; its text is not shown")],
)
def test_a_config_of_any_name_is_given_back_without_a_secret_in_sight(bench: Any, kind: FileKind, shown: str) -> None:
    """What a file is follows from what was done to it, not from its name; undo knows it from the journal."""
    config = bench.config.with_name("oc.conf")
    config.write_text("{\n  a: 1,\n  gateway: { auth: { password: 'hunter2' } },\n}\n")
    bench.change(bench.edit(Set(("a",), 2, ""), path=config))
    change = RestoreFile(config, read_now(config, bench.environment).digest, "", kind)
    diff = preview(Plan((change,)), bench.environment, bench.vault)
    assert shown in diff.split("\n")
    assert "hunter2" not in diff
    bench.change(change)
    undo = bench.plan()
    assert undo is not None
    back = diff_of(undo.steps.files, bench.vault)
    assert "hunter2" not in back
    assert "oc.conf" in back


def test_a_file_of_which_nothing_is_known_goes_without_a_word_of_it(bench: Any) -> None:
    bench.config.write_text("token hunter2")
    change: Change = RemoveFile(bench.config, read_now(bench.config, bench.environment).digest or "", "")
    diff = preview(Plan((change,)), bench.environment, bench.vault)
    assert diff.split("\n") == ["--- ~/.openclaw/openclaw.json", "+++ /dev/null", " taken away; its text is not shown"]
