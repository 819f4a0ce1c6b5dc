"""`${NAME}` in config strings: what was measured of OpenClaw, row by row, and that nothing else is touched."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wizard.openclaw import references
from wizard.openclaw.references import SecretRef

SET = {
    "FOO_KEY": "sk-foo",
    "FOO2": "two",
    "_FOO1": "one",
    "foo_key": "sk-lower",
    "Foo": "sk-mixed",
    "1FOO": "x",
    "EMPTY": "",
}

# docs/facts/openclaw.md, section 4: the column of header values, which is the plain rule.
SUBSTITUTED: dict[str, str] = {
    "${FOO_KEY}": "sk-foo",
    "${MISSING_KEY}": "${MISSING_KEY}",
    "${EMPTY}": "${EMPTY}",
    "${foo_key}": "${foo_key}",
    "${Foo}": "${Foo}",
    "$${FOO_KEY}": "${FOO_KEY}",
    "a ${FOO_KEY} b ${FOO2}": "a sk-foo b two",
    "${FOO_KEY}${FOO2}": "sk-footwo",
    "pre-${MISSING_KEY}-${FOO2}-post": "pre-${MISSING_KEY}-two-post",
    "Bearer ${FOO_KEY}": "Bearer sk-foo",
    "${FOO_KEY:-default}": "${FOO_KEY:-default}",
    "$FOO_KEY": "$FOO_KEY",
    "FOO_KEY": "FOO_KEY",
    "${ FOO_KEY }": "${ FOO_KEY }",
    "${FOO_KEY\n}": "${FOO_KEY\n}",
    "${_FOO1}": "one",
    "${1FOO}": "${1FOO}",
    "${}": "${}",
    "${FOO_KEY": "${FOO_KEY",
    "$": "$",
    "": "",
    '{"_user":"${FOO2}"}': '{"_user":"two"}',
    "$${foo_key}": "$${foo_key}",
}


@pytest.mark.parametrize(("written", "used"), SUBSTITUTED.items(), ids=SUBSTITUTED)
def test_substitution(written: str, used: str) -> None:
    assert references.substitute(written, SET.get) == used


def test_a_value_is_not_substituted_again() -> None:
    assert references.substitute("${A}", {"A": "${B}", "B": "deep"}.get) == "${B}"


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("${A}-${B_1}", ("A", "B_1")),
        ("${A} ${A}", ("A", "A")),
        ("$${A} ${b} ${C:-d}", ()),
        ("plain", ()),
    ],
)
def test_the_names_that_openclaw_looks_up(text: str, names: tuple[str, ...]) -> None:
    assert references.names(text) == names


@pytest.mark.parametrize(
    ("text", "only"),
    [
        ("${A}", True),
        (" ${A} ", True),
        ("Bearer ${A}", True),
        ("basic ${A}${B}", True),
        ("${a}", True),
        ("sk-${A}", False),
        ("Token ${A}", False),
        ("plain", False),
        ("", False),
        ("Bearer", False),
    ],
)
def test_a_string_of_references_alone(text: str, only: bool) -> None:
    assert references.is_reference_only(text) is only


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("PORTKEY_API_KEY", "PORTKEY_API_KEY"),
        ("$PORTKEY_API_KEY", "PORTKEY_API_KEY"),
        ("%PORTKEY_API_KEY%", "PORTKEY_API_KEY"),
        (" PORTKEY_API_KEY\n", "PORTKEY_API_KEY"),
        ("$portkey", "portkey"),
        ("YOUR_PORTKEY_API_KEY", None),
        ("PORTKEY", None),
        ("${PORTKEY_API_KEY}", None),
        ("pk-abc", None),
        ("", None),
    ],
)
def test_a_variable_in_a_form_that_openclaw_does_not_know(text: str, name: str | None) -> None:
    assert references.bare_variable(text) == name


@pytest.mark.parametrize(
    ("value", "ref"),
    [
        ({"source": "env", "provider": "default", "id": "A"}, SecretRef("env", "default", "A")),
        ({"source": "exec", "id": "a/b"}, SecretRef("exec", "default", "a/b")),
        ({"source": "env"}, None),
        ({"id": "A"}, None),
        ({"source": 1, "id": "A"}, None),
        ("${A}", None),
        (None, None),
        ([], None),
    ],
)
def test_secret_refs(value: Any, ref: SecretRef | None) -> None:
    assert references.secret_ref(value) == ref


def test_every_name_of_a_config() -> None:
    config = {
        "a": "${A}",
        "b": ["${B}", {"c": "x ${C} ${D}"}],
        "e": {"source": "env", "provider": "p", "id": "E"},
        "f": {"source": "file", "id": "F"},
        "g": 1,
        "h": [],
        "i": {},
    }
    assert references.all_names(config) == {"A", "B", "C", "D", "E"}
    assert references.all_names(None) == set()


PIECES = st.lists(
    st.sampled_from(["$", "{", "}", "${", "A", "B_1", "a", " ", "${A}", "$${A}", "${b}", "x"]), max_size=9
)


@given(PIECES.map("".join))
def test_tokens_lie_in_their_text_one_after_another(text: str) -> None:
    position = 0
    for token in references.tokens(text):
        assert position <= token.start < token.end <= len(text)
        assert text[token.start : token.end] == ("$" if token.escaped else "") + "${" + token.name + "}"
        assert not (token.escaped and token.substituted)
        position = token.end


@given(PIECES.map("".join))
def test_without_values_only_escapes_change(text: str) -> None:
    left = references.substitute(text, lambda _: None)
    assert left == text or "$${" in text
    assert references.substitute(text, lambda _: "") == left


@given(st.text(alphabet="abc $}{", max_size=12).filter(lambda text: "${" not in text))
def test_text_without_references_is_used_as_it_is(text: str) -> None:
    assert references.substitute(text, SET.get) == text
