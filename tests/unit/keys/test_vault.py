"""The vault gives values to nobody by accident, and finds them again in any text."""

from __future__ import annotations

import copy
import dataclasses
import json
import pickle
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from wizard.base.codec import to_json
from wizard.keys.vault import Vault

KEY = "hT3k9dJ2lAq8ZxW0pRk5"
RANDOM = st.text(alphabet="abcdefghijklmnopqrstuvwxyzABCDEFGHIJ0123456789+/=-_", min_size=16, max_size=60).filter(
    lambda value: len(set(value)) >= 8
)
MIXED = st.from_regex(r"[a-z]{4,7}[0-9]{4,7}", fullmatch=True)
TEXT = st.text(max_size=40)


@dataclasses.dataclass
class Holder:
    vault: Vault


@pytest.fixture
def vault() -> Vault:
    filled = Vault()
    filled.take(KEY, "a test")
    return filled


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_it_cannot_be_pickled(vault: Vault, protocol: int) -> None:
    with pytest.raises(TypeError):
        pickle.dumps(vault, protocol)


@pytest.mark.parametrize("duplicate", [copy.copy, copy.deepcopy], ids=["copy", "deepcopy"])
def test_it_cannot_be_copied(vault: Vault, duplicate: Any) -> None:
    with pytest.raises(TypeError):
        duplicate(vault)


@pytest.mark.parametrize("serialise", [json.dumps, lambda value: json.dumps(to_json(value)), dataclasses.asdict])
def test_it_cannot_be_serialised_with_what_holds_it(vault: Vault, serialise: Any) -> None:
    with pytest.raises(TypeError):
        serialise(Holder(vault))


def test_it_shows_only_how_many_it_holds(vault: Vault) -> None:
    for shown in (repr(vault), str(vault), f"{vault}", f"{vault!r}", repr(Holder(vault)), repr([vault])):
        assert "<Vault of 1 secrets>" in shown
        assert KEY not in shown


def test_equal_values_have_equal_handles_and_the_first_source() -> None:
    vault = Vault()
    first = vault.take(KEY, "the config")
    assert vault.take(KEY, "the environment") is first
    assert first.source == "the config"
    assert vault.take(KEY + "x", "the config").handle != first.handle
    assert Vault().take(KEY, "elsewhere").handle == first.handle


def test_facts_are_listed_by_handle(vault: Vault) -> None:
    facts = vault.take(KEY, "a test")
    assert vault.facts() == {facts.handle: facts}
    assert facts.handle == f"‹{facts.fingerprint}›"


@pytest.mark.parametrize(
    ("value", "has_fingerprint"),
    [
        (KEY, True),
        ("abcdefgh12345678", True),
        ("abcdefgh1234567", False),  # 15 characters
        ("aaaabbbbccccddddeeee", False),  # 5 different ones
        ("aabbccddeeffgghh", True),  # 8 different ones
        ("portkey", False),
        ("", False),
    ],
)
def test_only_long_and_varied_values_have_a_fingerprint(value: str, has_fingerprint: bool) -> None:
    fingerprint = Vault().take(value, "a test").fingerprint
    assert fingerprint.startswith("sha256:") is has_fingerprint
    assert fingerprint.startswith("secret-") is not has_fingerprint


def test_short_values_are_numbered_apart() -> None:
    vault = Vault()
    assert [vault.take(value, "").handle for value in ("a", "b", KEY, "c")] == [
        "‹secret-1›",
        "‹secret-2›",
        vault.take(KEY, "").handle,
        "‹secret-4›",
    ]


def test_half_a_character_can_be_taken() -> None:
    vault = Vault()
    facts = vault.take("\ud800" + KEY, "a JSON escape")
    assert facts.fingerprint.startswith("sha256:")
    assert vault.redact(f"<\ud800{KEY}>") == f"<{facts.handle}>"


# --- redact


@given(value=RANDOM | MIXED, before=TEXT, after=TEXT)
def test_a_redactable_value_never_survives(value: str, before: str, after: str) -> None:
    vault = Vault()
    handle = vault.take(value, "a test").handle
    redacted = vault.redact(before + value + after + value)
    assert value not in redacted
    assert handle in redacted


