"""From a plan to steps: every file is read again, compared with what the plan was made from, and its new bytes made.

Nothing is written here, so everything that goes wrong here leaves nothing to take back.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final, TypeAlias

from wizard.base import limits
from wizard.base.environment import Environment
from wizard.base.errors import UserError, not_written
from wizard.change.dotenv_edit import DotenvEditError, remove_variable, set_variable
from wizard.change.entries import Action, FileKind, Given, stamp_of
from wizard.change.given import what_is_given
from wizard.change.ledger import history
from wizard.change.plan import (
    EditConfig,
    EditDotenv,
    ForgetSecret,
    Operation,
    Plan,
    PutFile,
    RemoveFile,
    RestoreFile,
    Reveal,
    SetVariable,
    StoreSecret,
    edited,
    intended_value,
    unsafe_edit,
)
from wizard.change.pristine import pristine
from wizard.change.raw import FileNow, changed_meanwhile, read_now, refuse_foreign
from wizard.change.reading import ConfigSource, read_source, refuse_unsafe
from wizard.change.steps import FileStep, SecretStep, Steps
from wizard.change.writing import Ownership, link_target
from wizard.json5doc import Json5EditError, confirm
from wizard.keys.keyring_store import Keyring, KeyringError
from wizard.keys.vault import Vault

FileChange: TypeAlias = EditConfig | EditDotenv | PutFile | RemoveFile | RestoreFile
_OTHERS: Final = 0o077


def targets_of(plan: Plan, environment: Environment) -> tuple[Path, ...]:
    """The files behind links that a plan writes or removes.

    Raises:
        UserError: a link leads nowhere it could be written.
    """
    files = (change for change in plan.changes if not isinstance(change, StoreSecret | ForgetSecret))
    return tuple(dict.fromkeys(link_target(change.path, environment) for change in files))


def prepare(
    plan: Plan,
    environment: Environment,
    vault: Vault,
    *,
    openclaw: str | None,
    keyring: Keyring | None,
    second_reader: bool = True,
) -> Steps:
    """What there is to do for a plan, as of now; empty where everything is as wanted already.

    For a preview there is no keyring, and its entries are left out; nor need the slow second reader see the new texts.

    Raises:
        UserError: a file changed since the plan, or may not be changed; exit code 4.
    """
    files = sorted(_grouped(plan, environment), key=lambda changes: _rank(changes[0]))
    steps = (_file_step(changes, environment, vault, openclaw, second_reader=second_reader) for changes in files)
    secrets = (change for change in plan.changes if isinstance(change, StoreSecret | ForgetSecret))
    return Steps(
        files=tuple(step for step in steps if step.changes),
        secrets=() if keyring is None else _secret_steps(tuple(secrets), keyring, vault),
        effects=tuple(_effects(plan)),
    )


def ownership_after(now: Ownership, *, private: bool) -> Ownership:
    """What a written file gets: its old mode and owner, and no reader but its owner once it holds a secret."""
    return replace(now, mode=now.mode & ~_OTHERS) if private else now


def unreachable_keyring(error: KeyringError, done: str = "so nothing was changed") -> UserError:
    """What a keyring that does not serve means for a change."""
    name = f" ({error.backend})" if error.backend else ""
    return not_written(f"The system's keyring{name} cannot be used, {done}.", error.detail)


def _grouped(plan: Plan, environment: Environment) -> list[list[FileChange]]:
    """The changes of files, those of the same file together."""
    groups: dict[Path, list[FileChange]] = {}
    for change in plan.changes:
        if not isinstance(change, StoreSecret | ForgetSecret):
            groups.setdefault(link_target(change.path, environment), []).append(change)
    return list(groups.values())


def _rank(change: FileChange) -> int:
    """What a config refers to is there before it is written, and goes after it."""
    if isinstance(change, PutFile):
        return 0
    if isinstance(change, EditDotenv):
        return 1 if any(isinstance(operation, SetVariable) for operation in change.operations) else 3
    return 2 if isinstance(change, EditConfig) else 4


def _file_step(
    changes: Sequence[FileChange], environment: Environment, vault: Vault, openclaw: str | None, *, second_reader: bool
) -> FileStep:
    first = changes[0]
    if isinstance(first, EditConfig):
        return _config_step(_only(EditConfig, changes), environment, vault, openclaw, second_reader=second_reader)
    if isinstance(first, EditDotenv):
        return _dotenv_step(_only(EditDotenv, changes), environment, vault)
    now = read_now(first.path, environment)
    last = changes[-1]
    if any(change.digest != now.digest for change in changes):
        raise changed_meanwhile(now.shown)
    refuse_foreign(now)
    if isinstance(last, PutFile):
        ownership = Ownership(last.mode, now.ownership.owner)
        return FileStep(last.kind, now, last.content.encode("utf-8"), ownership)
    if isinstance(last, RestoreFile):
        return _original_step(now, last.kind, environment)
    return FileStep(_only(RemoveFile, (last,))[0].kind, now, None, now.ownership)


def _original_step(now: FileNow, kind: FileKind, environment: Environment) -> FileStep:
    """The file as it was before our first change, with the folders gone that were made for it."""
    first = pristine(now.path, environment)
    if first is None:
        raise changed_meanwhile(now.shown)
    records = (record for entry in history(environment) for record in entry.files)
    made = {folder for each in records if each.target == str(now.target) and not each.before for folder in each.folders}
    gone = tuple(sorted(map(Path, made), reverse=True)) if first.data is None else ()
    return FileStep(kind, now, first.data, _returned(first.ownership, now), folders=gone)


def _returned(then: Ownership | None, now: FileNow) -> Ownership:
    """The mode and owner from then; where somebody has given the file another mode than we did, that stays."""
    if then is None or now.data is None:
        return then or now.ownership
    ours = (then.mode, then.mode & ~_OTHERS)
    return then if now.ownership.mode in ours else replace(then, mode=now.ownership.mode)


def _only(kind: type[Any], changes: Sequence[FileChange]) -> Any:
    """The changes, of which a plan must not mix kinds for one file."""
    if not all(isinstance(change, kind) for change in changes):
        raise TypeError(f"a plan edits {changes[0].path} in two ways")
    return changes


def _config_step(
    edits: Sequence[EditConfig], environment: Environment, vault: Vault, openclaw: str | None, *, second_reader: bool
) -> FileStep:
    source = read_source(edits[0].path, environment, vault)
    if any(edit.digest != source.digest for edit in edits):
        raise changed_meanwhile(source.shown)
    operations = tuple(operation for edit in edits for operation in edit.operations)
    refuse_unsafe(source, (operation.path for operation in operations), openclaw)
    private = any(edit.private for edit in edits)
    return config_step(source, operations, vault.reveal, private=private, second_reader=second_reader)


def config_step(
    source: ConfigSource,
    operations: tuple[Operation, ...],
    reveal: Reveal,
    *,
    private: bool = False,
    second_reader: bool = True,
    may_hold_secrets: bool = False,
) -> FileStep:
    """The write of a config, its new text read by a second reader.

    Args:
        source: the config.
        operations: what to do.
        reveal: the value behind a handle.
        private: whether a secret is among the values.
        second_reader: whether the new text is read by it.
        may_hold_secrets: whether any value may be a secret that no handle stands for.

    Raises:
        UserError: the text cannot be changed in this way; exit code 4.
    """
    try:
        text = edited(source.document, operations, reveal).text
        intended = intended_value(source.value, operations, reveal)
        if second_reader:
            confirm(text, intended)
    except Json5EditError as error:
        raise unsafe_edit(source.shown, error) from None
    now = source.file
    data = now.data if text == source.document.text and source.exists else text.encode("utf-8")
    ownership = ownership_after(source.ownership, private=private)
    given = what_is_given(operations, intended, reveal, may_hold_secrets=may_hold_secrets)
    return FileStep(FileKind.CONFIG, now, data, ownership, tuple(given))


def _dotenv_step(edits: Sequence[EditDotenv], environment: Environment, vault: Vault) -> FileStep:
    now = read_now(edits[0].path, environment, limit=limits.ENV_FILE_BYTES)
    if any(edit.digest != now.digest for edit in edits):
        raise changed_meanwhile(now.shown)
    refuse_foreign(now)
    data = now.data or b""
    given: dict[str, Given] = {}
    for operation in (operation for edit in edits for operation in edit.operations):
        name = operation.name
        try:
            if isinstance(operation, SetVariable):
                value = vault.reveal(operation.value)
                data = set_variable(data, name, value)
                given[name] = Given(Action.SET, (name,), stamp_of(value, secret=True), operation.effect)
            else:
                data = remove_variable(data, name)
                given[name] = Given(Action.DELETE, (name,), None, operation.effect)
        except DotenvEditError as error:
            raise not_written(f"{now.shown} cannot be changed safely ({error}), so nothing was changed.") from None
    private = any(each.action is Action.SET for each in given.values())
    after = None if now.data is None and not data else data
    ownership = ownership_after(now.ownership, private=private)
    return FileStep(FileKind.DOTENV, now, after, ownership, tuple(given.values()))


def _secret_steps(
    changes: tuple[StoreSecret | ForgetSecret, ...], keyring: Keyring, vault: Vault
) -> tuple[SecretStep, ...]:
    wanted: dict[tuple[str, str], str | None] = {}
    for change in changes:
        wanted[change.service, change.account] = vault.reveal(change.value) if isinstance(change, StoreSecret) else None
    steps = []
    for (service, account), after in wanted.items():
        before = read_secret(keyring, service, account)
        if before != after:
            steps.append(SecretStep(service, account, before, after))
    return tuple(steps)


def read_secret(keyring: Keyring, service: str, account: str) -> str | None:
    """The value of a keyring's entry.

    Raises:
        UserError: the keyring cannot be used; exit code 4.
    """
    try:
        return keyring.read(service, account)
    except KeyringError as error:
        raise unreachable_keyring(error) from None


def _effects(plan: Plan) -> Iterable[str]:
    for change in plan.changes:
        if isinstance(change, EditConfig | EditDotenv):
            yield from (operation.effect for operation in change.operations if operation.effect)
        elif change.effect:
            yield change.effect
