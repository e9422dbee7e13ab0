"""Photos as a network with few features would see them, and what is expected of photographers over those features."""

import numpy as np
from numpy.typing import NDArray

from autohdr.style.description import COUNT, EXPOSURE, GROUPS
from autohdr.style.experts.head import StyleHead
from autohdr.style.experts.light import STOPS
from autohdr.style.experts.prior import UNITS, Array, Prior
from autohdr.style.experts.solve import solve
from autohdr.style.points import Points, Seen

LEARNT, PLAIN = 6, 4


def prior(*, learnt: bool = True) -> Prior:
    """An expectation whose sizes are all different; without learnt features the plain one."""
    if not learnt:
        return Prior.plain()
    random = np.random.default_rng(0)

    def sizes(*shape: int) -> Array:
        return np.exp(0.3 * random.standard_normal(shape))

    return Prior(
        0.3 * random.standard_normal((8, LEARNT)),
        0.3 * random.standard_normal(8),
        sizes(8, LEARNT) / np.sqrt(LEARNT),
        sizes(8, LEARNT) / np.sqrt(2 * LEARNT),
        sizes(8),
        sizes(8),
        np.exp(-3.0) * sizes(8),
    )


def features(count: int, *, learnt: bool = True, seed: int = 1) -> Array:
    """(N, F); the first learnt and the first plain one are brightness, which goes by the light alone."""
    random = np.random.default_rng(seed)
    seen = random.standard_normal((count, LEARNT + PLAIN if learnt else PLAIN))
    brightness = random.uniform(-2.0, 2.0, count)
    seen[:, -1] = brightness
    if learnt:
        seen[:, 0] = brightness
    return seen


def relit(seen: Array, stops: float, *, learnt: bool = True) -> Array:
    """The same photos in other light."""
    changed = seen.copy()
    changed[:, -1] += stops
    if learnt:
        changed[:, 0] += stops
    return changed


def looked(seen: Array, copied: NDArray[np.generic] | None = None, *, learnt: bool = True) -> Seen:
    """Photos, some of them seen in other light as well: all, or those that `copied` (N,) says."""
    copies = np.stack([relit(seen, stops, learnt=learnt) for stops in STOPS], axis=1)
    if copied is not None:
        copies[~copied.astype(bool)] = np.nan
    return Seen(seen, copies, np.zeros(len(seen), dtype=bool))


def alone(seen: Array) -> Seen:
    """Photos that nobody looked at in other light."""
    return looked(seen, np.zeros(len(seen)))


def head(expected: Prior, seen: Seen, labels: Array) -> StyleHead:
    """The style that labels (N, 8), scaled, make."""
    points = seen.points()
    return StyleHead.of(expected, points, solve(expected, points, labels / UNITS))


def described(count: int, seed: int = 6) -> Array:
    """Descriptions (N, D) of photos whose tones and Auto differ; how they were exposed is not known."""
    found = np.random.default_rng(seed).standard_normal((count, COUNT))
    found[:, GROUPS[EXPOSURE]] = np.nan
    return found


def observations(points: Points) -> Array:
    """The matrix (P, P) of labels and differences, where every photo has a label."""
    signs = np.eye(len(points.features))
    for place, original in enumerate(points.original, start=len(points.doubt)):
        signs[place, original] = -1.0
    return signs
