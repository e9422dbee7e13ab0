"""Makes the pictures that a page shows of one photo: before and after, small for the overview and large to look at."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from autohdr.develop import Picture, Renditions, Scene, Settings, renditions
from autohdr.develop.kernels.reduce import reduced
from autohdr.develop.spaces import to_xyz
from autohdr.pictures.gain_map import gain_map_jpeg
from autohdr.pictures.jpeg import jpeg
from autohdr.review.half import pack, unpack

SMALL = 360
"""Longer edge of the pictures in the overview, pixels."""
SMALL_QUALITY, LARGE_QUALITY = 80, 86
"""The quality of small and of large JPEGs, on Pillow's scale."""
ONE_SIZE = 640
"""Longer edge up to which the large pictures serve as the small ones, too."""
KINDS = ("before", "before-small", "after", "after-small")


@dataclass(frozen=True, slots=True, eq=False)
class Light:
    """Holds the light of a photo at a page's size, in half precision: a run holds many while they wait for labels."""

    light: NDArray[np.float16]
    """(H, W, 3), as `Scene.light`."""
    scene: Scene
    """The rest of the scene; its own light is empty."""

    @classmethod
    def of(cls, scene: Scene) -> "Light":
        """Keeps the light of a scene."""
        return cls(pack(scene.light), replace(scene, light=_EMPTY))

    def full(self) -> Scene:
        """Returns the scene in the precision that developing takes."""
        return replace(self.scene, light=unpack(self.light))


_EMPTY = np.empty((0, 0, 3), np.float32)


@dataclass(frozen=True, slots=True)
class Made:
    """Holds the pictures of one photo, as files."""

    files: dict[str, bytes]
    """What each of `KINDS` holds, as far as there are small ones."""
    width: int
    height: int
    """The height of the large pictures, pixels."""
    change: float
    """Mean absolute difference of L* between before and after, both as SDR renditions."""


def make(light: Scene, settings: Settings, *, small: bool = True) -> Made:
    """Develops a photo without and with its settings, and packs both: large, and small where that is asked for.

    Raises:
        SettingsError, PhotoError: it cannot be developed.
    """
    before = renditions(light, Settings())
    # One picture, where the settings change nothing.
    after = before if settings.drawn == Settings() else renditions(light, settings)
    files = {"before": _large(before), "after": _large(after)}
    if small:
        files |= {"before-small": _small(before), "after-small": _small(after)}
    height, width = light.light.shape[:2]
    change = np.abs(lightness(after.sdr) - lightness(before.sdr)).mean()
    return Made(files, width, height, float(change))


def _small(both: Renditions) -> bytes:
    return jpeg(replace(both.sdr, light=reduced(both.sdr.light, SMALL)), SMALL_QUALITY)


def _large(both: Renditions) -> bytes:
    return jpeg(both.sdr, LARGE_QUALITY) if both.hdr is None else gain_map_jpeg(both.sdr, both.hdr, LARGE_QUALITY)


def lightness(picture: Picture) -> NDArray[np.float32]:
    """Returns CIE L*, 0 to 100 (CIE 15, 8.2.1), of some rows and columns of a picture: 100 or more of a large one."""
    step = max(1, min(picture.light.shape[:2]) // 100)
    y = np.clip(picture.light[::step, ::step] @ to_xyz(picture.primaries)[1].astype(np.float32), 0, None)
    return np.where(y > (6 / 29) ** 3, 116 * np.cbrt(y) - 16, y * (29 / 3) ** 3).astype(np.float32)
