"""How far each route works, hop by hop."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from wizard.diagnosis import view
from wizard.diagnosis.model import Confidence, Evidence, Finding, Severity
from wizard.diagnosis.probes import probed_routes
from wizard.diagnosis.ranking import Ranked
from wizard.diagnosis.view import GatewayKind
from wizard.portkey import headers
from wizard.portkey.answers import Origin, read_answer
from wizard.portkey.exchange import Exchange
from wizard.route.model import Hop, Route

Status = Literal["ok", "failed", "warned", "skipped", "unknown"]


@dataclass(frozen=True, slots=True)
class HopState:
    """One hop of a route: its status, the time it took, the code that names its trouble, and a few words."""

    hop: Hop
    status: Status
    ms: int | None = None
    code: str | None = None
    note: str | None = None


def hop_states(evidence: Evidence, ranked: Ranked, route: Route) -> tuple[HopState, ...]:
    """The hops of a route; those behind a failed one, and those that nobody was asked about, are skipped."""
    states: list[HopState] = []
    unasked = not evidence.scope.offline and route not in probed_routes(evidence)
    broken = unasked
    for hop in Hop:
        finding = _finding_at(ranked, route, hop)
        if finding is not None and finding.severity is Severity.ERROR and finding.confidence is not Confidence.POSSIBLE:
            states.append(HopState(hop, "failed", code=finding.code))
            broken = True
            continue
        state = _seen(evidence, route, hop)
        if state.status == "unknown" and broken:
            state = HopState(hop, "skipped")
        elif finding is not None and finding.severity is Severity.WARNING:
            state = HopState(hop, "warned", state.ms, finding.code, state.note)
        states.append(state)
    return tuple(states)


def _finding_at(ranked: Ranked, route: Route, hop: Hop) -> Finding | None:
    """The gravest finding at a hop that is no mere consequence; then the gravest consequence."""
    here = [
        finding
        for finding in ranked.findings
        if finding.hop is hop
        and finding.severity is not Severity.INFO
        and (route.id in finding.route_ids or not finding.route_ids)
    ]
    independent = [finding for finding in here if finding not in ranked.causes]
    return next(iter((*independent, *here)), None)


def _seen(evidence: Evidence, route: Route, hop: Hop) -> HopState:
    if hop is Hop.OPENCLAW:
        return HopState(hop, "ok")
    if hop is Hop.KEY:
        return _key(evidence, route)
    if hop is Hop.NETWORK:
        return _network(evidence, route)
    if hop is Hop.GATEWAY:
        return _gateway(evidence, route)
    if hop is Hop.LOG:
        return _log(evidence, route)
    return _provider_or_model(evidence, route, hop)


def _key(evidence: Evidence, route: Route) -> HopState:
    credential = view.key_credential(route)
    note = credential.layer if credential is not None and credential.layer != "none" else None
    accepted = view.key_accepted(evidence, route)
    return HopState(Hop.KEY, "ok" if accepted else "unknown", note=note)


def _network(evidence: Evidence, route: Route) -> HopState:
    answered = [each for each in view.exchanges_of(evidence, route, *view.ANY_KIND) if each.status is not None]
    if not answered:
        return HopState(Hop.NETWORK, "unknown")
    fastest = min(answered, key=lambda exchange: exchange.ttfb_ms or exchange.duration_ms)
    ms = fastest.ttfb_ms if fastest.ttfb_ms is not None else fastest.duration_ms
    return HopState(Hop.NETWORK, "ok", ms, note=f"{ms} ms")


def _gateway(evidence: Evidence, route: Route) -> HopState:
    """The gateway is good once it has taken the key and said what to do with a request, or what is wrong behind it."""
    answer = view.call_answer(evidence, route)
    judged = answer is not None and answer.origin is Origin.PORTKEY and view.key_accepted(evidence, route)
    return HopState(Hop.GATEWAY, "ok" if judged or view.was_routed(evidence, route) else "unknown")


def _provider_or_model(evidence: Evidence, route: Route, hop: Hop) -> HopState:
    exchange = view.call(evidence, route)
    if exchange is None or not view.was_routed(evidence, route):
        return HopState(hop, "unknown")
    if view.works(evidence, route):
        return HopState(hop, "ok", exchange.duration_ms, note=_reply(exchange) if hop is Hop.MODEL else None)
    # Routed and failed: which of the two it was is said by a finding; the other is not known.
    return HopState(hop, "unknown")


def _reply(exchange: Exchange) -> str:
    text = " ".join(read_answer(exchange).said.text.split())[:24]
    return f"“{text}”, {exchange.duration_ms} ms" if text else f"{exchange.duration_ms} ms"


def _log(evidence: Evidence, route: Route) -> HopState:
    """A request that a gateway with accounts has routed is put into its log; an open-source one has none."""
    exchange = view.call(evidence, route)
    if exchange is None or not view.was_routed(evidence, route):
        return HopState(Hop.LOG, "unknown")
    if view.gateway_kind(evidence, route) is GatewayKind.OPEN_SOURCE:
        return HopState(Hop.LOG, "skipped", note="no log on an open-source gateway")
    trace = exchange.header.get(headers.TRACE_ID) or exchange.trace_id or ""
    return HopState(Hop.LOG, "ok", note=f"trace {trace}" if trace else None)
