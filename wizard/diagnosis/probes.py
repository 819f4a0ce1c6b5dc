"""Which questions the evidence still needs: a pure function, asked again after every round of answers.

The order of a route: who answers there without the key, then the key on the free model list, then one streamed model
call exactly as OpenClaw would send it. Nothing behind a broken cause is asked, and nothing twice.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from typing import Final

from wizard.base import limits
from wizard.diagnosis import view
from wizard.diagnosis.base_url import base_url_fault
from wizard.diagnosis.model import Evidence
from wizard.diagnosis.view import GatewayKind
from wizard.portkey import headers, hosts
from wizard.portkey.answers import Meaning, read_answer
from wizard.portkey.catalogue import PAGE_SIZE, parse_page
from wizard.portkey.exchange import Headers, NetworkFailure, Probe, ProbeKind
from wizard.portkey.hosts import HostKind
from wizard.route import wire
from wizard.route.model import Api, Route

# A key that cannot exist: it makes a gateway with accounts say so in its own words.
MADE_UP_KEY: Final = "portkey-claw-made-up-key"
# Some models refuse fewer; some think longer than that, and then refuse instead of ending.
_OUTPUT_TOKENS: Final = 16
_MORE_OUTPUT_TOKENS: Final = 512
_LIMIT_REACHED: Final = re.compile(
    r"(?i)max_(?:completion_|output_)?tokens.{0,60}(?:limit was reached|too (?:small|low)|at least|minimum|greater)"
)
_PROMPT: Final = "Reply with: ok"
_CATALOGUE_PAGES: Final = 50
_NO_KEY_NEEDED: Final = (GatewayKind.OPEN_SOURCE, GatewayKind.FOREIGN)


def next_probes(evidence: Evidence) -> tuple[Probe, ...]:
    """The questions that can be asked now, side by side; empty when nothing is left to ask."""
    if evidence.scope.offline:
        return ()
    made = {exchange.probe_id for exchange in evidence.exchanges}
    wanted: dict[str, Probe] = {}
    for route in _askable(evidence):
        for probe in _probes_of(evidence, route):
            if probe.id not in made:
                wanted.setdefault(probe.id, probe)
    return tuple(wanted.values())


def probed_routes(evidence: Evidence) -> tuple[Route, ...]:
    """The routes worth asking about: those to Portkey, or, where there is none, those to hosts nobody knows.

    A fallback is asked where no primary goes to Portkey: it is then the way that requests take there.
    """
    routes = [route for route in evidence.routes if evidence.scope.all_models or route.role == "primary"]
    signed = [route for route in routes if route.portkey_signs]
    signed = signed or [route for route in evidence.routes if route.portkey_signs][:1]
    return tuple(signed or [route for route in routes if view.host_kind(route) in (HostKind.OTHER, HostKind.LOOPBACK)])


def may_send_key(evidence: Evidence, route: Route) -> bool:
    """Whether the route's key may go to its base URL."""
    return route.base_url is not None and hosts.may_receive_key(route.base_url.value, evidence.scope.trusted_origins)


def _askable(evidence: Evidence) -> tuple[Route, ...]:
    """The probed routes whose base URL can be asked at all."""
    return tuple(
        route
        for route in probed_routes(evidence)
        if _api(route) is not None and route.base_url is not None and base_url_fault(route) is None
    )


def _probes_of(evidence: Evidence, route: Route) -> Iterator[Probe]:
    first = view.identified(evidence, route)
    if first is None:
        yield _identify(evidence, route, ProbeKind.IDENTIFY)
        return
    if first.status is None:
        return
    kind = view.gateway_kind(evidence, route)
    elsewhere = read_answer(first).meaning in (Meaning.PAGE, Meaning.REDIRECT)
    made_up = next(view.exchanges_of(evidence, route, ProbeKind.IDENTIFY_MADE_UP_KEY), None)
    foreign = view.kind_by_answer(first) is GatewayKind.FOREIGN
    if kind is GatewayKind.UNKNOWN and not elsewhere and not foreign and made_up is None:
        yield _identify(evidence, route, ProbeKind.IDENTIFY_MADE_UP_KEY)
        return
    if not route.portkey_signs and kind in (GatewayKind.FOREIGN, GatewayKind.UNKNOWN):
        return
    if not may_send_key(evidence, route):
        return
    if elsewhere or view.kind_by_answer(first) is GatewayKind.FOREIGN:
        # The list may be closed where the models are open: only the call itself can tell.
        yield from _with_call(evidence, route)
    else:
        yield from _with_key(evidence, route, kind)


