"""Provides the inputs over which a model file and its float32 model are compared: photos, and inputs that no camera
would give.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from autohdr.encoding import encode
from autohdr.raw.linear import to_linear
from autohdr.spec import InputSpec
from autohdr_export.calibration import adversarial, photos, split
from autohdr_export.wanted import Wanted
from autohdr_scenes import Procedural, shots

MADE_UP = 64
"""Simulated photos, where the user names no shoot."""
EXTREMES = 40
"""Inputs that no camera would give: each kind of light four times."""


@dataclass(frozen=True, slots=True, eq=False)
class Samples:
    """Prepared photos, each part float32 (N, 3, S, S)."""

    photos: NDArray[np.float32]
    """Compared over."""
    calibration: NDArray[np.float32]
    """What int8 takes its ranges from; otherwise not used."""
    extremes: NDArray[np.float32]
    """Black, the brightest, flat, saturated, noise: compared over as well."""
    real: bool
    """The photos are the user's, not simulated."""

    @property
    def kind(self) -> str:
        """What the photos are, for people."""
        return "photos of the shoot" if self.real else "simulated photos"


def samples(spec: InputSpec, wanted: Wanted) -> Samples:
    """Photos of the shoot that `wanted` names, or simulated ones, the same every time.

    Int8 is compared over other photos than it is calibrated on.

    Raises:
        SettingsError: the shoot holds too few photos.
    """
    found = simulated(spec, MADE_UP) if wanted.shoot is None else photos(wanted.shoot, spec)
    calibration, judged_by = split(found) if wanted.precision == "int8" else (found, found)
    return Samples(judged_by, calibration, adversarial(spec, EXTREMES), wanted.shoot is not None)


def simulated(spec: InputSpec, count: int) -> NDArray[np.float32]:
    """Photos (count, 3, S, S) of made-up places, as a simulated camera takes them."""
    size = (spec.size, spec.size * 3 // 2)
    # Not `prepare_frame`: a network that is fed previews is shown the same light.
    taken = (encode(to_linear(shot.frame, spec.size), spec) for shot in shots(Procedural(), count, seed=0, size=size))
    return np.stack(list(taken))
