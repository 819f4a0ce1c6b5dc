"""A key that was typed where something else belongs is not repeated."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from wizard.base.environment import Environment
from wizard.cli.main import main

KEY = "pk-Zq8vT3nLw5Rk2Jd7Ym4x"


def said(tmp_path: Path, *arguments: str) -> tuple[int, str]:
    out, err = io.StringIO(), io.StringIO()
    environment = Environment({"HOME": str(tmp_path)}, tmp_path, tmp_path, io.StringIO(), out, err, "linux")
    return main(arguments, environment), out.getvalue() + err.getvalue()


@pytest.mark.parametrize(
    "arguments",
    [
        (KEY,),
        ("key", KEY),
        ("key", "move", "--to", KEY),
        ("key", "set", "--yes", "--api-key-file", KEY),
        ("key", "set", "--yes", KEY),
        ("setup", "--yes", "--api-key-file", KEY),
        ("setup", "--yes", KEY),
        ("setup", f"--api-key={KEY}"),
        ("key", "set", "--api-key", KEY),
        ("doctor", KEY),
        ("undo", "--list", KEY),
    ],
    ids=" ".join,
)
def test_a_key_in_a_wrong_place_is_refused_unseen(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    code, text = said(tmp_path, *arguments)
    assert code == 2
    assert text
    assert KEY not in text


def test_a_mistyped_word_is_repeated(tmp_path: Path) -> None:
    code, text = said(tmp_path, "doctr")
    assert code == 2
    assert "'doctr'" in text


def test_a_file_that_is_there_is_named(tmp_path: Path) -> None:
    (tmp_path / "empty.txt").write_text("")
    code, text = said(tmp_path, "setup", "--yes", "--api-key-file", "empty.txt")
    assert code == 2
    assert "empty.txt is empty" in text
