"""The exported graph: slim, the same each time, and with a class token that converters find."""

import numpy as np
import onnx
import onnxruntime
import pytest
import torch
from onnx import TensorProto, helper

from autohdr.spec import InputSpec
from autohdr_export.errors import ExportError
from autohdr_export.graph.file import to_bytes
from autohdr_export.graph.token import TOKEN_NAME, ask_for_token_only
from autohdr_export.graph.trace import trace
from autohdr_train.network.model import SliderNet, from_config
from tests.small_vit import small_config

SIZE = 32
SPEC = InputSpec(size=SIZE, encoding="pu21-pmax", mean=(0.26, 0.26, 0.26), std=(0.12, 0.12, 0.12))


@pytest.fixture(scope="module")
def network() -> SliderNet:
    """A small network that sees tones through a learnt map, with an answer that follows each of its features."""
    torch.manual_seed(0)
    made = SliderNet(from_config(small_config()), "linear")
    made.describe_tones(SPEC, learnt=True)
    torch.nn.init.normal_(made.classifier.weight, std=0.1)
    return made.eval()


@pytest.fixture(scope="module")
def graph(network: SliderNet) -> onnx.ModelProto:
    return trace(network, SIZE)


def outputs(model: onnx.ModelProto, pixels: torch.Tensor, *names: str) -> list[np.ndarray]:
    session = onnxruntime.InferenceSession(model.SerializeToString())
    return [np.asarray(found) for found in session.run(list(names), {"pixels": pixels.numpy()})]


def test_the_features_are_the_networks_for_any_batch(network: SliderNet, graph: onnx.ModelProto) -> None:
    for count in (1, 2, 5):
        pixels = torch.rand(count, 3, SIZE, SIZE)
        (found,) = outputs(graph, pixels, "features")
        with torch.no_grad():
            np.testing.assert_allclose(found, network.see(pixels).numpy(), atol=1e-4)


def test_the_class_token_after_the_last_layer_norm_has_its_name(network: SliderNet, graph: onnx.ModelProto) -> None:
    model = onnx.ModelProto.FromString(graph.SerializeToString())
    model.graph.output.append(helper.make_tensor_value_info(TOKEN_NAME, TensorProto.FLOAT, None))
    pixels = torch.rand(3, 3, SIZE, SIZE)
    (found,) = outputs(model, pixels, TOKEN_NAME)
    with torch.no_grad():
        np.testing.assert_allclose(found[:, 0], network.token(pixels).numpy(), atol=1e-5)
    assert found.shape[1] == 1  # no other row is computed


def test_no_attention_mask_is_left(graph: onnx.ModelProto) -> None:
    kinds = [node.op_type for node in graph.graph.node]
    assert not {"Where", "GreaterOrEqual", "Cast", "Loop", "Scan", "If"} & set(kinds)
    before = {node.output[0]: node.op_type for node in graph.graph.node}
    assert {before[node.input[0]] for node in graph.graph.node if node.op_type == "Softmax"} == {"Mul"}


def test_constants_are_folded(graph: onnx.ModelProto) -> None:
    constants = {tensor.name for tensor in graph.graph.initializer}
    assert not [node.op_type for node in graph.graph.node if set(node.input) <= constants]


def test_every_tensor_between_tells_its_shape(graph: onnx.ModelProto) -> None:
    shapes = {value.name: value.type.tensor_type.shape.dim for value in graph.graph.value_info}
    made = [name for node in graph.graph.node for name in node.output if name != "features"]
    assert set(shapes) == set(made)
    inferred = onnx.shape_inference.infer_shapes(graph, strict_mode=True).graph  # fails where they contradict
    assert len(inferred.value_info) == len(made)


def test_nothing_tells_of_this_machine(graph: onnx.ModelProto) -> None:
    parts = (graph, graph.graph, *graph.graph.node, *graph.graph.input, *graph.graph.output, *graph.graph.value_info)
    assert [part.doc_string for part in parts if part.doc_string] == []
    assert [part.metadata_props for part in (graph, graph.graph, *graph.graph.node) if part.metadata_props] == []


def test_the_bytes_are_the_same_each_time_and_the_network_is_left_as_it_was(
    network: SliderNet, graph: onnx.ModelProto
) -> None:
    assert to_bytes(trace(network, SIZE)) == to_bytes(graph)
    assert "forward" not in {**vars(network.vit), **vars(network)}


def test_a_graph_without_a_class_token_is_refused() -> None:
    node = helper.make_node("Relu", ["pixels"], ["features"])
    value = [helper.make_tensor_value_info(name, TensorProto.FLOAT, [1]) for name in ("pixels", "features")]
    with pytest.raises(ExportError, match="class token"):
        ask_for_token_only(helper.make_graph([node], "no_vit", value[:1], value[1:]))
