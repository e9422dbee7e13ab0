"""The simulated photographer: eight sliders from what a photo shows, as an HDR edit.

Everything is measured on the developed picture (`camera.developed`, 1 = sensor saturation), in stops: percentiles of
log2 luminance over the picture, and how colourful it is. So only what the file holds decides, and a turned or mirrored
photo gets the same edit. Every step is smooth; nothing jumps.

- **Exposure** brings the mid-tones to a key. How bright a photo was *taken* is an accident of metering, so it is made
  up for in full: a frame exposed one stop brighter gets one stop less, while neither end of the sensor is reached and
  the edit is moderate. How bright the *scene* was shows in its shape: a night street or a dark room has its lights and
  windows many stops above its mid-tones, a day has them two or three. The key sinks with that gap, by up to 2.4 stops,
  so night stays night.
- **Highlights** are opened where, after Exposure, light stands beyond diffuse white: an HDR screen has room for it.
  Where the sensor clipped a visible part of the picture there is nothing to open, and they are held back.
- **Whites** place the brightest light about a stop above diffuse white: up where a scene ends below it, down where
  Exposure has thrown it further. Against Highlights this keeps texture in the sky and lamps inside the screen's peak
  (Adobe's auto of one such photo uses the opposite signs; a hand-made HDR edit of it used these).
- **Shadows** are lifted where they lie far below the mid-tones, less so in a low key, where dark is what is meant.
- **Blacks** are anchored: down where haze or fog lifts the darkest tones, up a little where they are buried.
- **Contrast** goes by spread: up for flat pictures, down for those that are wide already.
- **Vibrance** rises a little where colour is weak; **Saturation** stays near 0.

Over 700 views of the 48 radiance images (44 places) that it was set on, exposed by `metering.meter`, mean and standard
deviation are: Exposure 0.5 and 1.1 EV, Contrast 4 and 8, Highlights 3 and 23, Shadows 25 and 23, Whites 19 and 27,
Blacks -11 and 10, Vibrance 8 and 3.6, Saturation 1 and 2 (November 2026).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from autohdr.sliders import LIMITS
from autohdr_scenes.scene import FLOOR, luminance, shrink

NOISE: NDArray[np.float64] = np.array([0.12, 2.5, 6.0, 6.0, 6.0, 2.5, 1.2, 0.8])
"""Standard deviation of one photographer's inconsistency, in Lightroom's units, in the order of `SLIDERS`. No model can
come closer than this to labels drawn with it."""

KEY = -3.1
"""Where mid-tones belong in an ordinary scene: log2 of sensor saturation, 0.12 of it (`metering.GREY`)."""

WHITE = KEY + 2.5
"""Diffuse white after Exposure: 2.5 stops above 18 % grey."""


@dataclass(frozen=True, slots=True)
class Statistics:
    """What the rule looks at. Levels are log2 luminance, 0 at sensor saturation."""

    black: float
    """1st percentile."""
    shadow: float
    """8th percentile."""
    middle: float
    """Mean of the 20th, 35th, 50th, 65th and 80th percentiles: steady where a picture is half dark and half bright."""
    bright: float
    """92nd percentile."""
    light: float
    """98.5th percentile."""
    peak: float
    """99.7th percentile."""
    clipped: float
    """Share of the picture within a few percent of saturation, 0 to 1."""
    chroma: float
    """Mean of (max - min) / max over R, G, B, weighted with the square root of luminance, 0 to 1."""


def measure(linear: NDArray[np.float32]) -> Statistics:
    """The statistics of a developed picture (H, W, 3), 1 = sensor saturation, at 96 pixels or less a side."""
    small = shrink(linear, 96)
    light = luminance(small)
    levels = np.percentile(np.log2(light + FLOOR), [1.0, 8.0, 20.0, 35.0, 50.0, 65.0, 80.0, 92.0, 98.5, 99.7])
    black, shadow, *middle, bright, lights, peak = (float(level) for level in levels)
    weight = np.sqrt(light) + 1e-6
    strongest = small.max(axis=2)
    chroma = (strongest - small.min(axis=2)) / (strongest + FLOOR)
    return Statistics(
        black=black,
        shadow=shadow,
        middle=sum(middle) / len(middle),
        bright=bright,
        light=lights,
        peak=peak,
        clipped=float((1.0 / (1.0 + np.exp(-(light - 0.9) / 0.02))).mean()),
        chroma=float((chroma * weight).sum() / weight.sum()),
    )


def low_key(seen: Statistics) -> float:
    """How much of a night a picture is, 0 to 1: by the gap from its mid-tones to its lights, in stops."""
    return float(1.0 / (1.0 + np.exp(-((seen.light - seen.middle) - 4.3) / 0.9)))


def rule(seen: Statistics) -> NDArray[np.float64]:
    """The edit (8,) in Lightroom's units, without inconsistency, in the order of `SLIDERS`."""
    night = low_key(seen)
    exposure = _limit(KEY - 2.4 * night - seen.middle, 4.5)
    beyond = seen.light + exposure - WHITE
    peak = seen.peak + exposure - WHITE
    highlights = 4.0 + 50.0 * np.tanh((beyond + 0.3) / 1.5) - 50.0 * np.tanh(seen.clipped / 0.05)
    whites = -62.0 * np.tanh((peak - 1.2) / 2.2)
    shadows = 27.0 + 58.0 * np.tanh((seen.middle - seen.shadow - 1.8) / 1.4) * (1.0 - 0.5 * night) - 18.0 * night
    blacks = -9.0 - 20.0 * np.tanh((seen.black + exposure - (KEY - 4.0)) / 2.2)
    contrast = 3.0 + 16.0 * np.tanh((4.2 - (seen.bright - seen.shadow)) / 2.4)
    vibrance = 9.0 + 6.5 * np.tanh((0.32 - seen.chroma) / 0.2)
    saturation = 1.0 + 4.0 * np.tanh((0.36 - seen.chroma) / 0.25)
    return np.array([exposure, contrast, highlights, shadows, whites, blacks, vibrance, saturation])


def label(linear: NDArray[np.float32]) -> NDArray[np.float64]:
    """The sliders (8,) that the rule sets, in Lightroom's units, within their limits, not rounded.

    Args:
        linear: the developed picture (H, W, 3), linear sRGB, 1 = sensor saturation, noise-free.
    """
    return np.clip(rule(measure(linear)), -LIMITS, LIMITS)


def inconsistent(values: NDArray[np.float64], rng: np.random.Generator) -> NDArray[np.float64]:
    """Sliders (8,) as the simulated photographer sets them: off by `NOISE`, within their limits, not rounded."""
    return np.clip(values + NOISE * rng.standard_normal(8), -LIMITS, LIMITS)


def _limit(value: float, end: float) -> float:
    """Smoothly stays within `end`; within 60 % of it, closer than 0.3 % to the value itself."""
    return float(value / (1.0 + (value / end) ** 8) ** 0.125)
