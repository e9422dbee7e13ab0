"""How a network is trained: a recipe is a function that returns its settings, its docstring what we measured."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Literal

from autohdr.errors import SettingsError
from autohdr_train.network.model import Head
from autohdr_train.recipes.loss import Loss

SPARE = 200
"""Edits from which a fifth can be spared for scoring."""
OF_LIGHT = frozenset({"exposure", "noise", "white-balance", "camera", "defocus"})
"""Augmentations that change the sensor's light, so that they need sensor data."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """All that decides, with data and start, what a training run learns."""

    name: str
    head: Head
    epochs: int | None = None
    """Times that every training photo is seen; None where `steps` says how long."""
    steps: int | None = None
    """Optimiser steps, instead of `epochs`."""
    batch: int = 1
    """Photos in one training step."""
    optimiser: Literal["adam", "adamw"] = "adamw"
    rate: float = 1e-3
    """Largest learning rate."""
    start: str = "tiny"
    """What --start is unless the user says."""
    head_first: bool = False
    """The head is first solved for, without gradients: a style, as near to it as a linear layer comes."""
    loss: Loss = "mse"
    weight_decay: float = 0.0
    """AdamW's, on weight matrices alone."""
    layer_decay: float = 1.0
    """The head learns at the full rate, and each layer below at this share of the rate of the one above."""
    warm_up: float = 0.0
    """Share of all steps over which the rate rises from 0, 0 to 1."""
    cosine: bool = False
    """After the warm-up the rate falls to 0 along half a cosine; otherwise it stays."""
    clip: float | None = None
    """Largest norm of the gradient."""
    average: float | None = None
    """Decay per step of a moving average of the weights, 0 to 1; the average is what is scored and saved."""
    augment: tuple[str, ...] = ()
    """Names of augmentations, applied in this order to each photo every time that it is seen."""
    label_noise: float = 0.0
    """Standard deviation of the noise added to the training labels, in each slider's own spread."""
    label_window: int = 0
    """Photos over which training labels are averaged, inside a group, in the order of capture, odd; 0 is none."""
    coral: float | None = None
    """Weight of deep CORAL between the photos as displayed in SDR and their scene light."""
    watch_every: int | None = None
    """Steps between two looks at photos that are not learnt; the look with the smallest error says where to stop.
    None: the run goes on to its end."""
    bf16: bool = False
    """bfloat16 autocast: about 2x faster on CPUs that have it, weights stay float32."""
    balanced: bool = False
    """Errors of each slider are measured in its standard deviation over the training labels, so that those that move
    little are learnt as well; otherwise in its range."""
    held_out: float = 0.2
    """Share of the photos that is scored, not learnt, 0 to 1."""
    spare: int = 0
    """The fewest photos of which some are kept from learning: fewer are scored in folds, and all are learnt."""
    seed: int = 0
    """The seed of the random weights, the split, the order and the augmentation."""

    def __post_init__(self) -> None:
        coral, average = self.coral, self.average
        impossible = {
            f"--epochs is {self.epochs}; expected at least 1": self.epochs is not None and self.epochs < 1,
            f"number of steps is {self.steps}; expected at least 1": self.steps is not None and self.steps < 1,
            f"recipe {self.name} has both {self.epochs} epochs and {self.steps} steps; choose one": (
                self.epochs is not None and self.steps is not None
            ),
            f"recipe {self.name} has neither epochs nor steps; set one": self.epochs is None and self.steps is None,
            f"--batch is {self.batch}; expected at least 1": self.batch < 1,
            f"--batch is {self.batch}; expected at least 2, which a covariance needs": (
                coral is not None and self.batch < 2
            ),
            f"--seed is {self.seed}; expected 0 or more": self.seed < 0,
            f"learning rate is {self.rate}; expected above 0": self.rate <= 0,
            f"held-out share is {self.held_out}; expected between 0 and 1": not 0 < self.held_out < 1,
            f"warm-up is {self.warm_up} of all steps; expected 0 to below 1": not 0 <= self.warm_up < 1,
            f"layer-wise decay of the rate is {self.layer_decay}; expected above 0, at most 1": (
                not 0 < self.layer_decay <= 1
            ),
            f"decay of the average is {average}; expected between 0 and 1": average is not None and not 0 < average < 1,
            f"weight decay is {self.weight_decay} with {self.optimiser}; only adamw has it": (
                bool(self.weight_decay) and self.optimiser != "adamw"
            ),
            f"weight of the alignment is {coral}; expected 0 or more": coral is not None and coral < 0,
            f"--smooth noise is {self.label_noise} spreads; expected 0 or more": (
                not 0 <= self.label_noise < float("inf")
            ),
            f"--smooth average is {self.label_window} photos; expected an odd number of them": (
                self.label_window != 0 and not (self.label_window > 0 and self.label_window % 2)
            ),
        }
        for sentence, is_so in impossible.items():
            if is_so:
                raise SettingsError(sentence)

    def changed(
        self,
        *,
        epochs: int | None = None,
        batch: int | None = None,
        seed: int | None = None,
        augment: tuple[str, ...] | None = None,
        smooth: str | None = None,
    ) -> "Recipe":
        """A recipe with each setting replaced that is not None. `smooth` is `noise:SPREADS` or `average:PHOTOS`.

        Raises:
            SettingsError: a value is impossible, or the recipe takes no steps, which all but `seed` would change.
        """
        changed = replace(
            self,
            epochs=self.epochs if epochs is None else epochs,
            steps=self.steps if epochs is None else None,
            batch=self.batch if batch is None else batch,
            seed=self.seed if seed is None else seed,
            augment=self.augment if augment is None else augment,
        )
        return changed if smooth is None else replace(changed, **_smoothing(smooth))


