"""Mixes what two teachers say of a pair into one score in JOD.

    JOD = max(0, 10 - ((10 - C) ** 4 + (E / 10) ** 3.2) ** (1 / 4))

C is ColorVideoVDP's JOD and E the pooled delta-E ITP. So a shift of tone or colour by a delta-E ITP of 10 alone costs
one JOD, and one of E costs `(E / 10) ** 0.8`; losses are added with the exponent 4, as ColorVideoVDP adds its own
channels, so that the larger of the two counts and what both see is not counted twice. Scale and exponent of the second
teacher are chosen, not fitted to anybody: no people were asked.
"""

from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from autohdr_train.quality.made.delta_e import pooled

BEST = 10.0
"""JOD of a pair without a difference."""
_UNIT, _POWER, _SUM = 10.0, 0.8, 4.0


class Detector(Protocol):
    """Says in JOD how visible distortions are, as `cvvdp.Cvvdp` does."""

    def jod(self, reference: NDArray[np.float32], distorted: NDArray[np.float32]) -> float: ...


class Taught(NamedTuple):
    """Holds what the teachers say of one pair."""

    cvvdp: float
    """ColorVideoVDP's JOD."""
    delta_e_itp: float
    """Pooled delta-E ITP."""
    jod: float
    """The mix: the score of the pair."""


def shift_loss(delta_e_itp: float) -> float:
    """Returns the JOD that a shift of tone or colour costs alone."""
    return float((delta_e_itp / _UNIT) ** _POWER)


def mixed(cvvdp: float, delta_e_itp: float) -> float:
    """Returns the score in JOD, 0 to 10, of what both teachers say."""
    losses = max(BEST - cvvdp, 0.0), shift_loss(delta_e_itp)
    return max(BEST - sum(loss**_SUM for loss in losses) ** (1 / _SUM), 0.0)


def taught(detector: Detector, reference: NDArray[np.float32], distorted: NDArray[np.float32]) -> Taught:
    """Asks both teachers about two pictures (H, W, 3) in cd/m2 at the eye."""
    one, other = detector.jod(reference, distorted), pooled(reference, distorted)
    return Taught(one, other, mixed(one, other))
