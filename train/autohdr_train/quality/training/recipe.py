"""How a quality model learns: phases one after another, each of one domain or of both, and the recipes made of them.

After A. Chubarau et al., "Adapting Pretrained Networks for Image Quality Assessment on High Dynamic Range Displays",
2024, arXiv:2405.00670. A step of a phase takes one batch of each of its domains.
"""

from dataclasses import dataclass
from typing import get_args

from autohdr.errors import SettingsError
from autohdr.quality.display import Domain
from autohdr_train.quality.training.losses import Loss
from autohdr_train.recipes.coral.alignment import Form

WEIGHTS: dict[Form, float] = {"coral": 10.0, "coral-minmax": 0.025, "mean": 1.0}
"""The weight of each distance in the loss: those of Chubarau's program, and of our earlier study of sliders. Not tuned
here."""


@dataclass(frozen=True, slots=True)
class Phase:
    """A part of training."""

    domains: tuple[Domain, ...]
    """What a step sees."""
    share: float
    """The phase's share of the recipe's steps, above 0 to 1."""
    loss: Loss = "rank-pearson"
    """The loss of predicted scores, in each labelled domain."""
    labelled: tuple[Domain, ...] = ("sdr", "hdr")
    """Domains whose scores are seen."""
    form: Form | None = None
    """How the domains' features are aligned; None aligns nothing."""
    rate: float = 1.0
    """The phase's learning rate, as a multiple of the profile's."""

    def __post_init__(self) -> None:
        if not set(self.domains) & set(self.labelled):
            raise SettingsError(f"a phase of {self.domains} has labels of {self.labelled}; expected one in common")
        if self.form is not None and (len(self.domains) != 2 or self.form not in get_args(Form)):
            raise SettingsError(f"{self.form!r} aligns {self.domains}; expected two domains and {get_args(Form)}")
        if not 0 < self.share <= 1:
            raise SettingsError(f"a phase has {self.share} of the steps; expected above 0 to 1")


@dataclass(frozen=True, slots=True)
class Recipe:
    """A way to learn HDR quality."""

    name: str
    phases: tuple[Phase, ...]
    means: str
    """One line that says it to a reader."""

    def __post_init__(self) -> None:
        if abs(sum(phase.share for phase in self.phases) - 1.0) > 1e-9:
            raise SettingsError(f"the phases of {self.name} do not sum up to all steps")


_SDR = Phase(("sdr",), 0.5)


def _adapted(name: str, form: Form | None, means: str) -> list[Recipe]:
    """One kind of alignment, with labels of HDR and without."""
    both: tuple[Domain, ...] = ("sdr", "hdr")
    return [
        Recipe(
            f"labelled-{name}",
            (_SDR, Phase(both, 0.5, "mae", both, form, rate=0.5)),
            f"SDR first, then SDR and labelled HDR together, {means}",
        ),
        Recipe(
            f"unlabelled-{name}",
            (_SDR, Phase(both, 0.5, "mae", ("sdr",), form, rate=0.5)),
            f"SDR first, then SDR and HDR without scores, {means}",
        ),
    ]


ALL = [
    Recipe("scratch", (Phase(("hdr",), 1.0),), "labelled HDR alone, from random weights"),
    Recipe("sdr", (Phase(("sdr",), 1.0),), "SDR alone"),
    Recipe("finetuned", (_SDR, Phase(("hdr",), 0.5, rate=0.5)), "SDR first, then labelled HDR alone"),
    *_adapted("none", None, "nothing aligned (control)"),
    *_adapted("coral", "coral", "CORAL as published"),
    *_adapted("minmax", "coral-minmax", "CORAL as in its authors' code"),
    *_adapted("mean", "mean", "means of features matched (control)"),
]
RECIPES = {recipe.name: recipe for recipe in ALL}
