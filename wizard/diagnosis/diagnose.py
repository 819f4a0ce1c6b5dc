"""Runs the checks over evidence and ranks what they find."""

from __future__ import annotations

import fnmatch
from collections.abc import Iterable
from dataclasses import dataclass

from wizard.diagnosis.catalogue import CATALOGUE
from wizard.diagnosis.checks.registry import all_checks, found
from wizard.diagnosis.model import Evidence, Finding, Remedy, Severity
from wizard.diagnosis.ranking import Ranked, rank


@dataclass(frozen=True, slots=True)
class Selection:
    """Which checks run: patterns of codes or slugs; without `only` all of them."""

    only: tuple[str, ...] = ()
    skip: tuple[str, ...] = ()

    def takes(self, code: str) -> bool:
        """Whether a code is selected."""
        return (not self.only or matches(code, self.only)) and not matches(code, self.skip)


def matches(code: str, patterns: Iterable[str]) -> bool:
    """Whether a code, or its slug, fits one of the patterns; case does not matter."""
    names = (code.lower(), CATALOGUE[code].slug)
    return any(fnmatch.fnmatchcase(name, pattern.lower()) for pattern in patterns for name in names)


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """Ranked findings, and the codes of the checks that ran."""

    ranked: Ranked
    checked: tuple[str, ...]


def diagnose(evidence: Evidence, selection: Selection | None = None) -> Diagnosis:
    """Every selected check over the evidence. One that fails is itself a finding; the others run."""
    selection = selection or Selection()
    findings: list[Finding] = []
    ran: list[str] = []
    for code, function in all_checks().items():
        if not selection.takes(code):
            continue
        ran.append(code)
        try:
            findings.extend(function(evidence))
        except Exception as error:  # noqa: BLE001 - a check's bug must not cost the other checks' findings
            findings.append(_crashed(code, error))
    return Diagnosis(rank(evidence, findings), tuple(ran))


def _crashed(code: str, error: Exception) -> Finding:
    return found(
        "PKC901",
        f"The check for {code} failed ({type(error).__name__}); the other checks ran.",
        Remedy("Please report it, with the output of portkey-claw doctor --json."),
        severity=Severity.WARNING,
        failure_class="crash",
        related=(code,),
    )
