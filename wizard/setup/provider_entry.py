"""The provider entry of OpenClaw's config: created whole where it is missing, else mended field by field."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from wizard.change.edits import ConfigEdits
from wizard.openclaw.seen import ConfigPath
from wizard.portkey import headers, hosts
from wizard.portkey.catalogue import split_model
from wizard.route.model import Api
from wizard.setup.answers import Answers
from wizard.setup.models import Selection
from wizard.setup.names import readable_name
from wizard.stores.entries import Reference


def add_provider(edits: ConfigEdits, answers: Answers, selection: Selection, reference: Reference) -> None:
    """The operations that make the provider entry lead to the gateway.

    What the user has in it besides stays; listed models are dropped only where the answers are the whole of them.

    Args:
        edits: gathers the operations.
        answers: what was told.
        selection: the models.
        reference: what leads OpenClaw to the key.
    """
    _keep_other_providers(edits)
    path: ConfigPath = ("models", "providers", answers.provider_id)
    entry = edits.get(path)
    if entry is None:
        count = len(selection.models)
        edits.set(
            path,
            _new_entry(answers, selection, reference),
            f"provider {answers.provider_id}: {answers.api.value} to {answers.gateway.base_url}, key from "
            f"{_in_words(reference)}, {count} model{'s' if count > 1 else ''}",
        )
        return
    if isinstance(entry, Mapping):
        _Mending(edits, path, entry, answers, reference).mend(selection)
        return
    # Not an object: OpenClaw refuses it as it stands, so nothing of the user's can be lost.
    edits.set(
        path,
        _new_entry(answers, selection, reference),
        f"provider {answers.provider_id}, in the place of no valid entry",
    )


def _keep_other_providers(edits: ConfigEdits) -> None:
    """`models.mode` is set only where it is absent: `replace` is the user's own choice."""
    if edits.get(("models", "mode")) is None:
        edits.set(("models", "mode"), "merge", "models.mode merge: OpenClaw's own providers stay")


def _new_entry(answers: Answers, selection: Selection, reference: Reference) -> dict[str, Any]:
    sent = _wanted_headers(answers, {}, reference)
    return {
        "baseUrl": answers.gateway.base_url,
        "apiKey": reference,
        "api": answers.api.value,
        **({"headers": sent} if sent else {}),
        "models": _model_entries(selection.models, ()),
    }


@dataclass(frozen=True, slots=True)
class _Mending:
    """An entry that is there, on its way to what is wanted."""

    edits: ConfigEdits
    path: ConfigPath
    entry: Mapping[str, Any]
    answers: Answers
    reference: Reference

    def mend(self, selection: Selection) -> None:
        before = self.entry.get("baseUrl")
        was = f" (was {_harmless_url(before)})" if isinstance(before, str) else ""
        url = self.answers.gateway.base_url
        self.edits.set((*self.path, "baseUrl"), url, f"base URL {url}{was}")
        said = f"apiKey {_in_words(self.reference)}, in the place of what was there"
        self.edits.set((*self.path, "apiKey"), self.reference, said)
        was = f" (was {self.entry['api']})" if isinstance(self.entry.get("api"), str) else ""
        api = self.answers.api.value
        self.edits.set((*self.path, "api"), api, f"wire format {api}{was}")
        self._headers()
        self._models(selection)

    def _headers(self) -> None:
        present = self.entry.get("headers")
        known = present if isinstance(present, Mapping) else {}
        for name, value in _wanted_headers(self.answers, known, self.reference).items():
            # What stood in the metadata before is shown by the diff, which hides what has to be hidden.
            metadata = ", ".join(key for key, _ in self.answers.metadata)
            shown = metadata if name.lower() == headers.METADATA else _in_words(value)
            self.edits.set((*self.path, "headers", name), value, f"header {name}: {shown}")
        gone = [name for name in known if name.lower() in self.answers.cleared]
        if gone and len(gone) == len(known):
            self.edits.delete((*self.path, "headers"), f"header {', '.join(gone)} taken away")
            return
        for name in gone:
            self.edits.delete((*self.path, "headers", name), f"header {name} taken away")

    def _models(self, selection: Selection) -> None:
        place = (*self.path, "models")
        present = self.entry.get("models")
        if not isinstance(present, list):
            entries = _model_entries(selection.models, ())
            self.edits.set(place, entries, f"{len(selection.models)} models listed")
            return
        listed = [item for item in present if isinstance(item, Mapping)]
        ids = {item.get("id") for item in listed}
        names = [str(item.get("name")) for item in listed]
        for entry in _model_entries((name for name in selection.models if name not in ids), names):
            self.edits.append(place, entry, f"model {entry['id']} listed")
        if not self.answers.whole:
            return
        for number in reversed(range(len(present))):
            item = present[number]
            if isinstance(item, Mapping) and item.get("id") not in selection.models:
                self.edits.delete((*place, number), f"model {item.get('id')} no longer listed")


def _in_words(reference: Reference) -> str:
    return reference if isinstance(reference, str) else "the system's keyring"


def _model_entries(models: Any, taken: Any) -> list[dict[str, str]]:
    names = list(taken)
    entries = []
    for name in models:
        model = split_model(name)
        readable = readable_name(model.model, model.slug, names) if model else readable_name(name, None, names)
        names.append(readable)
        entries.append({"id": name, "name": readable})
    return entries


def _wanted_headers(answers: Answers, present: Mapping[str, Any], reference: Reference) -> dict[str, Reference]:
    """The headers to set, under the spelling that the entry already uses for them."""
    spelled = {name.lower(): name for name in present}
    wanted: dict[str, Reference] = {}

    def want(name: str, value: Reference) -> None:
        wanted[spelled.get(name, name)] = value

    # Towards Portkey the Anthropic format's own x-api-key counts for nothing, and a stale key in one of these headers
    # would be read before the entry's apiKey.
    if answers.api is Api.MESSAGES or headers.API_KEY in spelled or headers.AUTHORIZATION in spelled:
        want(headers.API_KEY, reference)
    if answers.config_id is not None:
        want(headers.CONFIG, answers.config_id)
    if answers.vendor is not None:
        want(headers.PROVIDER, answers.vendor)
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


def _harmless_url(url: str) -> str:
    where = hosts.origin(url)
    parts = hosts.split(url)
    return f"{where}{parts.path}" if where and parts else "something that is no URL"
