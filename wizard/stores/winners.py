"""Which copy of the key OpenClaw takes for each provider entry that goes to Portkey."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from wizard.openclaw.config_view import ProviderEntry, agents, provider_entries
from wizard.openclaw.seen import OpenClawSeen, Runtime
from wizard.route.model import Route
from wizard.route.resolve import resolve_routes


@dataclass(frozen=True, slots=True)
class Winner:
    """What OpenClaw takes as the key of a provider entry.

    Attributes:
        provider_id: the entry.
        agent: for which agent.
        layer: where it is from, in the report's words; `none` where there is no key.
        location: that place, in words; empty where it is not known.
        handle: the value's handle, or None where there is none or it cannot be seen from here.
        on_route: whether an agent uses the entry.
    """

    provider_id: str
    agent: str
    layer: str
    location: str
    handle: str | None
    on_route: bool


def portkey_entries(seen: OpenClawSeen) -> tuple[ProviderEntry, ...]:
    """The provider entries that are taken for ones that go to a Portkey gateway, those that agents use first."""
    routes = _real_routes(seen)
    used = [route.provider_path for route in routes if route.portkey_signs]
    found = [
        entry
        for entry in provider_entries(seen.config)
        if any(route.portkey_signs for route in routes if route.provider_path == entry.path)
        or any(route.portkey_signs for route in _routes_through(entry, seen))
    ]
    return tuple(sorted(found, key=lambda entry: used.index(entry.path) if entry.path in used else len(used)))


def winners(seen: OpenClawSeen) -> tuple[Winner, ...]:
    """One winner for each Portkey entry and agent; the default agent's primary route first."""
    routes = _real_routes(seen)
    found: dict[tuple[str, str], Winner] = {}
    by_path = {entry.path: entry for entry in portkey_entries(seen)}
    for route in routes:
        entry = by_path.get(route.provider_path)
        if entry is not None:
            found.setdefault((entry.id, route.agent), _winner(route, entry.id, on_route=True))
    reached = {provider_id for provider_id, _ in found}
    for entry in by_path.values():
        if entry.id not in reached:
            for route in _routes_through(entry, seen):
                found.setdefault((entry.id, route.agent), _winner(route, entry.id, on_route=False))
    return tuple(found.values())


def _real_routes(seen: OpenClawSeen) -> tuple[Route, ...]:
    return tuple(route for route in resolve_routes(seen) if route.runtime in (Runtime.CLI, "both"))


def _routes_through(entry: ProviderEntry, seen: OpenClawSeen) -> Iterator[Route]:
    """The route that the default agent would have if it used this entry."""
    model = entry.models[0].id if entry.models else "model"
    agent = agents(seen.config)[0].id
    value = dict(seen.config.value)
    value["agents"] = {"list": [{"id": agent, "model": f"{entry.id}/{model}"}]}
    asked = replace(seen, config=replace(seen.config, value=value))
    yield from (route for route in _real_routes(asked) if route.provider_path == entry.path)


def _winner(route: Route, provider_id: str, *, on_route: bool) -> Winner:
    credential = route.credentials[0] if route.credentials else None
    if route.external_key is not None and (credential is None or not is_handle(credential.secret)):
        return Winner(provider_id, route.agent, route.external_key, "", None, on_route)
    if credential is None or not is_handle(credential.secret):
        return Winner(provider_id, route.agent, "none", "", None, on_route)
    return Winner(provider_id, route.agent, credential.layer, credential.location, credential.secret, on_route)


def is_handle(text: str) -> bool:
    """Whether a redacted text is one secret's handle and nothing else."""
    return text.startswith("‹") and text.endswith("›") and text.count("‹") == 1
