"""The report for people: the verdict first, the route, one cause in full, the rest in short."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import astuple, dataclass
from typing import Final

from wizard.report import verdict
from wizard.report.details import print_details
from wizard.report.model import CodeFrame, FindingReport, Report, RouteReport, WhereReport
from wizard.report.plain import print_plain
from wizard.report.stations import owner, stations, trouble, worst
from wizard.terminal.cells import padded, width_of
from wizard.terminal.console import Console, Span, Tone
from wizard.terminal.frames import frame_lines
from wizard.terminal.route_picture import picture_lines
from wizard.terminal.safe import safe_block
from wizard.terminal.words import joined

_INDENT: Final = 2
_BODY: Final = 10
_LABEL: Final = 8
# Below this width the body of a finding starts at the left, so that sentences keep a readable length.
_ROOMY: Final = 72
_REASONS: Final = 4
_REPAIRS: Final = {
    "repaired": "mended",
    "still-there": "still there after the change",
    "rolled-back": "taken back, it did not help",
    "refused": "not changed",
}


@dataclass(frozen=True, slots=True)
class _Screen:
    """One report on its way to one console."""

    report: Report
    frames: Mapping[str, CodeFrame]
    console: Console
    verbose: bool

    @property
    def body(self) -> int:
        """The column in which the text of a finding starts."""
        return _BODY if self.console.width >= _ROOMY else _INDENT


def render_human(report: Report, *, frames: Mapping[str, CodeFrame], console: Console, verbose: bool = False) -> None:
    """Print the report.

    Args:
        report: what was found.
        frames: code frames by finding id; a finding without one is shown without.
        console: where to print; decides between the screen and plain mode.
        verbose: also what was sent, what was asked and what was not checked.
    """
    if console.plain:
        print_plain(report, frames, console, verbose=verbose)
        return
    screen = _Screen(report, frames, console, verbose)
    _headline(screen)
    _routes(screen)
    _repairs(screen)
    _findings(screen)
    if report.verdict == "unknown":
        _not_determined(screen)
    if verbose:
        print_details(report, console)
    _closing(screen)


def _headline(screen: _Screen) -> None:
    console, glyphs = screen.console, screen.console.glyphs
    glyph, tone = {
        "healthy": (glyphs.good, Tone.GOOD),
        "degraded": (glyphs.care, Tone.CARE),
        "broken": (glyphs.broken, Tone.BROKEN),
        "unknown": (glyphs.unknown, Tone.CARE),
    }[screen.report.verdict]
    text = Span(verdict.headline(screen.report), Tone.STRONG)
    console.line(text, label=(Span(f"{glyph} ", tone),))
    if context := verdict.context(screen.report):
        console.line(Span(context, Tone.DIM), indent=_INDENT)
    console.blank()


def _routes(screen: _Screen) -> None:
    report, console = screen.report, screen.console
    first = verdict.main_route(report)
    drawn = [route for route in report.routes if route is first or (screen.verbose and route.via_portkey)]
    shown = [route for route in drawn if route.hops]
    for route in shown:
        console.line(route.model_ref, indent=_INDENT, label=(Span(owner(report, route), Tone.STRONG), Span("  ")))
        console.blank()
        for line in picture_lines(stations(report, route), console, width=console.width - _INDENT):
            console.row(*line, indent=_INDENT)
        console.blank()
    others = [route for route in report.routes if route not in shown]
    widest = max((width_of(console.clean(owner(report, route))) for route in others), default=0)
    for route in others:
        _route_in_short(screen, route, widest)
    if others:
        console.blank()


def _route_in_short(screen: _Screen, route: RouteReport, widest: int) -> None:
    report, console, glyphs = screen.report, screen.console, screen.console.glyphs
    state = worst(route)
    glyph, tone = {
        "ok": (glyphs.good, Tone.GOOD),
        "failed": (glyphs.broken, Tone.BROKEN),
        "warned": (glyphs.care, Tone.CARE),
        "unknown": (glyphs.unknown, Tone.CARE),
    }.get(state, (glyphs.idle, Tone.DIM))
    code = trouble(report, route, state)
    idle = {"unknown": "not determined", "skipped": "not asked, --all-models asks"}
    remark = code or idle.get(state, "")
    if not route.via_portkey:
        remark = ", ".join(filter(None, ["not through Portkey", code]))
    who = padded(console.clean(owner(report, route)), widest)
    console.line(
        route.model_ref,
        Span(f"  {remark}" if remark else "", tone if code else Tone.DIM),
        indent=_INDENT,
        label=(_mark(screen, glyph, tone), Span(f"{who}  ")),
    )


def _repairs(screen: _Screen) -> None:
    console, glyphs = screen.console, screen.console.glyphs
    for repair in screen.report.repairs:
        done = repair.status == "repaired"
        glyph, tone = (glyphs.good, Tone.GOOD) if done else (glyphs.care, Tone.CARE)
        words = f"{repair.code} {_REPAIRS[repair.status]}"
        console.line(words, indent=_INDENT, label=(_mark(screen, glyph, tone),))
        for change in repair.changes:
            console.line(change, indent=_INDENT, label=(_mark(screen, "", Tone.PLAIN),))
    if screen.report.repairs:
        console.blank()


def _findings(screen: _Screen) -> None:
    main = verdict.main_finding(screen.report)
    rest = [finding for finding in verdict.independent(screen.report) if finding is not main]
    if main:
        _in_full(screen, main)
    errors = [finding for finding in rest if finding.severity == "error" and finding.confidence != "possible"]
    remarks = [finding for finding in rest if finding not in errors]
    for finding in errors:
        (_in_full if screen.verbose else _in_short)(screen, finding)
    for finding in sorted(remarks, key=lambda finding: finding.severity == "info"):
        _remark(screen, finding)
    if remarks:
        screen.console.blank()


def _in_full(screen: _Screen, finding: FindingReport) -> None:
    console, body = screen.console, screen.body
    _title_line(screen, finding)
    for paragraph in safe_block(finding.message).split("\n"):
        console.line(paragraph, indent=body)
    console.blank()
    frame = screen.frames.get(finding.id)
    if frame:
        for line in frame_lines(frame, console, width=console.width - body):
            console.row(*line, indent=body)
        console.blank()
    for number, fact in enumerate(finding.evidence):
        _labelled(screen, "Seen" if number == 0 else "", fact)
    if finding.evidence:
        console.blank()
    _mend(screen, finding)
    _labelled(screen, "More", f"portkey-claw explain {finding.code}")
    if folded := verdict.consequences(screen.report, finding):
        names = joined([f"{other.code} {other.slug}" for other in folded])
        console.line(Span(f"Also seen because of this: {names}.", Tone.DIM), indent=body)
    console.blank()


def _in_short(screen: _Screen, finding: FindingReport) -> None:
    console = screen.console
    _title_line(screen, finding)
    title = _clause(finding.title)
    console.line(title[:1].upper() + title[1:], indent=screen.body)
    _labelled(screen, "Mend", finding.remedy.text)
    console.blank()


def _remark(screen: _Screen, finding: FindingReport) -> None:
    glyphs = screen.console.glyphs
    care = finding.severity != "info"
    glyph, tone = (glyphs.care, Tone.CARE) if care else (glyphs.idle, Tone.DIM)
    doubt = "" if finding.confidence == "certain" else f"{finding.confidence}: "
    screen.console.line(
        Span(doubt, Tone.DIM),
        _clause(finding.title),
        f" {finding.remedy.text}" if care else "",
        indent=_INDENT,
        label=(_mark(screen, glyph, tone), Span(f"{finding.code}  ", tone)),
    )


def _title_line(screen: _Screen, finding: FindingReport) -> None:
    """Code and slug at the left, the place at the right where both fit on one line."""
    console = screen.console
    tone = Tone.BROKEN if finding.severity == "error" else Tone.CARE
    doubt = "" if finding.confidence == "certain" else f"  {finding.confidence}"
    label = (Span(f"{finding.code}  ", tone), Span(finding.slug), Span(doubt, Tone.DIM))
    place = place_of(finding.where)
    used = _INDENT + sum(width_of(console.clean(span.text)) for span in label)
    gap = console.width - used - width_of(console.clean(place))
    if not place:
        console.line(*label, indent=_INDENT)
    elif gap >= 2:
        console.row(*label, " " * gap, Span(place, Tone.DIM), indent=_INDENT)
    else:
        console.line(*label, indent=_INDENT)
        console.line(Span(place, Tone.DIM), indent=screen.body)


def _mend(screen: _Screen, finding: FindingReport) -> None:
    column = screen.body + _LABEL
    label = "Mend"
    if finding.fix.available:
        _labelled(screen, label, "portkey-claw doctor --fix", finding.fix.summary or "")
        label = "or"
    if finding.remedy.text:
        _labelled(screen, label, finding.remedy.text)
    screen.console.copyable(*finding.remedy.commands, indent=column)


def _labelled(screen: _Screen, label: str, text: str, remark: str = "") -> None:
    parts = [text, Span(f"      {remark}", Tone.DIM)] if remark else [text]
    screen.console.line(*parts, indent=screen.body, label=(Span(padded(label, _LABEL), Tone.DIM),))


def _not_determined(screen: _Screen) -> None:
    console, report = screen.console, screen.report
    route = verdict.main_route(report)
    labels = [s.label for s in stations(report, route) if s.status == "unknown"] if route else []
    if labels:
        console.line(f"Not determined: {joined(labels)}.", indent=_INDENT)
    reasons = list(dict.fromkeys(check.reason for check in report.skipped))
    for reason in reasons[:_REASONS]:
        console.line(_clause(reason), indent=_INDENT, label=(_mark(screen, console.glyphs.idle, Tone.DIM),))
    if labels or reasons:
        console.blank()


def _closing(screen: _Screen) -> None:
    console = screen.console
    if shown := verdict.shown_in_openclaw(screen.report):
        console.line(shown, indent=_INDENT)
        console.blank()
    step = verdict.next_step(screen.report)
    proof = verdict.proof(screen.report) if screen.report.verdict == "healthy" else None
    if proof:
        page, trace = proof
        step = f"{page} — filter by trace id {trace}" if page else f"Trace id {trace}"
    if step:
        console.line(step, indent=_INDENT)
        console.blank()
    console.line(Span(" · ".join(verdict.counts(screen.report)), Tone.DIM))


def place_of(where: WhereReport | None) -> str:
    """A place as editors open it, `file:line:column`; without a line the config path beside the file."""
    if where is None:
        return ""
    if where.line is None:
        return f"{where.file}  {where.path}" if where.path else where.file
    return f"{where.file}:{where.line}" + (f":{where.column}" if where.column is not None else "")


def _mark(screen: _Screen, glyph: str, tone: Tone) -> Span:
    """A glyph as wide as the widest one, so that what follows stands in one column."""
    widest = max(width_of(other) for other in astuple(screen.console.glyphs))
    return Span(padded(glyph, widest + 1), tone)


def _clause(text: str) -> str:
    # It keeps its first letter: it may be a name, and names are not capitalised.
    return f"{text.rstrip(' .')}."
