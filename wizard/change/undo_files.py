"""One file taken back: byte for byte where it is as we left it, piece by piece where it was changed since."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from wizard.base.environment import Environment
from wizard.change import ledger
from wizard.change.entries import Entry, FileKind, FileRecord, FileState
from wizard.change.prepare import config_step
from wizard.change.raw import FileNow, digest_of_bytes, read_now, refuse_foreign
from wizard.change.reading import read_source, refuse_unsafe
from wizard.change.reversal import PrunedError, reverse_config, reverse_dotenv
from wizard.change.steps import FileStep
from wizard.change.writing import Ownership
from wizard.keys.vault import Vault
from wizard.openclaw.seen import ConfigPath


def steps_back(
    path: Path,
    target: Path,
    records: Sequence[tuple[Entry, FileRecord]],
    environment: Environment,
    vault: Vault,
    openclaw: str | None,
) -> tuple[list[FileStep], tuple[str, ...]]:
    """What takes the changes of one file back, and what of them stays.

    Args:
        path: the file as OpenClaw names it.
        target: the file behind links at that time.
        records: what was done to it, newest first.
        environment: whose journal and files these are.
        vault: for what is said of a config that cannot be read.
        openclaw: the version of the OpenClaw that was found, or None.

    Raises:
        PrunedError: the old bytes or values are not known any more.
        UserError: the file cannot be read or may not be changed; exit code 4.
    """
    now = read_now(path, environment)
    places = [now]
    if now.target != target and _is_ours(target, records, environment):
        # The link leads elsewhere now, or OpenClaw put a file in its place; our work is still where it was as well.
        places.append(read_now(target, environment))
    steps: list[FileStep] = []
    left: list[str] = []
    for place in places:
        step, stays = _step_back(place, records, environment, vault, openclaw)
        left += stays
        if step is not None and step.changes:
            steps.append(step)
    return steps, tuple(left)


def _step_back(
    now: FileNow,
    records: Sequence[tuple[Entry, FileRecord]],
    environment: Environment,
    vault: Vault,
    openclaw: str | None,
) -> tuple[FileStep | None, tuple[str, ...]]:
    if now.digest == _digest(records[-1][1].before) and _same_mode(now, records):
        return None, ()
    refuse_foreign(now)
    if _is_chain(now.digest, [record for _, record in records]):
        return _exact(now, records, environment), ()
    return _by_pieces(now, records, environment, vault, openclaw)


def _is_ours(target: Path, records: Sequence[tuple[Entry, FileRecord]], environment: Environment) -> bool:
    digest = read_now(target, environment).digest
    return digest is not None and _is_chain(digest, [record for _, record in records])


def _is_chain(digest: str | None, records: Sequence[FileRecord]) -> bool:
    """Whether every byte of a file is known to be the work of these changes, newest first.

    A change that was killed before it came to this file left it as it was.
    """
    for record in records:
        if digest == _digest(record.after):
            digest = _digest(record.before)
        elif digest != _digest(record.before):
            return False
    return digest == _digest(records[-1].before)


def _exact(now: FileNow, records: Sequence[tuple[Entry, FileRecord]], environment: Environment) -> FileStep:
    entry, oldest = records[-1]
    kind = _kind(records)
    if oldest.before is None:
        made = {Path(folder): None for _, record in records if record.after is not None for folder in record.folders}
        return FileStep(kind, now, None, now.ownership, folders=tuple(sorted(made, reverse=True)))
    data = ledger.read_image(entry.id, oldest, environment)
    if data is None or digest_of_bytes(data) != oldest.before.digest:
        # The same bytes may be in a later entry that nothing was taken out of.
        data = next((found for found in _images(records, environment) if _is(found, oldest.before)), None)
    if data is None:
        raise PrunedError
    left_by_us = next((record.after for _, record in records if record.after is not None), None)
    touched = left_by_us is not None and now.data is not None and now.ownership.mode != left_by_us.mode
    mode = now.ownership.mode if touched else oldest.before.mode
    return FileStep(kind, now, data, Ownership(mode, oldest.before.owner))


def _kind(records: Sequence[tuple[Entry, FileRecord]]) -> FileKind:
    """What the file is, as far as any of its records tells."""
    return next((record.kind for _, record in records if record.kind is not FileKind.WHOLE), FileKind.WHOLE)


def _images(records: Sequence[tuple[Entry, FileRecord]], environment: Environment) -> list[bytes]:
    images = (ledger.read_image(entry.id, record, environment) for entry, record in records)
    return [image for image in images if image is not None]


def _is(data: bytes, state: FileState) -> bool:
    return digest_of_bytes(data) == state.digest


def _by_pieces(
    now: FileNow,
    records: Sequence[tuple[Entry, FileRecord]],
    environment: Environment,
    vault: Vault,
    openclaw: str | None,
) -> tuple[FileStep | None, tuple[str, ...]]:
    kind = _kind(records)
    in_force = [(entry, record) for entry, record in records if entry.stands and not entry.is_undo]
    whole = kind not in (FileKind.CONFIG, FileKind.DOTENV) or not all(record.given for _, record in in_force)
    if not in_force or whole or now.data is None:
        return None, (now.shown,)
    changes = []
    for entry, record in in_force:
        image = ledger.read_image(entry.id, record, environment)
        if image is None and record.before is not None:
            raise PrunedError
        changes.append((image, record.given))
    if kind is FileKind.DOTENV:
        data, names = reverse_dotenv(now.data, changes)
        return FileStep(kind, now, data, now.ownership), tuple(f"{name} in {now.shown}" for name in names)
    source = read_source(now.path, environment, vault)
    reversal = reverse_config(source.value, changes)
    left = tuple(f"{place} in {now.shown}" for place in reversal.left)
    paths: list[ConfigPath] = [operation.path for operation in reversal.operations]
    refuse_unsafe(source, paths, openclaw)
    return config_step(source, reversal.operations, str, may_hold_secrets=True), left


def _same_mode(now: FileNow, records: Sequence[tuple[Entry, FileRecord]]) -> bool:
    """Whether there is nothing to take back from a file's permission bits."""
    before, after = records[-1][1].before, records[0][1].after
    if before is None or after is None or before.digest != after.digest:
        return True
    return now.ownership.mode == before.mode or now.ownership.mode != after.mode


def _digest(state: FileState | None) -> str | None:
    return None if state is None else state.digest
