"""The search: within the tolerance and faster, or refused with what failed and by how much."""

from pathlib import Path

import numpy as np
import onnx
import pytest
from numpy.typing import NDArray

from autohdr.engines.prove.difference import TOLERANCES, Tolerance
from autohdr.engines.prove.speed import Speed
from autohdr_export.errors import ExportError
from autohdr_export.graph.file import unchecked
from autohdr_export.lower.int8 import Attempt, Quantised, search
from autohdr_export.lower.int8.targets import RECIPES
from autohdr_export.prove.trial import Speeds, Yardstick
from autohdr_export.wanted import Wanted
from autohdr_export.words import Target
from tests.export.lower.int8.conftest import yardstick
from tests.export.lower.int8.planted import plant


def taking(share: float) -> Speeds:
    """Times of a model that takes this share of float32's."""
    return Speeds(Speed(1.0, 1.0), Speed(share, share))


def quantise(
    model: onnx.ModelProto, target: Target, pixels: NDArray[np.float32], hard: NDArray[np.float32] | None = None
) -> Quantised:
    """By every other photo, judged by the rest."""
    wanted = Wanted("int8", target, Path("shoot"))
    return search.quantise(model, wanted, pixels[::2], yardstick(model, pixels[1::2], hard, wanted.engine))


@pytest.fixture(autouse=True)
def fast(monkeypatch: pytest.MonkeyPatch) -> None:
    """A network so small is not faster in 8 bits, and no test may hang on a clock."""
    monkeypatch.setattr(Yardstick, "time", lambda *_: taking(0.5))


@pytest.mark.parametrize("target", RECIPES)
def test_each_target_gets_a_model_within_the_tolerance(
    model: onnx.ModelProto, pixels: NDArray[np.float32], target: Target
) -> None:
    if target == "openvino":
        pytest.importorskip("openvino", reason="openvino is not installed")
    found = quantise(model, target, pixels)
    assert found.wide == ()
    assert found.method == found.tried[0].method == RECIPES[target].methods[0].name
    assert len(found.tried) == len(RECIPES[target].methods)
    assert found.tried[0].time == (None if target == "trt" else 0.5)
    engine = "openvino" if target == "openvino" else "cpu"
    for difference in yardstick(model, pixels, engine=engine).compare(unchecked(found.model)):
        assert difference.within(TOLERANCES["int8"])


def test_the_same_photos_give_the_same_model(model: onnx.ModelProto, pixels: NDArray[np.float32]) -> None:
    first, second = (quantise(model, "cpu", pixels).model for _ in range(2))
    assert first.SerializeToString() == second.SerializeToString()


def test_layers_with_outliers_are_left_wide_by_name(model: onnx.ModelProto, pixels: NDArray[np.float32]) -> None:
    planted, hurt = plant(model)
    found = quantise(planted, "trt", pixels)
    assert found.wide == tuple(layer.name for layer in hurt)
    assert found.tried[0].excess > 1.0
    assert found.method.endswith("mixed")
    fed = {node.name: node.input[1] for node in found.model.graph.node if node.op_type == "MatMul"}
    assert [fed[layer.name] for layer in hurt] == [layer.weight for layer in hurt]


def test_what_is_never_within_is_refused_with_all_that_was_tried(
    model: onnx.ModelProto, pixels: NDArray[np.float32], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "TOLERANCE", Tolerance(5e-8, 1e-6, 0.99))
    expected = (
        r"int8 for trt is refused: static S8, min-max: worst .*; static S8, .*, mixed, 4 layers left wide: worst "
    )
    with pytest.raises(ExportError, match=expected):
        quantise(model, "trt", pixels)


def test_what_is_not_faster_is_refused(
    model: onnx.ModelProto, pixels: NDArray[np.float32], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Yardstick, "time", lambda *_: taking(1.25))
    with pytest.raises(ExportError, match=r"int8 for cpu is refused: dynamic.* 1\.25 of float32's time"):
        quantise(model, "cpu", pixels)


def test_adversarial_inputs_are_held_to_the_tolerance_too(model: onnx.ModelProto, pixels: NDArray[np.float32]) -> None:
    hard = np.full((1, 3, 32, 32), np.nan, np.float32)
    with pytest.raises(ExportError, match="worst Exposure inf EV"):
        quantise(model, "trt", pixels, hard)


def test_a_later_method_must_be_clearly_faster() -> None:
    zero = np.zeros(8)
    attempts = [Attempt("a", (), zero, time) for time in (0.50, 0.45, 0.40)]
    assert search._fastest(attempts) == 2
    assert search._fastest(attempts[:2]) == 0
    assert search._fastest([]) is None


def attempt(worst: float, time: float | None = 0.5, wide: tuple[str, ...] = ()) -> Attempt:
    apart = np.zeros(8)
    apart[2] = worst
    return Attempt("static", wide, apart, time)


@pytest.mark.parametrize(
    ("worst", "time", "good"), [(1.0, 0.9, True), (1.01, 0.5, False), (0.5, 1.0, False), (0.5, None, True)]
)
def test_good_is_within_and_not_slower(worst: float, time: float | None, good: bool) -> None:
    assert attempt(worst, time).good is good


def test_an_attempt_says_its_worst_slider_and_its_time() -> None:
    assert (
        str(attempt(1.234, 0.5, ("a", "b")))
        == "static, 2 layers left wide: worst Highlights 1.2, 0.50 of float32's time"
    )
    assert str(attempt(0.1, None)) == "static: worst Highlights 0.1, time not measured"
