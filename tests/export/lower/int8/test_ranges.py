"""Ranges: the widest that any photo has, found one photo at a time."""

import numpy as np
import onnx
import pytest
from numpy.typing import NDArray

from autohdr_export.lower.int8.layers import find_layers
from autohdr_export.lower.int8.ranges import observe


def test_they_are_those_of_all_photos(model: onnx.ModelProto, pixels: NDArray[np.float32]) -> None:
    ranges = observe(model, ["pixels"], pixels[:7])
    low, high = np.quantile(pixels[:7].reshape(7, -1), (1e-4, 1 - 1e-4), axis=1)
    assert ranges["min-max"]["pixels"] == (pixels[:7].min(), pixels[:7].max())
    assert ranges["percentile"]["pixels"] == pytest.approx((low.min(), high.max()), rel=1e-5)


def test_each_layer_has_one_and_percentiles_lie_within(model: onnx.ModelProto, pixels: NDArray[np.float32]) -> None:
    tensors = {layer.activation for layer in find_layers(model)}
    ranges = observe(model, tensors, pixels)
    assert set(ranges["min-max"]) == set(ranges["percentile"]) == tensors
    for tensor in tensors:
        wide, narrow = ranges["min-max"][tensor], ranges["percentile"][tensor]
        assert wide.low <= narrow.low <= narrow.high <= wide.high
    assert [output.name for output in model.graph.output] == ["features"]  # the model itself is left as it was
