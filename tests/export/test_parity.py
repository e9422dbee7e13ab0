"""Parity: it sees what differs, in Lightroom's units, over inputs of many kinds."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import numpy_helper

from autohdr.sliders import LIMITS
from autohdr.spec import Encoding, InputSpec
from autohdr_export.errors import ExportError
from autohdr_export.export import Exported
from autohdr_export.parity import TOLERANCE, Parity, compare, inputs
from autohdr_train.checkpoint import load
from autohdr_train.model import SliderNet


@pytest.fixture
def trained(checkpoint: Path) -> tuple[SliderNet, InputSpec]:
    saved = load(checkpoint)
    return saved.network, saved.spec


def with_bias(exported: Exported, change: Callable[[np.ndarray], np.ndarray]) -> bytes:
    """The exported model with the last layer's bias changed."""
    model = onnx.load(exported.path)
    for tensor in model.graph.initializer:
        if tensor.name == "classifier.bias":
            tensor.CopyFrom(numpy_helper.from_array(change(numpy_helper.to_array(tensor)), tensor.name))
            return bytes(model.SerializeToString())
    raise AssertionError("no classifier.bias")


def test_a_shift_is_measured_in_each_sliders_unit(exported: Exported, trained: tuple[SliderNet, InputSpec]) -> None:
    shift = np.linspace(0.001, 0.008, 8).astype(np.float32)
    parity = compare(with_bias(exported, lambda bias: bias + shift), *trained)
    np.testing.assert_allclose(parity.difference, shift * LIMITS, rtol=0.01)
    assert not parity.within


def test_a_network_that_answers_nothing_finite_is_never_within(
    exported: Exported, trained: tuple[SliderNet, InputSpec]
) -> None:
    parity = compare(with_bias(exported, lambda bias: np.where(np.arange(8) == 2, np.nan, bias)), *trained)
    assert np.isinf(parity.difference[2])
    assert not parity.within


def test_what_onnx_runtime_cannot_open_is_refused(trained: tuple[SliderNet, InputSpec]) -> None:
    with pytest.raises(ExportError, match="refuses the exported model"):
        compare(b"no model", *trained)


@pytest.mark.parametrize("slider", range(8))
def test_the_tolerance_is_a_hundredth_of_a_stop_and_a_tenth(slider: int) -> None:
    limit = 0.01 if slider == 0 else 0.1
    difference = np.zeros(8)
    difference[slider] = limit * 0.99
    assert Parity(difference).within
    difference[slider] = limit * 1.01
    assert not Parity(difference).within
    assert TOLERANCE[slider] == limit


@pytest.mark.parametrize(("encoding", "top"), [("srgb", 1.0), ("pu21-pmax", 1.0), ("pu21-255", 2.4)])
def test_inputs_reach_the_darkest_and_the_brightest_pixels_and_repeat(encoding: Encoding, top: float) -> None:
    spec = InputSpec(size=32, encoding=encoding)
    pixels = inputs(spec, 7)
    assert pixels.dtype == np.float32
    assert pixels.shape == (7, 3, 32, 32)
    encoded = pixels * 0.5 + 0.5
    assert encoded.min() == pytest.approx(0.0, abs=1e-6)
    assert encoded.max() == pytest.approx(top)
    assert any(photo.std() == 0 for photo in encoded)
    np.testing.assert_array_equal(pixels, inputs(spec, 7))
