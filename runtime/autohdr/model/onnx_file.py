"""What an .onnx file says of itself, read without a library: whichever engine is installed, the answer is the same.

An .onnx file is a Protocol Buffers message (https://protobuf.dev/programming-guides/encoding/) of type ModelProto
(https://github.com/onnx/onnx/blob/main/onnx/onnx.proto). Its weights are passed over, not parsed; but every byte of it
is checked, against the digest that `model_seal` put at its end.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from autohdr.errors import ModelError
from autohdr.files.whole import read_bytes
from autohdr.model.head import Learnt
from autohdr.model.info import (
    DEFAULT_MODEL,
    HEAD_KEY,
    INPUT_NAME,
    METADATA_KEY,
    OUTPUT_NAME,
    QUALITY_KEY,
    ModelFile,
    ModelInfo,
)
from autohdr.model.seal import has_seal, look

_GRAPH, _METADATA = 7, 14  # of a ModelProto
_INPUT, _OUTPUT = 11, 12  # of a GraphProto
_FLOAT = 1  # TensorProto.DataType
_VARINT, _EIGHT_BYTES, _LENGTH, _FOUR_BYTES = 0, 1, 2, 5  # wire types

DIGITS = 12
"""How many digits a `ModelFile`'s digest has."""

Tensor = tuple[str, int, tuple[int | None, ...]]
"""Name, element type, and shape of an input or output; None is a dimension without a number."""


class Said(NamedTuple):
    """What a whole model file of ours says of itself."""

    texts: dict[str, str]
    """Metadata properties, ours alone."""
    tensors: list[Tensor]
    """Inputs and outputs of the graph."""
    digest: str
    """Digest of the file, its first `DIGITS` digits."""


def read_model(path: Path) -> ModelFile:
    """A model file with what it says of itself, and its bytes.

    Raises:
        ModelError: there is no such file, or it is no ONNX model, or none of ours, or damaged, or from a newer version.
        FileError: it cannot be read.
    """
    data = read_bytes(path)
    if data is None:
        raise ModelError(f"{path} does not exist; expected an .onnx file made by autohdr export")
    return check(data, path)


def check(data: bytes, path: Path) -> ModelFile:
    """A model file of these bytes, with what they say of themselves.

    Args:
        data: the whole file.
        path: of the file.

    Raises:
        ModelError: these are no ONNX model's bytes, or none of ours, or damaged, or from a newer version.
    """
    said = looked_at(data, path, METADATA_KEY)
    texts, tensors = said.texts, said.tensors
    try:
        info = ModelInfo.from_json(texts[METADATA_KEY])
        learnt = Learnt.from_text(texts.get(HEAD_KEY, ""), info.features, info.activation)
    except ModelError as error:
        raise ModelError(f"{path} {error}") from error
    size = info.spec.size
    expected: list[Tensor] = [
        (INPUT_NAME, _FLOAT, (None, 3, size, size)),
        (OUTPUT_NAME, _FLOAT, (None, info.features)),
    ]
    if tensors != expected:
        raise ModelError(f"{path} has inputs and outputs {tensors}; expected {expected}: export it again")
    return ModelFile(path, said.digest, info, learnt.head, learnt.prior, data)


def looked_at(data: bytes, path: Path, key: str) -> Said:
    """What a model file's bytes say of themselves, once all of them are known to be whole.

    Args:
        data: the whole file.
        path: of the file.
        key: the metadata property that such a model has.

    Raises:
        ModelError: these are no ONNX model's bytes, or none of ours of that kind, or damaged.
    """
    digest, whole = look(data)
    if has_seal(data) and not whole:
        raise ModelError(
            f"{path} is damaged, or another program has changed it: its content does not match the digest in it; "
            f"{_repair(path)}"
        )
    try:
        texts, tensors = _parse(memoryview(data))
    except (ValueError, LookupError) as error:
        raise ModelError(f"{path} is not an ONNX model that can be read; {_repair(path)}") from error
    if key not in texts:
        kind = {METADATA_KEY: "predicts sliders", QUALITY_KEY: "scores pictures"}
        if other := next((name for name in kind if name in texts), None):
            raise ModelError(f"{path} {kind[other]}; expected a model that {kind[key]}")
        raise ModelError(f"{path} does not say what it was trained on; expected a model made by autohdr export")
    if not whole:
        raise ModelError(
            f"{path} does not end with a digest of itself, so it is damaged, or was changed by another program, or "
            f"comes from before autohdr wrote digests; {_repair(path)}"
        )
    return Said(texts, tensors, digest[:DIGITS])


def _repair(path: Path) -> str:
    """What the user can do about a damaged file."""
    if path == DEFAULT_MODEL:
        return "it is autohdr's own, so install autohdr again"
    return "copy it again from where it is whole, or export it again with autohdr export"


def _parse(model: memoryview) -> tuple[dict[str, str], list[Tensor]]:
    """The metadata properties that are ours, and the graph's inputs and outputs."""
    texts: dict[str, str] = {}
    tensors: list[Tensor] = []
    graphs = 0
    for field, value in _fields(model):
        if field == _METADATA:
            entry = dict(_fields(_message(value)))
            if (name := _text(entry[1])) in (METADATA_KEY, HEAD_KEY, QUALITY_KEY):
                texts[name] = _text(entry[2])
        elif field == _GRAPH:
            graphs += 1
            tensors = [_tensor(_message(part)) for kind, part in _fields(_message(value)) if kind in (_INPUT, _OUTPUT)]
    if graphs != 1:
        raise ValueError("no ONNX model")
    return texts, tensors


def _tensor(value_info: memoryview) -> Tensor:
    parts = dict(_fields(value_info))
    kind = dict(_fields(_message(dict(_fields(_message(parts[2])))[1])))
    dimensions = (dict(_fields(_message(part))) for _, part in _fields(_message(kind[2])))
    shape = tuple(size if isinstance(size := dimension.get(1), int) else None for dimension in dimensions)
    element = kind[1]
    if not isinstance(element, int):
        raise ValueError("a message where a number was expected")
    return _text(parts[1]), element, shape


def _fields(message: memoryview) -> Iterator[tuple[int, int | memoryview]]:
    """Number and value of each field of a message.

    Raises:
        ValueError: it is no message, or it is cut off.
    """
    at = 0
    while at < len(message):
        tag, at = _varint(message, at)
        field, wire = tag >> 3, tag & 7
        if wire == _VARINT:
            value, at = _varint(message, at)
            yield field, value
            continue
        if wire == _LENGTH:
            length, at = _varint(message, at)
        elif wire in (_EIGHT_BYTES, _FOUR_BYTES):
            length = 8 if wire == _EIGHT_BYTES else 4
        else:
            raise ValueError(f"wire type {wire}")
        if field == 0 or at + length > len(message):
            raise ValueError("cut off")
        yield field, message[at : at + length]
        at += length


def _varint(message: memoryview, at: int) -> tuple[int, int]:
    """A number, and where it ends."""
    number = shift = 0
    while shift < 64:
        byte = message[at]
        at += 1
        number |= (byte & 0x7F) << shift
        if byte < 0x80:
            return number, at
        shift += 7
    raise ValueError("a number of more than 64 bits")


def _message(value: int | memoryview) -> memoryview:
    if isinstance(value, int):
        raise ValueError("a number where a message was expected")
    return value


def _text(value: int | memoryview) -> str:
    return bytes(_message(value)).decode()
