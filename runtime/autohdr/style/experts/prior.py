"""What a photographer's style is expected to be before any edit is seen: a Gaussian process for each slider.

A slider is a function of a network's features: what photographers do on average, a linear function of the learnt
features z, plus deviations. The usual deviations are linear in z, or curved, with the kernel exp(-|b (z - z')|^2 / 2);
their sizes, for each slider and feature, are learnt over made-up photographers when the network is trained, and travel
in its file. Other deviations follow the plain features, with sizes that nobody has learnt, for photographers unlike any
of those. Given edits, the expected function is known in closed form (C. E. Rasmussen and C. K. I. Williams, Gaussian
Processes for Machine Learning, MIT Press 2006, chapters 2 and 5).

Everything here is in `UNITS`, and in float64.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from autohdr.sliders import LIMITS, SLIDERS

Array = NDArray[np.float64]

UNITS: Array = np.array([1.0, 9.0, 26.0, 30.0, 27.0, 10.0, 5.0, 4.0]) / LIMITS
"""About how far each slider of a photographer moves from photo to photo, scaled to [-1, 1] as labels are; labels are
divided by it. Exposure 1 EV; the others from the deviations that real and made-up photographers show."""
REACH = 0.75
"""Square of the distance, for each plain feature, over which curved deviations hold together."""
_COUNT = len(SLIDERS)


@dataclass(frozen=True, slots=True, eq=False)
class Prior:
    """The expectation for each of the eight sliders, over Z learnt features (Z may be 0)."""

    mean_weight: Array
    """(8, Z), what photographers do on average with each learnt feature."""
    mean_bias: Array
    """(8,)."""
    slope: Array
    """(8, Z), standard deviations of the deviations' slopes."""
    bend: Array
    """(8, Z), one over the length along which a curved deviation holds together."""
    curved: Array
    """(8,), variance of the curved deviations."""
    constant: Array
    """(8,), variance of the slider's level."""
    noise: Array
    """(8,), variance of a photographer's inconsistency."""

    @property
    def learnt(self) -> int:
        """Z."""
        return self.slope.shape[1]

    @classmethod
    def plain(cls) -> Self:
        """The expectation for a network without learnt features."""
        none, one = np.zeros((_COUNT, 0)), np.ones(_COUNT)
        return cls(none, np.zeros(_COUNT), none, none, one, one, np.full(_COUNT, np.exp(-3.0)))

    @classmethod
    def of(cls, arrays: Mapping[str, NDArray[Any]]) -> Self:
        """The expectation that a network's file holds, with all sizes as logarithms; of no arrays, `plain`.

        Raises:
            KeyError: one is missing.
        """
        if not arrays:
            return cls.plain()
        found = {name: np.asarray(value, dtype=np.float64) for name, value in arrays.items()}
        return cls(
            found["mean.weight"],
            found["mean.bias"],
            np.exp(found["log_slope"]),
            np.exp(found["log_bend"]),
            np.exp(found["log_curved"]),
            np.exp(found["log_constant"]),
            np.exp(2.0 * found["log_noise"]),
        )

    def mean(self, learnt: Array) -> Array:
        """Sliders (N, 8) that photographers give on average to photos with learnt features (N, Z)."""
        return learnt @ self.mean_weight.T + self.mean_bias

    def usual(self, slider: int, one: Array, other: Array) -> Array:
        """Covariance (N, M) of one slider's usual deviations, of photos with learnt features (N, Z) and (M, Z)."""
        linear = (one * self.slope[slider] ** 2) @ other.T
        bend = self.bend[slider]
        return linear + self.curved[slider] * np.exp(-0.5 * squared_distance(one * bend, other * bend))

    def covariances(self, one: Array, other: Array) -> Array:
        """Covariance (8, N, M) of what a photographer means, of photos with features (N, F) and (M, F): usual
        deviations and the level. Without learnt features the plain ones stand for them."""
        if not self.learnt:
            return plain_covariance(one, other) + (self.curved + self.constant)[:, None, None]
        learnt = one[:, : self.learnt], other[:, : self.learnt]
        return np.stack([self.usual(slider, *learnt) + self.constant[slider] for slider in range(_COUNT)])

    def variances(self, features: Array) -> Array:
        """The diagonal (8, N) of `covariances` for photos with features (N, F)."""
        level = (self.curved + self.constant)[:, None]
        if not self.learnt:
            return 0.5 * (features**2).mean(axis=1) + 1.0 + level
        return self.slope**2 @ (features[:, : self.learnt] ** 2).T + level


def squared_distance(one: Array, other: Array) -> Array:
    """Squared distance (..., N, M) of every pair of rows of (..., N, F) and (..., M, F)."""
    squares = (one**2).sum(axis=-1)[..., :, None] + (other**2).sum(axis=-1)[..., None, :]
    return np.maximum(squares - 2.0 * (one @ np.swapaxes(other, -1, -2)), 0.0)


def plain_covariance(one: Array, other: Array) -> Array:
    """Covariance (N, M) of deviations that follow plain features (N, P) and (M, P): half linear, and curved."""
    return 0.5 * one @ other.T / one.shape[1] + plain_curved(one, other)


def plain_curved(one: Array, other: Array) -> Array:
    """The curved part of `plain_covariance`."""
    return np.exp(-0.5 * squared_distance(one, other) / (REACH * one.shape[1]))
