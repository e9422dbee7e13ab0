"""Dataclasses as plain JSON and back, checked: a field that is missing, unknown or of another type is named."""

import dataclasses
import types
import typing
from typing import Any, Literal, TypeVar, Union, get_args, get_origin

from autohdr.errors import SettingsError

T = TypeVar("T")


def encode(value: Any) -> Any:
    """Plain JSON of a dataclass, or of what its fields may hold."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: encode(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, dict):
        return {str(key): encode(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [encode(item) for item in value]
    return float(f"{value:.6g}") if isinstance(value, float) else value


def decode(kind: type[T], data: Any, where: str = "") -> T:
    """The dataclass that `encode` wrote.

    Args:
        kind: a dataclass; its fields may be dataclasses, tuples and dicts of them, and what JSON has.
        data: plain JSON.
        where: what is read, for messages.

    Raises:
        SettingsError: a field is missing, unknown or of another type.
    """
    made: T = _decode(kind, data, where or kind.__name__)
    return made


def _decode(kind: Any, data: Any, where: str) -> Any:
    if kind is Any:
        return data
    if dataclasses.is_dataclass(kind):
        return _dataclass(kind, data, where)
    origin, inside = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        return None if data is None and type(None) in inside else _decode(inside[0], data, where)
    if origin is Literal:
        return _checked(data, data in inside, where, f"one of {', '.join(map(str, inside))}")
    if origin is tuple:
        _checked(data, isinstance(data, list), where, "a list")
        return tuple(_decode(inside[0], item, f"{where}[{index}]") for index, item in enumerate(data))
    if origin is dict:
        _checked(data, isinstance(data, dict), where, "an object")
        return {key: _decode(inside[1], item, f"{where}.{key}") for key, item in data.items()}
    if kind is float:
        return float(_checked(data, isinstance(data, int | float) and not isinstance(data, bool), where, "a number"))
    right = isinstance(data, kind) and (kind is bool or not isinstance(data, bool))
    return _checked(data, right, where, f"a value of type {kind.__name__}")


def _dataclass(kind: Any, data: Any, where: str) -> Any:
    _checked(data, isinstance(data, dict), where, "an object")
    hints = typing.get_type_hints(kind)
    if set(data) != (names := {field.name for field in dataclasses.fields(kind)}):
        odd = ", ".join(sorted(set(data) ^ names))
        raise SettingsError(f"{where} has fields missing or unknown ({odd}); measure again with this version")
    return kind(**{name: _decode(hints[name], data[name], f"{where}.{name}") for name in names})


def _checked(data: Any, right: bool, where: str, expected: str) -> Any:
    if not right:
        raise SettingsError(f"{where} is {data!r}; expected {expected}")
    return data
