"""Plans that put the key into a store, move it from one to another, or take it away."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from wizard.change.edits import ConfigEdits
from wizard.change.included import edits_for
from wizard.change.plan import Change, EditConfig, EditDotenv, ForgetSecret, Plan, RemoveVariable, Set
from wizard.change.reading import ConfigSource
from wizard.json5doc import format_path
from wizard.keys.keyring_store import SERVICE
from wizard.keys.vault import Vault
from wizard.openclaw.env_layers import KEY_VARIABLE
from wizard.openclaw.references import is_ours, secret_ref
from wizard.openclaw.resolver_file import PROVIDER_PLACE
from wizard.openclaw.seen import ConfigPath, LayerName
from wizard.stores import dotenv
from wizard.stores.entries import VARIABLE_REFERENCE, key_places, named_variables
from wizard.stores.model import (
    BACKUP_LAYER,
    HEADER_LAYER,
    KEYRING_LAYER,
    LITERAL_LAYER,
    PROFILE_LAYER,
    KeyCopy,
    Storage,
    StoreContext,
)
from wizard.stores.precedence import Stronger, stronger
from wizard.stores.registry import store
from wizard.stores.saved_profiles import without_profiles
from wizard.stores.spare_variables import is_only_the_keys
from wizard.stores.winners import portkey_entries, winners

_STORED_IN: Final = {
    LayerName.CONFIG.value: Storage.OPENCLAW_ENV,
    LayerName.STATE_DOTENV.value: Storage.DOTENV,
    KEYRING_LAYER: Storage.KEYRING,
}
# What the key can be taken out of: everything else belongs to the user's shell, to a service or to other programs.
REMOVABLE: Final = (*_STORED_IN, LITERAL_LAYER, HEADER_LAYER, PROFILE_LAYER)


@dataclass(frozen=True, slots=True)
class Moving:
    """A change of where the key is.

    Attributes:
        plan: what to do.
        handle: the key that is put somewhere, or None where it is only taken away.
        gone: the copies that the plan takes away or overwrites.
        left: the copies that it leaves, other than where the key is put; no backups.
        backups: the copies in files from before a change.
        stronger: keys with another value that will win over the new place.
        paths: the places of the config that change, those of included files as if they stood in it.
    """

    plan: Plan
    handle: str | None
    gone: tuple[KeyCopy, ...] = ()
    left: tuple[KeyCopy, ...] = ()
    backups: tuple[KeyCopy, ...] = ()
    stronger: tuple[Stronger, ...] = ()
    paths: tuple[ConfigPath, ...] = ()


def storage_of(copy: KeyCopy) -> Storage | None:
    """The store that a copy is in: `env` for an environment, None for a setting, a profile or a backup."""
    if copy.layer in (LayerName.PROCESS, LayerName.CWD_DOTENV, LayerName.GATEWAY_ENV_FILE):
        return Storage.ENV
    return _STORED_IN.get(copy.layer)


def sharing_entries(context: StoreContext, handle: str | None) -> tuple[str, ...]:
    """The Portkey entries whose key this is, or that name its variable or our keyring; others keep one of their own.

    Args:
        context: what was seen.
        handle: the key, or None where there is none yet.
    """
    if context.seen.config.problem is not None:
        return ()
    entries, won = portkey_entries(context.seen), winners(context.seen)
    found = []
    for entry in entries:
        places = key_places(entry)
        of_entry = [each for each in won if each.provider_id == entry.id]
        holds = handle is not None and any(each.handle == handle for each in of_entry)
        waits = all(each.layer == "none" for each in of_entry) and (bool(places) or len(entries) == 1)
        if holds or waits or any(_names_store(place.value) for place in places):
            found.append(entry.id)
    return tuple(found)


def plan_set(
    source: ConfigSource, handle: str, storage: Storage, found: Sequence[KeyCopy], context: StoreContext, vault: Vault
) -> Moving:
    """Puts a key into a store; other copies stay, and those that would win over it are told.

    Raises:
        UserError: a file cannot be read; exit code 4.
    """
    edits = ConfigEdits(source.value, vault.reveal)
    outside = store(storage).put(edits, handle, context)
    changes = (*outside, *_edit(source, edits))
    return _moving(changes, handle, storage, found, stronger(handle, storage, context), source, edits)


def plan_move(
    source: ConfigSource, handle: str, storage: Storage, found: Sequence[KeyCopy], context: StoreContext, vault: Vault
) -> Moving:
    """Puts the key into a store and takes it away from every other place that is ours to write.

    Raises:
        UserError: a file cannot be read; exit code 4.
    """
    edits = ConfigEdits(source.value, vault.reveal)
    outside = store(storage).put(edits, handle, context)
    taken: list[Change] = []
    for other in (Storage.OPENCLAW_ENV, Storage.DOTENV, Storage.KEYRING):
        if other is not storage and (other is not Storage.KEYRING or _has_keyring(found, source)):
            taken.extend(store(other).take_away(edits, context))
    # A keyring that has no such entry, or that nobody can open, need not forget it.
    known = {copy.name for copy in found if copy.layer == KEYRING_LAYER and copy.handle is not None}
    taken = [change for change in taken if not isinstance(change, ForgetSecret) or change.account in known]
    taken.extend(_other_names(edits, [copy for copy in found if copy.handle == handle], context))
    taken.extend(without_profiles(found, context))
    # The key is put first, then the references turn, and only then its old places are emptied.
    changes = _merged((*outside, *_edit(source, edits), *taken))
    emptied = {LayerName.CONFIG, LayerName.STATE_DOTENV} - {_LAYER_OF.get(storage)}
    ahead = stronger(handle, storage, context, emptied)
    return _moving(changes, handle, storage, found, ahead, source, edits)


def plan_remove(
    source: ConfigSource, layers: Collection[str], found: Sequence[KeyCopy], context: StoreContext, vault: Vault
) -> Moving:
    """Takes the key out of layers; the entries go on referring to it, and a literal key becomes a reference.

    Raises:
        UserError: a file cannot be read; exit code 4.
    """
    edits = ConfigEdits(source.value, vault.reveal)
    asked = [copy for copy in found if copy.layer in layers]
    taken: list[Change] = []
    if LayerName.CONFIG in layers:
        taken.extend(store(Storage.OPENCLAW_ENV).take_away(edits, context))
    if LayerName.STATE_DOTENV in layers:
        taken.extend(store(Storage.DOTENV).take_away(edits, context))
    taken.extend(_other_names(edits, asked, context))
    for copy in asked:
        if copy.layer in (LITERAL_LAYER, HEADER_LAYER):
            _refer(edits, copy)
        elif copy.layer == KEYRING_LAYER and copy.handle is not None:
            taken.append(ForgetSecret(SERVICE, copy.name, f"the key {copy.handle} taken out of the keyring"))
    taken.extend(without_profiles(asked, context))
    changes = _merged((*_edit(source, edits), *taken))
    return _moving(changes, None, None, found, (), source, edits)


_LAYER_OF: Final = {Storage.OPENCLAW_ENV: LayerName.CONFIG, Storage.DOTENV: LayerName.STATE_DOTENV}


def _names_store(value: object) -> bool:
    ref = secret_ref(value)
    return KEY_VARIABLE in named_variables(value) or (ref is not None and is_ours(ref))


def _has_keyring(found: Sequence[KeyCopy], source: ConfigSource) -> bool:
    """Whether our keyring entry, or what hands it to OpenClaw, is there: no other keyring is asked to forget."""
    bridge = ConfigEdits(source.value, str).get(PROVIDER_PLACE)
    return bridge is not None or any(copy.layer == KEYRING_LAYER for copy in found)


def _other_names(edits: ConfigEdits, found: Sequence[KeyCopy], context: StoreContext) -> Iterator[Change]:
    """The key under variables of other names, where nothing but the entries' key settings reads them."""
    for copy in found:
        if copy.name in ("", KEY_VARIABLE) or not is_only_the_keys(copy.name, edits, context):
            continue
        if copy.layer == LayerName.CONFIG:
            edits.delete(copy.place, f"{format_path(copy.place)} taken away")
        elif copy.layer == LayerName.STATE_DOTENV and copy.path is not None:
            digest = dotenv.digest(copy.path, context)
            yield EditDotenv(copy.path, digest, (RemoveVariable(copy.name, f"{copy.name} taken away"),))


