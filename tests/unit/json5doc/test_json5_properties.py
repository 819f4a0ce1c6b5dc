"""What holds for every text and every edit, tried on generated documents."""

import math
import re
from collections.abc import Callable
from typing import Any, NamedTuple

import json5
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from wizard.json5doc import ArrayNode, Document, Json5SyntaxError, Member, Node, ObjectNode, Path, confirm
from wizard.json5doc.values import first_difference, plain_copy


class Sample(NamedTuple):
    """A text and the value that it means."""

    text: str
    value: Any


thorough = settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
brief = settings(thorough, max_examples=30)

# Texts

WHITE_SPACE = ["", " ", "\t", "\n", "\r\n", "\r", "\n  ", "\u00a0", "\u2028", "\ufeff"]
COMMENTS = ["/**/", "/* it's */ ", " /* a,\n b */", "// {\n", ' // "x\r\n  ', "//\u2029", " /* // */\n", "\n//\n  //\n"]
trivia = st.sampled_from([*WHITE_SPACE, *COMMENTS]) | st.just("")


def ways_to_write(character: str) -> list[Sample]:
    """Gives a character of a string as itself, as each escape, and behind a line continuation."""
    plain = {"\n": "\\n", "\r": "\\r", "'": "\\'", '"': '\\"', "\\": "\\\\"}.get(character, character)
    written = [plain, f"\\\r\n{plain}", f"\\\n{plain}", f"\\\u2029{plain}"]
    if ord(character) < 0x10000:
        written.append(f"\\u{ord(character):04X}")
    if ord(character) < 0x100:
        written.append(f"\\x{ord(character):02x}")
    return [Sample(text, character) for text in written]


characters = (st.sampled_from("\\'\"\n\r\t\b/*,:{}😀\u2028") | st.characters(exclude_categories=["Cs"])).flatmap(
    lambda character: st.sampled_from(ways_to_write(character))
)
strings = st.builds(
    lambda parts, quote: Sample(
        quote + "".join(part.text for part in parts) + quote, "".join(part.value for part in parts)
    ),
    st.lists(characters, max_size=5),
    st.sampled_from("\"'"),
)

whole = st.integers(0, 2**70)
unsigned = st.one_of(
    whole.map(lambda value: Sample(str(value), value)),
    whole.map(lambda value: Sample(f"0x{value:X}", value)),
    whole.map(lambda value: Sample(f"{value}.", float(value))),
    st.integers(0, 999).map(lambda value: Sample(f".{value}", float(f"0.{value}"))),
    st.integers(-9, 9).map(lambda power: Sample(f"7E{power:+}", float(f"7e{power}"))),
    st.floats(0, allow_nan=False, allow_infinity=False).map(lambda value: Sample(repr(value), value)),
    st.sampled_from([Sample("Infinity", math.inf), Sample("NaN", math.nan)]),
)
numbers = st.builds(
    lambda number, sign: Sample(sign + number.text, -number.value if sign == "-" else number.value),
    unsigned,
    st.sampled_from(["", "+", "-"]),
)
words = st.sampled_from([Sample("null", None), Sample("true", True), Sample("false", False)])
keys = st.one_of(
    st.sampled_from([Sample(r"\u0061", "a"), *(Sample(key, key) for key in ("a", "b", "NaN", "true", "__proto__"))]),
    st.from_regex(r"[A-Za-z_$ß한𠮷][A-Za-z0-9_$é\u200d]{0,4}", fullmatch=True).map(lambda key: Sample(key, key)),
    strings,
)


def surrounded(sample: st.SearchStrategy[Sample]) -> st.SearchStrategy[Sample]:
    """Puts white space and comments around a text."""
    return st.builds(lambda a, inner, b: Sample(a + inner.text + b, inner.value), trivia, sample, trivia)


def containers(children: st.SearchStrategy[Sample]) -> st.SearchStrategy[Sample]:
    """Gives arrays and objects, with and without a comma at the end."""

    def children_text(texts: list[str], last_comma: str, inside: str) -> str:
        return ",".join(texts) + (last_comma if texts else "") + inside

    def array(items: list[Sample], last_comma: str, inside: str) -> Sample:
        text = children_text([item.text for item in items], last_comma, inside)
        return Sample(f"[{text}]", [item.value for item in items])

    def mapping(members: list[tuple[Sample, Sample]], last_comma: str, inside: str) -> Sample:
        text = children_text([f"{key.text}:{value.text}" for key, value in members], last_comma, inside)
        return Sample(f"{{{text}}}", {key.value: value.value for key, value in members})

    last_commas, child = st.sampled_from(["", ","]), surrounded(children)
    return st.one_of(
        st.builds(array, st.lists(child, max_size=3), last_commas, trivia),
        st.builds(mapping, st.lists(st.tuples(surrounded(keys), child), max_size=3), last_commas, trivia),
    )


texts = surrounded(st.recursive(st.one_of(words, numbers, strings), containers, max_leaves=6))
scalars = st.sampled_from(
    [Sample("1", 1), Sample(".5", 0.5), Sample("'//'", "//"), Sample('"x"', "x"), Sample("null", None)]
)
documents = surrounded(containers(st.recursive(scalars, containers, max_leaves=5))).map(
    lambda sample: Document.parse(sample.text)
)
new_values = st.one_of(
    st.sampled_from([{}, [], [1, [2]], {"a": {"x-y": ["z"]}}, {"b": ["long " * 20]}, 0x10, math.nan, True, "it's"]),
    st.text(max_size=5),
    st.floats(),
)

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
