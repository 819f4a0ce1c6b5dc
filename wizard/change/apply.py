"""The one write: lock, read again, compare, make the text, have it read by someone else, replace, read back.

A journal of what was written belongs between the comparison and the replacement (`_replace`), where both the old
and the new text are at hand.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Final

from wizard.base import limits
from wizard.base.environment import Environment
from wizard.base.errors import UserError, not_written
from wizard.base.files import UnreadableFileError, read_text
from wizard.change.plan import EditConfig, Plan, edited, intended_value, unsafe_edit
from wizard.change.reading import ConfigSource, file_identity, read_source, refuse_unsafe
from wizard.change.state import locked, make_private_folder
from wizard.change.writing import Ownership, link_target, remove_strays, replace_file, write_trouble
from wizard.json5doc import Json5EditError, confirm
from wizard.keys.vault import Vault

_OTHERS: Final = 0o077


def apply(plan: Plan, environment: Environment, vault: Vault, *, openclaw: str | None = None) -> tuple[Path, ...]:
    """Carries a plan out.

    Args:
        plan: what to change.
        environment: whose state folder holds the lock.
        vault: reveals the handles in the plan.
        openclaw: the version of the OpenClaw that was found, or None.

    Returns:
        The files that were written.

    Raises:
        UserError: with exit code 4, and nothing written.
    """
    written = []
    for edit in plan.edits:
        target = link_target(edit.path, environment)
        with locked(target, environment):
            _carry_out(edit, environment, vault, openclaw)
        written.append(edit.path)
    return tuple(written)


def ownership_after(source: ConfigSource, edit: EditConfig) -> Ownership:
    """What the written file gets: its old mode and owner, and no reader but its owner once it holds a secret."""
    if not edit.private:
        return source.ownership
    return replace(source.ownership, mode=source.ownership.mode & ~_OTHERS)


def _new_text(source: ConfigSource, edit: EditConfig, vault: Vault) -> str:
    try:
        text = edited(source.document, edit.operations, vault.reveal).text
        confirm(text, intended_value(source.value, edit.operations, vault.reveal))
    except Json5EditError as error:
        raise unsafe_edit(source.shown, error) from None
    return text


def _carry_out(edit: EditConfig, environment: Environment, vault: Vault, openclaw: str | None) -> None:
    source = read_source(edit.path, environment, vault)
    if source.digest != edit.digest:
        raise _changed_meanwhile(source.shown)
    refuse_unsafe(source, (operation.path for operation in edit.operations), openclaw)
    text = _new_text(source, edit, vault)
    made: tuple[Path, ...] = ()
    try:
        remove_strays(source.target)
        if not source.exists:
            made = make_private_folder(source.target.parent)
        _replace(source, text, ownership_after(source, edit))
    except BaseException as error:
        for folder in made:
            with suppress(OSError):
                folder.rmdir()
        if isinstance(error, OSError):
            raise write_trouble(error, source.path, source.target, environment) from None
        raise
    _read_back(source, text)


def _replace(source: ConfigSource, text: str, ownership: Ownership) -> None:
    def still_the_same() -> None:
        if file_identity(source.target) != source.identity:
            raise _changed_meanwhile(source.shown)

    replace_file(source.target, text.encode("utf-8"), ownership, still_the_same)


def _read_back(source: ConfigSource, text: str) -> None:
    try:
        same = read_text(source.target, limit=limits.CONFIG_BYTES).text == text
    except UnreadableFileError:
        same = False
    if not same:
        raise not_written(
            f"{source.shown} was changed by another program right after it was written.",
            "Look at the file, then run this command again.",
        )


def _changed_meanwhile(shown: str) -> UserError:
    return not_written(
        f"{shown} was changed by another program in the meantime, so nothing was written.",
        "Run this command again: it starts from the file as it is now.",
    )
