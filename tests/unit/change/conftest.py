"""A home of its own for every test of a change."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from wizard.base.environment import Environment


@pytest.fixture
def surroundings(tmp_path: Path) -> Environment:
    """An environment whose home is a fresh folder and which has no variables."""
    home = tmp_path / "home"
    home.mkdir()
    return Environment(
        variables={},
        home=home,
        cwd=home,
        stdin=io.StringIO(),
        stdout=io.StringIO(),
        stderr=io.StringIO(),
        system="linux",
    )


@pytest.fixture
def config(surroundings: Environment) -> Path:
    """The path of the config in that home, in its folder; the file is not there yet."""
    folder = surroundings.home / ".openclaw"
    folder.mkdir(mode=0o700)
    return folder / "openclaw.json"
