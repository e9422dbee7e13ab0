"""Scores: in Lightroom's units, masked, beside the mean of the training labels."""

import math

import numpy as np
import pytest

from autohdr.sliders import LIMITS, SLIDERS
from autohdr.style.confidence.scores import SliderScore, beaten, in_use, mean_label, median_label, score, spelled, table

RANDOM = np.random.default_rng(0)
LABELS = RANDOM.uniform(-1, 1, (50, 8))


def test_perfect_predictions_score_one_without_error() -> None:
    for row in score(LABELS * LIMITS, LABELS, np.zeros(8)):
        assert (row.mae, row.r2, row.photos) == (0.0, 1.0, 50)


def test_the_error_is_in_the_sliders_own_unit() -> None:
    off = LABELS * LIMITS + np.array([0.5, 10, 10, 10, 10, 10, 10, 10])
    rows = score(off, LABELS, np.zeros(8))
    np.testing.assert_allclose([row.mae for row in rows], [0.5, *[10] * 7])


def test_the_mean_of_other_photos_never_scores_above_zero() -> None:
    mean = mean_label(RANDOM.uniform(-1, 1, (20, 8)))
    for row in score(LABELS * LIMITS, LABELS, mean):
        assert row.mean_r2 <= 0.0
    for row in score(LABELS * LIMITS, LABELS, mean_label(LABELS)):
        assert abs(row.mean_r2) < 1e-12


def test_the_baseline_may_be_another_for_each_photo() -> None:
    means = np.repeat([[10.0] * 8, [20.0] * 8], 25, axis=0)
    labels = means / LIMITS
    assert all(row.mean_mae == pytest.approx(0.0) for row in score(means, labels, means))
    assert all(row.mean_mae == pytest.approx(5.0) for row in score(means, labels, np.full(8, 15.0)))


def test_missing_labels_are_not_scored() -> None:
    labels = LABELS.copy()
    labels[10:, 2] = np.nan
    predicted = labels * LIMITS
    predicted[10:, 2] = 77.0
    row = score(predicted, labels, np.zeros(8))[2]
    assert (row.photos, row.mae) == (10, 0.0)


def test_a_slider_that_nobody_moved_has_no_r2() -> None:
    labels = LABELS.copy()
    labels[:, 3] = 0.1
    labels[:, 4] = np.nan
    rows = score(LABELS * LIMITS, labels, np.zeros(8))
    assert math.isnan(rows[3].r2)
    assert math.isnan(rows[4].mae)
    assert rows[4].photos == 0


def test_the_mean_label_skips_what_is_missing() -> None:
    labels = np.array([[0.2] * 8, [0.4] * 7 + [np.nan]])
    labels[:, 0] = np.nan
    mean = mean_label(labels)
    assert math.isnan(mean[0])
    np.testing.assert_allclose(mean[1:], [30] * 6 + [20])


def test_the_table_names_each_slider_and_dashes_what_is_unknown() -> None:
    labels = LABELS.copy()
    labels[:, 7] = np.nan
    lines = table(score(LABELS * LIMITS, labels, np.zeros(8))).splitlines()
    assert len(lines) == 9
    assert all(slider.name in line for slider, line in zip(SLIDERS, lines[1:], strict=True))
    assert "0.000 EV" in lines[1]
    assert lines[8].split() == ["Saturation", "0", "-", "-", "-", "-", "-"]


def test_the_median_leaves_out_what_is_not_there() -> None:
    labels = np.full((3, 8), np.nan)
    labels[:, 0] = [0.1, 0.2, 0.9]
    labels[0, 1] = -1.0
    found = median_label(labels)
    np.testing.assert_allclose(found[:2], [0.2 * LIMITS[0], -100.0])
    assert np.isnan(found[2:]).all()


def test_a_slider_has_to_beat_the_constant_by_more_than_chance() -> None:
    random = np.random.default_rng(0)
    labels = random.uniform(-0.5, 0.5, (200, 8))
    truth, constant = labels * LIMITS, np.zeros(8)
    better = truth + 0.3 * LIMITS * random.normal(size=truth.shape) * 0.1
    assert beaten(better, labels, constant).all()
    assert not beaten(np.zeros_like(truth), labels, constant).any()
    assert not beaten(truth + LIMITS, labels, constant).any()
    lucky = np.zeros_like(truth)
    lucky[0] = truth[0]  # right once in two hundred times
    assert not beaten(np.where(random.random(truth.shape) < 0.5, lucky, -lucky), labels, constant).all()
    labels[:, 3] = np.nan
    assert not beaten(better, labels, constant)[3]


