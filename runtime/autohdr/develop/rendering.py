"""Developing: scene light and settings to display light."""

from dataclasses import dataclass

import numpy as np

from autohdr.develop.picture import Picture
from autohdr.develop.scene import Scene
from autohdr.develop.settings import Settings
from autohdr.develop.spaces import DisplayPrimaries, between


@dataclass(frozen=True, slots=True, eq=False)
class Renditions:
    """Both renditions of one edit."""

    sdr: Picture
    hdr: Picture | None
    """None where the edit is in SDR."""


def develop(scene: Scene, settings: Settings, primaries: DisplayPrimaries = "display-p3") -> Picture:
    """The picture of a scene with these settings: HDR where they say so, else SDR."""
    both = renditions(scene, settings, primaries)
    return both.hdr or both.sdr


def renditions(scene: Scene, settings: Settings, primaries: DisplayPrimaries = "display-p3") -> Renditions:
    """The SDR rendition, and the HDR one where the settings ask for it."""
    light = np.maximum(scene.light @ between("prophoto", primaries).T.astype(np.float32), 0) * 2.0**settings.exposure
    sdr = Picture(np.minimum(light * 1.2 / (light + 0.2), 1).astype(np.float32), primaries)
    if settings.mode.headroom is None:
        return Renditions(sdr, None)
    bright = np.minimum(light * 2.0, 2.0**settings.mode.headroom).astype(np.float32)
    return Renditions(sdr, Picture(bright, primaries, settings.mode.headroom))
