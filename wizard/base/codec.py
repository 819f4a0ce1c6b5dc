"""Frozen dataclasses to plain JSON and back, by their type hints."""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Mapping
from enum import Enum
from functools import cache
from typing import Any, TypeVar

T = TypeVar("T")


class CodecError(ValueError):
    """The JSON does not have the shape of the type; the message names the place."""


def to_json(value: object) -> Any:
    """Plain JSON data of a value built from dataclasses, enums, tuples, sets, mappings and scalars."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: to_json(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Mapping):
        return {str(key): to_json(item) for key, item in value.items()}
    if isinstance(value, frozenset | set):
        return sorted(to_json(item) for item in value)
    if isinstance(value, tuple | list):
        return [to_json(item) for item in value]
    return value


def from_json(kind: type[T], data: Any) -> T:
    """The value of type `kind` that `to_json` wrote.

    Raises:
        CodecError: the data has another shape.
    """
    result: T = _decode(kind, data, kind.__name__)
    return result


def _decode(kind: Any, data: Any, place: str) -> Any:
    if kind is Any or kind is object:
        return data
    origin = typing.get_origin(kind)
    if origin is typing.Literal:
        return _literal(kind, data, place)
    if origin in (typing.Union, types.UnionType):
        return _union(kind, data, place)
    if origin is not None:
        return _generic(origin, typing.get_args(kind), data, place)
    return _plain(kind, data, place)


def _plain(kind: Any, data: Any, place: str) -> Any:
    if isinstance(kind, type) and issubclass(kind, Enum):
        return _enum(kind, data, place)
    if dataclasses.is_dataclass(kind):
        return _dataclass(kind, data, place)
    return _scalar(kind, data, place)


def _literal(kind: Any, data: Any, place: str) -> Any:
    if data not in typing.get_args(kind):
        raise CodecError(f"{place}: {data!r} is none of the known values")
    return data


def _union(kind: Any, data: Any, place: str) -> Any:
    members = typing.get_args(kind)
    if data is None and type(None) in members:
        return None
    problems = []
    for member in members:
        if member is type(None):
            continue
        try:
            return _decode(member, data, place)
        except CodecError as error:
            problems.append(str(error))
    raise CodecError("; ".join(problems) or f"{place}: a value is missing")


def _generic(origin: Any, args: tuple[Any, ...], data: Any, place: str) -> Any:
    if isinstance(origin, type) and issubclass(origin, Mapping):
        if not isinstance(data, dict):
            raise CodecError(f"{place}: an object is wanted")
        return {key: _decode(args[1], item, f"{place}.{key}") for key, item in data.items()}
    if not isinstance(data, list):
        raise CodecError(f"{place}: a list is wanted")
    if origin is tuple and not (len(args) == 2 and args[1] is Ellipsis):
        if len(args) != len(data):
            raise CodecError(f"{place}: {len(args)} items are wanted")
        pairs = zip(args, data, strict=True)
        return tuple(_decode(kind, item, f"{place}[{i}]") for i, (kind, item) in enumerate(pairs))
    return origin(_decode(args[0], item, f"{place}[{i}]") for i, item in enumerate(data))


def _enum(kind: type[Enum], data: Any, place: str) -> Enum:
    try:
        return kind(data)
    except ValueError:
        raise CodecError(f"{place}: {data!r} is not a {kind.__name__}") from None


def _dataclass(kind: Any, data: Any, place: str) -> Any:
    if not isinstance(data, dict):
        raise CodecError(f"{place}: an object is wanted")
    hints = _hints(kind)
    values = {}
    for field in dataclasses.fields(kind):
        if field.name in data:
            values[field.name] = _decode(hints[field.name], data[field.name], f"{place}.{field.name}")
    try:
        return kind(**values)
    except TypeError as error:
        raise CodecError(f"{place}: {error}") from None


@cache
def _hints(kind: Any) -> dict[str, Any]:
    return typing.get_type_hints(kind)


def _scalar(kind: Any, data: Any, place: str) -> Any:
    if kind is float and isinstance(data, int) and not isinstance(data, bool):
        return float(data)
    if not isinstance(data, kind) or (kind is int and isinstance(data, bool)):
        raise CodecError(f"{place}: a {kind.__name__} is wanted")
    return data
