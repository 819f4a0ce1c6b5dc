"""Setting values: what is written, in which style, and what stays."""

import math
from enum import IntEnum, StrEnum

import pytest

from wizard.json5doc import Document, Json5EditError, edits
from wizard.json5doc.splices import Splice

HAND_WRITTEN = """\
// My OpenClaw.
{
  // Providers
  models: {
    providers: {
      openai: { apiKey: '${OPENAI_KEY}' }, // keep
    },
  },
  agents: { defaults: { model: { primary: "openai/x" } } }, /* all of them */
  channels: ['web', 'irc'],
}
"""

PROVIDER = {
    "baseUrl": "https://api.portkey.ai/v1",
    "models": [{"id": "@slug/model", "name": "Model", "input": ["text", "image"]}],
    "headers": {},
}


def test_a_provider_is_added_in_the_style_of_its_neighbours() -> None:
    edited = Document.parse(HAND_WRITTEN).set(("models", "providers", "portkey"), PROVIDER)
    added = """\
      portkey: {
        baseUrl: 'https://api.portkey.ai/v1',
        models: [
          {
            id: '@slug/model',
            name: 'Model',
            input: ['text', 'image'],
          },
        ],
        headers: {},
      },
"""
    before, after = HAND_WRITTEN.split("    },\n", 1)
    assert edited.text == f"{before}{added}    }},\n{after}"


def test_missing_parents_are_created() -> None:
    edited = Document.parse(HAND_WRITTEN).set(("env", "vars", "PORTKEY_API_KEY"), "key")
    added = """\
  env: {
    vars: {
      PORTKEY_API_KEY: 'key',
    },
  },
}
"""
    assert edited.text == HAND_WRITTEN[:-2] + added


def test_an_empty_document_becomes_strict_json() -> None:
    edited = Document.empty().set(("models", "providers", "portkey"), {"api": "x", "models": []}).set(("a",), None)
    assert (
        edited.text
        == """\
{
  "models": {
    "providers": {
      "portkey": {
        "api": "x",
        "models": []
      }
    }
  },
  "a": null
}
"""
    )


REPLACED = [
    ("{a: 1}", ("a",), 2, "{a: 2}"),
    ("{a: 1 /* x */, // y\n}", ("a",), True, "{a: true /* x */, // y\n}"),
    ("{a: 'x', b: \"y\"}", ("a",), "it's", "{a: 'it\\'s', b: \"y\"}"),
    ("{a: 'x', b: \"y\"}", ("b",), 'say "hi"', '{a: \'x\', b: "say \\"hi\\""}'),
    ("[1, 2, 3]", (1,), None, "[1, null, 3]"),
    ("[[1], [2]]", (1, 0), [3], "[[1], [[3]]]"),
    ("{\n  a: 1,\n}", ("a",), {"b": 2}, "{\n  a: {\n    b: 2,\n  },\n}"),
    ("{\n  a: { b: 1 }\n}", ("a",), {"b": 2, "c": [1, 2]}, "{\n  a: { b: 2, c: [1, 2] }\n}"),
    ("{\n  a: { b: 1 }\n}", ("a",), {"b": "x" * 90}, f'{{\n  a: {{\n    b: "{"x" * 90}"\n  }}\n}}'),
    ("{ a: { b: 1 } }", ("a", "b"), {"c": {}}, "{ a: { b: { c: {} } } }"),
    ("{a: [\n  1,\n]}", ("a",), [1, 2], "{a: [1, 2]}"),
    ("{\n  a: [\n    1,\n      ],\n}", ("a",), {"b": 1}, "{\n  a: {\n    b: 1,\n  },\n}"),
    ("{a: [\n  1,\n]}", ("a",), {"b": 1}, "{a: {\n  b: 1,\n}}"),
    ("  1 // one\n", (), 2, "  2 // one\n"),
    ("\ufeff{}", (), [1], "\ufeff[1]"),
    ("{a: 1, a: 2}", ("a",), 3, "{a: 1, a: 3}"),
    ("{a: {b: 1}, a: {c: 1}}", ("a", "b"), 2, "{a: {b: 1}, a: {c: 1, b: 2}}"),
    ("{a: 0x10}", ("a",), 17, "{a: 17}"),
    ("{a: 1}", ("a",), -math.inf, "{a: -Infinity}"),
    ("{a: 1}", ("a",), 1e22, "{a: 1e+22}"),
    ("{a: 1}", ("a",), True, "{a: true}"),
]


