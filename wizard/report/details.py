"""What `--verbose` adds for people: the installation, what is sent, what was asked, what was not checked."""

from __future__ import annotations

from typing import Final

from wizard.report.model import ProbeReport, Report, RouteReport
from wizard.report.stations import owner
from wizard.terminal.console import Console, Span, Tone
from wizard.terminal.words import milliseconds

_ORIGINS: Final = {
    "portkey": "Portkey's own",
    "portkey-routed": "routed by Portkey",
    "provider": "the provider's",
    "not-portkey": "not Portkey's",
}


def print_details(report: Report, console: Console) -> None:
    """Print the sections below the findings."""
    _section(console, "Looked at", [installation(report)])
    _section(
        console,
        "Sent",
        [line for route in report.routes for line in (request_head(report, route), *request_lines(route))],
    )
    _section(console, "Asked", [fact for probe in report.probes for fact in probe_lines(probe)])
    _section(console, "Not checked", [f"{check.code}  {check.reason}" for check in report.skipped])


def installation(report: Report) -> str:
    """OpenClaw, its config and the machine in one line."""
    seen = report.openclaw
    machine = report.environment
    version = f"OpenClaw {seen.version}" if seen.version else "OpenClaw of an unknown version"
    system = f"{machine.os} {machine.arch}, Python {machine.python}"
    return ", ".join([version, seen.config_path, system, f"{report.tool.name} {report.tool.version}"])


def request_head(report: Report, route: RouteReport) -> str:
    """Whose request it is and where it goes."""
    if route.request is None:
        return f"{owner(report, route)}: no request"
    return f"{owner(report, route)}: {route.request.method} {route.request.url}"


def request_lines(route: RouteReport) -> list[str]:
    """The model, the key's layer and the headers of a route's request, two spaces before each."""
    key = ", ".join(filter(None, [route.key.layer, route.key.fingerprint]))
    if route.request is None:
        return [f"  key {key}"]
    headers = [f"  {name}: {value}" for name, value in route.request.headers.items()]
    return [f"  model {route.request.model}", f"  key {key}", *headers]


def probe_lines(probe: ProbeReport) -> list[str]:
    """One question and its answer; a second line for what the answer says, where it says something."""
    answer = str(probe.status) if probe.status is not None else "no answer"
    origin = _ORIGINS.get(probe.origin)
    proxy = "through a proxy" if probe.via_proxy else None
    facts = ", ".join(filter(None, [answer, origin, milliseconds(probe.duration_ms), proxy]))
    lines = [f"{probe.method} {probe.url} → {facts}"]
    if probe.key_header:
        lines.append(f"  key {probe.key_fingerprint} as {probe.key_header}")
    if error := probe.gateway_error:
        code = f"code {error.code}: " if error.code else ""
        lines.append(f"  {code}{error.message}")
    return lines


def _section(console: Console, title: str, lines: list[str]) -> None:
    if not lines:
        return
    console.line(Span(title, Tone.STRONG), indent=2)
    for line in lines:
        text = line.lstrip(" ")
        console.line(Span(text, Tone.DIM), indent=4 + len(line) - len(text))
    console.blank()
