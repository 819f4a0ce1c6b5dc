"""What the journal needs at the beginning and at the end of every change. The journal's lock must be held."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from wizard.base import limits
from wizard.base.environment import Environment
from wizard.base.errors import UserError
from wizard.base.files import FileTrouble, UnreadableFileError, read_bytes
from wizard.change import ledger
from wizard.change.entries import Entry, FileRecord, FileState, Phase, SecretRecord, bears_stamp
from wizard.change.originals import clear_originals
from wizard.change.raw import digest_of_bytes
from wizard.change.writing import remove_empty, remove_strays
from wizard.keys.keyring_store import Keyring, KeyringError


def settle(environment: Environment, keyring: Keyring) -> None:
    """Clears up after runs that were killed: their temporary files, and entries that tell of nothing or of everything.

    An entry of which a part came to pass stays `begun`.
    """
    ledger.remove_unborn(environment)
    clear_originals(environment)
    for entry in ledger.history(environment):
        if entry.phase is not Phase.BEGUN:
            continue
        for file in entry.files:
            remove_strays(Path(file.target))
            if not os.path.lexists(file.target):
                # It was not made yet, or has gone already; the folders around it may be left.
                remove_empty(map(Path, file.folders))
        happened = [*(_happened(file) for file in entry.files)]
        happened += [_was_given(secret, keyring) for secret in entry.secrets]
        # What cannot be known keeps the entry as it is.
        if all(each is False for each in happened):
            _forget_copies(entry, keyring)
            ledger.drop(entry, environment)
        elif all(happened):
            ledger.finish(entry, environment)


def retire(environment: Environment, keyring: Keyring) -> None:
    """Takes the entries beyond the newest `KEPT` out of the journal, with the old secrets they keep in the keyring.

    An entry whose old secret cannot be taken away now waits for the next time.
    """
    for entry in ledger.history(environment)[ledger.KEPT :]:
        with suppress(KeyringError, UserError):
            for secret in entry.secrets:
                if secret.kept is not None:
                    keyring.delete(secret.service, secret.kept)
            ledger.remove_folder(entry.id, environment)


def state_now(target: Path) -> FileState | None:
    """A file as it is: its digest is an empty text where it cannot be read; None where there is none."""
    try:
        data, mode = read_bytes(target, limit=limits.CONFIG_BYTES)
    except UnreadableFileError as error:
        return None if error.trouble is FileTrouble.MISSING else FileState("", 0)
    return FileState(digest_of_bytes(data), mode)


def _happened(file: FileRecord) -> bool | None:
    """Whether a file is no longer as it was before; where only its mode was to change, that tells.

    None where it cannot be read.
    """
    now = state_now(Path(file.target))
    if now is not None and not now.digest:
        return None
    if now is None or file.before is None:
        return now is not file.before
    if file.after is not None and file.after.digest == file.before.digest == now.digest:
        return now.mode == file.after.mode
    return now.digest != file.before.digest


def _was_given(secret: SecretRecord, keyring: Keyring) -> bool | None:
    """Whether a keyring's entry is as the change was to leave it; None where the keyring does not serve."""
    try:
        value = keyring.read(secret.service, secret.account)
    except KeyringError:
        return None
    return value is None if secret.after is None else bears_stamp(value, secret.after)


def _forget_copies(entry: Entry, keyring: Keyring) -> None:
    with suppress(KeyringError):
        for secret in entry.secrets:
            if secret.kept is not None:
                keyring.delete(secret.service, secret.kept)
