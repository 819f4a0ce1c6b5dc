"""A report in sentences: its verdict, what to do next, and what the run came to."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from wizard.portkey import hosts
from wizard.report.model import FindingReport, HopStatus, ProbeReport, Report, RouteReport
from wizard.terminal.words import plural, seconds

# Portkey's or the provider's own answer proves that the request arrived; limits and policies (6xx) refuse what
# has arrived, whatever hop they are counted to.
_ARRIVED_ORIGINS: Final = ("portkey", "portkey-routed", "provider")
_HOPS_BEHIND_GATEWAY: Final = ("provider", "model", "log")
_LIMIT_CODES: Final = "PKC6"
# What most often leaves a verdict open: time used up, key held back, another host, a crashed check.
_UNDETERMINED_CODES: Final = ("PKC902", "PKC320", "PKC703", "PKC901")
_WEIGHTY: Final = ("error", "warning")


def main_route(report: Report) -> RouteReport | None:
    """The route that the verdict is shown on: the one the main finding stops, else the first through Portkey."""
    finding = main_finding(report)
    touched = finding.route_ids if finding else ()
    for routes in (
        (route for route in report.routes if route.id in touched),
        (route for route in report.routes if route.via_portkey),
    ):
        if (route := next(routes, None)) is not None:
            return route
    return next(iter(report.routes), None)


def main_finding(report: Report) -> FindingReport | None:
    """The finding that the verdict rests on: the root cause, else the first that explains the verdict."""
    if report.verdict == "healthy":
        return None
    if report.root_finding:
        return report.root_finding
    if report.verdict == "unknown" and (finding := _undetermined(report)):
        return finding
    weighty = (finding for finding in independent(report) if finding.severity in _WEIGHTY)
    return next((finding for finding in weighty if finding.confidence != "possible"), None)


def independent(report: Report) -> tuple[FindingReport, ...]:
    """The findings that are no consequence of another one in the report, in its order."""
    known = {finding.id for finding in report.findings}
    return tuple(finding for finding in report.findings if finding.caused_by not in known)


def consequences(report: Report, cause: FindingReport) -> tuple[FindingReport, ...]:
    """The findings that would go with this one, directly or through another, in the report's order."""
    reached = {cause.id}
    grown = True
    while grown:
        more = {finding.id for finding in report.findings if finding.caused_by in reached} - reached
        reached |= more
        grown = bool(more)
    return tuple(finding for finding in report.findings if finding.id in reached - {cause.id})


def headline(report: Report) -> str:
    """The verdict in one sentence."""
    finding = main_finding(report)
    title = finding.title.rstrip(" .") if finding else ""
    if report.verdict == "healthy":
        default = _passed_by(report)
        beside = f"; the default model {default.model_ref} does not" if default else ""
        return f"{_claim(report)}{_limits_of_claim(report)}{beside}."
    if report.verdict == "degraded":
        return f"{_claim(report)}, but {title or 'something needs care'}."
    if report.verdict == "unknown":
        return _sentence("Whether OpenClaw's requests reach Portkey could not be determined", title)
    if finding and _arrives(report, finding):
        return f"Requests reach Portkey, but {title}."
    return _sentence("Requests from OpenClaw cannot reach Portkey", title)


def context(report: Report) -> str | None:
    """What a reader must know of how the report was made, or None where it was asked live."""
    return {
        "offline": "Offline: nothing was asked over the network.",
        "bundle": "From a bundle: nothing was asked over the network now.",
        "bundle-live": "From a bundle, and asked again from this machine.",
    }.get(report.mode)


def next_step(report: Report) -> str | None:
    """What to do now, or None where nothing is left to do."""
    finding = main_finding(report)
    if report.verdict == "healthy":
        offline = report.mode == "offline"
        return "Run portkey-claw doctor without --offline to see whether requests arrive." if offline else None
    if finding is None:
        return "Run portkey-claw doctor --verbose to see what was asked and what was not checked."
    if report.mode in ("bundle", "bundle-live"):
        return f"Mend {finding.code} on the machine that the bundle is from."
    if report.verdict == "unknown":
        return f"Settle {finding.code}, then run portkey-claw doctor again."
    errors = [other for other in independent(report) if other.severity == "error" and other.confidence != "possible"]
    first = " first" if len(errors) > 1 else ""
    return f"Mend {finding.code}{first}, then run portkey-claw doctor again."


