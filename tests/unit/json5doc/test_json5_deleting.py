"""Deleting members and items: what goes and what stays."""

import pytest

from wizard.json5doc import Document, Json5EditError

DELETED = [
    # Lines of its own
    ("{\n  a: 1,\n  b: 2,\n}", ("a",), "{\n  b: 2,\n}"),
    ("{\n  a: 1,\n  b: 2,\n}", ("b",), "{\n  a: 1,\n}"),
    ("{\n  a: 1,\n  b: 2\n}", ("b",), "{\n  a: 1\n}"),
    ("{\n  a: {\n    b: 1,\n  },\n  c: 2,\n}", ("a",), "{\n  c: 2,\n}"),
    ("{\r\n\ta: 1,\r\n\tb: 2\r\n}", ("a",), "{\r\n\tb: 2\r\n}"),
    ("[\n  1,\n\n  2,\n]", (1,), "[\n  1,\n\n]"),
    # Its comment goes, the comments of others stay
    ("{\n  a: 1, // one\n  b: 2, // two\n}", ("a",), "{\n  b: 2, // two\n}"),
    ("{\n  a: 1, // one\n  b: 2 // two\n}", ("b",), "{\n  a: 1 // one\n}"),
    ("{\n  a: 1, /* one\n  and more */ // one\n  b: 2,\n}", ("a",), "{\n  b: 2,\n}"),
    ("{\n  // above\n  a: 1,\n  // below\n  b: 2,\n}", ("a",), "{\n  // above\n  // below\n  b: 2,\n}"),
    ("{\n  a: 1,\n  // above\n  b: 2 // two\n  // end\n}", ("b",), "{\n  a: 1\n  // above\n  // end\n}"),
    ("{ // an object\n  a: 1, // one\n}", ("a",), "{ // an object\n}"),
    ("[\n  1,\n  /* two */ 2, // 2\n  3\n]", (1,), "[\n  1,\n  /* two */\n  3\n]"),
    # A shared line
    ("{ a: 1, b: 2, c: 3 }", ("a",), "{ b: 2, c: 3 }"),
    ("{ a: 1, b: 2, c: 3 }", ("b",), "{ a: 1, c: 3 }"),
    ("{ a: 1, b: 2, c: 3 }", ("c",), "{ a: 1, b: 2 }"),
    ("{ a: 1, b: 2, }", ("b",), "{ a: 1, }"),
    ("[1,2,3]", (1,), "[1,3]"),
    ("[1,2,3]", (2,), "[1,2]"),
    ("[1, 2,\n 3, 4]", (1,), "[1,\n 3, 4]"),
    ("[1, 2,\n 3, 4]", (2,), "[1, 2,\n 4]"),
    ("[1,\n  2 ]", (1,), "[1 ]"),
    ("[1, 2, // both\n 3]", (1,), "[1, // both\n 3]"),
    ("{ a: 1, // one\n  b: 2 }", ("a",), "{\n  b: 2 }"),
    ("[1 /* one */, 2 /* two */]", (0,), "[2 /* two */]"),
    ("[1 /* one */, 2 /* two */]", (1,), "[1 /* one */]"),
    ("[1, /* two */ 2]", (1,), "[1 /* two */]"),
    ("[1, /* two */ 2, 3]", (1,), "[1, /* two */ 3]"),
    ("{/* c */ a: 1}", ("a",), "{/* c */}"),
    # The closing bracket on the line of the last child
    ("{\n  a: 1,\n  b: 2,}", ("b",), "{\n  a: 1,}"),
    ("{\n  a: 1,\n  b: 2, }", ("b",), "{\n  a: 1, }"),
    ("{\n  a: 1, // one\n  b: 2,}", ("b",), "{\n  a: 1, // one\n}"),
    # Line ends of several kinds
    ("{\r\n  a: 1,\r\n  b: 2,\n}", ("b",), "{\r\n  a: 1,\n}"),
    ("[\n  1, \n  2\n]", (1,), "[\n  1 \n]"),
    # Commas at the start of lines
    ("{\n    a: 1 // one\n  , b: 2\n}", ("a",), "{\n   b: 2\n}"),
    ("{\n    a: 1 // one\n  , b: 2\n}", ("b",), "{\n    a: 1 // one\n  \n}"),
    # The only child
    ("{ a: 1 }", ("a",), "{}"),
    ("{\n  a: 1,\n}", ("a",), "{}"),
    ("{\n  a: 1, // one\n}", ("a",), "{}"),
    ("[\n  [\n    1,\n  ],\n]", (0, 0), "[\n  [],\n]"),
    ("{ /* c */ a: 1 }", ("a",), "{ /* c */ }"),
    ("{\n  // c\n  a: 1\n}", ("a",), "{\n  // c\n}"),
    # Repeated keys all go
    ("{a: 1, b: 2, a: 3}", ("a",), "{b: 2}"),
    ("{\n  a: 1,\n  a: 2\n}", ("a",), "{}"),
    ("{a: {x: 1}, a: {x: 2, y: 3}}", ("a", "x"), "{a: {x: 1}, a: {y: 3}}"),
]


@pytest.mark.parametrize(("before", "path", "after"), DELETED)
def test_a_value_is_deleted_with_what_belongs_to_it(before: str, path: tuple[str | int, ...], after: str) -> None:
    assert Document.parse(before).delete(path).text == after


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ((), "the root cannot be deleted"),
        (("b",), "there is nothing to delete"),
        (("a", 1), "there is nothing to delete"),
        (("a", 0, "x"), "there is nothing to delete"),
    ],
    ids=str,
)
def test_what_is_not_there_cannot_be_deleted(path: tuple[str | int, ...], reason: str) -> None:
    with pytest.raises(Json5EditError) as caught:
        Document.parse("{a: [1]}").delete(path)
    assert (caught.value.path, caught.value.reason) == (path, reason)


@pytest.mark.parametrize(
    "text",
    [
        "{}\n",
        "{ a: 1 }",
        "{ a: 1, }",
        '{"a":1}',
        "{\n  a: 1\n}\n",
        "{\n  a: 1, // one\n  // end\n}\n",
        "{\n  // none\n}\n",
        "{\r\n\t'a': {\r\n\t},\r\n}",
    ],
    ids=ascii,
)
def test_adding_and_deleting_a_member_gives_the_text_from_before(text: str) -> None:
    document = Document.parse(text)
    for value in ("v", {"x": [1, {"y": 2}]}):
        assert document.set(("n",), value).delete(("n",)).text == text
