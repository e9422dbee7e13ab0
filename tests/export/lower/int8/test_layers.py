"""Which layers may be 8-bit: all of the transformer that multiply by weights, and no others."""

from pathlib import Path

import onnx
import pytest

from autohdr_export.errors import ExportError
from autohdr_export.exporting import Exported
from autohdr_export.lower.int8.layers import find_layers


def test_they_are_the_transformers(exported: Exported) -> None:
    model = onnx.load(exported.path)
    layers = find_layers(model)
    assert [layer.op for layer in layers] == ["Conv"] + 12 * ["MatMul"]  # six in each of two blocks
    assert len({layer.name for layer in layers}) == 13
    assert "classifier.weight" not in {layer.weight for layer in layers}


def test_their_output_channels_lie_along_their_axis(exported: Exported) -> None:
    model = onnx.load(exported.path)
    shape = {tensor.name: tensor.dims for tensor in model.graph.initializer}
    widths = {"Conv": {24}, "MatMul": {24, 48}}
    for layer in find_layers(model):
        assert shape[layer.weight][layer.axis] in widths[layer.op]
    first, last = find_layers(model)[0], find_layers(model)[-1]
    assert (first.axis, last.axis) == (0, 1)
    assert list(shape[last.weight]) == [48, 24]


def rename(model: onnx.ModelProto, old: str, new: str) -> None:
    for node in model.graph.node:
        for names in (node.input, node.output):
            names[:] = [new if name == old else name for name in names]


def test_a_token_with_a_name_ends_the_transformer(exported: Exported) -> None:
    model = onnx.load(exported.path)
    norms = [node.output[0] for node in model.graph.node if node.op_type == "LayerNormalization"]
    rename(model, "token", "later")
    assert len(find_layers(model)) == 13  # the last norm ends it where nothing is called so
    rename(model, norms[2], "token")  # of the second block
    assert len(find_layers(model)) == 7


def test_a_model_without_a_transformer_is_refused(small_model: Path) -> None:
    with pytest.raises(ExportError, match="holds no transformer"):
        find_layers(onnx.load(small_model))