def shown_in_openclaw(report: Report) -> str | None:
    """What the user will have seen of the main finding in OpenClaw itself, in one sentence, or None."""
    finding = main_finding(report)
    if finding is None or finding.shown is None:
        return None
    own_words = report.openclaw.version == finding.shown.version
    name = "OpenClaw" if own_words else f"OpenClaw {finding.shown.version}"
    route = main_route(report)
    spare = route is not None and any(
        other.role == "fallback" and other.agent == route.agent for other in report.routes if other is not route
    )
    unless = ", unless a fallback answers in its place" if spare and route and route.role == "primary" else ""
    return f"In {name} this shows as “{finding.shown.text.rstrip('.')}”{unless}."


def proof(report: Report) -> tuple[str | None, str] | None:
    """The logs page (None where the gateway has none) and the trace id of the last call that was routed."""
    if report.mode == "bundle":
        return None
    for probe in reversed(report.probes):
        if probe.trace_id and probe.origin == "portkey-routed" and probe.status and probe.status < 400:
            where = hosts.origin(probe.url)
            hosted = where is not None and hosts.kind(where.host) is hosts.HostKind.HOSTED
            return f"{hosts.DASHBOARD}/logs" if hosted else None, probe.trace_id
    return None


def counts(report: Report) -> tuple[str, ...]:
    """What was found, what was checked, how long it took and what it spent, such as `1 error`."""
    alone = [finding for finding in independent(report) if finding.confidence != "possible"]
    summary = report.summary
    checked = f"{plural(summary.passed, 'check')} passed"
    checked += f", {summary.skipped} not reached" if summary.skipped else ""
    found = [
        plural(number, noun)
        for severity, noun in (("error", "error"), ("warning", "warning"), ("info", "note"))
        if (number := sum(finding.severity == severity for finding in alone))
    ]
    possible = sum(finding.confidence == "possible" for finding in independent(report))
    found += [f"{possible} possible"] if possible else []
    suppressed = [f"{summary.suppressed} suppressed"] if summary.suppressed else []
    spent = [plural(summary.model_calls, "model call") + f", {plural(summary.tokens, 'token')}"]
    return (*found, checked, *suppressed, seconds(report.duration_ms), *(spent if summary.model_calls else ()))


def _undetermined(report: Report) -> FindingReport | None:
    by_code = {finding.code: finding for finding in reversed(report.findings)}
    open_hops = (hop.code for route in report.routes for hop in route.hops if hop.status == "unknown")
    codes: Iterable[str | None] = (*open_hops, *_UNDETERMINED_CODES)
    return next((by_code[code] for code in codes if code in by_code), None)


def _arrives(report: Report, finding: FindingReport) -> bool:
    if finding.hop in _HOPS_BEHIND_GATEWAY:
        return True
    probes: list[ProbeReport] = [probe for probe in report.probes if probe.id in finding.probe_ids]
    return finding.code.startswith(_LIMIT_CODES) and any(probe.origin in _ARRIVED_ORIGINS for probe in probes)


def _claim(report: Report) -> str:
    subject = _subject(report)
    if _hop_status(report, "model") in ("ok", "warned"):
        return f"{subject} go through Portkey"
    if _hop_status(report, "gateway") in ("ok", "warned"):
        return f"{subject} reach Portkey"
    return f"The configuration leads {subject.replace('Requests', 'requests', 1)} to Portkey"


def _subject(report: Report) -> str:
    """Whose requests the verdict speaks of: everybody's only where the default model is one of them."""
    route = main_route(report)
    if route is None or _passed_by(report) is None:
        return "OpenClaw's requests"
    if route.role == "fallback":
        return f"Requests of the fallback {route.model_ref}"
    return f"Requests of agent {route.agent}"


def _passed_by(report: Report) -> RouteReport | None:
    """The default's own route where it leaves Portkey aside while the verdict is about another one, else None."""
    default = next(iter(report.routes), None)
    return default if default is not None and not default.via_portkey and default != main_route(report) else None


def _limits_of_claim(report: Report) -> str:
    if _hop_status(report, "model") in ("ok", "warned"):
        return ""
    if not report.probes and report.mode != "offline":
        return "; nothing was asked over the network"
    return "; no model was called" if report.probes and not report.summary.model_calls else ""


def _hop_status(report: Report, name: str) -> HopStatus | None:
    route = main_route(report)
    return next((hop.status for hop in route.hops if hop.hop == name), None) if route else None


def _sentence(start: str, title: str) -> str:
    return f"{start}: {title}." if title else f"{start}."
