"""Compares two networks: both give features of the same inputs, which are compared as sliders of one head."""

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from autohdr.model.head import Head
from autohdr.model.info import Precision
from autohdr.sliders import LIMITS, SLIDERS

EDGES = (1 / 64, 1 / 32, 1 / 16, 1 / 8, 1 / 4, 1 / 2, 1.0, 2.0)
"""Edges of a histogram's bins, as multiples of the tolerance; one more bin lies below them, and one above."""
LEAST_SPREAD = 1e-3
"""Least standard deviation of a feature: one that is the same in all photos is not divided by 0."""


@dataclass(frozen=True, slots=True)
class Tolerance:
    """How far sliders may be apart, in Lightroom's units."""

    ev: float
    """Exposure."""
    other: float
    """The seven sliders other than Exposure."""
    share: float = 1.0
    """Share of the photos that must be within; 1 is all."""

    @property
    def limits(self) -> NDArray[np.float64]:
        """(8,), in the order of `SLIDERS`."""
        return np.array([self.ev if slider.unit == "EV" else self.other for slider in SLIDERS])

    def to_json(self) -> dict[str, float]:
        """Plain JSON."""
        return {"ev": self.ev, "other": self.other, "share": self.share}

    def __str__(self) -> str:
        """`0.01 EV and 0.25`, with the share where it is not all."""
        return f"{self.ev:g} EV and {self.other:g}" + ("" if self.share == 1 else f" for {self.share:.0%} of photos")


TOLERANCES: dict[Precision, Tolerance] = {
    "float32": Tolerance(0.002, 0.05),
    "float16": Tolerance(0.01, 0.25),
    "bfloat16": Tolerance(0.01, 0.25),
    "int8": Tolerance(0.05, 1.0, 0.99),
}
"""float32 from torch, the rest from float32. A sidecar's step is 0.01 EV and 1."""


@dataclass(frozen=True, slots=True, eq=False)
class Difference:
    """How far two networks are apart over photos."""

    sliders: NDArray[np.float64]
    """(N, 8), of each photo, in Lightroom's units; infinite where an answer is not finite."""
    features: float = 0.0
    """The largest difference of a feature, in its standard deviation over the photos."""

    @classmethod
    def of_sliders(cls, got: NDArray[np.floating], expected: NDArray[np.floating]) -> Self:
        """The difference of answers (N, 8), scaled to [-1, 1], not clipped, so that one beyond an end is seen too."""
        return cls(_apart(got, expected) * LIMITS)

    @classmethod
    def of_features(cls, got: NDArray[np.float32], expected: NDArray[np.float32], head: Head) -> Self:
        """The difference of features (N, F), and of the answers that a head gives of them."""
        spread = np.maximum(expected.std(axis=0, dtype=np.float64), LEAST_SPREAD)
        features = float((_apart(got, expected) / spread).max())
        return cls(_apart(head.answer(got), head.answer(expected)) * LIMITS, features)

    @property
    def worst(self) -> NDArray[np.float64]:
        """(8,), the largest over all photos."""
        return self.at(1.0)

    def at(self, share: float) -> NDArray[np.float64]:
        """(8,), what that share of the photos does not exceed; infinite if any answer is not finite."""
        finite = np.isfinite(self.sliders).all(axis=0)
        found = np.quantile(np.where(finite, self.sliders, 0.0), share, axis=0)
        return np.where(finite, found, np.inf)

    def within(self, tolerance: Tolerance) -> bool:
        """No slider differs by more."""
        return bool((self.at(tolerance.share) <= tolerance.limits).all())

    def beyond(self, tolerance: Tolerance) -> str:
        """The sliders that differ by more: `Exposure 0.02 EV, Whites 1.2`."""
        found = self.at(tolerance.share)
        return _spelt(found, found > tolerance.limits)

    def histogram(self, tolerance: Tolerance) -> NDArray[np.int64]:
        """How many photos (8, len(EDGES) + 1) are in each bin."""
        bins = np.searchsorted(EDGES, self.sliders / tolerance.limits)
        return np.stack([np.bincount(column, minlength=len(EDGES) + 1) for column in bins.T])

    def to_json(self, tolerance: Tolerance) -> dict[str, Any]:
        """Plain JSON: by slider, in Lightroom's units, the largest difference, the 99th percentile, the histogram."""
        p99, worst, counts = self.at(0.99), self.worst, self.histogram(tolerance)
        return {
            slider.key: {
                "worst": rounded(worst[index]),
                "p99": rounded(p99[index]),
                "histogram": counts[index].tolist(),
            }
            for index, slider in enumerate(SLIDERS)
        }

    def __str__(self) -> str:
        """Each slider's largest difference: `Exposure 0.00001 EV, Contrast 0.0002, ...`."""
        return _spelt(self.worst, np.ones(len(SLIDERS), dtype=bool))


def rounded(value: float) -> float:
    """Three digits."""
    return float(f"{value:.3g}")


def _apart(got: NDArray[np.floating], expected: NDArray[np.floating]) -> NDArray[np.float64]:
    """Absolute differences, infinite where one is not finite."""
    with np.errstate(invalid="ignore"):  # infinity less infinity
        apart = np.abs(got.astype(np.float64) - expected)
    return np.where(np.isfinite(apart), apart, np.inf)


def _spelt(values: NDArray[np.float64], chosen: NDArray[np.bool_]) -> str:
    return ", ".join(
        f"{slider.name} {value:.2g} {slider.unit}".rstrip()
        for slider, value, wanted in zip(SLIDERS, values, chosen, strict=True)
        if wanted
    )
