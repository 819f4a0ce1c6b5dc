"""The operations of a plan, gathered against a config's plain value: what already is as wanted needs none."""

from __future__ import annotations

from typing import Any

from wizard.change.plan import Append, Delete, Operation, Reveal, Set
from wizard.openclaw.seen import ConfigPath


class Edits:
    """Operations on one config, in the order they were asked for.

    Args:
        value: the config's plain value, secrets in it.
        reveal: the value behind a handle, for comparing.
    """

    def __init__(self, value: Any, reveal: Reveal) -> None:
        self._value = value
        self._reveal = reveal
        self.operations: list[Operation] = []

    def get(self, path: ConfigPath) -> Any:
        """The value at a path as the config has it now, None where there is none."""
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
        wanted = self._reveal(value) if isinstance(value, str) else value
        if self.get(path) != wanted:
            self.operations.append(Set(path, value, effect))

    def append(self, path: ConfigPath, value: Any, effect: str) -> None:
        """Adds an item to the list at a path."""
        self.operations.append(Append(path, value, effect))

    def delete(self, path: ConfigPath, effect: str) -> None:
        """Takes a value away, if it is there."""
        parent = self.get(path[:-1])
        if isinstance(parent, dict) and path[-1] in parent:
            self.operations.append(Delete(path, effect))
