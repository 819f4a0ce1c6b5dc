"""A route of the report as the terminal draws it."""

from __future__ import annotations

from typing import Final

from wizard.report.model import Report, RouteReport
from wizard.terminal.route_picture import Station

_LABELS: Final = {"openclaw": "OpenClaw", "gateway": "Portkey"}
_RUNTIMES: Final = {"cli": "this shell", "service": "background service"}


def stations(report: Report, route: RouteReport) -> tuple[Station, ...]:
    """The hops of a route, with the provider and the model under their own names."""
    slugs = {finding.code: finding.slug for finding in report.findings}
    provider, model = _sent_to(route)
    labels = {**_LABELS, "provider": provider, "model": model}
    return tuple(
        Station(
            name=hop.hop,
            label=labels.get(hop.hop) or hop.hop,
            status=hop.status,
            code=hop.code,
            slug=slugs.get(hop.code) if hop.code else None,
            note=hop.note or (f"{hop.ms} ms" if hop.ms is not None else None),
        )
        for hop in route.hops
    )


def owner(report: Report, route: RouteReport) -> str:
    """Whose route it is, such as `main` or `main, fallback, background service`."""
    runtimes = {other.runtime for other in report.routes}
    words = [route.agent]
    if route.role != "primary":
        words.append(route.role)
    if len(runtimes) > 1 and route.runtime in _RUNTIMES:
        words.append(_RUNTIMES[route.runtime])
    return ", ".join(words)


def trouble(report: Report, route: RouteReport, status: str) -> str | None:
    """The code and slug at the route's first hop of this status, or None."""
    code = next((hop.code for hop in route.hops if hop.status == status and hop.code), None)
    slug = next((finding.slug for finding in report.findings if finding.code == code), None)
    return f"{code} {slug}" if code and slug else code


def worst(route: RouteReport) -> str:
    """How the route fares as a whole: its worst hop; `skipped` where the gateway itself was not looked at."""
    statuses = {hop.status for hop in route.hops}
    for status in ("failed", "unknown", "warned"):
        if status in statuses:
            return status
    asked = any(hop.hop == "gateway" and hop.status == "ok" for hop in route.hops)
    return "ok" if asked else "skipped"


def _sent_to(route: RouteReport) -> tuple[str | None, str | None]:
    """The provider's slug and the model, from the model string on the wire or, without one, the model ref."""
    text = route.request.model if route.request else route.model_ref
    if not route.request and route.provider_id:
        text = text.removeprefix(f"{route.provider_id}/")
    if text.startswith("@"):
        slug, _, model = text.partition("/")
        return slug, model or None
    return None, text or None
