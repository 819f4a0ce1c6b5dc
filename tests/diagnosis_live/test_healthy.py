"""Set-ups that work, however odd: silence."""

from __future__ import annotations

import pytest

from tests.diagnosis_live.healthy_setups import HEALTHY
from tests.diagnosis_live.scenario import Doctor
from tests.diagnosis_live.soundness import discreet, hold


@pytest.mark.parametrize("story", HEALTHY)
def test_doctor_is_silent(doctor: Doctor, story: str) -> None:
    outcome = doctor(HEALTHY[story])
    assert outcome.noise == ()
    assert (outcome.exit_code, outcome.report.verdict, outcome.report.root_cause) == (0, "healthy", None)
    hold(outcome)
    discreet(outcome)
    through_portkey = [route for route in outcome.report.routes if route.via_portkey]
    assert through_portkey
    assert all(hop.status != "failed" for route in through_portkey for hop in route.hops)


def test_there_are_enough_of_them() -> None:
    assert len(HEALTHY) >= 60
