"""OpenClaw's config with the files that return to their beginning."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from wizard.base.environment import Environment
from wizard.change.entries import FileKind
from wizard.change.included import IncludingSource
from wizard.change.plan import EditConfig, Operation, intended_value
from wizard.keys.vault import Vault
from wizard.openclaw.include_errors import IncludeError
from wizard.openclaw.includes import resolve_includes
from wizard.setup.removing.entries import entries_of, leads_to_portkey
from wizard.setup.removing.exact import Return, config_value, return_of
from wizard.setup.removing.ground import Ground


@dataclass(frozen=True)
class Returning:
    """The files of the config that get their first bytes back.

    Attributes:
        files: these files.
        value: the whole config's plain value after it; None where no file returns.
    """

    files: Mapping[Path, Return]
    value: Any = field(repr=False)

    def covers(self, ground: Ground) -> bool:
        """Whether every file of the config returns."""
        return all(path in self.files for path in ground.files)


def returns_of(ground: Ground, operations: list[Operation], environment: Environment, vault: Vault) -> Returning:
    """The files that get their first bytes back.

    Args:
        ground: the config as it is and was.
        operations: what is to be done in the others.
        environment: whose journal is asked.
        vault: reveals the handles in the operations.
    """
    found = {path: each for path in ground.files if (each := return_of(path, environment, FileKind.CONFIG)) is not None}
    values = {path: value for path, each in found.items() if (value := config_value(each)) is not None}
    if not values:
        return Returning({}, None)
    whole = _whole(ground, values, operations, vault)
    came_out = any(each.came_out for each in found.values())
    if came_out and any(map(leads_to_portkey, entries_of(whole))):
        # What was taken out of a config that led to Portkey by itself does not come back by asking twice.
        return Returning({}, None)
    return Returning({path: found[path] for path in values}, whole)


def _whole(ground: Ground, returned: Mapping[Path, Any], operations: list[Operation], vault: Vault) -> Any:
    """The whole config's value, put together from the files as they will be."""
    edits = {} if len(returned) == len(ground.files) else ground.changes(operations, vault)
    values = {
        path: intended_value(source.document.value, _operations(edits.get(path)), vault.reveal)
        for path, source in ground.files.items()
    } | dict(returned)
    main = next(iter(ground.files))
    roots = ground.source.roots if isinstance(ground.source, IncludingSource) else ()
    try:
        return resolve_includes(main, values[main], values.__getitem__, roots).value
    except (LookupError, IncludeError):
        return values[main]


def _operations(change: object) -> tuple[Operation, ...]:
    return change.operations if isinstance(change, EditConfig) else ()
