"""When the program itself fails: one check's bug costs nothing but that check."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tests.diagnosis_live.scenario import Doctor, Scenario
from tests.diagnosis_live.writing import by_hand, by_machine, config, entry
from wizard.diagnosis.checks import registry
from wizard.diagnosis.model import Evidence, Finding

Break = Callable[[str, Exception], None]


@pytest.fixture
def break_check(monkeypatch: pytest.MonkeyPatch) -> Break:
    """Makes the check of a code fail."""
    registry.all_checks()

    def broken(code: str, error: Exception) -> None:
        def fail(_: Evidence) -> Iterator[Finding]:
            yield from ()
            raise error

        monkeypatch.setitem(registry.all_checks(), code, fail)

    return broken


def test_crash_of_an_idle_check_leaves_a_working_route_degraded(doctor: Doctor, break_check: Break) -> None:
    break_check("PKC504", KeyError("pk-secretSECRETsecretSECRETsecret"))
    outcome = doctor(Scenario(by_hand(config())))
    finding = outcome.finding("PKC901")
    assert (finding.severity, finding.confidence, finding.related) == ("warning", "certain", ("PKC504",))
    assert "PKC504" in finding.message
    assert "secretSECRET" not in outcome.stdout + outcome.stderr
    assert (outcome.report.verdict, outcome.exit_code) == ("degraded", 0)


def test_crash_of_one_check_costs_no_other_finding(doctor: Doctor, break_check: Break) -> None:
    break_check("PKC106", RecursionError("too deep"))
    outcome = doctor(Scenario(by_machine(config(entry(apiKey="pk-wrongWRONGwrongWRONGwrong012")))))
    assert (outcome.report.root_cause, outcome.exit_code) == ("PKC205", 1)
    assert outcome.finding("PKC901").related == ("PKC106",)


def test_no_crash_without_one(doctor: Doctor) -> None:
    assert "PKC901" not in doctor(Scenario(by_hand(config()))).codes()
