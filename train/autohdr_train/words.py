"""The choices of training's options; imports nothing heavy."""

from typing import Literal

RecipeName = Literal["autohdr2024", "finetune", "pu21-coral", "scratch"]
"""Recipes that can be asked for, of `autohdr_train.recipes.recipe.RECIPES`."""
