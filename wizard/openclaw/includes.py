"""`$include`: the config that OpenClaw makes of several files, and which file holds a value.

    {$include: "./base.json5"}                        the file's value takes the object's place
    {$include: ["./a.json5", "./b.json5"], key: 1}    merged in this order, the members beside it last

An inclusion may stand for any value, also inside a list, and an included file may include others. Objects are merged
all the way down, lists are joined, of anything else the later one counts. A path is relative to the file it stands in,
as that file is named and not where a link leads; `~` and `${NAME}` mean nothing in it.

Source: measured on 2026.5.7 and 2026.9.6, see docs/facts/openclaw.md and tests/real/test_includes.py.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final, TypeAlias

from wizard.base.files import FileTrouble, UnreadableFileError
from wizard.json5doc import Json5SyntaxError
from wizard.openclaw.include_errors import IncludeError, IncludeTrouble, Place
from wizard.openclaw.include_files import lies_in
from wizard.openclaw.seen import ConfigPath

__all__ = ["INCLUDE", "IncludeError", "IncludeTrouble", "Merged", "Place", "Reader", "resolve_includes"]

Reader: TypeAlias = Callable[[Path], Any]

INCLUDE: Final = "$include"
_DEPTH: Final = 10


@dataclass(frozen=True)
class _Node:
    """A value with its origins, weakest first; the members or items of a container are nodes themselves."""

    value: Any
    places: tuple[Place, ...]
    members: Mapping[str, _Node] | None = None
    items: Sequence[_Node] | None = None

    def child(self, step: str | int) -> _Node | None:
        if self.members is not None and isinstance(step, str):
            return self.members.get(step)
        if self.items is not None and isinstance(step, int) and 0 <= step < len(self.items):
            return self.items[step]
        return None

    def plain(self) -> Any:
        if self.members is not None:
            return {key: member.plain() for key, member in self.members.items()}
        return [item.plain() for item in self.items] if self.items is not None else self.value


@dataclass(frozen=True)
class Merged:
    """A config with everything it includes.

    Attributes:
        value: its plain value, as OpenClaw has it before it fills in `${NAME}`.
        files: the main file, then every included one in the order of reading, each once.
    """

    value: Any
    files: tuple[Path, ...]
    _root: _Node = field(repr=False)

    def place(self, path: ConfigPath) -> Place:
        """Where the value at a path is to be set so that it counts.

        Of several files that hold it, the one that OpenClaw follows. For a value that is not there yet, the file that
        holds its nearest parent (of several the strongest), with the rest of the path behind it: a parent that is
        included whole leads into the included file, one with members beside its `$include` into the file of those.

        An edit there replaces what this one file says: an object or list that other files say more of (`holders`)
        keeps their part. A file that is included at two paths changes at both, so resolve again and compare.
        """
        node = self._root
        for index, step in enumerate(path):
            child = node.child(step)
            if child is None:
                nearest = node.places[-1]
                return Place(nearest.file, (*nearest.path, *path[index:]))
            node = child
        return node.places[-1]

    def holders(self, path: ConfigPath) -> tuple[Place, ...]:
        """Every place that says something of the value at a path, weakest first; none where there is no value.

        To take a value away, delete it at each of them.
        """
        node: _Node | None = self._root
        for step in path:
            node = node.child(step) if node is not None else None
        return node.places if node is not None else ()


def resolve_includes(main: Path, value: Any, read: Reader, roots: Sequence[Path] = ()) -> Merged:
    """Puts a config together.

    Args:
        main: the config file as OpenClaw names it, which may be a link; an absolute path.
        value: its plain value.
        read: the plain value of an included file, asked once a file after its place and kind were checked; raises
            UnreadableFileError or Json5SyntaxError.
        roots: the folders outside the config's own that may be included from.

    Raises:
        IncludeError: OpenClaw refuses an inclusion, and with it the whole config.
    """
    main = Path(os.path.normpath(main))
    known: dict[Path, Any] = {}
    resolver = _Resolver(main, read, (main.parent, *roots), known)
    node = resolver.node(value, Place(main, ()), (main,))
    return Merged(node.plain(), (main, *known), node)


@dataclass(frozen=True)
class _Resolver:
    main: Path
    read: Reader
    roots: tuple[Path, ...]
    known: dict[Path, Any]

    def node(self, value: Any, place: Place, chain: tuple[Path, ...]) -> _Node:
        """A value of a file, what it includes put in; `chain` leads from the main file to this one."""
        if isinstance(value, list):
            items = [self.node(item, _below(place, index), chain) for index, item in enumerate(value)]
            return _Node(None, (place,), items=items)
        if not isinstance(value, dict):
            return _Node(value, (place,))
        included = self._included(value[INCLUDE], place, chain) if INCLUDE in value else None
        members = {key: self.node(item, _below(place, key), chain) for key, item in value.items() if key != INCLUDE}
        own = _Node(None, (place,), members=members)
        if included is None:
            return own
        if not members:
            return included if included.places else own
        if included.members is None:
            detail = "what is included beside other members must be an object"
            raise IncludeError(IncludeTrouble.NOT_AN_OBJECT, place, str(value[INCLUDE]), detail)
        return _merged(included, own)

    def _included(self, names: Any, origin: Place, chain: tuple[Path, ...]) -> _Node:
        if isinstance(names, str):
            return self._file(names, origin, chain)
        if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
            detail = "$include takes a file's name or a list of names"
            raise IncludeError(IncludeTrouble.MALFORMED, origin, str(names), detail)
        node = _Node(None, (), members={})
        for name in names:
            node = _merged(node, self._file(name, origin, chain))
        return node

    def _file(self, name: str, origin: Place, chain: tuple[Path, ...]) -> _Node:
        path = Path(os.path.normpath(origin.file.parent / name))

        def refuse(trouble: IncludeTrouble, detail: str) -> IncludeError:
            return IncludeError(trouble, origin, str(path), detail)

        if not any(path.is_relative_to(root) for root in self.roots):
            raise refuse(IncludeTrouble.OUTSIDE, "it lies outside the config's folder")
        if path in chain:
            raise refuse(IncludeTrouble.CYCLE, "it includes itself")
        if len(chain) > _DEPTH:
            raise refuse(IncludeTrouble.TOO_DEEP, f"it is included more than {_DEPTH} files deep")
        if path not in self.known:
            try:
                if not lies_in(path, self.roots):
                    raise refuse(IncludeTrouble.OUTSIDE, "it is a link to a file outside the config's folder")
                self.known[path] = self.read(path)
            except UnreadableFileError as error:
                missing = error.trouble is FileTrouble.MISSING
                trouble = IncludeTrouble.MISSING if missing else IncludeTrouble.UNREADABLE
                raise refuse(trouble, error.detail) from error
            except Json5SyntaxError as error:
                detail = f"it is not JSON5 (line {error.line}: {error.reason})"
                raise refuse(IncludeTrouble.SYNTAX, detail) from error
        return self.node(self.known[path], Place(path, ()), (*chain, path))


def _merged(weak: _Node, strong: _Node) -> _Node:
    places = (*weak.places, *strong.places)
    if weak.items is not None and strong.items is not None:
        return _Node(None, places, items=[*weak.items, *strong.items])
    if weak.members is None or strong.members is None:
        return replace(strong, places=places)
    members = dict(weak.members)
    for key, member in strong.members.items():
        members[key] = _merged(members[key], member) if key in members else member
    return _Node(None, places, members=members)


def _below(place: Place, step: str | int) -> Place:
    return replace(place, path=(*place.path, step))
