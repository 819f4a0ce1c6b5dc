"""What is said of a key while it is typed."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wizard.portkey.hosts import HostKind
from wizard.setup.key_shape import judge_key

KEY = "Zq8vT3nLw5Rk2Jd7Ym4xBc9fHs6pGt1uAe0iXoWn5LsDk3"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "is empty"),
        ("   ", "is empty"),
        ("ab cd", "white space in it"),
        ("ab\u00a0cd", "white space in it"),
        ("ab\ncd", "line break"),
        (f'"{KEY}"', "quotation marks"),
        (f"'{KEY}", "quotation marks"),
        (f"“{KEY}”", "no HTTP header"),
        (f"Bearer {KEY}", "the word Bearer"),
        ("bearer", "the word Bearer"),
        ("${PORTKEY_API_KEY}", "${…} reference"),
        ("${PORT", "${…} reference"),
        ("YOUR_PORTKEY_API_KEY", "placeholder"),
        ("<your key>", "white space"),
        ("<key>", "placeholder"),
        ("ab\x07cd", "control character"),
        ("ключ", "no HTTP header"),
        ("a\u200bb", "no HTTP header"),
    ],
)
def test_what_is_refused(text: str, words: str) -> None:
    assert words in (judge_key(text, HostKind.HOSTED).refused or "")


@pytest.mark.parametrize("text", [KEY, f"  {KEY}\r\n", "short", "pk-abc", "test", f"eyJ{KEY}.{KEY}.{KEY}", "a" * 5000])
def test_nothing_else_is_refused_and_no_prefix_is_wanted(text: str) -> None:
    verdict = judge_key(text, HostKind.HOSTED)
    assert (verdict.refused, verdict.warning) == (None, "")


def test_length_and_fingerprint_are_those_of_the_key_alone() -> None:
    digest = hashlib.sha256(KEY.encode()).hexdigest()[:8]
    assert judge_key(f" {KEY}\n", HostKind.HOSTED).note == f"46 characters, sha256:{digest}"
    # A short one could be guessed from its fingerprint.
    assert judge_key("hunter2", HostKind.HOSTED).note == "7 characters"
    assert judge_key("x", HostKind.HOSTED).note == "1 character"
    assert judge_key("", HostKind.HOSTED).note == ""


@pytest.mark.parametrize("prefix", ["sk-ant-", "sk-proj-", "AIza"])
def test_another_vendors_key_is_a_warning_towards_portkeys_own_gateway_only(prefix: str) -> None:
    for kind in HostKind:
        verdict = judge_key(prefix + KEY, kind)
        assert verdict.refused is None
        assert bool(verdict.warning) is (kind is HostKind.HOSTED)


@given(st.text())
def test_no_text_breaks_it_and_none_is_repeated(text: str) -> None:
    verdict = judge_key(text, HostKind.HOSTED)
    said = f"{verdict.refused}{verdict.note}{verdict.warning}"
    assert len(text.strip()) < 16 or text.strip() not in said
