"""The report in plain mode, for screen readers and logs: one fact a line, `name: fact`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from wizard.report import verdict
from wizard.report.details import installation, probe_lines, request_head, request_lines
from wizard.report.model import CodeFrame, FindingReport, Report, WhereReport
from wizard.report.stations import owner, stations
from wizard.terminal.console import Console
from wizard.terminal.route_picture import plain_facts
from wizard.terminal.safe import safe_block


def print_plain(report: Report, frames: Mapping[str, CodeFrame], console: Console, *, verbose: bool) -> None:
    """Print the report, a fact a line; see `render_human` for the arguments."""
    for fact in _facts(report, frames, verbose=verbose):
        console.line(fact)


def _facts(report: Report, frames: Mapping[str, CodeFrame], *, verbose: bool) -> Iterator[str]:
    yield f"verdict: {report.verdict}. {verdict.headline(report)}"
    if context := verdict.context(report):
        yield f"mode: {report.mode}. {context}"
    for route in report.routes:
        outside = "" if route.via_portkey else ", not through Portkey"
        yield f"route: {owner(report, route)}, {route.model_ref}{outside}"
        yield from plain_facts(stations(report, route)) if route.via_portkey else ()
    for repair in report.repairs:
        yield f"repair: {repair.code}, {repair.status}"
        yield from (f"change: {change}" for change in repair.changes)
    main = verdict.main_finding(report)
    for finding in verdict.independent(report):
        yield from _finding(report, finding, frames.get(finding.id) if finding is main else None)
    if verbose or report.verdict == "unknown":
        yield from (f"not checked: {check.code}, {check.reason}" for check in report.skipped)
    if verbose:
        yield from _details(report)
    yield from _closing(report)


def _finding(report: Report, finding: FindingReport, frame: CodeFrame | None) -> Iterator[str]:
    yield f"{finding.severity}: {finding.code} {finding.slug}, {finding.confidence}: {finding.title}"
    if finding.where:
        yield f"where: {_place(finding.where)}"
    yield from (f"what: {paragraph}" for paragraph in safe_block(finding.message).split("\n"))
    if frame and 0 <= frame.line - frame.first_line < len(frame.lines):
        yield f"line {frame.line}: {frame.lines[frame.line - frame.first_line].strip()}"
    yield from (f"seen: {fact}" for fact in finding.evidence)
    if finding.fix.available:
        yield "mend: portkey-claw doctor --fix" + (f", {finding.fix.summary}" if finding.fix.summary else "")
    if finding.remedy.text:
        yield f"mend: {finding.remedy.text}"
    yield from (f"command: {command}" for command in finding.remedy.commands)
    for other in verdict.consequences(report, finding):
        yield f"also seen because of this: {other.code} {other.slug}"
    yield f"more: portkey-claw explain {finding.code}"


def _place(where: WhereReport) -> str:
    words = [where.file]
    if where.line is not None:
        words.append(f"line {where.line}")
    if where.column is not None:
        words.append(f"column {where.column}")
    if where.path:
        words.append(where.path)
    return ", ".join(words)


def _details(report: Report) -> Iterator[str]:
    yield f"looked at: {installation(report)}"
    for route in report.routes:
        yield f"sent: {request_head(report, route)}"
        yield from (f"sent: {line.strip()}" for line in request_lines(route))
    for probe in report.probes:
        yield f"asked: {', '.join(line.strip() for line in probe_lines(probe))}"


def _closing(report: Report) -> Iterator[str]:
    proof = verdict.proof(report)
    if proof:
        page, trace = proof
        yield f"trace id: {trace}"
        if page:
            yield f"logs page: {page}"
    if shown := verdict.shown_in_openclaw(report):
        yield f"shown: {shown}"
    if step := verdict.next_step(report):
        yield f"next: {step}"
    yield f"count: {', '.join(verdict.counts(report))}"
