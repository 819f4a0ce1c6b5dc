"""What a text means, where its parts stand, and what is found by path."""

import math

import pytest

from wizard.json5doc import (
    ArrayNode,
    BoolNode,
    Document,
    Json5SyntaxError,
    NullNode,
    NumberNode,
    ObjectNode,
    Position,
    StringNode,
    format_path,
)
from wizard.json5doc.nodes import JsonValue

LINE_END_KINDS = ["\n", "\r\n", "\r", "\u2028", "\u2029"]

# Every value below was also read by the reference implementation (npm json5 2.2.3).
VALUES: list[tuple[str, JsonValue]] = [
    ("null", None),
    ("true", True),
    ("false", False),
    ("[]", []),
    ("{}", {}),
    ("[1,]", [1]),
    ("{a:1,}", {"a": 1}),
    ("[[],{}]", [[], {}]),
    ("\ufeff{}", {}),
    ("{\ufeff\u00a0a\u2003:\u30001\v\f}", {"a": 1}),
    # Comments
    ("1//c", 1),
    ("// c\r1", 1),
    ("// c\u20281", 1),
    ("/**/1/***/", 1),
    ("/* // */ 1 // /*", 1),
    ("{/*1*/a/*2*/:/*3*/1/*4*/,/*5*/}", {"a": 1}),
    ('["// no comment", "/* none */"]', ["// no comment", "/* none */"]),
    ("[1/*c*/]", [1]),
    # Keys
    ("{$:1,_:2,a1:3,$_a:4}", {"$": 1, "_": 2, "a1": 3, "$_a": 4}),
    ("{true:1,null:2,NaN:3,Infinity:4,class:5}", {"true": 1, "null": 2, "NaN": 3, "Infinity": 4, "class": 5}),
    (
        "{ünï:1,Ⅷ:2,𠮷:3,a\u0301:4,a\u200cb:5,a\u203f:6}",
        {"ünï": 1, "Ⅷ": 2, "𠮷": 3, "a\u0301": 4, "a\u200cb": 5, "a\u203f": 6},
    ),
    (r"{\u0061b:1,a\u0062c:2}", {"ab": 1, "abc": 2}),
    ("{'a b':1,\"\":2}", {"a b": 1, "": 2}),
    ("{a:1,a:2}", {"a": 2}),
    ("{__proto__:1,constructor:2}", {"__proto__": 1, "constructor": 2}),
    # Strings
    ("'a\"b'", 'a"b'),
    ('"a\'b"', "a'b"),
    (r"'\''", "'"),
    (r'"\b\f\n\r\t\v\0\\\/"', "\b\f\n\r\t\v\0\\/"),
    (r'"\q\A\%"', "qA%"),
    (r'"\x41\u00e9\u20AC"', "Aé€"),
    (r'"\ud83d\ude00"', "😀"),
    (r'"\ud83d"', "\ud83d"),
    ('"😀"', "😀"),
    ('"a\tb\0c"', "a\tb\0c"),
    ('"a\u2028b"', "a\u2028b"),
    *((f'"a\\{end}b"', "ab") for end in LINE_END_KINDS),
    # Numbers
    ("0", 0),
    ("-0", 0),
    ("+1", 1),
    ("123456789012345678901234567890", 123456789012345678901234567890),
    (".5", 0.5),
    ("-.5", -0.5),
    ("5.", 5.0),
    ("5.e3", 5000.0),
    ("1E+2", 100.0),
    ("1e-2", 0.01),
    ("0x1F", 31),
    ("-0Xff", -255),
    ("1e400", math.inf),
    ("9" * 5000, math.inf),
    ("0x" + "f" * 5000, math.inf),
    ("Infinity", math.inf),
    ("-Infinity", -math.inf),
    ("+Infinity", math.inf),
]


@pytest.mark.parametrize(("text", "value"), VALUES, ids=[ascii(text)[:40] for text, _ in VALUES])
def test_a_text_means_its_value(text: str, value: JsonValue) -> None:
    read = Document.parse(text).value
    assert read == value
    assert type(read) is type(value)


