"""Makes the pictures that a page shows of one photo: before and after, small for the overview and large to look at."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from autohdr.develop import Picture, Renditions, Scene, Settings, renditions
from autohdr.develop.spaces import to_xyz
from autohdr.pictures.gain_map import gain_map_jpeg
from autohdr.pictures.jpeg import compressed, icc_segment, jpeg, with_segments
from autohdr.pictures.transfer import checked, srgb_codes
from autohdr.raw.frame import RawFrame
from autohdr.raw.scene import scene_of

SMALL = 360
"""Longer edge of the pictures in the overview, pixels."""
LARGE = 1024
"""Longer edge of the pictures to look at, pixels."""
SMALL_QUALITY, LARGE_QUALITY = 80, 86
"""Of their JPEGs, on Pillow's scale."""
KINDS = ("before", "before-small", "after", "after-small")


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
        scene = scene_of(frame, LARGE)
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


def make(light: Light, settings: Settings) -> Made:
    """Develops a photo without and with its settings, and packs both in both sizes.

    Raises:
        SettingsError, PhotoError: it cannot be developed.
    """
    scene = light.full()
    before = renditions(scene, Settings())
    # One picture, where the settings change nothing.
    after = before if replace(settings, ignored=()) == Settings() else renditions(scene, settings)
    files = dict(zip(KINDS, (*_packed(before), *_packed(after)), strict=True))
    height, width = scene.light.shape[:2]
    change = np.abs(_lightness(after.sdr) - _lightness(before.sdr)).mean()
    return Made(files, width, height, float(change))


def _packed(both: Renditions) -> tuple[bytes, bytes]:
    """The large picture and the small one."""
    hdr = both.hdr
    large = jpeg(both.sdr, LARGE_QUALITY) if hdr is None else gain_map_jpeg(both.sdr, hdr, LARGE_QUALITY)
    small = Image.fromarray(srgb_codes(checked(both.sdr)))
    small.thumbnail((SMALL, SMALL), Image.Resampling.BOX)
    encoded = compressed(np.asarray(small), SMALL_QUALITY)
    return large, with_segments(encoded, [icc_segment(both.sdr.primaries)])


def _lightness(picture: Picture) -> NDArray[np.float32]:
    """CIE L* of every third pixel of a picture each way, 0 to 100 (CIE 15, 8.2.1)."""
    y = np.clip(picture.light[::3, ::3] @ to_xyz(picture.primaries)[1].astype(np.float32), 0, None)
    return np.where(y > (6 / 29) ** 3, 116 * np.cbrt(y) - 16, y * (29 / 3) ** 3).astype(np.float32)
