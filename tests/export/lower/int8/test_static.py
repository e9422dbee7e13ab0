"""Static quantisation: what the graph then holds, and that it answers nearly the same."""

import numpy as np
import onnx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from numpy.typing import NDArray
from onnx import TensorProto, numpy_helper

from autohdr.engines.prove.difference import Difference
from autohdr_export.lower.int8.layers import find_layers
from autohdr_export.lower.int8.ranges import Range, observe
from autohdr_export.lower.int8.static import quantise_static, quantise_weight, scale_of
from tests.export.conftest import sliders

finite = st.floats(-1e4, 1e4, width=32)


@pytest.fixture(params=[True, False], ids=["S8", "U8"])
def symmetric(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


@pytest.fixture
def quantised(model: onnx.ModelProto, pixels: NDArray[np.float32], symmetric: bool) -> onnx.ModelProto:
    layers = find_layers(model)
    ranges = observe(model, {layer.activation for layer in layers}, pixels)
    return quantise_static(model, layers, ranges["min-max"], symmetric=symmetric)


def test_activations_are_of_the_type_asked_for(quantised: onnx.ModelProto, symmetric: bool) -> None:
    constants = {tensor.name: tensor for tensor in quantised.graph.initializer}
    zeros = [constants[node.input[2]] for node in quantised.graph.node if node.op_type == "QuantizeLinear"]
    assert {zero.data_type for zero in zeros} == {TensorProto.INT8 if symmetric else TensorProto.UINT8}
    if symmetric:
        assert not any(numpy_helper.to_array(zero).any() for zero in zeros)


def test_weights_are_symmetric_with_a_scale_a_channel(quantised: onnx.ModelProto, model: onnx.ModelProto) -> None:
    after = {tensor.name: numpy_helper.to_array(tensor) for tensor in quantised.graph.initializer}
    before = {tensor.name: numpy_helper.to_array(tensor) for tensor in model.graph.initializer}
    for layer in find_layers(model):
        integers, scales = after[f"{layer.weight}_int8"], after[f"{layer.weight}_scale"]
        assert integers.dtype == np.int8
        assert not after[f"{layer.weight}_zero"].any()
        assert layer.weight not in after
        shape = [-1 if axis == layer.axis else 1 for axis in range(integers.ndim)]
        apart = np.abs(integers * scales.reshape(shape) - before[layer.weight]) / scales.reshape(shape)
        assert apart.max() <= 0.501


def test_what_three_layers_share_is_quantised_once(quantised: onnx.ModelProto) -> None:
    made = [node.input[0] for node in quantised.graph.node if node.op_type == "QuantizeLinear"]
    assert (
        len(made) == len(set(made)) == 1 + 2 * 4
    )  # patches; in each block: attention's, its output's, and two of the MLP


def test_the_head_and_all_that_is_not_a_layer_stay_as_they_were(
    quantised: onnx.ModelProto, model: onnx.ModelProto
) -> None:
    added = ("QuantizeLinear", "DequantizeLinear")
    kept = [node for node in quantised.graph.node if node.op_type not in added]
    layers = {layer.name for layer in find_layers(model)}
    assert [node.name for node in kept] == [node.name for node in model.graph.node]
    for after, before in zip(kept, model.graph.node, strict=True):
        assert (after == before) is (after.name not in layers)


def test_it_answers_nearly_the_same(
    quantised: onnx.ModelProto, model: onnx.ModelProto, pixels: NDArray[np.float32]
) -> None:
    expected = sliders(model, pixels)
    assert np.ptp(expected, axis=0).min() > 0.005  # else being equal would say little
    apart = Difference.of_sliders(sliders(quantised, pixels), expected).at(0.99)
    assert 0 < apart[1:].max() < 1.0


def test_the_same_model_and_photos_give_the_same_bytes(
    model: onnx.ModelProto, pixels: NDArray[np.float32], quantised: onnx.ModelProto, symmetric: bool
) -> None:
    layers = find_layers(model)
    ranges = observe(model, {layer.activation for layer in layers}, pixels)
    again = quantise_static(model, layers, ranges["min-max"], symmetric=symmetric)
    assert again.SerializeToString() == quantised.SerializeToString()


def test_metadata_is_kept(quantised: onnx.ModelProto, model: onnx.ModelProto) -> None:
    assert quantised.metadata_props == model.metadata_props


@given(st.tuples(finite, finite).map(sorted), st.booleans())
def test_every_value_in_a_range_is_met_within_half_a_step(ends: list[float], symmetric: bool) -> None:
    low, high = ends
    scale, zero = scale_of(Range(low, high), symmetric=symmetric)
    least, most = (-128, 127) if symmetric else (0, 255)
    values = np.linspace(low, high, 101)
    integers = np.clip(np.rint(values / scale) + zero, least, most)
    assert np.abs((integers - zero) * scale - values).max() <= 1.001 * scale  # the zero point is rounded as well


@given(arrays.arrays(np.float32, (3, 5), elements=finite), st.integers(0, 1))
def test_weights_come_back_within_half_a_step(weight: NDArray[np.float32], axis: int) -> None:
    integers, scales = quantise_weight(weight, axis)
    assert integers.min() >= -127
    wide = integers * np.expand_dims(scales, 1 - axis)
    assert (np.abs(wide - weight) <= 0.501 * np.expand_dims(scales, 1 - axis)).all()
