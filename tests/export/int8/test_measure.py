"""What is measured of a quantised network: sliders apart, in Lightroom's units, and time in turn."""

import numpy as np
import onnx
import pytest
from numpy.typing import NDArray

from autohdr.sliders import LIMITS
from autohdr_export.errors import ExportError
from autohdr_export.int8.measure import TOLERANCE, Attempt, difference, on_cpu, on_openvino, relative_time, sliders
from autohdr_export.onnx_graph import head_of


def attempt(worst: float, time: float | None = 0.5, wide: tuple[str, ...] = ()) -> Attempt:
    apart = np.zeros(8)
    apart[2] = worst
    return Attempt("static", wide, apart, time)


def test_one_photo_in_a_hundred_may_be_anything() -> None:
    apart = np.linspace(0, 1, 101)[:, None] * np.ones(8)
    np.testing.assert_allclose(difference(apart, np.zeros((101, 8))), 0.99 * LIMITS)


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_one_answer_that_is_not_finite_counts_whole(value: float) -> None:
    got = np.zeros((1000, 8))
    got[17, 3] = value
    apart = difference(got, np.zeros((1000, 8)))
    assert np.isinf(apart[3])
    assert (apart[:3] == 0).all()


def test_the_tolerance_is_a_twentieth_of_a_stop_and_one() -> None:
    assert list(TOLERANCE) == [0.05, *7 * [1.0]]


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


def test_batches_make_no_difference(model: onnx.ModelProto, pixels: NDArray[np.float32]) -> None:
    run, head = on_cpu(model), head_of(model)
    np.testing.assert_allclose(sliders(run, head, pixels[:7], 3), sliders(run, head, pixels[:7]), atol=1e-5)


def test_both_engines_give_the_same_in_float32(model: onnx.ModelProto, pixels: NDArray[np.float32]) -> None:
    pytest.importorskip("openvino", reason="openvino is not installed")
    got = sliders(on_openvino(model), head_of(model), pixels, 8)
    assert difference(got, sliders(on_cpu(model), head_of(model), pixels)).max() < 0.01


def test_work_that_is_done_ten_times_takes_longer(model: onnx.ModelProto, pixels: NDArray[np.float32]) -> None:
    run = on_cpu(model)

    def often(photos: NDArray[np.float32]) -> list[NDArray[np.float32]]:
        for _ in range(9):
            run(photos)
        return run(photos)

    assert relative_time(often, run, pixels, 1) > 2


def test_what_an_engine_refuses_is_one_sentence() -> None:
    with pytest.raises(ExportError, match="ONNX Runtime refuses the int8 model"):
        on_cpu(onnx.ModelProto())
