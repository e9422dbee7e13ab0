"""Patches cover a picture evenly, lie at the same places every time, and are told where they lie."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autohdr.errors import ModelError, PhotoError, SettingsError
from autohdr.quality.patches import Patches


@given(st.integers(16, 700), st.integers(16, 700), st.integers(1, 600), st.floats(0, 0.5))
def test_every_patch_lies_inside(height: int, width: int, count: int, jitter: float) -> None:
    places = Patches(16, count, jitter).places(height, width)
    assert places.corners.shape == places.uv.shape == (count, 2)
    assert (places.corners >= 0).all()
    assert (places.corners <= np.array([height, width]) - 16).all()
    assert ((places.uv > 0) & (places.uv < 1)).all()


def test_a_grid_without_jitter_by_hand() -> None:
    places = Patches(2, 4, jitter=0.0).places(8, 8)
    assert places.corners.tolist() == [[1, 1], [1, 5], [5, 1], [5, 5]]
    assert places.uv.tolist() == [[0.25, 0.25], [0.75, 0.25], [0.25, 0.75], [0.75, 0.75]]


def test_cells_are_near_squares_and_each_has_one_patch() -> None:
    places = Patches(16, 384, jitter=0.2).places(480, 720)  # 16 rows of 24
    cells = np.floor(places.uv * [24, 16]).astype(int)
    assert len({tuple(cell) for cell in cells}) == 384


def test_jitter_stays_within_its_share_of_the_cell() -> None:
    still, moved = (Patches(16, 384, jitter).places(1024, 1024).corners for jitter in (0.0, 0.2))
    distance = np.abs(still - moved).max()
    assert 0 < distance <= np.ceil(0.2 * 1024 / 19)


def test_the_seed_decides_and_a_generator_moves_on() -> None:
    patches = Patches(16, 50)
    np.testing.assert_array_equal(patches.places(99, 77).corners, patches.places(99, 77).corners)
    assert (Patches(16, 50, seed=1).places(99, 77).corners != patches.places(99, 77).corners).any()
    rng = np.random.default_rng(3)
    assert (patches.places(99, 77, rng).corners != patches.places(99, 77, rng).corners).any()


def test_what_is_cut_is_what_lies_there() -> None:
    pixels = np.arange(3 * 40 * 50, dtype=np.float32).reshape(3, 40, 50)
    patches = Patches(16, 7)
    places = patches.places(40, 50)
    cut = patches.cut(pixels, places)
    assert cut.shape == (7, 3, 16, 16)
    for patch, (row, column) in zip(cut, places.corners, strict=True):
        np.testing.assert_array_equal(patch, pixels[:, row : row + 16, column : column + 16])


def test_a_picture_smaller_than_a_patch_is_refused() -> None:
    Patches(16, 5).places(16, 20000)
    with pytest.raises(PhotoError, match="1 x 1 pixels is too small"):
        Patches(16, 5).places(1, 1)


def test_json_brings_them_back() -> None:
    patches = Patches(64, 36, 0.1, 5)
    assert Patches.from_dict(json.loads(json.dumps(patches.to_dict()))) == patches
    for wrong in ({"edge": 3}, {**patches.to_dict(), "count": 0}, {**patches.to_dict(), "side": None}):
        with pytest.raises(ModelError, match="patches are"):
            Patches.from_dict(wrong)


def test_impossible_settings_are_refused() -> None:
    for wrong in ({"side": 0}, {"count": 0}, {"jitter": 0.6}):
        with pytest.raises(SettingsError):
            Patches(**wrong)
