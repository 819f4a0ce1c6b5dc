"""What the provider behind Portkey, or Portkey on its behalf, answers: credentials, reach, billing."""

from __future__ import annotations

from collections.abc import Iterator

from wizard.diagnosis import view
from wizard.diagnosis.checks.registry import check, found
from wizard.diagnosis.checks.words import called, proof, short
from wizard.diagnosis.model import Evidence, Finding, Remedy
from wizard.diagnosis.view import GatewayKind
from wizard.portkey import headers
from wizard.portkey.answers import Meaning, Origin
from wizard.portkey.exchange import Exchange
from wizard.portkey.hosts import DASHBOARD
from wizard.route.model import Route
from wizard.route.signs import SLUG_MODEL

_CATALOGUE_PAGE = f"{DASHBOARD}/model-catalog"


@check("PKC506")
def provider_credentials_rejected(evidence: Evidence) -> Iterator[Finding]:
    """The provider behind Portkey rejects the credentials that Portkey uses for it."""
    for exchange, answer, routes in called(evidence, Meaning.PROVIDER_CREDENTIALS):
        name = provider_name(exchange, routes[0])
        yield found(
            "PKC506",
            f"Portkey accepted the request and passed it on; {name} answered {exchange.status}: "
            f"“{short(answer.said.message, 120)}”. The Portkey key is fine.",
            Remedy(_credentials_advice(evidence, routes[0], name)),
            failure_class=f"http_{exchange.status}_upstream",
            **proof(exchange, routes),
        )


def _credentials_advice(evidence: Evidence, route: Route, name: str) -> str:
    header = route.configured_header(headers.PROVIDER)
    by_vendor = header is not None and not header.value.startswith("@")
    if by_vendor and view.gateway_kind(evidence, route) is GatewayKind.ACCOUNTS:
        return (
            f"x-portkey-provider names the vendor {name} itself, which wants the vendor's own key with each request. "
            f"To use credentials that are kept in Portkey, write a slug from {_CATALOGUE_PAGE} there, with @ before it."
        )
    return f"Renew the credentials of {name} on {_CATALOGUE_PAGE}; with an open-source gateway, in OpenClaw's config."


@check("PKC507")
def provider_expired(evidence: Evidence) -> Iterator[Finding]:
    """The provider entry has expired in Portkey."""
    for exchange, answer, routes in called(evidence, Meaning.PROVIDER_EXPIRED):
        name = provider_name(exchange, routes[0])
        yield found(
            "PKC507",
            f"Portkey has stopped using {name}: {short(answer.said.message, 120)} ({answer.said.type}).",
            Remedy(f"Renew it, or move its expiry, on {_CATALOGUE_PAGE}."),
            failure_class="http_401_expired",
            **proof(exchange, routes),
        )


@check("PKC508")
def provider_unreachable(evidence: Evidence) -> Iterator[Finding]:
    """The gateway cannot reach the provider."""
    for exchange, answer, routes in called(evidence, Meaning.PROVIDER_UNREACHABLE):
        name = provider_name(exchange, routes[0])
        yield found(
            "PKC508",
            f"The gateway got no connection to {name}: {short(answer.said.message, 160)}.",
            Remedy(
                "Look at the provider's status, and, where the gateway or a custom host is your own, at its network."
            ),
            failure_class="http_5xx_upstream",
            **proof(exchange, routes),
        )


@check("PKC509")
def endpoint_unsupported(evidence: Evidence) -> Iterator[Finding]:
    """The provider does not speak this endpoint on this gateway."""
    unsupported = called(evidence, Meaning.ENDPOINT_UNSUPPORTED)
    # The request was routed, and it is the provider that has no such path.
    without_path = (each for each in called(evidence, Meaning.PATH_UNKNOWN) if each[1].origin is Origin.PROVIDER)
    for exchange, answer, routes in (*unsupported, *without_path):
        yield found(
            "PKC509",
            f"{short(answer.said.message, 120)}; OpenClaw uses it because the entry's api is {routes[0].api}.",
            Remedy('Set the entry\'s api to "openai-completions", which every provider speaks.'),
            failure_class="http_5xx" if answer.meaning is Meaning.ENDPOINT_UNSUPPORTED else "http_404_path",
            **proof(exchange, routes),
        )


@check("PKC511")
def provider_billing(evidence: Evidence) -> Iterator[Finding]:
    """The account at the provider has no credit."""
    for exchange, answer, routes in called(evidence, Meaning.PROVIDER_BILLING):
        name = provider_name(exchange, routes[0])
        yield found(
            "PKC511",
            f"{name} refuses for lack of credit: “{short(answer.said.message, 160)}”. The Portkey key is fine.",
            Remedy(f"Add credit at {name} itself, or route to another provider."),
            failure_class="billing",
            **proof(exchange, routes),
        )


def provider_name(exchange: Exchange, route: Route) -> str:
    """The provider that answered, as the user knows it: its slug, else the vendor that the gateway names."""
    slug = SLUG_MODEL.match(route.ref.model)
    if slug:
        return f"@{slug['slug']}"
    header = route.configured_header(headers.PROVIDER)
    return header.value if header is not None else exchange.header.get(headers.ANSWERING_PROVIDER) or "the provider"
