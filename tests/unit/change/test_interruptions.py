"""Killed or interrupted at any step, the config is the old one or the new one, whole."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

PROGRAM = Path(__file__).with_name("kill_at_every_step.py")
OLD = '{\n  // kept\n  "a": 1,\n}\n'
VALUE = {"a": 2, "env": {"vars": {"PORTKEY_API_KEY": "Zq8vT3nLw5Rk2Jd7Ym4x"}}}


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, str], list[dict[str, Any]]]:
    """Runs the program once for each way to start and to end, and gives what it found at each step."""

    @cache
    def run(present: str, ending: str) -> list[dict[str, Any]]:
        command = [sys.executable, str(PROGRAM), str(tmp_path_factory.mktemp("steps")), present, ending]
        done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
        results: list[dict[str, Any]] = json.loads(done.stdout)
        assert results[-1]["finished"]
        assert not any(result["finished"] for result in results[:-1])
        # Fewer steps than these would mean that the calls were not watched.
        assert len(results) > 25
        return results

    return run


Outcomes = Callable[[str, str], list[dict[str, Any]]]


@pytest.mark.parametrize("present", ["present", "absent"])
@pytest.mark.parametrize("ending", ["kill", "break"])
def test_the_file_is_old_or_new_at_every_step(outcomes: Outcomes, present: str, ending: str) -> None:
    results = outcomes(present, ending)
    old = OLD if present == "present" else None
    new = results[-1]["text"]
    assert new is not None
    assert "Zq8vT3nLw5Rk2Jd7Ym4x" in new
    texts = [result["text"] for result in results]
    assert set(texts) == {old, new}
    assert texts == sorted(texts, key=lambda text: text == new), "once new, it stays new"
    for result in results:
        assert result["exposed"] == []
        assert result["after"] == VALUE, "the next run finishes the work"
        assert result["left_after"] == [], "the next run clears away what was left"
        assert result["mode"] == 0o600


@pytest.mark.parametrize("present", ["present", "absent"])
def test_only_a_kill_leaves_a_stray_file(outcomes: Outcomes, present: str) -> None:
    assert any(result["strays"] for result in outcomes(present, "kill"))
    assert not [result for result in outcomes(present, "break") if result["strays"]]
