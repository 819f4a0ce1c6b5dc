"""Evidence and its diagnosis to a report."""

from __future__ import annotations

from wizard import __version__
from wizard.base.errors import ExitCode
from wizard.diagnosis import view
from wizard.diagnosis.diagnose import Diagnosis
from wizard.diagnosis.hops import hop_states
from wizard.diagnosis.model import Confidence, Evidence, Finding, Severity
from wizard.diagnosis.probes import probed_routes
from wizard.diagnosis.ranking import Ranked, on_primary, primary_route
from wizard.portkey.answers import Origin, read_answer
from wizard.portkey.exchange import Exchange
from wizard.report.coverage import SECRET_EXEC, keyring_silence, passed_checks, skipped_checks, summary_of
from wizard.report.finding_report import finding_report
from wizard.report.model import (
    EnvironmentReport,
    GatewayError,
    HopReport,
    KeyReport,
    Mode,
    OpenClawReport,
    ProbeReport,
    Report,
    RequestReport,
    RouteReport,
    Tool,
    Verdict,
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
    skipped = skipped_checks(evidence, ranked)
    return Report(
        schema_version=SCHEMA_VERSION,
        tool=Tool("portkey-claw", __version__),
        generated_at=evidence.collected_at,
        duration_ms=duration_ms,
        exit_code=int(_exit_code(ranked, verdict, fail_on, offline=evidence.scope.offline)),
        mode=mode,
        verdict=verdict,
        root_cause=ranked.root.code if ranked.root else None,
        summary=summary_of(evidence, diagnosis, skipped),
        environment=_environment(evidence),
        openclaw=_openclaw(evidence),
        routes=routes,
        probes=tuple(_probe(exchange) for exchange in evidence.exchanges),
        findings=tuple(finding_report(evidence, finding, ids, ranked) for finding in ranked.findings),
        skipped=skipped,
        passed=passed_checks(diagnosis, skipped),
        fail_on="error" if fail_on is Severity.ERROR else "warning",
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
        # The keyring is on this machine: what it refuses here is refused to OpenClaw too.
        return primary.external_key == SECRET_EXEC and keyring_silence(evidence) is not None
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
