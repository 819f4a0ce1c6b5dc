"""The operations of a plan, gathered against a config's plain value: what already is as wanted needs none."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from wizard.change.plan import Append, Delete, Operation, Reveal, Set, intended_value, revealed
from wizard.openclaw.seen import ConfigPath


class ConfigEdits:
    """Operations on one config, in the order they were asked for.

    Args:
        value: the config's plain value, secrets in it.
        reveal: the value behind a handle, for comparing.

    Attributes:
        reveal: the same.
        operations: what was gathered.
    """

    def __init__(self, value: Any, reveal: Reveal) -> None:
        self._value = value
        self.reveal = reveal
        self.operations: list[Operation] = []

    def get(self, path: ConfigPath) -> Any:
        """The value at a path as it is after the operations so far, secrets in it; None where there is none."""
        value = self._value
        for step in path:
            if isinstance(value, dict) and isinstance(step, str):
                value = value.get(step)
            elif isinstance(value, list) and isinstance(step, int) and 0 <= step < len(value):
                value = value[step]
            else:
                return None
        return value

    def set(self, path: ConfigPath, value: Any, effect: str) -> None:
        """Gives a value its place, unless it is there already."""
        if self.get(path) != revealed(value, self.reveal):
            self._add(Set(path, value, effect))

    def append(self, path: ConfigPath, value: Any, effect: str) -> None:
        """Adds an item to the list at a path."""
        self._add(Append(path, value, effect))

    def delete(self, path: ConfigPath, effect: str) -> None:
        """Takes a value away, if it is there."""
        parent = self.get(path[:-1])
        if isinstance(parent, dict) and path[-1] in parent:
            self._add(Delete(path, effect))
        elif isinstance(parent, list) and isinstance(path[-1], int) and 0 <= path[-1] < len(parent):
            self._add(Delete(path, effect))

    def _add(self, operation: Operation) -> None:
        self.operations.append(operation)
        # An operation that does not fit the config is refused where the plan is carried out, with a reason.
        with suppress(LookupError, TypeError, AttributeError):
            self._value = intended_value(self._value, [operation], self.reveal)
