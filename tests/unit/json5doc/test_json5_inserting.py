"""Inserting items into arrays."""

import pytest

from wizard.json5doc import Document, Json5EditError

END = 99

# A value is inserted into the array that is the root, before the item with the index, or appended.
INSERTED = [
    # Empty arrays
    ("[]", END, 1, "[1]"),
    ("[ ]", 0, "x", '["x"]'),
    ("[\n]", END, {"a": 1}, '[\n  {\n    "a": 1\n  }\n]'),
    ("[ /* none */ ]", END, 1, "[ /* none */ 1 ]"),
    ("[\n    // none\n]", END, 1, "[\n    // none\n    1\n]"),
    # On one line
    ("[1, 2]", 0, 0, "[0, 1, 2]"),
    ("[1, 2]", 1, 0, "[1, 0, 2]"),
    ("[1, 2]", END, 0, "[1, 2, 0]"),
    ("[1,2]", 1, 0, "[1,0,2]"),
    ("[ 1, 2, ]", END, 0, "[ 1, 2, 0, ]"),
    ("[1,2,]", END, 0, "[1,2,0,]"),
    ("[1 /* one */]", END, 0, "[1 /* one */, 0]"),
    ("[/* one */ 1]", 0, 0, "[/* one */ 0, 1]"),
    ("['x']", END, "y", "['x', 'y']"),
    ("[{ a: 1 }]", END, {"a": 2}, "[{ a: 1 }, { a: 2 }]"),
    ("[{\n  a: 1,\n}]", END, {"a": 2}, "[{\n  a: 1,\n}, { a: 2 }]"),
    # On several lines
    ("[\n  1,\n  2\n]", 0, 0, "[\n  0,\n  1,\n  2\n]"),
    ("[\n  1,\n  2\n]", 1, 0, "[\n  1,\n  0,\n  2\n]"),
    ("[\n  1,\n  2\n]", END, 0, "[\n  1,\n  2,\n  0\n]"),
    ("[\n  1,\n  2,\n]", END, 0, "[\n  1,\n  2,\n  0,\n]"),
    ("[\r\n\t1,\r\n]", END, 0, "[\r\n\t1,\r\n\t0,\r\n]"),
    ("[1, 2,\n 3, 4]", 3, 0, "[1, 2,\n 3, 0, 4]"),
    ("[1, 2,\n 3, 4]", 2, 0, "[1, 2,\n 0,\n 3, 4]"),
    ("[\n  [1],\n  [2]\n]", END, [3], "[\n  [1],\n  [2],\n  [3]\n]"),
    ("[\n  {a: 1},\n]", END, {"a": 2}, "[\n  {a: 1},\n  {a: 2},\n]"),
    ("[\n  {\n    a: 1,\n  },\n]", END, {"a": 2}, "[\n  {\n    a: 1,\n  },\n  {\n    a: 2,\n  },\n]"),
    # White space at the end of a line stays there
    ("[\n  1 \n]", END, 0, "[\n  1, \n  0\n]"),
    ("[\n  1, \t\n]", END, 0, "[\n  1, \t\n  0,\n]"),
    ("[\n  /* c */ \n]", END, 0, "[\n  /* c */ \n  0\n]"),
    # Comments
    ("[ // list\n  1\n]", 0, 0, "[ // list\n  0,\n  1\n]"),
    ("[\n  1, // one\n  // two\n  2 // 2\n]", 1, 0, "[\n  1, // one\n  0,\n  // two\n  2 // 2\n]"),
    ("[\n  1 // one\n]", END, 0, "[\n  1, // one\n  0\n]"),
    ("[1, 2 // two\n]", END, 0, "[1, 2, // two\n  0\n]"),
    ("[1 // one\n , 2]", 1, 0, "[1 // one\n , 0, 2]"),
    ("[\n  1, /* a\n  b */\n  2\n]", 1, 0, "[\n  1, /* a\n  b */\n  0,\n  2\n]"),
]


@pytest.mark.parametrize(("before", "index", "value", "after"), INSERTED)
def test_an_item_is_inserted_in_the_layout_of_its_array(before: str, index: int, value: object, after: str) -> None:
    document = Document.parse(before)
    edited = document.append((), value) if index == END else document.insert((), index, value)
    assert edited.text == after


def test_an_array_is_found_by_its_path() -> None:
    document = Document.parse("{a: {list: [[], [1]]}}")
    assert document.append(("a", "list", 1), 2).insert(("a", "list"), 0, "x").text == '{a: {list: ["x", [], [1, 2]]}}'


@pytest.mark.parametrize("index", [-1, 3])
def test_an_index_beyond_the_array_is_refused(index: int) -> None:
    with pytest.raises(Json5EditError) as caught:
        Document.parse("{a: [1, 2]}").insert(("a",), index, 0)
    assert (caught.value.path, caught.value.reason) == (("a", index), "the array has 2 items")


@pytest.mark.parametrize("path", [(), ("b",), ("a", 0)], ids=str)
def test_only_arrays_take_items(path: tuple[str | int, ...]) -> None:
    with pytest.raises(Json5EditError) as caught:
        Document.parse("{a: [1, 2]}").append(path, 0)
    assert (caught.value.path, caught.value.reason) == (path, "there is no array")
