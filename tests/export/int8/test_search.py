"""The search: within the tolerance and faster, or refused with what failed and by how much."""

import numpy as np
import onnx
import pytest
from numpy.typing import NDArray

from autohdr_export.errors import ExportError
from autohdr_export.int8 import Attempt, Target, quantise, search
from autohdr_export.int8.measure import TOLERANCE, difference, on_cpu, sliders
from autohdr_export.int8.targets import RECIPES
from autohdr_export.onnx_graph import head_of
from tests.export.int8.planted import plant


@pytest.fixture(autouse=True)
def fast(monkeypatch: pytest.MonkeyPatch) -> None:
    """A network so small is not faster in 8 bits, and no test may hang on a clock."""
    monkeypatch.setattr(search, "relative_time", lambda *_: 0.5)


@pytest.mark.parametrize("target", RECIPES)
def test_each_target_gets_a_model_within_the_tolerance(
    model: onnx.ModelProto, pixels: NDArray[np.float32], target: Target
) -> None:
    if target == "openvino":
        pytest.importorskip("openvino", reason="openvino is not installed")
    found = quantise(model, target, pixels[::2], pixels[1::2])
    assert found.wide == ()
    assert found.method == found.tried[0].method == RECIPES[target].methods[0].name
    assert len(found.tried) == len(RECIPES[target].methods)
    assert found.tried[0].time == (None if target == "trt" else 0.5)
    expected = sliders(on_cpu(model), head_of(model), pixels)
    assert (difference(sliders(RECIPES[target].run(found.model), head_of(model), pixels), expected) <= TOLERANCE).all()


def test_the_same_photos_give_the_same_model(model: onnx.ModelProto, pixels: NDArray[np.float32]) -> None:
    first, second = (quantise(model, "cpu", pixels[::2], pixels[1::2]).model for _ in range(2))
    assert first.SerializeToString() == second.SerializeToString()


def test_layers_with_outliers_are_left_wide_by_name(model: onnx.ModelProto, pixels: NDArray[np.float32]) -> None:
    planted, hurt = plant(model)
    found = quantise(planted, "trt", pixels[::2], pixels[1::2])
    assert found.wide == tuple(layer.name for layer in hurt)
    assert found.tried[0].excess > 1.0
    assert found.method.endswith("mixed")
    fed = {node.name: node.input[1] for node in found.model.graph.node if node.op_type == "MatMul"}
    assert [fed[layer.name] for layer in hurt] == [layer.weight for layer in hurt]


def test_what_is_never_within_is_refused_with_all_that_was_tried(
    model: onnx.ModelProto, pixels: NDArray[np.float32], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("autohdr_export.int8.measure.TOLERANCE", TOLERANCE * 1e-6)
    expected = (
        r"int8 for trt is refused: static S8, min-max: worst .*; static S8, .*, mixed, 4 layers left wide: worst "
    )
    with pytest.raises(ExportError, match=expected):
        quantise(model, "trt", pixels[::2], pixels[1::2])


def test_what_is_not_faster_is_refused(
    model: onnx.ModelProto, pixels: NDArray[np.float32], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "relative_time", lambda *_: 1.25)
    with pytest.raises(ExportError, match=r"int8 for cpu is refused: dynamic.* 1\.25 of float32's time"):
        quantise(model, "cpu", pixels[::2], pixels[1::2])


def test_adversarial_inputs_are_held_to_the_tolerance_too(model: onnx.ModelProto, pixels: NDArray[np.float32]) -> None:
    hard = np.full((1, 3, 32, 32), np.nan, np.float32)
    with pytest.raises(ExportError, match="worst Exposure inf EV"):
        quantise(model, "trt", pixels[::2], pixels[1::2], hard)


def test_a_later_method_must_be_clearly_faster() -> None:
    zero = np.zeros(8)
    attempts = [Attempt("a", (), zero, time) for time in (0.50, 0.45, 0.40)]
    assert search._fastest(attempts) == 2
    assert search._fastest(attempts[:2]) == 0
    assert search._fastest([]) is None
