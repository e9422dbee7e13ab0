"""What a style is solved over: photos, copies, and of too many a choice that keeps corrections."""

import numpy as np
import pytest

from autohdr.style import points as module
from autohdr.style.points import MOST, Seen, remember, some, to_copy
from tests.runtime.style.photographers import features, looked


def test_observing_and_spreading_are_each_others_transpose() -> None:
    seen = looked(features(5), np.array([0, 1, 0, 0, 1]))
    points, known = seen.points(), np.array([True, True, False, True, True])
    values, weights = np.random.default_rng(0).standard_normal((2, len(points.features)))
    weights = weights[: len(points.observe(values, known))]
    assert points.observe(values, known) @ weights == pytest.approx(values @ points.spread(weights, known))


def test_of_too_many_photos_the_corrections_stay() -> None:
    corrected = np.zeros(50, dtype=bool)
    corrected[[3, 17, 44]] = True
    for seed in range(20):
        chosen = some(50, 10, seed, corrected)
        assert len(set(chosen)) == 10
        assert {3, 17, 44} <= set(chosen)
        assert (np.diff(chosen) > 0).all()
    assert len(some(50, 2, 0, corrected)) == 2
    assert set(some(50, 2, 0, corrected)) <= {3, 17, 44}


def test_what_is_remembered_holds_them() -> None:
    corrected = np.zeros(MOST + 200, dtype=bool)
    corrected[-5:] = True
    count = len(corrected)
    seen = Seen(np.arange(count)[:, None].astype(float), np.full((count, 2, 1), np.nan), corrected)
    kept, labels = remember(seen, np.zeros((count, 8)), 0)
    assert len(labels) == MOST
    assert kept.corrected.sum() == 5
    assert set(range(count - 5, count)) <= set(kept.features[:, 0].astype(int).tolist())


def test_the_photos_that_are_looked_at_are_those_whose_copies_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST", 6)
    monkeypatch.setattr(module, "COPIED", 4)
    corrected = np.zeros(12, dtype=bool)
    corrected[7] = True
    chosen = to_copy(corrected, 3)
    assert len(chosen) == 4
    assert 7 in chosen
    seen = looked(features(12), np.isin(np.arange(12), chosen))
    kept, _ = remember(Seen(seen.features, seen.copies, corrected), np.zeros((12, 8)), 3)
    assert (len(kept.features), len(kept.copied)) == (6, 4)
    np.testing.assert_array_equal(kept.features[kept.copied], seen.features[chosen])
