"""A bank's batches are what scoring would see of the same pictures on their displays."""

from pathlib import Path

import numpy as np
import pytest
import torch

from autohdr.errors import LearningError
from autohdr.quality.display import Display, standard
from autohdr.quality.inputs import Inputs
from autohdr.quality.patches import Patches
from autohdr_train.quality.sets.pair import Pair
from autohdr_train.quality.training.bank import Bank, plain_light
from tests.train.quality.made_up import Picture, light, pairs

PATCHES = Patches(16, 5)


def test_a_batch_is_what_the_runtime_makes_of_the_luminance(tmp_path: Path) -> None:
    """The display, PU21 and the patches in torch give the numbers of `autohdr.quality`."""
    bank = Bank.open(tmp_path, pairs(2, 2), light)
    inputs = Inputs("peaks", "255", (0.4, 0.5, 0.6), (0.2, 0.3, 0.4))
    numbers = np.array([0, 3, 5, 7])
    batch = bank.batch(numbers, inputs, PATCHES)
    places = PATCHES.places(64, 64)
    for row, number in enumerate(numbers):
        pair = bank.pairs[number]
        display = standard(pair.domain)
        unit = display.peak if pair.domain == "sdr" else 1.0
        for found, picture in zip((batch.reference, batch.test), light(pair), strict=True):
            expected = PATCHES.cut(inputs.of(display.shown(unit * picture)), places)
            np.testing.assert_allclose(found[row].numpy(), expected, atol=0.01)
        assert batch.scores[row] == pytest.approx(pair.score)
        np.testing.assert_array_equal(batch.uv[row], places.uv)


def test_in_training_both_pictures_of_a_pair_are_seen_alike(tmp_path: Path) -> None:
    bank = Bank.open(tmp_path, pairs(2, 2), lambda pair: (light(pair)[0], light(pair)[0]))
    numbers = bank.numbers("hdr")
    rng = np.random.default_rng(0)
    one = bank.batch(numbers, Inputs(), PATCHES, rng)
    other = bank.batch(numbers, Inputs(), PATCHES, rng)
    assert torch.equal(one.reference, one.test)
    assert not torch.equal(one.reference, other.reference)
    assert not torch.equal(one.uv, other.uv)


def test_numbers_are_of_domain_and_contents(tmp_path: Path) -> None:
    bank = Bank.open(tmp_path, pairs(3, 2), light)
    assert len(bank.numbers("sdr")) == len(bank.numbers("hdr")) == 6
    assert {bank.pairs[number].content for number in bank.numbers("hdr", ["hdr-1"])} == {"hdr-1"}


def test_a_bank_is_written_once(tmp_path: Path) -> None:
    Bank.open(tmp_path, pairs(2, 2), light)
    again = Bank.open(tmp_path, pairs(2, 2), lambda pair: pytest.fail("read again"))
    assert again.tests.shape == (8, 3, 64, 64)
    assert again.references.shape == (4, 3, 64, 64)


def test_light_is_taken_before_any_display() -> None:
    seen: list[Display] = []

    def luminance(_: Pair, sdr: Display, hdr: Display) -> tuple[Picture, Picture]:
        seen.extend([sdr, hdr])
        return np.zeros((1, 1, 3), np.float32), np.zeros((1, 1, 3), np.float32)

    plain_light(luminance)(pairs(1, 1)[0])
    assert seen[0].luminance(0.5) == pytest.approx(0.5**2.2)
    assert seen[1].shown([0.5, 4000.0]) == pytest.approx([0.5, 4000.0])


def test_nothing_and_odd_sizes_are_refused(tmp_path: Path) -> None:
    with pytest.raises(LearningError, match="no pairs"):
        Bank.open(tmp_path, [], light)
    sizes = iter([64, 64, 32, 32])
    with pytest.raises(LearningError, match="not 64 x 64"):
        Bank.open(tmp_path, pairs(1, 2, ("sdr",)), lambda pair: light(pair, next(sizes)))
