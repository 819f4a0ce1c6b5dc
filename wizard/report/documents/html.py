"""The report as one page to keep or to send: no script, nothing loaded from anywhere, readable on paper."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator, Mapping
from importlib.resources import files
from typing import Final

from wizard.report import verdict
from wizard.report.details import installation, probe_lines, request_head, request_lines
from wizard.report.documents.html_parts import block, bullets, facts, frame, icon, paragraphs, prose, route, text
from wizard.report.human import place_of
from wizard.report.model import CodeFrame, FindingReport, Report
from wizard.report.stations import owner, stations, trouble, worst
from wizard.terminal.words import joined

_MARKS: Final = {"healthy": "ok", "degraded": "warned", "broken": "failed", "unknown": "unknown"}
_WORDS: Final = {"ok": "works", "failed": "failed", "warned": "needs care", "unknown": "not determined"}
_SEVERITIES: Final = {"error": "failed", "warning": "warned", "info": "skipped"}
_REPAIRS: Final = {
    "repaired": "mended",
    "still-there": "still there after the change",
    "rolled-back": "taken back, it did not help",
    "refused": "not changed",
}


def render(report: Report, frames: Mapping[str, CodeFrame]) -> str:
    """The report as an HTML document."""
    style = files("wizard.report.documents").joinpath("page.css").read_text("utf-8")
    lines = [
        "<!DOCTYPE html>",
        '<html lang="en">',
        "<head>",
        '<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{_policy(style)}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        '<meta name="color-scheme" content="light dark">',
        '<meta name="referrer" content="no-referrer">',
        '<meta name="robots" content="noindex">',
        f"<title>{text(f'{report.verdict}: {verdict.headline(report)}')}</title>",
        f"<style>{style}</style>",
        "</head>",
        "<body>",
        *_head(report),
        "<main>",
        *_routes(report),
        *_repairs(report),
        *_findings(report, frames),
        *_appendix(report),
        "</main>",
        *_foot(report),
        "</body>",
        "</html>",
    ]
    return "\n".join(lines) + "\n"


def _policy(style: str) -> str:
    """Nothing may be loaded or run; of styles only the page's own, known by its hash."""
    digest = base64.b64encode(hashlib.sha256(style.encode("utf-8")).digest()).decode("ascii")
    return f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


def _head(report: Report) -> Iterator[str]:
    status = _MARKS[report.verdict]
    yield f'<header class="{status}">'
    yield f'<p class="verdict">{icon(status)}<span>{text(report.verdict.capitalize())}</span></p>'
    yield f"<h1>{prose(verdict.headline(report))}</h1>"
    if context := verdict.context(report):
        yield f"<p>{text(context)}</p>"
    if report.mode != "bundle" and (step := verdict.next_step(report)):
        yield f'<p class="next">{prose(step)}</p>'
    if proof := verdict.proof(report):
        page, trace = proof
        where = f', in <a href="{text(page)}">{text(page)}</a>' if page else ""
        yield f"<p>Trace id <code>{text(trace)}</code>{where}</p>"
    yield "</header>"


def _routes(report: Report) -> Iterator[str]:
    first = verdict.main_route(report)
    drawn = [item for item in report.routes if item.via_portkey and item.hops]
    drawn.sort(key=lambda item: item is not first)
    plain = [item for item in report.routes if item not in drawn]
    if not report.routes:
        return
    yield '<section aria-labelledby="routes">'
    yield f'<h2 id="routes">{"Route" if len(report.routes) == 1 else "Routes"}</h2>'
    for item in drawn:
        label = f"Route of {owner(report, item)}"
        yield f"<h3>{text(owner(report, item))} <code>{text(item.model_ref)}</code></h3>"
        yield route(label, stations(report, item))
    rows = []
    for item in plain:
        state = worst(item)
        remark = _WORDS.get(state, "not asked") if item.via_portkey else "not through Portkey"
        said = ", ".join(filter(None, [remark, trouble(report, item, state)]))
        rows.append(f"{text(owner(report, item))} <code>{text(item.model_ref)}</code> {text(said)}")
    yield bullets(rows, kind="quiet")
    yield "</section>"


def _repairs(report: Report) -> Iterator[str]:
    if not report.repairs:
        return
    yield '<section aria-labelledby="repairs">'
    yield '<h2 id="repairs">Changes</h2>'
    yield bullets(
        f"{text(repair.code)} {text(_REPAIRS[repair.status])}{bullets(map(prose, repair.changes))}"
        for repair in report.repairs
    )
    yield "</section>"


