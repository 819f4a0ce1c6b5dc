"""What is said of a secret: its defects, its kind and its vendor, each by a rule that can be read off here."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wizard.keys.facts import SecretFlag, flags_of, is_jwt, length_class, vendor_of
from wizard.keys.vault import Vault

KEY = "hT3k9dJ2lAq8ZxW0pRk5"
JWT = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln_bmF0-dXJl"

F = SecretFlag
FLAGS: dict[str, tuple[str, set[SecretFlag]]] = {
    "a good key": (KEY, set()),
    "nothing": ("", {F.EMPTY}),
    "blanks only": ("  ", {F.EMPTY, F.TRAILING_SPACE, F.LEADING_SPACE}),
    "a line break behind": (f"{KEY}\n", {F.TRAILING_SPACE}),
    "a Windows line break behind": (f"{KEY}\r\n", {F.TRAILING_SPACE}),
    "a blank before": (f" {KEY}", {F.LEADING_SPACE}),
    "a line break inside": (f"{KEY}\n{KEY}", {F.LINE_BREAK}),
    "a carriage return inside": (f"{KEY}\r{KEY}", {F.LINE_BREAK}),
    "a blank inside": (f"{KEY} {KEY}", {F.WHITE_SPACE}),
    "a tab inside": (f"{KEY}\t{KEY}", {F.WHITE_SPACE}),
    "a no-break space behind, which HTTP does not take away": (f"{KEY}\u00a0", {F.WHITE_SPACE}),
    "a no-break space inside": (f"{KEY}\u00a0{KEY}", {F.WHITE_SPACE}),
    "an escape character": (f"{KEY}\x1b", {F.CONTROL}),
    "a vertical tab": (f"{KEY}\x0b{KEY}", {F.CONTROL}),
    "a file separator": (f"{KEY}\x1c", {F.CONTROL}),
    "a delete character": (f"{KEY}\x7f", {F.CONTROL}),
    "a NUL": (f"\x00{KEY}", {F.CONTROL}),
    "an ellipsis": (f"{KEY}…", {F.NON_LATIN}),
    "an umlaut, which HTTP can carry": (f"{KEY}ü", set()),
    "double quotes": (f'"{KEY}"', {F.QUOTED}),
    "single quotes": (f"'{KEY}'", {F.QUOTED}),
    "one quote at the end": (f'{KEY}"', {F.QUOTED}),
    "typographic quotes": (f"“{KEY}”", {F.QUOTED, F.NON_LATIN}),
    "a quote alone": ('"', set()),
    "a scheme": (f"Bearer {KEY}", {F.BEARER_PREFIX}),
    "a scheme in small letters": (f"bearer {KEY}", {F.BEARER_PREFIX, F.WHITE_SPACE}),
    "a scheme twice": (f"Bearer Bearer {KEY}", {F.BEARER_PREFIX, F.WHITE_SPACE}),
    "a reference": ("${PORTKEY_API_KEY}", {F.UNRESOLVED_REFERENCE}),
    "a reference inside": ("pre-${FOO}-post", {F.UNRESOLVED_REFERENCE}),
    "an example": ("YOUR_PORTKEY_API_KEY", {F.PLACEHOLDER}),
    "an example in brackets": ("<your api key>", {F.PLACEHOLDER, F.WHITE_SPACE}),
    "the name of the thing": ("portkey-api-key", {F.PLACEHOLDER}),
    "its name alone": ("API_KEY", {F.PLACEHOLDER}),
    "a row of x": ("xxxxxxxxxxxx", {F.PLACEHOLDER}),
    "a row of stars": ("****", {F.PLACEHOLDER}),
    "dots": ("sk-...", {F.PLACEHOLDER}),
    "changeme": ("changeme", {F.PLACEHOLDER}),
    "null": ("null", {F.PLACEHOLDER}),
    "a JSON web token": (JWT, {F.JWT}),
}


@pytest.mark.parametrize(("value", "flags"), FLAGS.values(), ids=FLAGS)
def test_flags(value: str, flags: set[SecretFlag]) -> None:
    assert flags_of(value) == flags


def test_every_flag_has_a_case() -> None:
    assert {flag for _, flags in FLAGS.values() for flag in flags} == set(SecretFlag)


@pytest.mark.parametrize(
    ("value", "defects"),
    [
        (KEY, ()),
        (f"{KEY}\n", ()),
        (JWT, ()),
        (f" {KEY} \x1b", (F.LEADING_SPACE, F.WHITE_SPACE, F.CONTROL)),
        ("", (F.EMPTY,)),
    ],
)
def test_defects_are_the_flags_that_spoil_a_key(value: str, defects: tuple[SecretFlag, ...]) -> None:
    assert Vault().take(value, "a test").defects == defects


@pytest.mark.parametrize(
    ("value", "name"),
    [("", "empty"), ("x" * 15, "short"), ("x" * 16, "usual"), ("x" * 128, "usual"), ("x" * 129, "long")],
)
def test_length_classes(value: str, name: str) -> None:
    assert length_class(value) == name


@pytest.mark.parametrize(
    ("value", "vendor"),
    [
        ("sk-ant-api03-abc", "Anthropic"),
        ("sk-proj-abc", "OpenAI"),
        (" sk-or-v1-abc", "OpenRouter"),
        ("AIzaSyA", "Google"),
        ("AKIAIOSFODNN7EXAMPLE", "AWS"),
        ("gsk_abc", "Groq"),
        ("github_pat_abc", "GitHub"),
        ("sk-abc", None),
        (KEY, None),
        ("", None),
    ],
)
def test_vendors_by_prefix(value: str, vendor: str | None) -> None:
    assert vendor_of(value) == vendor


@pytest.mark.parametrize("value", ["eyJ.eyJ.sig", "eyJhbGc.b", f"{JWT}.more", f"x{JWT}", "eyJ a.b.c"])
def test_not_every_dotted_text_is_a_web_token(value: str) -> None:
    assert not is_jwt(value)


@given(st.text())
def test_any_text_can_be_judged(value: str) -> None:
    assert flags_of(value) <= set(SecretFlag)
    assert length_class(value) in ("empty", "short", "usual", "long")
    vendor_of(value)
