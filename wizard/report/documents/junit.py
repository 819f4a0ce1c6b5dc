"""The report as JUnit XML, for the test pages of build servers.

One suite a hop, one case a check. What counts towards the exit status is a failure; a finding that another failure
explains is skipped with that reason, so one cause is one failure. What portkey-claw itself could not do is an error.
There is no one schema: the elements and attributes are those on which Ant's and Jenkins's agree, and `skipped`, which
is Jenkins's.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal
from xml.etree import ElementTree as ET

from wizard.diagnosis.catalogue import CATALOGUE
from wizard.report import verdict
from wizard.report.human import place_of
from wizard.report.model import CodeFrame, FindingReport, Report
from wizard.terminal.safe import safe_block, safe_line

Outcome = Literal["passed", "failure", "error", "skipped"]

_HOPS: Final = ("openclaw", "key", "network", "gateway", "provider", "model", "log")
_OWN: Final = ("PKC901", "PKC902")
# What XML 1.0 has no place for, not even as a reference.
_NOT_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LINE: Final = 300


@dataclass(frozen=True, slots=True)
class _Case:
    """One test case."""

    hop: str
    name: str
    outcome: Outcome
    kind: str = ""
    headline: str = ""
    text: str = ""


def render(report: Report, frames: Mapping[str, CodeFrame]) -> str:
    """The report as one `testsuites` document."""
    del frames
    cases = [*_findings(report), *_passed(report), *_skipped(report), *_undetermined(report)]
    root = ET.Element("testsuites")
    used = [hop for hop in _HOPS if any(case.hop == hop for case in cases)]
    for number, hop in enumerate(used):
        _suite(root, report, hop, number, [case for case in cases if case.hop == hop])
    ET.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _findings(report: Report) -> Iterator[_Case]:
    times = Counter(finding.code for finding in report.findings)
    failing = {finding.id for finding in report.findings if _counts(report, finding)}
    for finding in report.findings:
        place = place_of(finding.where) or ", ".join(finding.route_ids)
        name = f"{finding.code} {finding.slug}"
        case = _Case(
            finding.hop,
            f"{name} ({place}, {finding.id})" if times[finding.code] > 1 else name,
            "passed",
            f"{finding.severity}, {finding.confidence}",
            finding.title,
            _text(finding),
        )
        if finding.id not in failing:
            # What does not count towards the exit status is told beside the cases.
            yield _as(case, "passed")
        elif (cause := _cause(report, finding)) is not None and cause.id in failing:
            yield _as(case, "skipped", f"because of {cause.code} {cause.slug}")
        else:
            yield _as(case, "error" if finding.code in _OWN else "failure")


def _as(case: _Case, outcome: Outcome, text: str | None = None) -> _Case:
    return _Case(case.hop, case.name, outcome, case.kind, case.headline, case.text if text is None else text)


def _counts(report: Report, finding: FindingReport) -> bool:
    counted = ("error",) if report.fail_on == "error" else ("error", "warning")
    return finding.severity in counted and finding.confidence != "possible"


def _cause(report: Report, finding: FindingReport) -> FindingReport | None:
    """The finding at the root of this one, or None where it stands for itself."""
    by_id = {other.id: other for other in report.findings}
    seen = {finding.id}
    cause = None
    while finding.caused_by in by_id and finding.caused_by not in seen:
        seen.add(finding.caused_by)
        finding = cause = by_id[finding.caused_by]
    return cause


def _passed(report: Report) -> Iterator[_Case]:
    found = {finding.code for finding in report.findings}
    for code in report.passed:
        if code not in found:
            yield _Case(_hop(code), _name(code), "passed")


def _skipped(report: Report) -> Iterator[_Case]:
    known = {*(finding.code for finding in report.findings), *report.passed}
    for code, reason in {check.code: check.reason for check in report.skipped}.items():
        if code not in known:
            yield _Case(_hop(code), _name(code), "skipped", text=f"not checked: {reason}")
    for item in report.suppressed:
        text = f"suppressed: {item.reason}"
        yield _Case(_hop(item.code), f"{_name(item.code)} ({item.fingerprint})", "skipped", text=text)


def _undetermined(report: Report) -> Iterator[_Case]:
    """Without this case a run that could see too little would look like one that found nothing."""
    if report.exit_code not in (0, 1):
        headline = verdict.headline(report)
        reasons = dict.fromkeys(check.reason for check in report.skipped)
        yield _Case("gateway", "verdict", "error", report.verdict, headline, "\n".join([headline, *reasons]))


def _hop(code: str) -> str:
    return CATALOGUE[code].hop.value if code in CATALOGUE else "openclaw"


def _name(code: str) -> str:
    return f"{code} {CATALOGUE[code].slug}" if code in CATALOGUE else code


def _text(finding: FindingReport) -> str:
    lines = [
        *filter(None, [finding.message, place_of(finding.where)]),
        *(f"Seen: {fact}" for fact in finding.evidence),
        *([f"Mend: {finding.remedy.text}"] if finding.remedy.text else []),
        *finding.remedy.commands,
        *([f"In OpenClaw {finding.shown.version}: {finding.shown.text}"] if finding.shown else []),
        f"More: portkey-claw explain {finding.code}",
    ]
    return "\n".join(lines)


def _suite(root: ET.Element, report: Report, hop: str, number: int, cases: Sequence[_Case]) -> None:
    outcomes = Counter(case.outcome for case in cases)
    suite = ET.SubElement(
        root,
        "testsuite",
        name=f"portkey-claw.{hop}",
        package="portkey-claw",
        id=str(number),
        # Neither the machine's name nor its time zone is anybody's business; the time is UTC.
        hostname="localhost",
        timestamp=_line(report.generated_at)[:19],
        tests=str(len(cases)),
        failures=str(outcomes["failure"]),
        errors=str(outcomes["error"]),
        skipped=str(outcomes["skipped"]),
        time=f"{report.duration_ms / 1000:.3f}" if number == 0 else "0.000",
    )
    properties = ET.SubElement(suite, "properties")
    facts = {
        "verdict": report.verdict,
        "root_cause": report.root_cause or "none",
        "mode": report.mode,
        "openclaw": report.openclaw.version or "unknown",
        "portkey-claw": report.tool.version,
        "exit_code": str(report.exit_code),
    }
    for name, value in facts.items():
        ET.SubElement(properties, "property", name=name, value=_line(value))
    for case in cases:
        _case(suite, case)
    remarks = [f"{case.name} ({case.kind})\n{case.text}" for case in cases if case.outcome == "passed" and case.text]
    ET.SubElement(suite, "system-out").text = _block("\n\n".join(remarks))
    ET.SubElement(suite, "system-err").text = ""


def _case(suite: ET.Element, case: _Case) -> None:
    element = ET.SubElement(
        suite, "testcase", name=_line(case.name), classname=f"portkey-claw.{case.hop}", time="0.000"
    )
    if case.outcome == "skipped":
        ET.SubElement(element, "skipped").text = _line(case.text)
    elif case.outcome in ("failure", "error"):
        told = ET.SubElement(element, case.outcome, type=_line(case.kind), message=_line(case.headline))
        told.text = _block(case.text)


def _line(text: str) -> str:
    """One line without blanks around or in a row: XML's token."""
    return _NOT_XML.sub("\ufffd", " ".join(safe_line(text, limit=_LINE).split()))


def _block(text: str) -> str:
    return _NOT_XML.sub("\ufffd", safe_block(text))
