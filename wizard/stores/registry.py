"""The stores' modules by their storage."""

from __future__ import annotations

from importlib import import_module
from typing import Final, Protocol, cast

from wizard.change.edits import ConfigEdits
from wizard.change.plan import Change
from wizard.stores.entries import Reference
from wizard.stores.model import Storage, StoreContext


class Store(Protocol):
    """What every store's module offers."""

    def put(self, edits: ConfigEdits, handle: str, context: StoreContext) -> tuple[Change, ...]:
        """Puts the key there and makes the entries refer to it; the changes outside the config are given back."""

    def take_away(self, edits: ConfigEdits, context: StoreContext) -> tuple[Change, ...]:
        """Takes the key away from there; the changes outside the config are given back."""

    def reference(self, context: StoreContext) -> Reference:
        """What belongs into the `apiKey` (or a key header) of an entry whose key is kept there."""


_MODULES: Final = {
    Storage.OPENCLAW_ENV: "openclaw_env",
    Storage.KEYRING: "keyring",
    Storage.DOTENV: "dotenv",
    Storage.ENV: "surroundings",
}


def store(storage: Storage) -> Store:
    """The store of that name."""
    return cast("Store", import_module(f"wizard.stores.{_MODULES[storage]}"))


def reference(storage: Storage, context: StoreContext) -> Reference:
    """What belongs into the `apiKey` (or a key header) of an entry whose key is kept in that store."""
    return store(storage).reference(context)
