"""Messages between this process and one that decodes for it: a length, JSON of that length, then arrays as it says."""

import dataclasses
import json
import struct
from collections.abc import Sequence
from io import BufferedReader
from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np
from numpy.lib.stride_tricks import as_strided
from numpy.typing import NDArray

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

_LENGTH = struct.Struct("<I")


def send(stream: BinaryIO, message: dict[str, Any], parts: Sequence[bytes | memoryview] = ()) -> None:
    """Write one message, and the bytes that it announces.

    Raises:
        OSError: nobody reads any more.
    """
    stream.write(packed(message))
    for part in parts:
        stream.write(part)
    stream.flush()


def packed(message: dict[str, Any]) -> bytes:
    """A message as it is sent, without what it announces."""
    text = json.dumps(message).encode()
    return _LENGTH.pack(len(text)) + text


def receive(stream: BufferedReader) -> dict[str, Any]:
    """The next message; what it announces is still to be read.

    Raises:
        EOFError: the other side has ended.
    """
    (length,) = _LENGTH.unpack(read(stream, _LENGTH.size))
    message: dict[str, Any] = json.loads(read(stream, length))
    return message


def read(stream: BufferedReader, length: int) -> bytes:
    """Reads exactly that many bytes.

    Raises:
        EOFError: the other side has ended.
    """
    data = stream.read(length)
    if len(data) < length:
        raise EOFError
    return data


def send_fields(stream: BinaryIO, name: str, value: "DataclassInstance") -> None:
    """Write a dataclass under a name: fields of arrays, and of what JSON knows. No large array is copied.

    Fields that hold their default are left out.
    """
    fields: dict[str, Any] = {}
    parts = []
    for field in dataclasses.fields(value):
        content = getattr(value, field.name)
        if content is field.default:
            continue
        if isinstance(content, np.ndarray):
            array, span = _span(content)
            parts.append(span.data)
            content = {"dtype": array.dtype.str, "shape": array.shape, "strides": array.strides, "bytes": span.size}
        fields[field.name] = content
    send(stream, {name: fields}, parts)


def read_fields(stream: BufferedReader, fields: dict[str, Any]) -> dict[str, Any]:
    """The fields that a message names, with the arrays that follow it.

    Raises:
        EOFError: the other side has ended.
    """
    return {name: _read_value(stream, content) for name, content in fields.items()}


def _read_value(stream: BufferedReader, value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    span = np.empty(value["bytes"], np.uint8)
    if stream.readinto(span.data) < span.size:
        raise EOFError
    return np.ndarray(value["shape"], value["dtype"], span, strides=value["strides"])


def _span(array: NDArray[Any]) -> tuple[NDArray[Any], NDArray[np.uint8]]:
    """An array, and all bytes from its first element to its last; a copy of it where they are not mostly its own."""
    item = array.itemsize
    length = item + sum((size - 1) * step for size, step in zip(array.shape, array.strides, strict=True))
    in_order = array.size and all(step >= 0 and step % item == 0 for step in array.strides)
    if not in_order or length > 2 * array.nbytes:
        array = np.ascontiguousarray(array)
        length = array.nbytes
    return array, as_strided(array, (length // item,), (item,)).view(np.uint8)
