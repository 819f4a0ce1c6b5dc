"""Steps carried out: journal, step by step, each read again; what fails half way is taken back in reverse."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from wizard.base import limits
from wizard.base.environment import Environment
from wizard.base.errors import ExitCode, UserError, not_written
from wizard.base.files import FileTrouble, UnreadableFileError, read_bytes
from wizard.change import ledger
from wizard.change.entries import Entry, FileKind, FileRecord
from wizard.change.lost import bears_all, bears_none
from wizard.change.prepare import unreachable_keyring
from wizard.change.raw import changed_meanwhile, digest_of_bytes, file_identity
from wizard.change.state import make_private_folder
from wizard.change.steps import FileStep, SecretStep, Steps
from wizard.change.writing import remove_empty, remove_file, remove_strays, replace_file, write_trouble
from wizard.keys.keyring_store import Keyring, KeyringError, KeyringTrouble

# What a keyring says before it has touched an entry; after the others nobody knows.
_UNTOUCHED: Final = (KeyringTrouble.LOCKED, KeyringTrouble.NO_BACKEND, KeyringTrouble.REFUSED_BACKEND)


@dataclass
class _Progress:
    """How far a run came.

    Attributes:
        current: the step at which it is.
        touched: the steps that may have changed something, in their order.
    """

    current: FileStep | SecretStep | None = None
    touched: list[FileStep | SecretStep] = field(default_factory=list)

    @property
    def before(self) -> bool:
        """Whether a step before the current one has changed something."""
        return any(step is not self.current for step in self.touched)


def carry_out(
    steps: Steps,
    command: str,
    environment: Environment,
    keyring: Keyring,
    *,
    undoes: tuple[str, ...] = (),
    redoes: tuple[str, ...] = (),
) -> Entry:
    """Does what the steps say, all or nothing. The locks of the journal and of every file must be held.

    Returns:
        The journal's entry.

    Raises:
        UserError: with exit code 4 nothing is changed; with exit code 1 something was, could not be taken back, and
            is named.
    """
    concerned = tuple(each for each in ledger.history(environment) if each.id in (*undoes, *redoes))
    entry = ledger.begin(steps, command, environment, undoes=undoes, redoes=redoes)
    records = {Path(record.target): record for record in entry.files}
    progress = _Progress()
    try:
        _keep_old_secrets(steps, entry, keyring)
        for step in steps.ordered:
            progress.current = step
            if isinstance(step, FileStep):
                _write(step, records[step.now.target], environment, progress)
            else:
                _store(step, keyring, progress)
        return ledger.finish(entry, environment)
    except BaseException as raised:
        told = _told(raised, progress.current, environment)
        left = _take_back(progress.touched, entry, environment, keyring)
        ledger.rewrite(concerned, environment)
        if left:
            raise _half_done(told, left) from None
        if isinstance(told, UserError) and progress.before:
            message = f"{_without_claim(told.message)} What had been changed before was taken back."
            raise UserError(told.code, message, told.hint) from None
        if told is raised:
            raise
        raise told from None


def _half_done(told: BaseException, left: list[str]) -> UserError:
    message = _without_claim(told.message) if isinstance(told, UserError) else "The change was interrupted."
    return UserError(
        ExitCode.FINDINGS,
        f"{message} What had been changed before could not be taken back: {', '.join(left)}.",
        "portkey-claw undo takes it back, once that is possible again.",
    )


def _without_claim(message: str) -> str:
    return re.sub(r", so nothing was (?:changed|written)(?=\.)", "", message)


def _keep_old_secrets(steps: Steps, entry: Entry, keyring: Keyring) -> None:
    for step, record in zip(steps.secrets, entry.secrets, strict=True):
        if record.kept is not None and step.before is not None:
            keyring.write(record.service, record.kept, step.before)


def _store(step: SecretStep, keyring: Keyring, progress: _Progress) -> None:
    progress.touched.append(step)
    try:
        give_secret(keyring, step.service, step.account, step.after)
    except KeyringError as error:
        if error.trouble in _UNTOUCHED:
            progress.touched.pop()
        raise
    if step.after is not None and keyring.read(step.service, step.account) != step.after:
        raise not_written(
            "The system's keyring took the key and does not give it back, so nothing was changed.",
            "Choose another place for the key.",
        )


def _write(step: FileStep, record: FileRecord, environment: Environment, progress: _Progress) -> None:
    now = step.now

    def still_the_same() -> None:
        if file_identity(now.target) != now.identity:
            raise changed_meanwhile(now.shown)
        # From here on nobody knows, until it is looked at, whether the file has its new bytes.
        progress.touched.append(step)

    remove_strays(now.target)
    if step.data is None:
        remove_file(now.target, still_the_same)
        remove_empty(step.folders)
    else:
        make_private_folder(now.target.parent)
        replace_file(now.target, step.data, step.ownership, still_the_same)
    # Who wrote on top of the new bytes and kept what they say has done no harm.
    if _digest(now.target) != step.digest and not bears_all(record, environment):
        raise not_written(
            f"{now.shown} was changed by another program right after it was written.",
            "Look at the file, then run this command again.",
        )


def _told(error: BaseException, step: FileStep | SecretStep | None, environment: Environment) -> BaseException:
    """The error as the user needs it."""
    if isinstance(error, KeyringError):
        return unreachable_keyring(error)
    if isinstance(error, OSError) and isinstance(step, FileStep):
        return write_trouble(error, step.now.path, step.now.target, environment)
    return error


def _take_back(
    touched: list[FileStep | SecretStep], entry: Entry, environment: Environment, keyring: Keyring
) -> list[str]:
    """Takes steps back in reverse; gives the names of those that are still as the change left them.

    A config that stays may refer to what was made before it, so that stays as well.
    """
    left: list[str] = []
    records = {Path(record.target): record for record in entry.files}
    referred_to = False
    for step in reversed(touched):
        if referred_to:
            stays = True
        elif isinstance(step, FileStep):
            stays = not _restored(step, records[step.now.target], environment)
            referred_to = stays and step.kind in (FileKind.CONFIG, FileKind.WHOLE)
        else:
            stays = not _given_back(step, keyring)
        left += [_name(step)] if stays else []
    for record in entry.files:
        if record.after is not None:
            remove_empty(map(Path, record.folders))
    if not left:
        for secret in entry.secrets:
            # A copy that stays where the keyring went away is of a value that is the entry's own again.
            with suppress(KeyringError):
                if secret.kept is not None:
                    keyring.delete(secret.service, secret.kept)
        ledger.drop(entry, environment)
    return left


def _name(step: FileStep | SecretStep) -> str:
    return step.now.shown if isinstance(step, FileStep) else f"the keyring's entry {step.account}"


def _given_back(step: SecretStep, keyring: Keyring) -> bool:
    """Gives a keyring's entry its old value again, unless it has another than this step gave it."""
    try:
        if keyring.read(step.service, step.account) == step.after:
            give_secret(keyring, step.service, step.account, step.before)
    except KeyringError:
        return False
    return True


