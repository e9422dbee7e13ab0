"""How different a photo may look from the photographer's own edit: one number, in L*, from the errors of its sliders.

Photos are put in order by it, those first that are worth a look. Each slider's error counts by how much it shows. That
was measured in November 2026 on 83 scenes (samples/shoot, 17 RAW files of many cameras, 60 views of radiance images),
developed with Auto's sliders in SDR at 128 pixels, and again with wrong ones (`autohdr.develop`):

    python scripts/measure_difference.py samples/shoot RAWS --radiance EXRS

The squares of what several wrong sliders show add up, as those of independent errors do. For the check all eight were
wrong, by errors drawn anew for each of 40 pictures of a scene. The difference seen was 0.72 to 1.40 times the one
foretold (10 to 90 % of the scenes; 1.08 in the middle); they correlate by 0.84, and their ranks by 0.80. The mean share
of the sliders' ranges, by which photos were put in order before, is at 0.57 and 0.60. In the SDR rendition of HDR edits
it is 0.87 and 0.83.
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from autohdr.sliders import SLIDERS

SHOWN: NDArray[np.float64] = np.array([16.8, 0.070, 0.048, 0.067, 0.062, 0.113, 0.020, 0.003])
"""L* (CIE 15, 0 to 100) by which one unit of each slider changes a picture: the median over its pixels of the absolute
difference, averaged over scenes. Colour does not count. The deviation over scenes is a quarter of Exposure's, a third
of Contrast's, and as large as the number itself for the others: a very dark photo moves 6 L* by a stop."""
NOTICEABLE = float(SHOWN[0]) / 3
"""L*, 5.6, above which a photo is worth a look: what a third of a stop of Exposure changes, which is the step of a
camera's dials."""


def difference(errors: NDArray[np.floating]) -> NDArray[np.float64]:
    """L* (...) by which pictures are to be expected to differ from the photographer's own.

    Args:
        errors: (..., 8), mean absolute errors that are to be expected of the sliders, in Lightroom's units.
    """
    return np.asarray(np.sqrt(((np.asarray(errors, dtype=np.float64) * SHOWN) ** 2).sum(axis=-1)))


def difference_of(errors: Mapping[str, float] | None) -> float | None:
    """The same for one photo's errors by `crs` key, to a hundredth; None where there are none."""
    if not errors:
        return None
    return round(float(difference(np.array([errors.get(slider.key, 0.0) for slider in SLIDERS]))), 2)
