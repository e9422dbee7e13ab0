"""Operations that a network takes a photo: what its floor is reckoned from."""

import math
from typing import Any

import onnx
from onnx import numpy_helper


def operations(model: onnx.ModelProto, photos: int = 1) -> int:
    """Multiplications and additions of all matrix products and convolutions for so many photos.

    What else a network does (sums, softmax, tones) is left out, so that this is less than it takes.
    """
    fixed = onnx.ModelProto()
    fixed.CopyFrom(model)
    for value in (*fixed.graph.input, *fixed.graph.output):
        value.type.tensor_type.shape.dim[0].dim_value = photos
    del fixed.graph.value_info[:]
    graph = onnx.shape_inference.infer_shapes(fixed, data_prop=True).graph
    shapes = {value.name: _shape(value) for value in (*graph.value_info, *graph.input, *graph.output)}
    shapes |= {item.name: list(item.dims) for item in graph.initializer}
    for node in graph.node:
        if node.op_type == "Constant" and node.attribute and node.attribute[0].name == "value":
            shapes[node.output[0]] = list(numpy_helper.to_array(node.attribute[0].t).shape)
    return sum(_of(node, shapes) for node in graph.node)


def _of(node: Any, shapes: dict[str, list[int]]) -> int:
    """The operations of a product: twice its multiplications, since each is added to a sum."""
    if node.op_type not in {"MatMul", "Gemm", "Conv"}:
        return 0
    one, other = (shapes.get(name) for name in node.input[:2])
    made = shapes.get(node.output[0])
    if not one or not other or not made:
        return 0  # a shape that follows from values, not from shapes
    if node.op_type == "Conv":
        return 2 * math.prod(made) * math.prod(other[1:])
    turned = any(item.name == "transA" and item.i for item in node.attribute)
    return 2 * math.prod(made) * (one[0] if turned else one[-1])


def _shape(value: Any) -> list[int]:
    return [dim.dim_value for dim in value.type.tensor_type.shape.dim]
