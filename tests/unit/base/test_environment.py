"""The surroundings of a run as one value."""

from __future__ import annotations

import io
import os
from datetime import UTC, timedelta
from pathlib import Path

import pytest

from wizard.base.environment import Environment, architecture, in_container


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def surroundings(home: str = "/home/user", **variables: str) -> Environment:
    return Environment(variables=variables, home=Path(home), cwd=Path("/"), stdin=Terminal(), stdout=Terminal())


@pytest.mark.parametrize(
    ("home", "path", "shown"),
    [
        ("/home/user", "/home/user", "~"),
        ("/home/user", "/home/user/.openclaw/openclaw.json", "~/.openclaw/openclaw.json"),
        ("/home/user", "/home/username/a", "/home/username/a"),
        ("/home/user", "/etc/a", "/etc/a"),
        ("/home/user", "relative", "relative"),
        ("/", "/etc/a", "/etc/a"),
    ],
)
def test_paths_are_shown_as_people_write_them(home: str, path: str, shown: str) -> None:
    assert surroundings(home).display(Path(path)) == shown
    assert surroundings(home).display(path) == shown


def test_only_two_terminals_make_a_conversation() -> None:
    environment = surroundings()
    assert environment.interactive
    assert not surroundings(TERM="dumb").interactive
    for stdin, stdout in ((io.StringIO(), Terminal()), (Terminal(), io.StringIO())):
        assert not Environment({}, Path("/"), Path("/"), stdin, stdout).interactive


def test_a_closed_stream_is_no_terminal() -> None:
    closed = Terminal()
    closed.close()
    closed_file = io.TextIOWrapper(io.BytesIO())
    closed_file.close()
    assert not Environment({}, Path("/"), Path("/"), closed_file, Terminal()).interactive


def test_the_real_surroundings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("A_VARIABLE", "a value")
    monkeypatch.chdir(tmp_path)
    environment = Environment.current()
    assert (environment.home, environment.cwd) == (tmp_path, tmp_path)
    assert environment.variables["A_VARIABLE"] == "a value"
    monkeypatch.setenv("A_VARIABLE", "another")
    assert environment.variables["A_VARIABLE"] == "a value"


def test_without_home_windows_name_for_it_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HOME")
    monkeypatch.setenv("USERPROFILE", "/profile")
    assert Environment.current().home == Path("/profile")
    monkeypatch.delenv("USERPROFILE")
    assert Environment.current().home.is_absolute()


def test_a_working_folder_that_is_gone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    try:
        assert Environment.current().cwd == Path("/")
    finally:
        os.chdir(tmp_path)


def test_clocks() -> None:
    environment = surroundings()
    assert environment.now().tzinfo is UTC
    assert environment.now() - environment.now() < timedelta(seconds=1)
    assert environment.monotonic() <= environment.monotonic()


def test_the_machine() -> None:
    assert architecture()
    assert isinstance(in_container(), bool)
