"""Operations gathered against a config: only what changes something, and each seen by the next."""

from __future__ import annotations

import pytest

from wizard.change.edits import ConfigEdits
from wizard.change.plan import Append, Delete, Set
from wizard.keys.vault import Vault

KEY = "Zq8vT3nLw5Rk2Jd7Ym4x"


def test_what_is_there_already_needs_no_operation() -> None:
    vault = Vault()
    handle = vault.take(KEY, "a test").handle
    edits = ConfigEdits({"a": {"b": 1}, "key": KEY, "entry": {"apiKey": KEY}}, vault.reveal)
    edits.set(("a", "b"), 1, "no change")
    edits.set(("key",), handle, "no change")
    edits.set(("entry",), {"apiKey": handle}, "no change")
    edits.delete(("a", "c"), "not there")
    assert edits.operations == []


def test_an_operation_is_seen_by_the_next_one() -> None:
    vault = Vault()
    handle = vault.take(KEY, "a test").handle
    edits = ConfigEdits({"list": [1]}, vault.reveal)
    edits.set(("env", "vars", "K"), handle, "set")
    edits.append(("list",), 2, "append")
    assert edits.get(("env", "vars", "K")) == KEY
    assert edits.get(("list", 1)) == 2
    edits.set(("env", "vars", "K"), handle, "the same again")
    edits.delete(("env", "vars", "K"), "delete")
    edits.delete(("env", "vars", "K"), "delete again")
    assert edits.get(("env", "vars")) == {}
    assert [type(each) for each in edits.operations] == [Set, Append, Delete]


@pytest.mark.parametrize("path", [("a", "b"), ("a", 0), ("list", "x"), ("list", 7), ("none", "b")])
def test_a_path_that_leads_nowhere_has_no_value(path: tuple[str | int, ...]) -> None:
    assert ConfigEdits({"a": "text", "list": [1]}, str).get(path) is None


def test_the_value_that_was_given_stays_as_it_is() -> None:
    value = {"a": {"b": 1}}
    ConfigEdits(value, str).set(("a", "b"), 2, "set")
    assert value == {"a": {"b": 1}}


def test_an_operation_that_does_not_fit_is_left_to_the_write_to_refuse() -> None:
    edits = ConfigEdits({"a": "text"}, str)
    edits.set(("a", "b"), 1, "set")
    assert edits.operations == [Set(("a", "b"), 1, "set")]
