"""A change taken back piece by piece, in a file that somebody else has changed since.

Every place that still has the value that we gave gets its old value back, or goes where it had none, with the objects
that we made around it. Places with another value now are somebody else's work: they stay, and are named.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from wizard.change.dotenv_edit import DotenvEditError, read_value, remove_variable, set_variable
from wizard.change.entries import Action, Given, bears_stamp
from wizard.change.given import look
from wizard.change.plan import Delete, Operation, Set, intended_value
from wizard.json5doc import Document, Json5SyntaxError, format_path
from wizard.openclaw.seen import ConfigPath

# What stands in an image in the place of a secret that was taken out of it.
PRUNED_MARK: Final = "portkey-claw-took-this-secret-out"


class PrunedError(Exception):
    """An old value that is needed was taken out of the journal because of the secret in it."""


@dataclass(frozen=True, slots=True)
class Reversal:
    """What takes a change of a config back.

    Attributes:
        operations: what to do, with plain values.
        left: the places that have another value now, as people write them.
    """

    operations: tuple[Operation, ...]
    left: tuple[str, ...]


def reverse_config(value: Any, changes: Sequence[tuple[bytes | None, Sequence[Given]]]) -> Reversal:
    """What takes changes of a config back.

    Args:
        value: the config's plain value as it is now.
        changes: newest first, the bytes before each (None: there was no file) and what it gave.

    Raises:
        PrunedError: an old value is not known any more.
    """
    operations: list[Operation] = []
    left: list[str] = []
    for image, given in changes:
        before = _value_of(image)
        for each in reversed(given):
            found = _reverse(value, before, each)
            if found is None:
                left.append(format_path(each.path))
                continue
            value = intended_value(value, found, str)
            operations += found
    return Reversal(tuple(operations), tuple(left))


def reverse_dotenv(
    data: bytes, changes: Sequence[tuple[bytes | None, Sequence[Given]]]
) -> tuple[bytes, tuple[str, ...]]:
    """The bytes of a `.env` file with changes taken back, and the variables that have another value now.

    Raises:
        PrunedError: an old value is not known any more.
    """
    left: list[str] = []
    for image, given in changes:
        for each in reversed(given):
            name = str(each.path[0])
            old, present = read_value(image or b"", name), read_value(data, name)
            if present == old:
                continue
            ours = present is None if each.action is Action.DELETE else bears_stamp(present, each.stamp)
            if ours:
                _refuse_pruned(old)
            try:
                if ours:
                    data = remove_variable(data, name) if old is None else set_variable(data, name, old)
                else:
                    left.append(name)
            except DotenvEditError:
                left.append(name)
    return data, tuple(left)


def _reverse(value: Any, before: Any, given: Given) -> list[Operation] | None:
    """The operations that take one operation back, none where it is so already; None where it must stay."""
    there, present = look(value, given.path)
    was_there, old = look(before, given.path)
    if given.action is Action.APPEND:
        items = present if isinstance(present, list) else []
        indexes = [index for index, item in enumerate(items) if bears_stamp(item, given.stamp)]
        return [Delete((*given.path, indexes[-1]), "")] if indexes else []
    if there == was_there and present == old:
        return []
    if given.action is Action.SET and not (there and bears_stamp(present, given.stamp)):
        return None
    if given.action is Action.DELETE and (there or not _may_hold(value, given.path)):
        return None
    _refuse_pruned(old)
    if was_there:
        return [Set(given.path, old, "")]
    return [Delete(_outermost_made(value, before, given.path), "")]


def _outermost_made(value: Any, before: Any, path: ConfigPath) -> ConfigPath:
    """The path, or the outermost object around it that we made and that holds nothing else."""
    while len(path) > 1:
        _, parent = look(value, path[:-1])
        if not isinstance(parent, dict) or len(parent) != 1 or look(before, path[:-1])[0]:
            break
        path = path[:-1]
    return path


def _may_hold(value: Any, path: ConfigPath) -> bool:
    """Whether a value can be put at a path: what is there on the way are objects, and the last step is a name."""
    for length in range(len(path)):
        there, holder = look(value, path[:length])
        if not there:
            return all(isinstance(step, str) for step in path[length - 1 :])
        if not isinstance(holder, dict) and not (isinstance(holder, list) and length < len(path) - 1):
            return False
    return True


def _value_of(image: bytes | None) -> Any:
    if image is None:
        return {}
    try:
        return Document.parse(image.decode("utf-8")).value
    except (UnicodeDecodeError, Json5SyntaxError):
        raise PrunedError from None


def _refuse_pruned(old: Any) -> None:
    if any(PRUNED_MARK in text for text in _strings(old)):
        raise PrunedError


def _strings(value: Any) -> Iterable[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from _strings(item)
    elif isinstance(value, list):
        for item in value:
            yield from _strings(item)