def _findings(report: Report, frames: Mapping[str, CodeFrame]) -> Iterator[str]:
    main = verdict.main_finding(report)
    rest = [finding for finding in verdict.independent(report) if finding is not main]
    errors = [finding for finding in rest if finding.severity == "error" and finding.confidence != "possible"]
    full = ([main] if main else []) + errors
    if full:
        yield '<section aria-labelledby="findings">'
        yield f'<h2 id="findings">{"What is wrong" if main and main.severity != "info" else "What was found"}</h2>'
        for finding in full:
            yield from _in_full(report, finding, frames.get(finding.id), main=finding is main)
        yield "</section>"
    remarks = sorted((finding for finding in rest if finding not in errors), key=lambda item: item.severity == "info")
    if remarks:
        yield '<section aria-labelledby="also">'
        yield '<h2 id="also">Also</h2>'
        yield bullets(map(_remark, remarks), kind="remarks")
        yield "</section>"


def _in_full(report: Report, finding: FindingReport, code: CodeFrame | None, *, main: bool) -> Iterator[str]:
    sure = "" if finding.confidence == "certain" else f", {finding.confidence}"
    yield f'<article class="{_SEVERITIES[finding.severity]}">'
    yield f'<h3><span class="code">{text(finding.code)}</span> {text(finding.slug)}</h3>'
    place = place_of(finding.where)
    yield f'<p class="place">{text(finding.severity + sure)}{f" <code>{text(place)}</code>" if place else ""}</p>'
    yield paragraphs(finding.message)
    if code is not None:
        yield frame(code)
    if finding.evidence:
        yield "<h4>Seen</h4>"
        yield bullets((text(fact) for fact in finding.evidence), kind="evidence")
    yield "<h4>What to do</h4>"
    if finding.fix.available:
        yield block(["portkey-claw doctor --fix"])
        yield f"<p>{prose(finding.fix.summary or '')}</p>"
    if finding.remedy.text:
        yield paragraphs(finding.remedy.text)
    if finding.remedy.commands:
        yield block(finding.remedy.commands)
    if main and (shown := verdict.shown_in_openclaw(report)):
        yield f'<p class="shown">{text(shown)}</p>'
    if folded := verdict.consequences(report, finding):
        names = joined([f"{other.code} {other.slug}" for other in folded])
        yield f'<p class="quiet">Also seen because of this: {text(names)}.</p>'
    yield f'<p class="quiet">More: <code>portkey-claw explain {text(finding.code)}</code></p>'
    yield "</article>"


def _remark(finding: FindingReport) -> str:
    doubt = "" if finding.confidence == "certain" else f", {finding.confidence}"
    advice = f" {prose(finding.remedy.text)}" if finding.severity != "info" else ""
    status = "unknown" if finding.confidence == "possible" else _SEVERITIES[finding.severity]
    return (
        f'<span class="{status}">{icon(status)}<span class="code">{text(finding.code)}</span></span> '
        f"{text(finding.severity + doubt)}: {prose(finding.title.rstrip(' .'))}.{advice}"
    )


def _appendix(report: Report) -> Iterator[str]:
    yield '<section class="appendix" aria-labelledby="details">'
    yield '<h2 id="details">Details</h2>'
    yield "<h3>Looked at</h3>"
    yield f"<p>{text(installation(report))}</p>"
    sent = [(request_head(report, item), request_lines(item)) for item in report.routes]
    if sent:
        yield "<h3>Sent</h3>"
        yield block("\n".join([head, *lines]) + "\n" for head, lines in sent)
    if report.probes:
        yield "<h3>Asked</h3>"
        yield block(line for probe in report.probes for line in probe_lines(probe))
    if report.skipped:
        yield "<h3>Not checked</h3>"
        yield facts((reason, ", ".join(codes)) for reason, codes in report.unchecked.items())
    if report.suppressed:
        yield "<h3>Suppressed</h3>"
        yield facts((item.code, item.reason) for item in report.suppressed)
    yield "</section>"


def _foot(report: Report) -> Iterator[str]:
    yield "<footer>"
    yield f"<p>{text(' · '.join(verdict.counts(report)))}</p>"
    yield f"<p>{text(f'{report.tool.name} {report.tool.version}, {report.generated_at}')}</p>"
    yield "</footer>"
