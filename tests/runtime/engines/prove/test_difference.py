"""Differences: they see what differs, in Lightroom's units, and never call what is not finite equal."""

import numpy as np
import pytest

from autohdr.engines.prove.difference import EDGES, TOLERANCES, Difference, Tolerance
from autohdr.model.head import Head
from autohdr.model.info import Precision
from autohdr.sliders import LIMITS


def test_one_answer_of_a_thousand_that_is_not_finite_is_no_matter_of_percentiles() -> None:
    got = np.zeros((1000, 8), np.float32)
    got[7, 3] = np.nan
    assert not Difference.of_sliders(got, np.zeros((1000, 8))).within(Tolerance(1.0, 1.0, 0.99))


@pytest.mark.parametrize(
    ("precision", "ev", "other"), [("float32", 0.002, 0.05), ("float16", 0.01, 0.25), ("bfloat16", 0.01, 0.25)]
)
@pytest.mark.parametrize("slider", range(8))
def test_of_floats_every_photo_is_within_the_tolerance(
    precision: Precision, ev: float, other: float, slider: int
) -> None:
    differences = np.zeros((200, 8))
    differences[0, slider] = 0.99 * (ev if slider == 0 else other)
    assert Difference(differences).within(TOLERANCES[precision])
    differences[0, slider] = 1.01 * (ev if slider == 0 else other)
    assert not Difference(differences).within(TOLERANCES[precision])


@pytest.mark.parametrize(("slider", "limit"), [(0, 0.05), (4, 1.0)])
def test_of_int8_one_photo_in_a_hundred_may_be_further_off(slider: int, limit: float) -> None:
    differences = np.zeros((1000, 8))
    differences[:9, slider] = 20 * limit
    assert Difference(differences).within(TOLERANCES["int8"])
    differences[:11, slider] = 1.01 * limit
    assert not Difference(differences).within(TOLERANCES["int8"])


def test_what_is_beyond_is_named_with_its_unit() -> None:
    differences = np.array([[0.02, 0.1, 0, 0, 1.25, 0, 0, 0]])
    assert Difference(differences).beyond(TOLERANCES["float16"]) == "Exposure 0.02 EV, Whites 1.2"
    assert str(TOLERANCES["int8"]) == "0.05 EV and 1 for 99% of photos"


def test_a_histogram_counts_every_photo_once_in_shares_of_the_tolerance() -> None:
    differences = np.zeros((5, 8))
    differences[:, 1] = np.array([0.0, 0.1, 0.9, 1.5, np.inf]) * 0.25
    counts = Difference(differences).histogram(TOLERANCES["float16"])
    assert counts.shape == (8, len(EDGES) + 1)
    assert (counts.sum(axis=1) == 5).all()
    assert counts[0].tolist() == [5, 0, 0, 0, 0, 0, 0, 0, 0]
    assert counts[1].tolist() == [1, 0, 0, 1, 0, 0, 1, 1, 1]


def test_the_json_holds_each_slider_by_its_key() -> None:
    differences = np.zeros((200, 8))
    differences[0, 4] = 0.123456
    found = Difference(differences).to_json(TOLERANCES["float16"])
    assert found["Whites2012"]["worst"] == 0.123
    assert found["Whites2012"]["p99"] == 0
    assert sum(found["Whites2012"]["histogram"]) == 200


def test_one_photo_in_a_hundred_may_be_anything() -> None:
    apart = np.linspace(0, 1, 101)[:, None] * np.ones(8)
    np.testing.assert_allclose(Difference.of_sliders(apart, np.zeros((101, 8))).at(0.99), 0.99 * LIMITS)


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_one_answer_that_is_not_finite_counts_whole(value: float) -> None:
    got = np.zeros((1000, 8))
    got[17, 3] = value
    apart = Difference.of_sliders(got, np.zeros((1000, 8))).at(0.99)
    assert np.isinf(apart[3])
    assert (apart[:3] == 0).all()


def test_features_are_compared_in_their_spread_and_as_the_heads_sliders() -> None:
    expected = np.random.default_rng(0).normal(0, [1.0, 10.0, 0.0], (1000, 3)).astype(np.float32)
    head = Head(np.eye(8, 3, dtype=np.float32), np.zeros(8, np.float32))
    found = Difference.of_features(expected + np.array([0.0, 0.5, 0.0], np.float32), expected, head)
    assert found.features == pytest.approx(0.05, rel=0.1)
    np.testing.assert_allclose(found.worst[:3], [0.0, 50.0, 0.0], atol=1e-3)
