"""What operations on a config come to, place by place, so that each can be taken back apart."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from wizard.change.entries import Action, Given, stamp_of
from wizard.change.plan import Append, Delete, Operation, Reveal, Set, revealed


def what_is_given(
    operations: tuple[Operation, ...], intended: Any, reveal: Reveal, *, may_hold_secrets: bool = False
) -> Iterable[Given]:
    """What the operations come to, place by place: an operation below a value that was given whole is part of it.

    Args:
        operations: what was done.
        intended: the plain value after them.
        reveal: the value behind a handle; what it changes is a secret.
        may_hold_secrets: whether any other value may be one too.
    """
    whole = {operation.path for operation in operations if isinstance(operation, Set)}

    def part(path: tuple[Any, ...]) -> bool:
        return any(path[:length] in whole for length in range(len(path)))

    seen: set[tuple[Any, ...]] = set()
    for operation in operations:
        path = operation.path
        if part(path) or (isinstance(operation, Append) and path in whole):
            continue
        if isinstance(operation, Append):
            item = revealed(operation.value, reveal)
            stamp = stamp_of(item, secret=may_hold_secrets or item != operation.value)
            yield Given(Action.APPEND, path, stamp, operation.effect)
            continue
        if path in seen:
            continue
        seen.add(path)
        there, value = look(intended, path)
        if there:
            secret = may_hold_secrets or any(_bears_secret(other, path, reveal) for other in operations)
            yield Given(Action.SET, path, stamp_of(value, secret=secret), operation.effect)
        else:
            yield Given(Action.DELETE, path, None, operation.effect)


def _bears_secret(operation: Operation, path: tuple[Any, ...], reveal: Reveal) -> bool:
    if operation.path[: len(path)] != path:
        return False
    if isinstance(operation, Delete):
        # What has moved up into the place of an item is not ours: nobody knows what is in it.
        return operation.path == path
    return bool(revealed(operation.value, reveal) != operation.value)


def look(value: Any, path: Sequence[str | int]) -> tuple[bool, Any]:
    """Whether there is a value at a path, and which."""
    for step in path:
        if isinstance(value, dict) and isinstance(step, str) and step in value:
            value = value[step]
        elif isinstance(value, list) and isinstance(step, int) and 0 <= step < len(value):
            value = value[step]
        else:
            return False, None
    return True, value