@given(values=st.lists(RANDOM | MIXED, min_size=1, max_size=5), glue=TEXT)
def test_several_values_never_survive_and_are_revealed_again(values: list[str], glue: str) -> None:
    vault = Vault()
    for value in values:
        vault.take(value, "a test")
    text = f" {glue} ".join(values)
    redacted = vault.redact(text)
    assert not [value for value in values if value in redacted]
    assert vault.reveal(redacted) == text


@given(value=RANDOM | MIXED, text=TEXT)
@example(value="secret-12", text="")
def test_redacting_twice_is_redacting_once(value: str, text: str) -> None:
    vault = Vault()
    vault.take(value, "a test")
    once = vault.redact(text + value)
    assert vault.redact(once) == once


@pytest.mark.parametrize("word", ["portkey", "test", "key", "a", "invalid", "required", "12345678"])
def test_a_common_word_does_not_tear_answers_apart(word: str) -> None:
    answer = '{"message":"Either x-portkey-config or x-portkey-provider header is required, test 12345678 invalid key"}'
    vault = Vault()
    vault.take(word, "somebody's idea of a key")
    assert vault.redact(answer) == answer


@pytest.mark.parametrize(
    ("value", "echo"),
    [
        (f" {KEY}\n", f"Incorrect API key provided: {KEY}."),
        (f'"{KEY}"', rf'{{"message":"Incorrect API key provided: \"{KEY}\""}}'),
        (f"“{KEY}”", KEY),
        (f"Bearer {KEY}", f"bad token {KEY}"),
        (f"Bearer {KEY}", f"bad header Bearer {KEY}"),
        (f" 'Bearer {KEY}' ", f"bad header 'Bearer {KEY}'"),
    ],
    ids=["white-space", "json-quoted", "typographic-quotes", "bearer", "bearer-whole", "all"],
)
def test_what_a_server_makes_of_a_malformed_key_is_found(value: str, echo: str) -> None:
    vault = Vault()
    handle = vault.take(value, "a test").handle
    redacted = vault.redact(echo)
    assert KEY not in redacted
    assert handle in redacted


def test_a_value_that_is_part_of_another_leaves_the_longer_one_whole() -> None:
    vault = Vault()
    short, long = vault.take(KEY, ""), vault.take(f"{KEY}-and-more-of-it", "")
    assert vault.redact(f"{KEY}-and-more-of-it {KEY}") == f"{long.handle} {short.handle}"


def test_a_value_of_its_own_comes_before_another_ones_spelling() -> None:
    vault = Vault()
    vault.take(f"{KEY}\n", "with a line break")
    without = vault.take(KEY, "without").handle
    assert vault.redact(KEY) == without


def test_a_handle_in_the_text_stays_whole() -> None:
    vault = Vault()
    real = vault.take(KEY, "").handle
    vault.take(real.strip("‹›"), "a fingerprint, pasted for a key")
    assert vault.redact(f"key {real}") == f"key {real}"
    assert vault.reveal(f"key {real}") == f"key {KEY}"


@given(value=RANDOM, cut=st.integers(min_value=4, max_value=60), before=TEXT)
def test_the_beginning_of_a_value_at_a_cut_end_goes_too(value: str, cut: int, before: str) -> None:
    vault = Vault()
    vault.take(value, "a test")
    part = value[:cut]
    assert not vault.redact_cut(before + "\n" + part).endswith(part)


def test_a_cut_text_without_a_secret_stays_as_it_is(vault: Vault) -> None:
    assert vault.redact_cut('{"message":"all is w') == '{"message":"all is w'
    assert vault.redact_cut("hT3") == "hT3"


# --- reveal


def test_reveal_fills_in_every_handle_once() -> None:
    vault = Vault()
    handle = vault.take(KEY, "").handle
    nested = vault.take(f"contains {handle} as text, which is odd 1", "").handle
    assert vault.reveal(f"Bearer {handle}, {handle}") == f"Bearer {KEY}, {KEY}"
    assert vault.reveal(nested) == f"contains {handle} as text, which is odd 1"
    assert vault.reveal("‹sha256:00000000› ‹secret-99› nothing") == "‹sha256:00000000› ‹secret-99› nothing"
