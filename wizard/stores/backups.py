"""Files that hold the key although no request reads them: OpenClaw's backups, its old copies, our own before-images.

Source: OpenClaw 2026.5.7 and 2026.9.6 keep `NAME.bak`, `.bak.1` to `.bak.4` and `.last-good` beside the config, and
`NAME.bak` beside a file that it includes; 2026.3.13 writes a literal key into `agents/<id>/agent/models.json`, 2026.5.7
a variable of another name than the usual into its records of turns. See docs/facts/openclaw.md, section 22.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from wizard.base import limits
from wizard.base.environment import Environment
from wizard.base.errors import not_written
from wizard.base.files import UnreadableFileError, read_bytes, read_text
from wizard.change.journal import history, images_with, prune_images
from wizard.change.ledger import image_path
from wizard.change.originals import all_originals
from wizard.change.reversal import PRUNED_MARK
from wizard.keys.keyring_store import Keyring, KeyringError
from wizard.keys.vault import Vault
from wizard.openclaw.config_file import parse_config
from wizard.openclaw.config_view import provider_entries
from wizard.openclaw.dotenv import parse_dotenv
from wizard.openclaw.env_layers import KEY_VARIABLE
from wizard.openclaw.locate import Located
from wizard.openclaw.seen import KEYRING_PLACE, ConfigFile
from wizard.route.signs import portkey_signs
from wizard.stores.config_files import config_paths
from wizard.stores.entries import key_places, key_variables
from wizard.stores.model import BACKUP_LAYER, KeyCopy
from wizard.stores.winners import is_handle

_RING: Final = (".bak", ".bak.1", ".bak.2", ".bak.3", ".bak.4", ".last-good")
_OPENCLAW_COPIES: Final = "agents/*/agent/models.json"
_RECORDS: Final = "agents/*/sessions/*.trajectory.jsonl"
# Records of turns are looked through from the newest on until this much was read: a look around must stay quick.
_RECORD_BYTES: Final = 32 * 2**20
_OF_ENTRIES: Final = "OpenClaw's own copy of provider entries"
_OF_A_TURN: Final = "OpenClaw's record of a turn"


def backups_beside(path: Path) -> tuple[Path, ...]:
    """OpenClaw's backups of one of its files, those that are there."""
    ring = (path.with_name(path.name + ending) for ending in _RING)
    return tuple(each for each in ring if os.path.lexists(each))


def is_openclaws_record(copy: KeyCopy) -> bool:
    """Whether OpenClaw writes this copy for itself, and no change of ours takes the key out of it."""
    return copy.layer == BACKUP_LAYER and copy.note in (_OF_ENTRIES, _OF_A_TURN)


def in_openclaw_backups(
    located: Located, known: Iterable[str], environment: Environment, vault: Vault
) -> Iterator[KeyCopy]:
    """OpenClaw's backups of its config's files, and its own copies of provider entries, that hold a key.

    Args:
        located: OpenClaw's files.
        known: the handles of the keys that were met elsewhere.
        environment: for the paths' names.
        vault: keeps the keys.
    """
    handles = tuple(dict.fromkeys(known))
    for path in _ring(located, environment):
        yield from _in_backup(path, handles, "OpenClaw's backup of its config", environment, vault)
    for path in sorted(located.state_dir.glob(_OPENCLAW_COPIES)):
        yield from _in_backup(path, handles, _OF_ENTRIES, environment, vault)
    yield from _in_records(located, handles, environment, vault)


def in_before_images(
    known: Iterable[str], environment: Environment, vault: Vault, keyring: Keyring | None
) -> Iterator[KeyCopy]:
    """What we keep from before a change and that holds a key: files, and entries of the keyring.

    Args:
        known: the handles of the keys that were met elsewhere; those that the files show by their structure join them.
        environment: whose files they are.
        vault: keeps the keys.
        keyring: where old values of keyring entries are kept, or None where it is not to be asked.
    """
    shown = (handle for path in _images(environment) for handle in _keys_in(path, vault))
    for handle in dict.fromkeys((*known, *shown)):
        for path in images_with(vault.reveal(handle), environment):
            note = "portkey-claw's file from before a change"
            yield KeyCopy(BACKUP_LAYER, environment.display(path), handle, note=note, path=path)
    yield from _kept(environment, vault, keyring)


def _kept(environment: Environment, vault: Vault, keyring: Keyring | None) -> Iterator[KeyCopy]:
    """Old values of our keyring entries, which `undo` would bring back."""
    if keyring is None:
        return
    for record in (each for entry in history(environment) for each in entry.secrets):
        if record.kept is None or record.pruned:
            continue
        try:
            value = keyring.read(record.service, record.kept)
        except KeyringError:
            return
        if value:
            handle = vault.take(value, KEYRING_PLACE).handle
            where, note = f"entry {record.kept} of {record.service}", "kept in the keyring from before a change"
            yield KeyCopy(BACKUP_LAYER, where, handle, note=note, name=record.kept)


