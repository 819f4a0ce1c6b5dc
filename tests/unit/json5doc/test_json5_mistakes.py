"""The reasons and places of the mistakes people make."""

import pytest

from wizard.json5doc import Document, Json5SyntaxError

# The place of the mistake is marked by ⟦⟧, which is taken out before reading.
MISTAKES = [
    # Commas
    ("{\n  a: 1\n  ⟦⟧b: 2\n}", "a comma is missing before this"),
    ("[1 ⟦⟧2]", "a comma is missing before this"),
    ("[{} ⟦⟧{}]", "a comma is missing before this"),
    ("{a: 'x' ⟦⟧'b': 1}", "a comma is missing before this"),
    ("[1,⟦⟧,2]", "this comma is one too many"),
    ("{a: 1,⟦⟧,}", "this comma is one too many"),
    ("[⟦⟧,]", "a value is missing before this"),
    ("{⟦⟧,}", "a key and its value are missing before this"),
    ("{a: true⟦⟧;}", "a comma is needed here, not a semicolon"),
    ("{a: 1⟦⟧; b: 2}", "a comma is needed here, not a semicolon"),
    # Colons
    ("{a ⟦⟧1}", "a colon is missing before this"),
    ("{'a' ⟦⟧'b'}", "a colon is missing before this"),
    ("{a⟦⟧=1}", "a colon is needed here, not an equals sign"),
    ("{a ⟦⟧= 1}", "a colon is needed here, not an equals sign"),
    ("{a⟦⟧, b: 1}", "a colon and a value are missing before this"),
    ("{a⟦⟧}", "a colon and a value are missing before this"),
    ("{a:⟦⟧: 1}", "this colon is one too many"),
    ("{a: 'b'⟦⟧: 1}", "this colon is one too many"),
    ("['a'⟦⟧: 1]", "a colon can stand in an object only"),
    ("[⟦⟧: 1]", "a colon can stand in an object only"),
    ("{⟦⟧: 1}", "a key is missing before this"),
    # Values
    ("{a: ⟦⟧}", "a value is missing before this"),
    ("{a: ⟦⟧, b: 1}", "a value is missing before this"),
    ("{a: ⟦⟧hello}", "this text needs quotes"),
    ("{a: ⟦⟧@slug/model}", "this text needs quotes"),
    ("{a: ⟦⟧${KEY}}", "this text needs quotes"),
    ("{url: ⟦⟧https://api.portkey.ai/v1\n}", "this text needs quotes"),
    ("{a: ⟦⟧True}", "write true in lower case"),
    ("{a: ⟦⟧FALSE}", "write false in lower case"),
    ("{a: ⟦⟧None}", "the word for no value is null"),
    ("{a: ⟦⟧undefined}", "the word for no value is null"),
    ("{a: ⟦⟧nan}", "write NaN with a small a between capitals"),
    ("{a: ⟦⟧-infinity}", "write Infinity with a capital I"),
    ("{a: ⟦⟧inf}", "write Infinity in full"),
    ("{a: ⟦⟧yes}", "write true or false, or put this text in quotes"),
    ("⟦⟧+true", "write true in lower case"),
    # Numbers
    ("[⟦⟧007]", "a number cannot start with 0; text needs quotes"),
    ("[⟦⟧0x]", "0x needs hexadecimal digits"),
    ("[⟦⟧1_000]", "a number cannot hold an underscore"),
    ("[⟦⟧- 5]", "a sign must touch its number"),
    ("[⟦⟧30s]", "this is no number; text needs quotes"),
    ("[⟦⟧127.0.0.1]", "this is no number; text needs quotes"),
    ("[⟦⟧1e]", "this is no number; text needs quotes"),
    ("[⟦⟧.]", "this text needs quotes"),
    ("[⟦⟧١]", "this text needs quotes"),
    # Keys
    ("{⟦⟧x-portkey-config: 1}", "this key needs quotes"),
    ("{⟦⟧1a: 1}", "this key needs quotes"),
    ("{⟦⟧a\\u0020b: 1}", "this key needs quotes"),
    ("{⟦⟧\\u0031: 1}", "this key needs quotes"),
    ("{⟦⟧a\\u12: 1}", "this key needs quotes"),
    ("{⟦⟧[1]: 1}", "a key is missing before this"),
    # Strings
    ("{a: ⟦⟧'x, b: 1}", "this string is never closed"),
    ('{a: ⟦⟧"x\n"}', "this string is never closed"),
    ('{a: "it is "⟦⟧quoted""}', "a comma is missing before this, or a backslash before a quote inside the string"),
    ("{a: 'it'⟦⟧s'}", "a comma is missing before this, or a backslash before a quote inside the string"),
    ("{a: ''⟦⟧'x'''}", "a string starts and ends with one quote; a quote inside it needs a backslash"),
    ("{a: 'x' ⟦⟧+ 'y'}", "strings cannot be joined with +: write one string"),
    ("{a: ⟦⟧“x”}", "a string cannot stand in these typographic quotes: use straight ones"),
    ("{⟦⟧‘a’: 1}", "a string cannot stand in these typographic quotes: use straight ones"),
    ("{a: ⟦⟧`x`}", "a string cannot stand in back quotes: use straight ones"),
    (r"{a: 'C:⟦⟧\x'}", r"\x needs two hexadecimal digits; for a backslash write \\"),
    (r"{a: '⟦⟧\u12'}", r"\u needs four hexadecimal digits; for a backslash write \\"),
    (r"{'a⟦⟧\1': 1}", r"a backslash cannot stand before these digits; for a backslash write \\"),
    (r"{a: '⟦⟧\01'}", r"a backslash cannot stand before these digits; for a backslash write \\"),
    # Comments
    ("{a: 1, ⟦⟧# note\n}", "a comment starts with // here, not with #"),
    ("{a: 1 ⟦⟧# note\n}", "a comment starts with // here, not with #"),
    ("⟦⟧#!/bin/sh\n{}", "a comment starts with // here, not with #"),
    ("{a: 1 ⟦⟧/* note }", "this comment is never closed"),
    ("{a: 1, ⟦⟧/ note\n}", "this key needs quotes"),
    # Brackets
    ("{a: [1, 2⟦⟧}", "} closes an object, but an array is open since line 1: ] is missing before this"),
    ("[\n\n{a: 1⟦⟧]", "] closes an array, but an object is open since line 3: } is missing before this"),
    ("{a: ⟦⟧]", "] closes an array, but an object is open since line 1: } is missing before this"),
    ("\n\n{\n  a: 1\n⟦⟧", "end of file inside an object that starts on line 3"),
    ("{\n  a: [1,⟦⟧", "end of file inside an array that starts on line 2"),
    ("{a:⟦⟧", "end of file inside an object that starts on line 1"),
    ("{a⟦⟧", "end of file inside an object that starts on line 1"),
    ("{}⟦⟧}", "this } closes nothing"),
    ("[]⟦⟧]", "this ] closes nothing"),
    ("⟦⟧}", "a value is missing before this"),
    # The whole
    ("⟦⟧", "the file is empty"),
    (" \n\u3000⟦⟧", "the file is empty"),
    ("// todo\n⟦⟧", "the file holds comments only"),
    ("{} ⟦⟧{}", "text after the end: the document ended before this"),
    ("{}⟦⟧, 'b': 1}", "text after the end: the document ended before this"),
    ("⟦⟧models: {}", "a { is missing before the first key"),
    ("'models'⟦⟧: {}", "a { is missing before the first key"),
    ("{\n⟦⟧<<<<<<< HEAD\n  a: 1,\n=======\n}", "a merge conflict was left here"),
    ("{a: 1\n⟦⟧=======\n}", "a merge conflict was left here"),
    ("⟦⟧<html>", "this text needs quotes"),
]


@pytest.mark.parametrize(("marked", "reason"), MISTAKES, ids=[ascii(marked)[1:-1] for marked, _ in MISTAKES])
def test_a_mistake_is_explained_where_it_is(marked: str, reason: str) -> None:
    before, after = marked.split("⟦⟧")
    with pytest.raises(Json5SyntaxError) as caught:
        Document.parse(before + after)
    error = caught.value
    assert (error.reason, error.offset) == (reason, len(before))
    assert error.line == before.count("\n") + 1
    assert error.column == len(before) - before.rfind("\n")
    assert str(error) == f"line {error.line}, column {error.column}: {reason}"


def test_a_byte_order_mark_takes_no_column() -> None:
    with pytest.raises(Json5SyntaxError) as caught:
        Document.parse("\ufeff{a: b}")
    assert (caught.value.offset, caught.value.line, caught.value.column) == (5, 1, 5)
