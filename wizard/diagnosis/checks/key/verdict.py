"""What the gateway itself says of the key."""

from __future__ import annotations

from collections.abc import Iterator

from wizard.diagnosis import view
from wizard.diagnosis.checks.registry import check, found
from wizard.diagnosis.checks.words import grouped, key_command, proof, where_from
from wizard.diagnosis.model import Evidence, Finding, Remedy, Where
from wizard.portkey.answers import Meaning, Origin, read_answer
from wizard.portkey.exchange import Exchange
from wizard.portkey.hosts import DASHBOARD
from wizard.route.model import Route

_KEYS_PAGE = f"{DASHBOARD}/api-keys"


@check("PKC205")
def key_rejected(evidence: Evidence) -> Iterator[Finding]:
    """Portkey does not accept the key."""
    for exchange, routes in _judged(evidence, Meaning.KEY_REJECTED):
        yield found(
            "PKC205",
            f"Portkey does not know the key from {_place(routes[0])}: it was mistyped, deleted, or belongs to another "
            "Portkey.",
            _new_key(evidence, routes[0], "Make a new key on"),
            where=_where(evidence, routes[0]),
            failure_class="http_401",
            **proof(exchange, routes),
        )


@check("PKC206")
def key_expired(evidence: Evidence) -> Iterator[Finding]:
    """The Portkey key has expired."""
    for exchange, routes in _judged(evidence, Meaning.KEY_EXPIRED):
        yield found(
            "PKC206",
            f"The key from {_place(routes[0])} was good once; its expiry date has passed.",
            _new_key(evidence, routes[0], "Move its expiry, or make a new key, on"),
            where=_where(evidence, routes[0]),
            failure_class="http_401",
            **proof(exchange, routes),
        )


@check("PKC207")
def key_lacks_permission(evidence: Evidence) -> Iterator[Finding]:
    """The key may not make model requests."""
    for exchange, routes in _judged(evidence, Meaning.KEY_LACKS_PERMISSION):
        yield found(
            "PKC207",
            "Portkey knows the key and forbids the request: the key lacks the scope completions.write, it is an admin "
            "key, or its organisation has a gateway of its own.",
            Remedy(f"Give the key the scope on {_KEYS_PAGE}, or use a workspace key."),
            where=_where(evidence, routes[0]),
            failure_class="http_403",
            **proof(exchange, routes),
        )


def _judged(evidence: Evidence, meaning: Meaning) -> Iterator[tuple[Exchange, tuple[Route, ...]]]:
    """The exchanges in which Portkey judged the key itself, each with the routes that use it.

    A refused call proves nothing against a key that left in a header Portkey does not read, or that the model list
    accepted. What a key may do is told by the call alone: one that may not list models may well ask them.
    """
    for exchange, routes in grouped(view.portkey_routes(evidence), lambda route: _verdict(evidence, route, meaning)):
        if exchange is not None:
            yield exchange, routes


def _verdict(evidence: Evidence, route: Route, meaning: Meaning) -> Exchange | None:
    if view.was_routed(evidence, route):
        return None
    listed = view.catalogue_exchange(evidence, route)
    called = view.call(evidence, route)
    called = called if called is not None and _is(called, meaning) else None
    if meaning is Meaning.KEY_LACKS_PERMISSION:
        return called
    if listed is not None and _is(listed, meaning):
        return listed
    good = listed is not None and read_answer(listed).meaning is Meaning.MODEL_LIST
    # The form of the header may be to blame where the key itself was accepted, or left where nobody reads it.
    return None if good or view.portkey_credential(route) is None else called


def _is(exchange: Exchange, meaning: Meaning) -> bool:
    answer = read_answer(exchange)
    return answer.meaning is meaning and answer.origin is Origin.PORTKEY


def _new_key(evidence: Evidence, route: Route, advice: str) -> Remedy:
    """A new key, and where to put it: `key set` puts it into our own stores, which a stronger layer would hide."""
    credential = view.key_credential(route)
    layer = credential.layer if credential is not None else "config-env"
    if layer in ("config-env", "state-dotenv", "literal", "none"):
        return Remedy(f"{advice} {_KEYS_PAGE}, and store it with portkey-claw key set.", (key_command(evidence),))
    return Remedy(f"{advice} {_KEYS_PAGE}, and put it where the old one is: {_place(route)}.")


def _place(route: Route) -> str:
    credential = view.key_credential(route)
    return where_from(credential) if credential is not None else "the config"


def _where(evidence: Evidence, route: Route) -> Where | None:
    credential = view.key_credential(route)
    return view.credential_place(evidence, credential) if credential is not None else None
