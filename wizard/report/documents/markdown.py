"""The report as Markdown, to paste into an issue or a chat: the verdict, the route, one cause, the details folded."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from typing import Final

from wizard.report import verdict
from wizard.report.details import installation, probe_lines, request_head, request_lines
from wizard.report.documents.excerpt import excerpt
from wizard.report.documents.markdown_text import code, fenced, paragraphs, prose
from wizard.report.human import place_of
from wizard.report.model import CodeFrame, FindingReport, Report
from wizard.report.stations import owner, stations, trouble, worst
from wizard.terminal.console import Console
from wizard.terminal.route_picture import picture_lines

# As wide as issues show code without a scroll bar.
_WIDTH: Final = 100
_MARKS: Final = {"healthy": "✓", "degraded": "!", "broken": "✗", "unknown": "?"}
_REPAIRS: Final = {
    "repaired": "mended",
    "still-there": "still there after the change",
    "rolled-back": "taken back, it did not help",
    "refused": "not changed",
}


def render(report: Report, frames: Mapping[str, CodeFrame]) -> str:
    """The report as one Markdown text without headings above the second level."""
    lines = [
        *_head(report),
        *_routes(report),
        *_repairs(report),
        *_findings(report, frames),
        *_closing(report),
        *_details(report),
    ]
    return "\n".join(lines).rstrip() + "\n"


def _head(report: Report) -> Iterator[str]:
    yield f"## {_MARKS[report.verdict]} {prose(verdict.headline(report))}"
    yield ""
    if context := verdict.context(report):
        yield prose(context)
        yield ""


def _routes(report: Report) -> Iterator[str]:
    console = Console(io.StringIO(), width=_WIDTH)
    first = verdict.main_route(report)
    if first is not None and first.hops:
        yield f"**{prose(owner(report, first))}** {code(first.model_ref)}"
        yield ""
        picture = [
            "".join(span.text for span in line)
            for line in picture_lines(stations(report, first), console, width=_WIDTH)
        ]
        yield from fenced([line.rstrip() for line in picture])
        yield ""
    others = [route for route in report.routes if route is not first or not route.hops]
    for route in others:
        state = worst(route)
        remark = {"ok": "works", "unknown": "not determined", "skipped": "not asked"}.get(state, state)
        found = trouble(report, route, state)
        outside = None if route.via_portkey else "not through Portkey"
        facts = prose(", ".join(filter(None, [outside or remark, found])))
        yield f"- {prose(owner(report, route))} {code(route.model_ref)}: {facts}"
    if others:
        yield ""


def _repairs(report: Report) -> Iterator[str]:
    for repair in report.repairs:
        yield f"- {repair.code} {_REPAIRS[repair.status]}"
        yield from (f"  - {prose(change)}" for change in repair.changes)
    if report.repairs:
        yield ""


def _findings(report: Report, frames: Mapping[str, CodeFrame]) -> Iterator[str]:
    main = verdict.main_finding(report)
    rest = [finding for finding in verdict.independent(report) if finding is not main]
    errors = [finding for finding in rest if finding.severity == "error" and finding.confidence != "possible"]
    for finding in ([main] if main else []) + errors:
        yield from _in_full(report, finding, frames.get(finding.id))
    remarks = [finding for finding in rest if finding not in errors]
    if remarks:
        yield "### Also"
        yield ""
    for finding in sorted(remarks, key=lambda finding: finding.severity == "info"):
        doubt = "" if finding.confidence == "certain" else f"{finding.confidence}: "
        advice = f" {prose(finding.remedy.text)}" if finding.severity != "info" and finding.remedy.text else ""
        yield f"- {finding.code} {finding.severity}, {doubt}{prose(finding.title.rstrip(' .'))}.{advice}"
    if remarks:
        yield ""


def _in_full(report: Report, finding: FindingReport, frame: CodeFrame | None) -> Iterator[str]:
    yield f"### {finding.code} {prose(finding.slug)}"
    yield ""
    place = place_of(finding.where)
    yield f"{finding.severity}, {finding.confidence}" + (f", {code(place)}" if place else "")
    yield ""
    yield paragraphs(finding.message)
    yield ""
    if frame is not None:
        yield from fenced(_frame(frame), "json5")
        yield ""
    if finding.evidence:
        yield "Seen:"
        yield ""
        yield from (f"- {code(fact)}" for fact in finding.evidence)
        yield ""
    yield f"**What to do:** {prose(finding.remedy.text) or 'see the page of the finding.'}"
    yield ""
    if finding.fix.available:
        yield f"`portkey-claw doctor --fix` {prose(finding.fix.summary or '')}".rstrip()
        yield ""
    if finding.remedy.commands:
        yield from fenced(finding.remedy.commands, "sh")
        yield ""
    yield f"More: `portkey-claw explain {finding.code}`"
    if folded := verdict.consequences(report, finding):
        yield ""
        yield prose(f"Also seen because of this: {', '.join(f'{other.code} {other.slug}' for other in folded)}.")
    yield ""


def _frame(whole: CodeFrame) -> list[str]:
    """The lines with a mark in the margin: an underline would end up under other letters in another font."""
    frame = excerpt(whole)
    numbers = range(frame.first_line, frame.first_line + len(frame.lines))
    gutter = len(str(numbers[-1])) if numbers else 1
    return [
        f"{'>' if number == frame.line else ' '} {number:>{gutter}} | {line}"
        for number, line in zip(numbers, frame.lines, strict=True)
    ]


def _closing(report: Report) -> Iterator[str]:
    if shown := verdict.shown_in_openclaw(report):
        yield prose(shown)
        yield ""
    if proof := verdict.proof(report):
        page, trace = proof
        yield f"Trace id {code(trace)}" + (f", logs {code(page)}" if page else "")
        yield ""
    if step := verdict.next_step(report):
        yield prose(step)
        yield ""


def _details(report: Report) -> Iterator[str]:
    lines = [installation(report), " · ".join(verdict.counts(report))]
    for route in report.routes:
        lines += ["", request_head(report, route), *request_lines(route)]
    for probe in report.probes:
        lines += ["", *probe_lines(probe)]
    if report.skipped:
        lines += ["", "not checked", *(f"  {reason}: {', '.join(codes)}" for reason, codes in report.unchecked.items())]
    if report.suppressed:
        lines += ["", "suppressed", *(f"  {item.code} {item.fingerprint} {item.reason}" for item in report.suppressed)]
    yield "<details>"
    yield "<summary>Environment, what was sent, asked and not checked</summary>"
    yield ""
    yield from fenced(lines)
    yield ""
    yield "</details>"
