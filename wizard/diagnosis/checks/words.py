"""The sentences that several checks share: what was seen, and how people write things down."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator
from typing import Any, TypeVar

from wizard.diagnosis import view
from wizard.diagnosis.model import Evidence
from wizard.json5doc.paths import format_path
from wizard.openclaw.seen import ConfigPath
from wizard.portkey.answers import Answer, Meaning, Origin, read_answer
from wizard.portkey.exchange import Exchange, ProbeKind
from wizard.route.model import Credential, Route

K = TypeVar("K", bound=Hashable)

_WHOSE = {
    Origin.PORTKEY: "Portkey's own",
    Origin.PORTKEY_ROUTED: "Portkey's, after routing",
    Origin.PROVIDER: "the provider's, behind Portkey",
    Origin.NOT_PORTKEY: "not Portkey's",
}
_AS = {
    ProbeKind.IDENTIFY: "without a key",
    ProbeKind.IDENTIFY_MADE_UP_KEY: "with a made-up key",
    ProbeKind.CATALOGUE: "with the key as x-portkey-api-key",
    ProbeKind.CALL: "as OpenClaw would send it",
}


def seen(exchange: Exchange) -> str:
    """One line of evidence: what was asked, how, and what came."""
    asked = f"{exchange.method} {exchange.url.partition('?')[0]} {_AS[exchange.kind]}"
    if exchange.status is None:
        return f"{asked} → no answer: {exchange.failure_detail or exchange.failure}"
    answer = read_answer(exchange)
    parts = [str(exchange.status), _WHOSE.get(answer.origin, "")]
    if answer.said.code:
        parts.append(f"code {answer.said.code}")
    line = f"{asked} → {', '.join(part for part in parts if part)}"
    return f"{line}: “{short(answer.said.message)}”" if answer.said.message and exchange.status >= 300 else line


def proof(exchange: Exchange, routes: Iterable[Route]) -> dict[str, Any]:
    """The parts of a finding that rests on one answer."""
    return {
        "evidence": (seen(exchange),),
        "route_ids": ids(routes),
        "probe_ids": (exchange.probe_id,),
        "basis": "live",
    }


def short(text: str, limit: int = 200) -> str:
    """A text on one line, cut where it is long."""
    line = " ".join(text.split())
    return line if len(line) <= limit else line[: limit - 1] + "…"


def grouped(routes: Iterable[Route], by: Callable[[Route], K]) -> Iterator[tuple[K, tuple[Route, ...]]]:
    """Routes that share a cause, so that one cause is one finding."""
    groups: dict[K, list[Route]] = {}
    for route in routes:
        groups.setdefault(by(route), []).append(route)
    for key, members in groups.items():
        yield key, tuple(members)


def answered(evidence: Evidence, *meanings: Meaning) -> Iterator[tuple[Exchange, tuple[Route, ...]]]:
    """The exchanges that say this of a route that did not get through otherwise, with the routes they speak for."""
    for exchange, routes in grouped(view.portkey_routes(evidence), lambda route: _saying(evidence, route, meanings)):
        if exchange is not None:
            yield exchange, routes


def _saying(evidence: Evidence, route: Route, meanings: tuple[Meaning, ...]) -> Exchange | None:
    called = view.call(evidence, route)
    if called is not None and read_answer(called).meaning in meanings:
        return called
    # Lists may be closed, or away for a moment, where the models are open: Portkey's word on the call itself decides.
    if called is not None and read_answer(called).origin in view.PORTKEYS:
        return None
    exchanges = view.exchanges_of(evidence, route, ProbeKind.CATALOGUE, ProbeKind.IDENTIFY)
    return next((each for each in exchanges if read_answer(each).meaning in meanings), None)


def called(evidence: Evidence, meaning: Meaning) -> Iterator[tuple[Exchange, Answer, tuple[Route, ...]]]:
    """The model calls that ended so, with what was answered and the routes they speak for."""
    for exchange, routes in grouped(view.portkey_routes(evidence), lambda route: view.call(evidence, route)):
        if exchange is not None and read_answer(exchange).meaning is meaning:
            yield exchange, read_answer(exchange), routes


def ids(routes: Iterable[Route]) -> tuple[str, ...]:
    """The ids of routes."""
    return tuple(route.id for route in routes)


def where_from(credential: Credential) -> str:
    """Where a credential's value lives, in words."""
    return credential.location or credential.layer


def setup_command(evidence: Evidence) -> str:
    """The command that makes the first route; at a terminal it asks for what it needs."""
    return f"portkey-claw setup{_profile(evidence)}"


def key_command(evidence: Evidence) -> str:
    """The command that asks for a key and puts it where OpenClaw takes it from."""
    return f"portkey-claw key set{_profile(evidence)}"


def _profile(evidence: Evidence) -> str:
    return f" --profile {evidence.openclaw.profile}" if evidence.openclaw.profile else ""


def set_command(evidence: Evidence, path: ConfigPath, value: str) -> tuple[str, ...]:
    """OpenClaw's own command to set a config path, where its path can be written plainly.

    It rewrites the file as strict JSON, so it is not offered for one whose comments would be lost.
    """
    plain = evidence.openclaw.config.strict_json and all(
        isinstance(step, str) and step.replace("-", "").replace("_", "").isalnum() for step in path
    )
    return (f'openclaw config set {format_path(path)} "{value}"',) if plain and not set(value) & set('"‹$`\\') else ()
