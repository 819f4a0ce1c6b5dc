"""Does the key leave in a form and in a header that Portkey reads?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from wizard.diagnosis import view
from wizard.diagnosis.checks.registry import check, found
from wizard.diagnosis.checks.words import grouped, ids, seen, where_from
from wizard.diagnosis.model import Confidence, Evidence, Finding, Remedy
from wizard.diagnosis.view import GatewayKind
from wizard.keys.facts import SecretFlag
from wizard.openclaw.seen import ConfigPath
from wizard.portkey import headers
from wizard.portkey.answers import Meaning
from wizard.portkey.exchange import ProbeKind
from wizard.route.model import Api, Credential, Hop, Route

_DEFECTS: Final = {
    SecretFlag.EMPTY: "it is blank",
    SecretFlag.LEADING_SPACE: "white space stands before it",
    SecretFlag.LINE_BREAK: "it holds a line break",
    SecretFlag.WHITE_SPACE: "it holds white space",
    SecretFlag.CONTROL: "it holds a control character",
    SecretFlag.NON_LATIN: "it holds characters that no key has",
    SecretFlag.QUOTED: "quotes belong to the value",
    SecretFlag.BEARER_PREFIX: "it starts with “Bearer ”, which is not part of the key",
    SecretFlag.PLACEHOLDER: "it is the placeholder of an example",
    SecretFlag.UNRESOLVED_REFERENCE: "a ${…} stands inside it",
}


@check("PKC203")
def key_malformed(evidence: Evidence) -> Iterator[Finding]:
    """The key's value is malformed."""
    for credential, routes in grouped(view.portkey_routes(evidence), view.key_credential):
        if credential is None:
            continue
        defects = tuple(_defects(evidence, credential))
        gateway = view.gateway_kind(evidence, routes[0])
        # The open-source gateway passes the key on; a local provider behind it may take any word.
        if not defects or (gateway is GatewayKind.OPEN_SOURCE and defects == (_DEFECTS[SecretFlag.PLACEHOLDER],)):
            continue
        rejected = next(_rejections(evidence, routes[0]), None)
        yield found(
            "PKC203",
            f"The key in {where_from(credential)} cannot be right: {'; '.join(defects)}.",
            Remedy(f"Put the bare key into {where_from(credential)}, as Portkey showed it."),
            confidence=Confidence.CERTAIN if rejected is not None else Confidence.LIKELY,
            evidence=(rejected,) if rejected else (),
            where=view.credential_place(evidence, credential),
            route_ids=ids(routes),
            failure_class="key_malformed",
            settled_by=Hop.KEY,
        )


def _defects(evidence: Evidence, credential: Credential) -> Iterator[str]:
    if credential.source is None or credential.source.unresolved:
        return
    secret = credential.secret
    facts = view.secret_of(evidence, secret)
    if credential.header != headers.AUTHORIZATION and secret.lower().startswith("bearer "):
        yield _DEFECTS[SecretFlag.BEARER_PREFIX]
    elif secret.lower().startswith("bearer "):
        yield "the header says “Bearer” twice, or not with a capital B"
    for flag in facts.defects if facts is not None else ():
        # In a header of its own HTTP takes white space away; behind “Bearer ” it stays.
        if flag is not SecretFlag.LEADING_SPACE or credential.header == headers.AUTHORIZATION:
            yield _DEFECTS[flag]


def _rejections(evidence: Evidence, route: Route) -> Iterator[str]:
    for exchange in view.exchanges_of(evidence, route, ProbeKind.CATALOGUE, ProbeKind.CALL):
        if exchange.status == 401 or exchange.status is None:
            yield seen(exchange)


@check("PKC208")
def key_in_wrong_header(evidence: Evidence) -> Iterator[Finding]:
    """The key goes out in a header that Portkey does not read."""
    for path, routes in grouped(view.portkey_routes(evidence), lambda route: route.provider_path):
        wrong = [route for route in routes if _wrong_header(route) or _refused_unmarred(evidence, route)]
        confidence = _confidence(evidence, wrong[0]) if wrong else None
        if confidence is None:
            continue
        route = wrong[0]
        proofs = [view.call(evidence, route), view.catalogue_exchange(evidence, route)]
        asked = [exchange for exchange in proofs if exchange is not None]
        yield found(
            "PKC208",
            _wrong_header_sentence(route),
            Remedy(f"Add the header x-portkey-api-key to {'.'.join(map(str, path))}: {_header_line(route)}"),
            confidence=confidence,
            evidence=tuple(seen(exchange) for exchange in asked),
            where=view.where(
                evidence, view.setting_path(evidence, route, "api") if _wrong_header(route) else _source_path(route)
            ),
            route_ids=ids(wrong),
            probe_ids=tuple(exchange.probe_id for exchange in asked),
            failure_class="http_401",
            settled_by=Hop.KEY,
        )


def _wrong_header_sentence(route: Route) -> str:
    if _wrong_header(route):
        return (
            f'api "{route.api}" makes OpenClaw send the key as x-api-key. Portkey reads x-portkey-api-key or '
            "Authorization, so every request ends in 401."
        )
    return (
        "Portkey accepts the key as x-portkey-api-key and refuses it in the header in which OpenClaw sends it, "
        f"{route.credentials[0].header}."
    )


def _refused_unmarred(evidence: Evidence, route: Route) -> bool:
    """Whether the gateway took the key on the model list and refused it in OpenClaw's own header.

    Where the key's own text explains that, the header is not to blame.
    """
    credential = view.key_credential(route)
    if credential is None or any(_defects(evidence, credential)):
        return False
    answer = view.call_answer(evidence, route)
    listed = view.catalogue_answer(evidence, route)
    return (
        answer is not None
        and answer.meaning is Meaning.KEY_REJECTED
        and listed is not None
        and listed.meaning is Meaning.MODEL_LIST
    )


def _source_path(route: Route) -> ConfigPath:
    source = route.credentials[0].source
    return source.path if source is not None else route.provider_path


def _wrong_header(route: Route) -> bool:
    """Whether the entry's key leaves as `x-api-key` and as nothing else."""
    return (
        route.api == Api.MESSAGES.value
        and route.external_key is None
        and view.portkey_credential(route) is None
        and any(each.header == headers.VENDOR_API_KEY and each.source for each in route.credentials)
    )


def _confidence(evidence: Evidence, route: Route) -> Confidence | None:
    """How sure it is that the gateway wants Portkey's key; None where it certainly does not."""
    kind = view.gateway_kind(evidence, route)
    if kind in (GatewayKind.OPEN_SOURCE, GatewayKind.FOREIGN):
        return None
    answer = view.call_answer(evidence, route)
    if kind is GatewayKind.ACCOUNTS:
        return Confidence.CERTAIN if answer is None or answer.meaning is Meaning.KEY_REJECTED else Confidence.LIKELY
    return Confidence.LIKELY if view.needs_accounts(route) else Confidence.POSSIBLE


def _header_line(route: Route) -> str:
    """The header to add, with the reference that the entry already uses; a literal key is not repeated."""
    source = route.credentials[0].source
    value = source.raw if source is not None and source.references else "${PORTKEY_API_KEY}"
    # A reference to a keyring is an object, and stands without quotes.
    written = value if value.startswith("{") else f'"{value}"'
    return f'headers: {{ "x-portkey-api-key": {written} }}'
