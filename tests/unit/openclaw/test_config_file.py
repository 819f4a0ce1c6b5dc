"""The config as evidence: where everything stands in the original, and why a file could not be read."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.openclaw.conftest import Parse, Surroundings
from wizard.base.files import FileText
from wizard.json5doc import Document, Json5SyntaxError
from wizard.keys.vault import Vault
from wizard.openclaw.config_file import parse_config, read_config
from wizard.openclaw.locate import Located, locate_config
from wizard.openclaw.seen import ConfigFile, ConfigPath, ConfigTrouble

KEY = "hT3k9dJ2lAq8ZxW0pRk5"
T = ConfigTrouble


def test_places_are_those_of_the_original(parse: Parse) -> None:
    config = parse(f'{{\n  // {KEY}\n  "apiKey": "{KEY}", next: [1,\n    {{ a: true }}],\n}}\n')

    def where(path: ConfigPath) -> tuple[int, int, int] | None:
        place = config.place(path)
        return (place.value.line, place.value.column, place.value.length) if place else None

    assert where(()) == (1, 1, 1)
    assert where(("apiKey",)) == (3, 13, 22)
    assert where(("next",)) == (3, 43, 3)
    assert where(("next", 0)) == (3, 44, 1)
    assert where(("next", 1, "a")) == (4, 10, 4)
    assert where(("nothing",)) is None
    key = config.place(("apiKey",))
    assert key is not None
    assert key.key is not None
    assert (key.key.line, key.key.column, key.key.length) == (3, 3, 8)
    item = config.place(("next", 0))
    assert item is not None
    assert item.key is None


def test_values_by_path(parse: Parse) -> None:
    config = parse("{ a: { b: [10, { c: null }] } }")
    assert config.get(("a", "b", 0)) == 10
    assert config.get(("a", "b", 1)) == {"c": None}
    assert config.get(("a", "b", 1, "c"), "other") is None
    for path in (("x",), ("a", "b", 2), ("a", "b", -1), ("a", "b", "0"), ("a", 0), ("a", "b", 0, "c")):
        assert config.get(path, "other") == "other"


def test_of_a_repeated_key_the_last_counts_and_both_are_told(parse: Parse) -> None:
    config = parse('{ env: { vars: { A: "${X}" } }, env: { vars: { B: "${Y}" } } }')
    assert config.value == {"env": {"vars": {"B": "${Y}"}}}
    assert config.duplicates == (("env",),)
    place = config.place(("env",))
    assert place is not None
    assert place.value.column > 30


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_line_end_counts_once(parse: Parse, end: str) -> None:
    config = parse(end.join(["{", f'  apiKey: "{KEY}\\', f'  {KEY}",', "  b: 1", "}", ""]))
    assert config.problem is None
    place = config.place(("b",))
    assert place is not None
    assert (place.value.line, config.lines[place.value.line - 1]) == (4, "  b: 1")
    assert len(config.lines) == 5
    assert KEY not in repr(config)


@pytest.mark.parametrize("odd", ["\x0b", "\x0c", "\u2028", "\u2029", "\u00a0"])
def test_what_an_editor_does_not_break_a_line_at_is_no_line_end(parse: Parse, odd: str) -> None:
    config = parse(
        f"{{{odd}\n  // note {odd} goes on\n  b: 1,\n}}" if odd not in "\u2028\u2029" else f"{{{odd}\n\n  b: 1,\n}}"
    )
    assert config.problem is None
    place = config.place(("b",))
    assert place is not None
    assert (place.value.line, config.lines[place.value.line - 1]) == (3, "  b: 1,")
    assert len(config.lines) == 4


def test_a_byte_order_mark_takes_no_column(parse: Parse) -> None:
    place = parse("\ufeff{ b: 1 }").place(("b",))
    assert place is not None
    assert (place.value.line, place.value.column) == (1, 6)


def test_strict_json_is_told_from_json5(parse: Parse) -> None:
    assert parse('{"a": 1}').strict_json
    assert not parse("{a: 1}").strict_json


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("{\n  a: 1\n  b: 2\n}", 3, 3),
        ("", 1, 1),
        ("{", 1, 2),
        ('{"a" 1}', 1, 6),
        ("{a: 1} x", 1, 8),
        ("[" * 300, 1, 201),
    ],
)
def test_what_is_no_json5_has_its_place(parse: Parse, text: str, line: int, column: int) -> None:
    problem = parse(text).problem
    assert problem is not None
    assert (problem.trouble, problem.line, problem.column) == (T.SYNTAX, line, column)
    assert problem.reason


@pytest.mark.parametrize("text", ["[]", "1", '"a"', "null"])
def test_a_config_that_is_no_object(parse: Parse, text: str) -> None:
    problem = parse(text).problem
    assert problem is not None
    assert problem.trouble is T.NOT_AN_OBJECT


# --- Files.


def read(surroundings: Surroundings, **variables: str) -> ConfigFile:
    environment = surroundings(variables)
    return read_config(locate_config(environment), environment, Vault())


@pytest.fixture
def config(home: Path) -> Path:
    (home / ".openclaw").mkdir()
    return home / ".openclaw/openclaw.json"


def test_a_file_with_its_mode_and_link(home: Path, config: Path, surroundings: Surroundings) -> None:
    target = home / "dotfiles.json"
    target.write_text("{a: 1}")
    target.chmod(0o640)
    config.symlink_to(target)
    found = read(surroundings)
    assert (found.path, found.selected_by, found.mode, found.symlink) == (
        "~/.openclaw/openclaw.json",
        "default",
        0o640,
        True,
    )
    assert found.value == {"a": 1}


def test_a_missing_file(surroundings: Surroundings) -> None:
    found = read(surroundings, OPENCLAW_CONFIG_PATH="~/x.json")
    assert found.problem is not None
    assert (found.problem.trouble, found.path, found.selected_by) == (T.MISSING, "~/x.json", "OPENCLAW_CONFIG_PATH")
    assert (found.value, found.lines, found.mode) == (None, (), None)


def test_a_folder_or_a_pipe_in_its_place(config: Path, surroundings: Surroundings) -> None:
    config.mkdir()
    assert read(surroundings).problem.trouble is T.NOT_A_FILE  # type: ignore[union-attr]
    config.rmdir()
    os.mkfifo(config)
    assert read(surroundings).problem.trouble is T.NOT_A_FILE  # type: ignore[union-attr]


def test_bytes_that_are_not_utf8_have_their_place(config: Path, surroundings: Surroundings) -> None:
    config.write_bytes(b"{\n  // caf\xe9\n}")
    problem = read(surroundings).problem
    assert problem is not None
    assert (problem.trouble, problem.line, problem.column) == (T.NOT_UTF8, 2, 9)
    assert "0xe9" in problem.reason


def test_a_file_that_is_too_large(config: Path, surroundings: Surroundings) -> None:
    config.write_bytes(b" " * (8 * 2**20 + 1))
    problem = read(surroundings).problem
    assert problem is not None
    assert (problem.trouble, problem.line) == (T.TOO_LARGE, 0)


def test_a_path_of_another_kind(home: Path, surroundings: Surroundings) -> None:
    located = Located(home / "project/a/b", home, home / ".env", None, "default", None)
    problem = read_config(located, surroundings(), Vault()).problem
    assert problem is not None
    assert problem.trouble is T.MISSING


json5 = st.lists(
    st.sampled_from(
        [
            *(
                "{",
                "}",
                "[",
                "]",
                ":",
                ",",
                "a",
                "apiKey",
                '"apiKey"',
                f'"{KEY}"',
                f"'{KEY}'",
                "1",
                "true",
                "null",
                "//x\n",
            ),
            *(
                "/*",
                "*/",
                "\n",
                "\r\n",
                "\\",
                '"',
                "'",
                " ",
                "headers",
                "env",
                "vars",
                "A_B",
                "${A}",
                "\u2028",
                "“",
                "=",
            ),
        ]
    ),
    max_size=25,
).map("".join)


@given(json5)
def test_any_text_is_evidence_as_tall_as_it_was(text: str) -> None:
    config = parse_config(FileText(text, 0o600, symlink=False), "p", "default", Vault())
    assert (config.problem is None) == _is_object(text)
    height = text.count("\n") + text.replace("\r\n", "").count("\r")
    assert len(config.lines) in (height, height + 1)
    for place in config.places:
        assert 1 <= place.value.line <= height + 1


def _is_object(text: str) -> bool:
    try:
        return isinstance(Document.parse(text).value, dict)
    except Json5SyntaxError:
        return False
