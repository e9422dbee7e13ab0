"""Recipes: settings that cannot be wrong silently."""

from dataclasses import replace
from typing import Any

import pytest

from autohdr.errors import SettingsError
from autohdr_train.recipes.recipe import RECIPES, Recipe, autohdr2024, finetune, pu21_coral

GOOD: dict[str, Any] = {
    "name": "x",
    "head": "linear",
    "epochs": 1,
    "batch": 1,
    "optimiser": "adam",
    "rate": 1e-3,
}


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("epochs", 0, "--epochs is 0"),
        ("batch", 0, "--batch is 0"),
        ("seed", -1, "--seed is -1"),
        ("rate", 0.0, "learning rate is 0"),
        ("held_out", 1.0, "held-out share is 1"),
        ("warm_up", 1.0, "warm-up is 1"),
        ("average", 1.0, "average is 1.0"),
        ("weight_decay", 0.1, "only adamw has it"),
        ("steps", 3, "both 1 epochs and 3 steps"),
        ("epochs", None, "neither epochs nor steps"),
        ("layer_decay", 0.0, "layer-wise decay of the rate is 0.0"),
        ("label_noise", -1.0, "--smooth noise is -1.0"),
        ("label_window", 4, "--smooth average is 4 photos; expected an odd"),
    ],
)
def test_an_impossible_setting_is_refused_by_name(field: str, value: float | None, sentence: str) -> None:
    with pytest.raises(SettingsError, match=sentence):
        Recipe(**{**GOOD, field: value})


def test_an_alignment_needs_a_weight_and_two_photos() -> None:
    for wrong, sentence in (({"coral": -1.0}, "weight of the alignment is -1"), ({"batch": 1}, "--batch is 1; .* 2")):
        with pytest.raises(SettingsError, match=sentence):
            replace(pu21_coral(), **wrong)


@pytest.mark.parametrize("name", RECIPES)
def test_a_recipe_is_found_under_its_own_name(name: str) -> None:
    assert RECIPES[name]().name == name


def test_the_seed_recipe_is_as_published() -> None:
    recipe = autohdr2024()
    assert (recipe.optimiser, recipe.rate, recipe.epochs, recipe.batch) == ("adam", 5e-4, 10, 12)
    assert (recipe.head, recipe.held_out) == ("tanh", 0.2)


def test_only_what_is_named_is_changed() -> None:
    changed = autohdr2024().changed(epochs=None, batch=3, seed=None)
    assert (changed.batch, changed.epochs, changed.rate) == (3, 10, 5e-4)


def test_smoothing_and_augmentations_are_spelt_on_the_command_line() -> None:
    changed = finetune().changed(smooth="noise:0.25", augment=("turn", "blur"))
    assert (changed.label_noise, changed.label_window, changed.augment) == (0.25, 0, ("turn", "blur"))
    assert finetune().changed(smooth="average:5").label_window == 5


@pytest.mark.parametrize("smooth", ["noise", "noise:", "noise:much", "average:2.5", "blur:1"])
def test_smoothing_that_is_misspelt_is_refused(smooth: str) -> None:
    with pytest.raises(SettingsError, match="expected noise:SPREADS"):
        autohdr2024().changed(smooth=smooth)


def test_epochs_replace_a_number_of_steps() -> None:
    changed = finetune().changed(epochs=3)
    assert (changed.epochs, changed.steps) == (3, None)


@pytest.mark.parametrize("name", ["finetune", "pu21-coral"])
def test_our_recipes_begin_with_the_default_model_and_spare_few_edits(name: str) -> None:
    recipe = RECIPES[name]()
    assert recipe.start == "default"
    assert recipe.spare > 20
