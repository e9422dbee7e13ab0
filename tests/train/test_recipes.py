"""Recipes: settings that cannot be wrong silently."""

from typing import Any

import pytest

from autohdr.errors import SettingsError
from autohdr_train.recipes import RECIPES, Recipe, seed

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
    ],
)
def test_an_impossible_setting_is_refused_by_name(field: str, value: float, sentence: str) -> None:
    with pytest.raises(SettingsError, match=sentence):
        Recipe(**{**GOOD, field: value})


@pytest.mark.parametrize("name", RECIPES)
def test_a_recipe_is_found_under_its_own_name(name: str) -> None:
    assert RECIPES[name]().name == name


def test_the_seed_recipe_is_as_published() -> None:
    recipe = seed()
    assert (recipe.optimiser, recipe.rate, recipe.epochs, recipe.batch) == ("adam", 5e-4, 10, 12)
    assert (recipe.head, recipe.held_out) == ("tanh", 0.2)


def test_only_what_is_named_is_changed() -> None:
    changed = seed().changed(epochs=None, batch=3, seed=None)
    assert (changed.batch, changed.epochs, changed.rate) == (3, 10, 5e-4)
