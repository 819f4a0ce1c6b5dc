"""JSON5 documents for tests: the written corpus, and documents made by hypothesis together with what they mean."""

import json
import math
from pathlib import Path
from typing import Any, NamedTuple

from hypothesis import strategies as st

from wizard.json5doc import Document

CORPUS = Path(__file__).parent / "corpus"


class Sample(NamedTuple):
    """A text and the value that it means."""

    text: str
    value: Any


def valid_corpus() -> dict[str, Sample]:
    """Every document of the corpus that is JSON5, by name."""
    values = json.loads((CORPUS / "values.json").read_text(encoding="utf-8"))
    return {name: Sample(text, values[name]) for name, text in _texts("valid")}


def invalid_corpus() -> dict[str, tuple[str, int]]:
    """Every document of the corpus that is no JSON5, by name, with the line of its mistake."""
    lines = json.loads((CORPUS / "mistake_lines.json").read_text(encoding="utf-8"))
    return {name: (text, lines[name]) for name, text in _texts("invalid")}


def _texts(folder: str) -> list[tuple[str, str]]:
    return [(path.stem, path.read_bytes().decode("utf-8")) for path in sorted((CORPUS / folder).iterdir())]


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
