"""The written corpus: every document is read as it is meant or refused, by our reader and by the `json5` package."""

import json5
import pytest

from tests.unit.json5doc.samples import CORPUS, invalid_corpus, valid_corpus
from wizard.json5doc import Document, Json5SyntaxError, confirm
from wizard.json5doc.values import first_difference

VALID = valid_corpus()
INVALID = invalid_corpus()

# What the `json5` package takes although the specification does not: it does not look at what an escape in an unquoted
# key stands for.
TAKEN_BY_THE_PACKAGE = {"key-escaped-figure-first", "key-escaped-space", "key-surrogate-escapes"}


def test_the_corpus_is_whole() -> None:
    names = {path.name for path in CORPUS.iterdir()}
    assert names == {".gitattributes", "valid", "invalid", "values.json", "mistake_lines.json"}
    assert len(VALID) >= 40
    assert len(INVALID) >= 40


@pytest.mark.parametrize("name", VALID)
def test_a_valid_document_means_its_value(name: str) -> None:
    text, value = VALID[name]
    assert first_difference(Document.parse(text).value, value) is None


@pytest.mark.parametrize("name", VALID)
def test_the_second_reader_sees_the_same(name: str) -> None:
    confirm(*VALID[name])


@pytest.mark.parametrize("name", INVALID)
def test_an_invalid_document_is_refused_on_the_line_of_its_mistake(name: str) -> None:
    text, line = INVALID[name]
    with pytest.raises(Json5SyntaxError) as caught:
        Document.parse(text)
    assert caught.value.line == line


@pytest.mark.parametrize("name", sorted(set(INVALID) - TAKEN_BY_THE_PACKAGE))
def test_the_second_reader_refuses_the_same(name: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        json5.loads(INVALID[name][0])


@pytest.mark.parametrize("name", sorted(TAKEN_BY_THE_PACKAGE))
def test_what_only_the_second_reader_takes(name: str) -> None:
    assert json5.loads(INVALID[name][0]) is not None
