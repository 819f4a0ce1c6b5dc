"""Our JSON5 reader beside the one that OpenClaw ships: what one takes the other takes, with the same value.

Where they are known to differ:

- Ours refuses more than 200 levels; OpenClaw's has no limit. No config is that deep.
- Ours knows the letters of the running Python's Unicode tables, OpenClaw's those of Unicode 10: an unquoted key of
  newer letters is taken by ours only. It is never written by us: `json5doc` quotes a key that is not plain ASCII.
- Ours keeps whole numbers exactly where a double would round them, and writes them back untouched.
- Ours reads -0 as 0.
"""

from __future__ import annotations

import json
import os
import select
import subprocess
import time
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import json5
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.unit.json5doc.samples import Sample, documents, invalid_corpus, new_values, texts, valid_corpus
from wizard.json5doc import Document, Json5SyntaxError
from wizard.json5doc.grammar import is_identifier
from wizard.json5doc.literals import whole_number
from wizard.json5doc.values import first_difference, plain_copy

pytestmark = pytest.mark.real

PROGRAM = Path(__file__).with_name("json5_oracle.js")
ANSWER_SECONDS = 60.0
# 300 documents a test, each through three readers.
many = settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))

VALID = valid_corpus()
INVALID = invalid_corpus()


class Refused:
    """The answer of a reader that does not take the text."""

    def __repr__(self) -> str:
        return "refused"


REFUSED = Refused()


class Oracle:
    """The npm package `json5` in one Node process, asked one text at a time."""

    def __init__(self, node: Path, package: Path) -> None:
        self._process = subprocess.Popen(
            [str(node), str(PROGRAM), str(package)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={"PATH": os.defpath, "HOME": "/nonexistent"},
        )
        self._rest = b""

    def ask(self, text: str | None) -> Any:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(text).encode() + b"\n")
        self._process.stdin.flush()
        return json.loads(self._line())

    def read(self, text: str) -> Any:
        """The value that it sees, or `REFUSED`."""
        answer = self.ask(text)
        return REFUSED if "refused" in answer else untagged(answer["value"])

    def close(self) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        try:
            self._process.wait(timeout=ANSWER_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process.stdout.close()

    def _line(self) -> bytes:
        assert self._process.stdout is not None
        end = time.monotonic() + ANSWER_SECONDS
        descriptor = self._process.stdout.fileno()
        while b"\n" not in self._rest:
            ready, _, _ = select.select([descriptor], [], [], max(0.0, end - time.monotonic()))
            assert ready, f"no answer in {ANSWER_SECONDS} s"
            part = os.read(descriptor, 2**16)
            assert part, "the oracle ended"
            self._rest += part
        line, _, self._rest = self._rest.partition(b"\n")
        return line


def untagged(value: Any) -> Any:
    kind, content = value
    if kind == "number":
        return float(content)
    if kind == "array":
        return [untagged(item) for item in content]
    if kind == "object":
        return {plain_copy(key): untagged(item) for key, item in content}
    return plain_copy(content)


def as_doubles(value: Any) -> Any:
    """The value as JavaScript holds it."""
    if isinstance(value, dict):
        return {key: as_doubles(item) for key, item in value.items()}
    if isinstance(value, list):
        return [as_doubles(item) for item in value]
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value


def ours(text: str) -> Any:
    try:
        return as_doubles(Document.parse(text).value)
    except Json5SyntaxError:
        return REFUSED


def the_package(text: str) -> Any:
    """What the Python package sees; integers beyond the range of doubles are infinities, as in JavaScript."""
    try:
        value = json5.loads(text, parse_int=whole_number)
    except (ValueError, RecursionError):
        return REFUSED
    return as_doubles(plain_copy(value))


def assert_same(one: Any, other: Any) -> None:
    if one is REFUSED or other is REFUSED:
        assert one is other
    else:
        assert first_difference(one, other) is None


@pytest.fixture(scope="module")
def oracle(lab: Any) -> Iterator[Oracle]:
    modules = lab.openclaw["2026.9.6"].parent.parent / "lib" / "node_modules"
    reader = Oracle(lab.node, modules / "json5")
    yield reader
    reader.close()


def test_both_openclaws_ship_the_same_reader(lab: Any) -> None:
    packages = [home.parent.parent / "lib/node_modules/json5/package.json" for home in lab.openclaw.values()]
    assert {json.loads(path.read_text(encoding="utf-8"))["version"] for path in packages} == {"2.2.3"}


@pytest.mark.parametrize("name", VALID)
def test_a_valid_document_is_read_as_openclaw_reads_it(oracle: Oracle, name: str) -> None:
    text, value = VALID[name]
    seen = oracle.read(text)
    assert seen is not REFUSED
    assert_same(ours(text), seen)
    assert_same(as_doubles(plain_copy(value)), seen)


@pytest.mark.parametrize("name", INVALID)
def test_an_invalid_document_is_refused_by_openclaw(oracle: Oracle, name: str) -> None:
    text, _ = INVALID[name]
    assert oracle.read(text) is REFUSED
    assert ours(text) is REFUSED


@many
@given(texts)
def test_three_readers_see_the_same_value(oracle: Oracle, sample: Sample) -> None:
    expected = as_doubles(plain_copy(sample.value))
    assert_same(ours(sample.text), expected)
    assert_same(oracle.read(sample.text), expected)
    assert_same(the_package(sample.text), expected)


@many
@given(texts, st.data())
def test_a_damaged_document_is_taken_or_refused_alike(oracle: Oracle, sample: Sample, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(sample.text)))
    added = data.draw(st.sampled_from([*"{}[]:,\"'/*\\#;=+-.x0eE1aN\n\r\u2028\ufeff\u0301·", "\\u", "\\x", "//", ""]))
    text = sample.text[:start] + added + sample.text[start + data.draw(st.integers(0, 2)) :]
    assert_same(ours(text), oracle.read(text))


