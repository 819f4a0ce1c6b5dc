"""Which checks passed, which could not look, and what the run cost."""

from __future__ import annotations

from wizard.diagnosis.catalogue import CATALOGUE
from wizard.diagnosis.diagnose import Diagnosis
from wizard.diagnosis.model import Confidence, Evidence, Severity
from wizard.diagnosis.ranking import Ranked
from wizard.portkey.answers import Origin, read_answer
from wizard.portkey.exchange import ProbeKind
from wizard.report.model import SkippedCheck, Summary

_CONFIDENT = (Confidence.CERTAIN, Confidence.LIKELY)


def summary_of(evidence: Evidence, diagnosis: Diagnosis, skipped: tuple[SkippedCheck, ...]) -> Summary:
    """Counts of checks, and what the run cost."""
    noted = _noted(diagnosis)
    calls = [exchange for exchange in evidence.exchanges if exchange.kind is ProbeKind.CALL]
    answered = [read_answer(exchange) for exchange in calls if exchange.status is not None]
    return Summary(
        passed=len(passed_checks(diagnosis, skipped)),
        failed=sum(severity is Severity.ERROR for severity in noted.values()),
        warned=sum(severity is Severity.WARNING for severity in noted.values()),
        skipped=sum(check.code in diagnosis.checked and check.code not in noted for check in skipped),
        model_calls=sum(1 for answer in answered if answer.origin in (Origin.PORTKEY_ROUTED, Origin.PROVIDER)),
        tokens=sum(answer.said.tokens or 0 for answer in answered),
    )


def _noted(diagnosis: Diagnosis) -> dict[str, Severity]:
    """The gravest sure error or warning of each code that has one."""
    gravest: dict[str, Severity] = {}
    for finding in diagnosis.ranked.findings:
        if finding.confidence in _CONFIDENT:
            gravest.setdefault(finding.code, finding.severity)
    return {code: severity for code, severity in gravest.items() if severity is not Severity.INFO}


def passed_checks(diagnosis: Diagnosis, skipped: tuple[SkippedCheck, ...]) -> tuple[str, ...]:
    """The checks that ran, could look, and found neither error nor warning."""
    unreached = {check.code for check in skipped}
    noted = _noted(diagnosis)
    return tuple(code for code in diagnosis.checked if code not in noted and code not in unreached)


def skipped_checks(evidence: Evidence, ranked: Ranked) -> tuple[SkippedCheck, ...]:
    """The checks that rest on answers nobody gave, and why nobody was asked."""
    asked = {kind for exchange in evidence.exchanges for kind in (exchange.kind,)}
    reason = _why_not_asked(evidence, ranked)
    needs = {
        ProbeKind.IDENTIFY: _ON_IDENTIFY,
        ProbeKind.CATALOGUE: _ON_CATALOGUE if ProbeKind.CALL not in asked else (),
        ProbeKind.CALL: _ON_CALL,
    }
    found = {finding.code for finding in ranked.findings}
    return tuple(
        SkippedCheck(code, reason)
        for kind, codes in needs.items()
        if kind not in asked
        for code in codes
        if code not in found
    )


_ON_IDENTIFY = ("PKC304", "PKC311", "PKC312", "PKC313", "PKC314", "PKC315", "PKC316", "PKC317", "PKC320", "PKC323")
_ON_CATALOGUE = ("PKC205", "PKC206")
_ON_CALL = tuple(
    code
    for code, entry in CATALOGUE.items()
    if entry.hop.value in ("gateway", "provider", "model") or code in ("PKC207", "PKC318")
)


def _why_not_asked(evidence: Evidence, ranked: Ranked) -> str:
    if evidence.scope.offline:
        return "offline"
    if ranked.root is not None:
        return f"behind {ranked.root.code}"
    if any(finding.code == "PKC320" for finding in ranked.findings):
        return "the key was held back"
    if any(route.external_key for route in evidence.routes):
        return keyring_silence(evidence) or "the key is kept where only OpenClaw can read it"
    if evidence.scope.no_spend:
        return "no model call with --no-spend"
    return "out of time" if evidence.out_of_time else "no route to ask about"


SECRET_EXEC = "secret-exec"  # noqa: S105 - a layer's name
_SILENCE = {
    "no-entry": "the keyring has no entry for the key",
    "locked": "the keyring is locked",
    "no-backend": "no keyring can be reached",
    "refused-backend": "the keyring in use does not keep secrets",
    "timeout": "the keyring does not answer",
    "broken": "the keyring fails",
}


def keyring_silence(evidence: Evidence) -> str | None:
    """Why OpenClaw does not get a key out of the keyring that our resolver should hand it, or None."""
    key = next((each for each in evidence.openclaw.keyring_keys if not each.reaches_openclaw), None)
    if key is None:
        return None
    return _SILENCE.get(key.trouble or "", f"OpenClaw cannot start the keyring's resolver ({key.resolver})")