def _refer(edits: ConfigEdits, copy: KeyCopy) -> None:
    before = edits.get(copy.place)
    scheme = "Bearer " if isinstance(before, str) and before.lower().startswith("bearer ") else ""
    effect = f"{format_path(copy.place)}: {VARIABLE_REFERENCE}, in the place of the key"
    edits.set(copy.place, scheme + VARIABLE_REFERENCE, effect)


def _edit(source: ConfigSource, edits: ConfigEdits) -> tuple[EditConfig, ...]:
    if not edits.operations:
        return ()
    private = any(
        isinstance(item, Set) and isinstance(item.value, str) and "‹" in item.value for item in edits.operations
    )
    return edits_for(source, edits.operations, edits.reveal, private=private)


def _merged(changes: Sequence[Change]) -> tuple[Change, ...]:
    """One write for each `.env` file, at its first place."""
    dotenvs: dict[Path, EditDotenv] = {}
    for change in changes:
        if isinstance(change, EditDotenv):
            known = dotenvs.setdefault(change.path, replace(change, operations=()))
            new = tuple(item for item in change.operations if item not in known.operations)
            dotenvs[change.path] = replace(known, operations=(*known.operations, *new))
    return tuple(
        dotenvs.pop(change.path) if isinstance(change, EditDotenv) else change
        for change in changes
        if not isinstance(change, EditDotenv) or change.path in dotenvs
    )


def _moving(
    changes: tuple[Change, ...],
    handle: str | None,
    storage: Storage | None,
    found: Sequence[KeyCopy],
    ahead: tuple[Stronger, ...],
    source: ConfigSource,
    edits: ConfigEdits,
) -> Moving:
    gone = tuple(copy for copy in found if _is_hit(copy, changes, ConfigEdits(source.value, str), edits))
    removed = {(copy.layer, copy.location, copy.name) for copy in gone}
    backups = tuple(copy for copy in found if copy.layer == BACKUP_LAYER)
    left = tuple(
        copy
        for copy in found
        if copy not in gone and copy not in backups and (storage is None or storage_of(copy) is not storage)
    )
    ahead = tuple(each for each in ahead if (each.layer, each.location, each.name) not in removed)
    paths = tuple(operation.path for operation in edits.operations)
    return Moving(Plan(changes), handle, gone, left, backups, ahead, paths)


def _is_hit(copy: KeyCopy, changes: tuple[Change, ...], before: ConfigEdits, after: ConfigEdits) -> bool:
    """Whether the changes take a copy away, or overwrite it."""
    if copy.place:
        return bool(before.get(copy.place) != after.get(copy.place))
    for change in changes:
        if isinstance(change, EditDotenv) and change.path == copy.path:
            return any(item.name == copy.name for item in change.operations)
        if isinstance(change, ForgetSecret) and copy.layer == KEYRING_LAYER and change.account == copy.name:
            return True
        if isinstance(change, EditConfig) and copy.layer == PROFILE_LAYER and change.path == copy.path:
            return any(item.path == ("profiles", copy.name) for item in change.operations)
    return False
