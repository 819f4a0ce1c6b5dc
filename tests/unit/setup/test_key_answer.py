"""The key: where it is taken from, what it must look like, and whether OpenClaw would see it."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from wizard.base.environment import Environment
from wizard.base.errors import ExitCode, UserError
from wizard.change.plan import EditConfig
from wizard.keys.facts import SecretFlag
from wizard.keys.vault import Vault
from wizard.setup.flow import Prepared
from wizard.setup.key_shape import DEFECTS

KEY = "Zq8vT3nLw5Rk2Jd7Ym4x"
OTHER = "Other3nLw5Rk2Jd7Ym4x"
Plan = Callable[..., Prepared]
MODEL = ["@eu/claude-opus-4-5"]


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def with_variable(environment: Environment, value: str | None) -> Environment:
    return replace(environment, variables={} if value is None else {"PORTKEY_API_KEY": value})


def refused(plan: Plan, **given: object) -> UserError:
    with pytest.raises(UserError) as caught:
        plan(model=MODEL, **given)
    assert caught.value.code is ExitCode.USAGE
    return caught.value


def test_standard_input_and_a_file_come_before_the_variable(surroundings: Environment, plan_setup: Plan) -> None:
    piped = replace(surroundings, stdin=io.StringIO(f"{OTHER}\n"))
    (surroundings.home / "key").write_text(f"\ufeff{OTHER}\r\n")
    for given, environment, origin in (
        ({"api_key_stdin": True}, piped, "standard input"),
        ({"api_key_file": "key"}, surroundings, "key"),
        ({"api_key_file": "~/key"}, surroundings, "~/key"),
        ({"api_key_file": str(surroundings.home / "key")}, surroundings, "~/key"),
    ):
        vault = Vault()
        piped.stdin.seek(0)
        prepared = plan_setup(model=MODEL, environment=environment, vault=vault, **given)
        assert vault.reveal(prepared.answers.key.facts.handle) == OTHER
        assert prepared.answers.key.origin == origin


def test_no_key_names_every_way_to_give_one(surroundings: Environment, plan_setup: Plan) -> None:
    error = refused(plan_setup, environment=with_variable(surroundings, None))
    for way in ("PORTKEY_API_KEY", "--api-key-stdin", "--api-key-file"):
        assert way in error.message
    assert "https://app.portkey.ai/api-keys" in error.hint


def test_the_key_that_openclaw_already_has_is_enough(surroundings: Environment, config: Path, plan_setup: Plan) -> None:
    bare = with_variable(surroundings, None)
    config.write_text(f'{{env: {{vars: {{PORTKEY_API_KEY: "{OTHER}"}}}}}}')
    vault = Vault()
    prepared = plan_setup(model=MODEL, environment=bare, vault=vault)
    assert vault.reveal(prepared.answers.key.facts.handle) == OTHER
    assert "env" not in [operation.path[0] for operation in prepared.plan.operations]
    (config.parent / ".env").write_text(f"PORTKEY_API_KEY={KEY}\n")
    vault = Vault()
    assert vault.reveal(plan_setup(model=MODEL, environment=bare, vault=vault).answers.key.facts.handle) == KEY


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("pk with space 123456", "has white space in it"),
        ('"Zq8vT3nLw5Rk2Jd7Ym4x"', "has quotation marks"),
        ("Bearer Zq8vT3nLw5Rk2Jd7Ym4x", "begins with the word Bearer"),
        ("${PORTKEY_API_KEY}", "reference instead of a key"),
        ("YOUR_PORTKEY_API_KEY", "is a placeholder"),
        ("<your key>", ""),
        ("Zq8vT3nLw5\nRk2Jd7Ym4x", "has a line break"),
        ("Zq8vT3nLw5Rk2Jd7Ym4x ", "has white space behind it"),
        (" Zq8vT3nLw5Rk2Jd7Ym4x", "has white space before it"),
        ("Zq8vT3nLw5Rk2\x07Jd7Ym4x", "control character"),
        ("Zq8vT3nLw5Rk2→Jd7Ym4x", "no HTTP header can carry"),
    ],
)
def test_what_is_no_key_is_refused_and_never_repeated(
    surroundings: Environment, plan_setup: Plan, value: str, words: str
) -> None:
    error = refused(plan_setup, environment=with_variable(surroundings, value))
    assert words in error.message
    assert "the variable PORTKEY_API_KEY" in error.message
    assert value not in error.message + error.hint


def test_no_prefix_is_demanded(surroundings: Environment, plan_setup: Plan) -> None:
    plan_setup(model=MODEL, environment=with_variable(surroundings, "x" * 7 + "Y1"))


def test_a_vendors_key_is_doubted_on_a_hosted_gateway_only(surroundings: Environment, plan_setup: Plan) -> None:
    environment = with_variable(surroundings, "sk-proj-" + KEY)
    assert "one of OpenAI's" in " ".join(plan_setup(model=MODEL, environment=environment).plan.notes)
    local = plan_setup(model=MODEL, environment=environment, gateway_url="http://127.0.0.1:8787")
    assert "OpenAI" not in " ".join(local.plan.notes)


def test_a_terminal_is_not_a_pipe(surroundings: Environment, plan_setup: Plan) -> None:
    error = refused(plan_setup, environment=replace(surroundings, stdin=Terminal(KEY)), api_key_stdin=True)
    assert "from a pipe" in error.message


@pytest.mark.parametrize("text", ["", "\n", "  "])
def test_an_empty_pipe_is_told(surroundings: Environment, plan_setup: Plan, text: str) -> None:
    error = refused(plan_setup, environment=replace(surroundings, stdin=io.StringIO(text)), api_key_stdin=True)
    assert "standard input is empty" in error.message


def test_a_key_file_that_cannot_be_used_is_told(surroundings: Environment, plan_setup: Plan) -> None:
    assert "there is no such file" in refused(plan_setup, api_key_file="nowhere").message
    (surroundings.home / "empty").write_text("\n")
    assert "is empty" in refused(plan_setup, api_key_file="empty").message


def test_two_sources_contradict_each_other(plan_setup: Plan) -> None:
    assert "both given" in refused(plan_setup, api_key_stdin=True, api_key_file="x").message


# Where nothing is to be stored


def test_storing_nothing_needs_a_layer_that_has_the_key(
    surroundings: Environment, config: Path, plan_setup: Plan
) -> None:
    piped = replace(with_variable(surroundings, None), stdin=io.StringIO(KEY))
    error = refused(plan_setup, environment=piped, api_key_stdin=True, key_storage="env")
    assert "nothing that OpenClaw reads has PORTKEY_API_KEY" in error.message
    assert "--key-storage openclaw-env" in error.hint
    (config.parent / ".env").write_text(f"PORTKEY_API_KEY={KEY}\n")
    piped.stdin.seek(0)
    prepared = plan_setup(model=MODEL, environment=piped, api_key_stdin=True, key_storage="env")
    assert "env" not in {operation.path[0] for operation in prepared.plan.operations}
    edit = prepared.plan.changes[0]
    assert isinstance(edit, EditConfig)
    assert not edit.private


def test_storing_nothing_needs_that_very_key(surroundings: Environment, config: Path, plan_setup: Plan) -> None:
    (config.parent / ".env").write_text(f"PORTKEY_API_KEY={OTHER}\n")
    piped = replace(with_variable(surroundings, None), stdin=io.StringIO(KEY))
    error = refused(plan_setup, environment=piped, api_key_stdin=True, key_storage="env")
    assert "~/.openclaw/.env, which is another key" in error.message
    assert OTHER not in error.message


def test_a_key_in_the_shell_alone_is_said(plan_setup: Plan) -> None:
    notes = plan_setup(model=MODEL, key_storage="env").plan.notes
    assert "only known to be in this shell" in " ".join(notes)


def test_a_key_in_the_working_folder_alone_is_said(surroundings: Environment, plan_setup: Plan) -> None:
    (surroundings.cwd / ".env").write_text(f"PORTKEY_API_KEY={KEY}\n")
    notes = plan_setup(model=MODEL, key_storage="env", environment=with_variable(surroundings, None)).plan.notes
    assert "~/.env, which OpenClaw reads in this folder only" in " ".join(notes)


def test_a_layer_that_would_win_with_another_key_is_said(
    surroundings: Environment, config: Path, plan_setup: Plan
) -> None:
    (config.parent / ".env").write_text(f"PORTKEY_API_KEY={OTHER}\n")
    (surroundings.home / "key").write_text(KEY)
    prepared = plan_setup(model=MODEL, environment=with_variable(surroundings, None), api_key_file="key")
    assert "PORTKEY_API_KEY in ~/.openclaw/.env has another value" in " ".join(prepared.plan.notes)
    assert OTHER not in " ".join(prepared.plan.notes)


def test_a_weaker_file_with_another_key_is_said_although_the_shell_hides_it(
    surroundings: Environment, config: Path, plan_setup: Plan
) -> None:
    (config.parent / ".env").write_text(f"PORTKEY_API_KEY={OTHER}\n")
    prepared = plan_setup(model=MODEL)
    assert "PORTKEY_API_KEY in ~/.openclaw/.env has another value" in " ".join(prepared.plan.notes)


def test_every_defect_of_a_secret_has_its_words() -> None:
    assert set(SecretFlag) - set(DEFECTS) == {SecretFlag.JWT}
