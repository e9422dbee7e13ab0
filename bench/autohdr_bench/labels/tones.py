"""Eighteen numbers that say how bright, how wide and how coloured a photo is: what plain algebra has to go by."""

import numpy as np
import torch
from numpy.typing import NDArray

from autohdr.spec import InputSpec
from autohdr_scenes.scene import FLOOR, LUMINANCE
from autohdr_train.network.light import Light

FRAME = (0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99)
"""Percentiles of log2 luminance over the frame, as shares."""
CENTRE = (0.05, 0.25, 0.5, 0.75, 0.95)
"""Percentiles over the middle half of the rows and columns."""
COUNT = len(FRAME) + len(CENTRE) + 6


def statistics(pixels: NDArray[np.floating], spec: InputSpec, *, batch: int = 32) -> NDArray[np.float64]:
    """The statistics (N, 18) of network inputs (N, 3, S, S): percentiles over frame and centre, deviation of log2
    luminance, roots of the shares clipped and dark, mean log2 of red and of blue to green, and mean chroma."""
    light = Light(spec)
    found = [np.empty((0, COUNT))]
    for start in range(0, len(pixels), batch):
        inputs = torch.from_numpy(np.array(pixels[start : start + batch], dtype=np.float32))
        found.append(_measure(light(inputs).numpy()))
    return np.concatenate(found)


def _measure(linear: NDArray[np.float32]) -> NDArray[np.float64]:
    luminance = np.einsum("nchw,c->nhw", linear, LUMINANCE)
    levels = np.log2(luminance + FLOOR)
    edge = levels.shape[1] // 4
    centre = levels[:, edge : levels.shape[1] - edge, edge : levels.shape[2] - edge]
    red, green, blue = (np.log2(linear[:, band] + FLOOR) for band in range(3))
    strongest = linear.max(axis=1)
    chroma = (strongest - linear.min(axis=1)) / (strongest + FLOOR)
    single = [
        levels.std(axis=(1, 2)),
        np.sqrt((strongest > 0.95).mean(axis=(1, 2))),
        np.sqrt((levels < -9.0).mean(axis=(1, 2))),
        (red - green).mean(axis=(1, 2)),
        (blue - green).mean(axis=(1, 2)),
        chroma.mean(axis=(1, 2)),
    ]
    frame = np.percentile(levels, [100 * share for share in FRAME], axis=(1, 2))
    middle = np.percentile(centre, [100 * share for share in CENTRE], axis=(1, 2))
    return np.concatenate([frame, middle, np.stack(single)]).T.astype(np.float64)
