"""The one declaration of the questions, and the flags that come from it."""

from __future__ import annotations

import argparse

import pytest

from wizard.setup.questions import BY_ID, QUESTIONS, SWITCHES, declare, missing

# The flags that the command promises.
PROMISED = {
    "--gateway-url",
    "--api-key-stdin",
    "--api-key-file",
    "--key-storage",
    "--provider-id",
    "--api",
    "--slug",
    "--model",
    "--primary",
    "--fallback",
    "--config-id",
    "--vendor",
    "--trace-id",
    "--metadata",
    "--agent",
    "--use-as",
    "--clear-config-id",
    "--clear-vendor",
    "--clear-trace-id",
    "--clear-metadata",
    "--remove",
    "--no-verify",
    "--no-spend",
    "--dry-run",
    "--yes",
}


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(allow_abbrev=False)
    declare(made)
    return made


def test_every_promised_flag_is_there_and_no_other() -> None:
    flags = {flag for action in parser()._actions for flag in action.option_strings}
    assert flags - {"-h", "--help"} == PROMISED


def test_flags_answer_the_questions_by_id() -> None:
    typed = ["--model", "@a/b", "--model", "c", "--metadata", "k=v", "--metadata", "l=w", "--api-key-stdin", "--yes"]
    options = vars(parser().parse_args(typed))
    assert options["model"] == ["@a/b", "c"]
    assert options["metadata"] == ["k=v", "l=w"]
    assert options["api_key_stdin"] is True
    assert options["yes"] is True
    assert options["gateway_url"] is None
    known = {question.id for question in QUESTIONS} | {switch.id for switch in SWITCHES}
    assert set(options) == (known - {"api_key"}) | {"api_key_stdin", "api_key_file"}


def test_no_flag_takes_the_key_itself() -> None:
    question = BY_ID["api_key"]
    assert question.flag is None
    assert question.default is None


@pytest.mark.parametrize("question", [question for question in QUESTIONS if question.default], ids=lambda q: q.id)
def test_a_default_passes_its_own_check(question: object) -> None:
    found = next(item for item in QUESTIONS if item is question)
    assert found.default is not None
    assert found.check(found.default) == found.default


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda q: q.id)
def test_a_missing_answer_names_every_way_to_give_it(question: object) -> None:
    found = next(item for item in QUESTIONS if item is question)
    error = missing(found, "Something is missing")
    assert error.code == 2
    for way in (found.flag, found.stdin_flag, found.file_flag, found.env):
        assert way is None or way in error.message


def test_the_slug_is_asked_for_bare_models_only() -> None:
    applies = BY_ID["slug"].applies
    assert applies({"model": ("claude",), "fallback": (), "primary": None})
    assert applies({"model": ("@a/b",), "fallback": ("gpt",), "primary": None})
    assert applies({"model": ("@a/b",), "fallback": (), "primary": "gpt"})
    assert not applies({"model": ("@a/b",), "fallback": (), "primary": None})
