"""Weights in half precision: rounded, and those named that it cannot hold."""

from collections import Counter
from typing import Literal

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

Kind = Literal["float16", "bfloat16"]
MASKED = 3e38
"""The size from which on a value is no weight: `-3.4e38`, float32's lowest, masks attention, and becomes half
precision's."""

_ELEMENTS = {"float16": TensorProto.FLOAT16, "bfloat16": TensorProto.BFLOAT16}
_LARGEST = {"float16": 2.0**15 * (2 - 2.0**-10), "bfloat16": 2.0**127 * (2 - 2.0**-7)}
_SMALLEST = {"float16": 2.0**-14, "bfloat16": 2.0**-126}  # normal, so with all digits


def element(kind: Kind) -> int:
    """ONNX's number for the type."""
    return int(_ELEMENTS[kind])


def rounded(tensor: onnx.TensorProto, kind: Kind, name: str) -> onnx.TensorProto:
    """A float32 tensor in half precision, to nearest, under another name."""
    values = numpy_helper.to_array(tensor)
    end = _LARGEST[kind]
    masked = np.where(np.abs(values) >= MASKED, np.clip(values, -end, end), values)
    return numpy_helper.from_array(_cast(masked, kind), name)


def overflow(tensor: onnx.TensorProto, kind: Kind) -> float:
    """The largest weight, without its sign, where half precision ends before it; else 0."""
    largest = np.abs(_weights(tensor)).max(initial=0.0)
    return 0.0 if np.isfinite(_cast(largest, kind)) else float(largest)


def subnormal(tensor: onnx.TensorProto, kind: Kind) -> float:
    """Share of the weights that are not zero and become zero or subnormal, and so lose digits."""
    values = np.abs(_weights(tensor))
    small = (values > 0) & (_cast(values, kind).astype(np.float64) < _SMALLEST[kind])
    return float(small.sum() / max(values.size, 1))


def spoken(model: onnx.ModelProto) -> dict[str, str]:
    """Each weight as its layer calls it: the exporter transposes those of linear layers and names them `val_31`.

    Where no bias of its own tells the layer's name, the node's stands for it.
    """
    weights = {tensor.name for tensor in model.graph.initializer}
    pairs = [pair for node in model.graph.node if node.op_type == "Add" for pair in _pairs(node, weights)]
    times = Counter(bias for _, bias in pairs)
    biases = {name: bias for name, bias in pairs if times[bias] == 1}
    names = {name: name for name in weights}
    for node in model.graph.node:
        for name in weights.intersection(node.input):
            if "." not in name:
                stem, dot, _ = biases.get(node.output[0], "").rpartition(".bias")
                names[name] = f"{stem}.weight" if dot else node.name
    return names


def _pairs(node: onnx.NodeProto, weights: set[str]) -> list[tuple[str, str]]:
    """What an Add is given besides a weight, with the weight."""
    first, second = node.input
    return [(name, other) for name, other in ((first, second), (second, first)) if other in weights]


def _weights(tensor: onnx.TensorProto) -> NDArray[np.float32]:
    values = numpy_helper.to_array(tensor)
    return np.asarray(values[np.abs(values) < MASKED])


def _cast(values: NDArray[np.float32], kind: Kind) -> NDArray[np.generic]:
    with np.errstate(over="ignore"):
        return np.asarray(values).astype(helper.tensor_dtype_to_np_dtype(element(kind)))
