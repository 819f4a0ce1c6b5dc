"""The files as they were before our first change, for as long as every byte since then is known to be ours.

Kept apart from the entries of the journal, which has an end: an original has none.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from wizard.base import limits
from wizard.base.codec import CodecError, from_json, to_json
from wizard.base.environment import Environment
from wizard.base.files import UnreadableFileError, read_bytes
from wizard.change.entries import Entry, FileState, Phase
from wizard.change.state import make_private_folder, state_folder
from wizard.change.steps import FileStep
from wizard.change.writing import Ownership, remove_all_strays, remove_strays, replace_file

_RECORD: Final = ".json"
_IMAGE: Final = ".image"
# States of one file that count as ours; a file that was changed more often has only its latest ones known.
_KNOWN: Final = 200


@dataclass(frozen=True, slots=True)
class Original:
    """What is known of a file's beginning.

    Attributes:
        target: the file behind links.
        born: the journal entry that met it first.
        state: the file before that entry, or None where there was none.
        known: the digests of the bytes that we have written since.
        pruned: whether the copy was taken away because of a secret in it.
    """

    target: str
    born: str
    state: FileState | None
    known: tuple[str, ...] = ()
    pruned: bool = False


def originals_folder(environment: Environment) -> Path:
    """Where the originals are kept."""
    return state_folder(environment) / "originals"


def find_original(target: Path, environment: Environment) -> Original | None:
    """What is known of a file's beginning; None where nothing is, or where it cannot be read."""
    return _read(_stem(target, environment).with_suffix(_RECORD))


def original_image(target: Path, environment: Environment) -> Path:
    """Where the copy of a file's original bytes is."""
    return _stem(target, environment).with_suffix(_IMAGE)


def all_originals(environment: Environment) -> Iterator[tuple[Original, Path]]:
    """Every original with the place of its copy."""
    folder = originals_folder(environment)
    for path in sorted(folder.glob(f"*{_RECORD}")) if folder.is_dir() else ():
        found = _read(path)
        if found is not None:
            yield found, path.with_suffix(_IMAGE)


def remember_originals(
    steps: Iterable[FileStep], entry_id: str, history: Iterable[Entry], environment: Environment
) -> None:
    """Notes, before they are written, the bytes that each file is about to get.

    A digest that is noted and never written does no harm: nobody else makes these bytes.

    Raises:
        OSError: our state cannot be written.
    """
    entries = tuple(history)
    for step in steps:
        target = step.now.target
        stem = _stem(target, environment)
        make_private_folder(stem.parent)
        found = find_original(target, environment)
        if found is None or _starts_anew(found, step.now.digest, entries):
            found = Original(str(target), entry_id, state_of(step))
            image = stem.with_suffix(_IMAGE)
            if step.now.data is not None:
                remove_strays(image)
                replace_file(image, step.now.data, Ownership(0o600), lambda: None)
            else:
                image.unlink(missing_ok=True)
        elif not _is_ours(found, step.now.digest):
            continue
        after = _name(step.digest)
        write_original(replace(found, known=(*(each for each in found.known if each != after), after)[-_KNOWN:]), stem)


def clear_originals(environment: Environment) -> None:
    """Clears away what killed runs left among the originals. The journal's lock must be held."""
    folder = originals_folder(environment)
    remove_all_strays(folder)
    with suppress(OSError):
        for entry in list(os.scandir(folder)):
            if entry.name.endswith(_IMAGE) and not os.path.lexists(Path(entry.path).with_suffix(_RECORD)):
                os.unlink(entry.path)  # noqa: PTH108


def forget_original(target: Path, born: str, environment: Environment) -> None:
    """Drops what an entry noted that came to nothing."""
    found = find_original(target, environment)
    if found is not None and found.born == born:
        stem = _stem(target, environment)
        for path in (stem.with_suffix(_RECORD), stem.with_suffix(_IMAGE)):
            with suppress(OSError):
                path.unlink(missing_ok=True)


def prune_original(image: Path, original: Original) -> None:
    """Takes the copy of an original away.

    Raises:
        OSError: it cannot be done.
    """
    write_original(replace(original, pruned=True), image.with_suffix(""))
    image.unlink(missing_ok=True)


def write_original(original: Original, stem: Path) -> None:
    """Writes what is known of a file's beginning.

    Raises:
        OSError: it cannot be written.
    """
    path = stem.with_suffix(_RECORD)
    remove_strays(path)
    data = (json.dumps(to_json(original), indent=1) + "\n").encode()
    replace_file(path, data, Ownership(0o600), lambda: None)


def state_of(step: FileStep) -> FileState | None:
    """The state of a step's file before it."""
    digest, ownership = step.now.digest, step.now.ownership
    return None if digest is None else FileState(digest, ownership.mode, ownership.owner)


def is_known(original: Original, digest: str | None) -> bool:
    """Whether these bytes (None: no file) are the original ones, or were made of them by us alone."""
    return _is_ours(original, digest)


def _is_ours(original: Original, digest: str | None) -> bool:
    return digest == _digest(original.state) or _name(digest) in original.known


def _starts_anew(original: Original, digest: str | None, history: tuple[Entry, ...]) -> bool:
    """Whether all that we did was taken back, and the file changed by somebody else since."""
    if _is_ours(original, digest):
        return False
    for entry in history:
        for file in entry.files:
            if file.target == original.target and entry.phase is Phase.DONE:
                return _digest(file.after) == _digest(original.state)
    return False


def _digest(state: FileState | None) -> str | None:
    return None if state is None else state.digest


def _name(digest: str | None) -> str:
    return digest or "none"


def _stem(target: Path, environment: Environment) -> Path:
    name = hashlib.sha256(str(target).encode("utf-8", errors="surrogateescape")).hexdigest()[:16]
    return originals_folder(environment) / name


def _read(path: Path) -> Original | None:
    try:
        data, _ = read_bytes(path, limit=limits.PACKAGE_BYTES)
        return from_json(Original, json.loads(data))
    except (UnreadableFileError, ValueError, RecursionError, CodecError):
        return None
