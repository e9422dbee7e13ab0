"""Chooses the exposure of a photo: by a camera's meter, by protecting the sky, or darker or brighter than metered."""

import numpy as np
from numpy.typing import NDArray

from autohdr_scenes.scene import luminance, shrink

GREY = 0.12
"""Sensor light, of saturation at 1, that a meter gives the average of a scene: 18 % grey, with half a stop above white
left for highlights (ISO 12232: 0.18 / sqrt(2) = 0.127)."""


def centre_weighted(linear: NDArray[np.float32]) -> float:
    """The factor that brings a picture's (H, W, 3) centre-weighted average luminance to `GREY`."""
    light = luminance(linear)
    height, width = light.shape
    down, across = (np.arange(height) + 0.5) / height - 0.5, (np.arange(width) + 0.5) / width - 0.5
    weight = 0.25 + np.exp(-8.0 * (down[:, None] ** 2 + across[None] ** 2))
    return GREY / max(float((light * weight).sum() / weight.sum()), 1e-9)


def highlight_limit(linear: NDArray[np.float32]) -> float:
    """The factor that brings all but half a percent of a picture (H, W, 3) just below saturation."""
    return 0.9 / max(float(np.percentile(linear.max(axis=2), 99.5)), 1e-9)


def meter(linear: NDArray[np.float32], rng: np.random.Generator) -> float:
    """The exposure that someone chooses for a picture: the factor from its scale to sensor saturation at 1.

    Half of the photos are metered, give or take a third of a stop. A quarter protect the highlights, down to three
    stops below the meter, or are exposed to the right, up to one above it. A quarter are darker or brighter than
    metered, meant or not, by half a stop or so: people's errors of exposure are about as small.

    Args:
        linear: the picture's light (H, W, 3).
        rng: decides.
    """
    small = shrink(linear, 96)
    metered = centre_weighted(small)
    kind = rng.random()
    if kind < 0.5:
        return metered * float(2.0 ** rng.normal(0.0, 0.35))
    if kind < 0.75:
        return float(np.clip(highlight_limit(small), metered / 8.0, metered * 2.0) * 2.0 ** rng.normal(0.0, 0.2))
    return metered * float(2.0 ** rng.normal(0.0, 0.5))
