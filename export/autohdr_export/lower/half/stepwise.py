"""A graph in half precision as float32 libraries can run it without being kinder than a GPU.

ONNX Runtime's CPU provider computes float16 in float32 and drops the rounding between neighbours: what overflows on a
GPU does not there (1.31, November 2026). It has no bfloat16 at all.
"""

from collections.abc import Iterator

import onnx
from onnx import TensorProto, helper, numpy_helper, shape_inference

from autohdr_export.lower.half.body import LAYOUT

_HALF = (TensorProto.FLOAT16, TensorProto.BFLOAT16)


def stepwise(model: onnx.ModelProto) -> onnx.ModelProto:
    """The graph in float32, every value rounded that `model` holds in half precision, the weights too.

    Sums within a node stay float32, as in tensor cores. The bytes are those of float32: for comparing, not for keeping.
    """
    made = onnx.ModelProto()
    made.CopyFrom(model)
    inferred = shape_inference.infer_shapes(model).graph
    kinds = {value.name: value.type.tensor_type.elem_type for value in inferred.value_info}
    nodes = [step for node in model.graph.node for step in _steps(node, kinds)]
    weights = [_widened(tensor) for tensor in model.graph.initializer]
    graph = model.graph
    made.graph.CopyFrom(helper.make_graph(nodes, graph.name, graph.input, graph.output, weights))
    return made


def _steps(node: onnx.NodeProto, kinds: dict[str, int]) -> Iterator[onnx.NodeProto]:
    """The node, and the rounding of what it gives."""
    exact = onnx.NodeProto()
    exact.CopyFrom(node)
    narrow = [name for name in node.output if kinds.get(name) in _HALF]
    if node.op_type == "Cast" and (narrow or kinds.get(node.input[0]) in _HALF):
        exact = helper.make_node("Identity", node.input, node.output, node.name)
    if not narrow or node.op_type in LAYOUT:
        yield exact
        return
    exact.output[:] = [f"{name}.exact" if name in narrow else name for name in node.output]
    yield exact
    for name in narrow:
        yield helper.make_node("Cast", [f"{name}.exact"], [f"{name}.rounded"], f"{name}.round", to=kinds[name])
        yield helper.make_node("Cast", [f"{name}.rounded"], [name], f"{name}.widen", to=TensorProto.FLOAT)


def _widened(tensor: onnx.TensorProto) -> onnx.TensorProto:
    if tensor.data_type not in _HALF:
        return tensor
    return numpy_helper.from_array(numpy_helper.to_array(tensor).astype("float32"), tensor.name)