def _smoothing(text: str) -> dict[str, Any]:
    """The fields of a `Recipe` that `noise:0.1` or `average:5` mean."""
    kind, _, amount = text.partition(":")
    try:
        if kind == "noise":
            return {"label_noise": float(amount)}
        if kind == "average":
            return {"label_window": int(amount)}
    except ValueError:
        pass
    raise SettingsError(f"--smooth is {text!r}; expected noise:SPREADS such as noise:0.1, or average:PHOTOS")


def autohdr2024() -> Recipe:
    """Trains as AutoHDR (2024), the project before this one, published it, but repeatably: MSE, Adam 5e-4, 10 epochs,
    batch 12, 80/20, tanh.

    What differs: the split is by group and drawn from a fixed seed, and missing labels are masked.

    Command: `autohdr train SHOOT --out DIR --recipe autohdr2024`; published with `--start google/vit-base-patch16-224`.
    Measured in November 2026, 30 steps from `tiny` on 20 edits by each of ten simulated photographers (`autohdr bench
    labels --method autohdr2024 --start tiny --edits 20`): R2 -2.3 to 0.03, median -0.28, where the mean label has
    -0.05; with 350 edits -0.35 on average, -0.04 of the mean label. About 100 s a run on one busy core. Its published
    length, 290 steps of 350 edits by three of them (`--edits 350 --steps 290`): 0.43, 0.81 of a ridge; 9 minutes.
    """
    return Recipe("autohdr2024", head="tanh", epochs=10, batch=12, optimiser="adam", rate=5e-4)


def finetune() -> Recipe:
    """Trains all layers, from a head that is solved for, as long as photos that are not learnt get better.

    Layers far from the head learn slowly; the rate warms up and falls along a cosine; the weights are averaged; turns
    and the exact exposure augmentation make each photo many. Where gradients help nothing, the solved head is left.

    Command: `autohdr train SHOOT --out DIR --recipe finetune`, on a CPU or a GPU; 20 photos took 215 s on two cores of
    a shared Xeon, its folds included. Measured in November 2026 without the early stop, when the head that it began
    with was the whole style and not its linear part (`autohdr bench labels --method finetune --start default
    --draws 1`): behind a style, R2 0.77 against 0.79 with 20 edits, over ten simulated photographers, of whom one
    gained; with 2000 edits and 300 steps level for one of two, 0.80 against 0.89 for the other.
    """
    return Recipe(
        "finetune",
        head="linear",
        start="default",
        head_first=True,
        steps=30,
        batch=16,
        optimiser="adamw",
        rate=2e-4,
        loss="huber",
        weight_decay=0.05,
        layer_decay=0.75,
        warm_up=0.1,
        cosine=True,
        clip=1.0,
        average=0.95,
        augment=("turn", "exposure"),
        watch_every=10,
        balanced=True,
        spare=SPARE,
    )


def pu21_coral() -> Recipe:
    """Trains as `finetune` on PU21-encoded light, aligned by deep CORAL with the photos as an SDR display shows them.

    The loss is the squared error, all layers learn at one rate, and the last weights are kept, as published.

    Each step takes a batch twice: displayed, and as scene light; both are told the photographer's sliders, and the
    covariances of their class tokens are pulled together.

    Command: `autohdr train SHOOT --out DIR --recipe pu21-coral`, on a CPU or a GPU; published (HDR-IQA-dom-adapt) with
    `--start google/vit-base-patch16-224 --encoding pu21-pmax`. What alignment is worth was measured apart
    (`docs/study`): R2 0.02 more where no HDR photo is labelled, nothing where one in twenty is.
    """
    plain = replace(finetune(), loss="mse", layer_decay=1.0, average=None, watch_every=None)
    return replace(plain, name="pu21-coral", coral=10.0)


def scratch() -> Recipe:
    """Trains from random weights on thousands of edits: gradients alone, balanced errors, averaged weights.

    Command: `autohdr train SHOOT --out DIR --recipe scratch`. Measured in November 2026 on two cores of a shared Xeon
    with bfloat16: 8000 simulated photos edited by one rule took 53 minutes, R2 on places that it had not seen 0.96 for
    Exposure and 0.82 (Saturation) to 0.89 for the others, where noise allows 0.98 and 0.87 to 0.93.
    """
    return Recipe(
        "scratch",
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
        augment=("turn",),
        bf16=True,
        balanced=True,
    )


RECIPES: dict[str, Callable[[], Recipe]] = {
    "autohdr2024": autohdr2024,
    "finetune": finetune,
    "pu21-coral": pu21_coral,
    "scratch": scratch,
}
