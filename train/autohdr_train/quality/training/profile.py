"""Sizes of a study: for two cores, and for a GPU with the published ones."""

from dataclasses import dataclass, replace

from autohdr.quality.inputs import IMAGENET, Inputs, Norm
from autohdr.quality.patches import Patches
from autohdr_train.quality.models import pieapp, vtamiq
from autohdr_train.quality.models.saved import Architecture, Sizes
from autohdr_train.quality.training.loop import Run


@dataclass(frozen=True, slots=True)
class Kind:
    """One architecture in a profile."""

    sizes: Sizes
    patches: Patches
    """The patches of a picture in training."""
    seen: Patches
    """When it scores."""
    batch: int
    steps: int
    """Optimiser steps of every recipe."""
    rate: float
    """The learning rate from random weights. A transformer that is begun with weights takes a twentieth."""


@dataclass(frozen=True, slots=True)
class Profile:
    """What a study takes."""

    name: str
    kinds: dict[Architecture, Kind]
    per_content: int
    """Pairs of each reference that are used, the same for all."""
    labelled: int
    """HDR references whose scores are known to recipes that learn them: few, as in what is published."""
    folds: int = 3
    device: str = "cpu"

    def run(self, architecture: Architecture, norm: Norm, seed: int, *, begun: bool = False) -> Run:
        """The settings of a training.

        Args:
            architecture: which model.
            norm: of its inputs.
            seed: of weights, batches and patches.
            begun: whether it starts with weights that have learnt.
        """
        kind = self.kinds[architecture]
        mean, std = IMAGENET if architecture == "pieapp" else ((0.5, 0.5, 0.5), (0.5, 0.5, 0.5))
        inputs = Inputs(norm=norm, mean=mean, std=std)
        rate = kind.rate / 20 if begun else kind.rate
        return Run(inputs, kind.patches, kind.steps, kind.batch, rate, seed=seed, device=self.device)


CORES = Profile(
    "cores",
    {
        "vtamiq": Kind(vtamiq.SMALL, Patches(16, 36), Patches(16, 64), batch=12, steps=240, rate=1e-3),
        "pieapp": Kind(pieapp.SMALL, Patches(64, 2), Patches(64, 4), batch=12, steps=150, rate=1e-3),
    },
    per_content=25,
    labelled=6,
)
"""Two shared cores, small networks of our own sizes, about a minute for a recipe and fold."""
LONG = replace(
    CORES,
    name="long",
    kinds={name: replace(kind, steps=10 * kind.steps) for name, kind in CORES.kinds.items()},
)
"""The profile `cores`, with ten times as many steps."""
GPU = Profile(
    "gpu",
    {
        "vtamiq": Kind(vtamiq.PAPER, Patches(16, 384), Patches(16, 512), batch=16, steps=6000, rate=1e-4),
        "pieapp": Kind(pieapp.PAPER, Patches(64, 36), Patches(64, 96), batch=8, steps=6000, rate=1e-4),
    },
    per_content=125,
    labelled=39,
    folds=5,
    device="cuda",
)
"""The published sizes; not run by us."""
TINY = replace(
    CORES,
    name="tiny",
    kinds={
        "vtamiq": Kind(
            vtamiq.Sizes(width=16, heads=2, mlp=16, layers=1, registers=1, table=2, groups=1, blocks=1),
            Patches(16, 4),
            Patches(16, 4),
            batch=4,
            steps=4,
            rate=1e-3,
        ),
        "pieapp": Kind(pieapp.Sizes(widths=(2,) * 11, hidden=3, side=32), Patches(32, 2), Patches(32, 2), 4, 4, 1e-3),
    },
    per_content=8,
    labelled=1,
)
"""The profile that shows in seconds that all of it runs."""
PROFILES = {profile.name: profile for profile in (CORES, LONG, GPU, TINY)}
