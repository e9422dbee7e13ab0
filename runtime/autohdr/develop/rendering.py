"""Develops a scene: takes scene light and settings to display light, in Camera Raw's order of stages.

White balance; Exposure; Highlights and Shadows, a gain of luminance (`local_tone`); white point with Whites, on the
largest and smallest channel (`white_point`); default black or Blacks, on each channel (`blacks`); base curve, Contrast,
parametric and point curve, on the largest and smallest channel; Vibrance and Saturation; the display's primaries;
limits, or HDR and the SDR rendition of that (`display`). What looks at one pixel is a single pass over tables
(`fused`), image-wide measures come from a reduced copy (`measures`), so that a thumbnail and a preview of one photo
look alike.

Source of the order: pch/rawmakase (MIT), docs/scene-tone-stage.md, measured with probes of Camera Raw 18.7.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from autohdr.develop.kernels import fused, prepare
from autohdr.develop.picture import Picture
from autohdr.develop.scene import Scene
from autohdr.develop.settings import Settings
from autohdr.develop.spaces import DisplayPrimaries, between
from autohdr.develop.stages import display
from autohdr.develop.stages.white_balance import balanced

_BRIGHTEST = 4.0
"""Limit of each channel, both ways, before HDR is made: colours outside the primaries keep their luminance."""


@dataclass(frozen=True, slots=True, eq=False)
class Renditions:
    """Holds both renditions of one edit."""

    sdr: Picture
    hdr: Picture | None
    """The HDR rendition; None where the edit is in SDR."""


def develop(scene: Scene, settings: Settings, primaries: DisplayPrimaries = "display-p3") -> Picture:
    """Develops a scene with these settings into a picture: in HDR where they say so, else in SDR.

    Raises:
        PhotoError: the scene's light is empty or not finite.
    """
    both = renditions(scene, settings, primaries)
    return both.hdr or both.sdr


def renditions(scene: Scene, settings: Settings, primaries: DisplayPrimaries = "display-p3") -> Renditions:
    """Develops a scene into the SDR rendition, and into the HDR one where the settings ask for it.

    Raises:
        PhotoError: the scene's light is empty or not finite.
    """
    photo = prepare.Photo.of(balanced(scene, settings.temperature, settings.tint))
    gain = prepare.local_gain(photo, settings)
    into = between("prophoto", primaries)
    tables = prepare.tables(photo, settings)
    headroom = settings.mode.headroom
    if headroom is None:
        return Renditions(Picture(_rendered(photo, tables, gain, into, 0.0, 1.0), primaries), None)
    edit = display.within(_rendered(photo, tables, gain, into, -_BRIGHTEST, _BRIGHTEST), primaries)
    bright, sdr = display.both(edit, primaries, headroom, settings.sdr)
    return Renditions(Picture(sdr, primaries), Picture(bright, primaries, headroom))


def _rendered(
    photo: prepare.Photo,
    tables: fused.Tables,
    gain: NDArray[np.float32],
    into: NDArray[np.float64],
    lowest: float,
    highest: float,
) -> NDArray[np.float32]:
    return fused.run(photo.scene.light, tables, gain=gain, matrix=into, lowest=lowest, highest=highest)
