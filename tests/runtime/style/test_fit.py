"""A style fitted and scored: a slider that edits do not explain is a constant, and stated errors are those made."""

import numpy as np
import pytest

from autohdr.sliders import LIMITS, SLIDERS, to_values
from autohdr.style.fit import fit, fit_and_score
from autohdr.style.points import Seen
from autohdr.style.prior import Array
from tests.runtime.style.people import features, looked, prior


def places(count: int) -> tuple[list[str], Array]:
    """Groups of four, and capture times."""
    return [f"place {index // 4}" for index in range(count)], np.arange(0.0, 1000.0 * count, 1000.0)


def edits(seen: Array, *, whim: float = 0.02) -> Array:
    """Exposure makes up for brightness, Highlights follow a feature, Contrast is a whim; the others are one value."""
    random = np.random.default_rng(5)
    labels = np.full((len(seen), 8), 0.1)
    labels[:, 0] = -seen[:, 0] / 5.0 + whim * random.standard_normal(len(seen))
    labels[:, 2] = 0.2 * seen[:, 1] + whim * random.standard_normal(len(seen))
    labels[:, 1] = 0.2 * random.standard_normal(len(seen))
    return labels


def test_sliders_that_edits_explain_are_learnt_and_the_others_are_their_median() -> None:
    seen = features(24)
    labels = edits(seen)
    fitted = fit_and_score(prior(), looked(seen), labels, *places(24))
    by_name = {slider.name: row for slider, row in zip(SLIDERS, fitted.scores, strict=True)}
    assert by_name["Exposure"].learnt
    assert by_name["Highlights"].learnt
    assert not by_name["Contrast"].learnt
    assert by_name["Exposure"].mae < 0.5 * by_name["Exposure"].median_mae
    assert by_name["Contrast"].mae == by_name["Contrast"].median_mae
    scaled, error = fitted.head.answer(features(9, seed=8))
    np.testing.assert_allclose(scaled[:, 1], np.median(labels[:, 1]))
    np.testing.assert_allclose(error[:, 1], by_name["Contrast"].median_mae)
    assert (fitted.train, fitted.held_out) == (24, 0)


def test_a_mixed_slider_lies_between_the_style_and_the_constant() -> None:
    seen = features(24)
    head = fit(prior(), looked(seen), edits(seen))
    mixed = head.mix(0, 1.5, 0.25)
    before, after = (one.answer(features(9, seed=8))[0] for one in (head, mixed))
    np.testing.assert_allclose(after[:, 0], 0.25 * before[:, 0] + 0.75 * 1.5 / LIMITS[0])
    np.testing.assert_array_equal(after[:, 1:], before[:, 1:])


def test_of_many_photos_some_are_held_out() -> None:
    seen = features(240)
    fitted = fit_and_score(prior(), looked(seen), edits(seen), *places(240))
    assert fitted.train + fitted.held_out == 240
    assert fitted.held_out == pytest.approx(48, abs=4)
    assert all(row.photos == fitted.held_out for row in fitted.scores)


def test_stated_errors_are_those_on_other_photos() -> None:
    seen, asked = features(30), features(400, seed=9)
    for whim in (0.03, 0.06):
        fitted = fit_and_score(prior(), looked(seen), edits(seen, whim=whim), *places(30))
        scaled, stated = fitted.head.answer(asked)
        truth = edits(asked, whim=whim)
        found = np.abs(to_values(scaled) - truth * LIMITS)[:, [0, 2]].mean(axis=0)
        np.testing.assert_allclose(stated[:, [0, 2]].mean(axis=0), found, rtol=0.35)


def test_a_corrected_photo_moves_the_style_more() -> None:
    seen, labels = features(8), np.zeros((8, 8))
    labels[:, 1] = np.random.default_rng(0).normal(0, 0.05, 8)
    labels[0, 1] = 0.6
    moved = []
    for corrected in (False, True):
        whole = looked(seen)
        marks = np.array([corrected, *[False] * 7])
        head = fit(prior(), Seen(whole.features, whole.copies, marks), labels)
        moved.append(float(head.answer(seen[:1])[0][0, 1]))
    assert moved[1] > moved[0] + 0.005
