"""TensorRT: it parses what is written for it, and builds a plan of it, with no GPU at hand."""

import numpy as np
import onnx
import pytest
from numpy.typing import NDArray

from autohdr_export.lower.int8.layers import find_layers
from autohdr_export.lower.int8.ranges import observe
from autohdr_export.lower.int8.static import quantise_static

trt = pytest.importorskip("tensorrt_rtx", reason="tensorrt_rtx is not installed")


def plan(model: onnx.ModelProto) -> bytes | None:
    """A plan for compute capability 8.6, or None where TensorRT refuses."""
    logger = trt.Logger(trt.Logger.ERROR)
    builder = trt.Builder(logger)
    network = builder.create_network(0)
    parser = trt.OnnxParser(network, logger)
    if not parser.parse(model.SerializeToString()):
        return None
    config = builder.create_builder_config()
    config.num_compute_capabilities = 1
    config.set_compute_capability(trt.ComputeCapability.SM86, 0)
    profile = builder.create_optimization_profile()
    profile.set_shape("pixels", (1, 3, 32, 32), (8, 3, 32, 32), (8, 3, 32, 32))
    config.add_optimization_profile(profile)
    built = builder.build_serialized_network(network, config)
    return None if built is None else bytes(built)


@pytest.mark.parametrize("symmetric", [True, False], ids=["S8", "U8"])
def test_it_builds_symmetric_graphs_and_no_others(
    model: onnx.ModelProto, pixels: NDArray[np.float32], symmetric: bool
) -> None:
    layers = find_layers(model)
    ranges = observe(model, {layer.activation for layer in layers}, pixels)
    written = quantise_static(model, layers, ranges["min-max"], symmetric=symmetric)
    assert (plan(written) is not None) is symmetric
