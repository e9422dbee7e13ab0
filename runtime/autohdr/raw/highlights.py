"""Recovers highlights that some channels still tell: raises clipped channels to what the others say.

A sensor's channels saturate at one level of the converter, so white-balanced ones at levels as different as their
gains: of daylight, green first, red an octave later. Between the two the network's input, which cuts all off where the
first one saturates, is white and flat; a scene keeps what is known. Where a channel is saturated it is taken as at
least as bright as the channels that saturate later say of a neutral:

    lift = min(max(mean of those channels - own value, 0), saturated share * (largest gain - own gain))

in the order in which channels saturate, the last one first, each mean with what has been raised already. A neutral
that all channels have lost stands at the largest gain, which is the sensor's white; up to there a neutral's ramp comes
back as it was. Of a coloured highlight, green comes to lie between red and blue, so nothing turns magenta. What no
channel of a pixel has lost stays as it is.

Pixels average many samples, of which some may be saturated. The second bound is exact for a pixel of which a part is
blown and the rest is dark, at the edge of a window say: its green lacks what that part lacks. The saturated share
grows from 87 % of saturation on, and counts as whole from 97 % on: files overstate white levels by a few per cent, and
colours pass into neutral without an edge.

Measured in November 2026 on simulated photos (tests/runtime/raw/test_scene.py): a neutral's ramp to 1.5 times the
sensor's white comes back within 1 % of that white; the edges of a blown window have no more tint than those of a dim
one.

On a real bracket (the two D5000 exposures of 1/640 and 1/40 s that the tests have, at 1024 pixels): where green alone
is lost, red, green and blue are 0.01, 0.00 and 0.03 stops off in the median; where blue is lost too, 0.00, -0.10,
-0.09. 0.5 % of those pixels are magenta (green 3 % below both others), where channels that are only clipped make it
56 and 92.
"""

import numpy as np
from numpy.typing import NDArray

from autohdr.system.kernel import kernel

NEAR, WHOLE = 0.87, 0.97
"""Shares of saturation from which on a sample counts as saturated in part, and in full."""
_MORE = np.float32((1 - NEAR) / (WHOLE - NEAR))


@kernel(nogil=True, fastmath={"contract"})
def _recover(values, saturated, gains, order):  # type: ignore[no-untyped-def]
    channels, rows, width = values.shape
    said = np.empty(width, np.float32)
    for y in range(rows):
        said[:] = 0
        for place in range(channels):
            own = values[order[place], y]
            most = (gains[order[0]] - gains[order[place]]) * _MORE
            if most > 0:
                ceiling, part, share = most / _MORE, np.float32(1.0 / place), saturated[order[place], y]
                for x in range(width):
                    lift = min(said[x] * part - own[x], min(share[x] * most, ceiling))
                    own[x] += max(lift, np.float32(0))
            for x in range(width):
                said[x] += own[x]


def recover(values: NDArray[np.float32], saturated: NDArray[np.float32], gains: NDArray[np.float64]) -> None:
    """Raise saturated channels IN PLACE to what the others say of a neutral.

    Args:
        values: (C, H, W) white-balanced averages, each clipped where its own channel saturates.
        saturated: (C, H, W) the share of each pixel's samples that lie above `NEAR` of saturation, 0 to 1: the mean of
            what they exceed it by, as a part of what is left.
        gains: (C,) white balance, the level at which each channel saturates; the smallest is 1.
    """
    _recover(values, saturated, gains.astype(np.float32), np.argsort(-gains, kind="stable"))
