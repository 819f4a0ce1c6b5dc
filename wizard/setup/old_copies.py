"""The copies of the key that stay where it was kept before, when setup puts it into another store."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any, Final

from wizard.openclaw.env_layers import KEY_VARIABLE
from wizard.openclaw.seen import KEYRING_PLACE, LayerName
from wizard.setup.answers import Answers
from wizard.setup.standing import standing_storage
from wizard.stores.model import Storage, StoreContext

# The stores that are files of OpenClaw's, by the layer that each is read as.
_LAYERS: Final = {LayerName.CONFIG: Storage.OPENCLAW_ENV, LayerName.STATE_DOTENV: Storage.DOTENV}


def notes_on_old_copies(
    answers: Answers, value: Any, context: StoreContext, told: Collection[str] = ()
) -> Iterator[str]:
    """Says where else a key is left, and the command that leaves it in one place.

    Args:
        answers: what was told.
        value: the config's plain value as it is now.
        context: the installation.
        told: the places that are spoken of already.
    """
    places = [place for place in dict.fromkeys(_left(answers, value, context)) if place not in told]
    if not places:
        return
    command = "portkey-claw key status"
    if answers.storage is not Storage.ENV:
        command = f"portkey-claw key move --to {answers.storage.value}"
    yield f"A Portkey key also stays in {' and in '.join(places)}. To have it in one place only: {command}"


def _left(answers: Answers, value: Any, context: StoreContext) -> Iterator[str]:
    layers, handle = context.seen.runtimes[0].layers, answers.key.facts.handle
    for layer in layers:
        store = _LAYERS.get(layer.name)
        variable = layer.variables.get(KEY_VARIABLE)
        if store is None or store is answers.storage or layer.name.value in answers.take_out or variable is None:
            continue
        # With `env` the key is where the user keeps it, which may be one of these files.
        kept_there = answers.storage is Storage.ENV and variable.value == handle
        if variable.value.strip() and not kept_there:
            yield layer.location
    if answers.storage is not Storage.KEYRING:
        standing = standing_storage(value, answers.provider_id, layers)
        if standing == Storage.KEYRING:
            yield KEYRING_PLACE
