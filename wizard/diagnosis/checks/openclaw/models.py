"""Do the models that agents name go through Portkey, and do they leave with their slug?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from wizard.diagnosis import view
from wizard.diagnosis.checks.openclaw.config import includes
from wizard.diagnosis.checks.registry import check, found
from wizard.diagnosis.checks.words import grouped, ids, seen, set_command
from wizard.diagnosis.model import Confidence, Evidence, Finding, Remedy, Severity, Where
from wizard.openclaw.config_view import DEFAULT_MODEL, ProviderEntry, provider_entries
from wizard.portkey import headers
from wizard.portkey.answers import Meaning
from wizard.route.model import Hop, Route
from wizard.route.signs import SLUG_MODEL


@check("PKC106")
def default_model_bypasses_portkey(evidence: Evidence) -> Iterator[Finding]:
    """The default model does not go through Portkey."""
    entries = view.portkey_entries(evidence)
    if evidence.openclaw.config.problem is not None or not entries:
        return
    primary = next((route for route in evidence.routes if route.is_default and route.role == "primary"), None)
    if primary is not None and view.goes_to_portkey(evidence, primary):
        return
    # Of one agent's or one entry's routes the default's need not be one; it is then none of the user's business.
    if primary is None and (evidence.scope.agent, evidence.scope.provider) != (None, None):
        return
    used = bool(view.portkey_routes(evidence)) or _mentioned(evidence, entries)
    unseen = includes(evidence) or (primary is not None and view.is_open(primary))
    entry = entries[0]
    model = _meant(entries, primary)
    path = primary.ref.path if primary is not None and primary.ref.path else (*DEFAULT_MODEL, "primary")
    now = _present_model(primary)
    effect = "other models use Portkey" if used else f"no agent uses the entry {entry.id}, so nothing reaches Portkey"
    yield found(
        "PKC106",
        f"{now}; {effect}.",
        Remedy(f"Make {model} the default model.", set_command(evidence, path, model)),
        severity=Severity.INFO if used else Severity.ERROR,
        confidence=Confidence.POSSIBLE if unseen else Confidence.CERTAIN,
        where=_default_place(evidence, primary),
        route_ids=(primary.id,) if primary else (),
        failure_class="bypassed",
    )


@check("PKC108")
def model_ref_not_listed(evidence: Evidence) -> Iterator[Finding]:
    """The model leaves without its provider slug, because the listed model has another id."""
    for _, routes in grouped(view.portkey_routes(evidence), lambda route: route.ref.path):
        meant = slug_left_behind(evidence, routes[0])
        if meant is None:
            continue
        route = routes[0]
        exchange = view.call(evidence, route)
        refused = _refused_for_routing(evidence, route)
        ref = f"{route.ref.provider_id}/{meant}"
        yield found(
            "PKC108",
            f"{route.ref.text} sends the model string {route.ref.model}. The entry {route.ref.provider_id} lists "
            f"{meant}; without the slug Portkey does not know which provider is meant.",
            Remedy(f"Name the model {ref}.", set_command(evidence, route.ref.path, ref)),
            confidence=Confidence.CERTAIN if refused else Confidence.LIKELY,
            evidence=(seen(exchange),) if exchange is not None and refused else (),
            where=view.where(evidence, route.ref.path),
            route_ids=ids(routes),
            probe_ids=(exchange.probe_id,) if exchange is not None and refused else (),
            failure_class="http_400" if refused else "slug_missing",
            basis="live" if refused else "static",
            settled_by=Hop.GATEWAY,
        )


def slug_left_behind(evidence: Evidence, route: Route) -> str | None:
    """The one listed `@slug/model` that a ref without slug must mean, where nothing else routes it; else None."""
    if route.ref.listed or SLUG_MODEL.match(route.ref.model):
        return None
    entry = next((each for each in _entries(evidence) if each.id == route.ref.provider_id), None)
    candidates = [
        model.id
        for model in (entry.models if entry else ())
        if SLUG_MODEL.match(model.id) and model.id.endswith("/" + route.ref.model)
    ]
    if len(candidates) != 1:
        return None
    by_header = any(route.configured_header(name) is not None for name in headers.ROUTING)
    return None if by_header and not _refused_for_routing(evidence, route) else candidates[0]


def _refused_for_routing(evidence: Evidence, route: Route) -> bool:
    answer = view.call_answer(evidence, route)
    return answer is not None and answer.meaning is Meaning.ROUTING_MISSING


def _entries(evidence: Evidence) -> tuple[ProviderEntry, ...]:
    return provider_entries(evidence.openclaw.config)


def _present_model(primary: Route | None) -> str:
    if primary is None or not primary.ref.path:
        return "No default model is set"
    own = primary.ref.path[:2] != ("agents", "defaults")
    return (
        f"The agent {primary.agent} has the model {primary.ref.text} of its own"
        if own
        else (f"The default model is {primary.ref.text}")
    )


@check("PKC107")
def model_ref_unknown_provider(evidence: Evidence) -> Iterator[Finding]:
    """The model names a provider that OpenClaw does not know."""
    if evidence.openclaw.config.problem is not None or not view.portkey_entries(evidence):
        return
    for route in evidence.routes:
        meant = view.ref_meant(evidence, route)
        if meant is None:
            continue
        yield found(
            "PKC107",
            f"{route.ref.text} names no provider of this config; OpenClaw says “Unknown model” and sends nothing.",
            Remedy(f"Name the model {meant}.", set_command(evidence, route.ref.path, meant)),
            severity=Severity.ERROR if route.role == "primary" else Severity.WARNING,
            confidence=Confidence.POSSIBLE if includes(evidence) else Confidence.CERTAIN,
            where=view.where(evidence, route.ref.path),
            route_ids=(route.id,),
            failure_class="unknown_provider",
        )


def _mentioned(evidence: Evidence, entries: tuple[ProviderEntry, ...]) -> bool:
    """Whether any other setting names a model of a Portkey entry: a side model, a job, a hook, a channel's agent.

    What agents choose as their own model is in the routes already, with what overrides what.
    """
    prefixes = tuple(f"{entry.id}/" for entry in entries)
    value = evidence.openclaw.config.value
    sections = {name: part for name, part in value.items() if name not in ("models", "env", "secrets", "agents")}
    section = value.get("agents")
    for part in _agent_settings(section):
        sections[f"agent {len(sections)}"] = {name: item for name, item in part.items() if name != "model"}
    return _names_model(sections, prefixes)


def _agent_settings(section: object) -> Iterator[Mapping[str, Any]]:
    """The settings of the defaults and of every agent."""
    for holder in section.values() if isinstance(section, Mapping) else ():
        if isinstance(holder, Mapping):
            yield holder
            yield from (item for item in holder.values() if isinstance(item, Mapping) and "model" in item)
        elif isinstance(holder, list):
            yield from (item for item in holder if isinstance(item, Mapping))


def _names_model(value: object, prefixes: tuple[str, ...]) -> bool:
    if isinstance(value, str):
        return value.startswith(prefixes)
    if isinstance(value, list):
        return any(_names_model(item, prefixes) for item in value)
    if isinstance(value, dict):
        # `agents.defaults.models` lists what may be chosen, which is not choosing it.
        return any(
            _names_model(item, prefixes) for name, item in value.items() if name not in ("models", "modelPolicy")
        )
    return False


def _meant(entries: tuple[ProviderEntry, ...], primary: Route | None) -> str:
    """The listed model that the present default names without its provider, else the first listed one."""
    text = primary.ref.text if primary is not None else ""
    listed = [(entry, model.id) for entry in entries for model in entry.models]
    named = (pair for pair in listed if text and (pair[1] == text or pair[1].endswith("/" + text)))
    entry, model = next(named, listed[0] if listed else (entries[0], "@slug/model"))
    return f"{entry.id}/{model}"


def _default_place(evidence: Evidence, primary: Route | None) -> Where:
    path = primary.ref.path if primary is not None and primary.ref.path else DEFAULT_MODEL
    return view.where(evidence, path)
