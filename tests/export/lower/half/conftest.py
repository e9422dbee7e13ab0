"""Graphs to halve: a small transformer, plain and with tones beside it, whose sliders move with the picture."""

import numpy as np
import onnx
import onnxruntime
import pytest
from numpy.typing import NDArray
from onnx import numpy_helper

from autohdr.model.info import ModelInfo
from autohdr.sliders import LIMITS
from autohdr_export.exporting import Exported
from autohdr_export.graph.file import describe, learnt
from autohdr_export.graph.trace import trace
from autohdr_export.lower.half.weights import spoken
from autohdr_export.prove.trial import BATCHES
from autohdr_train.network.features import FEATURES
from tests.export.conftest import SPEC, head_of, small_network


@pytest.fixture(scope="session")
def plain(exported: Exported) -> onnx.ModelProto:
    return onnx.load(exported.path)


@pytest.fixture(scope="session")
def toned() -> onnx.ModelProto:
    network = small_network()
    for name, weights in network.named_parameters():
        if name.endswith("bias"):
            weights.data.normal_(0.0, 0.1)  # equal ones would become one constant
    network.describe_tones(SPEC, learnt=True)
    network.classifier.weight.data.normal_(0.0, 0.02)
    model = trace(network.eval(), SPEC.size)
    assert network.features is not None
    describe(model, ModelInfo("toned", SPEC, {}, "0.1.0", 20, network.features.size, FEATURES), learnt(network))
    return model


def pixels(count: int = max(BATCHES)) -> NDArray[np.float32]:
    """Smooth light, (N, 3, S, S), within what the input spec gives."""
    random = np.random.default_rng(0)
    coarse = random.uniform(-1.5, 1.5, (count, 3, 4, 4))
    return coarse.repeat(SPEC.size // 4, axis=2).repeat(SPEC.size // 4, axis=3).astype(np.float32)


def run(model: onnx.ModelProto, photos: NDArray[np.float32] | None = None) -> NDArray[np.float64]:
    """Sliders (N, 8) in Lightroom's units, by ONNX Runtime."""
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
    features = session.run(["features"], {"pixels": pixels() if photos is None else photos})[0]
    assert features.dtype == np.float32
    return np.asarray(head_of(model).answer(features), dtype=np.float64) * LIMITS


def scaled(model: onnx.ModelProto, factors: dict[str, float]) -> onnx.ModelProto:
    """The graph with weights, by their layer's name, times a factor."""
    made = onnx.ModelProto()
    made.CopyFrom(model)
    names = spoken(made)
    left = dict(factors)
    for tensor in made.graph.initializer:
        if (factor := left.pop(names[tensor.name], None)) is not None:
            values = numpy_helper.to_array(tensor) * np.float32(factor)
            tensor.CopyFrom(numpy_helper.from_array(values, tensor.name))
    assert not left
    return made
