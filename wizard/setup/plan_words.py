"""A plan in words: numbered steps for people, rows for the JSON document."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final, TypeAlias

from wizard.base.environment import Environment
from wizard.change.plan import (
    Append,
    Change,
    Delete,
    EditConfig,
    EditDotenv,
    Operation,
    Plan,
    PutFile,
    RemoveFile,
    RemoveVariable,
    RestoreFile,
    Set,
    SetVariable,
    StoreSecret,
)
from wizard.json5doc import format_path
from wizard.terminal.console import Console, Span, Tone

FileChange: TypeAlias = EditConfig | EditDotenv | PutFile | RemoveFile | RestoreFile

_FILE_ACTIONS: Final[dict[type, str]] = {PutFile: "put-file", RemoveFile: "remove-file", RestoreFile: "restore-file"}
_DIFF_TONES: Final = {"+": Tone.GOOD, "-": Tone.BROKEN, "@": Tone.DIM}


def show_changes(plan: Plan, environment: Environment, console: Console, *, checks: str = "") -> None:
    """Prints the numbered steps of a plan, each with its effects.

    Args:
        plan: what is to be done.
        environment: whose paths they are.
        console: where it goes.
        checks: what is checked after the write, the last step, or an empty text.
    """
    console.line(Span("Plan", Tone.STRONG))
    number = 0
    for number, change in enumerate(plan.changes, 1):
        heading, effects = _described(change, environment)
        console.line(heading, indent=2, label=(Span(f"{number}  ", Tone.DIM),))
        for sign, effect in effects:
            console.line(effect, indent=5, label=(Span(f"{sign} "),))
    if checks:
        console.line(checks, indent=2, label=(Span(f"{number + 1}  ", Tone.DIM),))


def show_notes(plan: Plan, console: Console) -> None:
    """Prints what should be known before the confirmation."""
    for note in plan.notes:
        console.line(note, indent=2, label=(Span(f"{console.glyphs.care} ", Tone.CARE),))


def show_diff(diff: str, console: Console) -> None:
    """Prints a diff, whose secrets are handles."""
    if not diff:
        return
    console.blank()
    for line in diff.split("\n"):
        console.row(Span(line, _DIFF_TONES.get(line[:1], Tone.PLAIN)), indent=2)


def change_rows(plan: Plan, environment: Environment) -> list[dict[str, Any]]:
    """The rows of the JSON document: `action`, `path`, `effect` and `file`, which is null for the keyring."""
    return [row for change in plan.changes for row in _rows(change, environment)]


def _described(change: Change, environment: Environment) -> tuple[str, list[tuple[str, str]]]:
    """A change's heading, and its effects with a sign each."""
    if isinstance(change, EditConfig | EditDotenv):
        verb = "edit" if change.digest is not None else "make"
        signs = [("-" if _takes_away(each) else "+", each.effect) for each in change.operations]
        return f"{verb} {environment.display(change.path)}", signs
    if isinstance(change, PutFile):
        return f"{'edit' if change.digest else 'make'} {environment.display(change.path)}", [("+", change.effect)]
    if isinstance(change, RemoveFile):
        return f"remove {environment.display(change.path)}", [("-", change.effect)]
    if isinstance(change, RestoreFile):
        return f"give back {environment.display(change.path)}", [("-", change.effect)]
    if isinstance(change, StoreSecret):
        return "store in the system's keyring", [("+", change.effect)]
    return "forget in the system's keyring", [("-", change.effect)]


def _takes_away(operation: Operation | SetVariable | RemoveVariable) -> bool:
    """Whether nothing stands in its place afterwards; an emptied list is nothing."""
    return isinstance(operation, Delete | RemoveVariable) or (isinstance(operation, Set) and operation.value == [])


def _rows(change: Change, environment: Environment) -> Iterator[dict[str, Any]]:
    if isinstance(change, EditConfig):
        for operation in change.operations:
            yield _row(_action(operation), format_path(operation.path), operation.effect, _file(change, environment))
    elif isinstance(change, EditDotenv):
        for each in change.operations:
            action = "remove-variable" if isinstance(each, RemoveVariable) else "set-variable"
            yield _row(action, each.name, each.effect, _file(change, environment))
    elif isinstance(change, PutFile | RemoveFile | RestoreFile):
        shown = _file(change, environment)
        yield _row(_FILE_ACTIONS[type(change)], shown, change.effect, shown)
    else:
        action = "store-secret" if isinstance(change, StoreSecret) else "forget-secret"
        yield _row(action, f"{change.service}: {change.account}", change.effect, None)


def _file(change: FileChange, environment: Environment) -> str:
    return environment.display(change.path)


def _row(action: str, path: str, effect: str, file: str | None) -> dict[str, Any]:
    return {"action": action, "path": path, "effect": effect, "file": file}


def _action(operation: Operation) -> str:
    if isinstance(operation, Delete):
        return "delete"
    return "append" if isinstance(operation, Append) else "set"
