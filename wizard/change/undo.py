"""Taking changes back: what there is to do for it, and doing it.

`undo` takes back the newest change that stands; asked again, the one before. An undo is a change like any other: it is
journalled, so that it can be killed at any moment and run again, and it can be taken back by its own id, which brings
the changes back that it took.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from wizard.base.environment import Environment
from wizard.base.errors import UserError, not_written, usage_error
from wizard.change import ledger
from wizard.change.apply import all_locked
from wizard.change.carry_out import carry_out
from wizard.change.entries import Entry, FileRecord, SecretRecord, bears_stamp
from wizard.change.housekeeping import retire, settle
from wizard.change.prepare import read_secret
from wizard.change.raw import changed_meanwhile
from wizard.change.reversal import PrunedError
from wizard.change.steps import FileStep, SecretStep, Steps
from wizard.change.undo_files import steps_back
from wizard.keys.keyring_store import Keyring
from wizard.keys.vault import Vault

_TAKEN: Final = "taken back: "


@dataclass(frozen=True)
class Undo:
    """What takes changes back.

    Attributes:
        entries: the changes, newest first.
        steps: what is to be done.
        left: what stays because somebody else changed it since, for people.
    """

    entries: tuple[Entry, ...]
    steps: Steps
    left: tuple[str, ...]

    @property
    def brings_back(self) -> bool:
        """Whether this takes an undo back."""
        return self.entries[-1].is_undo


def choose(environment: Environment, to: str | None) -> tuple[Entry, ...]:
    """The changes that are to be taken back, newest first; empty where there is nothing to take back.

    Args:
        environment: whose journal it is.
        to: the id of the oldest one, or None for the newest change that stands.

    Raises:
        UserError: there is no such change, or it does not stand; exit code 2.
    """
    entries = ledger.history(environment)
    if to is None:
        oldest = next((entry for entry in entries if entry.stands and not entry.is_undo), None)
        if oldest is None:
            return ()
    else:
        oldest = next((entry for entry in entries if entry.id == to), None)
        if oldest is None:
            raise usage_error(f"There is no change {to!r}.", "portkey-claw undo --list names them all.")
        if not oldest.stands:
            raise usage_error(f"The change {to} was taken back already.", "portkey-claw undo --list tells which stand.")
    return tuple(entry for entry in entries if entry.id >= oldest.id)


def plan_undo(
    environment: Environment,
    vault: Vault,
    *,
    to: str | None = None,
    openclaw: str | None = None,
    keyring: Keyring,
) -> Undo | None:
    """What takes the last change back, or every change since `to` with that one; None where there is nothing.

    Raises:
        UserError: it cannot be taken back; exit code 4. Or `to` names no change that stands; exit code 2.
    """
    entries = choose(environment, to)
    if not entries:
        return None
    left: list[str] = []
    try:
        files: list[FileStep] = []
        for path, target, records in _by_target(entries):
            steps, stays = steps_back(path, target, records, environment, vault, openclaw)
            left += stays
            files += steps
        secrets = tuple(_secrets_back(entries, keyring, left))
    except PrunedError:
        raise _pruned(entries) from None
    if left and not files and not secrets:
        raise not_written(
            f"Nothing of the change {entries[-1].id} can be taken back: others changed it since ({', '.join(left)}).",
            "Look at the files and change them by hand, or run portkey-claw setup --remove.",
        )
    effects = tuple(effect for entry in _taken(entries) for effect in entry.effects)
    if entries[-1].is_undo:
        effects = tuple(f"brought back: {effect.removeprefix(_TAKEN)}" for effect in effects)
    else:
        effects = tuple(_TAKEN + effect for effect in effects)
    return Undo(entries, Steps(tuple(files), secrets, effects), tuple(left))


def carry_out_undo(
    undo: Undo, environment: Environment, vault: Vault, *, openclaw: str | None = None, keyring: Keyring
) -> Entry:
    """Takes changes back as planned.

    Returns:
        The journal's entry of the undo.

    Raises:
        UserError: something changed since the plan, or a step failed; exit code 4, and nothing is changed.
    """
    with all_locked({step.now.target for step in undo.steps.files}, environment):
        settle(environment, keyring)
        again = plan_undo(environment, vault, to=undo.entries[-1].id, openclaw=openclaw, keyring=keyring)
        if again is None or _shape(again) != _shape(undo):
            raise changed_meanwhile(undo.steps.files[0].now.shown if undo.steps.files else "The keyring")
        entry = carry_out(
            again.steps,
            "undo",
            environment,
            keyring,
            undoes=tuple(each.id for each in again.entries),
            redoes=again.entries[-1].undoes,
        )
        retire(environment, keyring)
    return entry


def settle_journal(environment: Environment, keyring: Keyring) -> None:
    """Clears up after killed runs, where there is a journal at all.

    Raises:
        UserError: another run is at work, or our state cannot be written; exit code 4.
    """
    if ledger.journal_folder(environment).is_dir():
        with all_locked((), environment):
            settle(environment, keyring)


def _taken(entries: tuple[Entry, ...]) -> Iterator[Entry]:
    """The changes among the entries that are in force."""
    for entry in entries:
        if entry.stands and (not entry.is_undo or entry is entries[-1]):
            yield entry


def _by_target(entries: tuple[Entry, ...]) -> Iterator[tuple[Path, Path, list[tuple[Entry, FileRecord]]]]:
    """Each file of the changes with what they did to it, newest first; files come in the reverse of their order."""
    found: dict[str, list[tuple[Entry, FileRecord]]] = {}
    for entry in entries:
        for file in reversed(entry.files):
            found.setdefault(file.target, []).append((entry, file))
    for target, records in found.items():
        yield Path(records[0][1].path), Path(target), records


def _secrets_back(entries: tuple[Entry, ...], keyring: Keyring, left: list[str]) -> Iterator[SecretStep]:
    found: dict[tuple[str, str], list[SecretRecord]] = {}
    for entry in entries:
        for secret in entry.secrets:
            found.setdefault((secret.service, secret.account), []).append(secret)
    for (service, account), records in found.items():
        now = read_secret(keyring, service, account)
        kept = records[-1].kept
        old = None if kept is None else read_secret(keyring, service, kept)
        if now == old and (kept is None or old is not None):
            continue
        if not any(now is None if record.after is None else bears_stamp(now, record.after) for record in records):
            left.append(f"the keyring's entry {account}")
            continue
        if kept is not None and old is None:
            raise PrunedError
        yield SecretStep(service, account, now, old)


def _pruned(entries: tuple[Entry, ...]) -> UserError:
    return not_written(
        f"The change {entries[-1].id} ({entries[-1].command}) cannot be taken back: it needs a key that was removed "
        "from portkey-claw's own copies since, so nothing was changed.",
        "portkey-claw key set puts a key where you want it; portkey-claw setup --remove still takes everything out.",
    )


def _shape(undo: Undo) -> tuple[object, ...]:
    """What must not have changed between the plan that was shown and its execution."""
    return (
        tuple(entry.id for entry in undo.entries),
        tuple((step.now.target, step.now.digest, step.digest) for step in undo.steps.files),
        tuple((step.service, step.account, step.before, step.after) for step in undo.steps.secrets),
        undo.left,
    )
