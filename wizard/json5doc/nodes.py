"""The values of a document, each with its span.

Spans are half open, in 0-based code point offsets. A node's span is that of its own text: the quotes of a string
and the brackets of an object belong to it, the comments and the comma around it do not.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

from wizard.json5doc.paths import Path

JsonValue: TypeAlias = "str | int | float | bool | list[JsonValue] | dict[str, JsonValue] | None"


class Span(NamedTuple):
    """A stretch of text, from `start` up to but not including `end`."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class StringNode:
    """A string; `value` has its escapes resolved."""

    start: int
    end: int
    value: str


@dataclass(frozen=True, slots=True)
class NumberNode:
    """A number; `raw` is how it is written, such as `0x1F`."""

    start: int
    end: int
    value: float
    raw: str


@dataclass(frozen=True, slots=True)
class BoolNode:
    """`true` or `false`."""

    start: int
    end: int
    value: bool


@dataclass(frozen=True, slots=True)
class NullNode:
    """`null`."""

    start: int
    end: int
    value: None = None


@dataclass(frozen=True, slots=True)
class ArrayNode:
    """An array."""

    start: int
    end: int
    items: "tuple[Node, ...]"

    @property
    def children(self) -> "tuple[Node, ...]":
        """Gives the items."""
        return self.items


@dataclass(frozen=True, slots=True)
class Member:
    """A key and its value in an object; the quotes of the key belong to `key_span`."""

    key: str
    key_span: Span
    value: "Node"

    @property
    def start(self) -> int:
        """Gives the offset where the key starts."""
        return self.key_span.start

    @property
    def end(self) -> int:
        """Gives the offset where the value ends."""
        return self.value.end


@dataclass(frozen=True, slots=True)
class ObjectNode:
    """An object with its members as they are written, repeated keys included."""

    start: int
    end: int
    members: tuple[Member, ...]

    @property
    def children(self) -> tuple[Member, ...]:
        """Gives the members."""
        return self.members


ScalarNode: TypeAlias = StringNode | NumberNode | BoolNode | NullNode
ContainerNode: TypeAlias = ObjectNode | ArrayNode
Node: TypeAlias = ScalarNode | ContainerNode


def plain_value(node: Node) -> JsonValue:
    """Gives a fresh plain value of a node; of repeated keys the last one counts."""
    if isinstance(node, ObjectNode):
        return {member.key: plain_value(member.value) for member in node.members}
    if isinstance(node, ArrayNode):
        return [plain_value(item) for item in node.items]
    return node.value


def child_index(node: ContainerNode, step: str | int) -> int | None:
    """Tells which child a step of a path leads to; of repeated keys the last one, which is the one that counts."""
    if isinstance(node, ObjectNode):
        indexes = reversed(range(len(node.members)))
        return next((index for index in indexes if node.members[index].key == step), None)
    return step if isinstance(step, int) and 0 <= step < len(node.items) else None


def child(node: Node, step: str | int) -> Member | Node | None:
    """Takes one step of a path: to a member of an object, or an item of an array."""
    if not isinstance(node, ContainerNode):
        return None
    index = child_index(node, step)
    return None if index is None else node.children[index]


def value_node(child: Member | Node) -> Node:
    """Gives the value of a member; an item is its own value."""
    return child.value if isinstance(child, Member) else child


def find(node: Node, path: Path) -> Node | None:
    """Takes every step of a path."""
    for step in path:
        found = child(node, step)
        if found is None:
            return None
        node = value_node(found)
    return node


def walk(node: Node, path: Path = ()) -> Iterator[tuple[Path, Node]]:
    """Yields a node and everything in it in the order of the text, values of overruled repeated keys included."""
    yield path, node
    if isinstance(node, ObjectNode):
        for member in node.members:
            yield from walk(member.value, (*path, member.key))
    elif isinstance(node, ArrayNode):
        for index, item in enumerate(node.items):
            yield from walk(item, (*path, index))