def test_scores_are_those_of_what_is_written() -> None:
    labels = np.random.default_rng(0).uniform(-1, 1, (20, 8))
    predicted, median = np.zeros((20, 8)), np.full(8, 7.0)
    learnt = np.array([True, *[False] * 7])
    rows = score(predicted, labels, np.zeros(8), median, learnt)
    constant = score(np.broadcast_to(median, (20, 8)), labels, np.zeros(8), median)
    assert [row.learnt for row in rows] == learnt.tolist()
    assert rows[0].mae == score(predicted, labels, np.zeros(8))[0].mae
    assert [(row.mae, row.r2) for row in rows[1:]] == [(row.mae, row.r2) for row in constant[1:]]
    assert all(row.mae == row.median_mae for row in rows[1:])


def test_a_gain_is_the_share_of_the_medians_error_that_is_saved() -> None:
    median = np.zeros(8)
    rows = score(0.75 * LABELS * LIMITS, LABELS, median, median)
    np.testing.assert_allclose([[row.gain, row.gain_low, row.gain_high] for row in rows], 0.75)
    rows = score(0.75 * LABELS * LIMITS, LABELS, median, median, np.zeros(8, bool))
    assert [(row.gain, row.gain_low, row.gain_high) for row in rows] == [(0.0, 0.0, 0.0)] * 8
    assert all(math.isnan(row.gain) for row in score(LABELS * LIMITS, LABELS, median))


def test_the_interval_of_a_gain_holds_the_true_one_nine_times_in_ten() -> None:
    """Errors are exponential, and of the style half as large, in shoots of thirty edits; the true gain is a half."""
    random, held = np.random.default_rng(3), []
    for _ in range(60):
        ours, theirs = (random.exponential(size, (30, 8)) for size in (0.05, 0.1))
        rows = score((0.4 + ours) * LIMITS, np.full((30, 8), 0.4), np.zeros(8), (0.4 + theirs) * LIMITS)
        held += [row.gain_low < 0.5 < row.gain_high for row in rows]
    assert 0.83 < np.mean(held) < 0.95


def test_missing_labels_say_nothing_of_a_gain() -> None:
    labels = LABELS.copy()
    labels[40:, 0], labels[:, 1] = np.nan, np.nan
    predicted = np.where(np.isfinite(labels), 0.75 * LABELS, 9.0) * LIMITS
    rows = score(predicted, labels, np.zeros(8), np.zeros(8))
    assert rows[0].gain == pytest.approx(0.75)
    assert math.isnan(rows[1].gain)
    assert rows[1].verdict is None


def test_a_slider_that_one_edit_in_ten_touches_is_constant() -> None:
    labels = np.full((20, 8), 0.1)
    labels[:2, 0] = 0.9  # rarely moved
    labels[:10, 1] = 0.105  # by half a unit
    labels[:10, 2] = 0.2
    labels[:, 3] = np.nan
    assert in_use(labels).tolist() == [False, False, True, *[False] * 5]
    rows = score(np.zeros((20, 8)), labels, np.zeros(8), median_label(labels), np.zeros(8, bool))
    assert [row.verdict for row in rows] == ["constant", "constant", "not learnt", None, *["constant"] * 4]
    assert [spelled(row) for row in rows[:5]] == [
        "constant: you have it at +0.50",
        "constant: you have it at +10",
        "not learnt: gets your usual value",
        "",
        "constant: you have it at +10",
    ]


def test_a_gain_that_chance_may_have_made_is_called_so() -> None:
    random = np.random.default_rng(5)
    truth = LABELS * LIMITS
    rows = score(truth * random.uniform(-0.9, 1.1, truth.shape), LABELS, np.zeros(8), np.zeros(8))
    told = [spelled(row) for row in rows]
    assert [row.by_chance for row in rows] == [row.gain_low <= 0 for row in rows]
    assert any(line.startswith("adapted, perhaps by chance: ") for line in told)
    assert spelled(score(2.1 * truth, LABELS, np.zeros(8), np.zeros(8))[1]).startswith("adapted a little, no better")
    assert spelled(score(0.5 * truth, LABELS, np.zeros(8), np.zeros(8))[1]) == "adapted: 50 % less error (50 to 50 %)"


@pytest.mark.parametrize(
    ("key", "usual", "words"),
    [
        ("Temperature", 12.04, "constant: +12.0 mired from As Shot"),
        ("Tint", -3.0, "constant: -3.0 from As Shot"),
        ("Tint", 0.0, "constant: you leave it As Shot"),
        ("Texture", 15.0, "constant: you have it at +15"),
    ],
)
def test_white_balance_is_said_as_a_difference_from_as_shot(key: str, usual: float, words: str) -> None:
    row = SliderScore(key, 5, 0.0, 0.0, 0.0, 0.0, learnt=False, constant=True, usual=usual)
    assert spelled(row) == words
    assert words in table([row])
