"""Applies the point curve: a natural cubic spline through the points that a photographer set, after the parametric
curve.

It works on encoded values (ProPhoto primaries, sRGB transfer function): the master curve on the largest and the
smallest channel, then the curves for red, green and blue each on its own channel. That it is this spline was found by
pch/rawmakase (MIT, docs/tone-controls.md).

Error against Camera Raw 18.7's grey ramp with an S curve of five points (rawmakase's chart, case `curve-s`; nothing is
fitted), encoded: mean 0.00005, largest 0.0002, where doing nothing is off by 0.027. `autohdr bench develop` repeats it.
"""

import numpy as np

from autohdr.develop.kernels.sampled_curve import SampledCurve
from autohdr.develop.kernels.spline import natural
from autohdr.develop.settings import CurvePoints

_WHITE = 255.0


def curve(points: CurvePoints) -> SampledCurve:
    """Returns the curve through points (input, output), 0 to 255, inputs rising. Before the first and after the last it
    holds their outputs, and it stays between 0 and 1; it may fall where the points do.

    Raises:
        ValueError: there are fewer than two points, or their inputs do not rise.
    """
    inputs, outputs = np.array(points, np.float64).reshape(-1, 2).T / _WHITE
    return SampledCurve.of(lambda encoded: natural(inputs, outputs, encoded))
