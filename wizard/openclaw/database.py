"""Reads OpenClaw's SQLite databases beside a running OpenClaw: nothing is written, made or kept from being written.

Source: 2026.9.6 keeps its databases in write-ahead mode, with `-wal` and `-shm` beside them while it runs; a reader and
a writer of such a database never wait for each other (SQLite's documentation). Without those files nobody has it open,
and a reader that respects locks would leave them behind, so it is then read as one that does not change.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from wizard.base import limits

_BUSY_SECONDS: Final = 1.0


def read_rows(path: Path, query: str, parameters: tuple[Any, ...] = (), *, limit: int = 1) -> list[tuple[Any, ...]]:
    """The first rows of a query; none where the database is missing, unreadable, too large or of another shape."""
    import sqlite3

    try:
        if not path.is_file() or path.stat().st_size > limits.DATABASE_BYTES:
            return []
        in_use = any(path.with_name(path.name + suffix).exists() for suffix in ("-wal", "-journal"))
        uri = f"file:{quote(str(path.resolve()))}?mode=ro" + ("" if in_use else "&immutable=1")
        connection = sqlite3.connect(uri, uri=True, timeout=_BUSY_SECONDS)
        try:
            return connection.execute(query, parameters).fetchmany(limit)
        finally:
            connection.close()
    except (OSError, sqlite3.Error):
        return []
