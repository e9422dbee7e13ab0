"""The sensitivity sweep: the layer that suffers comes first."""

import numpy as np
import onnx
from numpy.typing import NDArray

from autohdr_export.lower.int8.layers import find_layers
from autohdr_export.lower.int8.ranges import observe
from autohdr_export.lower.int8.static import quantise_static
from autohdr_export.lower.int8.sweep import rank
from tests.export.lower.int8.conftest import yardstick
from tests.export.lower.int8.planted import plant


def test_a_layer_with_outliers_comes_first(model: onnx.ModelProto, pixels: NDArray[np.float32]) -> None:
    planted, hurt = plant(model)
    layers = find_layers(planted)
    ranges = observe(planted, {layer.activation for layer in layers}, pixels)["min-max"]
    few = yardstick(planted, pixels)
    ranked = rank(lambda some: quantise_static(planted, some, ranges, symmetric=True), layers, few)
    assert sorted(layer.name for layer in ranked) == sorted(layer.name for layer in layers)
    assert ranked[: len(hurt)] == hurt
