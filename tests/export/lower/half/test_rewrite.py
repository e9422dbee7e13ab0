"""A graph in half precision: typed as it says, few Casts, the same answers, the same bytes."""

import numpy as np
import onnx
import pytest
from onnx import TensorProto, shape_inference
from onnx.reference import ReferenceEvaluator

from autohdr.model.info import METADATA_KEY
from autohdr.sliders import LIMITS
from autohdr_export.lower.half import Kind, find_body, halve, stepwise
from autohdr_export.lower.half.body import STREAM
from autohdr_export.lower.half.rewrite import HEAD
from tests.export.conftest import head_of
from tests.export.lower.half.conftest import pixels, run, scaled

KINDS: list[Kind] = ["float16", "bfloat16"]
ELEMENTS = {"float16": TensorProto.FLOAT16, "bfloat16": TensorProto.BFLOAT16}
NEAR = {"float16": 0.02, "bfloat16": 0.15}
"""Share of a slider's spread over the photos that half precision may move it by: 11 and 8 bits, at each step."""

both = pytest.mark.parametrize("which", ["plain", "toned"])
each = pytest.mark.parametrize("kind", KINDS)


def types(model: onnx.ModelProto) -> dict[str, int]:
    graph = shape_inference.infer_shapes(model, strict_mode=True).graph
    values = {
        value.name: value.type.tensor_type.elem_type for value in (*graph.input, *graph.output, *graph.value_info)
    }
    return values | {tensor.name: tensor.data_type for tensor in graph.initializer}


@both
@each
def test_it_answers_as_float32_does(which: str, kind: Kind, request: pytest.FixtureRequest) -> None:
    model = request.getfixturevalue(which)
    expected, got = run(model), run(stepwise(halve(model, kind).model))
    spread = expected.std(axis=0)
    assert spread.min() > 0.3 * LIMITS.min() / 100  # else being equal would say little
    apart = np.abs(got - expected).max(axis=0)
    assert (apart < NEAR[kind] * spread).all()
    assert apart.max() > 0


@both
def test_onnx_runtime_runs_float16_for_any_number_of_photos(which: str, request: pytest.FixtureRequest) -> None:
    model = request.getfixturevalue(which)
    made = halve(model, "float16").model
    near = NEAR["float16"] * run(model).std(axis=0)
    for count in (1, 2, 7):
        assert (np.abs(run(made, pixels(count)) - run(model, pixels(count))) < near).all()


@each
def test_onnxs_reference_agrees_with_the_steps_that_are_compared(toned: onnx.ModelProto, kind: Kind) -> None:
    """An implementation that shares nothing with ONNX Runtime, and computes in half precision throughout."""
    made = halve(toned, kind).model
    feed = {"pixels": pixels(4)}
    (half,), (wide,) = (ReferenceEvaluator(model).run(None, feed) for model in (made, toned))
    answers = (head_of(toned).answer(np.asarray(found)) for found in (half, wide))
    apart = np.abs(np.subtract(*answers) * LIMITS).max(axis=0)
    steps = np.abs(run(stepwise(made), feed["pixels"]) - run(toned, feed["pixels"])).max(axis=0)
    assert (apart < 4 * steps).all()
    assert (steps < 4 * apart).all()


@both
@each
def test_input_output_and_all_behind_the_last_norm_are_float32(
    which: str, kind: Kind, request: pytest.FixtureRequest
) -> None:
    model = request.getfixturevalue(which)
    body = find_body(model)
    made = halve(model, kind).model
    known = types(made)
    assert (known["pixels"], known["features"], known[body.token]) == (TensorProto.FLOAT,) * 3
    outside = {node.name for node in model.graph.node} - body.nodes
    for node in made.graph.node:
        held = {known.get(name) for name in (*node.input, *node.output)}
        if node.name in outside:
            assert ELEMENTS[kind] not in held, node.name
        elif node.op_type in ("MatMul", "Conv", "Softmax", "Gelu", "Add"):
            assert held == {ELEMENTS[kind]}, node.name