@many
@given(st.text("{}[]:,\"'/*\\+-.xX0123456789aAbeEfnrtuINTy_$ \n\u2028\ufeff", max_size=12))
def test_any_short_text_is_taken_or_refused_alike(oracle: Oracle, text: str) -> None:
    assert_same(ours(text), oracle.read(text))


@many
@given(documents, st.lists(new_values, min_size=1, max_size=3))
def test_an_edited_text_means_to_openclaw_what_was_intended(
    oracle: Oracle, document: Document, values: list[Any]
) -> None:
    edited = Document.parse(f"{{root: {document.text}\n}}")
    for number, value in enumerate(values):
        edited = edited.set(("new", f"key {number}"), value)
    expected = {
        "root": document.value,
        "new": {f"key {number}": plain_copy(value) for number, value in enumerate(values)},
    }
    assert_same(oracle.read(edited.text), as_doubles(expected))
    assert_same(oracle.read(edited.delete(("new",)).text), as_doubles({"root": document.value}))


def test_the_same_characters_are_white_space_or_make_a_key(oracle: Oracle) -> None:
    theirs = oracle.ask(None)
    assert {code for code in range(0x110000) if is_identifier(chr(code))} >= set(theirs["starts"])
    taken = {code for code in range(0x110000) if is_identifier(f"a{chr(code)}")}
    assert taken >= set(theirs["continues"])
    # The letters that only ours knows are newer than OpenClaw's tables.
    newer = taken - set(theirs["continues"])
    assert all(unicodedata.ucd_3_2_0.category(chr(code)) == "Cn" for code in newer)
    assert len(newer) < len(taken) / 10
    spaces = set(theirs["spaces"])
    assert len(spaces) > 20
    for code in range(0x3100):
        assert (ours(f"{chr(code)}[]") is not REFUSED) == (code in spaces)
    assert {code for code in spaces if code >= 0x3100} == {0xFEFF}


def test_only_ours_has_a_limit_of_depth(oracle: Oracle) -> None:
    for levels, taken in ((200, True), (201, False)):
        text = "[" * levels + "]" * levels
        assert oracle.read(text) is not REFUSED
        assert (ours(text) is not REFUSED) == taken
