"""Variables of the user's own naming that hold the key: which of them nothing else reads."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any, Final

from wizard.change.edits import ConfigEdits
from wizard.openclaw.config_view import PROVIDERS, provider_entry
from wizard.openclaw.references import all_names
from wizard.openclaw.seen import ConfigPath
from wizard.stores.entries import key_places
from wizard.stores.model import StoreContext

# OpenClaw and other programs read variables such as OPENAI_API_KEY by name alone.
_OURS_BY_NAME: Final = "PORTKEY"


def is_only_the_keys(name: str, edits: ConfigEdits, context: StoreContext) -> bool:
    """Whether a variable is the Portkey key's by name, and only the key settings of the context's entries name it."""
    if _OURS_BY_NAME not in name:
        return False
    value = copy.deepcopy(edits.get(()))
    for provider_id in context.provider_ids:
        settings = edits.get((*PROVIDERS, provider_id))
        if isinstance(settings, Mapping):
            for place in key_places(provider_entry(provider_id, settings)):
                _blank(value, place.path)
    return name not in all_names(value)


def _blank(value: Any, path: ConfigPath) -> None:
    for step in path[:-1]:
        value = value[step]
    value[path[-1]] = None
