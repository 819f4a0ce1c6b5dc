"""The places in a provider entry that carry the Portkey key, and their turn to the store that the key is in.

Source: which settings carry a key, and which of them take a SecretRef, was measured on the wire and looked up in
`config schema` of 2026.5.7 and 2026.9.6, see docs/facts/openclaw.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from wizard.change.edits import ConfigEdits
from wizard.json5doc import format_path
from wizard.openclaw.config_view import PROVIDERS, ProviderEntry, provider_entry
from wizard.openclaw.env_layers import KEY_VARIABLE
from wizard.openclaw.references import names, secret_ref
from wizard.openclaw.seen import ConfigPath
from wizard.portkey import headers
from wizard.stores.model import StoreContext

VARIABLE_REFERENCE: Final = "${" + KEY_VARIABLE + "}"

Reference = str | dict[str, str]


@dataclass(frozen=True, slots=True)
class KeyPlace:
    """A setting of a provider entry that carries the Portkey key.

    Attributes:
        provider_id: the entry.
        path: the setting's place in the config.
        value: what stands there: a text, or a SecretRef.
        scheme: what stands before the key in it, such as `Bearer `, or an empty text.
        takes_ref: whether a SecretRef may stand there.
    """

    provider_id: str
    path: ConfigPath
    value: Any
    scheme: str = ""
    takes_ref: bool = True

    @property
    def secret(self) -> Any:
        """The value without the scheme before it."""
        return self.value[len(self.scheme) :] if isinstance(self.value, str) else self.value


def key_places(entry: ProviderEntry) -> tuple[KeyPlace, ...]:
    """Every setting of an entry that carries the Portkey key.

    Beside an `x-portkey-api-key` header, `apiKey` and `Authorization` may carry another vendor's key, which Portkey
    hands on: there they count only where they hold the same, or name the Portkey key's variable.
    """
    found = tuple(_candidates(entry))
    own = [place for place, header in found if header == headers.API_KEY]
    if not own:
        return tuple(place for place, _ in found)
    same = [place.secret for place in own]
    return tuple(
        place
        for place, header in found
        if header == headers.API_KEY or place.secret in same or KEY_VARIABLE in named_variables(place.value)
    )


def point_entries(edits: ConfigEdits, context: StoreContext, reference: Reference) -> None:
    """Makes the context's provider entries refer to the store: every place of the key in them that does not yet.

    An entry without any gets its `apiKey`. Where a SecretRef cannot stand (behind `Bearer `, among a model's own
    headers) the setting goes, and the entry sends the key as `x-portkey-api-key` instead.
    """
    for provider_id in context.provider_ids:
        settings = edits.get((*PROVIDERS, provider_id))
        if not isinstance(settings, Mapping):
            continue
        entry = provider_entry(provider_id, settings)
        places = key_places(entry)
        if not places:
            edits.set((*entry.path, "apiKey"), reference, _effect((*entry.path, "apiKey"), reference))
        for place in places:
            _point(edits, entry, place, reference)


def key_variables(entries: Iterable[ProviderEntry]) -> tuple[str, ...]:
    """The variables that carry the key: the usual one, then those that the entries' key places name."""
    named = (name for entry in entries for place in key_places(entry) for name in named_variables(place.value))
    return tuple(dict.fromkeys((KEY_VARIABLE, *named)))


def _candidates(entry: ProviderEntry) -> Iterator[tuple[KeyPlace, str]]:
    """Every setting that could carry a key, with the header that Portkey would read it from."""
    settings, request = entry.settings, entry.settings.get("request")
    if _is_key(settings.get("apiKey")):
        yield KeyPlace(entry.id, (*entry.path, "apiKey"), settings["apiKey"]), headers.AUTHORIZATION
    auth = request.get("auth") if isinstance(request, Mapping) else None
    if isinstance(auth, Mapping):
        path = (*entry.path, "request", "auth")
        if auth.get("mode") == "authorization-bearer" and _is_key(auth.get("token")):
            yield KeyPlace(entry.id, (*path, "token"), auth["token"]), headers.AUTHORIZATION
        name = str(auth.get("headerName", "")).lower()
        if auth.get("mode") == "header" and name in _KEY_HEADERS and _is_key(auth.get("value")):
            yield KeyPlace(entry.id, (*path, "value"), auth["value"], _scheme(auth["value"])), name
    seen: set[ConfigPath] = set()
    for model in (None, *entry.models):
        for name, value, path in entry.headers(model):
            if name.lower() in _KEY_HEADERS and _is_key(value) and path not in seen:
                seen.add(path)
                takes_ref = path[: len(entry.path) + 1] != (*entry.path, "models")
                yield KeyPlace(entry.id, path, value, _scheme(value), takes_ref), name.lower()


_KEY_HEADERS: Final = (headers.API_KEY, headers.AUTHORIZATION)


def _is_key(value: Any) -> bool:
    return secret_ref(value) is not None or (isinstance(value, str) and bool(value.strip()))


def _scheme(value: Any) -> str:
    if not isinstance(value, str):
        return ""
    scheme, space, _ = value.partition(" ")
    return scheme + space if space and scheme.lower() == "bearer" else ""


def named_variables(value: Any) -> tuple[str, ...]:
    """The variables that a key setting names."""
    ref = secret_ref(value)
    if ref is not None:
        return (ref.id,) if ref.source == "env" else ()
    return names(value) if isinstance(value, str) else ()


def _point(edits: ConfigEdits, entry: ProviderEntry, place: KeyPlace, reference: Reference) -> None:
    if _points_there(place, reference):
        return
    if isinstance(reference, str):
        edits.set(place.path, place.scheme + reference, _effect(place.path, reference))
    elif place.takes_ref and not place.scheme:
        edits.set(place.path, reference, _effect(place.path, reference))
    else:
        header = (*entry.path, "headers", _spelling(edits, entry))
        edits.delete(place.path, f"{format_path(place.path)} taken away: no reference to a keyring can stand there")
        edits.set(header, reference, _effect(header, reference))


def _points_there(place: KeyPlace, reference: Reference) -> bool:
    if isinstance(reference, dict):
        return bool(place.value == reference)
    ref = secret_ref(place.value)
    if ref is not None:
        return ref.source == "env" and ref.id == KEY_VARIABLE
    return bool(place.secret.strip() == reference)


def _spelling(edits: ConfigEdits, entry: ProviderEntry) -> str:
    """The header's name as the entry already writes it."""
    present = edits.get((*entry.path, "headers"))
    found = (name for name in present if name.lower() == headers.API_KEY) if isinstance(present, Mapping) else ()
    return next(iter(found), headers.API_KEY)


def _effect(path: ConfigPath, reference: Reference) -> str:
    what = reference if isinstance(reference, str) else "a reference to the system's keyring"
    return f"{format_path(path)}: {what}"
