"""Dynamic quantisation: which layers, and that what the tool touches besides is put right."""

import logging

import numpy as np
import onnx
import pytest
from numpy.typing import NDArray

from autohdr.engines.prove.difference import Difference
from autohdr_export.lower.int8.dynamic import quantise_dynamic
from autohdr_export.lower.int8.layers import Layer, find_layers
from tests.export.conftest import sliders


@pytest.fixture
def layers(model: onnx.ModelProto) -> list[Layer]:
    return [layer for layer in find_layers(model) if layer.op == "MatMul"]


def test_only_the_layers_named_are_quantised(model: onnx.ModelProto, layers: list[Layer]) -> None:
    written = quantise_dynamic(model, layers[:5])
    assert [node.op_type for node in written.graph.node].count("MatMulInteger") == 5
    float32 = {node.input[1] for node in written.graph.node if node.op_type == "MatMul"}
    assert {layer.weight for layer in layers} & float32 == {layer.weight for layer in layers[5:]}


def test_it_answers_nearly_the_same(model: onnx.ModelProto, layers: list[Layer], pixels: NDArray[np.float32]) -> None:
    expected = sliders(model, pixels)
    apart = Difference.of_sliders(sliders(quantise_dynamic(model, layers), pixels), expected).at(0.99)
    assert 0 < apart[1:].max() < 1.0


def test_bytes_are_the_same_each_time_and_metadata_is_kept(model: onnx.ModelProto, layers: list[Layer]) -> None:
    before = model.SerializeToString()
    first, second = quantise_dynamic(model, layers), quantise_dynamic(model, layers)
    assert first.SerializeToString() == second.SerializeToString()
    assert first.metadata_props == model.metadata_props
    assert model.SerializeToString() == before


def test_logging_is_as_it_was(model: onnx.ModelProto, layers: list[Layer]) -> None:
    level = logging.getLogger().level
    quantise_dynamic(model, layers)
    assert logging.getLogger().level == level
