"""Edits by path: each gives the new text together with the value that it has to mean."""

from operator import delitem, setitem
from typing import NamedTuple

from wizard.json5doc.errors import Json5EditError
from wizard.json5doc.insertion import new_item, new_member
from wizard.json5doc.nodes import ArrayNode, ContainerNode, JsonValue, Node, ObjectNode, child_index, find, plain_value
from wizard.json5doc.parser import parse
from wizard.json5doc.paths import Path, format_path
from wizard.json5doc.removal import removal
from wizard.json5doc.replacement import replacement
from wizard.json5doc.splices import apply_splices
from wizard.json5doc.values import changed, first_difference


class Edit(NamedTuple):
    """A changed text, and the plain value that was intended by it."""

    text: str
    intended: JsonValue


def set_value(text: str, root: Node, path: Path, value: JsonValue) -> Edit:
    """Replaces the value at a path, or adds it with the objects that are missing on the way."""
    node = find(root, path)
    if node is None:
        return _add_value(text, root, path, value)
    if first_difference(plain_value(node), value) is None:
        return Edit(text, plain_value(root))
    intended = changed(plain_value(root), path, lambda holder, step: setitem(holder, step, value))
    return Edit(apply_splices(text, [replacement(text, root, node, value)]), intended)


def insert_item(text: str, root: Node, path: Path, index: int | None, value: JsonValue) -> Edit:
    """Adds an item to an array before the one that has this index, or with None at the end."""
    node = find(root, path)
    if not isinstance(node, ArrayNode):
        raise Json5EditError(path, "there is no array")
    index = len(node.items) if index is None else index
    if not 0 <= index <= len(node.items):
        raise Json5EditError((*path, index), f"the array has {len(node.items)} items")
    intended = changed(plain_value(root), (*path, index), lambda holder, step: holder.insert(step, value))
    return Edit(apply_splices(text, new_item(text, root, node, index, value)), intended)


def delete_value(text: str, root: Node, path: Path) -> Edit:
    """Takes out an item, or every member with the key at the end of the path."""
    if not path:
        raise Json5EditError(path, "the root cannot be deleted")
    if find(root, path) is None:
        raise Json5EditError(path, "there is nothing to delete")
    intended = changed(plain_value(root), path, delitem)
    *way, step = path
    holder = find(root, tuple(way))
    while isinstance(holder, ContainerNode) and (index := child_index(holder, step)) is not None:
        text = apply_splices(text, removal(text, holder, index))
        # Only a repeated key is looked for again: reading a large text takes its time.
        repeated = isinstance(holder, ObjectNode) and sum(member.key == step for member in holder.members) > 1
        holder = find(parse(text), tuple(way)) if repeated else None
    return Edit(text, intended)


def _add_value(text: str, root: Node, path: Path, value: JsonValue) -> Edit:
    depth = next(depth for depth in range(len(path)) if find(root, path[: depth + 1]) is None)
    holder, key, name = find(root, path[:depth]), path[depth], format_path(path[:depth])
    if isinstance(holder, ArrayNode) and isinstance(key, int):
        raise Json5EditError(path, f"{name} has {len(holder.items)} items")
    if not isinstance(holder, ObjectNode) or isinstance(key, int):
        raise Json5EditError(path, f"{name} is no {'array' if isinstance(key, int) else 'object'}")
    for step in reversed(path[depth + 1 :]):
        if isinstance(step, int):
            raise Json5EditError(path, "an array on the way does not exist yet; set it as a whole")
        value = {step: value}
    intended = changed(plain_value(root), path[: depth + 1], lambda inner, step: setitem(inner, step, value))
    return Edit(apply_splices(text, new_member(text, root, holder, key, value)), intended)
