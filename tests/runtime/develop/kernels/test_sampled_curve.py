"""Tone curves as tables, transfer functions and the spline."""

import numpy as np
import pytest

from autohdr.develop.kernels.sampled_curve import SampledCurve
from autohdr.develop.kernels.spline import natural
from autohdr.develop.transfer import decode, encode, from_gamma, to_gamma


def test_curves_join_in_order() -> None:
    square, root = SampledCurve.of(np.square), SampledCurve.of(np.sqrt)
    assert square.then(SampledCurve.of(lambda x: x / 2))(0.6) == pytest.approx(0.18, abs=1e-6)
    assert square.then(root)([0.2, 0.9]) == pytest.approx([0.2, 0.9], abs=1e-5)


def test_outside_of_the_scale_the_first_value_is_held_and_the_last_ratio_goes_on() -> None:
    faded = SampledCurve.of(lambda x: 0.1 + 0.7 * x)
    assert faded([-0.5, 1.0, 2.0]) == pytest.approx([0.1, 0.8, 1.6])


@pytest.mark.parametrize(("there", "back"), [(encode, decode), (from_gamma, to_gamma)])
def test_transfer_functions_are_inverses_above_white_too(there: object, back: object) -> None:
    values = np.array([0.0, 0.001, 0.0031308, 0.01, 0.5, 1.0, 4.0])
    assert back(there(values)) == pytest.approx(values, rel=1e-6)  # type: ignore[operator]


def test_encoded_values_are_the_published_ones() -> None:
    assert encode([0.0031308, 0.214041, 1.0, -1.0]) == pytest.approx([0.04045, 0.5, 1.0, 0.0], abs=1e-5)


def test_the_spline_is_exact_for_a_line_and_passes_through_its_points() -> None:
    assert natural([0, 1, 3], [1, 3, 7], [0.5, 2.0]) == pytest.approx([2.0, 5.0])
    knots, values = [0.0, 0.3, 0.4, 1.0], [0.0, 0.5, 0.2, 1.0]
    assert natural(knots, values, knots) == pytest.approx(values)
    assert natural([0, 1], [2, 4], [-1, 0.5, 9]) == pytest.approx([2, 3, 4])


def test_the_spline_is_straight_at_both_ends() -> None:
    at = np.array([0.0, 1e-4, 2e-4])
    ends = natural([0, 0.2, 0.5, 1.0], [0, 0.4, 0.5, 1.0], np.concatenate([at, 1 - at]))
    assert np.abs(np.diff(ends[:3], 2)).max() < 1e-9
    assert np.abs(np.diff(ends[3:], 2)).max() < 1e-9


@pytest.mark.parametrize("knots", [[0.0], [0.0, 0.0], [1.0, 0.0]])
def test_knots_that_do_not_rise_are_refused(knots: list[float]) -> None:
    with pytest.raises(ValueError, match="rising"):
        natural(knots, knots, 0.5)
