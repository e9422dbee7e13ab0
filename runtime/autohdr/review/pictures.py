"""Makes the pictures that a page shows of one photo: before and after, small for the overview and large to look at."""

from dataclasses import dataclass, replace
from functools import cache
from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from autohdr.develop import Picture, Scene, Settings, renditions
from autohdr.develop.spaces import to_xyz
from autohdr.raw.frame import RawFrame
from autohdr.raw.linear import to_linear

SMALL = 360
"""Longer edge of the pictures in the overview, pixels."""
LARGE = 1024
"""Longer edge of the pictures to look at, pixels."""
SMALL_QUALITY, LARGE_QUALITY = 78, 84
"""Of their JPEGs, 1 to 100."""


@dataclass(frozen=True, slots=True, eq=False)
class Light:
    """The light of a photo at a page's size, held in half precision: a run holds many while they wait for labels."""

    light: NDArray[np.float16]
    """(H, W, 3), as `Scene.light`."""
    scene: Scene
    """The rest of the scene; its own light is empty."""

    @classmethod
    def of_frame(cls, frame: RawFrame) -> "Light":
        """The light of decoded sensor data."""
        scene = _scene_of(frame, LARGE)
        largest = float(np.finfo(np.float16).max)
        return cls(np.clip(scene.light, -largest, largest).astype(np.float16), replace(scene, light=_EMPTY))

    def full(self) -> Scene:
        """The scene in the precision that developing takes."""
        return replace(self.scene, light=self.light.astype(np.float32))


_EMPTY = np.empty((0, 0, 3), np.float32)


@dataclass(frozen=True, slots=True)
class Made:
    """The pictures of one photo, as files."""

    files: dict[str, bytes]
    """What each of `KINDS` holds."""
    width: int
    height: int
    """Of the large ones, pixels."""
    change: float
    """Mean absolute difference of L* between before and after, both as SDR renditions."""


KINDS = ("before", "before-small", "after", "after-small")


def make(light: Light, settings: Settings) -> Made:
    """Develops a photo without and with its settings, and packs both in both sizes.

    Raises:
        SettingsError, PhotoError: it cannot be developed.
    """
    scene = light.full()
    before = renditions(scene, Settings(), "srgb")
    after = before if replace(settings, ignored=()) == Settings() else renditions(scene, settings, "srgb")
    files: dict[str, bytes] = {}
    smalls = []
    for kind, both in (("before", before), ("after", after)):
        encoded = _bytes(both.sdr)
        small = encoded.copy()
        small.thumbnail((SMALL, SMALL), Image.Resampling.BOX)
        files[kind] = _jpeg(encoded, LARGE_QUALITY)
        files[f"{kind}-small"] = _jpeg(small, SMALL_QUALITY)
        smalls.append(_lightness(both.sdr))
    height, width = scene.light.shape[:2]
    return Made(files, width, height, float(np.abs(smalls[1] - smalls[0]).mean()))


def _scene_of(frame: RawFrame, edge: int) -> Scene:
    linear = to_linear(frame, edge)
    height, width = frame.data.shape[:2] if not frame.flip & 4 else frame.data.shape[1::-1]
    longer = max(height, width)
    rows, columns = (np.arange(max(1, edge * side // longer)) * longer // side for side in (height, width))
    return Scene.of_linear(linear[rows][:, columns])


def _lightness(picture: Picture) -> NDArray[np.float32]:
    """CIE L* of every third pixel of a picture, 0 to 100 (CIE 15, 8.2.1)."""
    y = np.clip(picture.light[::3, ::3] @ to_xyz(picture.primaries)[1].astype(np.float32), 0, None)
    return np.where(y > (6 / 29) ** 3, 116 * np.cbrt(y) - 16, y * (29 / 3) ** 3).astype(np.float32)


@cache
def _srgb_table() -> NDArray[np.uint8]:
    linear = np.arange(65536) / 65535
    encoded = np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)
    return np.rint(255 * encoded).astype(np.uint8)


def _bytes(picture: Picture) -> Image.Image:
    levels = (np.clip(picture.light, 0, 1) * np.float32(65535) + np.float32(0.5)).astype(np.uint16)
    return Image.fromarray(_srgb_table()[levels])


def _jpeg(image: Image.Image, quality: int) -> bytes:
    file = BytesIO()
    image.save(file, "JPEG", quality=quality, subsampling="4:2:0")
    return file.getvalue()
