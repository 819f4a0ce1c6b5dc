"""Reasons not to touch a config, each told so that the user can mend it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from wizard.base import limits
from wizard.base.environment import Environment
from wizard.base.errors import ExitCode, UserError
from wizard.change.reading import read_source
from wizard.keys.vault import Vault

KEY = "Zq8vT3nLw5Rk2Jd7Ym4x"


def trouble(config: Path, environment: Environment) -> UserError:
    with pytest.raises(UserError) as caught:
        read_source(config, environment, Vault())
    assert caught.value.code is ExitCode.NOT_WRITTEN
    assert "nothing was changed" in caught.value.message
    return caught.value


def test_a_missing_config_reads_as_an_empty_object(surroundings: Environment, config: Path) -> None:
    source = read_source(config, surroundings, Vault())
    assert not source.exists
    assert source.value == {}
    assert source.digest is None


def test_a_syntax_error_has_its_line_a_frame_and_a_way_out(surroundings: Environment, config: Path) -> None:
    config.write_text('{\n  "models": [\n    { "id": "@anthropic-prod/claude-opus-4-5" "name": "Opus" }\n  ]\n}\n')
    error = trouble(config, surroundings)
    assert error.message == "~/.openclaw/openclaw.json is not valid JSON5, so nothing was changed."
    frame, _, rest = error.hint.partition("\n\n")
    code, mark = frame.split("\n")
    assert code == '  3 │     { "id": "@anthropic-prod/claude-opus-4-5" "name": "Opus" }'
    assert mark.startswith("    │ ")
    assert code[mark.index("^") :].startswith('"name"')
    assert "a comma is missing before this" in mark
    assert "Mend line 3" in rest
    assert ".bak" not in rest


def test_openclaws_own_copy_is_named_where_it_is_there(surroundings: Environment, config: Path) -> None:
    config.write_text("{")
    config.with_name("openclaw.json.bak").write_text("{}")
    assert "OpenClaw's own last copy is ~/.openclaw/openclaw.json.bak (2" in trouble(config, surroundings).hint


@pytest.mark.parametrize("name", ["apiKey", '"token"', "PORTKEY_API_KEY"])
def test_the_frame_of_a_broken_line_hides_its_secret(surroundings: Environment, config: Path, name: str) -> None:
    config.write_text(f'{{\n  {name}: "{KEY}" other: 1\n}}')
    error = trouble(config, surroundings)
    assert KEY not in error.hint + error.message
    code, mark = error.hint.split("\n")[:2]
    assert code[mark.index("^") :].startswith("other")


def test_a_mark_far_to_the_right_stays_in_view(surroundings: Environment, config: Path) -> None:
    config.write_text("{a: [" + "1, " * 200 + " 2 3]}")
    code, mark = trouble(config, surroundings).hint.split("\n")[:2]
    assert len(code) < 140
    assert code[mark.index("^")] == "3"


@pytest.mark.parametrize("text", ["", "  \n\t", "\ufeff\n"])
def test_an_empty_file_is_not_overwritten(surroundings: Environment, config: Path, text: str) -> None:
    config.write_text(text)
    error = trouble(config, surroundings)
    assert "is empty" in error.message
    assert "Delete it or write {} into it" in error.hint
    assert config.read_text() == text


def test_comments_alone_are_not_valid(surroundings: Environment, config: Path) -> None:
    config.write_text("// nothing here\n")
    assert "not valid JSON5" in trouble(config, surroundings).message


@pytest.mark.parametrize("text", ["[]", "1", '"text"', "null"])
def test_a_top_level_that_is_no_object_is_refused(surroundings: Environment, config: Path, text: str) -> None:
    config.write_text(text)
    assert "top level of ~/.openclaw/openclaw.json is not an object" in trouble(config, surroundings).message


def test_text_that_is_not_utf8_is_told_with_its_line(surroundings: Environment, config: Path) -> None:
    config.write_bytes(b'{\n  "name": "caf\xe9"\n}')
    error = trouble(config, surroundings)
    assert "is not UTF-8 text (line 2: byte 0xe9 at offset 16 is not UTF-8)" in error.message


def test_a_folder_in_its_place_is_told(surroundings: Environment, config: Path) -> None:
    config.mkdir()
    assert "it is a folder" in trouble(config, surroundings).message


def test_a_file_in_the_place_of_its_folder_is_told(surroundings: Environment) -> None:
    (surroundings.home / "file").write_text("")
    source = read_source(surroundings.home / "file" / "openclaw.json", surroundings, Vault())
    assert not source.exists


def test_a_file_beyond_the_limit_is_refused(
    surroundings: Environment, config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config.write_text("{}" + " " * 2**20)
    monkeypatch.setattr(limits, "CONFIG_BYTES", 2**20)
    assert "larger than 1 MiB" in trouble(config, surroundings).message


def test_the_source_never_prints_the_text(surroundings: Environment, config: Path) -> None:
    config.write_text(f'{{"env": {{"vars": {{"PORTKEY_API_KEY": "{KEY}"}}}}}}')
    source = read_source(config, surroundings, Vault())
    assert KEY not in repr(source)
    assert KEY not in str(replace(source, shown="x"))
