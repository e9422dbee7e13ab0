"""Finds a transformer's body in a graph, and its parts, by structure and not by names."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

import onnx

from autohdr_export.errors import ExportError

NORM = "LayerNormalization"
LAYOUT = frozenset(
    ["Concat", "Expand", "Gather", "Identity", "Reshape", "Slice", "Squeeze", "Transpose", "Unsqueeze", "Where"]
)
"""Operators that move values and compute none."""
STREAM = "residual stream"
"""The part that every layer adds to: its sums, and the LayerNorms that read it."""
SOFTMAX = "softmax"
PATCHES = "patches"
"""The part before the first layer."""


@dataclass(frozen=True, slots=True)
class Body:
    """The nodes between the pixels and the last LayerNorm, by name."""

    nodes: frozenset[str]
    """All of them, the last LayerNorm included."""
    last: str
    """The last LayerNorm."""
    token: str
    """The name of the body's output, the tensor behind which everything is float32."""
    parts: dict[str, frozenset[str]]
    """`STREAM`, `SOFTMAX`, `PATCHES`, `layer 0` and so on; the first two lie across the others."""

    @property
    def layers(self) -> list[str]:
        """The parts that follow each other, in order: patches, and each layer."""
        return [part for part in self.parts if part not in (STREAM, SOFTMAX)]


def find_body(model: onnx.ModelProto) -> Body:
    """The body of a ViT that `onnx_graph.trace` wrote, with tones beside it or without.

    A layer's norm reads a value that is also added to; the last one reads a value that nobody else does.

    Raises:
        ExportError: there is none such.
    """
    nodes = model.graph.node
    if len({node.name for node in nodes}) < len(nodes) or not all(node.name for node in nodes):
        raise ExportError("the graph has nodes without a name of their own; export it again with autohdr export")
    readers = Counter(name for node in nodes for name in node.input)
    attended: set[str] = set()
    for node in nodes:
        if node.op_type == "Softmax":
            attended.update(node.output)
        elif attended.intersection(node.input):
            attended.update(node.output)
            if node.op_type == NORM and readers[node.input[0]] == 1:
                return _body(nodes, node)
    raise ExportError("the graph holds no transformer whose end is known; export it again with autohdr export")


def _body(nodes: Iterable[onnx.NodeProto], last: onnx.NodeProto) -> Body:
    inside = _before(nodes, last)
    maker = {name: node for node in inside for name in node.output}
    depth: dict[str, int] = {}
    layers: dict[str, set[str]] = {PATCHES: set()}
    stream: set[str] = set()
    for node in inside:
        behind = max((depth.get(name, 0) for name in node.input), default=0) + (node.op_type == NORM)
        depth.update(dict.fromkeys(node.output, behind))
        if node.op_type == NORM:
            stream |= {node.name, _computed(maker, node.input[0])}
        if node.name != last.name:
            # Two norms a layer: before attention and before the MLP.
            layers.setdefault(PATCHES if behind == 0 else f"layer {(behind - 1) // 2}", set()).add(node.name)
    softmax = {node.name for node in inside if node.op_type == "Softmax"}
    parts = {STREAM: stream - {last.name}, SOFTMAX: softmax, **layers}
    names = frozenset(node.name for node in inside)
    return Body(names, last.name, last.output[0], {part: frozenset(held) for part, held in parts.items()})


def _before(nodes: Iterable[onnx.NodeProto], last: onnx.NodeProto) -> list[onnx.NodeProto]:
    """The nodes that `last` depends on, and itself, in order."""
    needed = set(last.output)
    found = []
    for node in reversed(list(nodes)):
        if needed.intersection(node.output):
            needed.update(node.input)
            found.append(node)
    return found[::-1]


def _computed(maker: dict[str, onnx.NodeProto], name: str) -> str:
    """The node that computes a value, whatever was done to its layout since."""
    while maker[name].op_type in LAYOUT:
        name = maker[name].input[0]
    return maker[name].name
