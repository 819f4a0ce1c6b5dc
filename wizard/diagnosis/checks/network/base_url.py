"""Is the base URL one that can work, by its text alone or by the gateway's own 404?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from wizard.diagnosis import view
from wizard.diagnosis.base_url import BaseUrlFault, Fault, base_url_fault
from wizard.diagnosis.checks.registry import check, found
from wizard.diagnosis.checks.words import grouped, ids, proof, set_command
from wizard.diagnosis.model import Confidence, Evidence, Finding, Remedy, Where
from wizard.portkey import hosts
from wizard.portkey.answers import Meaning, read_answer
from wizard.portkey.exchange import Exchange, ProbeKind
from wizard.route.model import Api, Hop, Route


@check("PKC301")
def base_url_missing_v1(evidence: Evidence) -> Iterator[Finding]:
    """The base URL lacks /v1."""
    yield from _static(evidence, "PKC301")
    for exchange, routes in grouped(view.portkey_routes(evidence), lambda route: _not_found(evidence, route)):
        if exchange is None or routes[0].base_url is None:
            continue
        url = routes[0].base_url.value.rstrip("/")
        # Another version, or the right one in capitals, stands in the place of /v1.
        better = re.sub(r"/v\d+$", "", url, flags=re.IGNORECASE) + "/v1"
        yield found(
            "PKC301",
            f"The gateway does not know the path that OpenClaw builds from {url}; Portkey's paths start with /v1.",
            _remedy(evidence, routes[0], better),
            where=_where(evidence, routes[0]),
            failure_class="http_404_path",
            **proof(exchange, routes),
        )


@check("PKC302")
def base_url_extra_path(evidence: Evidence) -> Iterator[Finding]:
    """The base URL holds more path than it may."""
    yield from _static(evidence, "PKC302")
    for exchange, routes in grouped(view.portkey_routes(evidence), lambda route: _not_found_below_v1(evidence, route)):
        where = hosts.origin(exchange.url) if exchange is not None else None
        if exchange is None or where is None:
            continue
        yield found(
            "PKC302",
            f"The gateway does not know the path {urlsplit(exchange.url).path}; "
            "on a Portkey gateway /v1 follows the host.",
            _remedy(evidence, routes[0], f"{where}/v1"),
            where=_where(evidence, routes[0]),
            failure_class="http_404_path",
            **proof(exchange, routes),
        )


@check("PKC303")
def base_url_dashboard(evidence: Evidence) -> Iterator[Finding]:
    """The base URL is not the gateway's but another of Portkey's hosts."""
    yield from _static(evidence, "PKC303")


@check("PKC305")
def base_url_insecure(evidence: Evidence) -> Iterator[Finding]:
    """The base URL sends the key over plain http."""
    yield from _static(evidence, "PKC305")


@check("PKC306")
def base_url_lookalike(evidence: Evidence) -> Iterator[Finding]:
    """The base URL is nearly a Portkey host, and is none."""
    yield from _static(evidence, "PKC306")


@check("PKC307")
def base_url_invalid(evidence: Evidence) -> Iterator[Finding]:
    """The base URL is no URL."""
    yield from _static(evidence, "PKC307")


def _static(evidence: Evidence, code: Fault) -> Iterator[Finding]:
    for _, routes in grouped(view.portkey_routes(evidence), lambda route: _key(route, code)):
        fault = base_url_fault(routes[0])
        if fault is None or fault.code != code:
            continue
        yield _finding(evidence, fault, routes)


def _finding(evidence: Evidence, fault: BaseUrlFault, routes: tuple[Route, ...]) -> Finding:
    route = routes[0]
    text = route.base_url.value if route.base_url else ""
    return found(
        fault.code,
        f"baseUrl is {text}: {fault.reason}." if text else f"The entry has no baseUrl{_misspelt(evidence, route)}.",
        _remedy(evidence, route, fault.better),
        confidence=Confidence.CERTAIN,
        evidence=(f"OpenClaw would ask {route.request.url}",) if route.request else (),
        where=_where(evidence, route),
        route_ids=ids(routes),
        failure_class="base_url",
        settled_by=Hop.NETWORK,
    )


def _misspelt(evidence: Evidence, route: Route) -> str:
    """The setting that was probably meant for `baseUrl`, in words."""
    settings = evidence.openclaw.config.get(route.provider_path)
    names = settings if isinstance(settings, dict) else {}
    near = [name for name in names if name.lower().replace("_", "") in ("baseurl", "url", "base") and name != "baseUrl"]
    return f", only {near[0]}, which OpenClaw refuses" if near else ""


def _key(route: Route, code: Fault) -> tuple[str, str] | None:
    fault = base_url_fault(route)
    if fault is None or fault.code != code or route.base_url is None:
        return None
    return route.base_url.value, ".".join(map(str, route.base_url.path))


def _not_found(evidence: Evidence, route: Route) -> Exchange | None:
    """The gateway's own 404 on a path without `/v1`; hosted hosts are known without asking."""
    if route.api == Api.MESSAGES.value or _has_v1(route):
        return None
    return _own_404(evidence, route)


def _not_found_below_v1(evidence: Evidence, route: Route) -> Exchange | None:
    """The gateway's own 404 on a path with `/v1`: something else stands before it."""
    return _own_404(evidence, route) if _has_v1(route) else None


def _has_v1(route: Route) -> bool:
    return route.base_url is not None and re.search(r"/v1(?:/|$)", route.base_url.value) is not None


def _own_404(evidence: Evidence, route: Route) -> Exchange | None:
    if route.base_url is None:
        return None
    if base_url_fault(route) is not None or view.was_routed(evidence, route):
        return None
    exchanges = view.exchanges_of(evidence, route, ProbeKind.CALL, ProbeKind.CATALOGUE, ProbeKind.IDENTIFY)
    return next((each for each in exchanges if read_answer(each).meaning is Meaning.PATH_UNKNOWN), None)


def _remedy(evidence: Evidence, route: Route, better: str | None) -> Remedy:
    if better is None:
        return Remedy("Write the whole address of your gateway, such as https://api.portkey.ai/v1.")
    path = route.base_url.path if route.base_url else ()
    # A reference stands there: the variable is to be mended, not the config.
    if route.base_url is not None and route.base_url.references:
        names = ", ".join(reference.name for reference in route.base_url.references)
        return Remedy(f"Make {names} come to {better}.")
    return Remedy(f'Set baseUrl to "{better}".', set_command(evidence, path, better))


def _where(evidence: Evidence, route: Route) -> Where | None:
    return view.where(evidence, route.base_url.path) if route.base_url else None
