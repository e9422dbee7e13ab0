"""Which layers of a network can be 8-bit: those of the transformer that multiply by weights.

The rest stays float32. Products of two activations, in the attention, lose the most and win little: with them in 8 bits
the default model's Highlights were 2.9 off at the 99th percentile instead of 0.36, and OpenVINO took as long. Tones and
head lose all (November 2026, 96 held-out photos, symmetric S8).
"""

from dataclasses import dataclass

import onnx

from autohdr_export.errors import ExportError
from autohdr_export.graph.token import TOKEN_NAME


@dataclass(frozen=True, slots=True)
class Layer:
    """A node that multiplies an activation by constant weights."""

    name: str
    """The node's name."""
    op: str
    """`MatMul`, `Gemm` or `Conv`."""
    activation: str
    """Name of its input tensor."""
    weight: str
    """Name of its weights, an initializer."""
    axis: int
    """The axis of the weights along which the output channels lie."""


def find_layers(model: onnx.ModelProto) -> list[Layer]:
    """The transformer's layers, in the order of the graph.

    Raises:
        ExportError: the graph has no transformer, or none of its layers has constant weights.
    """
    weights = {tensor.name: len(tensor.dims) for tensor in model.graph.initializer}
    layers = []
    for node in _before(model.graph, _end(model.graph)):
        if node.op_type in ("MatMul", "Gemm", "Conv") and node.input[0] not in weights:
            dimensions = weights.get(node.input[1])
            if dimensions == (4 if node.op_type == "Conv" else 2) and node.input[0] != "":
                layers.append(Layer(node.name, node.op_type, node.input[0], node.input[1], _axis(node)))
    if not layers:
        raise ExportError("the model's transformer has no layer with constant weights; export its checkpoint again")
    return layers


def _end(graph: onnx.GraphProto) -> str:
    """The tensor that the transformer ends with: the class token, or what its last LayerNorm gives."""
    if any(TOKEN_NAME in node.output for node in graph.node):
        return TOKEN_NAME
    norms = [node.output[0] for node in graph.node if node.op_type == "LayerNormalization"]
    if not norms:
        raise ExportError("the model holds no transformer (no LayerNormalization); expected one made by autohdr export")
    return norms[-1]


def _before(graph: onnx.GraphProto, end: str) -> list[onnx.NodeProto]:
    """The nodes that a tensor is computed by, in the order of the graph."""
    wanted = {end}
    found = []
    for node in reversed(graph.node):  # an ONNX graph is sorted: what a node needs stands before it
        if wanted.intersection(node.output):
            wanted.update(node.input)
            found.append(node)
    return found[::-1]


def _axis(node: onnx.NodeProto) -> int:
    turned = any(attribute.name == "transB" and attribute.i for attribute in node.attribute)
    return 0 if node.op_type == "Conv" or turned else 1
