"""A config that includes other files is edited in the file that holds the place, all of it in one journal entry."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from wizard.base.environment import Environment
from wizard.base.errors import ExitCode, UserError
from wizard.change.apply import apply
from wizard.change.edits import ConfigEdits
from wizard.change.included import IncludingSource, edits_for, plain_source, read_config_sources
from wizard.change.journal import history
from wizard.change.plan import Append, Delete, Operation, Plan, Set
from wizard.change.preview import preview
from wizard.change.undo import carry_out_undo, plan_undo
from wizard.keys.vault import Vault
from wizard.openclaw.locate import locate_config

MAIN = '// main\n{\n  models: { $include: "./models.json5" },\n  a: 1,\n}\n'
MODELS = '// models\n{\n  mode: "merge", // kept\n  providers: {},\n}\n'


def write(config: Path, **files: str) -> None:
    for name, text in files.items():
        path = config if name == "main" else config.with_name(f"{name}.json5")
        path.write_text(text)


def plan(environment: Environment, *operations: Operation, vault: Vault | None = None) -> Plan:
    vault = vault or Vault()
    source = read_config_sources(locate_config(environment), environment, vault)
    return Plan(edits_for(source, operations, vault.reveal))


def refused(environment: Environment, *operations: Operation) -> UserError:
    with pytest.raises(UserError) as caught:
        plan(environment, *operations)
    assert caught.value.code is ExitCode.NOT_WRITTEN
    return caught.value


def test_each_operation_goes_to_the_file_that_holds_its_place(
    surroundings: Environment, config: Path, keyring: Any
) -> None:
    write(config, main=MAIN, models=MODELS)
    planned = plan(surroundings, Set(("models", "providers", "portkey"), {"api": "x"}, ""), Set(("a",), 2, ""))
    diff = preview(planned, surroundings, Vault())
    assert "+++ ~/.openclaw/models.json5" in diff
    assert "+++ ~/.openclaw/openclaw.json" in diff
    applied = apply(planned, surroundings, Vault(), keyring=keyring)
    assert applied.written == (config, config.with_name("models.json5"))
    assert config.read_text() == MAIN.replace("a: 1", "a: 2")
    assert 'mode: "merge", // kept' in config.with_name("models.json5").read_text()
    whole = read_config_sources(locate_config(surroundings), surroundings, Vault())
    assert whole.value == {"models": {"mode": "merge", "providers": {"portkey": {"api": "x"}}}, "a": 2}
    assert len(history(surroundings)) == 1
    undone = plan_undo(surroundings, Vault(), keyring=keyring)
    assert undone is not None
    carry_out_undo(undone, surroundings, Vault(), keyring=keyring)
    assert config.read_text() == MAIN
    assert config.with_name("models.json5").read_text() == MODELS


def test_the_whole_is_what_edits_are_gathered_against(surroundings: Environment, config: Path) -> None:
    write(config, main=MAIN, models=MODELS)
    source = read_config_sources(locate_config(surroundings), surroundings, Vault())
    assert isinstance(source, IncludingSource)
    edits = ConfigEdits(source.value, str)
    edits.set(("models", "mode"), "merge", "")
    assert edits.operations == []
    assert plain_source(source).value["models"] == {"$include": "./models.json5"}


def test_a_config_without_includes_is_one_write(surroundings: Environment, config: Path) -> None:
    write(config, main="{a: 1}")
    (edit,) = plan(surroundings, Set(("a",), 2, "")).changes
    assert edit.path == config  # type: ignore[union-attr]
    assert plan(surroundings).changes == ()


def test_of_several_files_the_one_that_counts_is_edited(surroundings: Environment, config: Path) -> None:
    write(config, main='{$include: ["./one.json5", "./two.json5"]}', one="{a: 1, l: [1]}", two="{a: 2, l: [2]}")
    planned = plan(surroundings, Set(("a",), 3, ""), Append(("l",), 9, ""))
    apply(planned, surroundings, Vault())
    assert config.with_name("one.json5").read_text() == "{a: 1, l: [1]}"
    assert config.with_name("two.json5").read_text() == "{a: 3, l: [2, 9]}"


def test_what_goes_goes_from_every_file(surroundings: Environment, config: Path) -> None:
    write(config, main='{$include: ["./one.json5", "./two.json5"]}', one="{a: 1, b: 1}", two="{a: 2}")
    apply(plan(surroundings, Delete(("a",), "")), surroundings, Vault())
    assert read_config_sources(locate_config(surroundings), surroundings, Vault()).value == {"b": 1}


def test_a_file_that_is_included_twice_is_not_edited(surroundings: Environment, config: Path) -> None:
    write(config, main='{x: {$include: "./one.json5"}, y: {$include: "./one.json5"}}', one="{a: 1}")
    error = refused(surroundings, Set(("x", "a"), 2, ""))
    assert "x.a comes from files that ~/.openclaw/openclaw.json includes" in error.message


def test_an_object_from_several_files_is_not_replaced(surroundings: Environment, config: Path) -> None:
    write(config, main='{o: {$include: ["./one.json5", "./two.json5"]}}', one="{a: 1}", two="{b: 2}")
    assert "o comes from files" in refused(surroundings, Set(("o",), {"c": 3}, "")).message


def test_a_value_that_is_included_whole_is_not_edited(surroundings: Environment, config: Path) -> None:
    write(config, main='{l: {$include: "./one.json5"}}', one="[1, 2]")
    assert "l comes from files" in refused(surroundings, Append(("l",), 3, "")).message
    apply(plan(surroundings, Set(("a",), 1, "")), surroundings, Vault())
    assert '{l: {$include: "./one.json5"}' in config.read_text()


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("../../outside.json5", None, "outside the config's folder"),
        ("./missing.json5", None, "there is no such file"),
        ("./broken.json5", "{a: 1", "not JSON5"),
        ("./openclaw.json", None, "includes itself"),
    ],
)
def test_an_inclusion_that_cannot_be_followed_stops_everything(
    surroundings: Environment, config: Path, name: str, text: str | None, words: str
) -> None:
    write(config, main=f'{{models: {{$include: "{name}"}}}}')
    if text is not None:
        (config.parent / name).write_text(text)
    error = refused(surroundings, Set(("a",), 1, ""))
    assert words in error.message
    assert "Nothing was changed" in error.message


def test_an_included_file_that_changed_since_the_plan_stops_all(surroundings: Environment, config: Path) -> None:
    write(config, main=MAIN, models=MODELS)
    planned = plan(surroundings, Set(("models", "mode"), "replace", ""), Set(("a",), 2, ""))
    config.with_name("models.json5").write_text("{mode: 'theirs'}")
    with pytest.raises(UserError) as caught:
        apply(planned, surroundings, Vault())
    assert caught.value.code is ExitCode.NOT_WRITTEN
    assert config.read_text() == MAIN
