"""Maps the white point to 1, with Camera Raw's shoulder above about 0.25, and bends that curve for the slider Whites.

The white point W* is the sensor's white after Exposure, at most twice the photo's brightest channel, at least 1; where
the sensor's white is below 1, it is that, at least 0.5. The curve, for the largest and the smallest channel, is a table
of 48 inputs (log2) at fixed outputs for W* of 0.5, 1, 2, 4, 8 and 16, interpolated in log2 W*, so that it always rises;
above 16 it goes on as from 4 to 16. Whites moves the inputs by tables for -100 and +100, and by shares of them between.

Positive Whites stretches toward T (`whites_top`): twice the 99th percentile of luminance, at most the sensor's white,
at least 5 stops below it. For a T below the sensor's white a formula of ours stands in: let W be the white point of a
photo that reaches T, D its default curve, and z its table as a gain before D. With z'(x) = x + k (z(x W / T) - x W / T)
and k such that z' takes T / W times the level to W that z takes there, the photo's own default curve D* becomes
1 - (1 - D*(x)) (1 - D(z'(x))) / (1 - D(x)).

Source: pch/rawmakase (MIT), docs/scene-tone-stage.md and scene-probes.json (Camera Raw 18.7), resampled by
`scripts/tone_tables.py`. Mean error, encoded: .0005 at most on ramps that were fitted; on a chart that was held out
.0023 for negative Whites, and .036 at +100 (.003 with T at the sensor's white; docs/evidence/developing.md).
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from autohdr.develop.measures import Measures
from autohdr.develop.stages.csv_columns import columns

Levels = NDArray[np.float64]
ToneCurve = Callable[[Levels], Levels]
_TABLE = "white_point.csv"
_FIRST, _LAST = -1, 4
"""log2 of the first and the last white point that the default curve is tabulated for, in steps of 1."""
_HIGHEST = 7.0
"""log2 of the highest white point: of a sensor's white of 4 at Exposure +5."""

_FARTHEST = 5.0
"""Stops below the sensor's white that positive Whites stretches toward at most."""


def white_point(measures: Measures, exposure: float = 0.0) -> float:
    """Returns log2 of W*, the scene level after Exposure that becomes white."""
    return _white_point(measures.sensor_white + exposure, measures.brightest + exposure)


def _white_point(sensor: float, brightest: float) -> float:
    if sensor < 0:
        return max(sensor, -1.0)
    return min(sensor, max(brightest + 1, 0.0), _HIGHEST)


def whites_top(measures: Measures, exposure: float = 0.0) -> float:
    """Returns log2 of the level after Exposure that positive Whites stretches toward."""
    sensor = measures.sensor_white
    return max(min(measures.bright + 1, sensor), sensor - _FARTHEST) + exposure


def curve(measures: Measures, exposure: float = 0.0, whites: float = 0.0) -> ToneCurve:
    """Returns the curve of a photo from scene levels after Exposure to levels from 0 to 1.

    Args:
        measures: of the photo.
        exposure: EV.
        whites: the slider, -100 to 100; beyond, it is held.
    """
    white = white_point(measures, exposure)
    amount = min(max(whites / 100, -1.0), 1.0)
    inputs = _inputs(white)
    if amount < 0:
        half = columns(_TABLE)["-50"]
        share = np.where(amount >= -0.5, -2 * amount * half, half - (2 * amount + 1) * (1 - half))
        inputs = inputs + share * _lowered(white)
    elif amount > 0:
        sensor, top = measures.sensor_white + exposure, whites_top(measures, exposure)
        most = _stretched(white, _white_point(sensor, top), top)
        inputs = inputs + amount ** -np.log2(columns(_TABLE)["+50"]) * (most - inputs)
    return _curve_through(inputs)


def _lowered(white: float) -> Levels:
    """What Whites at -100 adds to the inputs of the default curve at a white point (log2)."""
    shift = _between(columns(_TABLE)["-100"], white / 2)
    if white < 0:
        room, whole = white - _inputs(white), -_inputs(0.0)
        shift = shift * np.minimum(room / np.maximum(whole, 1e-9), 1.0)
    return shift


def _stretched(white: float, reached: float, top: float) -> Levels:
    """log2 of the inputs at Whites +100 of a photo whose white point is `white`, stretched toward `top`, which alone
    would have the white point `reached` (all log2)."""
    before = _inputs(reached)
    after = np.maximum.accumulate(before + _between(columns(_TABLE)["+100"], reached / 2))
    if white == reached == top:
        return after
    own, alone = _curve_through(_inputs(white)), _curve_through(before)
    wide = 2.0 ** (reached - top)
    to_white = after[-1] + top - reached
    strength = (2.0**reached - 2.0**to_white) / (2.0**reached - 2.0 ** after[-1])
    level = np.arange(to_white - 16, to_white, 1 / 64)
    x = 2.0**level
    added = 2.0 ** _straight(np.log2(x * wide), after, before) - x * wide
    missing = (1 - alone(x + strength * added)) / np.maximum(1 - alone(x), 1e-9)
    out = np.maximum.accumulate(1 - (1 - own(x)) * np.clip(missing, 0, 1))
    return np.minimum(_straight(_log2_outputs(), np.log2(np.append(out, 1.0)), np.append(level, to_white)), to_white)


def _straight(at: Levels, xs: Levels, ys: Levels) -> Levels:
    """Interpolation that goes on with a slope of 1 at both ends."""
    return np.interp(at, xs, ys) + np.minimum(at - xs[0], 0) + np.maximum(at - xs[-1], 0)


def _log2_outputs() -> Levels:
    return np.asarray(np.log2(columns(_TABLE)["output"]), np.float64)


def _curve_through(inputs: Levels) -> ToneCurve:
    outputs, rising = _log2_outputs(), np.maximum.accumulate(inputs)

    def through(x: Levels) -> Levels:
        level = np.log2(np.maximum(x, 1e-12))
        return np.asarray(2.0 ** np.minimum(_straight(level, rising, outputs), 0.0), np.float64)

    return through


def _inputs(white: float) -> Levels:
    """log2 of the inputs of the default curve at a white point (log2)."""
    rows = columns(_TABLE)["default"]
    if white > _LAST:
        return np.asarray(rows[-1] + (rows[-1] - rows[-3]) * (white - _LAST) / 2, np.float64)
    return _between(rows, white - _FIRST)


def _between(rows: NDArray[np.float64], at: float) -> Levels:
    """The row at a place that may lie between two; beyond the first and the last, those."""
    place = min(max(at, 0.0), len(rows) - 1.0)
    i = min(int(place), len(rows) - 2)
    return np.asarray(rows[i] + (rows[i + 1] - rows[i]) * (place - i), np.float64)
