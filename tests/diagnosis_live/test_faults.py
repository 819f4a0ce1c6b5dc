"""Every code fires where its fault is, and stays silent beside it."""

from __future__ import annotations

import pytest

from tests.diagnosis_live.faults import ALL_FAULTS, ALL_NEIGHBOURS
from tests.diagnosis_live.scenario import Doctor, Fault, Neighbour
from tests.diagnosis_live.soundness import discreet, hold


@pytest.mark.parametrize("fault", ALL_FAULTS, ids=lambda fault: f"{fault.code}-{fault.story}")
def test_fault_is_found_and_named_as_the_root_cause(doctor: Doctor, fault: Fault) -> None:
    outcome = doctor(fault.scenario)
    finding = outcome.finding(fault.code)
    assert (finding.severity, finding.confidence) == (fault.severity, fault.confidence), finding
    root = fault.code if fault.root == "same" else fault.root
    assert (outcome.report.root_cause, outcome.report.verdict) == (root, fault.verdict), outcome.codes()
    assert outcome.exit_code == fault.exit_code
    line = finding.where.line if finding.where is not None else None
    assert line == (None if fault.at is None else outcome.line_of(fault.at)), finding.where
    assert finding.message
    assert finding.remedy.text
    hold(outcome)
    discreet(outcome, resets=fault.scenario.resets)


@pytest.mark.parametrize("neighbour", ALL_NEIGHBOURS, ids=lambda each: f"{each.code}-{each.story}")
def test_nearest_neighbour_is_healthy(doctor: Doctor, neighbour: Neighbour) -> None:
    outcome = doctor(neighbour.scenario)
    assert outcome.noise == ()
    assert (outcome.exit_code, outcome.report.verdict, outcome.report.root_cause) == (0, "healthy", None)
    assert (neighbour.code in outcome.codes()) is neighbour.info
    hold(outcome)
    discreet(outcome, resets=neighbour.scenario.resets)
