"""How a photographer writes down what they mean: noise, steps, what is left out, and the floor that follows."""

from dataclasses import dataclass

import numpy as np
import pytest
from numpy.typing import NDArray

from autohdr.sliders import LIMITS
from autohdr_scenes.photographers.photographer import School, by_name, varies
from autohdr_scenes.photographers.seen import Seen


@dataclass(frozen=True, slots=True)
class Constant(School):
    about = "For tests."
    noise = by_name(exposure=0.2, contrast=2.0, shadows=6.0, whites=0.5)
    steps = np.array([0.05, 5.0, 1.0, 1.0, 5.0, 1.0, 1.0, 1.0])
    missing = by_name(shadows=0.25, saturation=1.0)

    exposure: float = varies(1.0, 0.5)

    def edit(self, seen: Seen) -> NDArray[np.float64]:
        return by_name(exposure=self.exposure, contrast=500.0, blacks=7.0)


SOMEONE = Constant.photographer()
MEANT = np.random.default_rng(1).uniform(-0.8, 0.8, (20000, 8)) * LIMITS * SOMEONE.uses


@pytest.fixture(scope="module")
def labels() -> NDArray[np.float64]:
    rng = np.random.default_rng(0)
    return np.array([SOMEONE.inconsistent(edit, rng) for edit in MEANT])


def test_an_edit_stays_within_the_limits_and_leaves_unused_sliders_alone() -> None:
    edit = SOMEONE.edit(np.full((8, 8, 3), 0.2, dtype=np.float32))
    assert edit.tolist() == [1.0, 100.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]


def test_labels_come_in_steps_within_the_limits(labels: NDArray[np.float64]) -> None:
    counts = labels / SOMEONE.steps
    np.testing.assert_allclose(counts[~np.isnan(counts)], np.round(counts[~np.isnan(counts)]), atol=1e-9)
    assert (np.abs(labels[~np.isnan(labels)]) <= np.broadcast_to(LIMITS, labels.shape)[~np.isnan(labels)]).all()
    top = [SOMEONE.inconsistent(LIMITS, np.random.default_rng(seed)) for seed in range(50)]
    assert np.nanmax(top / LIMITS) == 1.0


def test_labels_are_left_out_as_often_as_it_says(labels: NDArray[np.float64]) -> None:
    np.testing.assert_allclose(np.isnan(labels).mean(axis=0), SOMEONE.missing, atol=0.015)


def test_parameters_vary_within_their_spread() -> None:
    drawn = [SOMEONE.varied(seed) for seed in range(200)]
    exposures = [float(one.edit(np.ones((4, 4, 3)))[0]) for one in drawn]
    assert 0.5 <= min(exposures) < 0.55
    assert 1.45 < max(exposures) <= 1.5
    ratios = np.array([one.noise[SOMEONE.uses] / SOMEONE.noise[SOMEONE.uses] for one in drawn])
    assert ratios.min() >= 0.8
    assert ratios.max() <= 1.2


def test_a_slider_that_does_not_exist_is_our_mistake() -> None:
    with pytest.raises(ValueError, match="clarity"):
        by_name(clarity=1.0)
