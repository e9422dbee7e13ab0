"""How far people move each slider: what was measured on 995 edits of RAW files by 118 people, found in public files.

Of each slider the share that is exactly 0, at its ends, and some percentiles are known (November 2026). Statistics over
people alone are kept here.
"""

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

BETWEEN = np.array([0.21, 0.25, 0.33, 0.24, 0.18, 0.34, 0.20, 0.08])
"""Share of each slider's variance that lies between people."""
WITHIN_DAY = np.array([0.66, 0.95, 0.9, 0.9, 0.9, 0.9, 0.9, 0.9])
"""Share of one person's variance that lies within a day."""

# Shares of all edits, and the value that so many are below. Where two shares have one value, so many edits have it.
_KNOTS: list[list[tuple[float, float]]] = [
    [(0, -1.67), (0.05, -0.4), (0.14, 0), (0.42, 0), (0.5, 0.17), (0.75, 0.72), (0.95, 1.69), (0.99, 2.0), (1, 2.8)],
    [(0, -50), (0.02, -18), (0.05, -1), (0.08, 0), (0.35, 0), (0.5, 5), (0.75, 9), (0.95, 43), (1, 82)],
    [(0, -100), (0.131, -100), (0.25, -68), (0.5, -44), (0.7, 0), (0.87, 0), (0.95, 17), (0.994, 80), (1, 100)],
    [(0, -100), (0.012, -60), (0.05, -14), (0.13, 0), (0.29, 0), (0.5, 28), (0.75, 50), (0.95, 86), (0.963, 100)],
    [(0, -100), (0.013, -100), (0.05, -38), (0.25, -6), (0.3, 0), (0.55, 0), (0.75, 19), (0.95, 50), (1, 80)],
    [(0, -80), (0.05, -43), (0.25, -21), (0.5, -7), (0.6, 0), (0.81, 0), (0.95, 37), (0.99, 60), (1, 100)],
    [(0, -50), (0.04, 0), (0.43, 0), (0.5, 7), (0.75, 15), (0.95, 24), (0.99, 50), (1, 80)],
    [(0, -70), (0.01, -40), (0.05, -8), (0.22, 0), (0.77, 0), (0.95, 8), (0.99, 25), (1, 50)],
]


def value_of(slider: int, share: Array) -> Array:
    """Computes the value (N,) that so large a share (N,) of all edits is below, in Lightroom's units."""
    shares, values = zip(*_KNOTS[slider], strict=True)
    return np.asarray(np.interp(share, shares, values))


def rounded(values: Array) -> Array:
    """Sliders (N, 8) as Lightroom shows them: Exposure in hundredths, the others in whole units."""
    return np.concatenate([np.round(values[:, :1], 2), np.round(values[:, 1:])], axis=1)
