"""Makes of sensor data a small linear picture in sRGB primaries, where 1 is sensor saturation."""

from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from autohdr.raw.binning import bin_mosaic, bin_planes
from autohdr.raw.frame import RawFrame, Samples

Pixel = TypeVar("Pixel", bound=np.generic)

CHANNEL = np.array([0, 1, 2, 1])
"""Which of R, G, B each of a mosaic's colours 0 to 3 is."""


def to_linear(frame: RawFrame, size: int) -> NDArray[np.float64]:
    """Linear light (size, size, 3), sRGB primaries, upright; proportional to exposure, 1 where the sensor saturates.

    White balance never darkens: its smallest gain is 1, so that a saturated neutral is exactly 1. A channel whose gain
    is larger saturates later than it needs to, and is clipped where the first one does, sample by sample: a blown
    highlight is white, not magenta. Saturated colours may lie below 0 or above 1; and a file that asks to be brightened
    (`RawFrame.exposure`) is, after the clipping.
    """
    gains = gains_of(frame)
    span = frame.white - frame.black
    clip = as_samples(frame.black + span / gains, frame.data)
    scale = gains / span
    if frame.pattern is None:
        colours = frame.data.shape[2]
        averages = bin_planes(frame.data, clip[:colours], size)
        camera = (averages - frame.black[:colours]) * scale[:colours]
    else:
        averages, weight = bin_mosaic(frame.data, frame.pattern, clip, size)
        camera = (averages - frame.black) * scale
        if frame.matrix.shape[1] == 3:
            camera = _merged(camera, weight)
    return upright(camera @ frame.matrix.T, frame.flip) * 2.0**frame.exposure


def gains_of(frame: RawFrame) -> NDArray[np.float64]:
    """White balance (4,) of a mosaic's colours 0 to 3, or of the planes; the smallest is 1."""
    if frame.pattern is not None and frame.pattern.size == 1:
        return np.ones(4)  # what sees all light alike has no colour to balance
    gains = frame.white_balance / frame.white_balance.min()
    return gains[CHANNEL] if len(gains) == 3 else gains


def as_samples(levels: NDArray[np.float64], data: Samples) -> Samples:
    """Levels as samples are; beyond what whole ones can hold, the last that they can."""
    if data.dtype == np.float32:
        return levels.astype(np.float32)
    return np.clip(np.rint(levels), 0, np.iinfo(np.uint16).max).astype(np.uint16)


def _merged(values: NDArray[np.float64], weight: NDArray[np.float64]) -> NDArray[np.float64]:
    """R, G, B (S, S, 3) of the four colours (S, S, 4), the two greens by their weights; all alike without a filter."""
    if not weight[..., 0].any():
        return np.repeat(values[..., 1:2], 3, axis=2)
    green = (values[..., 1] * weight[..., 1] + values[..., 3] * weight[..., 3]) / (weight[..., 1] + weight[..., 3])
    return np.stack([values[..., 0], green, values[..., 2]], axis=2)


def upright(picture: NDArray[Pixel], flip: int) -> NDArray[Pixel]:
    """A picture (H, W, C) turned as the camera was held; `flip` as in `RawFrame`."""
    if flip & 2:
        picture = picture[::-1]
    if flip & 1:
        picture = picture[:, ::-1]
    return picture.transpose(1, 0, 2) if flip & 4 else picture
