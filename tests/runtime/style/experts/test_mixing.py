"""Experts are mixed as far as left-out edits, and other people's experience, speak for them."""

import numpy as np
import pytest

from autohdr.style.experts import mixing
from autohdr.style.experts.mixing import EXPERTS, MIXES, Mixed, Slider

EVEN = np.ones(len(MIXES))


def experts(labels: np.ndarray, good: int | None) -> np.ndarray:
    """What the experts say of labels (K,): one is right, the first says 0, the others anything."""
    random = np.random.default_rng(3)
    said = random.standard_normal((len(EXPERTS), len(labels)))
    said[0] = 0.0
    if good is not None:
        said[good] = labels
    return said


def mix(left_out: np.ndarray, labels: np.ndarray, worth: np.ndarray) -> Mixed:
    """The mix of one slider."""
    return mixing.mix([Slider(left_out, labels, worth)])[0]


def test_every_expert_can_earn_nearly_all() -> None:
    labels = np.random.default_rng(0).standard_normal(40)
    for good in range(1, len(EXPERTS)):
        found = mix(experts(labels, good), labels, EVEN)
        assert found.shares[good] > 0.95
        np.testing.assert_allclose(found.shares.sum(), 1.0)
        assert np.abs(found.left_out - labels).mean() < 0.1


def test_what_left_out_edits_speak_against_is_the_usual_value() -> None:
    labels = np.random.default_rng(0).standard_normal(40)
    found = mix(experts(labels, None) * [[1], [4], [4], [4]], labels, EVEN)
    np.testing.assert_array_equal(found.shares, [1, 0, 0, 0])
    np.testing.assert_array_equal(found.left_out, 0.0)


def test_experience_counts_like_some_edits() -> None:
    labels = np.random.default_rng(0).standard_normal(6)
    alike = np.zeros((len(EXPERTS), 6))
    for expert in range(len(EXPERTS)):
        worth = np.where(MIXES[:, expert] == 1, 0.5, 1.0)
        assert mix(alike, labels, worth).shares.argmax() == expert
    assert MIXES[0].tolist() == [1, 0, 0, 0]


def test_an_edit_s_own_error_does_not_count_for_what_is_said_of_it() -> None:
    """Two edits, each of which speaks for another expert: alone, each gets the one that the other speaks for."""
    said = np.array([[5.0, 5.0], [1.0, 9.0], [9.0, 1.0], [5.0, 5.0]])
    found = mix(said, np.array([1.0, 1.0]), EVEN)
    assert (np.abs(found.left_out - 1.0) > 3.0).all()


def test_where_the_network_is_right_about_many_sliders_experience_with_it_counts_no_more() -> None:
    """Six edits of each of six sliders: one slider alone leaves it at others' experience, all together do not."""
    random = np.random.default_rng(0)
    labels = random.standard_normal((6, 6))
    against = np.where(MIXES[:, -1] > 0, 2.0, 1.0)
    sliders = [Slider(experts(0.5 * column, 3), column, against) for column in labels]
    alone, together = mixing.mix(sliders[:1])[0], mixing.mix(sliders)
    assert alone.shares[3] < 0.8
    assert all(found.shares[3] > 0.95 for found in together)
    ruled_out = [slider._replace(worth=np.where(MIXES[:, -1] > 0, np.inf, 1.0)) for slider in sliders]
    assert all(found.shares[3] < 1e-9 for found in mixing.mix(ruled_out))


def test_nothing_is_mixed_where_no_slider_is_moved() -> None:
    assert mixing.mix([]) == []


def test_who_starts_from_auto_is_told_by_all_sliders() -> None:
    """Six edits each of six sliders, near Auto: one slider alone is left at others' experience, which is against it."""
    random = np.random.default_rng(0)
    labels = random.standard_normal((6, 6))
    auto = EXPERTS.index("auto")
    against = np.where(MIXES[:, auto] > 0, 1.6, 1.0)
    sliders = [Slider(experts(column + 0.3 * random.standard_normal(6), auto), column, against) for column in labels]
    alone, together = mixing.mix(sliders[:1])[0], mixing.mix(sliders)
    assert np.mean([found.shares[auto] for found in together]) > alone.shares[auto] + 0.1


def test_the_kinds_are_all_there_are() -> None:
    assert sum(probability for probability, _ in mixing.KINDS.values()) == pytest.approx(1.0)
