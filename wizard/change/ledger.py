"""The journal: what was changed, and the bytes from before, so that it can be taken back.

It lies in our state folder, `journal/<id>/`: `entry.json` and a copy of each file from before, `before-0` and so on.
The folder is its owner's alone (0700, the files 0600). An entry is written before the change that it tells of, with the
phase `begun`, and marked `done` after it. So one that is still `begun` while nobody holds the journal's lock belongs to
a run that was killed: running the same command again finishes the work, `undo` takes it back.

The newest `KEPT` entries stay. What `setup --remove` needs to bring the very first bytes back is kept apart from them
(`originals`), so it outlives them.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from wizard.base import limits
from wizard.base.codec import CodecError, from_json, to_json
from wizard.base.environment import Environment
from wizard.base.errors import not_written
from wizard.base.files import UnreadableFileError, read_bytes
from wizard.change.entries import Entry, FileRecord, FileState, Phase, SecretRecord, stamp_of
from wizard.change.originals import forget_original, remember_originals, state_of
from wizard.change.state import is_locked, make_private_folder, missing_folders, state_folder
from wizard.change.steps import FileStep, SecretStep, Steps
from wizard.change.writing import Ownership, remove_strays, replace_file, sync_folder, write_new

KEPT: Final = 20
_ENTRY: Final = "entry.json"
_IMAGE: Final = "before-"
_ID: Final = re.compile(r"\d{8}-\d{6}")
_ID_FORMAT: Final = "%Y%m%d-%H%M%S"


def journal_folder(environment: Environment) -> Path:
    """Where the entries are."""
    return state_folder(environment) / "journal"


def history(environment: Environment) -> tuple[Entry, ...]:
    """Every change that is remembered, newest first; entries that cannot be read are left out."""
    entries = (_read(environment, name) for name in sorted(_names(environment), reverse=True))
    return tuple(entry for entry in entries if entry is not None)


def interrupted(environment: Environment) -> Entry | None:
    """The newest change that was killed half way; None where there is none, or where a run is at work right now."""
    begun = next((entry for entry in history(environment) if entry.phase is Phase.BEGUN), None)
    return None if begun is None or is_locked(journal_folder(environment), environment) else begun


def image_path(entry_id: str, record: FileRecord, environment: Environment) -> Path | None:
    """Where the copy of a file from before an entry is; None where there was no file."""
    return None if record.image is None else journal_folder(environment) / entry_id / record.image


def read_image(entry_id: str, record: FileRecord, environment: Environment) -> bytes | None:
    """The bytes of a file from before an entry; None where there is no copy, or it cannot be read."""
    path = image_path(entry_id, record, environment)
    try:
        return None if path is None else read_bytes(path, limit=limits.CONFIG_BYTES)[0]
    except UnreadableFileError:
        return None


def begin(
    steps: Steps,
    command: str,
    environment: Environment,
    *,
    undoes: tuple[str, ...] = (),
    redoes: tuple[str, ...] = (),
) -> Entry:
    """Writes the entry of a change that is about to be made. The journal's lock must be held.

    Raises:
        UserError: the journal cannot be written; exit code 4.
    """
    with _told(environment):
        past = history(environment)
        entry_id = _new_id(environment)
        folder = journal_folder(environment) / entry_id
        entry = Entry(
            id=entry_id,
            made_at=environment.now().isoformat(timespec="seconds"),
            command=command,
            phase=Phase.BEGUN,
            effects=steps.effects,
            files=tuple(_file_record(step, number) for number, step in enumerate(steps.files)),
            secrets=tuple(_secret_record(step, entry_id, number) for number, step in enumerate(steps.secrets)),
            undoes=undoes,
            redoes=redoes,
        )
        try:
            make_private_folder(folder)
            for step, record in zip(steps.files, entry.files, strict=True):
                if record.image is not None and step.now.data is not None:
                    write_new(folder / record.image, step.now.data, Ownership(0o600))
            remember_originals(steps.files, entry_id, past, environment)
            write_entry(entry, environment)
            sync_folder(folder.parent)
        except BaseException:
            drop(entry, environment)
            raise
    return entry


def write_entry(entry: Entry, environment: Environment) -> None:
    """Writes an entry's data over what is there.

    Raises:
        OSError: it cannot be written.
    """
    path = journal_folder(environment) / entry.id / _ENTRY
    remove_strays(path)
    data = (json.dumps(to_json(entry), indent=1, ensure_ascii=False) + "\n").encode("utf-8", errors="surrogateescape")
    replace_file(path, data, Ownership(0o600), lambda: None)


def rewrite(entries: Iterable[Entry], environment: Environment) -> None:
    """Gives entries back the phase that they had, where a change that marked them came to nothing."""
    for entry in entries:
        if _read(environment, entry.id) != entry:
            with suppress(OSError):
                write_entry(entry, environment)


def finish(entry: Entry, environment: Environment) -> Entry:
    """Marks a change as done, and those that it took back or brought back.

    Raises:
        UserError: the journal cannot be written; exit code 4.
    """
    done = replace(entry, phase=Phase.DONE)
    with _told(environment):
        for each in history(environment):
            if each.id in entry.undoes and each.phase is not Phase.TAKEN_BACK:
                write_entry(replace(each, phase=Phase.TAKEN_BACK), environment)
            elif each.id in entry.redoes and each.phase is not Phase.DONE:
                write_entry(replace(each, phase=Phase.DONE), environment)
        write_entry(done, environment)
    return done


def drop(entry: Entry, environment: Environment) -> None:
    """Takes an entry out of the journal that came to nothing, with what it noted of the files' beginnings."""
    for record in entry.files:
        forget_original(Path(record.target), entry.id, environment)
    remove_folder(entry.id, environment)


