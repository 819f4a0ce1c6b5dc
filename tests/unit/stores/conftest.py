"""Homes to look into."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.unit.stores.places import Place


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """An empty home."""
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    return Place(home)


@pytest.fixture
def make_place(tmp_path: Path) -> Callable[[], Place]:
    """Makes any number of empty homes."""
    numbers = iter(range(100_000))

    def make() -> Place:
        home = tmp_path / f"home-{next(numbers)}"
        home.mkdir(mode=0o700)
        return Place(home)

    return make
