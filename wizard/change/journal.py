"""The journal for everybody: what was changed, and the secrets that copies from before a change still hold.

`ledger` writes it, `undo` takes back what is in it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

from wizard.base import limits
from wizard.base.environment import Environment
from wizard.base.errors import not_written
from wizard.base.files import UnreadableFileError, read_bytes
from wizard.change.entries import Action, Entry, FileKind, FileRecord, FileState, Given, Phase, SecretRecord
from wizard.change.ledger import history, image_path, interrupted, journal_folder, write_entry
from wizard.change.originals import all_originals, originals_folder, prune_original
from wizard.change.reversal import PRUNED_MARK
from wizard.change.state import locked
from wizard.change.writing import Ownership, replace_file
from wizard.json5doc import Document, Json5SyntaxError, StringNode
from wizard.keys.keyring_store import Keyring, KeyringError, system_keyring

__all__ = [
    "Action",
    "Entry",
    "FileKind",
    "FileRecord",
    "FileState",
    "Given",
    "Phase",
    "SecretRecord",
    "history",
    "images_with",
    "interrupted",
    "kept_with",
    "prune_images",
]


def images_with(value: str, environment: Environment) -> tuple[Path, ...]:
    """Our copies of files from before a change that hold a secret."""
    places = [path for _, _, path in _images(environment)]
    places += [path for _, path in all_originals(environment)]
    return tuple(path for path in places if _holds(_read(path), value))


def kept_with(value: str, environment: Environment, keyring: Keyring) -> tuple[str, ...]:
    """The accounts of the keyring under which an entry's old value is kept that is this secret.

    Raises:
        KeyringError: the keyring does not serve.
    """
    return tuple(
        record.kept
        for entry in history(environment)
        for record in entry.secrets
        if record.kept is not None and not record.pruned and keyring.read(record.service, record.kept) == value
    )


def prune_images(value: str, environment: Environment, keyring: Keyring | None = None) -> tuple[Path, ...]:
    """Takes a secret out of our copies from before a change, in files and in the keyring. It cannot be taken back.

    A copy is rewritten without the secret where that can be done, so that the rest of it still helps by hand, and
    removed where not. An undo that needs the secret says so and changes nothing.

    Args:
        value: the secret.
        environment: whose journal it is.
        keyring: where old values of keyring entries are kept; None for the system's own. It is asked only where the
            journal knows of such values; one that does not serve keeps them.

    Returns:
        The copies that held it.

    Raises:
        UserError: a copy cannot be changed; exit code 4.
    """
    if not journal_folder(environment).is_dir() and not originals_folder(environment).is_dir():
        return ()
    with locked(journal_folder(environment), environment), _told(environment):
        found = images_with(value, environment)
        for path in found:
            _take_out(path, value)
        for entry in history(environment):
            files = tuple(
                replace(file, pruned=True) if image_path(entry.id, file, environment) in found else file
                for file in entry.files
            )
            secrets = tuple(_without_kept(secret, value, environment, keyring) for secret in entry.secrets)
            if files != entry.files or secrets != entry.secrets:
                write_entry(replace(entry, files=files, secrets=secrets), environment)
        for original, path in all_originals(environment):
            if path in found:
                prune_original(path, original)
    return found


def _without_kept(record: SecretRecord, value: str, environment: Environment, keyring: Keyring | None) -> SecretRecord:
    if record.kept is None or record.pruned:
        return record
    with suppress(KeyringError):
        served = keyring or system_keyring(environment)
        if served.read(record.service, record.kept) == value:
            served.delete(record.service, record.kept)
            return replace(record, pruned=True)
    return record


def _images(environment: Environment) -> Iterator[tuple[Entry, FileRecord, Path]]:
    for entry in history(environment):
        for file in entry.files:
            path = image_path(entry.id, file, environment)
            if path is not None:
                yield entry, file, path


def _take_out(path: Path, value: str) -> None:
    """Rewrites a copy without the secret; removes it where the secret is spelled with escapes."""
    data = _read(path).replace(value.encode(), PRUNED_MARK.encode())
    if _holds(data, value):
        path.unlink(missing_ok=True)
    else:
        replace_file(path, data, Ownership(0o600), lambda: None)


def _holds(data: bytes, value: str) -> bool:
    """Whether a secret can be read in some bytes, be it with the escapes of JSON5."""
    if not value:
        return False
    if value.encode("utf-8", errors="surrogateescape") in data:
        return True
    if b"\\" not in data:
        return False
    try:
        document = Document.parse(data.decode("utf-8"))
    except (UnicodeDecodeError, Json5SyntaxError):
        return False
    return any(isinstance(node, StringNode) and value in node.value for _, node in document.walk())


def _read(path: Path) -> bytes:
    try:
        return read_bytes(path, limit=limits.CONFIG_BYTES)[0]
    except UnreadableFileError:
        return b""


@contextmanager
def _told(environment: Environment) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise not_written(
            f"portkey-claw's copies in {environment.display(journal_folder(environment))} cannot be changed "
            f"({error.strerror or error}).",
            "Remove that folder by hand; what is in it can then not be taken back any more.",
        ) from None
