"""Can the host be reached, in OpenClaw's view of names, proxies and trust?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from wizard.diagnosis import view
from wizard.diagnosis.checks.registry import check, found
from wizard.diagnosis.checks.words import grouped, ids, seen
from wizard.diagnosis.model import Confidence, Evidence, Finding, Remedy
from wizard.openclaw.seen import LayerName
from wizard.portkey import hosts
from wizard.portkey.exchange import Exchange, NetworkFailure, ProbeKind
from wizard.portkey.hosts import HostKind
from wizard.route.model import Route

_TLS_INVALID: Final = {
    NetworkFailure.TLS_EXPIRED: "its certificate has expired",
    NetworkFailure.TLS_NOT_YET_VALID: "its certificate is not valid yet, or this machine's clock is behind",
    NetworkFailure.TLS_HOSTNAME: "its certificate is for another name",
    NetworkFailure.TLS_OTHER: "it does not speak TLS on this port as it should",
}


@check("PKC311")
def dns_failed(evidence: Evidence) -> Iterator[Finding]:
    """The gateway's name does not resolve."""
    for exchange, routes, host in _failed(evidence, NetworkFailure.DNS):
        yield _unreached(
            evidence,
            "PKC311",
            (exchange, routes),
            f"The name {host.rpartition(':')[0]} does not resolve on this machine.",
            "Look at the name for a slip; if it is right, look at this machine's DNS, VPN or network.",
            "dns",
        )


@check("PKC312")
def connection_refused(evidence: Evidence) -> Iterator[Finding]:
    """Nothing answers at the gateway's address."""
    kinds = (NetworkFailure.REFUSED, NetworkFailure.UNREACHABLE, NetworkFailure.RESET, NetworkFailure.NOT_HTTP)
    for exchange, routes, host in _failed(evidence, *kinds):
        local = hosts.kind(host.rpartition(":")[0] or host) is HostKind.LOOPBACK
        advice = "Start the gateway, or mend the port." if local else "Look at the address and at firewalls on the way."
        yield _unreached(
            evidence,
            "PKC312",
            (exchange, routes),
            f"No gateway answers at {host}: {exchange.failure_detail}.",
            advice,
            "tcp_refused" if exchange.failure is NetworkFailure.REFUSED else "connection_reset",
        )


@check("PKC313")
def connection_timeout(evidence: Evidence) -> Iterator[Finding]:
    """The gateway does not answer in time."""
    for exchange, routes, host in _failed(evidence, NetworkFailure.CONNECT_TIMEOUT, NetworkFailure.ANSWER_TIMEOUT):
        connected = exchange.failure is NetworkFailure.ANSWER_TIMEOUT
        # The gateway itself answered before; a model may be slow, and OpenClaw waits longer than we do.
        slow_model = connected and exchange.kind in (ProbeKind.CALL, ProbeKind.CATALOGUE)
        what = "took the connection and said nothing" if connected else "did not take the connection"
        yield _unreached(
            evidence,
            "PKC313",
            (exchange, routes),
            f"{host} {what} for {max(1, round(exchange.duration_ms / 1000))} s.",
            "Look at firewalls, VPN and proxy on the way, and whether the gateway itself is well.",
            "timeout",
            Confidence.POSSIBLE if slow_model else Confidence.CERTAIN,
        )


@check("PKC314")
def tls_untrusted(evidence: Evidence) -> Iterator[Finding]:
    """OpenClaw does not trust the gateway's certificate."""
    for exchange, routes, host in _failed(evidence, NetworkFailure.TLS_UNTRUSTED):
        yield _unreached(
            evidence,
            "PKC314",
            (exchange, routes),
            f"OpenClaw trusts Mozilla's list of authorities and the file that NODE_EXTRA_CA_CERTS names. The "
            f"certificate of {host} is from neither: {exchange.failure_detail}.",
            "Set NODE_EXTRA_CA_CERTS, for OpenClaw's own environment, to a PEM file with your company's authority. "
            "SSL_CERT_FILE has no effect.",
            "tls_chain",
            Confidence.POSSIBLE if _trusts_more(evidence) else Confidence.CERTAIN,
        )


