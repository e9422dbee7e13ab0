"""A float32 graph with the transformer's body in half precision."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import onnx
from onnx import TensorProto, helper, shape_inference, version_converter

from autohdr_export.lower.half.body import LAYOUT, Body, find_body
from autohdr_export.lower.half.weights import Kind, element, overflow, rounded, spoken, subnormal

BFLOAT16_OPSET = 22
"""The first whose Conv takes bfloat16."""
HEAD = "last LayerNorm and all that follows"
NAMED = 0.05
"""The share of a weight's values that may be subnormal in float16 before it is named. Weights lie around zero, so that
a few of any layer are subnormal in float16, and harmless."""

COMPUTING = ("Conv", "Gemm", "MatMul")


@dataclass(frozen=True, slots=True, eq=False)
class Halved:
    """A graph in half precision, with what is known of it before it has run."""

    model: onnx.ModelProto
    """float32 in and out; the metadata is that of the float32 graph."""
    kind: Kind
    share: float
    """Share of the nodes that compute (Conv, Gemm, MatMul), in the whole graph, whose inputs are half."""
    ratio: float
    """The graph's size over that of the float32 graph."""
    casts: int
    wide: dict[str, str]
    """What is left in float32, parts and layers by name, each with the reason."""
    subnormal: dict[str, float]
    """Weights of which `NAMED` or more become zero or subnormal, by name, with that share, the largest first."""
    tried: list[dict[str, Any]] = field(default_factory=list)
    """What `narrow` measured on the way, plain JSON."""


def halve(model: onnx.ModelProto, kind: Kind, wide: Collection[str] = ()) -> Halved:
    """The graph with its body in half precision, without having run it; `narrow` measures as well.

    Args:
        model: as `graph.trace` writes it, float32.
        kind: of half precision.
        wide: what stays float32: parts of the body (`residual stream`, `softmax`, `patches`, `layer 3`), or nodes.

    Raises:
        ExportError: no transformer is found in the graph.
        ValueError: there is no such part or node.
    """
    body = find_body(model)
    reasons = {HEAD: "never in half precision", **dict.fromkeys(wide, "asked for")}
    kept = {body.last} | _nodes(model, body, wide)
    for name, reason, users in _overflowing(model, body, kind):
        reasons[name] = reason
        kept |= users
    rewriting = _Rewriting(model, kind, body.nodes - kept)
    made = rewriting.run()
    onnx.checker.check_model(made, full_check=True)
    return Halved(
        model=made,
        kind=kind,
        share=_share(made, kind),
        ratio=made.ByteSize() / model.ByteSize(),
        casts=sum(node.op_type == "Cast" for node in made.graph.node),
        wide=reasons,
        subnormal=_subnormal(model, kind, rewriting.rounded),
    )


class _Rewriting:
    """One pass over the nodes in order. A value exists as it was made, and beside it as it was cast, once."""

    def __init__(self, model: onnx.ModelProto, kind: Kind, chosen: Collection[str]) -> None:
        self.model = _copy(model, kind)
        self.kind: Kind = kind
        self.chosen = chosen
        self.weights = {tensor.name: tensor for tensor in model.graph.initializer}
        self.floats = _floats(model)
        self.half: set[str] = set()
        """Values that are made in half precision."""
        self.casts: dict[tuple[str, bool], str] = {}
        self.kept: set[str] = set()
        self.rounded: dict[str, onnx.TensorProto] = {}
        """Weights in half precision, by the name that they had."""
        self.nodes: list[onnx.NodeProto] = []

    def run(self) -> onnx.ModelProto:
        graph = self.model.graph
        for node in graph.node:
            self._place(node)
        kept = [tensor for tensor in graph.initializer if tensor.name in self.kept or tensor.name not in self.floats]
        made = helper.make_graph(
            self.nodes, graph.name, graph.input, graph.output, [*kept, *self.rounded.values()]
        )  # without the types of its values: the old ones are wrong now
        graph.CopyFrom(made)
        return self.model

    def _place(self, node: onnx.NodeProto) -> None:
        narrow = self._narrow(node)
        if node.op_type != "Shape":  # takes any type
            for index, name in enumerate(node.input):
                if name in self.floats:
                    node.input[index] = self._as(name, narrow=narrow)
        if narrow:
            self.half.update(name for name in node.output if name in self.floats)
        self.nodes.append(node)

    def _narrow(self, node: onnx.NodeProto) -> bool:
        floats = [name for name in node.input if name in self.floats]
        if node.name not in self.chosen or not floats:
            return False
        made = [name for name in floats if name not in self.weights]
        # What only moves values takes them as they come: casting later is the same, and may be needless.
        return node.op_type not in LAYOUT or all(name in self.half for name in made)

    def _as(self, name: str, *, narrow: bool) -> str:
        if name in self.weights:
            return self._weight(name, narrow=narrow)
        if (name in self.half) == narrow:
            return name
        key = name, narrow
        if key not in self.casts:
            self.casts[key] = f"{name}.{self.kind if narrow else 'float32'}"
            to = element(self.kind) if narrow else TensorProto.FLOAT
            self.nodes.append(helper.make_node("Cast", [name], [self.casts[key]], f"Cast_{self.casts[key]}", to=to))
        return self.casts[key]

    def _weight(self, name: str, *, narrow: bool) -> str:
        if not narrow:
            self.kept.add(name)
            return name
        new = f"{name}.{self.kind}"
        if name not in self.rounded:
            self.rounded[name] = rounded(self.weights[name], self.kind, new)
        return new


