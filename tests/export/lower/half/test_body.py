"""The transformer's body: found by structure, whatever stands beside and behind it."""

from pathlib import Path

import onnx
import pytest
from onnx import helper

from autohdr.model.info import DEFAULT_MODEL
from autohdr_export.errors import ExportError
from autohdr_export.lower.half import find_body
from autohdr_export.lower.half.body import PATCHES, SOFTMAX, STREAM


def kinds(model: onnx.ModelProto, names: frozenset[str]) -> list[str]:
    return sorted(node.op_type for node in model.graph.node if node.name in names)


@pytest.mark.parametrize("which", ["plain", "toned"])
def test_it_ends_at_the_last_norm_and_holds_no_tones(which: str, request: pytest.FixtureRequest) -> None:
    model = request.getfixturevalue(which)
    body = find_body(model)
    assert kinds(model, frozenset([body.last])) == ["LayerNormalization"]
    assert body.layers == [PATCHES, "layer 0", "layer 1"]
    assert kinds(model, body.nodes).count("LayerNormalization") == 5
    assert kinds(model, body.nodes).count("Conv") == 1
    assert kinds(model, body.nodes).count("MatMul") == 2 * 8
    assert not {"Log", "AveragePool", "Gemm"} & set(kinds(model, body.nodes))


def test_its_parts_are_the_streams_sums_with_their_norms_softmax_and_every_layer(toned: onnx.ModelProto) -> None:
    body = find_body(toned)
    assert kinds(toned, body.parts[STREAM]) == ["Add"] * 5 + ["LayerNormalization"] * 4
    assert kinds(toned, body.parts[SOFTMAX]) == ["Softmax"] * 2
    together = [name for part in body.layers for name in body.parts[part]]
    assert sorted([*together, body.last]) == sorted(body.nodes)


def test_the_default_models_body_has_twelve_layers() -> None:
    body = find_body(onnx.load(DEFAULT_MODEL))
    assert body.layers == [PATCHES, *(f"layer {index}" for index in range(12))]
    sizes = [len(body.parts[layer]) for layer in body.layers[1:]]
    assert max(sizes) - min(sizes) <= 1  # the last takes the class token out of the others


def test_a_norm_of_the_class_token_alone_is_its_end_as_well(plain: onnx.ModelProto) -> None:
    model = onnx.ModelProto()
    model.CopyFrom(plain)
    last = find_body(plain).last
    index, norm = next((index, node) for index, node in enumerate(model.graph.node) if node.name == last)
    slicer = helper.make_node("Gather", [norm.input[0], "first"], ["chosen"], "choose", axis=1)
    norm.input[0] = "chosen"
    model.graph.initializer.append(helper.make_tensor("first", onnx.TensorProto.INT64, [1], [0]))
    model.graph.node.insert(index, slicer)
    body = find_body(model)
    assert body.last == last
    assert {"choose"} == body.nodes - find_body(plain).nodes
    assert body.parts[STREAM] == find_body(plain).parts[STREAM]


def test_a_graph_without_a_transformer_is_refused(small_model: Path) -> None:
    model = onnx.load(small_model)
    for index, node in enumerate(model.graph.node):
        node.name = str(index)
    with pytest.raises(ExportError, match="holds no transformer whose end is known"):
        find_body(model)


def test_nodes_that_share_a_name_are_refused(plain: onnx.ModelProto) -> None:
    model = onnx.ModelProto()
    model.CopyFrom(plain)
    model.graph.node[0].name = model.graph.node[1].name
    with pytest.raises(ExportError, match="nodes without a name of their own"):
        find_body(model)
