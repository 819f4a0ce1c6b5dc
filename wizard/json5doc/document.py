"""The document: its text, its values, where they stand, and edits that leave every other character alone."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from wizard.json5doc import edits, nodes
from wizard.json5doc.errors import Json5EditError, Json5SyntaxError
from wizard.json5doc.lines import LineIndex, Position
from wizard.json5doc.nodes import JsonValue, Member, Node, ObjectNode
from wizard.json5doc.parser import parse
from wizard.json5doc.paths import Path
from wizard.json5doc.values import first_difference, plain_copy


@dataclass(frozen=True, repr=False)
class Document:
    """A JSON5 text with the tree of its values.

    A document never changes: an edit gives a new one, whose text differs in the edited spans only. Every edit reads
    its own result again and compares it with the intended value, so a wrong one raises `Json5EditError` and is never
    handed out. `repr` shows no text, since a config may hold secrets.
    """

    text: str
    root: Node = field(compare=False)

    @classmethod
    def parse(cls, text: str) -> "Document":
        """Reads a text; a byte order mark at its start is kept.

        Raises:
            Json5SyntaxError: The text is not JSON5, or nested deeper than 200 levels.
        """
        return cls(text, parse(text))

    @classmethod
    def empty(cls) -> "Document":
        """Gives the document for a file that does not exist or holds nothing yet: an empty object."""
        return cls.parse("{}\n")

    def __repr__(self) -> str:
        return f"<Document of {len(self.text)} characters>"

    # Reading

    @property
    def value(self) -> JsonValue:
        """Gives a fresh plain value; of repeated keys the last one counts, and `__proto__` is a key like any other."""
        return nodes.plain_value(self.root)

    def node(self, path: Path) -> Node | None:
        """Finds the node at a path; of repeated keys the last one counts."""
        return nodes.find(self.root, path)

    def has(self, path: Path) -> bool:
        """Tells whether there is a value, be it null."""
        return self.node(path) is not None

    def get(self, path: Path, default: JsonValue = None) -> JsonValue:
        """Gives a fresh plain value, or `default` where there is none."""
        node = self.node(path)
        return default if node is None else nodes.plain_value(node)

    def walk(self) -> Iterator[tuple[Path, Node]]:
        """Yields every path and node in the order of the text, values of overruled repeated keys included."""
        return nodes.walk(self.root)

    def duplicates(self) -> tuple[tuple[Path, tuple[Position, ...]], ...]:
        """Gives the path of each repeated key with the places of the key; the last place is the one that counts."""
        repeated = []
        for path, node in self.walk():
            if isinstance(node, ObjectNode):
                places: dict[str, list[Position]] = {}
                for member in node.members:
                    places.setdefault(member.key, []).append(self.position_at(member.start))
                repeated += [((*path, key), tuple(found)) for key, found in places.items() if len(found) > 1]
        return tuple(repeated)

    def position(self, path: Path, *, of: Literal["key", "value"] = "value") -> Position | None:
        """Tells where a value or its key starts; None if there is no such value, or if it has no key."""
        found: Member | Node | None = self.node(path)
        if of == "key":
            holder = self.node(path[:-1])
            found = nodes.child(holder, path[-1]) if path and isinstance(holder, ObjectNode) else None
        return None if found is None else self.position_at(found.start)

    def position_at(self, offset: int) -> Position:
        """Gives the line and column of a 0-based code point offset."""
        return self._lines.position(offset)

    def line_text(self, line: int) -> str:
        """Gives a line, counted from 1, without its line end.

        Raises:
            IndexError: The text has no such line.
        """
        return self._lines.line_text(line)

    # Editing

    def set(self, path: Path, value: object) -> "Document":
        """Puts a value at a path; missing objects on the way are created, and a new key becomes the last one.

        A value that is equal already stays as it is written. Comments within a replaced object or array go with it.
        Of repeated keys the last one, which counts, is changed.

        Raises:
            Json5EditError: The path leads through a value that is no object, or to an array item that does not exist;
                or the value has no JSON5 form.
        """
        return self._checked(path, edits.set_value(self.text, self.root, path, plain_copy(value)))

    def insert(self, path: Path, index: int, value: object) -> "Document":
        """Puts an item into the array at `path`, before the item that has this index now, or at the end.

        Raises:
            Json5EditError: There is no array, the index is not from 0 to its length, or the value has no JSON5 form.
        """
        return self._checked(path, edits.insert_item(self.text, self.root, path, index, plain_copy(value)))

    def append(self, path: Path, value: object) -> "Document":
        """Puts an item at the end of the array at `path`.

        Raises:
            Json5EditError: There is no array, or the value has no JSON5 form.
        """
        return self._checked(path, edits.insert_item(self.text, self.root, path, None, plain_copy(value)))

    def delete(self, path: Path) -> "Document":
        """Takes out an item, or a member with every repetition of its key.

        Its comma, its own line and the comment at the end of that line go with it; comments above it stay.

        Raises:
            Json5EditError: There is no such value, or it is the root.
        """
        return self._checked(path, edits.delete_value(self.text, self.root, path))

    def _checked(self, path: Path, edit: edits.Edit) -> "Document":
        try:
            edited = self if edit.text == self.text else Document.parse(edit.text)
        except Json5SyntaxError as error:
            raise Json5EditError(path, "the edited text could not be read again") from error
        difference = first_difference(edited.value, edit.intended)
        if difference is not None:
            raise Json5EditError(difference, "the edited text would not mean what was intended")
        return edited

    @cached_property
    def _lines(self) -> LineIndex:
        return LineIndex(self.text)
