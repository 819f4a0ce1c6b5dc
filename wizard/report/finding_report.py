"""A finding as the report has it: with its fingerprint, its cause, and OpenClaw's own words for it."""

from __future__ import annotations

import hashlib

from wizard.diagnosis.catalogue import CATALOGUE
from wizard.diagnosis.messages.shown import Turn, shown_for
from wizard.diagnosis.model import Confidence, Evidence, Finding, Severity
from wizard.diagnosis.ranking import Ranked
from wizard.json5doc.paths import format_path
from wizard.portkey.answers import read_answer
from wizard.report.model import FindingReport, FixReport, RemedyReport, ShownReport, WhereReport


def _shown(evidence: Evidence, finding: Finding) -> ShownReport | None:
    """What OpenClaw itself says where this finding stops a turn, or makes it wait."""
    if finding.severity is Severity.INFO or finding.confidence is Confidence.POSSIBLE:
        return None
    routes = [route for route in evidence.routes if route.id in finding.route_ids]
    route = next(iter(routes or evidence.routes), None)
    asked = [exchange for probe_id in finding.probe_ids if (exchange := evidence.exchange(probe_id)) is not None]
    last = asked[-1] if asked else None
    shown = shown_for(
        finding.code,
        Turn(
            version=evidence.openclaw.install.version,
            api=route.api if route else None,
            status=last.status if last else None,
            unanswered=last is not None and last.status is None,
            ref=route.ref.text if route else "",
            provider=(route.ref.provider_id if route else None) or "",
            model=route.request.model if route and route.request else "",
            words=read_answer(last).said.message if last is not None and last.status is not None else "",
        ),
    )
    return ShownReport(shown.text, shown.version) if shown else None


def finding_report(evidence: Evidence, finding: Finding, ids: dict[Finding, str], ranked: Ranked) -> FindingReport:
    """The finding for the report; `ids` are the report's numbers of all findings."""
    where = finding.where
    entry = CATALOGUE[finding.code]
    path = format_path(where.path) if where is not None and where.path else None
    place = f"{finding.code} {where.file if where else ''} {path or ''}"
    cause = ranked.causes.get(finding)
    return FindingReport(
        id=ids[finding],
        code=finding.code,
        slug=entry.slug,
        severity=finding.severity.value,
        confidence=finding.confidence.value,
        hop=finding.hop.value,
        route_ids=finding.route_ids,
        probe_ids=finding.probe_ids,
        failure_class=finding.failure_class,
        title=finding.title,
        message=finding.message,
        evidence=finding.evidence,
        where=WhereReport(where.file, where.line or None, where.column or None, path) if where else None,
        remedy=RemedyReport(finding.remedy.text, finding.remedy.commands),
        fix=FixReport(available=False),
        caused_by=ids[cause] if cause is not None else None,
        related=finding.related,
        fingerprint=hashlib.sha256(place.encode("utf-8", "surrogatepass")).hexdigest()[:16],
        docs=entry.page,
        shown=_shown(evidence, finding),
    )
