"""No code without its proof: a check, two set-ups in which it fires, a neighbour in which it is silent, and a page."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from tests.diagnosis_live.faults import ALL_FAULTS, ALL_NEIGHBOURS
from wizard.diagnosis.catalogue import CATALOGUE
from wizard.diagnosis.checks.registry import all_checks, title_of
from wizard.route.model import Hop

PAGES = Path(__file__).parents[2] / "docs/findings"
# No set-up of a user's makes a check crash: test_own_faults.py breaks one.
WITHOUT_SETUP = {"PKC901"}
LIVE_HOPS = {Hop.NETWORK, Hop.GATEWAY, Hop.PROVIDER, Hop.MODEL}


@pytest.mark.parametrize("code", CATALOGUE)
def test_code_has_a_check_with_a_title(code: str) -> None:
    assert code in all_checks()
    title = title_of(code)
    assert title
    assert not title.endswith(".")


@pytest.mark.parametrize("code", sorted(set(CATALOGUE) - WITHOUT_SETUP))
def test_code_has_two_firing_setups_and_a_silent_neighbour(code: str) -> None:
    firing = [fault for fault in ALL_FAULTS if fault.code == code]
    assert len({fault.story for fault in firing}) == len(firing) >= 2
    assert len({str(fault.scenario.config) for fault in firing}) >= 2 or code == "PKC102"
    assert [neighbour for neighbour in ALL_NEIGHBOURS if neighbour.code == code]
    if CATALOGUE[code].hop in LIVE_HOPS:
        assert any("--offline" not in fault.scenario.flags for fault in firing)


def test_every_story_is_told_once() -> None:
    told = Counter((fault.code, fault.story) for fault in ALL_FAULTS)
    assert max(told.values()) == 1


@pytest.mark.parametrize("code", CATALOGUE)
def test_page_names_code_and_slug_first(code: str) -> None:
    heading = (PAGES / f"{code}.md").read_text("utf-8").splitlines()[0]
    assert heading.startswith("# ")
    assert code in heading
    assert CATALOGUE[code].slug in heading


def test_no_page_is_left_of_a_code_that_is_gone() -> None:
    assert {path.stem for path in PAGES.glob("PKC*.md")} <= set(CATALOGUE)


def test_every_check_is_there_whoever_asks_first() -> None:
    ask = (
        "from wizard.diagnosis.checks.registry import all_checks; from wizard.diagnosis.catalogue import CATALOGUE; "
        "assert set(all_checks()) == set(CATALOGUE)"
    )
    subprocess.run([sys.executable, "-c", ask], check=True, timeout=60)
