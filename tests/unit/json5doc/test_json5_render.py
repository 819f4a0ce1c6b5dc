"""Plain values as text."""

import json
import math

import pytest

from wizard.json5doc import Document, Json5EditError, Style, render

VALUE = {"id": "@slug/model", "input": ["text", "image"], "cost": {"in": 1.5, "out": None}, "none": {}, "list": []}


def test_a_value_is_laid_out_readably() -> None:
    assert (
        render(VALUE)
        == """\
{
  "id": "@slug/model",
  "input": ["text", "image"],
  "cost": {
    "in": 1.5,
    "out": null
  },
  "none": {},
  "list": []
}"""
    )


def test_a_style_changes_quotes_keys_commas_and_line_ends() -> None:
    style = Style(newline="\r\n", quote="'", bare_keys=True, trailing_comma=True, colon=":", comma=",")
    text = render({"a": ["x", {"b-c": [1, 2]}]}, indent="\t", level=1, style=style)
    assert text == "{\r\n\t\ta:[\r\n\t\t\t'x',\r\n\t\t\t{\r\n\t\t\t\t'b-c':[1,2],\r\n\t\t\t},\r\n\t\t],\r\n\t}"


def test_a_list_is_written_on_one_line_up_to_72_characters() -> None:
    assert render(["x" * 34, "y" * 30]).count("\n") == 0
    assert render(["x" * 34, "y" * 31]).count("\n") == 3
    assert render([[1], {}]).count("\n") == 3


@pytest.mark.parametrize("style", [None, Style(indent="    ", comma=","), Style(newline="\r\n")], ids=str)
def test_the_default_quotes_and_commas_are_strict_json(style: Style | None) -> None:
    assert json.loads(render(VALUE, style=style)) == VALUE


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "null"),
        (True, "true"),
        (0, "0"),
        (-0.0, "-0.0"),
        (1e-7, "1e-07"),
        (math.inf, "Infinity"),
        (-math.inf, "-Infinity"),
        (math.nan, "NaN"),
        ("", '""'),
        ("\\ \" '", '"\\\\ \\" \'"'),
        ((1, (2,)), "[\n  1,\n  [2]\n]"),
    ],
    ids=repr,
)
def test_scalars_are_written_as_json5_has_them(value: object, text: str) -> None:
    assert render(value) == text
    assert Document.parse(text).set((), value).text == text


def test_a_value_without_json5_form_is_refused() -> None:
    with pytest.raises(Json5EditError, match=r"a\[1\]: a value of type set cannot be written"):
        render({"a": [1, {2}]})