@each
def test_casts_are_few_and_none_follows_another(toned: onnx.ModelProto, kind: Kind) -> None:
    for wide, most in (((), 2), ((STREAM,), 10)):
        halved = halve(toned, kind, wide)
        casts = [node for node in halved.model.graph.node if node.op_type == "Cast"]
        assert halved.casts == len(casts) <= most
        made = {node.output[0] for node in casts}
        assert not any(node.input[0] in made for node in casts)


def test_share_and_size_are_those_of_the_graph(toned: onnx.ModelProto) -> None:
    halved = halve(toned, "float16")
    known = types(halved.model)
    computing = [node for node in halved.model.graph.node if node.op_type in ("Conv", "Gemm", "MatMul")]
    half = [node for node in computing if known[node.input[0]] == TensorProto.FLOAT16]
    assert halved.share == pytest.approx(len(half) / len(computing))
    assert 2 * 8 + 1 == len(half) < len(computing)
    assert halved.ratio == pytest.approx(len(halved.model.SerializeToString()) / len(toned.SerializeToString()))
    assert halved.ratio < 1
    assert halved.wide == {HEAD: "never in half precision"}


@each
def test_it_gives_the_same_bytes_each_time_and_leaves_the_float32_graph_alone(
    plain: onnx.ModelProto, kind: Kind
) -> None:
    before = plain.SerializeToString(deterministic=True)
    first, second = (halve(plain, kind).model.SerializeToString(deterministic=True) for _ in range(2))
    assert first == second
    assert plain.SerializeToString(deterministic=True) == before


def test_bfloat16_alone_raises_the_opset_and_keeps_the_metadata(plain: onnx.ModelProto) -> None:
    for kind, opset in (("float16", 20), ("bfloat16", 22)):
        made = halve(plain, kind).model  # type: ignore[arg-type]  # a string of KINDS
        assert [item.version for item in made.opset_import] == [opset]
        assert METADATA_KEY in [item.key for item in made.metadata_props]
        assert made.metadata_props == plain.metadata_props
        assert not made.graph.value_info


def test_a_weight_that_overflows_keeps_its_layer_in_float32_by_name(toned: onnx.ModelProto) -> None:
    model = scaled(toned, {"vit.layers.1.mlp.fc2.weight": 3e6})
    halved = halve(model, "float16")
    (name,) = halved.wide.keys() - {HEAD}
    assert name == "vit.layers.1.mlp.fc2.weight"
    assert halved.wide[name].startswith("a weight of ")
    assert halved.wide[name].endswith(" overflows float16")
    assert halved.share < halve(toned, "float16").share
    assert halve(model, "bfloat16").wide.keys() == {HEAD}


def test_weights_that_go_subnormal_are_named_with_their_share(toned: onnx.ModelProto) -> None:
    assert halve(toned, "float16").subnormal == {}
    named = halve(scaled(toned, {"vit.layers.0.mlp.fc1.weight": 1e-6}), "float16").subnormal
    assert list(named) == ["vit.layers.0.mlp.fc1.weight"]
    assert named["vit.layers.0.mlp.fc1.weight"] > 0.99


def test_parts_and_nodes_stay_float32_where_asked(plain: onnx.ModelProto) -> None:
    node = next(node.name for node in plain.graph.node if node.op_type == "Conv")
    halved = halve(plain, "float16", ("layer 1", node))
    known = types(halved.model)
    for other in halved.model.graph.node:
        if other.name == node or other.name in find_body(plain).parts["layer 1"]:
            assert TensorProto.FLOAT16 not in {known.get(name) for name in (*other.input, *other.output)}
    assert halved.wide.keys() == {HEAD, "layer 1", node}


def test_an_unknown_part_is_a_mistake_of_the_caller(plain: onnx.ModelProto) -> None:
    with pytest.raises(
        ValueError, match="layer 9 is no node of the graph; parts are residual stream, softmax, patches"
    ):
        halve(plain, "float16", ["layer 9"])
