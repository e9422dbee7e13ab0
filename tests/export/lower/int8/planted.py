"""A network with outliers planted in one place: the same in float32, lost in 8 bits."""

import numpy as np
import onnx
from onnx import numpy_helper

from autohdr_export.lower.int8.layers import Layer, find_layers

SIZE = 1000.0
"""How far the outlier stands out; its weights are as much smaller."""
GAIN = 30.0
"""Of the layer: in a network with random weights none matters much by itself."""


def plant(model: onnx.ModelProto, block: int = 1) -> tuple[onnx.ModelProto, list[Layer]]:
    """A copy whose MLP in one block is fed with one channel `SIZE` times as large, and the layers that this hurts."""
    result = onnx.ModelProto()
    result.CopyFrom(model)
    constants = {tensor.name: tensor for tensor in result.graph.initializer}
    norm = [node for node in result.graph.node if node.op_type == "LayerNormalization"][2 * block + 1]
    hurt = [layer for layer in find_layers(result) if layer.activation == norm.output[0]]
    for place in (1, 2):  # its weight and bias, which the exporter lets norms of the same values share
        own = result.graph.initializer.add()
        own.CopyFrom(constants[norm.input[place]])
        own.name = norm.input[place] = f"planted_{place}"
        _scale(own, SIZE)
    for layer in hurt:
        _scale(constants[layer.weight], 1 / SIZE, of_all=GAIN)
    return result, hurt


def _scale(tensor: onnx.TensorProto, factor: float, of_all: float = 1.0) -> None:
    values = numpy_helper.to_array(tensor) * np.float32(of_all)
    values[0] *= np.float32(factor)  # of a norm its channel, of weights the row that the channel meets
    tensor.CopyFrom(numpy_helper.from_array(values, tensor.name))
