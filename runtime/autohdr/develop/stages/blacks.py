"""Applies the default black and the slider Blacks: one curve for each channel, after the white point.

Camera Raw takes a little from the darkest levels of every photo. With d the darkest level (the 0.1th percentile of
luminance at Exposure 0), it is b = min(d / 2, 0.00203) at d and fades above: with w the white curve's output,

    w - 2^Exposure b fade(w) / fade(d),    fade(w) = (1 - sqrt(w) / 0.67)^1.8

Below d the ratio at d holds. That is our formula: b, at Exposure 0, is 0.0001, 0.0005, 0.0020 and 0.0020 on ramps whose
darkest patch is 2^-12, 2^-10, 2^-8 and 2^-4 of scene light, whatever the sensor's white; at Exposure -2 and +1 it is
0.3 and 1.9 times as large. On a chart of greys, held out, whose darkest is 2^-10.8, Camera Raw takes nothing: there the
default is 0.005 too dark (encoded) below a level of 0.004, and 0.012 at Exposure +2. Either its colours count, too, or
the darkest level is another one.

Negative Blacks maps a level to black that rises with the photo's darkest scene level after Exposure: at -100 to 0.031
where that is 2^-8 or less, 0.138 where it is 2^-4, and on in that direction up to 2^-2. Positive Blacks depends on no
level of the photo, and takes the place of the default black: Camera Raw's outputs at +50 and +100 are the same function
of the scene level whatever the darkest one, where those of the default are not. So each position of the slider is a
curve of the white curve's output, with the default's at 0; they are kept as the inputs that give 28 outputs, both as
square roots, and interpolated at equal output, in the slider and in the darkest level: so they always rise.

Source: pch/rawmakase (MIT), docs/scene-tone-stage.md for the levels of the photo that they depend on, its
scene-probes.json for the outputs of Camera Raw 18.7 on neutral ramps, resampled by `scripts/tone_tables.py`. Errors:
`autohdr bench develop`.
"""

import numpy as np
from numpy.typing import NDArray

from autohdr.develop.measures import Measures
from autohdr.develop.stages import white_point
from autohdr.develop.stages.csv_columns import columns
from autohdr.develop.stages.exposure import gain
from autohdr.develop.stages.white_point import Levels, ToneCurve

_TABLE = "blacks.csv"
_MOST = 0.00203
"""The most that the default black takes at Exposure 0, linear."""
_FADED, _FADING = 0.67, 1.8
"""Square root of the level where it has faded away, and the power that it fades with."""
_BRIGHTEST_DARK = -2.0
"""log2 of the darkest level from which the default black follows it no further."""
_LOWEST_KEY, _HIGHEST_KEY, _LAST_KEY = -8.0, -4.0, -2.0
"""log2 of the darkest scene level: of the two tables of negative Blacks, and from where it is held."""
_FINE: NDArray[np.float64] = np.linspace(0.0, 1.0, 2049)
"""Square roots of levels that the default black is sampled at."""


def curve(measures: Measures, exposure: float = 0.0, blacks: float = 0.0) -> ToneCurve:
    """Returns the curve of a photo from the white curve's levels to levels: 0 to 0, 1 to 1, and above as they are.

    Args:
        measures: of the photo.
        exposure: EV.
        blacks: the slider, -100 to 100; beyond, it is held.
    """
    if not blacks:
        return lambda levels: default(levels, measures, exposure)
    inputs, outputs = _inputs(measures, exposure, blacks), columns(_TABLE)["root"]

    def through(levels: Levels) -> Levels:
        within = np.interp(np.sqrt(np.clip(levels, 0, 1)), inputs, outputs, left=0.0) ** 2
        return np.asarray(within + np.maximum(levels - 1, 0), np.float64)

    return through


def default(levels: Levels, measures: Measures, exposure: float = 0.0) -> Levels:
    """Computes levels (any shape) of the white curve's output after the default black of a photo."""
    factor = gain(exposure)
    darkest = 2.0 ** min(measures.dark, _BRIGHTEST_DARK)
    depth = factor * min(darkest / 2, _MOST)
    start = float(white_point.curve(measures, exposure)(np.array(darkest * factor)))

    def less(w: Levels) -> Levels:
        return np.asarray(w - depth * _fade(w) / max(float(_fade(np.array(start))), 0.05), np.float64)

    ratio = max(float(less(np.array(start))) / max(start, 1e-9), 0.02)
    return np.where(levels < start, levels * ratio, np.maximum(less(levels), np.minimum(levels, start) * ratio))


def _fade(levels: Levels) -> Levels:
    return np.asarray(np.maximum(1 - np.sqrt(np.maximum(levels, 0)) / _FADED, 0) ** _FADING, np.float64)


def _inputs(measures: Measures, exposure: float, blacks: float) -> NDArray[np.float64]:
    """Square roots of the inputs, for one photo and one position of the slider."""
    size = min(abs(blacks) / 100, 1.0)
    roots = columns(_TABLE)["root"]
    places = [np.interp(roots, np.sqrt(default(_FINE**2, measures, exposure)), _FINE)]
    if blacks < 0:
        places += [_negative(measures.darkest + exposure, name) for name in ("-50", "-100")]
    else:
        places += [columns(_TABLE)[name] for name in ("+50", "+100")]
    i = min(int(size * 2), 1)
    return np.asarray(places[i] + (places[i + 1] - places[i]) * (size * 2 - i), np.float64)


def _negative(key: float, name: str) -> NDArray[np.float64]:
    """Returns the inputs at a position of negative Blacks, for a darkest scene level (log2)."""
    dark, bright = columns(_TABLE)[name]
    part = (min(max(key, _LOWEST_KEY), _LAST_KEY) - _LOWEST_KEY) / (_HIGHEST_KEY - _LOWEST_KEY)
    return np.asarray(np.minimum(dark + (bright - dark) * part, 1.0), np.float64)
