"""What befalls this program itself: a check that fails, a run that ends too soon."""

from __future__ import annotations

from wizard.diagnosis.checks.registry import check, found
from wizard.diagnosis.model import Evidence, Finding, Remedy, Severity


@check("PKC901")
def check_crashed(evidence: Evidence) -> tuple[Finding, ...]:
    """A check failed."""
    del evidence  # only `diagnose` can see a check fail
    return ()


@check("PKC902")
def time_budget_exceeded(evidence: Evidence) -> tuple[Finding, ...]:
    """The time was used up before everything was seen."""
    if not evidence.out_of_time:
        return ()
    return (
        found(
            "PKC902",
            "The run's time was used up; what was not asked by then is unknown.",
            Remedy("Give it more time.", ("portkey-claw doctor --timeout 120",)),
            severity=Severity.WARNING,
            failure_class="timeout",
        ),
    )
