"""Plain values: brought into one shape, compared by what they mean, and changed the way an edit should change them."""

import math
from collections.abc import Callable, Iterator
from typing import Any

from wizard.json5doc.errors import Json5EditError
from wizard.json5doc.literals import join_surrogates
from wizard.json5doc.nodes import JsonValue
from wizard.json5doc.parser import MAX_DEPTH
from wizard.json5doc.paths import Path

# The largest exponent of a double; JavaScript has no larger integers.
_MOST_BITS = 1024


def plain_copy(value: object, path: Path = ()) -> JsonValue:
    """Copies a value into plain lists, dicts and scalars, with surrogate pairs joined as in a parsed text.

    Raises:
        Json5EditError: A part of it has no JSON5 form: another type, a key that is no string, an integer beyond the
            range of doubles, or more levels than a document may have.
    """
    if isinstance(value, dict | list | tuple) and len(path) == MAX_DEPTH:
        raise Json5EditError(path[:3], f"the value is nested deeper than {MAX_DEPTH} levels")
    if isinstance(value, dict):
        return {_plain_key(key, path): plain_copy(item, (*path, str(key))) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain_copy(item, (*path, index)) for index, item in enumerate(value)]
    if isinstance(value, str):
        return join_surrogates(value)
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, float):
        return float(value)
    if isinstance(value, int) and value.bit_length() <= _MOST_BITS:
        return int(value)
    raise Json5EditError(path, f"a value of type {type(value).__name__} cannot be written as JSON5")


def first_difference(left: JsonValue, right: JsonValue, path: Path = ()) -> Path | None:
    """Finds where two values first mean different things; None if they are equal.

    The order of keys does not count. Numbers are compared by value, and NaN equals NaN. A boolean is no number.
    """
    return next(_differences(left, right, path), None)


def changed(value: JsonValue, path: Path, change: Callable[[Any, str | int], None]) -> JsonValue:
    """Calls `change` with the list or dict that `path` leads into and the last step; gives the value after it.

    The value itself is changed; the root counts as the only item of a list, so that it can be replaced as well.
    """
    box = [value]
    *way, last = (0, *path)
    holder: Any = box
    for step in way:
        holder = holder[step]
    change(holder, last)
    return box[0]


def _differences(left: JsonValue, right: JsonValue, path: Path) -> Iterator[Path]:
    if isinstance(left, dict) and isinstance(right, dict):
        for key in (*left, *(key for key in right if key not in left)):
            if key in left and key in right:
                yield from _differences(left[key], right[key], (*path, key))
            else:
                yield (*path, key)
    elif isinstance(left, list) and isinstance(right, list):
        for index, (one, other) in enumerate(zip(left, right, strict=False)):
            yield from _differences(one, other, (*path, index))
        if len(left) != len(right):
            yield (*path, min(len(left), len(right)))
    elif not _same_scalar(left, right):
        yield path


def _plain_key(key: object, path: Path) -> str:
    if not isinstance(key, str):
        raise Json5EditError(path, f"a key of type {type(key).__name__} cannot be written as JSON5")
    return join_surrogates(key)


def _same_scalar(left: JsonValue, right: JsonValue) -> bool:
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    if isinstance(left, float) and isinstance(right, float) and math.isnan(left):
        return math.isnan(right)
    return left == right