@check("PKC315")
def tls_invalid(evidence: Evidence) -> Iterator[Finding]:
    """The gateway's certificate is not valid."""
    for exchange, routes, host in _failed(evidence, *_TLS_INVALID):
        reason = _TLS_INVALID[exchange.failure] if exchange.failure is not None else ""
        if "WRONG_VERSION" in exchange.failure_detail or "HTTP_REQUEST" in exchange.failure_detail:
            yield _plain_port(evidence, exchange, routes, host)
            continue
        hostname = exchange.failure is NetworkFailure.TLS_HOSTNAME
        yield _unreached(
            evidence,
            "PKC315",
            (exchange, routes),
            f"No safe connection to {host}: {reason} ({exchange.failure_detail}).",
            "Write the name that the certificate is for, or have the gateway's certificate renewed."
            if hostname
            else "Have the gateway's certificate renewed, and look at this machine's clock.",
            "tls_hostname" if hostname else "tls_invalid",
            Confidence.POSSIBLE if _trusts_anything(evidence) else Confidence.CERTAIN,
        )


def _trusts_more(evidence: Evidence) -> bool:
    """Whether Node is told to take the system's authorities too, which we do not know."""
    return _trusts_anything(evidence) or _process_variable(evidence, "NODE_USE_SYSTEM_CA") == "1"


def _trusts_anything(evidence: Evidence) -> bool:
    return _process_variable(evidence, "NODE_TLS_REJECT_UNAUTHORIZED") == "0"


def _process_variable(evidence: Evidence, name: str) -> str | None:
    """A variable of the process itself; Node reads its own switches from nowhere else."""
    layers = (layer for runtime in evidence.openclaw.runtimes for layer in runtime.layers)
    found = (layer.variables.get(name) for layer in layers if layer.name is LayerName.PROCESS)
    return next((variable.value for variable in found if variable is not None), None)


def _plain_port(evidence: Evidence, exchange: Exchange, routes: tuple[Route, ...], host: str) -> Finding:
    """What listens there answers without TLS: the scheme or the port is wrong, no certificate."""
    return _unreached(
        evidence,
        "PKC315",
        (exchange, routes),
        f"{host} does not speak TLS: either baseUrl is to start with http://, or it names the wrong port.",
        "Write http:// for a gateway of your own that has no certificate, or the port on which it speaks https.",
        "tls_invalid",
    )


@check("PKC316")
def proxy_failed(evidence: Evidence) -> Iterator[Finding]:
    """The proxy on the way fails."""
    for exchange, routes, host in _failed(evidence, NetworkFailure.PROXY):
        yield _unreached(
            evidence,
            "PKC316",
            (exchange, routes),
            f"The proxy {exchange.via_proxy} does not pass the request on to {host}: {exchange.failure_detail}.",
            "Mend HTTPS_PROXY, or name the gateway's host in NO_PROXY if it is to be reached directly.",
            "proxy",
        )


def _failed(evidence: Evidence, *kinds: NetworkFailure) -> Iterator[tuple[Exchange, tuple[Route, ...], str]]:
    """The first exchange of each host that got no answer for one of these reasons, with its routes."""
    for exchange, routes in grouped(view.portkey_routes(evidence), lambda route: _failure(evidence, route)):
        if exchange is None or exchange.failure not in kinds:
            continue
        where = hosts.origin(exchange.url)
        yield exchange, routes, f"{where.host}:{where.port}" if where else exchange.url


def _failure(evidence: Evidence, route: Route) -> Exchange | None:
    """The route's failed exchange, unless the model call got through after all."""
    if view.was_routed(evidence, route):
        return None
    exchanges = view.exchanges_of(evidence, route, *view.ANY_KIND)
    return next((each for each in exchanges if each.status is None and each.failure is not None), None)


def _unreached(
    evidence: Evidence,
    code: str,
    failed: tuple[Exchange, tuple[Route, ...]],
    message: str,
    advice: str,
    failure_class: str,
    confidence: Confidence = Confidence.CERTAIN,
) -> Finding:
    exchange, routes = failed
    base_url = routes[0].base_url
    return found(
        code,
        message,
        Remedy(advice),
        confidence=confidence,
        evidence=(seen(exchange),),
        where=view.where(evidence, base_url.path) if base_url else None,
        route_ids=ids(routes),
        probe_ids=(exchange.probe_id,),
        failure_class=failure_class,
        basis="live",
    )
