"""Killed or interrupted at any step, every file is the old one or the new one, and `undo` takes back what was done."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

PROGRAM = Path(__file__).with_name("kill_at_every_step.py")
# Every step in `make stress`, else a sample that is another one for each of the four ways.
STRESS = os.environ.get("PORTKEY_CLAW_STRESS", "") not in ("", "0")
STRIDES = {("apply", "kill"): 11, ("apply", "break"): 13, ("undo", "kill"): 12, ("undo", "break"): 17}
WAYS = sorted(STRIDES)

Outcomes = Callable[[str, str], list[dict[str, Any]]]


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> Outcomes:
    """Runs the program once for each way, and gives what it found at each step."""

    @cache
    def run(what: str, ending: str) -> list[dict[str, Any]]:
        stride = 1 if STRESS else STRIDES[what, ending]
        scratch = tmp_path_factory.mktemp(f"{what}-{ending}")
        command = [sys.executable, str(PROGRAM), str(scratch), what, ending, str(stride)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=1800 if STRESS else 300, check=True)
        results: list[dict[str, Any]] = json.loads(done.stdout)
        assert results[-1]["finished"]
        assert not any(result["finished"] for result in results[:-1])
        # Fewer steps than these would mean that the calls were not watched.
        assert results[-1]["step"] > 200
        return results

    return run


def ends(what: str, results: list[dict[str, Any]]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The state without the change and the state with it."""
    first, last = results[0]["state"], results[-1]["state"]
    return (first, last) if what == "apply" else (last, first)


@pytest.mark.parametrize(("what", "ending"), WAYS)
def test_every_part_is_old_or_new_at_every_step(outcomes: Outcomes, what: str, ending: str) -> None:
    results = outcomes(what, ending)
    without, with_it = ends(what, results)
    assert all(without[part] != with_it[part] for part in without), "every part of the plan is changed"
    for result in results:
        for part, value in result["state"].items():
            assert value in (without[part], with_it[part]), f"{part} at step {result['step']}"


@pytest.mark.parametrize(("what", "ending"), WAYS)
def test_undo_takes_back_what_was_done(outcomes: Outcomes, what: str, ending: str) -> None:
    results = outcomes(what, ending)
    without, _ = ends(what, results)
    for result in results:
        assert result["undone"]["state"] == without, f"step {result['step']}"
        assert result["anything"] or result["state"] == without
        assert result["undone"]["strays"] == []


@pytest.mark.parametrize(("what", "ending"), WAYS)
def test_the_same_change_again_finishes_the_work_and_can_be_taken_back(
    outcomes: Outcomes, what: str, ending: str
) -> None:
    results = outcomes(what, ending)
    without, with_it = ends(what, results)
    for result in results:
        assert result["again"]["state"] == with_it, f"step {result['step']}"
        assert result["again"]["strays"] == []
        assert result["all_undone"]["state"] == without
        assert result["all_undone"]["strays"] == []


@pytest.mark.parametrize(("what", "ending"), WAYS)
def test_no_secret_is_where_it_was_not_before(outcomes: Outcomes, what: str, ending: str) -> None:
    for result in outcomes(what, ending):
        for moment in (result, result["undone"], result["again"], result["all_undone"]):
            assert moment["leaks"] == [], f"step {result['step']}"


@pytest.mark.parametrize("what", ["apply", "undo"])
def test_an_interruption_leaves_all_or_nothing_and_no_strays(outcomes: Outcomes, what: str) -> None:
    results = outcomes(what, "break")
    ways = ends(what, results)
    for result in results:
        assert result["state"] in ways, f"step {result['step']}"
        assert result["strays"] == [], f"step {result['step']}"
        assert "begun" not in result["phases"]
        if what == "apply" and result["state"] == ways[0]:
            assert result["kept"] == []


@pytest.mark.parametrize("what", ["apply", "undo"])
def test_only_a_kill_leaves_something_half_way(outcomes: Outcomes, what: str) -> None:
    results = outcomes(what, "kill")
    assert any("begun" in result["phases"] for result in results)
    assert any(result["strays"] for result in results)