@pytest.mark.parametrize(("before", "path", "value", "after"), REPLACED)
def test_a_value_is_replaced_where_it_stands(
    before: str, path: tuple[str | int, ...], value: object, after: str
) -> None:
    assert Document.parse(before).set(path, value).text == after


# The member `n` with the value "v" is added to the root, or to the object at a path.
ADDED = [
    # Empty objects
    ("{}", (), '{\n  "n": "v"\n}'),
    ("{ }", (), '{\n  "n": "v"\n}'),
    ("{\r\n}\r\n", (), '{\r\n  "n": "v"\r\n}\r\n'),
    ("{ a: {} }", ("a",), '{ a: { n: "v" } }'),
    ('{"a":{}}', ("a",), '{"a":{"n":"v"}}'),
    ("{\n    a: {},\n}", ("a",), '{\n    a: {\n        n: "v",\n    },\n}'),
    ("{\n  a: {}, b: {}\n}", ("b",), '{\n  a: {}, b: { n: "v" }\n}'),
    ("{\n  a:\n  {}\n}", ("a",), '{\n  a:\n  {\n    n: "v"\n  }\n}'),
    ("[{}]", (0,), '[{ "n": "v" }]'),
    # Objects that hold comments only
    ("{ /* none */ }", (), '{ /* none */ "n": "v" }'),
    ("{ // none\n}", (), '{ // none\n  "n": "v"\n}'),
    ("{ // none\n      }", (), '{ // none\n  "n": "v"\n      }'),
    ("{\n    // none\n}", (), '{\n    // none\n    "n": "v"\n}'),
    ("{\n  /* none */ }", (), '{\n  /* none */\n  "n": "v"\n}'),
    ("{\n  a: { // none\n  },\n}", ("a",), '{\n  a: { // none\n    n: "v",\n  },\n}'),
    # Objects on one line
    ("{ a: 1 }", (), '{ a: 1, n: "v" }'),
    ("{a: 1}", (), '{a: 1, n: "v"}'),
    ("{a: 1,}", (), '{a: 1, n: "v",}'),
    ('{"a":1}', (), '{"a":1,"n":"v"}'),
    ("{ 'a' : 'x' }", (), "{ 'a' : 'x', 'n' : 'v' }"),
    ("{ a: 1 /* one */ }", (), '{ a: 1 /* one */, n: "v" }'),
    ("{ a: 1, /* one */ }", (), '{ a: 1, /* one */ n: "v", }'),
    ("{ a: {\n  b: 1 } }", (), '{ a: {\n  b: 1 }, n: "v" }'),
    ("{ a: 1\n}", (), '{ a: 1, n: "v"\n}'),
    ("{ a: 1\n  /* end */ }", (), '{ a: 1, n: "v"\n  /* end */ }'),
    # Objects on several lines
    ("{\n  a: 1\n}", (), '{\n  a: 1,\n  n: "v"\n}'),
    ("{\n  a: 1,\n}", (), '{\n  a: 1,\n  n: "v",\n}'),
    ("{\n\ta: 1,\n}", (), '{\n\ta: 1,\n\tn: "v",\n}'),
    ("{\r\n  'a': 'x'\r\n}", (), "{\r\n  'a': 'x',\r\n  'n': 'v'\r\n}"),
    ("{\r  a: 1\r}", (), '{\r  a: 1,\r  n: "v"\r}'),
    ("{\n  a: 1 }", (), '{\n  a: 1,\n  n: "v" }'),
    ("{\n a: 1,\n   b: 2\n}", (), '{\n a: 1,\n   b: 2,\n   n: "v"\n}'),
    # Comments behind the last member stay with it, those below it stay above the new one
    ("{\n  a: 1 // one\n}", (), '{\n  a: 1, // one\n  n: "v"\n}'),
    ("{\n  a: 1, // one\n}", (), '{\n  a: 1, // one\n  n: "v",\n}'),
    ("{\n  a: 1 /* one */\n}", (), '{\n  a: 1, /* one */\n  n: "v"\n}'),
    ("{\n  a: 1 // one\n  // end\n}", (), '{\n  a: 1, // one\n  // end\n  n: "v"\n}'),
    ("{\n  a: 1 // one\n  , // end\n}", (), '{\n  a: 1 // one\n  , // end\n  n: "v",\n}'),
    ("{ a: 1 // one\n}", (), '{ a: 1, // one\n  n: "v"\n}'),
    ("{\n  a: 1 // one\u2028}", (), '{\n  a: 1, // one\n  n: "v"\u2028}'),
]


