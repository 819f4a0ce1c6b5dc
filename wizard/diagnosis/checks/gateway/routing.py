"""Does Portkey know where the request is to go?"""

from __future__ import annotations

import json
from collections.abc import Iterator

from wizard.diagnosis import view
from wizard.diagnosis.checks.openclaw.models import slug_left_behind
from wizard.diagnosis.checks.provider.slug import slug_without_at
from wizard.diagnosis.checks.registry import check, found
from wizard.diagnosis.checks.words import called, grouped, ids, proof, seen, short
from wizard.diagnosis.model import Confidence, Evidence, Finding, Remedy, Where
from wizard.diagnosis.view import GatewayKind
from wizard.portkey import headers
from wizard.portkey.answers import Meaning
from wizard.portkey.hosts import DASHBOARD
from wizard.route.model import Hop, Resolved, Route


@check("PKC401")
def routing_missing(evidence: Evidence) -> Iterator[Finding]:
    """Nothing in the request tells Portkey which provider it is for."""
    for exchange, _, routes in called(evidence, Meaning.ROUTING_MISSING):
        unexplained = [
            route
            for route in routes
            if slug_left_behind(evidence, route) is None
            and slug_without_at(evidence, route) is None
            and not _needs_a_catalogue_it_lacks(evidence, route)
        ]
        if not unexplained:
            continue
        model = unexplained[0].ref.model
        yield found(
            "PKC401",
            f"The model string {model} names no provider slug, no header does, and the key has no default config.",
            Remedy(f"Name the model as @slug/{model}, with a slug from {DASHBOARD}/model-catalog."),
            evidence=(seen(exchange),),
            where=view.where(evidence, unexplained[0].ref.path or unexplained[0].provider_path),
            route_ids=ids(unexplained),
            probe_ids=(exchange.probe_id,),
            failure_class="http_400",
            basis="live",
        )


def _needs_a_catalogue_it_lacks(evidence: Evidence, route: Route) -> bool:
    return view.gateway_kind(evidence, route) is GatewayKind.OPEN_SOURCE and view.needs_accounts(route)


@check("PKC405")
def config_id_unknown(evidence: Evidence) -> Iterator[Finding]:
    """Portkey does not know the config that the request names."""
    for exchange, _, routes in called(evidence, Meaning.CONFIG_UNKNOWN):
        header = routes[0].configured_header(headers.CONFIG)
        name = header.value if header else "the config"
        yield found(
            "PKC405",
            f"There is no config {name} in the key's workspace: it was deleted, mistyped, or belongs to another one.",
            Remedy(f"Copy the id of the config from {DASHBOARD}/configs into the header x-portkey-config."),
            where=_header_place(evidence, header),
            failure_class="http_400",
            **proof(exchange, routes),
        )


@check("PKC406")
def config_header_invalid(evidence: Evidence) -> Iterator[Finding]:
    """The header x-portkey-config holds no config."""
    told: set[str] = set()
    for exchange, answer, routes in called(evidence, Meaning.CONFIG_INVALID):
        told.update(ids(routes))
        listed = "; ".join(short(error, 160) for error in answer.said.errors[:3])
        yield found(
            "PKC406",
            f"The gateway refuses the config: {listed or short(answer.said.message)}.",
            Remedy(_CONFIG_ADVICE),
            evidence=(seen(exchange), *(short(error) for error in answer.said.errors[:5])),
            where=_header_place(evidence, routes[0].configured_header(headers.CONFIG)),
            route_ids=ids(routes),
            probe_ids=(exchange.probe_id,),
            failure_class="http_400",
            basis="live",
        )
    for header, routes in grouped(view.portkey_routes(evidence), lambda route: route.configured_header(headers.CONFIG)):
        fault = _config_fault(header) if header is not None else None
        silent = [route for route in routes if route.id not in told]
        if fault is None or header is None or len(silent) < len(routes):
            continue
        yield found(
            "PKC406",
            f"x-portkey-config is {short(header.value, 60)}: {fault}.",
            Remedy(_CONFIG_ADVICE),
            where=_header_place(evidence, header),
            route_ids=ids(silent),
            failure_class="config_header",
            settled_by=Hop.GATEWAY,
        )


_CONFIG_ADVICE = f"Put a config's id (pc-…) from {DASHBOARD}/configs there, or a config as a JSON object."


