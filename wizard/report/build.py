"""Evidence and its diagnosis to a report."""

from __future__ import annotations

import hashlib
from collections import Counter

from wizard import __version__
from wizard.base.errors import ExitCode
from wizard.diagnosis import view
from wizard.diagnosis.catalogue import CATALOGUE
from wizard.diagnosis.diagnose import Diagnosis
from wizard.diagnosis.hops import hop_states
from wizard.diagnosis.model import Confidence, Evidence, Finding, Severity
from wizard.diagnosis.probes import probed_routes
from wizard.diagnosis.ranking import Ranked, on_primary, primary_route
from wizard.json5doc.paths import format_path
from wizard.portkey.answers import Origin, read_answer
from wizard.portkey.exchange import Exchange, ProbeKind
from wizard.report.model import (
    EnvironmentReport,
    FindingReport,
    FixReport,
    GatewayError,
    HopReport,
    KeyReport,
    Mode,
    OpenClawReport,
    ProbeReport,
    RemedyReport,
    Report,
    RequestReport,
    RouteReport,
    SkippedCheck,
    Summary,
    Tool,
    Verdict,
    WhereReport,
)
from wizard.route.model import Route

SCHEMA_VERSION = 1
_NOTHING_SEEN = ("PKC105", "PKC106")
_CONFIDENT = (Confidence.CERTAIN, Confidence.LIKELY)


def build_report(evidence: Evidence, diagnosis: Diagnosis, *, duration_ms: int, fail_on: Severity) -> Report:
    """The report of one run.

    Args:
        evidence: everything that was seen.
        diagnosis: the ranked findings.
        duration_ms: how long the run took.
        fail_on: the weight from which findings make the exit status 1.
    """
    ranked = diagnosis.ranked
    ids = {finding: f"f{number}" for number, finding in enumerate(ranked.findings, 1)}
    routes = tuple(_route(evidence, ranked, route) for route in evidence.routes)
    verdict = _verdict(evidence, ranked, routes)
    mode: Mode = "offline" if evidence.scope.offline else "live"
    skipped = _skipped(evidence, ranked)
    return Report(
        schema_version=SCHEMA_VERSION,
        tool=Tool("portkey-claw", __version__),
        generated_at=evidence.collected_at,
        duration_ms=duration_ms,
        exit_code=int(_exit_code(ranked, verdict, fail_on, offline=evidence.scope.offline)),
        mode=mode,
        verdict=verdict,
        root_cause=ranked.root.code if ranked.root else None,
        summary=_summary(evidence, diagnosis, skipped),
        environment=_environment(evidence),
        openclaw=_openclaw(evidence),
        routes=routes,
        probes=tuple(_probe(exchange) for exchange in evidence.exchanges),
        findings=tuple(_finding(finding, ids, ranked) for finding in ranked.findings),
        skipped=skipped,
    )


def _verdict(evidence: Evidence, ranked: Ranked, routes: tuple[RouteReport, ...]) -> Verdict:
    """`broken` the primary cannot work, `unknown` too little seen, `degraded` something else needs care."""
    sure = [finding for finding in ranked.findings if finding.confidence in _CONFIDENT]
    errors = [finding for finding in sure if finding.severity is Severity.ERROR]
    primary = primary_route(evidence)
    if any(on_primary(evidence, finding) for finding in errors):
        return "broken"
    # Nothing was found that goes to Portkey, yet something may stand where we do not look: an `$include`, a variable.
    hidden = any(finding.code in _NOTHING_SEEN and finding.severity is Severity.ERROR for finding in ranked.findings)
    if hidden or _undetermined(evidence, primary, routes) or _unexplained(evidence, primary, sure):
        return "unknown"
    return "degraded" if errors or any(finding.severity is Severity.WARNING for finding in sure) else "healthy"


def _undetermined(evidence: Evidence, primary: Route | None, routes: tuple[RouteReport, ...]) -> bool:
    """Whether the primary could have been asked and was not: the key held back, or the time used up."""
    if primary is None:
        return evidence.openclaw.config.problem is None
    if evidence.scope.offline:
        return False
    hops = {hop.hop: hop.status for route in routes if route.id == primary.id for hop in route.hops}
    if evidence.scope.no_spend:
        return hops.get("key") == "unknown" or hops.get("network") == "unknown"
    return "failed" not in hops.values() and hops.get("gateway") == "unknown"


def _unexplained(evidence: Evidence, primary: Route | None, sure: list[Finding]) -> bool:
    """Whether the primary does not work for a reason that no finding explains."""
    if primary is None:
        return False
    if primary.refusal is not None and not sure:
        return True
    called = view.call(evidence, primary)
    if called is None or view.works(evidence, primary) or _passed_in_silence(called):
        return False
    return not any(called.probe_id in finding.probe_ids for finding in sure)