def remove_folder(entry_id: str, environment: Environment) -> None:
    """Takes an entry out of the journal; its data go last, so that what is left half way is still an entry."""
    folder = journal_folder(environment) / entry_id
    with suppress(OSError):
        names = sorted((entry.name for entry in os.scandir(folder)), key=lambda name: (name == _ENTRY, name))
        for name in names:
            os.unlink(folder / name)  # noqa: PTH108 - one name for each step, as the kill tests count them
        os.rmdir(folder)  # noqa: PTH106


def remove_unborn(environment: Environment) -> None:
    """Clears away entries whose run was killed before it had written them. The journal's lock must be held."""
    for name in _names(environment):
        folder = journal_folder(environment) / name
        if os.path.lexists(folder / _ENTRY):
            remove_strays(folder / _ENTRY)
        else:
            remove_folder(name, environment)


@contextmanager
def _told(environment: Environment) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise not_written(
            f"The journal in {environment.display(journal_folder(environment))} cannot be written "
            f"({error.strerror or error}), so nothing was changed.",
            "Make that folder writable and see that its drive has space, or set XDG_STATE_HOME to another folder.",
        ) from None


def _names(environment: Environment) -> list[str]:
    try:
        return [entry.name for entry in os.scandir(journal_folder(environment)) if _ID.fullmatch(entry.name)]
    except OSError:
        return []


def _read(environment: Environment, name: str) -> Entry | None:
    try:
        data, _ = read_bytes(journal_folder(environment) / name / _ENTRY, limit=limits.CONFIG_BYTES)
        entry = from_json(Entry, json.loads(data.decode("utf-8", errors="surrogateescape")))
    except (UnreadableFileError, ValueError, RecursionError, CodecError):
        return None
    return entry if entry.id == name else None


def _new_id(environment: Environment) -> str:
    """The time, or the second behind the newest entry where the clock says less."""
    moment = environment.now().astimezone(UTC)
    names = _names(environment)
    if names:
        with suppress(ValueError):
            moment = max(moment, datetime.strptime(max(names), _ID_FORMAT).replace(tzinfo=UTC) + timedelta(seconds=1))
    return moment.strftime(_ID_FORMAT)


def _file_record(step: FileStep, number: int) -> FileRecord:
    after = None if step.digest is None else FileState(step.digest, step.ownership.mode, step.ownership.owner)
    return FileRecord(
        kind=step.kind,
        path=str(step.now.path),
        target=str(step.now.target),
        before=state_of(step),
        after=after,
        image=None if step.now.data is None else f"{_IMAGE}{number}",
        given=step.given,
        folders=tuple(map(str, step.folders if step.data is None else missing_folders(step.now.target.parent))),
    )


def _secret_record(step: SecretStep, entry_id: str, number: int) -> SecretRecord:
    return SecretRecord(
        service=step.service,
        account=step.account,
        kept=None if step.before is None else f"undo/{entry_id}/{number}",
        after=None if step.after is None else stamp_of(step.after, secret=True),
    )