def _images(environment: Environment) -> Iterator[Path]:
    for entry in history(environment):
        for record in entry.files:
            path = image_path(entry.id, record, environment)
            if path is not None:
                yield path
    yield from (path for _, path in all_originals(environment))


def _keys_in(path: Path, vault: Vault) -> Iterator[str]:
    """The keys in a copy of a config or of a `.env` file, by handle."""
    try:
        file = read_text(path, limit=limits.CONFIG_BYTES, lenient=True)
    except UnreadableFileError:
        return
    parsed = parse_config(file, path.name, "", vault)
    if parsed.problem is None:
        yield from (handle for handle in _own_keys(parsed) if vault.reveal(handle) != PRUNED_MARK)
        return
    value = parse_dotenv(file.text).get(KEY_VARIABLE, ("", 0))[0]
    if value.strip() and value != PRUNED_MARK:
        yield vault.take(value, path.name).handle


def prunable(
    located: Located, handles: Iterable[str], environment: Environment, vault: Vault, keyring: Keyring | None
) -> tuple[KeyCopy, ...]:
    """The backups that hold one of these keys and that can lose it: OpenClaw's ring, and our before-images.

    OpenClaw's own copies of provider entries are none: it writes them again.
    """
    known, beside = tuple(dict.fromkeys(handles)), _ring(located, environment)
    ring = (
        copy
        for copy in in_openclaw_backups(located, known, environment, vault)
        if copy.handle in known and copy.path in beside
    )
    ours = (copy for copy in in_before_images(known, environment, vault, keyring) if copy.handle in known)
    return (*ring, *ours)


def prune(
    found: Iterable[KeyCopy], located: Located, environment: Environment, vault: Vault, keyring: Keyring | None
) -> tuple[str, ...]:
    """Removes OpenClaw's backups, and takes the keys out of our before-images. Neither can be taken back.

    Args:
        found: what `prunable` gave.
        located: OpenClaw's files.
        environment: whose files they are.
        vault: reveals the keys.
        keyring: where old values of keyring entries are kept.

    Returns:
        The places that held a key and do no more.

    Raises:
        UserError: a file may not be removed; exit code 4. Those before it are gone.
    """
    ring, done = _ring(located, environment), []
    for copy in found:
        if copy.path in ring and copy.path is not None:
            _remove(copy.path, environment)
        elif copy.handle is not None:
            prune_images(vault.reveal(copy.handle), environment, keyring)
        done.append(copy.location)
    return tuple(dict.fromkeys(done))


def _ring(located: Located, environment: Environment) -> tuple[Path, ...]:
    return tuple(copy for path in config_paths(located, environment) for copy in backups_beside(path))


def _in_records(located: Located, known: tuple[str, ...], environment: Environment, vault: Vault) -> Iterator[KeyCopy]:
    left, secrets = _RECORD_BYTES, {handle: vault.reveal(handle).encode(errors="replace") for handle in known}
    for path in sorted(located.state_dir.glob(_RECORDS), key=_age) if known else ():
        try:
            data, _ = read_bytes(path, limit=left)
        except UnreadableFileError:
            continue
        left -= len(data)
        for handle in (handle for handle, secret in secrets.items() if secret in data):
            yield KeyCopy(BACKUP_LAYER, environment.display(path), handle, note=_OF_A_TURN, path=path)


def _age(path: Path) -> float:
    try:
        return -path.lstat().st_mtime
    except OSError:
        return 0.0


def _remove(path: Path, environment: Environment) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        shown = environment.display(path)
        raise not_written(f"{shown} could not be removed ({error.strerror or error}).", "Remove it by hand.") from None


def _in_backup(
    path: Path, known: tuple[str, ...], note: str, environment: Environment, vault: Vault
) -> Iterator[KeyCopy]:
    try:
        file = read_text(path, limit=limits.CONFIG_BYTES)
    except UnreadableFileError:
        return
    shown = environment.display(path)
    held = [handle for handle in known if vault.reveal(handle) in file.text]
    parsed = parse_config(file, shown, "", vault)
    if parsed.problem is None:
        held += [handle for handle in _own_keys(parsed) if handle not in held]
    for handle in held:
        yield KeyCopy(BACKUP_LAYER, shown, handle, note=note, path=path)


def _own_keys(config: ConfigFile) -> Iterator[str]:
    """The handles of the Portkey keys in a config, by its own structure."""
    entries = tuple(
        entry for entry in provider_entries(config) if portkey_signs(entry, str(entry.settings.get("baseUrl", "")))
    )
    variables = (config.get((*path, name)) for name in key_variables(entries) for path in (("env", "vars"), ("env",)))
    settings = (place.secret for entry in entries for place in key_places(entry))
    for value in (*variables, *settings):
        if isinstance(value, str) and is_handle(value.strip()):
            yield value.strip()
