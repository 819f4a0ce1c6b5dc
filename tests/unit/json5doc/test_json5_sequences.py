"""Any sequence of edits: nothing but the touched places changes, and the result means what was intended."""

import copy
import re
from typing import Any

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from tests.unit.json5doc.samples import documents, new_values
from wizard.json5doc import ArrayNode, Document, Node, ObjectNode, Path, confirm
from wizard.json5doc.values import first_difference, plain_copy

made = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
brief = settings(made, max_examples=40)

COMMENT_OR_STRING = re.compile(r"//[^\n\r\u2028\u2029]*|/\*[\s\S]*?\*/|(\"|')(?:\\[\s\S]|(?!\1)[^\\])*\1")
MARKED = "marked: this object must stay as it is"


def comments(text: str) -> list[str]:
    return [match.group() for match in COMMENT_OR_STRING.finditer(text) if match[1] is None]


def reachable(document: Document, kind: Any = object) -> list[tuple[Path, Node]]:
    """The nodes that their path leads to, which those under overruled keys are not."""
    return [(path, node) for path, node in document.walk() if isinstance(node, kind) and document.node(path) is node]


def holds_white_space_only(document: Document, node: Node) -> bool:
    inside = document.text[node.start + 1 : node.end - 1]
    return bool(inside) and not inside.replace("\ufeff", " ").strip()


def drawn(data: st.DataObject, document: Document, kind: Any) -> tuple[Path, Node]:
    """An object or array that an edit can leave as it was: one with white space alone inside is closed up."""
    found = [found for found in reachable(document, kind) if not holds_white_space_only(document, found[1])]
    assume(found)
    return data.draw(st.sampled_from(found))


@made
@given(documents, new_values, st.data())
def test_setting_and_deleting_a_new_member_gives_the_original_text_back(
    document: Document, value: Any, data: st.DataObject
) -> None:
    # An object with white space alone inside is closed up to {}: what stood there is lost.
    found = [
        (path, node) for path, node in reachable(document, ObjectNode) if not holds_white_space_only(document, node)
    ]
    assume(found)
    path, _ = data.draw(st.sampled_from(found))
    assume(not document.has((*path, "new")))
    assert document.set((*path, "new"), value).delete((*path, "new")).text == document.text


@made
@given(documents, new_values, st.data())
def test_appending_and_deleting_an_item_gives_the_original_text_back(
    document: Document, value: Any, data: st.DataObject
) -> None:
    found = [
        (path, node) for path, node in reachable(document, ArrayNode) if not holds_white_space_only(document, node)
    ]
    assume(found)
    path, node = data.draw(st.sampled_from(found))
    assert isinstance(node, ArrayNode)
    assert document.append(path, value).delete((*path, len(node.items))).text == document.text


@made
@given(documents, new_values, st.data())
def test_deleting_a_member_and_setting_it_again_keeps_the_comments_of_the_others(
    document: Document, value: Any, data: st.DataObject
) -> None:
    """Comments before the member stay before it in their order; none is lost or added by setting it again."""
    found = [
        (path, node)
        for path, node in reachable(document)
        if path and isinstance(path[-1], str) and len(repeated(document, path)) == 1
    ]
    assume(found)
    path, _ = data.draw(st.sampled_from(found))
    deleted = document.delete(path)
    again = deleted.set(path, value)
    assert first_difference(again.get(path), plain_copy(value)) is None
    before = comments(document.text[: repeated(document, path)[0]])
    assert comments(deleted.text)[: len(before)] == before
    assert sorted(comments(again.text)) == sorted(comments(deleted.text))


def repeated(document: Document, path: Path) -> list[int]:
    """Where each writing of the key at the end of a path starts."""
    holder = document.node(path[:-1])
    assert isinstance(holder, ObjectNode)
    return [member.start for member in holder.members if member.key == path[-1]]


def one_edit(data: st.DataObject, document: Document, meaning: Any, inside: Path) -> Document:
    """Draws and makes an edit below a path, and the same one in the plain value, which starts at that path."""
    places = [(path, node) for path, node in reachable(document) if path[: len(inside)] == inside]
    path, node = data.draw(st.sampled_from(places))
    holder = meaning
    for step in path[len(inside) : -1]:
        holder = holder[step]
    target = holder if path == inside else holder[path[-1]]
    value = data.draw(new_values)
    if isinstance(node, ArrayNode):
        index = data.draw(st.integers(0, len(node.items)))
        target.insert(index, copy.deepcopy(plain_copy(value)))
        return document.insert(path, index, value)
    if isinstance(node, ObjectNode) and data.draw(st.booleans()):
        key = data.draw(st.sampled_from(["new", "x-new", "a"]))
        target[key] = copy.deepcopy(plain_copy(value))
        return document.set((*path, key), value)
    if path == inside:
        return document
    if data.draw(st.booleans()):
        del holder[path[-1]]
        return document.delete(path)
    holder[path[-1]] = copy.deepcopy(plain_copy(value))
    return document.set(path, value)


@made
@given(documents, documents, st.integers(1, 6), st.data())
def test_a_sequence_of_edits_below_one_key_changes_nothing_outside_of_it(
    edited: Document, untouched: Document, count: int, data: st.DataObject
) -> None:
    # The editable part stands between two others, which must come through character by character.
    before = f"// {MARKED}\n{{ first: {untouched.text}\n, edited: ".replace("\ufeff", "")
    after = f"\n, last: {untouched.text}\n}} // {MARKED}\n".replace("\ufeff", "")
    document = Document.parse(before + edited.text + after)
    meaning: Any = edited.value
    for _ in range(count):
        document = one_edit(data, document, meaning, ("edited",))
        assert document.text.startswith(before)
        assert document.text.endswith(after)
        assert first_difference(document.get(("edited",)), meaning) is None
    assert first_difference(Document.parse(document.text).get(("edited",)), meaning) is None


@brief
@given(documents, st.integers(1, 5), st.data())
def test_the_second_reader_agrees_after_any_sequence_of_edits(
    document: Document, count: int, data: st.DataObject
) -> None:
    meaning = document.value
    for _ in range(count):
        document = one_edit(data, document, meaning, ())
    confirm(document.text, meaning)
