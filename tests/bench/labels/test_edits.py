"""Edits of a bank: drawn one inside the other, always the same, and scored between baseline and floor."""

import dataclasses

import numpy as np

from autohdr_bench.labels.edits import Edits, drawn, scored
from autohdr_scenes.photographers import PHOTOGRAPHERS
from autohdr_train.data.bank import Bank

NAME = next(iter(PHOTOGRAPHERS))


def test_the_five_edits_of_a_draw_are_the_first_of_its_ten(bank: Bank) -> None:
    ten = drawn(bank.train, 3, 10)
    np.testing.assert_array_equal(drawn(bank.train, 3, 5), ten[:5])
    assert len(set(ten)) == 10
    assert list(drawn(bank.train, 4, 10)) != list(ten)


def test_a_photo_has_one_edit_whatever_is_asked_for_besides(bank: Bank) -> None:
    whole, _ = Edits(PHOTOGRAPHERS[NAME], bank).of("train", range(10))
    some, clean = Edits(PHOTOGRAPHERS[NAME], bank).of("train", [7, 2])
    np.testing.assert_array_equal(some, whole[[7, 2]])
    assert (some != clean).any()
    other, _ = Edits(PHOTOGRAPHERS[NAME], bank).of("held_out", range(10))
    assert (other != whole).any()


def test_another_inconsistency_has_another_digest(bank: Bank) -> None:
    usual = PHOTOGRAPHERS[NAME]
    louder = dataclasses.replace(usual, noise=usual.noise * 1.5)
    assert Edits(usual, bank).digest == Edits(usual, bank).digest
    assert Edits(louder, bank).digest != Edits(usual, bank).digest


def test_the_photographers_own_edit_stands_at_the_floor() -> None:
    random = np.random.default_rng(0)
    clean = random.uniform(-2, 2, (50, 8))
    labels = clean + 0.3 * random.standard_normal((50, 8))
    labels[:, 6] = np.nan  # not scored
    row = scored(clean, labels, clean, labels)
    np.testing.assert_allclose(row["mae"], row["floor_mae"])
    np.testing.assert_allclose(row["r2"], row["best_r2"])
    np.testing.assert_allclose(np.delete(row["clean_r2"], 6), 1.0)
    assert np.isnan(row["r2"][6])
    assert all(floor < before for floor, before in zip(row["floor_mae"][:6], row["mean_mae"][:6], strict=True))


def test_a_slider_that_no_edit_has_is_measured_against_zero() -> None:
    labels = np.full((4, 8), 10.0)
    labels[:2] = -30.0
    train = np.full((3, 8), np.nan)
    row = scored(np.zeros((4, 8)), labels, labels, train)
    assert row["mean_mae"][1] == 20.0
