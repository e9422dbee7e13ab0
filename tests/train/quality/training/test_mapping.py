"""A measure's numbers come to the unit of scores by a curve that keeps their order."""

import numpy as np
import pytest

from autohdr_train.quality.training.mapping import logistic


@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_a_logistic_relation_is_found(sign: float) -> None:
    values = np.linspace(10, 60, 200)
    scores = 3 + 7 / (1 + np.exp(-sign * (values - 30) / 5))
    assert np.abs(logistic(values, scores)(values) - scores).max() < 0.2


def test_order_is_kept_and_infinity_is_the_end() -> None:
    rng = np.random.default_rng(0)
    values = rng.uniform(20, 50, 100)
    curve = logistic(values, values / 5 + rng.normal(size=100))
    assert (np.diff(curve(np.sort(values))) >= 0).all()
    assert curve(np.array([np.inf]))[0] == curve(np.array([values.max()]))[0]


def test_values_that_do_not_vary_give_the_mean() -> None:
    curve = logistic(np.full(20, 3.0), np.linspace(0, 8, 20))
    assert curve(np.array([3.0]))[0] == pytest.approx(4.0, abs=0.05)
