"""Says how different a photo may look from the photographer's own edit (one number, in L*, from the errors of its
sliders), and which photos are worth a look.

Those are worth a look that are unlike all edits (`reason.Reason.unlike`) and may look noticeably different; then come
the others, by the number. Of most photos of real people the number is above `NOTICEABLE`, and it hardly tells which of
one person's photos come out more different; whether an edit is near does tell:

    python scripts/measure_doubt.py EDITS --cache FOLDER

Each slider's error counts by how much it shows. That was measured in November 2026 on 83 scenes
(samples/shoot, 17 RAW files of many cameras, 60 views of radiance images), developed with Auto's sliders in SDR at
128 pixels, and again with wrong ones (`autohdr.develop`):

    python scripts/measure_difference.py samples/shoot RAWS --radiance EXRS

How much a stop of Exposure shows depends on how bright the picture is, which its median luminance tells without
developing it. The squares of what several wrong sliders show add up, as those of independent errors do. For the check
all eight were wrong, by errors drawn anew for each of 40 pictures of a scene. The difference seen was 0.86 to 1.37
times the one foretold (10 to 90 % of the scenes; 1.09 in the middle); they correlate by 0.79, and their ranks by 0.82.
Tables of one half of the scenes foretell the other half as well (0.80, 0.80), one number for all scenes does not (0.57,
0.67), each scene's own responses do better (0.94, 0.91), and the mean share of the sliders' ranges, by which photos
were put in order before, is at 0.30 and 0.28. In the SDR rendition of HDR edits it is 0.83 and 0.83.
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from autohdr.sliders import SLIDERS

SHOWN: NDArray[np.float64] = np.array([16.8, 0.070, 0.048, 0.067, 0.062, 0.113, 0.020, 0.003])
"""L* (CIE 15, 0 to 100) by which one unit of each slider changes a picture: the median over its pixels of the absolute
difference, averaged over scenes. Colour does not count. The deviation over scenes is a quarter of Exposure's, a third
of Contrast's, and from 0.4 to 4 times the number itself for the others."""
NOTICEABLE = round(float(SHOWN[0]) / 3, 1)
"""L*, 5.6, above which a difference is noticed: what a third of a stop of Exposure changes on average, which is the
step of a camera's dials."""


LEVELS = (-8.0, -6.0, -5.0, -4.5, -4.0, -3.5, -3.0, -2.5, -1.5)
"""Stops: log2 of a scene's median luminance after Exposure, where 1 is the sensor's white."""
STOP = (3.0, 11.5, 15.0, 16.5, 17.5, 20.0, 20.0, 19.0, 12.0)
"""L* by which a stop of Exposure changes a picture at each of these levels; the darkest hardly show it."""


def difference(errors: NDArray[np.floating], levels: NDArray[np.floating] | None = None) -> NDArray[np.float64]:
    """L* (...) by which pictures may be expected to differ from the photographer's own.

    Args:
        errors: (..., 8), mean absolute errors that are to be expected of the sliders, in Lightroom's units.
        levels: (...), how bright the pictures are, as of `LEVELS`; NaN, or None, where nobody knows.
    """
    known = np.asarray(errors, dtype=np.float64)
    shown = np.broadcast_to(SHOWN, known.shape).copy()
    if levels is not None:
        shown[..., 0] = np.where(np.isfinite(levels), np.interp(levels, LEVELS, STOP), SHOWN[0])
    return np.asarray(np.sqrt(((known * shown) ** 2).sum(axis=-1)))


def difference_of(
    errors: Mapping[str, float] | None, brightness: float | None = None, exposure: float = 0.0
) -> float | None:
    """The L* by which one photo is to be expected to differ, to a hundredth; None where no errors are expected.

    Args:
        errors: by `crs` key.
        brightness: of the photo before its Exposure, as of `autohdr.raw.prepare.Prepared`.
        exposure: its Exposure, in stops.
    """
    if not errors:
        return None
    each = np.array([errors.get(slider.key, 0.0) for slider in SLIDERS])
    return round(float(difference(each, np.array(np.nan if brightness is None else brightness + exposure))), 2)


def to_check(difference: float | None, unlike: str | None) -> bool:
    """Tells whether a photo is worth a look: it is unlike all edits, as of `Reason.unlike`, and may look noticeably
    different; False where nobody knows."""
    return unlike is not None and difference is not None and difference > NOTICEABLE