@pytest.mark.parametrize(("before", "path", "after"), ADDED)
def test_a_member_is_added_in_the_layout_of_its_object(before: str, path: tuple[str | int, ...], after: str) -> None:
    assert Document.parse(before).set((*path, "n"), "v").text == after


@pytest.mark.parametrize(
    ("line", "path"),
    [
        ("{ a: {}, b: 'LONG' }, // end", ("a",)),
        ("{ b: 'LONG', a: {} }, // end", ("a",)),
        ("{ b: 'LONG', a: { c: 1 } }, // end", ("a", "c")),
        ("{ b: 'LONG', a: [1] }, // end", ("a", 0)),
        ("{ b: 'LONG', a: 1 }, // end", ("new",)),
        ("{ b: 'LONG', a: { c: { d: 1 } } }", ("a",)),
    ],
    ids=str,
)
def test_a_shared_line_is_filled_up_to_100_characters(line: str, path: tuple[str | int, ...]) -> None:
    def edited(filling: int) -> list[str]:
        text = f"[\n{line.replace('LONG', 'x' * filling)}\n]"
        return Document.parse(text).set((0, *path), {"key": [1, "two"]}).text.splitlines()

    room = 100 - len(edited(0)[1])
    assert [len(text) for text in edited(room)] == [1, 100, 1]
    assert len(edited(room + 1)) > 3


def test_a_line_that_is_too_long_already_may_grow() -> None:
    text = "{b:'" + "x" * 100 + "',a:{}}"
    assert "\n" not in Document.parse(text).set(("a", "c"), {"key": [1, 2]}).text


def test_keys_have_quotes_where_they_need_them_or_their_neighbours_have_them() -> None:
    bare = Document.parse("{ a: 1 }")
    assert bare.set(("x-y",), 1).set(("größe",), 1).set(("$_1",), 1).text == '{ a: 1, "x-y": 1, "größe": 1, $_1: 1 }'
    quoted = Document.parse("{ 'a': 1, 'x-y': 1 }")
    assert quoted.set(("b",), 1).text == "{ 'a': 1, 'x-y': 1, 'b': 1 }"
    telling_nothing = Document.parse("{ a: { 'x-y': 1 } }")
    assert telling_nothing.set(("a", "b"), 1).text == "{ a: { 'x-y': 1, b: 1 } }"


def test_characters_that_hide_or_break_are_escaped() -> None:
    text = "\0\b\t\n\\\x7f\u2028\u202e\ufeff\ud800é😀"
    edited = Document.parse("{'a': 1}").set(("b",), text)
    assert edited.text == r"{'a': 1, 'b': '\u0000\b\t\n\\\u007f\u2028\u202e\ufeff\ud800é😀'}"
    assert edited.get(("b",)) == text


