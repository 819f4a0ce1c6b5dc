"""The plain value that an edit is to reach is worked out apart from the text, and both come to the same."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from wizard.change.plan import Append, Delete, Operation, Set, edited, intended_value
from wizard.json5doc import Document, confirm, render

KEYS = st.sampled_from(["a", "b", "c", "with space", "ü"])
SCALARS = st.none() | st.booleans() | st.integers(-5, 5) | st.text(max_size=5)
VALUES: st.SearchStrategy[Any] = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3), max_leaves=8
)
OBJECTS = st.dictionaries(KEYS, VALUES, max_size=4)


def operation_on(value: dict[str, Any], key: str, new: Any, kind: int) -> Operation:
    present = value.get(key)
    if kind == 0 and key in value:
        return Delete((key,), "")
    if kind == 1 and isinstance(present, list):
        return Append((key,), new, "")
    if isinstance(present, dict) and kind == 2:
        return Set((key, "inner", "most"), new, "") if not present.get("inner") else Set((key, "other"), new, "")
    return Set((key,), new, "")


@given(OBJECTS, st.lists(st.tuples(KEYS, VALUES, st.integers(0, 3)), max_size=5))
def test_text_and_plain_value_agree(start: dict[str, Any], steps: list[tuple[str, Any, int]]) -> None:
    operations: list[Operation] = []
    value: Any = start
    for key, new, kind in steps:
        operation = operation_on(value, key, new, kind)
        operations.append(operation)
        value = intended_value(value, [operation], str)
    text = edited(Document.parse(render(start)), operations, str).text
    confirm(text, intended_value(start, operations, str))
    assert intended_value(start, operations, str) == value
