"""Measures a photo: the levels that Camera Raw's tone controls follow, taken from its scene light.

All are log2 of linear scene light, before Exposure, which moves them all by its stops. They are measured on a copy of
at most 512 pixels, the brightest channel on one of 128, so that a thumbnail and a preview of one photo agree. What is
measured, and at which size, is what pch/rawmakase (MIT; docs/scene-tone-stage.md) found with probes of Camera Raw 18.7
and 22 photos: bright spots count from about a hundredth of the frame's edge, whichever their colour; a few dark pixels
move the darkest level, but not the 0.1th percentile.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from autohdr.develop.kernels.reduce import reduced
from autohdr.develop.kernels.rgb_tone import COMPILE, FIRST, HIGHEST, LOWEST, NODES, SHIFT, SIZE
from autohdr.develop.scene import Scene
from autohdr.develop.spaces import LUMINANCE
from autohdr.errors import PhotoError
from autohdr.system.kernel import kernel

EDGE = 512
"""Longer edge of the copy that levels are measured on, in pixels."""
BRIGHTEST_EDGE = 128
"""Longer edge of the copy that the brightest channel is measured on, in pixels."""
MOST = 2.0**64
"""Light from here on is damage: with Exposure and a local gain it would leave the range of float32."""
DARK_PERCENTILE, BRIGHT_PERCENTILE = 0.1, 99.0
_FLOOR = np.log2(float(LOWEST))


@dataclass(frozen=True, slots=True)
class Measures:
    """Holds what is measured of one photo, in log2 of linear scene light at Exposure 0."""

    sensor_white: float = 0.0
    """The level at which the last channel of a neutral saturates."""
    brightest: float = 0.0
    """The level of the largest channel anywhere on the copy of 128 pixels."""
    darkest: float = -12.0
    """The level of the smallest luminance."""
    dark: float = -12.0
    """The level of the luminance's 0.1th percentile."""
    bright: float = -1.0
    """The level of the luminance's 99th percentile."""


def measure(scene: Scene) -> Measures:
    """Measures a scene.

    Raises:
        PhotoError: its light is empty, or not finite.
    """
    return measure_copy(checked(scene.light), scene.sensor_white)


def checked(light: NDArray[np.floating], edge: int = EDGE) -> NDArray[np.float32]:
    """Makes the reduced copy (h, w, 3) of a scene's light that everything is measured on, at most `edge` pixels.

    Raises:
        PhotoError: the light is empty, not of three channels, or not finite: above `MOST` counts as that.
    """
    if light.ndim != 3 or light.shape[2] != 3 or not light.size:
        raise PhotoError(f"a scene's light has the shape {light.shape}; expected (height, width, 3), none of them 0")
    copy = reduced(np.asarray(light, np.float32), edge)
    if not (np.abs(copy) < MOST).all():
        raise PhotoError("a scene's light is not finite everywhere; decode the photo again")
    return copy


def measure_copy(copy: NDArray[np.float32], sensor_white: float, small: NDArray[np.float32] | None = None) -> Measures:
    """Measures a copy (h, w, 3) of a scene's light, at most 512 pixels; `sensor_white` is linear, and `small` the
    copy of at most 128 pixels, where it is there already."""
    if not (np.isfinite(sensor_white) and sensor_white > 0):
        raise PhotoError(f"a scene's sensor white is {sensor_white}; expected above 0")
    counts = np.zeros(SIZE, np.int64)
    darkest = _count(copy.reshape(-1, 3), LUMINANCE.astype(np.float32), counts)
    brightest = float((reduced(copy, BRIGHTEST_EDGE) if small is None else small).max())
    dark, bright = _percentiles(counts, (DARK_PERCENTILE, BRIGHT_PERCENTILE))
    return Measures(float(np.log2(sensor_white)), _log2(brightest), _log2(float(darkest)), dark, bright)


def _log2(level: float) -> float:
    return float(np.log2(level)) if level > float(LOWEST) else float(_FLOOR)


@kernel(**COMPILE)
def _count(light, weights, counts):  # type: ignore[no-untyped-def]
    """How many luminances lie from each node to the next, in `counts`; returns the smallest."""
    smallest = HIGHEST
    for i in range(light.shape[0]):
        luminance = light[i, 0] * weights[0] + light[i, 1] * weights[1] + light[i, 2] * weights[2]
        smallest = min(smallest, luminance)
        held = min(max(luminance, LOWEST), HIGHEST)
        counts[(np.float32(held).view(np.int32) - np.int32(FIRST)) >> SHIFT] += 1
    return smallest


def _percentiles(counts: NDArray[np.int64], percents: tuple[float, ...]) -> list[float]:
    """Percentiles in log2, from counts between nodes; within such a step of 1/128 octave, evenly spread."""
    below = np.concatenate([[0], np.cumsum(counts)])
    edges = np.append(np.log2(NODES.astype(np.float64)), np.log2(float(HIGHEST)))
    found = []
    for percent in percents:
        wanted = percent / 100 * below[-1]
        i = min(int(np.searchsorted(below, wanted, side="right")) - 1, SIZE - 1)
        part = (wanted - below[i]) / max(counts[i], 1)
        found.append(float(edges[i] + part * (edges[i + 1] - edges[i])))
    return found
