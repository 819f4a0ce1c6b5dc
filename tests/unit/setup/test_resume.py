"""What an interrupted interview left is believed only where it is what we write ourselves."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from wizard.base.environment import Environment
from wizard.change.state import state_folder
from wizard.setup.resume import Kept, forget, keep, kept

CONFIG = Path("/home/somebody/.openclaw/openclaw.json")
ANSWERS: dict[str, Any] = {
    "mode": "first",
    "gateway_url": "https://gw.example.com/v1",
    "gateway_other": True,
    "slug": None,
    "model": ["@anthropic-prod/claude-opus-4-5"],
    "fallback": [],
    "vendor": "openai",
    "clear_vendor": False,
}


@pytest.fixture
def file(surroundings: Environment) -> Path:
    keep(surroundings, CONFIG, Kept(3, ANSWERS, ("gateway", "model")))
    return state_folder(surroundings) / "setup.json"


def test_what_is_kept_comes_back(surroundings: Environment, file: Path) -> None:
    assert kept(surroundings, CONFIG) == Kept(3, ANSWERS, ("gateway", "model"))
    forget(surroundings)
    assert not file.exists()


def test_what_is_no_answer_is_not_written(surroundings: Environment, file: Path) -> None:
    keep(
        surroundings,
        CONFIG,
        Kept(3, {**ANSWERS, "api_key": "a-secret-of-mine", "take_out": ["cwd-dotenv"]}, ("gateway",)),
    )
    assert "a-secret-of-mine" not in file.read_text()
    found = kept(surroundings, CONFIG)
    assert found is not None
    assert found.answers == ANSWERS


def test_flags_are_kept_apart_and_no_secret_of_theirs(surroundings: Environment, file: Path) -> None:
    flags = {"gateway_url": "https://gw.example.com/v1", "metadata": ["a=b"], "api_key_file": "~/k", "yes": True}
    keep(surroundings, CONFIG, Kept(3, ANSWERS, ("gateway",), flags))
    found = kept(surroundings, CONFIG)
    assert found is not None
    assert found.flags == {"gateway_url": "https://gw.example.com/v1", "metadata": ["a=b"]}
    assert "api_key_file" not in file.read_text()


def test_the_first_question_is_not_worth_going_on_with(surroundings: Environment) -> None:
    keep(surroundings, CONFIG, Kept(1, {"mode": "change"}, ("start",)))
    assert kept(surroundings, CONFIG) is None
    keep(surroundings, CONFIG, Kept(1, {"mode": "change"}, ("start", "gateway")))
    assert kept(surroundings, CONFIG) is not None


@pytest.mark.parametrize(
    "changed",
    [
        {"schema_version": 2},
        {"config": "/home/somebody/else.json"},
        {"step": "3"},
        {"step": True},
        {"step": None},
        {"done": "gateway"},
        {"done": [1]},
        {"answers": []},
        {"answers": {"gateway_url": True}},
        {"answers": {"gateway_url": "no url"}},
        {"answers": {"gateway_url": ["https://gw.example.com/v1"]}},
        {"answers": {"model": "@anthropic-prod/claude-opus-4-5"}},
        {"answers": {"model": [None]}},
        {"answers": {"model": ["${HOME}"]}},
        {"answers": {"fallback": {"a": 1}}},
        {"answers": {"key_storage": "a-vault"}},
        {"answers": {"provider_id": "../.."}},
        {"answers": {"agent": 5}},
        {"answers": {"clear_config_id": "yes"}},
        {"answers": {"something_new": "x"}},
        {"flags": {"gateway_url": "no url"}},
        {"flags": {"metadata": ["no pair"]}},
        {"flags": None},
    ],
)
def test_what_we_did_not_write_is_not_believed(surroundings: Environment, file: Path, changed: dict[str, Any]) -> None:
    file.write_text(json.dumps({**json.loads(file.read_text()), **changed}))
    assert kept(surroundings, CONFIG) is None


@pytest.mark.parametrize("text", ["", "{", "[]", "null", "5", "[" * 5000, '{"schema_version": 1}', "\x00\xff"])
def test_a_broken_file_is_none(surroundings: Environment, file: Path, text: str) -> None:
    file.write_text(text, encoding="latin-1")
    assert kept(surroundings, CONFIG) is None


def test_a_link_is_replaced_and_what_it_leads_to_is_left(surroundings: Environment, file: Path, tmp_path: Path) -> None:
    theirs = tmp_path / "theirs"
    theirs.write_text("theirs")
    file.unlink()
    file.symlink_to(theirs)
    assert kept(surroundings, CONFIG) is None
    keep(surroundings, CONFIG, Kept(2, ANSWERS, ("gateway",)))
    assert theirs.read_text() == "theirs"
    assert not file.is_symlink()


def test_a_state_folder_that_cannot_be_made_keeps_nothing(surroundings: Environment, tmp_path: Path) -> None:
    (tmp_path / "a-file").write_text("")
    there = replace(surroundings, variables={"XDG_STATE_HOME": str(tmp_path / "a-file")})
    keep(there, CONFIG, Kept(3, ANSWERS, ("gateway",)))
    assert kept(there, CONFIG) is None
    forget(there)