def _with_key(evidence: Evidence, route: Route, kind: GatewayKind) -> Iterator[Probe]:
    if kind is not GatewayKind.OPEN_SOURCE and _has_usable_key(evidence, route):
        listed = view.catalogue_exchange(evidence, route)
        if listed is None:
            yield _catalogue(evidence, route, 0, 0)
            return
        # A list may take its time where single models do not.
        away = listed.status is None and listed.failure is not NetworkFailure.ANSWER_TIMEOUT
        if away or read_answer(listed).meaning in (Meaning.KEY_REJECTED, Meaning.KEY_EXPIRED):
            return
        yield from _next_page(evidence, route)
    yield from _with_call(evidence, route)


def _with_call(evidence: Evidence, route: Route) -> Iterator[Probe]:
    may_call = not evidence.scope.no_spend and route.request is not None and not view.is_open(route)
    if may_call and route.external_key is None and not _sends_a_reference(route):
        yield _call(evidence, route, _OUTPUT_TOKENS)
        made = view.call_answer(evidence, route)
        if made is not None and _LIMIT_REACHED.search(made.said.message):
            yield _call(evidence, route, _MORE_OUTPUT_TOKENS)


def _has_usable_key(evidence: Evidence, route: Route) -> bool:
    credential = view.key_credential(route)
    if credential is None or _sends_a_reference(route):
        return False
    return view.secret_of(evidence, credential.secret) is not None


def _bare_key(route: Route) -> str:
    """The key itself, which may be put together from several secrets, without a scheme that stands before it."""
    credential = view.key_credential(route)
    return re.sub(r"^\s*bearer\s+", "", credential.secret, flags=re.IGNORECASE) if credential is not None else ""


def _sends_a_reference(route: Route) -> bool:
    """Whether the header that carries the key would go out with `${…}` in it: its answer is known."""
    credential = view.key_credential(route)
    return credential is not None and credential.source is not None and bool(credential.source.unresolved)


def _identify(evidence: Evidence, route: Route, kind: ProbeKind) -> Probe:
    sent: Headers = (("accept", "application/json"),)
    # A user and password in the address are secrets too, and this question goes to hosts that nobody confirmed.
    url = re.sub(r"(?<=://)[^/?#]*@", "", _models_url(route))
    if kind is ProbeKind.IDENTIFY_MADE_UP_KEY:
        sent = (*sent, (headers.API_KEY, MADE_UP_KEY))
    return Probe(*_asked(evidence, kind, route), "GET", url, sent)


def _catalogue(evidence: Evidence, route: Route, number: int, offset: int) -> Probe:
    probe_id, kind, route_ids = _asked(evidence, ProbeKind.CATALOGUE, route)
    page = f"?limit={PAGE_SIZE}&offset={offset}"
    return Probe(
        id=probe_id + (f":page-{number + 1}" if number else ""),
        kind=kind,
        route_ids=route_ids,
        method="GET",
        url=_models_url(route) + page,
        headers=(
            (headers.API_KEY, _bare_key(route)),
            (headers.FETCH_CATALOGUE, "true"),
            ("accept", "application/json"),
        ),
        answer_limit=limits.CATALOGUE_BYTES,
    )


