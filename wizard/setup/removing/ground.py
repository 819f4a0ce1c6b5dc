"""OpenClaw's config with everything it includes, and edits of it as writes of the files that hold the places."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from wizard.base.environment import Environment
from wizard.change.edits import ConfigEdits
from wizard.change.entries import FileKind
from wizard.change.included import IncludingSource, edits_for
from wizard.change.plan import Change, Delete, EditConfig, Operation, RemoveFile, edited, unsafe_edit
from wizard.change.reading import ConfigSource
from wizard.json5doc import ArrayNode, Document, Json5EditError, ObjectNode, format_path
from wizard.keys.vault import Vault
from wizard.openclaw.include_errors import Place
from wizard.openclaw.seen import ConfigPath
from wizard.setup.removing.before import FileBefore, file_before


class RemovalEdits(ConfigEdits):
    """Edits that can take an item out of a list as well. Items of one list go from its end to its start."""

    def delete(self, path: ConfigPath, effect: str) -> None:
        """Takes a member or an item away, if it is there."""
        holder, step = self.get(path[:-1]), path[-1]
        if isinstance(holder, list) and isinstance(step, int) and 0 <= step < len(holder):
            self._add(Delete(path, effect))
        else:
            super().delete(path, effect)


@dataclass(frozen=True)
class Ground:
    """The config as it is, file by file, and as it was.

    Attributes:
        source: the config as it is, with everything it includes.
        before: what each of its files was before our first change.
    """

    source: ConfigSource = field(repr=False)
    before: Mapping[Path, FileBefore] = field(repr=False)

    @property
    def value(self) -> Any:
        """The config's plain value, secrets in it."""
        return self.source.value

    @property
    def files(self) -> Mapping[Path, ConfigSource]:
        """Its files, the main one first."""
        return self.source.files if isinstance(self.source, IncludingSource) else {self.source.path: self.source}

    def was(self, path: ConfigPath) -> Any:
        """The value that stood at a place before our first change; None where there was none, or it is not known."""
        place = self._place(path)
        before = self.before.get(place.file)
        return before.get(self.files[place.file].value, place.path) if before else None

    def is_new(self, path: ConfigPath) -> bool:
        """Whether it is known that we gave this place its value, where nothing stood before."""
        place = self._place(path)
        before = self.before.get(place.file)
        if before is None:
            return False
        if before.known:
            return before.lacked(self.files[place.file].value, place.path)
        return place.path in before.given

    def changes(self, operations: list[Operation], vault: Vault) -> dict[Path, Change]:
        """The operations as writes of the files, with what is left empty by them and was not there before.

        Raises:
            UserError: the files cannot be changed in this way; exit code 4.
        """
        edits = {edit.path: edit for edit in edits_for(self.source, operations, vault.reveal)}
        return {
            path: self._pruned(edits[source.path], self.before[path], source, vault)
            for path, source in self.files.items()
            if source.path in edits
        }

    def _place(self, path: ConfigPath) -> Place:
        if isinstance(self.source, IncludingSource):
            return self.source.merged.place(path)
        return Place(self.source.path, path)

    def _pruned(self, edit: EditConfig, before: FileBefore, source: ConfigSource, vault: Vault) -> Change:
        try:
            document = edited(source.document, edit.operations, vault.reveal)
            emptied = tuple(_emptied(document, source.document.value, edit.operations, before))
            document = edited(document, emptied, vault.reveal)
        except Json5EditError as error:
            raise unsafe_edit(source.shown, error) from None
        if before.known and not before.existed and document.text.strip() == "{}" and source.digest is not None:
            effect = f"{source.shown} taken away: nothing is left in it"
            return RemoveFile(source.path, source.digest, effect, FileKind.CONFIG)
        return replace(edit, operations=(*edit.operations, *emptied))


def survey(source: ConfigSource, environment: Environment) -> Ground:
    """The config beside what our journal knows of its files."""
    ground = Ground(source, {})
    return replace(ground, before={path: file_before(each.target, environment) for path, each in ground.files.items()})


def _emptied(document: Document, now: Any, operations: Sequence[Operation], before: FileBefore) -> Iterator[Operation]:
    """Takes away the objects and lists that the operations left empty, where nothing like them stood before."""
    places = (*(operation.path for operation in operations if isinstance(operation, Delete)), *before.given)
    touched = {path[:length] for path in places for length in range(1, len(path))}
    for path in sorted(touched, key=lambda path: (-len(path), str(path))):
        node = document.node(path)
        # What holds a comment is not empty to its author.
        empty = isinstance(node, ObjectNode | ArrayNode) and document.text[node.start : node.end] in ("{}", "[]")
        if empty and not isinstance(path[-1], int) and before.lacked(now, path):
            document = document.delete(path)
            yield Delete(path, f"{format_path(path)} taken away: nothing is left in it")
