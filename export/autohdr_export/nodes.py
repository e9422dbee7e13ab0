"""Counts in which types a model's nodes compute, and as which its weights are stored."""

from collections import Counter
from typing import Any

import onnx
from onnx import TensorProto

COMPUTE = ("MatMul", "Gemm", "Conv", "Einsum", "Attention")
"""Nodes in which nearly all of the time goes, in the precision of what they are given."""
INTEGER = ("MatMulInteger", "ConvInteger", "QLinearMatMul", "QLinearConv", "QGemm", "DynamicQuantizeMatMul")
"""Nodes that compute in int8."""


def nodes(model: onnx.ModelProto) -> dict[str, Any]:
    """How many nodes of each type there are, in what those that compute do so, and the bytes of weights of each type.

    A MatMul between DequantizeLinear nodes counts as int8: that is how engines run it.
    """
    graph = model.graph
    types = _types(model)
    made_by = {output: node.op_type for node in graph.node for output in node.output}
    compute: Counter[str] = Counter()
    for node in graph.node:
        if node.op_type in INTEGER:
            compute["int8"] += 1
        elif node.op_type in COMPUTE:
            quantised = all(made_by.get(name) == "DequantizeLinear" for name in node.input[:2])
            compute["int8" if quantised else types.get(node.output[0], "unknown")] += 1
    weights: Counter[str] = Counter()
    for tensor in graph.initializer:
        weights[_name(tensor.data_type)] += tensor.ByteSize()
    return {
        "nodes": dict(Counter(node.op_type for node in graph.node).most_common()),
        "compute": dict(compute.most_common()),
        "weights": dict(weights.most_common()),
    }


def _types(model: onnx.ModelProto) -> dict[str, str]:
    """The element type of each value."""
    graph = onnx.shape_inference.infer_shapes(model).graph
    values = [*graph.value_info, *graph.input, *graph.output]
    return {value.name: _name(value.type.tensor_type.elem_type) for value in values}


def _name(kind: int) -> str:
    return "unknown" if kind == TensorProto.UNDEFINED else onnx.helper.tensor_dtype_to_np_dtype(kind).name
