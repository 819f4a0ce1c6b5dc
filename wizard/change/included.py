"""A config that includes other files: read as OpenClaw has it, edited in the files that hold the places."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from wizard.base import limits
from wizard.base.environment import Environment
from wizard.base.errors import UserError, not_written
from wizard.base.files import read_text
from wizard.change.plan import Delete, EditConfig, Operation, Reveal, intended_value
from wizard.change.reading import ConfigSource, read_source
from wizard.json5doc import Document, format_path
from wizard.keys.vault import Vault
from wizard.openclaw.include_errors import IncludeError
from wizard.openclaw.include_files import include_roots
from wizard.openclaw.includes import INCLUDE, Merged, resolve_includes
from wizard.openclaw.locate import Located


@dataclass(frozen=True)
class IncludingSource(ConfigSource):
    """A config that includes other files; its `value` is the whole, as OpenClaw puts it together.

    Attributes:
        merged: the whole, and which file holds what.
        files: the plain sources of its files that hold an object, by the path that OpenClaw names them with.
        roots: the folders outside the config's own that it may include from.
    """

    merged: Merged = field(repr=False)
    files: Mapping[Path, ConfigSource] = field(repr=False)
    roots: tuple[Path, ...]

    @property
    def value(self) -> Any:
        """The whole config's plain value."""
        return self.merged.value


def read_config_sources(located: Located, environment: Environment, vault: Vault) -> ConfigSource:
    """Reads the active config for a change, with everything it includes; `edits_for` makes edits of operations on it.

    Raises:
        UserError: a file cannot be read or is not JSON5, or OpenClaw refuses an inclusion; exit code 4.
    """
    source = read_source(located.path, environment, vault)
    roots = include_roots(environment, located)
    files: dict[Path, ConfigSource] = {}

    def read(path: Path) -> Any:
        value = Document.parse(read_text(path, limit=limits.CONFIG_BYTES).text).value
        if isinstance(value, dict):
            files[path] = read_source(path, environment, vault)
        return value

    try:
        merged = resolve_includes(source.path, source.value, read, roots)
    except IncludeError as error:
        raise _refused(error, environment) from None
    if len(merged.files) == 1:
        return source
    own = {each.name: getattr(source, each.name) for each in fields(ConfigSource)}
    return IncludingSource(**own, merged=merged, files={merged.files[0]: source, **files}, roots=roots)


def plain_source(source: ConfigSource) -> ConfigSource:
    """The main file alone, with `$include` as it stands in it."""
    return source.files[source.merged.files[0]] if isinstance(source, IncludingSource) else source


def edits_for(
    source: ConfigSource, operations: Sequence[Operation], reveal: Reveal, *, private: bool = False
) -> tuple[EditConfig, ...]:
    """The writes that carry operations on the whole config out, one for each file that holds a place of theirs.

    Args:
        source: the config as `read_config_sources` gives it; for one that includes nothing there is at most one write.
        operations: what to do, by paths of the whole config.
        reveal: the value behind a handle.
        private: whether a secret is among the values.

    Raises:
        UserError: the operations cannot be carried out file by file so that the whole means what it should; exit
            code 4.
    """
    if not operations:
        return ()
    if not isinstance(source, IncludingSource):
        return (EditConfig(source.path, source.digest, tuple(operations), private),)
    spread: dict[Path, list[Operation]] = {}
    for operation in operations:
        merged = source.merged
        removing = isinstance(operation, Delete)
        for place in merged.holders(operation.path) if removing else (merged.place(operation.path),):
            if place.file not in source.files or not place.path:
                raise _unsuitable(source, operation)
            spread.setdefault(place.file, []).append(replace(operation, path=place.path))
    _refuse_other_meaning(source, operations, spread, reveal)
    ordered = (path for path in source.files if path in spread)
    return tuple(_edit(source.files[path], spread[path], private=private) for path in ordered)


def _edit(source: ConfigSource, operations: list[Operation], *, private: bool) -> EditConfig:
    return EditConfig(source.path, source.digest, tuple(operations), private)


def _refuse_other_meaning(
    source: IncludingSource,
    operations: Sequence[Operation],
    spread: Mapping[Path, list[Operation]],
    reveal: Reveal,
) -> None:
    """A file may be included at two places, and an object may be put together from several files."""
    try:
        wanted = intended_value(source.value, operations, reveal)
        values = {path: intended_value(each.value, spread.get(path, ()), reveal) for path, each in source.files.items()}
        main = source.merged.files[0]
        known = {**{path: _plain(path) for path in source.merged.files if path not in values}, **values}
        seen = resolve_includes(main, known[main], known.__getitem__, source.roots).value
    except (LookupError, TypeError, AttributeError, IncludeError):
        raise _unsuitable(source, operations[0]) from None
    if seen != wanted:
        raise _unsuitable(source, operations[0])


def _plain(path: Path) -> Any:
    return Document.parse(read_text(path, limit=limits.CONFIG_BYTES).text).value


def _unsuitable(source: ConfigSource, operation: Operation) -> UserError:
    return not_written(
        f"{format_path(operation.path)} comes from files that {source.shown} includes, in a way that cannot be changed "
        "safely in any one of them, so nothing was changed.",
        f"Put that part into {source.shown} itself, or into one included file, then run this command again.",
    )


def _refused(error: IncludeError, environment: Environment) -> UserError:
    return not_written(
        f"{environment.display(error.target)}, which {environment.display(error.origin.file)} includes, cannot be "
        f"followed: {error.detail}. Nothing was changed.",
        f"OpenClaw refuses it as well. Mend that {INCLUDE}, then run this command again.",
    )
