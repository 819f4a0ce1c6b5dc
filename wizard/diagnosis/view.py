"""Evidence read in the words of the checks: which routes, what their gateway is, what it answered."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from enum import StrEnum
from functools import lru_cache

from wizard.diagnosis.model import Evidence, Where
from wizard.json5doc.paths import format_path
from wizard.keys.facts import SecretFacts
from wizard.openclaw.config_view import ProviderEntry, provider_entries
from wizard.openclaw.seen import ConfigPath
from wizard.portkey import headers, hosts
from wizard.portkey.answers import Answer, Meaning, Origin, read_answer
from wizard.portkey.catalogue import Catalogue, CatalogueModel, parse_page
from wizard.portkey.exchange import Exchange, ProbeKind
from wizard.portkey.hosts import HostKind
from wizard.route.model import Credential, Route
from wizard.route.signs import SLUG_MODEL, portkey_signs


class GatewayKind(StrEnum):
    """What stands behind a base URL, as far as can be told."""

    ACCOUNTS = "accounts"  # a Portkey gateway that knows keys, slugs and saved configs
    OPEN_SOURCE = "open-source"  # the open-source gateway: no accounts
    FOREIGN = "foreign"  # something else
    UNKNOWN = "unknown"


_ACCOUNT_MEANINGS = frozenset(
    {
        Meaning.KEY_REJECTED,
        Meaning.KEY_EXPIRED,
        Meaning.KEY_LACKS_PERMISSION,
        Meaning.SLUG_UNKNOWN,
        Meaning.CONFIG_UNKNOWN,
        Meaning.DEFAULT_CONFIG_LOCKED,
        Meaning.INLINE_BLOCKED,
        Meaning.MODEL_NOT_ALLOWED,
        Meaning.PROVIDER_EXPIRED,
    }
)
ANY_KIND = tuple(ProbeKind)
PORTKEYS = (Origin.PORTKEY, Origin.PORTKEY_ROUTED, Origin.PROVIDER)


def portkey_routes(evidence: Evidence) -> tuple[Route, ...]:
    """The routes that go to Portkey, or are meant to."""
    return tuple(route for route in evidence.routes if goes_to_portkey(evidence, route))


def goes_to_portkey(evidence: Evidence, route: Route) -> bool:
    """Whether a route's entry has signs of Portkey, or Portkey answered there."""
    return bool(route.portkey_signs) or gateway_kind(evidence, route) in (GatewayKind.ACCOUNTS, GatewayKind.OPEN_SOURCE)


def portkey_entries(evidence: Evidence) -> tuple[ProviderEntry, ...]:
    """The provider entries that go to Portkey, whether or not a route uses them."""
    answered = {route.ref.provider_id for route in portkey_routes(evidence)}
    return tuple(
        entry
        for entry in provider_entries(evidence.openclaw.config)
        if entry.id in answered or portkey_signs(entry, str(entry.settings.get("baseUrl", "")))
    )


def ref_meant(evidence: Evidence, route: Route) -> str | None:
    """The ref that was certainly meant: the provider forgotten before a slug, or its name misspelt; else None.

    Any other unknown name may be one of the providers that OpenClaw brings itself.
    """
    if route.ref.provider_known or not route.ref.path:
        return None
    entries = portkey_entries(evidence)
    text = route.ref.text
    if text.startswith("@"):
        entry = next((each for each in entries if each.model(text)), entries[0])
        return f"{entry.id}/{text}"
    names = {entry.id: entry for entry in entries}
    near = difflib.get_close_matches(route.ref.provider_id or "", names, n=1, cutoff=0.8)
    return f"{near[0]}/{route.ref.model}" if near else None


def exchanges_of(evidence: Evidence, route: Route, *kinds: ProbeKind) -> Iterator[Exchange]:
    """The exchanges that speak for a route, of these kinds."""
    for exchange in evidence.exchanges:
        if route.id in exchange.route_ids and exchange.kind in kinds:
            yield exchange


def identified(evidence: Evidence, route: Route) -> Exchange | None:
    """The answer of the host to a question without the key."""
    return next(exchanges_of(evidence, route, ProbeKind.IDENTIFY), None)


