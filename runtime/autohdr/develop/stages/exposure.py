"""Applies Exposure: multiplies scene light by two to the power of the slider, before everything that looks at the
photo.

Camera Raw 18.7's ramps at Exposure -1 and +1 are those of a sensor whose white stands a stop lower or higher, to the
last digit (pch/rawmakase, MIT, scene-probes.json: `white+2` at -1 is `white+0` at +1). So all that Exposure does beyond
the scale is to move what is measured of the photo: the white point (`white_point`), and the darkest level that Blacks
follows (`blacks`). The default black grows with the scale.

Held out, on a chart of greys at -2, -1, +1 and +2: off by 0.0012, 0.0022, 0.0028 and 0.0041 (mean, encoded sRGB), where
doing nothing is off by 0.08 to 0.18 (`autohdr bench develop`).
"""

LOWEST, HIGHEST = -5.0, 5.0


def gain(exposure: float) -> float:
    """Returns the factor of scene light for the slider in EV, which is held within -5 to +5."""
    return float(2.0 ** held(exposure))


def held(exposure: float) -> float:
    """Holds the slider, EV, within -5 to +5."""
    return min(max(exposure, LOWEST), HIGHEST)
