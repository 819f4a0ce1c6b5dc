"""Headers that hold a secret inside JSON reach the wire whole, and statuses beyond the usual make a valid report."""

from __future__ import annotations

import pytest

from tests.diagnosis_live.faults.provider import single
from tests.diagnosis_live.hosts import misbehaving, open_source
from tests.diagnosis_live.scenario import Doctor, Scenario
from tests.diagnosis_live.soundness import hold
from tests.diagnosis_live.writing import by_hand, config
from wizard.sandbox.http_messages import Answer


def test_a_vendor_key_inside_an_inline_config_is_sent_as_it_is_written(doctor: Doctor) -> None:
    inline = '{"provider":"openai","api_key":"{{vendor:openai-prod}}"}'
    text = by_hand(single("gpt-5.2", apiKey="unused", headers={"x-portkey-config": inline}))
    outcome = doctor(Scenario(text, host=open_source()))
    assert (outcome.noise, outcome.exit_code, outcome.report.verdict) == ((), 0, "healthy")


@pytest.mark.parametrize("status", [600, 999])
def test_a_status_beyond_the_usual_makes_a_valid_report(doctor: Doctor, status: int) -> None:
    hold(doctor(Scenario(by_hand(config()), host=misbehaving(lambda _: Answer(status, b"x")))))
