"""What is expected of photographers: covariances, pair by pair."""

import numpy as np
import pytest

from autohdr.style.experts.prior import REACH, UNITS, Prior, plain_covariance, plain_curved, squared_distance
from tests.runtime.style.photographers import LEARNT, features, prior


def test_distances_and_plain_covariances_are_those_of_pairs() -> None:
    one, other = np.random.default_rng(1).standard_normal((2, 5, 4))
    squares = ((one[:, None] - other[None]) ** 2).sum(axis=2)
    curved = np.exp(-0.5 * squares / (REACH * 4))
    np.testing.assert_allclose(squared_distance(one, other), squares, atol=1e-12)
    np.testing.assert_allclose(plain_curved(one, other), curved, atol=1e-12)
    np.testing.assert_allclose(plain_covariance(one, other), 0.5 * one @ other.T / 4 + curved, atol=1e-12)
    assert (squared_distance(1e4 + one, 1e4 + one) >= 0.0).all()


def test_covariances_are_those_of_pairs() -> None:
    expected, seen = prior(), features(5)
    learnt = seen[:, :LEARNT]
    whole = expected.covariances(seen, seen[:3])
    for slider in range(8):
        slope, bend = expected.slope[slider], expected.bend[slider]
        for a in range(5):
            for b in range(3):
                gap = bend * (learnt[a] - learnt[b])
                linear = (slope**2 * learnt[a] * learnt[b]).sum()
                usual = linear + expected.curved[slider] * np.exp(-0.5 * (gap**2).sum())
                assert expected.usual(slider, learnt, learnt)[a, b] == pytest.approx(usual)
                assert whole[slider, a, b] == pytest.approx(usual + expected.constant[slider])


@pytest.mark.parametrize("learnt", [True, False])
def test_variances_are_the_diagonal(learnt: bool) -> None:
    expected, seen = prior(learnt=learnt), features(6, learnt=learnt)
    diagonal = np.diagonal(expected.covariances(seen, seen), axis1=1, axis2=2)
    np.testing.assert_allclose(np.broadcast_to(expected.variances(seen), diagonal.shape), diagonal)


def test_it_is_what_a_networks_file_holds_as_logarithms() -> None:
    expected = prior()
    arrays = {
        "mean.weight": expected.mean_weight,
        "mean.bias": expected.mean_bias,
        "log_slope": np.log(expected.slope),
        "log_bend": np.log(expected.bend),
        "log_curved": np.log(expected.curved),
        "log_constant": np.log(expected.constant),
        "log_noise": 0.5 * np.log(expected.noise),
    }
    found = Prior.of(arrays)
    for name in Prior.__slots__:
        np.testing.assert_allclose(getattr(found, name), getattr(expected, name))
    assert Prior.of({}).learnt == 0


def test_units_are_lightrooms_over_the_limits() -> None:
    np.testing.assert_allclose(UNITS, [0.2, 0.09, 0.26, 0.3, 0.27, 0.1, 0.05, 0.04])
