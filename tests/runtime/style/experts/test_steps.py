"""Sliders that were set in steps are answered in steps."""

from dataclasses import replace

import numpy as np

from autohdr.sliders import LIMITS
from autohdr.style.experts.steps import FEWEST, STEPS, stepped, steps_of
from autohdr.style.fit import fit_and_score
from tests.runtime.style.photographers import described, features, looked, prior


def exposures(*values: float) -> np.ndarray:
    """Labels of Exposure in EV, and of no other slider."""
    labels = np.full((len(values), 8), np.nan)
    labels[:, 0] = np.array(values, np.float32) / 5.0
    return labels


def test_five_values_in_steps_show_a_step_and_fewer_or_others_do_not() -> None:
    told = (0.05, -0.35, 0.6, 1.15, 2.0)
    assert steps_of(exposures(0.0, 0.0, *told)).tolist() == [STEPS[0], *[0.0] * 7]
    assert len(told) == FEWEST
    assert not steps_of(exposures(0.0, 0.0, *told[1:])).any()
    assert not steps_of(exposures(0.0, 0.0, *told, 0.33)).any()
    assert not steps_of(exposures(*[0.5] * 9)).any()  # a constant shows nothing


def test_what_is_in_steps_is_rounded_and_nothing_else() -> None:
    values = np.full((2, 8), 0.1234)
    shown = stepped(values, np.array([STEPS[0], 0, 0, STEPS[3], 0, 0, 0, 0])) * LIMITS
    np.testing.assert_allclose(shown[0], [0.6, 12.34, 12.34, 10.0, 12.34, 12.34, 12.34, 12.34])


def test_a_style_of_edits_in_steps_answers_in_steps() -> None:
    seen = features(30)
    labels = np.zeros((30, 8))
    labels[:, 0] = np.round(-seen[:, 0] / 5.0 / STEPS[0]) * STEPS[0]
    labels[:, 2] = np.round(20.0 * seen[:, 1]) / 100.0
    photos = replace(looked(seen), descriptions=described(30))
    head = fit_and_score(prior(), photos, labels, [f"{row}" for row in range(30)], np.arange(0.0, 3e4, 1e3)).head
    said, _ = head.answer(features(40, seed=4), described(40, seed=5), np.full(40, np.nan))
    assert len(np.unique(said[:, 0])) > 10
    np.testing.assert_allclose(np.round(said[:, 0] / STEPS[0]) * STEPS[0], said[:, 0])
    assert (np.abs(100 * said[:, 2] - np.round(100 * said[:, 2] / 5.0) * 5.0) > 0.1).any()