def _copy(model: onnx.ModelProto, kind: Kind) -> onnx.ModelProto:
    opset = next(item.version for item in model.opset_import if item.domain in ("", "ai.onnx"))
    if kind == "bfloat16" and opset < BFLOAT16_OPSET:
        return version_converter.convert_version(model, BFLOAT16_OPSET)
    copy = onnx.ModelProto()
    copy.CopyFrom(model)
    return copy


def _floats(model: onnx.ModelProto) -> set[str]:
    """The names of all float32 values and weights."""
    graph = shape_inference.infer_shapes(model).graph
    values = {
        value.name
        for value in (*graph.input, *graph.output, *graph.value_info)
        if value.type.tensor_type.elem_type == TensorProto.FLOAT
    }
    return values | {tensor.name for tensor in graph.initializer if tensor.data_type == TensorProto.FLOAT}


def _nodes(model: onnx.ModelProto, body: Body, wide: Iterable[str]) -> set[str]:
    """The nodes that are meant."""
    known = {node.name for node in model.graph.node}
    found: set[str] = set()
    for name in wide:
        if name not in known and name not in body.parts:
            raise ValueError(f"{name} is no node of the graph; parts are {', '.join(body.parts)}")
        found |= body.parts.get(name, frozenset([name]))
    return found


def _overflowing(model: onnx.ModelProto, body: Body, kind: Kind) -> Iterator[tuple[str, str, set[str]]]:
    """The name of each weight that half precision cannot hold, the reason, and the nodes of the body that read it."""
    names = spoken(model)
    for tensor in model.graph.initializer:
        if tensor.data_type == TensorProto.FLOAT and (largest := overflow(tensor, kind)):
            users = {node.name for node in model.graph.node if tensor.name in node.input} & body.nodes
            if users:
                yield names[tensor.name], f"a weight of {largest:.2g} overflows {kind}", users


def _share(made: onnx.ModelProto, kind: Kind) -> float:
    values = {tensor.name: tensor.data_type for tensor in made.graph.initializer}
    inferred = shape_inference.infer_shapes(made).graph
    values |= {value.name: value.type.tensor_type.elem_type for value in (*inferred.input, *inferred.value_info)}
    computing = [node for node in made.graph.node if node.op_type in COMPUTING]
    narrow = sum(all(values.get(name) == element(kind) for name in node.input) for node in computing)
    return narrow / max(len(computing), 1)


def _subnormal(model: onnx.ModelProto, kind: Kind, chosen: Collection[str]) -> dict[str, float]:
    names = spoken(model)
    shares = [
        (names[tensor.name], subnormal(tensor, kind)) for tensor in model.graph.initializer if tensor.name in chosen
    ]
    return dict(sorted(((name, share) for name, share in shares if share >= NAMED), key=lambda item: -item[1]))
