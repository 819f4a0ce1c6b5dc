"""Is the host that answers a Portkey gateway, and may it have the key?"""

from __future__ import annotations

from collections.abc import Iterator

from wizard.diagnosis import probes, view
from wizard.diagnosis.base_url import base_url_fault
from wizard.diagnosis.checks.registry import check, found
from wizard.diagnosis.checks.words import answered, grouped, ids, proof, seen, set_command, short
from wizard.diagnosis.model import Confidence, Evidence, Finding, Remedy, Severity, Where
from wizard.diagnosis.view import GatewayKind
from wizard.portkey import hosts
from wizard.portkey.answers import Meaning, read_answer
from wizard.portkey.exchange import Exchange
from wizard.portkey.hosts import HostKind
from wizard.route.model import Route


@check("PKC304")
def not_a_portkey_gateway(evidence: Evidence) -> Iterator[Finding]:
    """The host answers, but not as a Portkey gateway does."""
    for exchange, routes in grouped(view.portkey_routes(evidence), lambda route: _foreign(evidence, route)):
        if exchange is None:
            continue
        clear = view.gateway_kind(evidence, routes[0]) is GatewayKind.FOREIGN
        called = view.call(evidence, routes[0])
        where = hosts.origin(exchange.url)
        base_url = routes[0].base_url
        yield found(
            "PKC304",
            f"{where.host if where else exchange.url} is taken for Portkey ({routes[0].portkey_signs[0]}), but what "
            "answers there is something else.",
            Remedy("Set baseUrl to your Portkey gateway.", _hosted_command(evidence, routes[0])),
            confidence=Confidence.CERTAIN if clear or called is not None else Confidence.POSSIBLE,
            evidence=tuple(seen(each) for each in (exchange, called) if each is not None),
            where=view.where(evidence, base_url.path) if base_url else None,
            route_ids=ids(routes),
            probe_ids=(exchange.probe_id,),
            failure_class="not_portkey",
            basis="live",
        )


def _foreign(evidence: Evidence, route: Route) -> Exchange | None:
    """The answer that shows another program, or one that no Portkey gateway gives; none of the others is Portkey's."""
    first = view.identified(evidence, route)
    if first is None or first.status is None or not route.portkey_signs:
        return None
    # Behind the certificate of Portkey's own host stands nobody else.
    if view.host_kind(route) is HostKind.HOSTED and first.url.lower().startswith("https:"):
        return None
    answers = [read_answer(each) for each in view.exchanges_of(evidence, route, *view.ANY_KIND)]
    if any(answer.origin in view.PORTKEYS for answer in answers) or view.fails(first):
        return None
    meaning = read_answer(first).meaning
    return first if meaning in (Meaning.FOREIGN, Meaning.UNRECOGNISED, Meaning.MODEL_LIST) else None


def _hosted_command(evidence: Evidence, route: Route) -> tuple[str, ...]:
    if route.base_url is None or route.base_url.references:
        return ()
    return set_command(evidence, route.base_url.path, hosts.DEFAULT_BASE_URL)


@check("PKC317")
def page_instead_of_api(evidence: Evidence) -> Iterator[Finding]:
    """A web page comes back where the gateway should answer."""
    for exchange, routes in answered(evidence, Meaning.PAGE):
        if view.fails(exchange):
            continue
        title = read_answer(exchange).said.message
        called = f" titled “{short(title, 80)}”" if title else ""
        yield found(
            "PKC317",
            f"An HTML page{called} comes back: a sign-in page of the network, a block page of a firewall, or a "
            "web server instead of the gateway.",
            Remedy("Open the base URL in a browser on this machine and see whose page it is."),
            where=_base_url_place(evidence, routes[0]),
            failure_class="bad_json",
            **proof(exchange, routes),
        )


@check("PKC318")
def gateway_error(evidence: Evidence) -> Iterator[Finding]:
    """The gateway itself fails."""
    for exchange, routes in answered(
        evidence, Meaning.GATEWAY_FAILED, Meaning.PAGE, Meaning.FOREIGN, Meaning.UNRECOGNISED
    ):
        if read_answer(exchange).meaning is not Meaning.GATEWAY_FAILED and not view.fails(exchange):
            continue
        yield found(
            "PKC318",
            f"The gateway answers with an error of its own: HTTP {exchange.status}.",
            Remedy("Look at https://status.portkey.ai, or, where the gateway is your own, into its log."),
            where=_base_url_place(evidence, routes[0]),
            failure_class="http_5xx",
            **proof(exchange, routes),
        )


@check("PKC320")
def host_not_trusted(evidence: Evidence) -> Iterator[Finding]:
    """The key was held back from a host that nobody confirmed."""
    if evidence.scope.offline:
        return
    routes = [route for route in probes.probed_routes(evidence) if _held_back(evidence, route)]
    for origin, members in grouped(
        routes, lambda route: hosts.origin(route.base_url.value) if route.base_url else None
    ):
        if origin is None:
            continue
        yield found(
            "PKC320",
            f"{origin} is not one of Portkey's own hosts, so it was asked without the key and what lies behind it is "
            "unknown.",
            Remedy(
                "If this is your company's gateway, confirm it.",
                (f"portkey-claw doctor --trust-host {origin.host}",),
            ),
            severity=Severity.INFO,
            where=_base_url_place(evidence, members[0]),
            route_ids=ids(members),
            failure_class="key_withheld",
            basis="live",
        )


def _held_back(evidence: Evidence, route: Route) -> bool:
    first = view.identified(evidence, route)
    return (
        first is not None
        and first.status is not None
        and base_url_fault(route) is None
        and not probes.may_send_key(evidence, route)
        and view.goes_to_portkey(evidence, route)
        and read_answer(first).meaning not in (Meaning.PAGE, Meaning.REDIRECT)
        and view.gateway_kind(evidence, route) is not GatewayKind.FOREIGN
    )


@check("PKC323")
def base_url_redirects(evidence: Evidence) -> Iterator[Finding]:
    """The base URL sends requests elsewhere."""
    for exchange, routes in answered(evidence, Meaning.REDIRECT):
        target = exchange.header.get("location", "")
        yield found(
            "PKC323",
            f"The host answers {exchange.status} and points to {short(target, 120) or 'nowhere'}. It was not "
            "followed, and the key was not sent there.",
            Remedy("Set baseUrl to the address that answers by itself; a redirect may lose the key or the request."),
            where=_base_url_place(evidence, routes[0]),
            failure_class="redirect",
            **proof(exchange, routes),
        )


def _base_url_place(evidence: Evidence, route: Route) -> Where | None:
    return view.where(evidence, route.base_url.path) if route.base_url else None
