"""What to know before a change of the key is confirmed: what stays behind, what wins over it, who keeps another key."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Final

from wizard.change.plan import EditConfig, Plan
from wizard.keys.keyring_store import KeyringError, KeyringTrouble
from wizard.keys.vault import Vault
from wizard.openclaw.env_layers import KEY_VARIABLE
from wizard.openclaw.seen import ConfigPath, LayerName
from wizard.setup.key import KEYS_PAGE
from wizard.setup.key_commands.look import Around
from wizard.setup.key_commands.words import NOT_OURS, copy_words, fingerprint, locations
from wizard.stores.backups import is_openclaws_record
from wizard.stores.model import PROFILE_LAYER, KeyCopy, Storage, StoreContext
from wizard.stores.moving import REMOVABLE, Moving
from wizard.stores.precedence import Stronger, heir
from wizard.terminal.words import joined

_FORGET: Final = "To take it away: portkey-claw key remove --from auth-profile"


def on_set(around: Around, moving: Moving, context: StoreContext, vault: Vault) -> Iterator[str]:
    """For a key that is put into a store."""
    yield from _on_entries(around, context, vault)
    yield from (_on_stronger(each, vault) for each in moving.stronger)
    old = [copy for copy in moving.left if copy.layer in REMOVABLE and not _is_among(copy, moving.stronger)]
    if old:
        yield (
            f"{joined(locations(old))} also {'has' if len(old) == 1 else 'have'} a key, which stays there. To have one "
            "key in one place: portkey-claw key move"
        )


def on_move(around: Around, moving: Moving, storage: Storage, context: StoreContext, vault: Vault) -> Iterator[str]:
    """For a key that changes its store."""
    yield from _on_entries(around, context, vault)
    yield from (_on_stronger(each, vault) for each in moving.stronger)
    other = [copy for copy in moving.gone if copy.handle not in (None, moving.handle)]
    if other:
        yield f"Another key goes away with it: {joined(sorted({_marked(copy, vault) for copy in other}))}."
    yield from _on_left([copy for copy in moving.left if not _is_among(copy, moving.stronger)])
    yield from _on_records(moving, (moving.handle, *(copy.handle for copy in moving.gone)))
    if storage is Storage.KEYRING and any(copy.path is not None for copy in moving.gone):
        yield (
            "The key has been readable in a file until now. If anybody else may have read it, make a new one at "
            f"{KEYS_PAGE} and store that: portkey-claw key set"
        )
    if storage is Storage.ENV and around.winner is not None:
        yield "OpenClaw's background gateway has an environment of its own: it needs the key there as well."


def on_remove(around: Around, moving: Moving, context: StoreContext) -> Iterator[str]:
    """For a key that is taken away."""
    taken = {copy.layer for copy in moving.gone}
    gone = [name for name in (LayerName.CONFIG, LayerName.STATE_DOTENV) if name in taken]
    in_use = any(copy.wins for copy in moving.gone)
    next_one = heir(context, gone)
    if in_use and next_one is not None and around.entries:
        yield f"OpenClaw then takes {KEY_VARIABLE} from {next_one[0].location}."
    elif in_use:
        yield "OpenClaw's requests through Portkey will fail until there is a key again: portkey-claw key set"
    left = [copy for copy in moving.left if copy.layer not in REMOVABLE or copy.layer == PROFILE_LAYER]
    yield from _on_left(left)
    yield from _on_records(moving, tuple(copy.handle for copy in moving.gone))


def on_shut_keyring(around: Around, shut: KeyringError | None) -> Iterator[str]:
    """For a key that is taken out of everything, with a keyring that could not be asked and may have an entry.

    A machine that has no keyring has none, unless the config refers to it.
    """
    if shut is None:
        return
    nowhere = shut.trouble in (KeyringTrouble.NO_BACKEND, KeyringTrouble.REFUSED_BACKEND)
    if around.seen.keyring_keys or not nowhere:
        yield (
            f"The system's keyring could not be asked, so a key in it stays: {shut.detail} "
            "To take it out later: portkey-claw key remove --from keyring"
        )


def paths_in(plan: Plan, path: Path) -> Iterator[ConfigPath]:
    """The places that a plan changes in one config."""
    for change in plan.changes:
        if isinstance(change, EditConfig) and change.path == path:
            yield from (operation.path for operation in change.operations)


def _on_entries(around: Around, context: StoreContext, vault: Vault) -> Iterator[str]:
    if around.seen.config.problem is None and not around.entries:
        yield "No provider entry goes to Portkey yet, so nothing uses the key. To make one: portkey-claw setup"
    for each in around.won:
        if each.provider_id not in context.provider_ids:
            mark = fingerprint(each.handle, vault)
            key = f"a key of its own ({mark})" if mark else "a key of its own"
            yield f"The entry {each.provider_id} has {key} and keeps it."


def _on_stronger(each: Stronger, vault: Vault) -> str:
    mark = fingerprint(each.handle, vault)
    if each.layer == PROFILE_LAYER:
        which = f" ({mark})" if mark else ""
        return (
            f"OpenClaw has saved another key itself{which}, and takes that one before any other ({each.location}). "
            f"{_FORGET}"
        )
    if each.handle is None:
        return f"{KEY_VARIABLE} is set and empty in {each.location}, which hides the key from OpenClaw there. Unset it."
    which = f"another key ({mark})" if mark else "another key"
    return (
        f"{KEY_VARIABLE} in {each.location} is {which}, and OpenClaw takes that one wherever it sees it. Remove it "
        "there, or change it to the same key."
    )


def _on_left(left: list[KeyCopy]) -> Iterator[str]:
    for copy in left:
        if copy.layer == PROFILE_LAYER:
            yield f"OpenClaw keeps a key that it saved itself. {_FORGET}"
        else:
            way = NOT_OURS.get(copy.layer, "take it out there by hand")
            yield f"A key stays in {copy_words(copy)}: {way}."


def _on_records(moving: Moving, handles: Collection[str | None]) -> Iterator[str]:
    for copy in moving.backups:
        if is_openclaws_record(copy) and copy.handle in handles:
            yield f"The key stays in {copy.location}, {copy.note}. Delete that file if nobody else may have it."


def _is_among(copy: KeyCopy, stronger: tuple[Stronger, ...]) -> bool:
    return any(
        copy.layer == each.layer
        and (copy.location == each.location or copy.location.rpartition(":")[0] == each.location)
        and each.name in ("", copy.name)
        for each in stronger
    )


def _marked(copy: KeyCopy, vault: Vault) -> str:
    mark = fingerprint(copy.handle, vault)
    return f"{mark} in {copy.location}" if mark else copy.location
