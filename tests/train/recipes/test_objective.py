"""What a network is shown, and which objective a recipe means."""

from dataclasses import replace

import numpy as np
import pytest

from autohdr.errors import SettingsError
from autohdr.spec import InputSpec
from autohdr_train.data.tensors import TensorDataset
from autohdr_train.network.model import SliderNet
from autohdr_train.recipes.coral.adaptation import Adaptation
from autohdr_train.recipes.learn import prepare
from autohdr_train.recipes.objective import Supervised, label_spread, taught
from autohdr_train.recipes.recipe import Recipe, pu21_coral

RECIPE = Recipe("test", head="linear", epochs=2, batch=4, optimiser="adam", rate=3e-3)


def test_corrections_of_autohdrs_labels_are_shown_twice() -> None:
    pixels = np.zeros((4, 3, 32, 32), np.float32)
    labels = np.arange(32, dtype=np.float32).reshape(4, 8)
    marks = np.array([False, True, False, True])
    photos = TensorDataset(pixels, labels, ["a", "b", "c", "d"], np.arange(4.0), corrected=marks)
    shown = taught(photos, RECIPE)
    assert shown.groups == ["a", "b", "c", "d", "b", "d"]
    np.testing.assert_array_equal(shown.labels[4:], labels[[1, 3]])
    assert Supervised(photos, RECIPE).per_epoch == 2


def test_labels_are_smoothed_for_training_alone(photos: TensorDataset) -> None:
    before = photos.labels.copy()
    for smooth in ("noise:1", "average:3"):
        objective = Supervised(photos, RECIPE.changed(smooth=smooth))
        assert np.nansum(np.abs(taught(photos, objective.recipe).labels - before)) > 0
        np.testing.assert_array_equal(objective.labels, before)
    np.testing.assert_array_equal(photos.labels, before)


def test_a_recipe_that_aligns_is_never_trained_without_alignment(network: SliderNet, photos: TensorDataset) -> None:
    spec = InputSpec(size=32, encoding="pu21-pmax")
    assert isinstance(prepare(network, spec, photos, RECIPE), Supervised)
    assert isinstance(prepare(network, spec, photos, replace(pu21_coral(), head_first=False)), Adaptation)
    with pytest.raises(SettingsError, match="recipe test aligns two domains"):
        Supervised(photos, replace(RECIPE, coral=0.0))


def test_the_spread_of_labels_passes_over_missing_ones_and_is_never_nothing() -> None:
    labels = np.full((4, 8), np.nan, np.float32)
    labels[:, 0] = (-0.5, 0.5, np.nan, np.nan)
    labels[:, 1] = 0.3
    np.testing.assert_allclose(label_spread(labels), [0.5, *[0.01] * 7])
