"""Examples: an exposure that is off, and the edit that mends it."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from autohdr.raw.baseline import UNKNOWN
from autohdr.sliders import LIMITS
from autohdr.spec import InputSpec
from autohdr_train.data.photographs import read_photographs
from autohdr_train.default import examples as module
from autohdr_train.default.examples import (
    Exposure,
    as_asked,
    as_met,
    before_a_ground,
    blank,
    examples,
    label,
)

SPEC = InputSpec(size=32, encoding="pu21-pmax", mean=(0.26, 0.26, 0.26), std=(0.12, 0.12, 0.12))


def see(pixels: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.asarray(pixels.mean(axis=(2, 3)))


def test_exposure_undoes_the_error_and_nothing_else_depends_on_it() -> None:
    light = np.random.default_rng(0).uniform(0.0, 0.1, (40, 60, 3)).astype(np.float32)
    right = label(light, Exposure(0.0, UNKNOWN, 0.0)) * LIMITS
    over = label(2 * light, Exposure(1.0, UNKNOWN, 0.0)) * LIMITS
    assert over[0] == pytest.approx(right[0] - 1.0)
    np.testing.assert_allclose(over[1:], right[1:], atol=1e-6)


def test_each_photograph_is_exposed_so_often_and_always_the_same(photographs: Path, tmp_path: Path) -> None:
    photos = read_photographs(photographs)[:3]
    found, again, other = (
        examples(photos, see, SPEC, tmp_path, copies=5, draw=as_met, seed=seed) for seed in (1, 1, 2)
    )
    assert found.seen.shape == (15, 3)
    assert found.photos.tolist() == [0] * 5 + [1] * 5 + [2] * 5
    np.testing.assert_array_equal(found.seen, again.seen)
    np.testing.assert_array_equal(found.labels, again.labels)
    assert not np.array_equal(found.labels, other.labels)


def test_a_brighter_exposure_is_seen_as_brighter(photographs: Path, tmp_path: Path) -> None:
    found = examples(read_photographs(photographs)[:1], see, SPEC, tmp_path, copies=6, draw=as_asked, seed=1)
    order = np.argsort(found.labels[:, 0])
    assert (np.diff(found.seen[order].mean(axis=1)) < 0).all()


def test_a_photograph_before_a_ground_is_mended_as_it_is(photographs: Path, tmp_path: Path) -> None:
    photos = read_photographs(photographs)[:2]
    found = examples(photos, see, SPEC, tmp_path, copies=2, draw=as_met, change=before_a_ground, seed=1)
    assert np.isfinite(found.seen).all()
    assert np.abs(found.labels[:, 0]).max() < 1


def test_blank_frames_are_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "BLANK", 12)
    found = blank(see, SPEC, seed=0)
    assert not found.labels.any()
    assert found.seen[2].mean() > found.seen[0].mean()


@pytest.mark.parametrize(("draw", "spread"), [(as_asked, 0.5), (as_met, 0.66)])
def test_errors_are_as_large_as_said(draw: module.Draw, spread: float) -> None:
    random = np.random.default_rng(0)
    drawn = [draw(random) for _ in range(2000)]
    assert np.std([one.stops for one in drawn]) == pytest.approx(spread, rel=0.06)
    assert all(0.0 <= one.beyond <= 3.0 for one in drawn)
