"""The edit that is safe to make of a photo whose photographer cannot be asked: seven sliders from what it shows.

They are small, and about what HDR edits of real people are on average (91 of them: Contrast 7, Highlights -8, Shadows
38, Whites 8, Blacks -4, Vibrance 9, Saturation 1), or less; and they go back to 0 where a photo may be meant as it is:

- **Shadows** rise where dark parts lie deep below the mid-tones; less where they lie so deep that they may be a
  silhouette, and not at night.
- **Highlights** fall only where the sensor is saturated, in a small part of the frame. Where that is most of the frame
  it is a white ground, which stays white.
- **Whites** rise a little where a photo ends below white, **Blacks** fall a little where its darkest parts are pale.
- **Contrast** rises where a photo is flat, **Vibrance** where its colours are weak. **Saturation** is left alone.

Exposure is not judged here: how a photograph was exposed is known where an error was made on purpose.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from autohdr_scenes.scene import FLOOR, luminance

LOW_KEY, HIGH_KEY = -5.2, -1.3
"""Mid-tones, log2 of white, about which a photo counts as night, or as meant to be white."""


class Tones(NamedTuple):
    """What the edit goes by. Levels are log2 of luminance, 0 at white."""

    black: float
    """1st percentile."""
    shadow: float
    """8th percentile."""
    middle: float
    """Mean of the 20th, 35th, 50th, 65th and 80th percentiles."""
    bright: float
    """92nd percentile."""
    peak: float
    """99.5th percentile."""
    saturated: float
    """Share of the frame in which the sensor is saturated, or nearly, 0 to 1."""
    chroma: float
    """Mean of the spread of the channels by the brightest one, weighted with the root of luminance, 0 to 1."""


def measure(light: NDArray[np.floating], saturation: float) -> Tones:
    """Measures a small picture (H, W, 3) of linear light as it is meant, 1 = white; the sensor ends at `saturation`."""
    light = np.asarray(light, np.float64)
    levels = np.percentile(np.log2(luminance(light) + FLOOR), [1.0, 8.0, 20.0, 35.0, 50.0, 65.0, 80.0, 92.0, 99.5])
    black, shadow, *middle, bright, peak = (float(level) for level in levels)
    strongest = light.max(axis=2)
    weight = np.sqrt(np.maximum(luminance(light), 0.0)) + 1e-6
    chroma = (strongest - light.min(axis=2)) / (strongest + FLOOR)
    return Tones(
        black,
        shadow,
        sum(middle) / len(middle),
        bright,
        peak,
        float((strongest > 0.94 * saturation).mean()),
        float((np.clip(chroma, 0.0, 1.0) * weight).sum() / weight.sum()),
    )


def edit(seen: Tones) -> NDArray[np.float64]:
    """Returns Contrast, Highlights, Shadows, Whites, Blacks, Vibrance and Saturation (7,), in Lightroom's units."""
    ordinary = 1.0 - max(_step((LOW_KEY - seen.middle) / 0.5), _step((seen.middle - HIGH_KEY) / 0.4))
    depth = seen.middle - seen.shadow
    share = seen.saturated
    contrast = 4.0 + 6.0 * _step((4.0 - (seen.bright - seen.shadow)) / 1.0)
    highlights = -25.0 * share / (share + 0.01) * _step((0.2 - share) / 0.05)
    shadows = (8.0 + 30.0 * _step((depth - 1.7) / 0.6)) * (1.0 - 0.5 * _step((depth - 5.0) / 0.7))
    whites = 8.0 * _step((-0.4 - seen.peak) / 0.5)
    blacks = -2.0 - 7.0 * _step((seen.black + 5.0) / 0.6)
    vibrance = 3.0 + 8.0 * _step((0.35 - seen.chroma) / 0.1)
    return np.array([*(ordinary * np.array([contrast, highlights, shadows, whites, blacks])), vibrance, 0.0])


def _step(value: float) -> float:
    """Rises from 0 to 1, a half at 0, smoothly."""
    return 0.5 + 0.5 * float(np.tanh(value))
