"""An edit moves photos of the same moment, and hardly any other."""

import numpy as np
import pytest

from autohdr.style.experts.nearby import REACH, SHARE, Nearby, nearness
from autohdr.style.file import Style
from autohdr.style.fit import fit_and_score
from tests.runtime.style.photographers import features, looked, prior

TIMES = np.array([0.0, 5.0, 30.0, 600.0, 86400.0, np.nan])


def test_one_edit_moves_its_moment_most_and_fades_with_time() -> None:
    nearby = Nearby.of(np.array([0.0]), np.full((1, 8), 0.2), np.ones(1))
    moved = nearby.answer(TIMES)[:, 0]
    assert moved[0] == pytest.approx(SHARE * 0.2)
    assert moved[2] == pytest.approx(SHARE * 0.2 * np.exp(-30.0 / REACH))
    assert (np.diff(moved[:5]) < 0).all()
    assert moved[3] < 1e-4
    assert moved[5] == 0.0


def test_edits_that_are_as_expected_move_nobody() -> None:
    assert not Nearby.of(TIMES[:5], np.zeros((5, 8)), np.ones(5)).answer(TIMES).any()


def test_edits_of_one_moment_count_together_and_not_twice() -> None:
    one = Nearby.of(np.array([0.0]), np.full((1, 8), 0.2), np.ones(1)).answer(np.zeros(1))
    two = Nearby.of(np.array([0.0, 0.0]), np.full((2, 8), 0.2), np.ones(2)).answer(np.zeros(1))
    apart = Nearby.of(np.array([0.0, 0.0]), np.array([[0.2] * 8, [0.0] * 8]), np.ones(2)).answer(np.zeros(1))
    assert (one < two).all()
    assert (two < 0.2).all()
    assert np.allclose(apart, two / 2)


def test_a_label_that_is_missing_says_nothing_and_a_correction_says_more() -> None:
    differences = np.full((2, 8), 0.2)
    differences[0, 3] = np.nan
    moved = Nearby.of(np.array([0.0, 1e6]), differences, np.ones(2)).answer(np.array([0.0]))[0]
    assert moved[3] == 0.0
    assert moved[2] > 0.1
    corrected = Nearby.of(np.array([0.0]), np.full((1, 8), 0.2), np.full(1, 0.5)).answer(np.zeros(1))
    assert (corrected > Nearby.of(np.array([0.0]), np.full((1, 8), 0.2), np.ones(1)).answer(np.zeros(1))).all()


def test_nothing_is_known_without_times() -> None:
    nearby = Nearby.of(np.full(3, np.nan), np.ones((3, 8)), np.ones(3))
    assert nearby.weights.shape == (8, 0)
    assert not nearby.answer(TIMES).any()
    assert nearness(TIMES, TIMES[5:]).max() == 0.0


@pytest.mark.parametrize("times", [np.array([0.0, 1.0]), np.array([np.inf])])
def test_arrays_that_do_not_fit_are_refused(times: np.ndarray) -> None:
    with pytest.raises(ValueError, match="not finite"):
        Nearby(times, np.zeros((8, 1))).checked(8)


def style(labels: np.ndarray, captured: np.ndarray) -> Style:
    from autohdr.mode import HDR

    seen = looked(features(len(labels)))
    fitted = fit_and_score(prior(), seen, labels, [str(row) for row in range(len(labels))], captured)
    return Style(fitted.head, "network", "name", HDR, {}, fitted.scores)


def test_an_edit_of_one_frame_moves_its_neighbours_most() -> None:
    """Of the same photographer, edited otherwise in one photo: photos of that moment are moved by most of it."""
    captured = 1.7e9 + 86400.0 * np.arange(20.0)
    labels = 0.1 + 0.02 * np.random.default_rng(0).standard_normal((20, 8))
    changed = labels.copy()
    changed[7] += 0.3
    asked = captured[7] + np.array([1.0, 40.0, 3600.0, 86400.0 * 0.4, 86400.0 * 30])
    seen = features(5, seed=9)
    unknown = np.full((5, 31), np.nan)
    before, after = (style(one, captured).answer(seen, unknown, asked)[0] for one in (labels, changed))
    moved = (after - before).mean(axis=1)
    assert moved[0] > 0.5 * 0.3
    assert moved[0] > moved[1] > 3 * np.abs(moved[2:]).max()


def test_a_style_keeps_seconds_in_its_file() -> None:
    captured = 1.7e9 + 7.0 * np.arange(12.0)
    labels = 0.1 * np.random.default_rng(0).standard_normal((12, 8))
    made = style(labels, captured)
    again = Style.from_bytes(made.to_bytes())
    assert np.array_equal(again.head.nearby.captured, captured)
    assert np.allclose(again.head.nearby.answer(captured), made.head.nearby.answer(captured), atol=1e-5)
