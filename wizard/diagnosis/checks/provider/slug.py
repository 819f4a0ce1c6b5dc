"""Is the provider slug one that the key may use, and written so that Portkey sees it?"""

from __future__ import annotations

import json
from collections.abc import Iterator

from wizard.diagnosis import view
from wizard.diagnosis.checks.registry import check, found
from wizard.diagnosis.checks.words import called, grouped, ids, proof, seen, set_command
from wizard.diagnosis.model import Confidence, Evidence, Finding, Remedy
from wizard.diagnosis.view import GatewayKind
from wizard.openclaw.config_view import provider_entries
from wizard.openclaw.seen import ConfigPath
from wizard.portkey import headers
from wizard.portkey.answers import Meaning
from wizard.portkey.hosts import DASHBOARD
from wizard.route.model import Hop, Route
from wizard.route.signs import SLUG_MODEL


@check("PKC501")
def slug_unknown(evidence: Evidence) -> Iterator[Finding]:
    """Portkey does not know the provider slug."""
    told: set[str] = set()
    for exchange, answer, routes in called(evidence, Meaning.SLUG_UNKNOWN):
        told.update(ids(routes))
        slug, path = _slug_of(routes[0])
        named = ", ".join(answer.said.invalid_keys) or slug or "a provider in the config"
        yield found(
            "PKC501",
            f"The key's workspace has no provider {_at(named)}.{_near(evidence, routes[0], named)}",
            Remedy(f"Use a slug from {DASHBOARD}/model-catalog, spelled exactly so, or create this one there."),
            where=view.where(evidence, path),
            failure_class="http_400",
            **proof(exchange, routes),
        )
    for route in view.portkey_routes(evidence):
        slug, path = _slug_of(route)
        listed = view.catalogue(evidence, route)
        if slug is None or route.id in told or not listed.models or not listed.complete or slug in listed.slugs:
            continue
        yield found(
            "PKC501",
            f"The catalogue that the key may see has no provider {_at(slug)}.{_near(evidence, route, slug)}",
            Remedy(f"Look whether {DASHBOARD}/model-catalog has it in the key's workspace."),
            confidence=Confidence.POSSIBLE,
            where=view.where(evidence, path),
            route_ids=(route.id,),
            failure_class="slug_unlisted",
            settled_by=Hop.GATEWAY,
        )


@check("PKC502")
def slug_missing_at(evidence: Evidence) -> Iterator[Finding]:
    """The provider slug stands in the model string without its @."""
    for path, routes in grouped(view.portkey_routes(evidence), lambda route: route.ref.path):
        better = slug_without_at(evidence, routes[0])
        if better is None:
            continue
        route = routes[0]
        answer = view.call_answer(evidence, route)
        exchange = view.call(evidence, route)
        refused = answer is not None and answer.meaning is Meaning.ROUTING_MISSING
        ref = f"{route.ref.provider_id}/{better}"
        yield found(
            "PKC502",
            f"The model string is {route.ref.model}; Portkey takes its first part for a slug only with @: {better}.",
            Remedy(f"Name the model {ref}, in the list of the entry too.", set_command(evidence, path, ref)),
            confidence=Confidence.CERTAIN if refused else Confidence.LIKELY,
            evidence=(seen(exchange),) if exchange is not None and refused else (),
            where=view.where(evidence, path or route.provider_path),
            route_ids=ids(routes),
            probe_ids=(exchange.probe_id,) if exchange is not None and refused else (),
            failure_class="http_400" if refused else "slug_missing_at",
            basis="live" if refused else "static",
            settled_by=Hop.GATEWAY,
        )


def slug_without_at(evidence: Evidence, route: Route) -> str | None:
    """The `@slug/model` that a model string without `@` must mean, where nothing else routes it; else None."""
    slug, slash, _ = route.ref.model.partition("/")
    if not slash or slug.startswith("@") or any(route.configured_header(name) for name in headers.ROUTING):
        return None
    answer = view.call_answer(evidence, route)
    if answer is not None and answer.meaning is not Meaning.ROUTING_MISSING:
        return None
    return f"@{route.ref.model}" if slug in _known_slugs(evidence, route) else None


def _known_slugs(evidence: Evidence, route: Route) -> set[str]:
    """The slugs of the catalogue, and those that the entry's own listed models use."""
    entries = provider_entries(evidence.openclaw.config)
    entry = next((each for each in entries if each.id == route.ref.provider_id), None)
    listed = (SLUG_MODEL.match(model.id) for model in (entry.models if entry else ()))
    return {*view.catalogue(evidence, route).slugs, *(found["slug"] for found in listed if found)}


@check("PKC510")
def gateway_without_catalog(evidence: Evidence) -> Iterator[Finding]:
    """This gateway has no accounts, so it knows neither slugs nor saved configs."""
    for path, routes in grouped(view.portkey_routes(evidence), lambda route: route.provider_path):
        lost = [route for route in routes if _lost_on_open_source(evidence, route)]
        if not lost:
            continue
        route = lost[0]
        exchanges = [each for each in (view.identified(evidence, route), view.call(evidence, route)) if each]
        yield found(
            "PKC510",
            f"The open-source gateway answers there. It cannot look up {_what_it_lacks(route)}; slugs and saved "
            "configs belong to Portkey's hosted and enterprise gateways.",
            Remedy(
                "Use Portkey's hosted gateway, or name the vendor in x-portkey-provider, give the vendor's own key and "
                "drop the slug from the model."
            ),
            evidence=tuple(seen(each) for each in exchanges),
            where=view.where(evidence, (*path, "baseUrl")),
            route_ids=ids(lost),
            probe_ids=tuple(each.probe_id for each in exchanges),
            failure_class="no_catalogue",
            basis="live",
        )


def _lost_on_open_source(evidence: Evidence, route: Route) -> bool:
    if view.gateway_kind(evidence, route) is not GatewayKind.OPEN_SOURCE or view.was_routed(evidence, route):
        return False
    return view.needs_accounts(route)


def _what_it_lacks(route: Route) -> str:
    header = route.configured_header(headers.PROVIDER) or route.configured_header(headers.CONFIG)
    return header.value if header is not None else route.ref.model


def _slug_of(route: Route) -> tuple[str | None, ConfigPath]:
    """The slug that routes the request, and where it is written; the header's wins over the model's."""
    header = route.configured_header(headers.PROVIDER)
    if header is not None and header.value.startswith("@"):
        return header.value[1:].partition("/")[0], header.path
    virtual_key = route.configured_header(headers.VIRTUAL_KEY)
    if virtual_key is not None:
        return virtual_key.value, virtual_key.path
    config = route.configured_header(headers.CONFIG)
    if config is not None:
        return _slug_in_config(config.value), config.path
    found = SLUG_MODEL.match(route.ref.model)
    return (found["slug"] if found else None), route.ref.path or route.provider_path


def _slug_in_config(value: str) -> str | None:
    try:
        data = json.loads(value)
    except (ValueError, RecursionError):
        return None
    provider = data.get("provider") if isinstance(data, dict) else None
    return provider[1:] if isinstance(provider, str) and provider.startswith("@") else None


def _near(evidence: Evidence, route: Route, slug: str) -> str:
    near = view.catalogue(evidence, route).near_slugs(slug.removeprefix("@"))
    return f" It may use {', '.join(_at(name) for name in near)}." if near else ""


def _at(slug: str) -> str:
    return slug if slug.startswith("@") else f"@{slug}"