def catalogue_exchange(evidence: Evidence, route: Route) -> Exchange | None:
    """The answer to the model list with the key: the first page."""
    return next(exchanges_of(evidence, route, ProbeKind.CATALOGUE), None)


def call(evidence: Evidence, route: Route) -> Exchange | None:
    """The model call as OpenClaw would send it; of two, with few output tokens and with more, the second."""
    calls = tuple(exchanges_of(evidence, route, ProbeKind.CALL))
    return calls[-1] if calls else None


def call_answer(evidence: Evidence, route: Route) -> Answer | None:
    """What the model call's answer means, or None where none was made."""
    exchange = call(evidence, route)
    return read_answer(exchange) if exchange is not None else None


def catalogue_answer(evidence: Evidence, route: Route) -> Answer | None:
    """What the model list's answer means, or None where it was not asked for."""
    exchange = catalogue_exchange(evidence, route)
    return read_answer(exchange) if exchange is not None else None


def network_exchange(evidence: Evidence, route: Route) -> Exchange | None:
    """The first exchange of a route that tells whether its host can be reached."""
    return next(exchanges_of(evidence, route, *ANY_KIND), None)


def fails(exchange: Exchange) -> bool:
    """Whether a server failed before any routing; whose server it is, such an answer does not show."""
    unrouted = read_answer(exchange).origin in (Origin.PORTKEY, Origin.NOT_PORTKEY)
    return exchange.status is not None and exchange.status >= 500 and exchange.status != 501 and unrouted


def works(evidence: Evidence, route: Route) -> bool:
    """Whether a model answered the very request that OpenClaw would send."""
    answer = call_answer(evidence, route)
    return answer is not None and answer.ok


def was_routed(evidence: Evidence, route: Route) -> bool:
    """Whether the model call got past Portkey's own checks.

    A proxy on the way may take the routing headers away; where Portkey has shown itself, a model's answer is enough.
    """
    answer = call_answer(evidence, route)
    if answer is None or answer.origin in (Origin.PORTKEY_ROUTED, Origin.PROVIDER):
        return answer is not None
    shown = _kinds_by_answers(evidence, route) & {GatewayKind.ACCOUNTS, GatewayKind.OPEN_SOURCE}
    return answer.ok and bool(shown)


def key_accepted(evidence: Evidence, route: Route) -> bool:
    """Whether the gateway accepted the key itself, in whatever header."""
    listed = catalogue_answer(evidence, route)
    return (listed is not None and listed.meaning is Meaning.MODEL_LIST) or was_routed(evidence, route)


def gateway_kind(evidence: Evidence, route: Route) -> GatewayKind:
    """What stands behind a route's base URL: by its answers, else by its name."""
    kinds = _kinds_by_answers(evidence, route)
    if was_routed(evidence, route):
        kinds.discard(GatewayKind.FOREIGN)
    for kind in (GatewayKind.ACCOUNTS, GatewayKind.OPEN_SOURCE):
        if kind in kinds:
            return kind
    host = host_kind(route)
    if host is HostKind.HOSTED:
        return GatewayKind.ACCOUNTS
    return GatewayKind.FOREIGN if host is HostKind.VENDOR or GatewayKind.FOREIGN in kinds else GatewayKind.UNKNOWN


def _kinds_by_answers(evidence: Evidence, route: Route) -> set[GatewayKind]:
    return {kind_by_answer(exchange) for exchange in exchanges_of(evidence, route, *ANY_KIND)}


@lru_cache(maxsize=256)
def kind_by_answer(exchange: Exchange) -> GatewayKind:
    """What stands there by one answer alone."""
    answer = read_answer(exchange)
    if answer.meaning in _ACCOUNT_MEANINGS:
        return GatewayKind.ACCOUNTS
    if answer.meaning is Meaning.MODEL_LIST and answer.said.has_slugs:
        return GatewayKind.ACCOUNTS
    if exchange.kind is ProbeKind.IDENTIFY:
        # Only a gateway without accounts looks at the routing before it has looked at a key.
        if answer.meaning is Meaning.ROUTING_MISSING:
            return GatewayKind.OPEN_SOURCE
        # A bare refusal may be that of a proxy before the gateway; another API gives its errors a type or a code.
        bare = answer.said.status in (401, 403) and answer.said.type is None and answer.said.code is None
        shows = answer.meaning in (Meaning.FOREIGN, Meaning.MODEL_LIST) and not fails(exchange) and not bare
        if shows and answer.origin is Origin.NOT_PORTKEY:
            return GatewayKind.FOREIGN
    return GatewayKind.UNKNOWN