def _config_fault(header: Resolved) -> str | None:
    """Why a value is no config by its text alone, or None."""
    value = header.value.strip()
    if value.startswith("pc-") or header.unresolved or "‹" in value:
        return None
    try:
        data = json.loads(value)
    except (ValueError, RecursionError):
        return "neither a config's id nor JSON"
    return None if isinstance(data, dict) else "JSON, but not an object"


@check("PKC407")
def provider_header_invalid(evidence: Evidence) -> Iterator[Finding]:
    """The header x-portkey-provider names no provider."""
    told: set[str] = set()
    for exchange, _, routes in called(evidence, Meaning.PROVIDER_HEADER_INVALID):
        if _needs_a_catalogue_it_lacks(evidence, routes[0]):
            continue
        told.update(ids(routes))
        yield _provider_header(evidence, routes, (seen(exchange),), (exchange.probe_id,))
    for header, routes in grouped(
        view.portkey_routes(evidence), lambda route: route.configured_header(headers.PROVIDER)
    ):
        silent = tuple(route for route in routes if route.id not in told)
        if header is None or not silent or not _is_slug_without_at(evidence, silent[0], header):
            continue
        # A vendor may have the name of one of the slugs; whoever sends the vendor's own key means the vendor.
        if _brings_own_credential(silent[0]):
            continue
        yield _provider_header(evidence, silent, (), ())


def _provider_header(
    evidence: Evidence, routes: tuple[Route, ...], lines: tuple[str, ...], probe_ids: tuple[str, ...]
) -> Finding:
    header = routes[0].configured_header(headers.PROVIDER)
    value = header.value if header else ""
    slugs = view.catalogue(evidence, routes[0]).slugs
    if value in slugs:
        message = f"x-portkey-provider is {value}, which is a slug of yours; slugs are written with @ here."
        remedy = Remedy(f"Write @{value}.")
    else:
        message = f"x-portkey-provider is {value or 'empty'}, which is neither a slug (@…) nor a vendor's name."
        remedy = Remedy(
            f"Write @ and the slug of a provider from {DASHBOARD}/model-catalog.{_near(evidence, routes[0])}"
        )
    return found(
        "PKC407",
        message,
        remedy,
        confidence=Confidence.CERTAIN if probe_ids else Confidence.LIKELY,
        evidence=lines,
        where=_header_place(evidence, header),
        route_ids=ids(routes),
        probe_ids=probe_ids,
        failure_class="http_400" if probe_ids else "provider_header",
        basis="live" if probe_ids else "static",
        # Routed it may be all the same, to the vendor of that name, which then misses a key of its own.
        settled_by=Hop.PROVIDER,
    )


def _brings_own_credential(route: Route) -> bool:
    key = view.key_credential(route)
    return any(each.secret != key.secret for each in route.credentials if each.source is not None) if key else False


def _near(evidence: Evidence, route: Route) -> str:
    slugs = view.catalogue(evidence, route).slugs
    return f" The key may use {', '.join('@' + slug for slug in slugs[:5])}." if slugs else ""


def _is_slug_without_at(evidence: Evidence, route: Route, header: Resolved) -> bool:
    return header.value in view.catalogue(evidence, route).slugs


@check("PKC409")
def default_config_locked(evidence: Evidence) -> Iterator[Finding]:
    """The key has a config of its own that requests may not override."""
    for exchange, _, routes in called(evidence, Meaning.DEFAULT_CONFIG_LOCKED):
        header = routes[0].configured_header(headers.CONFIG)
        yield found(
            "PKC409",
            "The key's default config may not be overridden, and the request brings another one.",
            Remedy("Remove the header x-portkey-config from the entry, or allow overriding on the key."),
            where=_header_place(evidence, header),
            failure_class="http_400",
            **proof(exchange, routes),
        )


@check("PKC410")
def inline_routing_blocked(evidence: Evidence) -> Iterator[Finding]:
    """The organisation allows saved providers and configs only."""
    for exchange, answer, routes in called(evidence, Meaning.INLINE_BLOCKED):
        yield found(
            "PKC410",
            f"Portkey refuses routing that is written into the request ({answer.said.code}).",
            Remedy(
                "Use @slug/model names or a saved config's id (pc-…) instead of an inline config or a vendor's name."
            ),
            where=view.where(evidence, (*routes[0].provider_path, "headers")),
            failure_class="http_400",
            **proof(exchange, routes),
        )


def _header_place(evidence: Evidence, header: Resolved | None) -> Where | None:
    return view.where(evidence, header.path) if header is not None else None
