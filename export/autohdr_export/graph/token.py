"""The last layer of a transformer, asked for its class token alone: the answers read no other row of it."""

from collections.abc import Mapping

import numpy as np
import onnx
from onnx import helper, numpy_helper

from autohdr_export.errors import ExportError

TOKEN_NAME = "token"
"""The class token (batch, 1, D) after the last LayerNorm, in every graph of ours."""
_ROWWISE = ("Add", "MatMul", "Gelu", "LayerNormalization")
"""Operators of which a row depends on the same row of their inputs alone, where constants are the same for all rows."""


def ask_for_token_only(graph: onnx.GraphProto) -> None:
    """Let what follows the last attention be computed for the class token only, in place, and name that `TOKEN_NAME`.

    Saves all other rows of the last layer's output projection and MLP. The graph must be sorted, as exporters leave it.

    Raises:
        ExportError: no row 0 is taken from the last LayerNorm.
    """
    constants = {tensor.name: len(tensor.dims) for tensor in graph.initializer}
    norms = [node.output[0] for node in graph.node if node.op_type == "LayerNormalization"]
    if not norms or [node.op_type for node in _readers(graph, norms[-1])] != ["Gather"]:
        raise ExportError("the graph does not take its class token from a last LayerNorm; please report this")
    narrow = {norms[-1]}
    for node in reversed(graph.node):
        readers = _readers(graph, node.output[0])
        if readers and _is_rowwise(node, constants) and all(set(reader.output) <= narrow for reader in readers):
            narrow.update(node.output)
    _slice_inputs(graph, narrow, constants)
    for value in graph.value_info:
        if value.name in narrow:
            value.type.tensor_type.shape.dim[1].dim_value = 1
    for names in (names for node in graph.node for names in (node.input, node.output)):
        for place, name in enumerate(names):
            names[place] = TOKEN_NAME if name == norms[-1] else name
    next(value for value in graph.value_info if value.name == norms[-1]).name = TOKEN_NAME


def _is_rowwise(node: onnx.NodeProto, constants: Mapping[str, int]) -> bool:
    """Whether it is, with weights and biases among `constants`, whose ranks are given."""
    matrices = 1 if node.op_type == "MatMul" and node.input[1] in constants else 0
    fixed = [constants[name] for name in node.input if name in constants]
    rows = node.op_type != "MatMul" or matrices == 1
    return node.op_type in _ROWWISE and rows and all(rank <= 1 + matrices for rank in fixed)


def _slice_inputs(graph: onnx.GraphProto, narrow: set[str], constants: Mapping[str, int]) -> None:
    """Give the narrow part of a graph row 0 of what it reads from the rest."""
    ends = [
        numpy_helper.from_array(np.array([value], dtype=np.int64), f"token_{name}")
        for name, value in (("start", 0), ("end", 1), ("axis", 1))
    ]
    shapes = {value.name: value for value in graph.value_info}
    nodes: list[onnx.NodeProto] = []
    cut: set[str] = set()
    for node in graph.node:
        wide = [name for name in node.input if name not in narrow and name not in constants]
        for name in wide if set(node.output) <= narrow else []:
            row = f"{name}_row"
            if row not in cut:
                cut.add(row)
                nodes.append(helper.make_node("Slice", [name, *(end.name for end in ends)], [row], name=f"node_{row}"))
                value = graph.value_info.add()
                value.CopyFrom(shapes[name])
                value.name = row
                value.type.tensor_type.shape.dim[1].dim_value = 1
            node.input[list(node.input).index(name)] = row
        nodes.append(node)
    graph.initializer.extend(ends)
    copies = [onnx.NodeProto.FromString(node.SerializeToString()) for node in nodes]
    del graph.node[:]
    graph.node.extend(copies)


def _readers(graph: onnx.GraphProto, name: str) -> list[onnx.NodeProto]:
    return [node for node in graph.node if name in node.input]
