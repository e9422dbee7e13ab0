"""The bank: places apart, the same photos for every spec, made once."""

from pathlib import Path

import numpy as np
import pytest

from autohdr.spec import InputSpec
from autohdr_train.data import bank as photos
from autohdr_train.data.bank import Bank, open_bank
from tests.train.conftest import SMALL as SPEC


def test_no_place_is_both_learnt_and_scored(bank: Bank) -> None:
    assert set(bank.train.groups).isdisjoint(bank.held_out.groups)
    assert len(set(bank.train.groups)) > 1


def test_pixels_and_pictures_show_the_same_photo(bank: Bank) -> None:
    levels = [float(np.log2(bank.train.picture(row).mean() + 1e-3)) for row in range(24)]
    pixels = [float(np.asarray(bank.train.pixels[row], dtype=np.float32).mean()) for row in range(24)]
    assert np.corrcoef(levels, pixels)[0, 1] > 0.9
    assert bank.train.pixels.shape == (24, 3, 32, 32)
    assert max(bank.train.picture(0).shape) <= photos.SIDE


def test_a_photo_does_not_depend_on_spec_or_count(bank: Bank, radiance: Path, tmp_path: Path) -> None:
    other = open_bank(radiance, tmp_path, InputSpec(size=16, encoding="pu21-pmax"), train=3, held_out=2)
    assert other.key != bank.key
    np.testing.assert_array_equal(other.train.picture(2), bank.train.picture(2))
    assert other.held_out.groups == bank.held_out.groups[:2]


def test_a_bank_is_made_once(bank: Bank, radiance: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(photos, "_simulate", None)  # calling it would raise
    assert open_bank(radiance, cache, SPEC, train=24, held_out=12).key == bank.key


def test_a_run_that_is_killed_leaves_no_half_of_a_bank(
    radiance: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(photos, "_simulate", killed)
    with pytest.raises(KeyboardInterrupt):
        open_bank(radiance, tmp_path, SPEC, train=3, held_out=2)
    assert not list(tmp_path.iterdir())
    monkeypatch.undo()
    monkeypatch.setattr(photos, "SIZE", (64, 96))
    assert len(open_bank(radiance, tmp_path, SPEC, train=3, held_out=2).train) == 3
