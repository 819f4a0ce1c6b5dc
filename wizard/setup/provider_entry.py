"""The provider entry of OpenClaw's config: created whole where it is missing, else mended field by field."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from wizard.base.errors import usage_error
from wizard.openclaw.config_view import provider_entry
from wizard.openclaw.env_layers import KEY_VARIABLE
from wizard.openclaw.seen import ConfigPath
from wizard.portkey import headers, hosts
from wizard.portkey.catalogue import split_model
from wizard.portkey.hosts import HostKind
from wizard.route.model import Api
from wizard.route.signs import portkey_signs
from wizard.setup.answers import Answers
from wizard.setup.edits import Edits
from wizard.setup.models import Selection
from wizard.setup.names import readable_name

_REFERENCE: Final = "${" + KEY_VARIABLE + "}"


def add_provider(edits: Edits, answers: Answers, selection: Selection) -> None:
    """The operations that make the provider entry lead to the gateway.

    What the user has in it besides stays; listed models are never dropped.

    Raises:
        UserError: an entry of this name leads to something that is no Portkey gateway; exit code 2.
    """
    _keep_other_providers(edits)
    path: ConfigPath = ("models", "providers", answers.provider_id)
    entry = edits.get(path)
    if entry is None:
        count = len(selection.models)
        edits.set(
            path,
            _new_entry(answers, selection),
            f"provider {answers.provider_id}: {answers.api.value} to {answers.gateway.base_url}, key from "
            f"{_REFERENCE}, {count} model{'s' if count > 1 else ''}",
        )
        return
    if isinstance(entry, Mapping):
        _refuse_foreign(entry, answers)
        _mend(edits, path, entry, answers, selection)
        return
    # Not an object: OpenClaw refuses it as it stands, so nothing of the user's can be lost.
    edits.set(path, _new_entry(answers, selection), f"provider {answers.provider_id}, in the place of no valid entry")


def _keep_other_providers(edits: Edits) -> None:
    """`models.mode` is set only where it is absent: `replace` is the user's own choice."""
    if edits.get(("models", "mode")) is None:
        edits.set(("models", "mode"), "merge", "models.mode merge: OpenClaw's own providers stay")


def _new_entry(answers: Answers, selection: Selection) -> dict[str, Any]:
    sent = _wanted_headers(answers, {})
    return {
        "baseUrl": answers.gateway.base_url,
        "apiKey": _REFERENCE,
        "api": answers.api.value,
        **({"headers": sent} if sent else {}),
        "models": _model_entries(selection.models, ()),
    }


def _mend(edits: Edits, path: ConfigPath, entry: Mapping[str, Any], answers: Answers, selection: Selection) -> None:
    before = entry.get("baseUrl")
    was = f" (was {_harmless_url(before)})" if isinstance(before, str) else ""
    edits.set((*path, "baseUrl"), answers.gateway.base_url, f"base URL {answers.gateway.base_url}{was}")
    edits.set((*path, "apiKey"), _REFERENCE, f"apiKey {_REFERENCE}, in the place of what was there")
    was = f" (was {entry['api']})" if isinstance(entry.get("api"), str) else ""
    edits.set((*path, "api"), answers.api.value, f"wire format {answers.api.value}{was}")
    _mend_headers(edits, path, entry.get("headers"), answers)
    _mend_models(edits, path, entry.get("models"), selection)


def _mend_headers(edits: Edits, path: ConfigPath, present: Any, answers: Answers) -> None:
    known = present if isinstance(present, Mapping) else {}
    for name, value in _wanted_headers(answers, known).items():
        # What stood in the metadata before is shown by the diff, which hides what has to be hidden.
        shown = ", ".join(key for key, _ in answers.metadata) if name.lower() == headers.METADATA else value
        edits.set((*path, "headers", name), value, f"header {name}: {shown}")


def _mend_models(edits: Edits, path: ConfigPath, present: Any, selection: Selection) -> None:
    place = (*path, "models")
    if not isinstance(present, list):
        edits.set(place, _model_entries(selection.models, ()), f"{len(selection.models)} models listed")
        return
    listed = [item for item in present if isinstance(item, Mapping)]
    ids = {item.get("id") for item in listed}
    names = [str(item.get("name")) for item in listed]
    for entry in _model_entries((name for name in selection.models if name not in ids), names):
        edits.append(place, entry, f"model {entry['id']} listed")


def _model_entries(models: Any, taken: Any) -> list[dict[str, str]]:
    names = list(taken)
    entries = []
    for name in models:
        model = split_model(name)
        readable = readable_name(model.model, model.slug, names) if model else readable_name(name, None, names)
        names.append(readable)
        entries.append({"id": name, "name": readable})
    return entries


def _wanted_headers(answers: Answers, present: Mapping[str, Any]) -> dict[str, str]:
    """The headers to set, under the spelling that the entry already uses for them."""
    spelled = {name.lower(): name for name in present}
    wanted: dict[str, str] = {}

    def want(name: str, value: str) -> None:
        wanted[spelled.get(name, name)] = value

    # Towards Portkey the Anthropic format's own x-api-key counts for nothing, and a stale key in one of these headers
    # would be read before the entry's apiKey.
    if answers.api is Api.MESSAGES or headers.API_KEY in spelled or headers.AUTHORIZATION in spelled:
        want(headers.API_KEY, _REFERENCE)
    if answers.config_id is not None:
        want(headers.CONFIG, answers.config_id)
    if answers.trace_id is not None:
        want(headers.TRACE_ID, answers.trace_id)
    if answers.metadata:
        before = present.get(spelled.get(headers.METADATA, ""))
        want(headers.METADATA, _metadata(before, answers.metadata))
    return wanted


def _metadata(before: Any, given: tuple[tuple[str, str], ...]) -> str:
    """The header's JSON text with the given keys in it; a header carries Latin-1 only, so the rest is escaped."""
    try:
        known = json.loads(before) if isinstance(before, str) else {}
    except (ValueError, RecursionError):
        known = {}
    merged = {**(known if isinstance(known, dict) else {}), **dict(given)}
    return before if isinstance(before, str) and merged == known else json.dumps(merged, separators=(",", ":"))


def _refuse_foreign(entry: Mapping[str, Any], answers: Answers) -> None:
    """An entry that certainly leads elsewhere is somebody's working provider."""
    url = entry.get("baseUrl")
    where = hosts.origin(url) if isinstance(url, str) else None
    if where is None or where == answers.gateway.origin or _leads_to_portkey(entry, answers.provider_id, str(url)):
        return
    if hosts.kind(where.host) in (HostKind.VENDOR, HostKind.OTHER, HostKind.LOOPBACK):
        raise usage_error(
            f"The provider {answers.provider_id} already leads to {where}, which does not look like Portkey.",
            "Choose another name with --provider-id, or remove that entry.",
        )


def _leads_to_portkey(entry: Mapping[str, Any], provider_id: str, url: str) -> bool:
    return bool(portkey_signs(provider_entry(provider_id, entry), url))


def _harmless_url(url: str) -> str:
    where = hosts.origin(url)
    parts = hosts.split(url)
    return f"{where}{parts.path}" if where and parts else "something that is no URL"
