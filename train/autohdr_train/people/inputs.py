"""Makes a network's input of a scene that a picture was taken back to, as `autohdr.prepare` makes it of RAW files."""

import numpy as np
from numpy.typing import NDArray

from autohdr.develop import Scene
from autohdr.develop.spaces import between
from autohdr.encoding import encode
from autohdr.raw.baseline import UNKNOWN
from autohdr.spec import InputSpec

Array = NDArray[np.float64]


def linear(scene: Scene) -> NDArray[np.float32]:
    """A scene's light (H, W, 3) in sRGB primaries, as RAW files are decoded: 1 where the first channel saturates, which
    a camera in the middle of baseline exposures does at `2 ** UNKNOWN` of what an unedited photo shows as white."""
    light = scene.light @ between("prophoto", "srgb").T.astype(np.float32)
    return np.clip(light / np.float32(2.0**UNKNOWN), 0.0, 1.0)


def pixels(scene: Scene, spec: InputSpec, stops: float = 0.0) -> NDArray[np.float32]:
    """A network's input (3, S, S) of a scene: what `autohdr.prepare` makes of RAW files, `stops` brighter."""
    return encode(squashed(linear(scene), spec.size) * 2.0**stops, spec)


def squashed(light: NDArray[np.float32], size: int) -> NDArray[np.float64]:
    """Averages (size, size, 3) of the areas of light (H, W, 3), whatever its aspect ratio."""
    down, across = (_areas(count, size) for count in light.shape[:2])
    return np.einsum("yh,hwc,xw->yxc", down, light.astype(np.float64), across, optimize=True)


def _areas(count: int, size: int) -> Array:
    """The share (size, count) that each of `count` pixels in a row has in each of `size` that cover the same length."""
    edges = np.arange(size + 1) * count / size
    first, last = edges[:-1, None], edges[1:, None]
    at = np.arange(count)
    return np.maximum(np.minimum(last, at + 1.0) - np.maximum(first, at), 0.0) * size / count
