"""Config and layers to routes: which request leaves for each agent, with which key from which layer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from wizard.openclaw import references
from wizard.openclaw.config_view import (
    Agent,
    ModelEntry,
    ProviderEntry,
    Selection,
    agents,
    aliases,
    default_selection,
    provider_entries,
)
from wizard.openclaw.profile_rank import outranks
from wizard.openclaw.seen import ConfigFile, ConfigPath, OpenClawSeen, RuntimeSeen
from wizard.openclaw.versions import ENV_VARS_ONLY, MODEL_BASE_URL_SEEN, Version, parse_version
from wizard.portkey import headers, hosts
from wizard.portkey.exchange import Headers
from wizard.route import wire
from wizard.route.model import Api, Credential, ModelRef, Refusal, Resolved, Route, WireRequest
from wizard.route.signs import portkey_signs
from wizard.route.values import ConfigValues

_KEY_HEADERS = (headers.API_KEY, headers.AUTHORIZATION, headers.VENDOR_API_KEY)


def resolve_routes(seen: OpenClawSeen, agent: str | None = None) -> tuple[Route, ...]:
    """The routes that a config and its environments come to, the default agent's primary first.

    An agent without a model of its own takes the default's routes; it has some of its own only where it is asked for.
    """
    if seen.config.problem is not None:
        return ()
    by_runtime = [tuple(_Resolver(seen, runtime).routes(agent)) for runtime in seen.runtimes]
    return _merged(by_runtime)


def _merged(by_runtime: Sequence[tuple[Route, ...]]) -> tuple[Route, ...]:
    """Routes on which the runtimes agree become one that speaks for both."""
    if len(by_runtime) != 2:
        return tuple(route for routes in by_runtime for route in routes)
    first, second = by_runtime
    if [replace(route, runtime="both", id="") for route in first] == [
        replace(route, runtime="both", id="") for route in second
    ]:
        return tuple(replace(route, runtime="both", id=route.id.rpartition(":")[0] + ":both") for route in first)
    return first + second


@dataclass(frozen=True, slots=True)
class _Key:
    """An entry's key: its header value's secret, where it is from, and the config string behind it."""

    value: str
    source: Resolved | None
    layer: str
    location: str


class _Resolver:
    """Resolves every route of one runtime."""

    def __init__(self, seen: OpenClawSeen, runtime: RuntimeSeen) -> None:
        self._config: ConfigFile = seen.config
        self._version: Version | None = parse_version(seen.install.version)
        self._saved_profiles = seen.saved_profiles
        self._values = ConfigValues(seen, runtime.layers)
        self._runtime = runtime
        self._providers = provider_entries(seen.config)
        self._aliases = aliases(seen.config)

    def routes(self, asked: str | None = None) -> Iterator[Route]:
        """The default agent's routes, then those of agents that choose models of their own."""
        defaults = default_selection(self._config)
        for agent in agents(self._config):
            if agent.own is None and not agent.is_default and agent.id != asked:
                continue
            yield from self._agent_routes(agent, agent.own or defaults, defaults)

    def _agent_routes(self, agent: Agent, selection: Selection, defaults: Selection) -> Iterator[Route]:
        primary = selection.primary or defaults.primary or self._first_listed()
        if primary is not None:
            yield self._route(agent, "primary", "primary", primary)
        for number, fallback in enumerate(selection.fallbacks, 1):
            yield self._route(agent, "fallback", f"fallback-{number}", fallback)

    def _first_listed(self) -> tuple[str, ConfigPath] | None:
        """Without a default model OpenClaw takes the first model of the first provider in the file."""
        entry = self._providers[0] if self._providers else None
        if any(self._config.get((*path, "$include")) is not None for path in ((), ("agents",), ("agents", "defaults"))):
            return None  # the default may stand in a file that we do not see
        return (f"{entry.id}/{entry.models[0].id}", ()) if entry is not None and entry.models else None

    def _route(
        self, agent: Agent, role: Literal["primary", "fallback"], label: str, named: tuple[str, ConfigPath]
    ) -> Route:
        entry, ref = self._model_ref(*named)
        route = Route(
            id=f"{agent.id}:{label}:{self._runtime.runtime.value}",
            runtime=self._runtime.runtime,
            agent=agent.id,
            role=role,
            is_default=agent.is_default,
            ref=ref,
        )
        return route if entry is None else self._through(route, entry)

    def _model_ref(self, text: str, path: ConfigPath) -> tuple[ProviderEntry | None, ModelRef]:
        meant = self._aliases.get(text.lower(), text)
        provider_id, slash, model = meant.partition("/")
        entry = self._provider(provider_id) if slash else None
        if entry is not None and entry.model(meant) is not None:
            # Listed with the provider's name in front: the id goes out whole.
            model = meant
        if entry is None and not slash:
            entry = next((each for each in self._providers if each.model(meant)), None)
            provider_id, model = (entry.id if entry else None) or "", meant
        listed = entry is not None and entry.model(model) is not None
        ref = ModelRef(text, path, entry.id if entry else provider_id or None, model, listed, entry is not None)
        return entry, ref

    def _provider(self, provider_id: str) -> ProviderEntry | None:
        exact = next((entry for entry in self._providers if entry.id == provider_id), None)
        folded = provider_id.strip().lower()
        return exact or next((entry for entry in self._providers if entry.id.lower() == folded), None)

    def _through(self, route: Route, entry: ProviderEntry) -> Route:
        """The route with everything that its provider entry decides."""
        model = entry.model(route.ref.model)
        api_text, _ = entry.setting("api", model)
        own_url = self._version is None or self._version >= MODEL_BASE_URL_SEEN
        raw_url, url_path = entry.setting("baseUrl", model if own_url else None)
        base_url = self._values.resolve_text(raw_url if isinstance(raw_url, str) else "", url_path)
        # Blanks around it do no harm: measured on both OpenClaw lines.
        base_url = replace(base_url, value=base_url.value.strip())
        url = base_url.value
        configured = tuple(self._configured(entry, model))
        route = replace(
            route,
            provider_path=entry.path,
            api=api_text if isinstance(api_text, str) else Api.COMPLETIONS.value,
            base_url=base_url,
            headers=configured,
            portkey_signs=portkey_signs(entry, url),
        )
        key, external = self._entry_key(entry, route.agent)
        external = external or self._external_header(entry, model)
        route = replace(route, external_key=external)
        return self._with_request(route, entry, key, url, configured)

    def _with_request(
        self,
        route: Route,
        entry: ProviderEntry,
        key: _Key | None,
        url: str,
        configured: tuple[tuple[str, Resolved], ...],
    ) -> Route:
        api = _known_api(route.api)
        if api is None:
            return replace(route, refusal=Refusal.UNKNOWN_API)
        where = hosts.origin(url)
        loopback = where is not None and hosts.is_loopback(where.host)
        own = wire.key_headers(
            api, key.value if key else None, auth_header=entry.settings.get("authHeader") is True, loopback=loopback
        )
        texts = tuple((name, value.value) for name, value in configured)
        auth_header = entry.settings.get("authHeader") is True
        all_headers = wire.effective_headers(own, texts, api=api, has_key=key is not None, auth_header=auth_header)
        route = replace(
            route, credentials=tuple(_credentials(all_headers, own, key, configured, self._values.location))
        )
        refusal = self._refusal(route, key, where, loopback=loopback)
        if refusal is not None:
            return replace(route, refusal=refusal)
        request = WireRequest("POST", wire.request_url(api, url, self._version), all_headers, route.ref.model)
        return replace(route, request=request)

    def _refusal(self, route: Route, key: _Key | None, where: hosts.Origin | None, *, loopback: bool) -> Refusal | None:
        if where is None:
            return Refusal.INVALID_URL
        if key is None and route.external_key is None and not loopback:
            return Refusal.NO_KEY
        if key is not None and key.source is not None and _is_missing_variable(key.source):
            return Refusal.KEY_UNRESOLVED if wire.refuses_unresolved_key(self._version) else None
        return None

    def _entry_key(self, entry: ProviderEntry, agent: str) -> tuple[_Key | None, str | None]:
        """The entry's key, or the kind of store that keeps it out of sight; a saved profile may come before both."""
        raw = entry.settings.get("apiKey")
        path = (*entry.path, "apiKey")
        profile = next(
            (
                each
                for each in self._saved_profiles
                if each.provider_id.lower() == entry.id.lower() and each.agent in (None, agent)
            ),
            None,
        )
        # A newer OpenClaw does not use an agent's old file, and may not even start with it: nothing is known then.
        outdated = profile is not None and not profile.in_database and (self._version or (0,)) >= ENV_VARS_ONLY
        if profile is not None and (outdated or outranks(raw, self._version)):
            if profile.key is None or outdated:
                return None, "auth-profile"
            return _Key(profile.key, Resolved("", profile.key), "auth-profile", profile.location), None
        ref = references.secret_ref(raw)
        if self._values.is_out_of_sight(ref):
            return None, f"secret-{ref.source}" if ref is not None else None
        resolved = self._values.resolve(raw, path)
        if resolved is None or not resolved.value.strip():
            return None, None
        return _Key(resolved.value, resolved, *self._values.location(resolved)), None

    def _configured(self, entry: ProviderEntry, model: ModelEntry | None) -> Iterator[tuple[str, Resolved]]:
        request = entry.settings.get("request")
        auth = request.get("auth") if isinstance(request, dict) else None
        for name, prefix, value, setting in wire.request_auth_headers(auth):
            resolved = self._values.resolve(value, (*entry.path, "request", "auth", setting))
            if resolved is not None:
                yield name, replace(resolved, value=prefix + resolved.value)
        for name, value, path in entry.headers(model):
            resolved = self._values.resolve(value, path)
            if resolved is not None:
                yield name, resolved

    def _external_header(self, entry: ProviderEntry, model: ModelEntry | None) -> str | None:
        """The kind of store that a header with the key comes from, where its value cannot be seen here."""
        for name, value, _ in entry.headers(model):
            ref = references.secret_ref(value)
            if ref is not None and self._values.is_out_of_sight(ref) and name.lower() in _KEY_HEADERS:
                return f"secret-{ref.source}"
        return None


