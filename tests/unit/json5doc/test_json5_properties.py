"""What holds for every text and every edit, tried on generated documents."""

import re
from collections.abc import Callable
from typing import Any

import json5
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from tests.unit.json5doc.samples import Sample, documents, new_values, texts
from wizard.json5doc import ArrayNode, Document, Json5SyntaxError, Member, Node, ObjectNode, Path, confirm
from wizard.json5doc.values import first_difference, plain_copy

thorough = settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
brief = settings(thorough, max_examples=30)

# Reading


@thorough
@given(texts)
def test_a_text_means_its_value(sample: Sample) -> None:
    assert first_difference(Document.parse(sample.text).value, sample.value) is None


@brief
@given(texts)
def test_the_second_reader_sees_the_same_value(sample: Sample) -> None:
    confirm(sample.text, sample.value)
    assert first_difference(plain_copy(json5.loads(sample.text)), sample.value) is None


def mistake_in(text: str) -> Json5SyntaxError | None:
    try:
        Document.parse(text)
    except Json5SyntaxError as error:
        return error
    return None


def assert_read_or_refused(text: str) -> None:
    error = mistake_in(text)
    if error is not None:
        assert 0 <= error.offset <= len(text)
        assert error.line >= 1
        assert error.column >= 1


@thorough
@given(st.text() | st.text("{}[]:,\"'/*\\#;=+-.0xeN \n\u2028\ufeff"))
def test_any_text_is_read_or_gives_a_syntax_error(text: str) -> None:
    assert_read_or_refused(text)


@thorough
@given(texts, st.data())
def test_a_broken_document_is_read_or_gives_a_syntax_error(sample: Sample, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(sample.text)))
    broken = data.draw(st.sampled_from("{}[]:,\"'/*\\#;=+-.x\n") | st.just(""))
    assert_read_or_refused(sample.text[:start] + broken + sample.text[start + data.draw(st.integers(0, 2)) :])


# Editing

COMMENT_OR_STRING = re.compile(r"//[^\n\r\u2028\u2029]*|/\*[\s\S]*?\*/|(\"|')(?:\\[\s\S]|(?!\1)[^\\])*\1")


def comments(text: str) -> list[str]:
    return [match.group() for match in COMMENT_OR_STRING.finditer(text) if match[1] is None]


def pick(data: st.DataObject, document: Document, kind: type[Node] | Any = object) -> tuple[Path, Any]:
    """Chooses a node that can be reached by its path, which those under overruled keys cannot."""
    found = [(path, node) for path, node in document.walk() if isinstance(node, kind) and document.node(path) is node]
    assume(found)
    return data.draw(st.sampled_from(found))


def room_for(node: ObjectNode | ArrayNode, index: int) -> tuple[int, int]:
    """Gives the span between two neighbouring children, or a child and a bracket."""
    start = node.children[index - 1].end if index else node.start + 1
    return start, node.children[index].start if index < len(node.children) else node.end - 1


def changed(document: Document, path: Path, change: Callable[[Any], None]) -> Any:
    """Gives the plain value of a document after a change of the list or dict at a path."""
    value: Any = document.value
    holder = value
    for step in path:
        holder = holder[step]
    change(holder)
    return value


def assert_edited(before: Document, after: Document, span: tuple[int, int], meaning: Any) -> None:
    assert after.text.startswith(before.text[: span[0]])
    assert after.text.endswith(before.text[span[1] :])
    assert len(after.text) >= span[0] + len(before.text) - span[1]
    assert first_difference(after.value, meaning) is None
    assert first_difference(Document.parse(after.text).value, meaning) is None


@thorough
@given(documents, new_values, st.data())
def test_replacing_changes_the_value_only(document: Document, value: Any, data: st.DataObject) -> None:
    path, node = pick(data, document)
    assume(path)
    meaning = changed(document, path[:-1], lambda holder: holder.__setitem__(path[-1], plain_copy(value)))
    assert_edited(document, document.set(path, value), (node.start, node.end), meaning)


@thorough
@given(documents, new_values, st.data())
def test_a_new_member_changes_the_end_of_its_object_only(document: Document, value: Any, data: st.DataObject) -> None:
    path, node = pick(data, document, ObjectNode)
    key = data.draw(st.sampled_from(["new", "x-new", "a/b"]) | st.text(max_size=3))
    assume(not document.has((*path, key)))
    added = document.set((*path, key), value)
    meaning = changed(document, path, lambda holder: holder.__setitem__(key, plain_copy(value)))
    assert_edited(document, added, room_for(node, len(node.members)), meaning)
    assert sorted(comments(added.text)) == sorted(comments(document.text))
    removed = added.delete((*path, key))
    assert first_difference(removed.value, document.value) is None
    assert comments(removed.text) == comments(document.text)


@thorough
@given(documents, new_values, st.data())
def test_a_new_item_changes_the_gap_that_it_is_put_into_only(
    document: Document, value: Any, data: st.DataObject
) -> None:
    path, node = pick(data, document, ArrayNode)
    index = data.draw(st.integers(0, len(node.items)))
    meaning = changed(document, path, lambda holder: holder.insert(index, plain_copy(value)))
    inserted = document.insert(path, index, value)
    assert_edited(document, inserted, room_for(node, index), meaning)
    assert comments(inserted.text) == comments(document.text)
    if index == len(node.items):
        assert document.append(path, value) == inserted


@thorough
@given(documents, st.data())
def test_deleting_changes_the_gaps_around_only_and_keeps_the_comments_before(
    document: Document, data: st.DataObject
) -> None:
    path, node = pick(data, document, ObjectNode | ArrayNode)
    assume(node.children)
    index = data.draw(st.integers(0, len(node.children) - 1))
    child = node.children[index]
    step = child.key if isinstance(child, Member) else index
    assume(sum(isinstance(other, Member) and other.key == step for other in node.children) <= 1)
    deleted = document.delete((*path, step))
    start, end = room_for(node, index)[0], room_for(node, index + 1)[1]
    meaning = changed(document, path, lambda holder: holder.__delitem__(step))
    assert_edited(document, deleted, (start, end), meaning)
    kept = comments(document.text[: child.start])
    assert comments(deleted.text)[: len(kept)] == kept


@brief
@given(documents, st.lists(st.tuples(st.integers(0, 9), new_values), max_size=4))
def test_edits_follow_one_another_and_the_second_reader_agrees(
    document: Document, edits: list[tuple[int, Any]]
) -> None:
    meaning: Any = {"root": document.value}
    document = Document.parse(f"{{root: {document.text}\n}}")
    for number, value in edits:
        if isinstance(meaning["root"], list):
            index = min(number, len(meaning["root"]))
            meaning["root"].insert(index, plain_copy(value))
            document = document.insert(("root",), index, value)
        else:
            meaning["root"][f"key-{number}"] = plain_copy(value)
            document = document.set(("root", f"key-{number}"), value)
    confirm(document.text, meaning)