def host_kind(route: Route) -> HostKind | None:
    """What the base URL's host tells by its name, or None where there is no URL."""
    where = hosts.origin(route.base_url.value) if route.base_url else None
    return hosts.kind(where.host) if where else None


def needs_accounts(route: Route) -> bool:
    """Whether the route uses what only a gateway with accounts understands: slugs or saved configs."""
    provider = route.configured_header(headers.PROVIDER)
    config = route.configured_header(headers.CONFIG)
    return (
        SLUG_MODEL.match(route.ref.model) is not None
        or (provider is not None and provider.value.startswith("@"))
        or (config is not None and config.value.startswith("pc-"))
        or route.configured_header(headers.VIRTUAL_KEY) is not None
    )


def portkey_credential(route: Route) -> Credential | None:
    """The credential that a gateway with accounts would read: `x-portkey-api-key`, else `Authorization`."""
    if route.external_key is not None:
        return None
    return next((each for each in route.credentials if each.header != headers.VENDOR_API_KEY), None)


def key_credential(route: Route) -> Credential | None:
    """The credential that is meant to be the key, in whatever header it leaves."""
    if route.external_key is not None:
        return None
    return portkey_credential(route) or next(iter(route.credentials), None)


def secret_of(evidence: Evidence, text: str) -> SecretFacts | None:
    """The facts of the secret whose handle is in a text, or None."""
    return next((facts for handle, facts in evidence.secrets.items() if handle in text), None)


def catalogue(evidence: Evidence, route: Route) -> Catalogue:
    """The models that the key may use, as far as pages came; empty where none did."""
    models: dict[str, CatalogueModel] = {}
    total = 0
    rows = 0
    for exchange in exchanges_of(evidence, route, ProbeKind.CATALOGUE):
        page = parse_page(exchange.body) if exchange.status == 200 else None
        if page is not None:
            models.update((model.id, model) for model in page.models)
            rows += page.rows
            total = max(total, page.total or 0)
    return Catalogue(tuple(models.values()), complete=rows >= total)


def where(evidence: Evidence, path: ConfigPath, *, key: bool = False) -> Where:
    """The place of a config path; where that is not written, the nearest thing above it that is."""
    config = evidence.openclaw.config
    place = config.place(path)
    above = path
    while place is None and above:
        above = above[:-1]
        place = config.place(above)
    if place is None:
        return Where(config.path, path=path)
    exact = above == path
    span = place.key if (key or not exact) and place.key is not None else place.value
    return Where(config.path, span.line, span.column, path, span.length)


def credential_place(evidence: Evidence, credential: Credential) -> Where | None:
    """Where a credential stands: in the config, else in the file of OpenClaw's own that holds it."""
    if credential.source is None:
        return None
    return where(evidence, credential.source.path) if credential.source.path else Where(credential.location)


def is_open(route: Route) -> bool:
    """Whether the model that the route names depends on a variable that was not seen: OpenClaw fills in any string."""
    return any("${" in text for text in (route.ref.provider_id or "", route.ref.model, route.api or ""))


def setting_path(evidence: Evidence, route: Route, name: str) -> ConfigPath:
    """Where a setting of a route's entry stands that counts: the listed model's own, else the entry's."""
    entries = provider_entries(evidence.openclaw.config)
    entry = next((each for each in entries if each.id == route.ref.provider_id), None)
    if entry is None:
        return (*route.provider_path, name)
    return entry.setting(name, entry.model(route.ref.model))[1]


def shown_path(path: ConfigPath) -> str:
    """A config path as people write it."""
    return format_path(path)