def _is_missing_variable(source: Resolved) -> bool:
    """Whether a value is a reference and nothing else, in OpenClaw's own form, and comes to nothing.

    Only such a key stops a turn: measured, a reference inside a text, or in another form, goes out as it is written.
    """
    return bool(source.unresolved) and source.raw.strip() in {f"${{{name}}}" for name in references.names(source.raw)}


def _known_api(text: str | None) -> Api | None:
    return next((api for api in Api if api.value == text), None)


def _credentials(
    sent: Headers,
    own: Headers,
    key: _Key | None,
    configured: tuple[tuple[str, Resolved], ...],
    location: Any,
) -> Iterator[Credential]:
    """The secrets that leave, in the order in which Portkey would read them."""
    configured_by_name = {name.lower(): resolved for name, resolved in configured}
    own_values = dict(own)
    by_name = {name.lower(): value for name, value in sent}
    for name in _KEY_HEADERS:
        value = by_name.get(name)
        if value is None:
            continue
        resolved = configured_by_name.get(name)
        if resolved is not None and resolved.value == value and own_values.get(name) != value:
            secret = value.removeprefix("Bearer ") if name == headers.AUTHORIZATION else value
            yield Credential(name, value, secret, resolved, *location(resolved))
        else:
            layer, where = (key.layer, key.location) if key else ("none", "")
            yield Credential(name, value, key.value if key else value, key.source if key else None, layer, where)