def _passed_in_silence(called: Exchange) -> bool:
    """Whether a routed answer is good and merely empty: few tokens may be used up before the first word."""
    answer = read_answer(called)
    good = called.status is not None and 200 <= called.status < 300
    return good and answer.origin is Origin.PORTKEY_ROUTED and not answer.said.message


def _exit_code(ranked: Ranked, verdict: Verdict, fail_on: Severity, *, offline: bool) -> ExitCode:
    counted = (Severity.ERROR,) if fail_on is Severity.ERROR else (Severity.ERROR, Severity.WARNING)
    if any(finding.severity in counted and finding.confidence in _CONFIDENT for finding in ranked.findings):
        return ExitCode.FINDINGS
    return ExitCode.UNDETERMINED if verdict == "unknown" and not offline else ExitCode.OK


def _summary(evidence: Evidence, diagnosis: Diagnosis, skipped: tuple[SkippedCheck, ...]) -> Summary:
    ranked = diagnosis.ranked
    gravest: dict[str, Severity] = {}
    for finding in ranked.findings:
        if finding.confidence in _CONFIDENT:
            gravest.setdefault(finding.code, finding.severity)
    counts = Counter(gravest.values())
    calls = [exchange for exchange in evidence.exchanges if exchange.kind is ProbeKind.CALL]
    answered = [read_answer(exchange) for exchange in calls if exchange.status is not None]
    noted = counts[Severity.ERROR] + counts[Severity.WARNING]
    unreached = sum(1 for check in skipped if check.code in diagnosis.checked and check.code not in gravest)
    return Summary(
        passed=max(0, len(diagnosis.checked) - noted - unreached),
        failed=counts[Severity.ERROR],
        warned=counts[Severity.WARNING],
        skipped=unreached,
        model_calls=sum(1 for answer in answered if answer.origin in (Origin.PORTKEY_ROUTED, Origin.PROVIDER)),
        tokens=sum(answer.said.tokens or 0 for answer in answered),
    )


def _skipped(evidence: Evidence, ranked: Ranked) -> tuple[SkippedCheck, ...]:
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
        return "the key is kept where only OpenClaw can read it"
    if evidence.scope.no_spend:
        return "no model call with --no-spend"
    return "out of time" if evidence.out_of_time else "no route to ask about"


def _environment(evidence: Evidence) -> EnvironmentReport:
    machine = evidence.machine
    return EnvironmentReport(
        machine.os, machine.arch, machine.python, machine.container, machine.proxy_set, machine.ca_sources
    )


def _openclaw(evidence: Evidence) -> OpenClawReport:
    seen = evidence.openclaw
    return OpenClawReport(seen.install.version, seen.install.executable, seen.config.path, seen.profile)


def _route(evidence: Evidence, ranked: Ranked, route: Route) -> RouteReport:
    credential = view.key_credential(route)
    facts = view.secret_of(evidence, credential.secret) if credential else None
    layer = route.external_key or (credential.layer if credential else "none")
    request = route.request
    to_portkey = view.goes_to_portkey(evidence, route)
    probed = to_portkey and route in probed_routes(evidence)
    return RouteReport(
        id=route.id,
        runtime=str(route.runtime),
        agent=route.agent,
        role=route.role,
        via_portkey=to_portkey,
        model_ref=route.ref.text,
        provider_id=route.ref.provider_id,
        api=route.api,
        request=RequestReport(request.method, request.url, request.model, dict(request.headers)) if request else None,
        key=KeyReport(layer, facts.fingerprint if facts else None),
        hops=tuple(
            HopReport(state.hop.value, state.status, state.ms, state.code, state.note)
            for state in (hop_states(evidence, ranked, route) if probed or to_portkey else ())
        ),
    )


def _probe(exchange: Exchange) -> ProbeReport:
    answer = read_answer(exchange)
    failed = exchange.status is not None and exchange.status >= 400
    return ProbeReport(
        id=exchange.probe_id,
        route_ids=exchange.route_ids,
        method=exchange.method,
        url=exchange.url,
        status=exchange.status,
        duration_ms=exchange.duration_ms,
        ttfb_ms=exchange.ttfb_ms,
        origin=answer.origin.value,
        gateway_error=GatewayError(answer.said.code, answer.said.type, answer.said.message) if failed else None,
        key_fingerprint=exchange.key_fingerprint,
        key_header=exchange.key_header,
        via_proxy=exchange.via_proxy is not None,
        trace_id=exchange.header.get("x-portkey-trace-id") or exchange.trace_id,
    )


def _finding(finding: Finding, ids: dict[Finding, str], ranked: Ranked) -> FindingReport:
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
    )
