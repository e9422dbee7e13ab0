"""Two looks in one set of edits are seen where they are clear, and nowhere else."""

from dataclasses import replace

import numpy as np
import pytest

from autohdr.sliders import LIMITS
from autohdr.style.description import EXPOSURE, GROUPS
from autohdr.style.experts.blend import Blend
from autohdr.style.experts.looks import FEWEST, NONE, see
from autohdr.style.experts.prior import Array
from autohdr.style.fit import Fitted, fit_and_score
from tests.runtime.style.photographers import described, features, looked, prior

LIGHT = GROUPS[EXPOSURE].start
DAY = np.array([0.0, 0, -30, 20, 0, 0, 10, 0]) / LIMITS
NIGHT = np.array([0.7, 25, -80, 60, 20, -25, 0, -8]) / LIMITS


def scenes(count: int, seed: int = 6) -> Array:
    """Descriptions of photos of which three of five were taken by night (log2 of the light about 4), the others by
    day (about 13)."""
    found, random = described(count, seed), np.random.default_rng(seed)
    night = np.arange(count) % 5 < 3
    found[:, LIGHT] = np.where(night, 4.0, 13.0) + random.standard_normal(count)
    return found


def two_looks(seen: Array, noise: float = 0.0) -> Array:
    away = np.random.default_rng(1).standard_normal((len(seen), 8))
    return np.where(seen[:, [LIGHT]] < 8.5, NIGHT, DAY) + noise * np.abs(NIGHT - DAY) * away


def fitted(seen: Array, labels: Array) -> Fitted:
    count = len(seen)
    photos = replace(looked(features(count)), descriptions=seen)
    return fit_and_score(
        prior(), photos, labels, [f"place {row}" for row in range(count)], np.arange(0.0, 1000.0 * count, 1000.0)
    )


def off(head: Blend, seen: Array) -> float:
    """Mean absolute error of other photos, as a share of that of the best constant."""
    truth = two_looks(seen)
    said, _ = head.answer(features(len(seen), seed=9), seen, np.full(len(seen), np.nan))
    usual = np.abs(truth - np.median(truth, axis=0)).mean()
    return float(np.abs(said - truth).mean() / usual)


@pytest.mark.parametrize("noise", [0.0, 0.15])
def test_twenty_edits_by_day_and_by_night_are_two_looks(noise: float) -> None:
    """Without the looks, the mix of experts errs by more than 0.4 of what the median errs by."""
    seen, others = scenes(20), scenes(60, seed=7)
    made = fitted(seen, two_looks(seen, noise))
    assert made.head.looks
    assert made.head.looks.number == [LIGHT]
    assert 6.0 < made.head.looks.at[0] < 11.0
    assert off(made.head, others) < 0.1 + noise
    assert off(replace(made.head, looks=NONE), others) > 0.4
    assert all(row.mae < 0.6 * row.median_mae for row in made.scores)
    assert all(row.verdict == "adapted" for row in made.scores)


def test_the_looks_are_told_in_a_sentence() -> None:
    seen = scenes(20)
    first, *_ = fitted(seen, two_looks(seen)).notes
    assert first == (
        "your edits have two looks, and so have labels: photos taken in less light (12 edits) get Exposure +0.70, "
        "Contrast +25, Highlights -80, Shadows +60, Whites +20, Blacks -25, Vibrance 0, Saturation -8, and photos "
        "taken in more light (8 edits) get Exposure 0.00, Contrast 0, Highlights -30, Shadows +20, Whites 0, Blacks 0, "
        "Vibrance +10, Saturation 0"
    )


def test_a_slider_that_does_not_go_by_the_look_stays_with_the_experts() -> None:
    seen = scenes(24)
    labels = two_looks(seen)
    labels[:, 0] = 0.1 * np.random.default_rng(3).standard_normal(24)
    looks, said = see(seen, labels, np.arange(24), np.zeros((24, 8)))
    assert looks.by.tolist() == [0, 1, 1, 1, 1, 1, 1, 1]
    np.testing.assert_array_equal(said[:, 0], 0.0)
    assert np.abs(said - labels)[:, 1:].mean() < 0.02
    assert "Exposure" not in looks.sentence(seen)


@pytest.mark.parametrize("kind", ["one look", "a slope", "too few", "no number tells"])
def test_what_is_not_clear_is_no_look(kind: str) -> None:
    seen, random = scenes(20), np.random.default_rng(2)
    labels = {
        "one look": DAY + 0.1 * random.standard_normal((20, 8)),
        "a slope": 0.1 * random.standard_normal((20, 1)) + 0.05 * seen[:, [3]] * np.ones(8),
        "too few": two_looks(seen),
        "no number tells": two_looks(seen)[random.permutation(20)],
    }[kind]
    count = FEWEST - 1 if kind == "too few" else 20
    usual = np.tile(np.median(labels, axis=0), (count, 1))
    looks, said = see(seen[:count], labels[:count], np.arange(count), usual)
    assert not looks
    np.testing.assert_array_equal(said, usual)
    np.testing.assert_array_equal(looks.answer(seen, labels), labels)


def test_looks_that_no_number_tells_apart_are_rarely_taken_for_clear_ones() -> None:
    found = 0
    for seed in range(15):
        random, seen = np.random.default_rng(seed), scenes(20, seed)
        labels = two_looks(seen)[random.permutation(20)]
        found += bool(see(seen, labels, np.arange(20), np.tile(np.median(labels, axis=0), (20, 1)))[0])
    assert found <= 1


def test_a_burst_does_not_speak_for_itself() -> None:
    """Every look is one burst of photos: left out together, nothing is known of the other look."""
    seen = scenes(20)
    labels = two_looks(seen)
    burst = (seen[:, LIGHT] < 8.5).astype(np.int64)
    assert see(seen, labels, np.arange(20), np.zeros((20, 8)))[0]
    assert not see(seen, labels, burst, np.zeros((20, 8)))[0]


def test_a_photo_of_unknown_light_goes_by_the_experts() -> None:
    seen = scenes(20)
    looks, _ = see(seen, two_looks(seen), np.arange(20), np.zeros((20, 8)))
    others = scenes(5)
    others[2, LIGHT] = np.nan
    answer = looks.answer(others, np.full((5, 8), 0.5))
    np.testing.assert_array_equal(answer[2], 0.5)
    assert (answer[[0, 1, 3, 4]] != 0.5).all()


def test_edits_without_some_labels_have_looks_all_the_same() -> None:
    seen = scenes(20)
    labels = two_looks(seen)
    labels[3, 1], labels[:, 6] = np.nan, np.nan
    looks, said = see(seen, labels, np.arange(20), np.zeros((20, 8)))
    assert looks.by.tolist() == [1, 1, 1, 1, 1, 1, 0, 1]
    assert np.isfinite(looks.values).all()
    assert np.isfinite(said).all()


def test_looks_are_kept_in_a_style_s_arrays_and_damaged_ones_refused() -> None:
    seen, others = scenes(20), scenes(9, seed=3)
    head = fitted(seen, two_looks(seen)).head
    arrays = head.to_arrays()
    again = Blend.from_arrays(arrays)
    np.testing.assert_allclose(again.looks.answer(others, np.zeros((9, 8))), two_looks(others), atol=1e-6)
    for damage in ({"looks.number": np.array([99.0])}, {"looks.at": np.array([np.nan])}, {"looks.by": np.zeros(7)}):
        with pytest.raises(ValueError, match=r"looks"):
            Blend.from_arrays({**arrays, **damage})
