"""The second opinion before a text is written, and how far the second reader agrees with ours."""

import math
import subprocess
import sys

import json5
import pytest

from wizard.json5doc import Document, Json5EditError, Json5SyntaxError, confirm

STRICT = '{"a": [1, 2.5, "x", null, true], "b": {}}'
HAND_WRITTEN = "\ufeff// c\n{a: [1, 2.5, 'x', null, true], b: {},}"


@pytest.mark.parametrize("text", [STRICT, "\ufeff" + STRICT, HAND_WRITTEN], ids=["strict", "strict-bom", "json5"])
def test_a_text_that_means_what_was_intended_is_confirmed(text: str) -> None:
    confirm(text, {"b": {}, "a": (1.0, 2.5, "x", None, True)})


@pytest.mark.parametrize("text", [STRICT, HAND_WRITTEN], ids=["strict", "json5"])
@pytest.mark.parametrize(
    ("intended", "message"),
    [
        ({"a": [1, 2.5, "y", None, True], "b": {}}, r"a\[2\]: "),
        ({"a": [True, 2.5, "x", None, True], "b": {}}, r"a\[0\]: "),
        ({"a": [1, 2.5, "x", None], "b": {}}, r"a\[4\]: "),
        ({"a": [1, 2.5, "x", None, True, None], "b": {}}, r"a\[5\]: "),
        ({"a": [1, 2.5, "x", None, True]}, "b: "),
        ({"a": [1, 2.5, "x", None, True], "b": {}, "c": None}, "c: "),
        ({"a": [1, 2.5, "x", None, True], "b": []}, "b: "),
        ([], "<root>: "),
    ],
)
def test_another_value_is_refused_with_its_path(text: str, intended: object, message: str) -> None:
    with pytest.raises(Json5EditError, match=f"^{message}a second JSON5 reader sees another value"):
        confirm(text, intended)


@pytest.mark.parametrize("text", ["", "{", "{a: }", "{'a': 01}", "[1, ]]", '{"a": tru}'])
def test_a_text_that_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(Json5EditError, match="a second JSON5 reader cannot read the new text"):
        confirm(text, {})


def test_special_numbers_and_repeated_keys_are_compared_by_meaning() -> None:
    for text in ('{"a": NaN, "b": -Infinity, "c": 0, "c": 1}', "{a: NaN, b: -Infinity, c: 0, c: 1}"):
        confirm(text, {"a": math.nan, "b": -math.inf, "c": 1.0})
        with pytest.raises(Json5EditError, match=r"^a: "):
            confirm(text, {"a": 0, "b": -math.inf, "c": 1})


@pytest.mark.parametrize("figures", ["9" * 309, "9" * 400, "9" * 5000, "-" + "9" * 400], ids=len)
def test_integers_beyond_doubles_are_infinities_to_both_readers(figures: str) -> None:
    for text in (f'{{"a": {figures}}}', f"{{a: {figures}}}"):
        value = Document.parse(text).value
        assert value == {"a": -math.inf if figures.startswith("-") else math.inf}
        confirm(text, value)
    assert Document.parse("9" * 308).value == int("9" * 308)
    assert Document.parse("-0x" + "f" * 300).value == -math.inf
    assert Document.parse("0x" + "0" * 400 + "f").value == 15


def test_escaped_surrogate_pairs_which_the_second_reader_leaves_apart_are_confirmed() -> None:
    text = r"{'\ud83d\ude00': '\ud83d\ude00'}"
    assert json5.loads(text) != {"😀": "😀"}
    confirm(text, {"😀": "😀"})


def test_nesting_that_overflows_the_second_reader_is_refused() -> None:
    deep = "{a:" * 150 + "1" + "}" * 150
    with pytest.raises(Json5EditError, match="cannot read the new text"):
        confirm(deep, Document.parse(deep).value)
    confirm(deep.replace("a", '"a"'), Document.parse(deep).value)
    with pytest.raises(Json5EditError, match="nested deeper than 200 levels"):
        confirm("[" * 201 + "]" * 201, [])


def test_strict_json_does_not_wait_for_the_slow_reader() -> None:
    text = "[" + ", ".join(['{"key": "value"}'] * 20_000) + "]"
    program = (
        f"import sys; from wizard.json5doc import confirm; confirm({text!r}, {text}); print('json5' in sys.modules)"
    )
    result = subprocess.run(
        [sys.executable, "-"], input=program, capture_output=True, text=True, timeout=60, check=True
    )
    assert result.stdout == "False\n"


# Where the two readers agree, on values and on what is no JSON5 at all.
CORPUS = [
    *("{}", "[]", "'x'", "0", "-0", "+1", "1.", ".5", "5.e3", "+.5", "-0x1F", "0XfF", "1e400", "-NaN", "+Infinity"),
    *("[1,]", "{a:1,}", "{a:1,a:2}", "{__proto__:1}", "{'':1}", "{true:1,NaN:2}", "{$a_1:1}", "{ünï:1}", "{𠮷:1}"),
    *("// c\n1", "1//c", "/**/1/***/", "/* // */[/*c*/]", "1// c\u2028", "{a/*c*/:/*c*/1/*c*/,/*c*/}", "{\\u0061b:1}"),
    *("\ufeff{\u00a0a\u2003:\u30001\v\f}", "{a\u200cb:1}", "{a\u0301:1}", "{a\u203f:1}", "{Ⅷ:1}", "{class:1,if:2}"),
    *(r"'\''", r"'\0\v\q\x41\u00e9'", "'a\\\r\nb\\\nc\\\rd\\\u2028e'", "'a\u2028b\tc\0'", '"it\'s"', r"'\ud800'"),
    *("", "// c", "/*", "/*/1", "{", "[", "[1,,2]", "[,]", "{,}", "{a}", "{a:}", "{a 1}", "{a:1 b:2}", "[1 2]", "{}}"),
    *("01", "00", "1a", "0x", "0x1g", "1_000", "--1", "- 1", "+", ".", "1e", "0b1", "0o7", "nan", "undefined", "True"),
    *(r"'\1'", r"'\01'", r"'\x4'", r"'\u12'", "'a\nb'", "'x", '"x', "{1:1}", "{a-b:1}", "{²:1}", "\x851", "#\n1", "1;"),
]


@pytest.mark.parametrize("text", CORPUS, ids=ascii)
def test_both_readers_agree(text: str) -> None:
    try:
        value = Document.parse(text).value
    except Json5SyntaxError:
        with pytest.raises(ValueError, match=r"."):
            json5.loads(text)
    else:
        confirm(text, value)