def give_secret(keyring: Keyring, service: str, account: str, value: str | None) -> None:
    """Gives a keyring's entry a value, or takes it away.

    Raises:
        KeyringError: the keyring does not serve.
    """
    if value is None:
        keyring.delete(service, account)
    else:
        keyring.write(service, account, value)


def _restored(step: FileStep, record: FileRecord, environment: Environment) -> bool:
    """Gives a file its old bytes again; whether nothing of this step is left in it.

    A file that is not as this step left it is somebody else's work, and is not written.
    """
    now = step.now
    identity, digest = file_identity(now.target), _digest(now.target)
    if identity == now.identity:
        return True
    if digest != step.digest:
        return digest == now.digest or bears_none(record, environment)

    def still_ours() -> None:
        if file_identity(now.target) != identity:
            raise changed_meanwhile(now.shown)

    try:
        if now.data is None:
            remove_file(now.target, still_ours)
        else:
            make_private_folder(now.target.parent)
            replace_file(now.target, now.data, now.ownership, still_ours)
    except (OSError, UserError):
        return False
    return True


def _digest(target: Path) -> str | None:
    try:
        return digest_of_bytes(read_bytes(target, limit=limits.CONFIG_BYTES)[0])
    except UnreadableFileError as error:
        return None if error.trouble is FileTrouble.MISSING else ""
