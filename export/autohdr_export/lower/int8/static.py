"""Static quantisation: activations and weights between QuantizeLinear and DequantizeLinear, with scales found before.

Only a layer's inputs are quantised, not its bias and not what it gives: engines add and normalise in float32.
Written by ourselves: ONNX Runtime's `quantize_static` quantises each MatMul's result as well, and NNCF 3.4, for the
default model in OpenVINO, was as fast and three times as far off (Highlights 1.38 against 0.36 at the 99th percentile;
1.93 without SmoothQuant and bias correction; 128 photos to calibrate, 96 held-out ones, November 2026): it averages the
photos' ranges where this takes the widest.
"""

from collections.abc import Iterable, Sequence

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import helper, numpy_helper

from autohdr_export.lower.int8.layers import Layer
from autohdr_export.lower.int8.ranges import Range

SMALLEST = 1e-8
"""The smallest scale that is given to a tensor: one that is always zero has one too."""


def quantise_static(
    model: onnx.ModelProto, layers: Sequence[Layer], ranges: dict[str, Range], *, symmetric: bool
) -> onnx.ModelProto:
    """A copy of `model` whose `layers` multiply 8-bit integers.

    Weights are S8, symmetric, with a scale for each output channel.

    Args:
        model: float32.
        layers: of it, from `find_layers`.
        ranges: of their inputs, by name.
        symmetric: S8 activations with zero point 0; else U8 with the zero point that fits.
    """
    result = onnx.ModelProto()
    result.CopyFrom(model)
    graph = result.graph
    writer = _Writer({tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer}, symmetric)
    chosen = {layer.name: layer for layer in layers}
    for node in model.graph.node:
        copy = onnx.NodeProto()
        copy.CopyFrom(node)
        if (layer := chosen.get(node.name)) is not None:
            copy.input[0] = writer.activation(layer.activation, ranges[layer.activation])
            copy.input[1] = writer.weight(layer)
        writer.nodes.append(copy)
    del graph.node[:]
    graph.node.extend(writer.nodes)
    _replace_initializers(graph, writer.initializers)
    del graph.value_info[:]  # it lacks the new tensors
    onnx.checker.check_model(result)
    return result


class _Writer:
    """Nodes and initializers as they come to be; what two layers share is quantised once."""

    def __init__(self, weights: dict[str, NDArray[np.generic]], symmetric: bool) -> None:
        self.weights = weights
        self.symmetric = symmetric
        self.nodes: list[onnx.NodeProto] = []
        self.initializers: list[onnx.TensorProto] = []
        self.done: set[str] = set()

    def activation(self, name: str, range_: Range) -> str:
        """The dequantised tensor's name."""
        if name not in self.done:
            scale, zero = scale_of(range_, symmetric=self.symmetric)
            self._constants(name, np.float32(scale), zero)
            inputs = [f"{name}_scale", f"{name}_zero"]
            quantise = helper.make_node("QuantizeLinear", [name, *inputs], [f"{name}_int8"], f"{name}_quantise")
            self.nodes.append(quantise)
            self._dequantise(name, None)
        return f"{name}_wide"

    def weight(self, layer: Layer) -> str:
        """The dequantised tensor's name."""
        name = layer.weight
        if name not in self.done:
            integers, scales = quantise_weight(np.asarray(self.weights[name], dtype=np.float32), layer.axis)
            self.initializers.append(numpy_helper.from_array(integers, f"{name}_int8"))
            self._constants(name, scales, np.zeros(len(scales), np.int8))
            self._dequantise(name, layer.axis)
        return f"{name}_wide"

    def _constants(self, name: str, scale: NDArray[np.float32] | np.float32, zero: NDArray[np.generic]) -> None:
        self.done.add(name)
        self.initializers.append(numpy_helper.from_array(np.asarray(scale), f"{name}_scale"))
        self.initializers.append(numpy_helper.from_array(zero, f"{name}_zero"))

    def _dequantise(self, name: str, axis: int | None) -> None:
        inputs = [f"{name}_int8", f"{name}_scale", f"{name}_zero"]
        node = helper.make_node("DequantizeLinear", inputs, [f"{name}_wide"], f"{name}_dequantise")
        if axis is not None:
            node.attribute.append(helper.make_attribute("axis", axis))
        self.nodes.append(node)


def scale_of(range_: Range, *, symmetric: bool) -> tuple[float, NDArray[np.generic]]:
    """Scale and zero point of an activation; zero itself is always met, as padding and residuals need it."""
    if symmetric:
        return max(-range_.low, range_.high, 127 * SMALLEST) / 127, np.array(0, np.int8)
    low, high = min(range_.low, 0.0), max(range_.high, 0.0)
    scale = max(high - low, 255 * SMALLEST) / 255
    return scale, np.array(round(-low / scale), np.uint8)


def quantise_weight(weight: NDArray[np.float32], axis: int) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """S8 weights, -127 to 127, in the shape they have, and a scale for each channel along `axis`."""
    others = tuple(other for other in range(weight.ndim) if other != axis)
    scales = np.maximum(np.abs(weight).max(axis=others) / 127, SMALLEST).astype(np.float32)
    integers = np.rint(weight / np.expand_dims(scales, others))
    return np.clip(integers, -127, 127).astype(np.int8), scales


def _replace_initializers(graph: onnx.GraphProto, new: Iterable[onnx.TensorProto]) -> None:
    """Adds the new initializers and removes those that nothing uses any more: that is where the file gets smaller."""
    used = {name for node in graph.node for name in node.input}
    kept = [tensor for tensor in graph.initializer if tensor.name in used]
    del graph.initializer[:]
    graph.initializer.extend(kept)
    graph.initializer.extend(new)
