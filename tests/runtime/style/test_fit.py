"""A style fitted and scored: a slider that edits do not explain is a constant, and stated errors are those made."""

from dataclasses import replace

import numpy as np

from autohdr.sliders import LIMITS, SLIDERS, to_values
from autohdr.style.description import COUNT
from autohdr.style.experts.prior import Array
from autohdr.style.fit import fit, fit_and_score
from autohdr.style.points import Seen
from tests.runtime.style.photographers import features, looked, prior


def places(count: int) -> tuple[list[str], Array]:
    """Groups of four, and capture times."""
    return [f"place {index // 4}" for index in range(count)], np.arange(0.0, 1000.0 * count, 1000.0)


def unknown(count: int) -> tuple[Array, Array]:
    """Descriptions and capture times of which nothing is known."""
    return np.full((count, COUNT), np.nan), np.full(count, np.nan)


def edits(seen: Array, *, whim: float = 0.02) -> Array:
    """Exposure makes up for brightness, Highlights follow a feature, Contrast is a whim; the others are one value."""
    random = np.random.default_rng(5)
    labels = np.full((len(seen), 8), 0.1)
    labels[:, 0] = -seen[:, 0] / 5.0 + whim * random.standard_normal(len(seen))
    labels[:, 2] = 0.2 * seen[:, 1] + whim * random.standard_normal(len(seen))
    labels[:, 1] = 0.2 * random.standard_normal(len(seen))
    return labels


def test_sliders_that_edits_explain_are_learnt_and_the_others_are_their_median() -> None:
    seen = features(40)
    labels = edits(seen)
    fitted = fit_and_score(prior(), looked(seen), labels, *places(40))
    by_name = {slider.name: row for slider, row in zip(SLIDERS, fitted.scores, strict=True)}
    assert by_name["Exposure"].learnt
    assert by_name["Highlights"].learnt
    assert by_name["Exposure"].mae < 0.5 * by_name["Exposure"].median_mae
    scaled, _ = fitted.head.answer(features(9, seed=8), *unknown(9))
    for number, row in enumerate(fitted.scores):
        if not row.learnt:
            np.testing.assert_allclose(scaled[:, number], np.median(labels[:, number]))
            assert row.mae == row.median_mae
    contrast = by_name["Contrast"]
    assert contrast.mae < 1.1 * contrast.median_mae
    assert not by_name["Blacks"].learnt
    assert by_name["Blacks"].constant


def test_few_edits_of_whims_hardly_move_a_slider() -> None:
    """Over many photographers without a rule, a style is not worse than their median by more than a little."""
    ours = usual = 0.0
    for seed in range(12):
        seen, random = features(30, seed=seed), np.random.default_rng(seed)
        labels = 0.2 * random.standard_normal((30, 8))
        head = fit_and_score(prior(), looked(seen[:10]), labels[:10], *places(10)).head
        scaled, _ = head.answer(seen[10:], *unknown(20))
        ours += np.abs(scaled - labels[10:]).mean()
        usual += np.abs(np.median(labels[:10], axis=0) - labels[10:]).mean()
    assert ours < 1.03 * usual


def test_stated_errors_are_those_on_other_photos() -> None:
    seen, asked = features(60), features(400, seed=9)
    for whim in (0.04, 0.08):
        fitted = fit_and_score(prior(), looked(seen), edits(seen, whim=whim), *places(60))
        scaled, stated = fitted.head.answer(asked, *unknown(400))
        found = np.abs(to_values(scaled) - edits(asked, whim=whim) * LIMITS)[:, [0, 2]].mean(axis=0)
        assert (stated[:, [0, 2]].mean(axis=0) > 0.8 * found).all()
        assert (stated[:, [0, 2]].mean(axis=0) < 2.5 * found).all()


def test_a_photo_of_which_nothing_like_it_was_edited_may_be_farther_off() -> None:
    seen, random = features(30), np.random.default_rng(2)
    described = random.standard_normal((30, COUNT))
    labels = np.tile(0.1 * random.standard_normal((30, 1)), 8)
    head = fit_and_score(prior(), replace(looked(seen), descriptions=described), labels, *places(30)).head
    near, far = (head.answer(seen, rows, np.full(30, np.nan))[1] for rows in (described, described + 1e4))
    assert (far.mean(axis=0) > near.mean(axis=0)).all()


def test_photos_of_a_day_share_what_the_day_differs_by() -> None:
    seen, days = features(30), np.repeat(np.arange(6.0), 5) * 86400.0 + 1e9
    labels = np.zeros((30, 8))
    labels[:, 0] = np.repeat([0.3, -0.3, 0.2, -0.2, 0.1, -0.1], 5)
    labels[:, 0] += 0.002 * np.random.default_rng(3).standard_normal(30)
    head = fit_and_score(
        prior(), looked(seen), labels, [str(day) for day in days], days + np.arange(30.0) % 5 * 60
    ).head
    first, second, never = (
        head.answer(seen, unknown(30)[0], np.full(30, day + 7200.0))[0][:, 0].mean()
        for day in (days[0], days[5], 1.5e9)
    )
    assert first > never > second


def test_a_corrected_photo_moves_the_network_s_expert_more() -> None:
    seen, labels = features(8), np.zeros((8, 8))
    labels[:, 1] = np.random.default_rng(0).normal(0, 0.05, 8)
    labels[0, 1] = 0.6
    moved = []
    for corrected in (False, True):
        whole = looked(seen)
        marks = np.array([corrected, *[False] * 7])
        head = fit(prior(), Seen(whole.features, whole.copies, marks), labels)
        moved.append(float(head.answer(seen[:1])[0, 1]))
    assert moved[1] > moved[0] + 0.005