@pytest.mark.parametrize("text", ["NaN", "+NaN", "-NaN"])
def test_nan_is_read(text: str) -> None:
    value = Document.parse(text).value
    assert isinstance(value, float)
    assert math.isnan(value)


def test_a_whole_number_is_an_int_and_any_other_a_float() -> None:
    value = Document.parse("[1, -2, 0x10, 1.0, 1e2, 5.]").value
    assert isinstance(value, list)
    assert [type(item) for item in value] == [int, int, int, float, float, float]


def test_nodes_have_the_spans_of_their_own_text() -> None:
    text = "\ufeff// c\n{ 'a': [1, 0x1F /* c */, ], b: \"x\", c: null, d: true, }"
    document = Document.parse(text)

    def written(node: object) -> str:
        assert isinstance(node, ObjectNode | ArrayNode | StringNode | NumberNode | BoolNode | NullNode)
        return text[node.start : node.end]

    assert {format_path(path): (type(node), written(node)) for path, node in document.walk()} == {
        "<root>": (ObjectNode, text[text.index("{") :]),
        "a": (ArrayNode, "[1, 0x1F /* c */, ]"),
        "a[0]": (NumberNode, "1"),
        "a[1]": (NumberNode, "0x1F"),
        "b": (StringNode, '"x"'),
        "c": (NullNode, "null"),
        "d": (BoolNode, "true"),
    }
    assert isinstance(document.root, ObjectNode)
    assert [text[slice(*member.key_span)] for member in document.root.members] == ["'a'", "b", "c", "d"]
    number = document.node(("a", 1))
    assert isinstance(number, NumberNode)
    assert (number.value, number.raw) == (31, "0x1F")


CONFIG = """\
{
  models: {
    providers: { portkey: { models: [{ id: "one" }, { id: "two" }] } },
  },
  empty: null,
}
"""


def test_values_are_found_by_path() -> None:
    document = Document.parse(CONFIG)
    assert document.get(("models", "providers", "portkey", "models", 1, "id")) == "two"
    assert document.get(()) == document.value
    assert document.get(("empty",), "default") is None
    assert document.has(("empty",))


@pytest.mark.parametrize(
    "path",
    [
        ("nope",),
        ("models", 0),
        ("models", "providers", "portkey", "models", 2),
        ("models", "providers", "portkey", "models", -1),
        ("models", "providers", "portkey", "models", "0"),
        ("empty", "deeper"),
    ],
    ids=str,
)
def test_a_path_to_nothing_gives_the_default(path: tuple[str | int, ...]) -> None:
    document = Document.parse(CONFIG)
    assert document.node(path) is None
    assert not document.has(path)
    assert document.get(path, "default") == "default"
    assert document.position(path) is None


def test_a_value_is_a_fresh_copy() -> None:
    document = Document.parse("{a: [1]}")
    value = document.value
    assert isinstance(value, dict)
    value["a"] = "changed"
    assert document.value == {"a": [1]}


def test_positions_of_keys_and_values() -> None:
    document = Document.parse(CONFIG)
    assert document.position(()) == Position(1, 1)
    assert document.position(("models",)) == Position(2, 11)
    assert document.position(("models",), of="key") == Position(2, 3)
    assert document.position(("models", "providers", "portkey", "models", 1, "id"), of="key") == Position(3, 55)
    assert document.position(("models", "providers", "portkey", "models", 1), of="key") is None
    assert document.position((), of="key") is None


@pytest.mark.parametrize(
    ("text", "position"),
    [
        ("\ufeff{a: 1}", Position(1, 5)),
        ("{\r\na: 1}", Position(2, 4)),
        ("{\ra: 1}", Position(2, 4)),
        ("{'😀':0,a: 1}", Position(1, 11)),
        ("{// one line in an editor\u2028a: 1}", Position(1, 30)),
    ],
    ids=ascii,
)
def test_columns_count_code_points_as_an_editor_shows_them(text: str, position: Position) -> None:
    assert Document.parse(text).position(("a",)) == position


