"""Holds tone curves as tables: every curve after the scene stages is one of these, so that a renderer can join them.

A curve maps encoded values (ProPhoto primaries, sRGB transfer function) to encoded values. It is sampled at 4,097
places; between them it is straight, which for the base curve is within 1e-5 (a test measures it).
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

SAMPLES = 4097
INPUTS: NDArray[np.float64] = np.linspace(0.0, 1.0, SAMPLES)
"""(SAMPLES,), the encoded values at which a curve is sampled."""


@dataclass(frozen=True, slots=True, eq=False)
class SampledCurve:
    """Holds one tone curve, sampled."""

    outputs: NDArray[np.float32]
    """(SAMPLES,), encoded values from 0 to 1 at `INPUTS`."""

    @classmethod
    def of(cls, function: Callable[[NDArray[np.float64]], NDArray[np.float64]]) -> "SampledCurve":
        """Samples a function of encoded values, held between 0 and 1."""
        return cls(np.clip(function(INPUTS), 0.0, 1.0).astype(np.float32))

    def __call__(self, encoded: ArrayLike) -> NDArray[np.float64]:
        """Returns encoded outputs (any shape). Below 0 the curve holds its first value; above 1, where only HDR has
        light, it multiplies by its last."""
        value = np.asarray(encoded, np.float64)
        return np.interp(value, INPUTS, self.outputs) * np.maximum(value, 1.0)

    def then(self, later: "SampledCurve") -> "SampledCurve":
        """Joins both curves into one, this one first."""
        return SampledCurve(later(self.outputs).astype(np.float32))

    @property
    def rises(self) -> bool:
        """Tells whether a larger input never gives a smaller output."""
        return bool((np.diff(self.outputs) >= 0).all())


IDENTITY = SampledCurve(INPUTS.astype(np.float32))
"""The curve that leaves everything as it is."""
