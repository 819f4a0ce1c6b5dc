"""What becomes of the request at the model: unknown, refused, denied, late, too large."""

from __future__ import annotations

import difflib
from collections.abc import Iterator

from wizard.diagnosis import view
from wizard.diagnosis.checks.provider.answers import provider_name
from wizard.diagnosis.checks.registry import check, found
from wizard.diagnosis.checks.words import called, ids, proof, seen, short
from wizard.diagnosis.model import Evidence, Finding, Remedy, Severity
from wizard.portkey.answers import Meaning
from wizard.portkey.catalogue import split_model
from wizard.route.model import Route


@check("PKC504")
def model_unknown(evidence: Evidence) -> Iterator[Finding]:
    """The provider has no such model."""
    for exchange, answer, routes in called(evidence, Meaning.MODEL_UNKNOWN):
        route = routes[0]
        yield found(
            "PKC504",
            f"{provider_name(exchange, route)} does not know the model {route.ref.model}: "
            f"“{short(answer.said.message, 120)}”.{_near(evidence, route)}",
            Remedy("Name a model that the provider has; portkey-claw setup lists those that the key may use."),
            where=view.where(evidence, route.ref.path or route.provider_path),
            failure_class="http_404_model",
            **proof(exchange, routes),
        )


@check("PKC505")
def model_not_allowed(evidence: Evidence) -> Iterator[Finding]:
    """The model is not allowed for this provider in Portkey."""
    for exchange, answer, routes in called(evidence, Meaning.MODEL_NOT_ALLOWED):
        route = routes[0]
        yield found(
            "PKC505",
            f"{short(answer.said.message, 160)}. The integration does not list it.{_near(evidence, route)}",
            Remedy("Allow the model in the integration's Model Provisioning, or name one that is allowed."),
            where=view.where(evidence, route.ref.path or route.provider_path),
            failure_class="http_412_model",
            **proof(exchange, routes),
        )


@check("PKC512")
def provider_error(evidence: Evidence) -> Iterator[Finding]:
    """The provider itself fails at the moment."""
    for exchange, answer, routes in called(evidence, Meaning.PROVIDER_FAILED):
        yield _warning(
            "PKC512",
            f"{provider_name(exchange, routes[0])} answers {exchange.status}: “{short(answer.said.message, 160)}”. The "
            "route up to it works.",
            "Try again later, look at the provider's status page, or add a fallback.",
            (seen(exchange), exchange.probe_id),
            routes,
        )
    for exchange, answer, routes in called(evidence, Meaning.STREAM_FAILED):
        yield _warning(
            "PKC512",
            f"The answer began and broke off: {short(answer.said.message or exchange.failure_detail, 160)}.",
            "Try again; if it happens every time, look at proxies that cut long answers.",
            (seen(exchange), exchange.probe_id),
            routes,
        )


def _warning(code: str, message: str, advice: str, proof: tuple[str, str], routes: tuple[Route, ...]) -> Finding:
    line, probe_id = proof
    return found(
        code,
        message,
        Remedy(advice),
        severity=Severity.WARNING,
        evidence=(line,),
        route_ids=ids(routes),
        probe_ids=(probe_id,),
        failure_class="http_5xx_upstream",
        basis="live",
    )


@check("PKC513")
def provider_refuses_request(evidence: Evidence) -> Iterator[Finding]:
    """The provider refuses the request as it is."""
    for exchange, answer, routes in called(evidence, Meaning.PROVIDER_REFUSED):
        yield found(
            "PKC513",
            f"{provider_name(exchange, routes[0])} answers {exchange.status}: “{short(answer.said.message, 200)}”.",
            Remedy(
                "Look at what it names: a parameter, the size of the context, or tools that this model does not take."
            ),
            failure_class="http_422_upstream",
            **proof(exchange, routes),
        )


@check("PKC604")
def guardrail_denied(evidence: Evidence) -> Iterator[Finding]:
    """A guardrail denies the request."""
    for exchange, answer, routes in called(evidence, Meaning.GUARDRAIL_DENIED):
        yield found(
            "PKC604",
            f"A guardrail of the config denied a harmless test request: “{short(answer.said.message, 160)}”.",
            Remedy("Look at the guardrails of the config that the key or the request names."),
            failure_class="http_446",
            **proof(exchange, routes),
        )


@check("PKC605")
def guardrail_flagged(evidence: Evidence) -> Iterator[Finding]:
    """A guardrail flags the request, and lets it pass."""
    for exchange, _, routes in called(evidence, Meaning.GUARDRAIL_FLAGGED):
        yield found(
            "PKC605",
            "A guardrail of the config failed on a harmless test request; the answer came nevertheless (246).",
            Remedy("Look at the guardrails of the config that the key or the request names."),
            severity=Severity.WARNING,
            failure_class="http_246",
            **proof(exchange, routes),
        )


@check("PKC606")
def request_timed_out(evidence: Evidence) -> Iterator[Finding]:
    """The gateway gave up waiting for the provider."""
    for exchange, answer, routes in called(evidence, Meaning.TIMED_OUT):
        yield found(
            "PKC606",
            f"{short(answer.said.message, 160)}.",
            Remedy("Raise the request timeout in the config or in x-portkey-request-timeout (milliseconds)."),
            failure_class="http_408",
            **proof(exchange, routes),
        )


@check("PKC607")
def payload_too_large(evidence: Evidence) -> Iterator[Finding]:
    """The request is too large for the gateway."""
    for exchange, answer, routes in called(evidence, Meaning.PAYLOAD_TOO_LARGE):
        headers_too_large = exchange.status == 431
        what = "The headers are too large" if headers_too_large else "The body is too large"
        yield found(
            "PKC607",
            f"{what} ({exchange.status}){': ' + short(answer.said.message, 120) if answer.said.message else ''}.",
            Remedy(
                "Save the config in Portkey and name it by its id instead of sending it in the header."
                if headers_too_large
                else "Raise the limit of the gateway or of the reverse proxy before it."
            ),
            failure_class=f"http_{exchange.status}",
            **proof(exchange, routes),
        )


def _near(evidence: Evidence, route: Route) -> str:
    """The catalogue's models that come closest, as a sentence."""
    wanted = split_model(route.ref.model)
    listed = view.catalogue(evidence, route)
    if wanted is not None:
        near = listed.near(wanted)
    else:
        near = tuple(difflib.get_close_matches(route.ref.model, sorted(listed.ids), n=3))
    near = tuple(name for name in near if name != route.ref.model)[:3]
    return f" The key may use {', '.join(near)}." if near else ""