def test_lines_are_given_without_their_ends() -> None:
    document = Document.parse("\ufeff[ // one\r\n 2,\n\r]")
    assert [document.line_text(line) for line in range(1, 5)] == ["[ // one", " 2,", "", "]"]
    assert document.position_at(len(document.text)) == Position(4, 2)
    for line in (0, 5):
        with pytest.raises(IndexError):
            document.line_text(line)


def test_of_repeated_keys_the_last_counts_and_all_are_told() -> None:
    document = Document.parse("{a: 1, b: {c: 1, 'c': 2}, b: {c: 3},\n a: 4}")
    assert document.value == {"a": 4, "b": {"c": 3}}
    assert document.get(("b", "c")) == 3
    assert document.position(("a",), of="key") == Position(2, 2)
    assert document.duplicates() == (
        (("a",), (Position(1, 2), Position(2, 2))),
        (("b",), (Position(1, 8), Position(1, 27))),
        (("b", "c"), (Position(1, 12), Position(1, 18))),
    )


def test_walking_shows_overruled_values_as_well() -> None:
    document = Document.parse("{a: 'old', a: ['new']}")
    strings = [(path, node.value) for path, node in document.walk() if isinstance(node, StringNode)]
    assert strings == [(("a",), "old"), (("a", 0), "new")]


def test_a_document_without_repeated_keys_has_no_duplicates() -> None:
    assert Document.parse("[{a: 1}, {a: 1}]").duplicates() == ()


@pytest.mark.parametrize("nested", ["[" * 200 + "]" * 200, "{a:" * 200 + "1" + "}" * 200], ids=["arrays", "objects"])
def test_two_hundred_levels_can_be_read(nested: str) -> None:
    assert Document.parse(nested).value is not None


@pytest.mark.parametrize("opener", ["[", "{a:"])
def test_deeper_nesting_is_a_syntax_error(opener: str) -> None:
    with pytest.raises(Json5SyntaxError) as caught:
        Document.parse(opener * 100_000)
    assert caught.value.reason == "this is nested deeper than 200 levels"
    assert caught.value.offset == len(opener) * 200


@pytest.mark.parametrize(
    "text",
    [
        '"' * 200_000,
        "/*" * 200_000,
        "/" + "*" * 400_000,
        '"' + "\\\r\n" * 100_000,
        '"' + "\\" * 400_000,
        "[" + "a/" * 200_000,
        "{" + "\\u0061" * 60_000,
        "[" + "1 ," * 30_000,
        " \n" * 200_000 + "x",
        "9" * 400_000 + "x",
    ],
    ids=lambda text: ascii(text[:6]),
)
def test_hostile_texts_take_linear_time(text: str) -> None:
    # Quadratic time would show as minutes, so the test as a whole is the measurement.
    with pytest.raises(Json5SyntaxError):
        Document.parse(text)


def test_neither_document_nor_error_shows_text_of_the_file() -> None:
    assert "secret" not in repr(Document.parse("{a: 'secret'}"))
    for text in ("{a: secret}", "{a: 'secret}", "{secret-key: 1}", "{a: 'x' secret}", "secret", r"{a: 'secret\x'}"):
        with pytest.raises(Json5SyntaxError) as caught:
            Document.parse(text)
        assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("path", "written"),
    [
        ((), "<root>"),
        (("models", "providers", "portkey", "models", 0, "id"), "models.providers.portkey.models[0].id"),
        ((0, "a"), "[0].a"),
        (("x-portkey-trace-id", "0", "_a$", "größe"), "x-portkey-trace-id.0._a$.größe"),
        (("models", "portkey/@slug/model"), 'models["portkey/@slug/model"]'),
        (("a.b", 'say "hi"', "", "line\nend"), '["a.b"]["say \\"hi\\""][""]["line\\nend"]'),
    ],
)
def test_paths_are_written_for_people(path: tuple[str | int, ...], written: str) -> None:
    assert format_path(path) == written