def test_halves_of_a_surrogate_pair_become_the_character_they_mean() -> None:
    assert Document.empty().set(("a",), {"\ud83d\ude00": "\ud83d\ude00"}).value == {"a": {"😀": "😀"}}


@pytest.mark.parametrize(
    ("text", "path", "value"),
    [
        ("{a: 0x10}", ("a",), 16),
        ("{a: +1.0}", ("a",), 1),
        ("{a: NaN}", ("a",), math.nan),
        (r"{a: '\x41'}", ("a",), "A"),
        ("{a: {c: 2, /* two */ b: 1,}}", ("a",), {"b": 1, "c": 2}),
        ("{a: 1, a: [2]}", ("a",), (2,)),
        ("{a: 1}", (), {"a": 1.0}),
    ],
)
def test_an_equal_value_leaves_the_document_as_it_is(text: str, path: tuple[str | int, ...], value: object) -> None:
    document = Document.parse(text)
    assert document.set(path, value) is document


def test_a_boolean_is_no_number() -> None:
    assert Document.parse("{a: 1}").set(("a",), True).text == "{a: true}"
    assert Document.parse("{a: false}").set(("a",), 0).text == "{a: 0}"


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        (("string", "b"), "string is no object"),
        (("string", "b", "c"), "string is no object"),
        (("nothing", "b"), "nothing is no object"),
        (("list", "b"), "list is no object"),
        (("list", 1), "list has 1 items"),
        (("list", -1), "list has 1 items"),
        (("list", 0, "b", 0), "an array on the way does not exist yet; set it as a whole"),
        (("new", 0), "an array on the way does not exist yet; set it as a whole"),
        ((0,), "<root> is no array"),
        (("list", 0, 1), "list[0] is no array"),
    ],
)
def test_a_path_that_leads_nowhere_is_refused(path: tuple[str | int, ...], reason: str) -> None:
    with pytest.raises(Json5EditError) as caught:
        Document.parse("{string: 'x', nothing: null, list: [{}]}").set(path, 1)
    assert (caught.value.path, caught.value.reason) == (path, reason)


def _endless() -> list[object]:
    endless: list[object] = []
    endless.append(endless)
    return endless


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ({"b": b"bytes"}, "a value of type bytes cannot be written as JSON5"),
        ({"b": {1: 2}}, "a key of type int cannot be written as JSON5"),
        ([10**400], "a value of type int cannot be written as JSON5"),
        (_endless(), "the value is nested deeper than 200 levels"),
    ],
)
def test_a_value_without_json5_form_is_refused(value: object, reason: str) -> None:
    with pytest.raises(Json5EditError) as caught:
        Document.empty().set(("a",), value)
    assert caught.value.reason == reason


def test_a_value_that_makes_the_document_too_deep_is_refused() -> None:
    deep = Document.parse("[" * 150 + "]" * 150)
    with pytest.raises(Json5EditError, match="could not be read again"):
        deep.append((0,) * 149, Document.parse("[" * 60 + "]" * 60).value)


def test_subclasses_of_plain_types_are_written_as_plain_values() -> None:
    kind = StrEnum("kind", {"ONE": "one"})
    count = IntEnum("count", {"TWO": 2})
    assert Document.parse("[0]").append((), kind("one")).append((), count(2)).text == '[0, "one", 2]'


def test_an_edit_that_would_not_mean_what_was_intended_is_not_handed_out(monkeypatch: pytest.MonkeyPatch) -> None:
    document = Document.parse("{a: 1, b: 2}")
    for broken, message in (("3, c: 4", "c: the edited text would not mean"), ("3}", "a: the edited text could not")):
        monkeypatch.setattr(edits, "replacement", lambda *_, text=broken: Splice(4, 5, text))
        with pytest.raises(Json5EditError, match=message):
            document.set(("a",), 3)
