"""Describes a photo for the further sliders: as for the eight, with its colours and the light that it was shot in."""

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from autohdr.shot.shot import Shot
from autohdr.spec import InputSpec
from autohdr.style.description import COUNT, FLOOR, GROUPS, Places, light_of

Array = NDArray[np.float64]

HUES = 6
"""Red, yellow, green, cyan, blue and magenta: 60 degrees apart."""
BESIDE = HUES + 2
"""Numbers that come after those of `description.GROUPS`."""
PLACES: Places = {**GROUPS, "colours": slice(COUNT, COUNT + HUES), "white": slice(COUNT + HUES, COUNT + BESIDE)}
"""Where each group of numbers stands. Colours: roots of how much of the frame each hue fills, times its chroma. White:
the light as shot, in mired, and its Tint."""
USUAL: Array = np.array([0.25, 0.27, 0.16, 0.18, 0.24, 0.11, 190.0, 4.0])
"""About the mean of the numbers that come after."""
SPREAD: Array = np.array([0.16, 0.15, 0.11, 0.09, 0.14, 0.08, 40.0, 13.0])
"""About their deviation."""


def describe_beside(pixels: NDArray[np.floating], spec: InputSpec, shot: Shot) -> Array:
    """Computes the numbers (8,) of one photo that come after `description.describe`'s; NaN where one is not known.

    Args:
        pixels: the network's input (3, S, S).
        spec: how it was made.
        shot: what the photo's file says beside pixels.
    """
    mired = np.nan if shot.kelvin is None else 1e6 / shot.kelvin
    return np.concatenate([_colours(light_of(pixels, spec)), [mired, np.nan if shot.tint is None else shot.tint]])


def describe_all_beside(pixels: Iterable[NDArray[np.floating]], spec: InputSpec, shots: Sequence[Shot]) -> Array:
    """Computes the numbers (N, 8) of N photos, as `describe_beside` does."""
    rows = [describe_beside(one, spec, shot) for one, shot in zip(pixels, shots, strict=True)]
    return np.stack(rows) if rows else np.empty((0, BESIDE))


def _colours(light: NDArray[np.float32]) -> Array:
    """How much of light (H, W, 3) each hue fills (6,); a hue between two counts for both."""
    red, green, blue = (light[..., band] for band in range(3))
    most, least = light.max(axis=2), light.min(axis=2)
    span = np.maximum(most - least, 1e-9)
    hue = np.where(
        most == red,
        (green - blue) / span,
        np.where(most == green, 2.0 + (blue - red) / span, 4.0 + (red - green) / span),
    )
    chroma = (most - least) / (most + FLOOR)
    hue = hue % HUES
    below = np.floor(hue).astype(np.int64) % HUES
    share = hue - np.floor(hue)
    found = np.bincount(below.ravel(), ((1.0 - share) * chroma).ravel(), HUES)
    found += np.bincount(((below + 1) % HUES).ravel(), (share * chroma).ravel(), HUES)
    return np.sqrt(np.maximum(found / chroma.size, 0.0))
