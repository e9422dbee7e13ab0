"""What a checkpoint tells of how it was made, as few words as its card can be written with."""

import numpy as np

from autohdr.style.confidence.scores import score
from autohdr_train.recipes.recipe import autohdr2024

FACTS = {
    "data": "numbers",
    "start": "nothing",
    "photos": {"train": 4, "held_out": 1},
    "groups": {"train": 2, "held_out": 1},
    "left_out": {},
    "notes": [],
    "recipe": autohdr2024(),
    "steps": 2,
    "scores": score(np.zeros((5, 8)), np.zeros((5, 8)), np.zeros(8)),
}