def _next_page(evidence: Evidence, route: Route) -> Iterator[Probe]:
    pages = [
        parse_page(exchange.body)
        for exchange in view.exchanges_of(evidence, route, ProbeKind.CATALOGUE)
        if exchange.status == 200
    ]
    good = [page for page in pages if page is not None]
    rows = sum(page.rows for page in good)
    total = max((page.total or 0 for page in good), default=0)
    if good and good[-1].rows and rows < total and len(good) < _CATALOGUE_PAGES:
        yield _catalogue(evidence, route, len(good), rows)


def _call(evidence: Evidence, route: Route, output_tokens: int) -> Probe:
    request = route.request
    api = _api(route)
    if request is None or api is None:
        raise ValueError("a route without a request cannot be called")
    sent = (*request.headers, ("accept", "application/json"))
    if api is Api.MESSAGES and request.header("anthropic-version") is None:
        sent = (*sent, ("anthropic-version", wire.ANTHROPIC_VERSION))
    if request.header(headers.TRACE_ID) is None:
        sent = (*sent, (headers.TRACE_ID, _trace_id(evidence, route)))
    body = json.dumps(_body(api, request.model, output_tokens), ensure_ascii=False)
    probe_id, kind, route_ids = _asked(evidence, ProbeKind.CALL, route)
    probe_id += "" if output_tokens == _OUTPUT_TOKENS else ":more-tokens"
    return Probe(probe_id, kind, route_ids, request.method, request.url, sent, body)


def _body(api: Api, model: str, output_tokens: int) -> dict[str, object]:
    """The smallest turn in the shape of OpenClaw's: streamed, a user's message, few output tokens."""
    asked = [{"role": "user", "content": _PROMPT}]
    if api is Api.MESSAGES:
        return {"model": model, "max_tokens": output_tokens, "messages": asked, "stream": True}
    if api is Api.RESPONSES:
        content = [{"role": "user", "content": [{"type": "input_text", "text": _PROMPT}]}]
        limit = {"max_output_tokens": output_tokens, "store": False}
        return {"model": model, "input": content, "stream": True, **limit}
    usage = {"stream_options": {"include_usage": True}}
    return {"model": model, "messages": asked, "stream": True, "max_completion_tokens": output_tokens, **usage}


def _trace_id(evidence: Evidence, route: Route) -> str:
    """A trace id of this run's own, so that its row can be found; the same when the evidence is read again."""
    digest = hashlib.sha256(f"{evidence.collected_at} {route.id}".encode("utf-8", "surrogatepass")).hexdigest()
    return f"portkey-claw-{digest[:12]}"


def _models_url(route: Route) -> str:
    api = _api(route)
    if api is None or route.base_url is None:
        raise ValueError("a route without a base URL cannot be asked")
    return wire.sibling_url(api, route.base_url.value)


def _api(route: Route) -> Api | None:
    return next((api for api in Api if api.value == route.api), None)


def _asked(evidence: Evidence, kind: ProbeKind, route: Route) -> tuple[str, ProbeKind, tuple[str, ...]]:
    """A question's id, its kind, and every route that it answers for, so that nothing is asked twice.

    The id is such as `models-with-key:portkey`; a number follows where one entry leads to different questions.
    """
    by_question: dict[str, list[Route]] = {}
    for each in _askable(evidence):
        by_question.setdefault(_question(kind, each), []).append(each)
    mine = by_question[_question(kind, route)]
    entry = mine[0].ref.provider_id
    same_entry = [routes for routes in by_question.values() if routes[0].ref.provider_id == entry]
    number = same_entry.index(mine)
    probe_id = f"{kind.value}:{entry}:{number + 1}" if number else f"{kind.value}:{entry}"
    return probe_id, kind, tuple(each.id for each in mine)


def _question(kind: ProbeKind, route: Route) -> str:
    """What tells one question from another: the URL, with the key the key too, for a call the whole request."""
    if kind is ProbeKind.CALL and route.request is not None:
        request = route.request
        return json.dumps([request.url, request.model, request.headers])
    credential = view.key_credential(route) if kind is ProbeKind.CATALOGUE else None
    return json.dumps([_models_url(route), credential.secret if credential else None])
