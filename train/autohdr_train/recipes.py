"""How a network is trained: a recipe is a function that returns its settings, its docstring what we measured."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

from autohdr.errors import SettingsError
from autohdr_train.model import Head


@dataclass(frozen=True, slots=True)
class Recipe:
    """All that decides, with data and start, what a training run learns."""

    name: str
    head: Head
    epochs: int
    """Times that every training photo is seen."""
    batch: int
    """Photos in a step."""
    optimiser: Literal["adam", "adamw"]
    rate: float
    """Largest learning rate."""
    weight_decay: float = 0.0
    """AdamW's, on weight matrices alone."""
    warm_up: float = 0.0
    """Share of all steps over which the rate rises from 0, 0 to 1."""
    cosine: bool = False
    """After the warm-up the rate falls to 0 along half a cosine; otherwise it stays."""
    clip: float | None = None
    """Largest norm of the gradient."""
    average: float | None = None
    """Decay per step of a moving average of the weights, 0 to 1; the average is what is scored and saved."""
    turns: bool = False
    """Each photo is turned by a multiple of 90 degrees and mirrored, at random, every time that it is seen."""
    bf16: bool = False
    """bfloat16 autocast: about 2x faster on CPUs that have it, weights stay float32."""
    balanced: bool = False
    """Errors of each slider are measured in its standard deviation over the training labels, so that those that move
    little are learnt as well; otherwise in its range."""
    held_out: float = 0.2
    """Share of the photos that is scored, not learnt, 0 to 1."""
    seed: int = 0
    """Of the random weights, the split, the order and the augmentation."""

    def __post_init__(self) -> None:
        if self.epochs < 1:
            raise SettingsError(f"--epochs is {self.epochs}; expected at least 1")
        if self.batch < 1:
            raise SettingsError(f"--batch is {self.batch}; expected at least 1")
        if self.seed < 0:
            raise SettingsError(f"--seed is {self.seed}; expected 0 or more")
        if self.rate <= 0:
            raise SettingsError(f"learning rate is {self.rate}; expected above 0")
        if not 0 < self.held_out < 1:
            raise SettingsError(f"held-out share is {self.held_out}; expected between 0 and 1")
        if not 0 <= self.warm_up < 1:
            raise SettingsError(f"warm-up is {self.warm_up} of all steps; expected 0 to below 1")
        if self.average is not None and not 0 < self.average < 1:
            raise SettingsError(f"decay of the average is {self.average}; expected between 0 and 1")
        if self.weight_decay and self.optimiser != "adamw":
            raise SettingsError(f"weight decay is {self.weight_decay} with {self.optimiser}; only adamw has it")

    def changed(self, *, epochs: int | None, batch: int | None, seed: int | None) -> "Recipe":
        """The same with what is not None replaced."""
        return replace(
            self,
            epochs=self.epochs if epochs is None else epochs,
            batch=self.batch if batch is None else batch,
            seed=self.seed if seed is None else seed,
        )


def seed() -> Recipe:
    """As the AutoHDR seed published it, made repeatable: MSE, Adam 5e-4, 10 epochs, batch 12, 80/20, tanh.

    What differs: the split is by group and drawn from a fixed seed, and missing labels are masked.

    Command: `autohdr-train SHOOT --out DIR --recipe seed`; published with `--start google/vit-base-patch16-224`.
    """
    return Recipe("seed", head="tanh", epochs=10, batch=12, optimiser="adam", rate=5e-4)


def default_model() -> Recipe:
    """What trained the model that comes with autohdr: a ViT-tiny from scratch on simulated shots.

    Command: `python -m autohdr_train.default --radiance FOLDER --out DIR`. Measured in November 2026 on two cores of a
    shared Xeon with bfloat16, from 48 radiance images: 9 minutes to simulate 9000 photos, 53 to train; R2 on held-out
    places 0.96 for Exposure, 0.82 (Saturation) to 0.89 for the others, where noise allows 0.98 and 0.87 to 0.93.
    """
    return Recipe(
        "default_model",
        head="linear",
        epochs=10,
        batch=64,
        optimiser="adamw",
        rate=1e-3,
        weight_decay=0.05,
        warm_up=0.05,
        cosine=True,
        clip=1.0,
        average=0.999,
        turns=True,
        bf16=True,
        balanced=True,
    )


RECIPES: dict[str, Callable[[], Recipe]] = {"seed": seed, "default_model": default_model}
