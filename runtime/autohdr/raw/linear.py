"""From sensor data to a small linear picture in sRGB primaries, where 1 is sensor saturation."""

import numpy as np
from numpy.typing import NDArray

from autohdr.raw.binning import bin_mosaic, bin_planes
from autohdr.raw.frame import RawFrame


def to_linear(frame: RawFrame, size: int) -> NDArray[np.float64]:
    """Linear light (size, size, 3), sRGB primaries, upright; proportional to exposure, 1 where the sensor saturates.

    White balance never darkens: its smallest gain is 1, so that a saturated neutral is exactly 1. A channel whose gain
    is larger saturates later than it needs to, and is clipped where the first one does, sample by sample: a blown
    highlight is white, not magenta. Saturated colours may lie below 0 or above 1.
    """
    gains = frame.white_balance / frame.white_balance.min()
    channel = np.array([0, 1, 2, 1])
    ceiling = frame.black + (frame.white - frame.black) / gains[channel]
    clip = np.clip(np.rint(ceiling), 0, np.iinfo(np.uint16).max).astype(np.uint16)
    scale = gains[channel] / (frame.white - frame.black)
    if frame.pattern is None:
        averages = bin_planes(frame.data, clip[:3], size)
        camera = (averages - frame.black[:3]) * scale[:3]
    else:
        averages, weight = bin_mosaic(frame.data, clip[frame.pattern], size)
        cell = frame.pattern.reshape(4)
        values = (averages - frame.black[cell]) * scale[cell]
        camera = np.empty((size, size, 3))
        for colour in range(3):
            places = channel[cell] == colour
            camera[..., colour] = (values * weight)[..., places].sum(-1) / weight[..., places].sum(-1)
    return upright(camera @ frame.matrix.T, frame.flip)


def upright(picture: NDArray[np.float64], flip: int) -> NDArray[np.float64]:
    """A picture (H, W, C) turned as the camera was held; `flip` as in `RawFrame`."""
    if flip & 2:
        picture = picture[::-1]
    if flip & 1:
        picture = picture[:, ::-1]
    return picture.transpose(1, 0, 2) if flip & 4 else picture
