"""Reading a database leaves it, its folder and its writer alone."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from wizard.base import limits
from wizard.openclaw.database import read_rows

QUERY = "SELECT value FROM things ORDER BY value"


def _database(path: Path, *, wal: bool) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None)
    if wal:
        connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("CREATE TABLE things (value INTEGER)")
    connection.execute("INSERT INTO things VALUES (1), (2), (3)")
    return connection


@pytest.mark.parametrize("wal", [False, True], ids=["journal", "wal"])
def test_a_database_that_nobody_has_open(tmp_path: Path, wal: bool) -> None:
    path = tmp_path / "a b?c#d%.sqlite"
    _database(path, wal=wal).close()
    before = {each.name: each.stat().st_mtime_ns for each in tmp_path.iterdir()}
    assert read_rows(path, QUERY, limit=5) == [(1,), (2,), (3,)]
    assert read_rows(path, QUERY) == [(1,)]
    assert {each.name: each.stat().st_mtime_ns for each in tmp_path.iterdir()} == before


def test_a_writer_in_the_middle_of_a_change_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "live.sqlite"
    writer = _database(path, wal=True)
    try:
        writer.execute("BEGIN IMMEDIATE")
        writer.execute("INSERT INTO things VALUES (4)")
        assert read_rows(path, QUERY, limit=9) == [(1,), (2,), (3,)]
        writer.execute("COMMIT")
        assert read_rows(path, QUERY, limit=9) == [(1,), (2,), (3,), (4,)]
        assert {each.name for each in tmp_path.iterdir()} == {"live.sqlite", "live.sqlite-wal", "live.sqlite-shm"}
    finally:
        writer.close()


def test_nothing_is_written(tmp_path: Path) -> None:
    path = tmp_path / "live.sqlite"
    writer = _database(path, wal=True)
    try:
        assert read_rows(path, "INSERT INTO things VALUES (9) RETURNING value") == []
        assert read_rows(path, QUERY, limit=9) == [(1,), (2,), (3,)]
    finally:
        writer.close()


def test_what_is_no_database_or_of_another_shape(tmp_path: Path) -> None:
    (tmp_path / "text").write_text("x" * 5000)
    (tmp_path / "folder").mkdir()
    _database(tmp_path / "good", wal=False).close()
    for name in ("missing", "text", "folder"):
        assert read_rows(tmp_path / name, QUERY) == []
    assert read_rows(tmp_path / "good", "SELECT value FROM others") == []


def test_a_database_beyond_the_limit_is_not_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "large"
    _database(path, wal=False).close()
    monkeypatch.setattr(limits, "DATABASE_BYTES", path.stat().st_size - 1)
    assert read_rows(path, QUERY) == []
