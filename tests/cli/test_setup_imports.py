"""Setup, undo and the key commands load a heavy package only where they use it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.test_startup_imports import loaded


@pytest.mark.parametrize(
    ("arguments", "allowed"),
    [
        (["setup", "--help"], set()),
        (["setup", "--remove", "--dry-run", "--plain"], set()),
        (["setup", "--remove", "--dry-run"], {"rich"}),
        (["key", "--help"], set()),
        (["key", "status", "--json"], set()),
        (["key", "status", "--plain"], set()),
        (["key", "status"], {"rich"}),
        (["undo", "--list", "--json"], set()),
        (["undo", "--list", "--plain"], set()),
        (["undo", "--list"], {"rich"}),
    ],
    ids=" ".join,
)
def test_what_a_command_loads(arguments: list[str], allowed: set[str], tmp_path: Path) -> None:
    assert loaded(arguments, tmp_path) <= allowed


def test_a_plan_without_questions_asks_nobody(tmp_path: Path) -> None:
    flags = ["setup", "--yes", "--no-verify", "--dry-run", "--plain", "--model", "@a/b", "--api-key-file", "key"]
    (tmp_path / "key").write_text("Zq8vT3nLw5Rk2Jd7Ym4x\n", encoding="utf-8")
    assert loaded(flags, tmp_path) <= {"json5"}
