"""The other provider entries that take the key from the same store, and so get the new one with it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from wizard.openclaw.env_layers import KEY_VARIABLE
from wizard.openclaw.references import is_ours, secret_ref
from wizard.openclaw.seen import LayerName
from wizard.setup.answers import Answers
from wizard.stores.entries import key_places, named_variables
from wizard.stores.model import Storage, StoreContext
from wizard.stores.winners import portkey_entries

_LAYERS: Final = {Storage.OPENCLAW_ENV: LayerName.CONFIG, Storage.DOTENV: LayerName.STATE_DOTENV}


def notes_on_sharing(answers: Answers, context: StoreContext) -> Iterator[str]:
    """Says which entries a key that takes another one's place is put under as well.

    Args:
        answers: what was told.
        context: the installation.
    """
    if not _replaces_another(answers, context):
        return
    names = [
        entry.id
        for entry in portkey_entries(context.seen)
        if entry.id != answers.provider_id
        and any(_is_kept_in(answers.storage, place.value) for place in key_places(entry))
    ]
    if names:
        whose = "entry" if len(names) == 1 else "entries"
        verb = "takes its" if len(names) == 1 else "take their"
        yield f"The {whose} {', '.join(names)} {verb} key from the same place, and will use the new one too."


def _replaces_another(answers: Answers, context: StoreContext) -> bool:
    handle, layer = answers.key.facts.handle, _LAYERS.get(answers.storage)
    if answers.storage is Storage.KEYRING:
        return any(key.handle not in (None, handle) for key in context.seen.keyring_keys)
    variables = (
        each.variables[KEY_VARIABLE].value
        for each in context.seen.runtimes[0].layers
        if each.name is layer and KEY_VARIABLE in each.variables
    )
    return any(value.strip() and value != handle for value in variables)


def _is_kept_in(storage: Storage, value: Any) -> bool:
    if storage is Storage.KEYRING:
        ref = secret_ref(value)
        return ref is not None and is_ours(ref)
    return KEY_VARIABLE in named_variables(value)
