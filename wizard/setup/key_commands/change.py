"""`key set`, `key move` and `key remove` up to the confirmation: which key, and what is to change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from wizard.base.errors import not_written, usage_error
from wizard.change.included import read_config_sources
from wizard.change.preview import preview
from wizard.change.reading import ConfigSource, refuse_unsafe
from wizard.keys.keyring_store import SERVICE, KeyringError, describe_keyring
from wizard.openclaw.env_layers import KEY_VARIABLE
from wizard.openclaw.seen import LayerName, SavedProfile
from wizard.setup.key import KeyAnswer
from wizard.setup.key_commands import notes
from wizard.setup.key_commands.look import Around, Request
from wizard.setup.key_commands.trial import try_key
from wizard.setup.key_commands.words import NOT_OURS, fingerprint, place_words
from wizard.stores.keyring import account_of
from wizard.stores.model import BACKUP_LAYER, KEYRING_LAYER, PROFILE_LAYER, KeyCopy, Storage, StoreContext
from wizard.stores.moving import REMOVABLE, Moving, plan_move, plan_remove, plan_set, sharing_entries, storage_of
from wizard.stores.precedence import heir
from wizard.terminal.words import joined

_LAYER_OF: Final = {
    Storage.OPENCLAW_ENV.value: LayerName.CONFIG.value,
    Storage.DOTENV.value: LayerName.STATE_DOTENV.value,
}


@dataclass(frozen=True)
class Prepared:
    """What is known before the confirmation; nothing was written yet.

    Attributes:
        around: what is there.
        source: the config as it was read.
        moving: the change, with what to know before saying yes.
        storage: where the key is put, or None where it is taken away only.
        diff: the change as text, secrets as handles.
        empties: whether a place that OpenClaw reads is meant, not backups alone.
        logouts: saved profiles in OpenClaw's database, which OpenClaw is asked to forget; undo knows none of it.
    """

    around: Around
    source: ConfigSource
    moving: Moving
    storage: Storage | None
    diff: str
    empties: bool = True
    logouts: tuple[SavedProfile, ...] = ()


def default_storage(around: Around) -> Storage:
    """The store that the key is in now, else `openclaw-env`."""
    winning = around.winning
    now = storage_of(winning) if winning is not None else None
    return Storage.OPENCLAW_ENV if now in (None, Storage.ENV) else now


def prepare_set(
    request: Request, around: Around, key: KeyAnswer, storage: Storage, given: Mapping[str, Any]
) -> Prepared:
    """Tries the key and plans its way into the store.

    Raises:
        UserError: the gateway refuses the key (2) or did not answer (3), or the config must not be written (4).
    """
    _refuse_unusable(storage, request)
    first = around.winner
    context = _context(around, request, first.handle if first else None, key.origin)
    if first is not None and first.provider_id not in context.provider_ids:
        # Its key comes from a secret provider of the user's; whoever sets a key wants it used.
        context = replace(context, provider_ids=(first.provider_id, *context.provider_ids))
    tried = () if given.get("no_verify") else try_key(around, context, key, request)
    source = read_config_sources(around.located, request.environment, request.vault)
    moving = plan_set(source, key.facts.handle, storage, around.found, context, request.vault)
    told = (*tried, *notes.on_set(around, moving, context, request.vault))
    return _prepared(request, around, source, moving, storage, told)


def prepare_move(request: Request, around: Around, storage: Storage) -> Prepared:
    """Plans the way of the key that OpenClaw uses into another store, and out of every other place of ours.

    Raises:
        UserError: there is no key, or nothing that OpenClaw reads would have it (2), or the config must not be
            written (4).
    """
    handle, origin = _key_to_move(around, request)
    context = _context(around, request, handle, origin)
    _refuse_unusable(storage, request)
    if storage is Storage.ENV:
        _refuse_invisible(handle, context)
    source = read_config_sources(around.located, request.environment, request.vault)
    moving = plan_move(source, handle, storage, around.found, context, request.vault)
    told = tuple(notes.on_move(around, moving, storage, context, request.vault))
    return _prepared(request, around, source, moving, storage, told)


def prepare_remove(request: Request, around: Around, layer: str | None) -> Prepared:
    """Plans to take the key out of one layer, or out of every one that is ours to write.

    Raises:
        UserError: the layer is not ours to change (2); the config must not be written, or the keyring was named and
            cannot be asked (4).
    """
    layers = _layers_to_empty(layer)
    shut = _keyring_trouble(around, request) if KEYRING_LAYER in layers else None
    if shut is not None and layer is not None:
        raise not_written(
            "The system's keyring cannot be asked for the key, so nothing was changed.",
            f"{shut.detail} Then run this command again.",
        )
    first = around.winner
    context = _context(around, request, first.handle if first else None, "")
    # Another entry's own key stays, unless its layer was asked for by name.
    found = tuple(
        copy
        for copy in around.found
        if layer is not None or copy.place[:2] != ("models", "providers") or copy.place[2] in context.provider_ids
    )
    source = read_config_sources(around.located, request.environment, request.vault)
    moving = plan_remove(source, layers, found, context, request.vault)
    logouts = _logouts(around) if layer == PROFILE_LAYER else ()
    forgotten = tuple(copy for copy in moving.left if any(_is_of(copy, profile) for profile in logouts))
    left = tuple(copy for copy in moving.left if copy not in forgotten)
    moving = replace(moving, gone=(*moving.gone, *forgotten), left=left)
    told = (*notes.on_remove(around, moving, context), *notes.on_shut_keyring(around, shut))
    prepared = _prepared(request, around, source, moving, None, told)
    return replace(prepared, empties=bool(layers), logouts=logouts)


def _logouts(around: Around) -> tuple[SavedProfile, ...]:
    """The saved profiles of the Portkey entries that only OpenClaw itself can take away.

    Raises:
        UserError: there are some, and no OpenClaw to ask; exit code 4.
    """
    ids = {entry.lower() for entry in around.entries}
    profiles = around.seen.saved_profiles
    found = tuple(each for each in profiles if each.in_database and each.provider_id.lower() in ids)
    if found and around.seen.install.executable is None:
        raise not_written(
            f"The saved key is in {found[0].location}, which only OpenClaw itself changes, and no openclaw is on PATH.",
            "Put the openclaw that made it on PATH, then run this command again.",
        )
    return found


def _is_of(copy: KeyCopy, profile: SavedProfile) -> bool:
    return copy.layer == PROFILE_LAYER and (copy.name, copy.location) == (profile.name, profile.location)


def _keyring_trouble(around: Around, request: Request) -> KeyringError | None:
    """Why the keyring cannot be asked for our entry, or None where it can."""
    try:
        request.keyring.read(SERVICE, account_of(around.located))
    except KeyringError as error:
        return error
    return None


def _context(around: Around, request: Request, handle: str | None, origin: str) -> StoreContext:
    """The context for a change of this key: the entries that share it."""
    context = StoreContext(around.located, around.seen, (), request.environment, origin)
    return replace(context, provider_ids=sharing_entries(context, handle))


def _prepared(
    request: Request,
    around: Around,
    source: ConfigSource,
    moving: Moving,
    storage: Storage | None,
    told: tuple[str, ...],
) -> Prepared:
    refuse_unsafe(source, notes.paths_in(moving.plan, source.path), around.seen.install.version)
    plan = replace(moving.plan, notes=told)
    diff = preview(plan, request.environment, request.vault)
    return Prepared(around, source, replace(moving, plan=plan), storage, diff)


def _key_to_move(around: Around, request: Request) -> tuple[str, str]:
    """The handle of the key in use, else of the only key that there is; and where it is."""
    first, winning = around.winner, around.winning
    if winning is not None and winning.handle is not None:
        return winning.handle, winning.location
    if first is not None and first.handle is not None:
        return first.handle, first.location
    if first is not None and first.layer.startswith(("secret-", PROFILE_LAYER)):
        where = place_words(winning.layer if winning is not None else first.layer)
        raise usage_error(
            f"The key is kept in {where}, and could not be read there.",
            "Put it into another store with: portkey-claw key set",
        )
    known = {copy.handle: copy.location for copy in around.found if copy.handle and copy.layer != BACKUP_LAYER}
    if len(known) == 1:
        return next(iter(known.items()))
    if known:
        marks = joined(sorted(filter(None, (fingerprint(handle, request.vault) for handle in known))))
        raise usage_error(
            f"OpenClaw uses none of the keys that were found ({marks}).", "Choose one with: portkey-claw key set"
        )
    raise usage_error("There is no key to move.", "Store one with: portkey-claw key set")


def _refuse_unusable(storage: Storage, request: Request) -> None:
    """A keyring that cannot take the key is told before anything is planned."""
    if storage is not Storage.KEYRING:
        return
    try:
        describe_keyring(request.environment)
    except KeyringError as error:
        raise not_written(
            f"The key cannot be kept in the system's keyring, so nothing was changed. {error.detail}",
            "Choose another store: openclaw-env or dotenv.",
        ) from None


def _refuse_invisible(handle: str, context: StoreContext) -> None:
    found = heir(context, (LayerName.CONFIG, LayerName.STATE_DOTENV))
    if found is None:
        raise usage_error(
            f"--to env: nothing else that OpenClaw reads has {KEY_VARIABLE}, so it would have no key.",
            "Set it in the environment that OpenClaw starts with, then run this command again.",
        )
    if found[1].value != handle:
        raise usage_error(
            f"--to env: {KEY_VARIABLE} in {found[0].location} is another key than the one in use.",
            "Change it there to the same key, then run this command again.",
        )


def _layers_to_empty(layer: str | None) -> tuple[str, ...]:
    if layer is None:
        return REMOVABLE
    layer = _LAYER_OF.get(layer, layer)
    if layer in REMOVABLE:
        return (layer,)
    if layer == BACKUP_LAYER:
        return ()
    if layer in NOT_OURS:
        raise usage_error(
            f"--from {layer}: that is not portkey-claw's to change.", f"To take the key away there, {NOT_OURS[layer]}."
        )
    raise usage_error("--from names no such layer.", f"Choose {', '.join((*REMOVABLE, BACKUP_LAYER))}.")
