"""What OpenClaw would take the key from once a change is made, worked out on the layers that were seen.

Source: the precedence of docs/facts/openclaw.md, section 7, as `env_layers.winner` has it; on 2026.5.7 a saved
auth profile comes before all of it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace

from wizard.openclaw.env_layers import KEY_VARIABLE, winner
from wizard.openclaw.profile_rank import before_references
from wizard.openclaw.seen import EnvLayer, LayerName, LayerVariable, Runtime
from wizard.stores import dotenv
from wizard.stores.model import Storage, StoreContext


@dataclass(frozen=True, slots=True)
class Stronger:
    """A key that OpenClaw would take before the one in a store.

    Attributes:
        layer: its layer, in the report's words.
        location: the place itself, in words.
        handle: the key's handle, or None where the value cannot be seen or is empty.
        name: the auth profile's name, or an empty text.
    """

    layer: str
    location: str
    handle: str | None
    name: str = ""


def stronger(
    handle: str, storage: Storage, context: StoreContext, gone: Collection[LayerName] = ()
) -> tuple[Stronger, ...]:
    """The keys with another value that would win over this one, once it is in that store.

    Args:
        handle: the key.
        storage: the store that it is put into.
        context: what was seen.
        gone: the layers from which the key is taken away in the same change.
    """
    return (*_profiles(handle, context), *_layers(handle, storage, context, gone))


def heir(context: StoreContext, gone: Collection[LayerName]) -> tuple[EnvLayer, LayerVariable] | None:
    """The layer that OpenClaw takes the variable from once it is gone from these, or None."""
    found = winner(_without(_cli_layers(context), gone), KEY_VARIABLE)
    return found if found is not None and found[1].value.strip() else None


def _profiles(handle: str, context: StoreContext) -> Iterator[Stronger]:
    ids = {provider_id.lower() for provider_id in context.provider_ids}
    for profile in before_references(context.seen):
        if profile.provider_id.lower() in ids and profile.key != handle:
            yield Stronger("auth-profile", profile.location, profile.key, profile.name)


def _layers(handle: str, storage: Storage, context: StoreContext, gone: Collection[LayerName]) -> Iterator[Stronger]:
    if storage is Storage.KEYRING:
        return
    layers = _without(_cli_layers(context), gone)
    target = _target(storage, context)
    if target is not None:
        layers = _with(layers, *target, handle)
    # One after the other, for each hides the next.
    while (found := winner(layers, KEY_VARIABLE)) is not None and found[1].value != handle:
        layer, variable = found
        yield Stronger(layer.name.value, layer.location, variable.value if variable.value.strip() else None)
        layers = tuple(each for each in layers if each is not layer)


def _target(storage: Storage, context: StoreContext) -> tuple[LayerName, str] | None:
    if storage is Storage.OPENCLAW_ENV:
        return LayerName.CONFIG, context.seen.config.path
    if storage is Storage.DOTENV:
        return LayerName.STATE_DOTENV, context.environment.display(dotenv.place(context))
    return None


def _cli_layers(context: StoreContext) -> tuple[EnvLayer, ...]:
    return next((each.layers for each in context.seen.runtimes if each.runtime is Runtime.CLI), ())


def _without(layers: Iterable[EnvLayer], gone: Collection[LayerName]) -> tuple[EnvLayer, ...]:
    return tuple(_changed(layer, None) if layer.name in gone else layer for layer in layers)


def _with(layers: Iterable[EnvLayer], name: LayerName, location: str, handle: str) -> tuple[EnvLayer, ...]:
    return tuple(
        _changed(layer, handle) if layer.name is name and layer.location == location else layer for layer in layers
    )


def _changed(layer: EnvLayer, handle: str | None) -> EnvLayer:
    kept = {name: variable for name, variable in layer.variables.items() if name != KEY_VARIABLE}
    return replace(layer, variables={**kept, KEY_VARIABLE: LayerVariable(handle)} if handle else kept)
