"""Is the base URL one that can work, by its text alone or by the gateway's own 404?"""

from __future__ import annotations

from collections.abc import Iterator

from wizard.diagnosis import view
from wizard.diagnosis.base_url import BaseUrlFault, Fault, base_url_fault
from wizard.diagnosis.checks.registry import check, found
from wizard.diagnosis.checks.words import grouped, ids, proof, set_command
from wizard.diagnosis.model import Confidence, Evidence, Finding, Remedy, Where
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
        yield found(
            "PKC301",
            f"The gateway does not know the path that OpenClaw builds from {url}; Portkey's paths start with /v1.",
            _remedy(evidence, routes[0], f"{url}/v1"),
            where=_where(evidence, routes[0]),
            failure_class="http_404_path",
            **proof(exchange, routes),
        )


@check("PKC302")
def base_url_extra_path(evidence: Evidence) -> Iterator[Finding]:
    """The base URL holds more path than it may."""
    yield from _static(evidence, "PKC302")


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
        f"baseUrl is {text}: {fault.reason}.",
        _remedy(evidence, route, fault.better),
        confidence=Confidence.CERTAIN,
        evidence=(f"OpenClaw would ask {route.request.url}",) if route.request else (),
        where=_where(evidence, route),
        route_ids=ids(routes),
        failure_class="base_url",
        settled_by=Hop.NETWORK,
    )


def _key(route: Route, code: Fault) -> tuple[str, str] | None:
    fault = base_url_fault(route)
    if fault is None or fault.code != code or route.base_url is None:
        return None
    return route.base_url.value, ".".join(map(str, route.base_url.path))


def _not_found(evidence: Evidence, route: Route) -> Exchange | None:
    """The gateway's own 404 on a path without `/v1`; hosted hosts are known without asking."""
    if route.api == Api.MESSAGES.value or route.base_url is None or "/v1" in route.base_url.value:
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
