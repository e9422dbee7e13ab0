"""What a library makes of explicit half precision: OpenVINO runs it as it is written, TensorRT-RTX builds it."""

from typing import Any

import numpy as np
import onnx
import pytest

from autohdr.sliders import LIMITS
from autohdr_export.lower.half import Kind, find_body, halve, stepwise
from autohdr_export.lower.half.body import STREAM
from tests.export.conftest import head_of
from tests.export.lower.half.conftest import pixels, run


def compiled(model: onnx.ModelProto) -> Any:
    openvino = pytest.importorskip("openvino", reason="extra openvino is not installed")
    core = openvino.Core()
    if "BF16" not in core.get_property("CPU", "OPTIMIZATION_CAPABILITIES"):
        pytest.skip("this CPU has no bfloat16")
    network = core.read_model(model.SerializeToString())
    return core.compile_model(network, "CPU", {"INFERENCE_PRECISION_HINT": "f32", "INFERENCE_NUM_THREADS": 1})


def test_openvino_asked_for_float32_runs_the_body_in_bfloat16_and_the_rest_in_float32(toned: onnx.ModelProto) -> None:
    network = compiled(halve(toned, "bfloat16").model)
    found: dict[str, list[str]] = {}
    for node in network.get_runtime_model().get_ordered_ops():
        info = node.get_rt_info()
        found.setdefault(info["layerType"].astype(str), []).append(info["runtimePrecision"].astype(str))
    assert found["Convolution"].count("bf16") == 1
    assert found["FullyConnected"].count("bf16") == 2 * 6
    assert "f32" in found["FullyConnected"]  # the features and the head
    assert set(found["Reduce"]) == {"f32"}  # the tones
    assert set(found["MVN"]) == {"f32"}  # LayerNorm's statistics


def test_openvino_gives_what_the_steps_that_are_compared_give(toned: onnx.ModelProto) -> None:
    halved = halve(toned, "bfloat16", [STREAM]).model
    given = {"pixels": pixels()}
    half, wide = (head_of(toned).answer(compiled(model)(given)["features"]) * LIMITS for model in (halved, toned))
    apart = np.abs(half - wide).max(axis=0)
    steps = np.abs(run(stepwise(halved)) - run(toned)).max(axis=0)
    assert (apart < 4 * steps).all()
    assert (steps < 4 * apart).all()


@pytest.mark.parametrize("kind", ["float16", "bfloat16"])
def test_tensorrt_rtx_builds_a_plan_of_it_without_a_gpu(toned: onnx.ModelProto, kind: Kind) -> None:
    trt = pytest.importorskip("tensorrt_rtx", reason="extra rtx is not installed")
    logger = trt.Logger(trt.Logger.ERROR)
    builder = trt.Builder(logger)
    network = builder.create_network(0)
    parser = trt.OnnxParser(network, logger)
    halved = halve(toned, kind, [STREAM]).model
    assert parser.parse(halved.SerializeToString()), parser.get_error(0).desc()
    config = builder.create_builder_config()
    profile = builder.create_optimization_profile()
    profile.set_shape("pixels", *((count, 3, 32, 32) for count in (1, 4, 8)))
    config.add_optimization_profile(profile)
    config.num_compute_capabilities = 1
    config.set_compute_capability(trt.ComputeCapability.SM86, 0)
    plan = builder.build_serialized_network(network, config)
    assert plan is not None
    assert plan.nbytes > 0
    body = find_body(toned)
    half = {"float16": trt.DataType.HALF, "bfloat16": trt.DataType.BF16}[kind]
    types = {
        network.get_layer(index).name: network.get_layer(index).get_output(0).dtype
        for index in range(network.num_layers)
    }
    assert any(name in body.nodes and dtype == half for name, dtype in types.items())
    assert network.get_input(0).dtype == network.get_output(0).dtype == trt.float32
