"""What the provider behind Portkey, or Portkey on its behalf, answers: credentials, reach, billing."""

from __future__ import annotations

from collections.abc import Iterator

from wizard.diagnosis.checks.registry import check, found
from wizard.diagnosis.checks.words import called, proof, short
from wizard.diagnosis.model import Evidence, Finding, Remedy
from wizard.portkey import headers
from wizard.portkey.answers import Meaning
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
            Remedy(
                f"Renew the credentials of {name} on {_CATALOGUE_PAGE}; with an open-source gateway, "
                "in OpenClaw's config."
            ),
            failure_class=f"http_{exchange.status}_upstream",
            **proof(exchange, routes),
        )


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
    for exchange, answer, routes in called(evidence, Meaning.ENDPOINT_UNSUPPORTED):
        yield found(
            "PKC509",
            f"{short(answer.said.message, 120)}; OpenClaw uses it because the entry's api is {routes[0].api}.",
            Remedy('Set the entry\'s api to "openai-completions", which every provider speaks.'),
            failure_class="http_5xx",
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
