"""Label smoothing for sliders: a photographer's own inconsistency, blurred. For training labels only.

For classes: C. Szegedy et al., "Rethinking the Inception architecture for computer vision", CVPR 2016. AutoHDR (2024)
has two forms for values; here they never see a held-out label, nor that of another shoot.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from autohdr.errors import SettingsError


def jitter(labels: NDArray[np.float32], sigma: float, rng: np.random.Generator) -> NDArray[np.float32]:
    """Labels (N, 8) with independent Gaussian noise, within [-1, 1]; NaN, a missing label, stays NaN.

    Args:
        labels: (N, 8), scaled.
        sigma: standard deviation of the noise, in each slider's own standard deviation over `labels`; 0 or more.
        rng: draws the noise.

    Raises:
        SettingsError: sigma is negative.
    """
    if not sigma >= 0.0:
        raise SettingsError(f"label noise is {sigma}; expected 0 or more standard deviations")
    known = np.isfinite(labels)
    count = np.maximum(known.sum(axis=0), 1)
    centred = np.where(known, labels - np.where(known, labels, 0.0).sum(axis=0) / count, 0.0)
    spread = np.sqrt((centred**2).sum(axis=0) / count)
    return np.clip(labels + sigma * spread * rng.standard_normal(labels.shape), -1.0, 1.0).astype(np.float32)


def moving_average(
    labels: NDArray[np.float32], groups: Sequence[str], captured: NDArray[np.float64], window: int
) -> NDArray[np.float32]:
    """Labels (N, 8), each the mean over its neighbours in capture order, of its own group; a missing one stays NaN.

    A window counts as many labels as there are: fewer at a group's ends, and where neighbours are missing.

    Args:
        labels: (N, 8), scaled.
        groups: (N,), a group's name for each photo.
        captured: (N,), seconds; photos of unknown time, NaN, come last in their group, in the order given.
        window: photos that are averaged, odd: the photo itself and as many before it as after.

    Raises:
        SettingsError: the window is not odd, or less than 1.
    """
    if window < 1 or window % 2 == 0:
        raise SettingsError(f"window of the moving average is {window}; expected an odd number of photos")
    names = np.asarray(groups)
    smoothed = labels.copy()
    for name in dict.fromkeys(groups):
        members = np.flatnonzero(names == name)
        members = members[np.argsort(captured[members], kind="stable")]
        smoothed[members] = _averaged(labels[members], window // 2)
    return smoothed


def _averaged(labels: NDArray[np.float32], reach: int) -> NDArray[np.float32]:
    """Means (N, 8) over rows within `reach`, of what is known."""
    known = np.isfinite(labels)
    # Sums over windows are differences of running sums; a row of zeros stands before the first.
    sums = np.pad(np.where(known, labels, 0.0).astype(np.float64).cumsum(axis=0), ((1, 0), (0, 0)))
    counts = np.pad(known.cumsum(axis=0), ((1, 0), (0, 0)))
    rows = np.arange(len(labels))
    first, end = np.maximum(rows - reach, 0), np.minimum(rows + reach + 1, len(labels))
    count = np.maximum(counts[end] - counts[first], 1)
    return np.where(known, (sums[end] - sums[first]) / count, np.nan).astype(np.float32)
