"""Is there a key at all, and does the reference to it come to anything?"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator

from wizard.diagnosis import view
from wizard.diagnosis.checks.registry import check, found
from wizard.diagnosis.checks.words import grouped, ids, key_command
from wizard.diagnosis.model import Confidence, Evidence, Finding, Remedy
from wizard.diagnosis.view import GatewayKind
from wizard.openclaw.env_layers import KEY_VARIABLE
from wizard.openclaw.seen import ConfigPath
from wizard.route.model import Credential, Hop, Reference, Refusal, Route


@check("PKC201")
def key_missing(evidence: Evidence) -> Iterator[Finding]:
    """There is no key."""
    for reason, routes in grouped(view.portkey_routes(evidence), lambda route: _why_missing(evidence, route)):
        if reason is None:
            continue
        path = routes[0].provider_path
        yield found(
            "PKC201",
            reason,
            Remedy(
                f'Give {".".join(map(str, path))} the key by apiKey: "${{{KEY_VARIABLE}}}"; portkey-claw key set asks '
                "for the key and does it.",
                (key_command(evidence),),
            ),
            where=view.where(evidence, path, key=True),
            route_ids=ids(routes),
            failure_class="key_missing",
            settled_by=Hop.KEY,
        )


def _why_missing(evidence: Evidence, route: Route) -> str | None:
    entry = route.ref.provider_id
    if route.external_key is not None or route.refusal in (Refusal.UNKNOWN_API, Refusal.INVALID_URL):
        return None
    if route.refusal is Refusal.NO_KEY:
        if view.portkey_credential(route) is not None:
            return (
                f"The entry {entry} has a key in a header but no apiKey. Towards a remote host OpenClaw then refuses "
                "to send anything; any value in apiKey will do."
            )
        return f"The entry {entry} has no apiKey and no header with a key; OpenClaw refuses to send anything."
    real = [credential for credential in route.credentials if credential.source is not None]
    if not real and view.gateway_kind(evidence, route) is GatewayKind.ACCOUNTS:
        return f"The entry {entry} has no apiKey and no header with a key; Portkey answers every request with 401."
    return None


@check("PKC202")
def key_reference_unresolved(evidence: Evidence) -> Iterator[Finding]:
    """The key is a reference that comes to nothing."""
    for source, routes in grouped(view.portkey_routes(evidence), _unresolved_source):
        if source is None:
            continue
        credential = _unresolved(routes[0])
        if credential is None or credential.source is None:
            continue
        reference = credential.source.unresolved[0]
        yield found(
            "PKC202",
            _sentence(routes[0], credential, reference),
            Remedy(*_remedy(evidence, reference)),
            confidence=Confidence.POSSIBLE if _env_is_elsewhere(evidence) else Confidence.CERTAIN,
            evidence=tuple(_looked_in(evidence, reference)),
            where=view.where(evidence, credential.source.path),
            route_ids=ids(routes),
            failure_class="key_unresolved",
            settled_by=Hop.KEY,
        )


def _unresolved(route: Route) -> Credential | None:
    """The credential that will be read, where a reference in it comes to nothing.

    Another one may stay unresolved: OpenClaw sends its text, and the gateway does not look at it.
    """
    credential = view.key_credential(route)
    if credential is not None and credential.source is not None and credential.source.unresolved:
        return credential
    if route.refusal is Refusal.KEY_UNRESOLVED:
        return next((each for each in route.credentials if each.source and each.source.unresolved), None)
    return None


def _unresolved_source(route: Route) -> ConfigPath | None:
    credential = _unresolved(route)
    return credential.source.path if credential is not None and credential.source is not None else None


def _sentence(route: Route, credential: Credential, reference: Reference) -> str:
    if not reference.substituted:
        return (
            f"{credential.source.raw if credential.source else reference.name} is not a form that OpenClaw "
            "substitutes: it wants ${NAME}, in capitals. The text goes out as it is written."
        )
    empty = " or is empty" if reference.layer else ""
    sent = f"the header {credential.header} carries the text ${{{reference.name}}} instead of a key"
    outcome = "OpenClaw refuses to send anything" if route.refusal is Refusal.KEY_UNRESOLVED else sent
    return f"No layer that OpenClaw reads sets {reference.name}{empty}; {outcome}."


def _remedy(evidence: Evidence, reference: Reference) -> tuple[str, tuple[str, ...]]:
    if not reference.substituted:
        name = re.sub(r"\W.*", "", reference.name.strip()).upper() or KEY_VARIABLE
        return f"Write ${{{name}}}, and set the variable under that name.", ()
    if reference.name == KEY_VARIABLE:
        text = "Store the key where OpenClaw reads it: portkey-claw key set asks for it and does it."
        return text, (key_command(evidence),)
    near = _near_variable(evidence, reference.name)
    if near:
        return f"Write ${{{near}}}, which is set, or set {reference.name}.", ()
    return f"Set {reference.name} in env.vars of the config, or in OpenClaw's .env.", ()


def _env_is_elsewhere(evidence: Evidence) -> bool:
    """Whether the config's variables may stand in another file, which is not read here."""
    places: tuple[ConfigPath, ...] = ((), ("env",), ("env", "vars"))
    return any(evidence.openclaw.config.get((*place, "$include")) is not None for place in places)


def _near_variable(evidence: Evidence, name: str) -> str | None:
    """The variable with almost this name that a layer does set."""
    known = {
        each
        for runtime in evidence.openclaw.runtimes
        for layer in runtime.layers
        for each, variable in layer.variables.items()
        if variable.value.strip() and each != name
    }
    return next(iter(difflib.get_close_matches(name, sorted(known), n=1, cutoff=0.8)), None)


def _looked_in(evidence: Evidence, reference: Reference) -> Iterator[str]:
    for runtime in evidence.openclaw.runtimes if reference.substituted else ():
        places = []
        for layer in runtime.layers:
            variable = layer.variables.get(reference.name)
            places.append(f"{layer.location} ({'empty' if variable is not None else 'not set'})")
        yield f"looked for {reference.name} in " + ", ".join(dict.fromkeys(places))
