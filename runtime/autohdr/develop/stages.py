"""Builds the curves of one photo and its settings, and its local gain: what the fused pass needs, from the stages."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from autohdr.develop import (
    base_curve,
    blacks,
    contrast,
    exposure,
    fused,
    local_tone,
    rgb_tone,
    saturation,
    vibrance,
    white_point,
)
from autohdr.develop.curve import Curve
from autohdr.develop.fused import NO_GAIN, Tables
from autohdr.develop.measures import BRIGHTEST_EDGE, Measures, checked, measure_copy
from autohdr.develop.reduce import reduced
from autohdr.develop.scene import Scene
from autohdr.develop.settings import Settings
from autohdr.develop.transfer import decode, encode


@dataclass(frozen=True, slots=True, eq=False)
class Photo:
    """A scene in its white balance, with what is measured of it."""

    scene: Scene
    copy: NDArray[np.float32]
    """(h, w, 3), its light on at most 512 pixels."""
    small: NDArray[np.float32]
    """(h, w, 3), the same on at most 128 pixels, two to three for each block that Contrast's pivot is measured on."""
    measures: Measures

    @classmethod
    def of(cls, scene: Scene) -> "Photo":
        """The photo of a scene.

        Raises:
            PhotoError: the light is empty or not finite.
        """
        copy = checked(scene.light)
        small = reduced(copy, BRIGHTEST_EDGE)
        return cls(scene, copy, small, measure_copy(copy, scene.sensor_white, small))


def tables(photo: Photo, settings: Settings) -> Tables:
    """The curves of a photo with settings, in SDR."""
    measures, stops = photo.measures, exposure.held(settings.exposure)
    return Tables(
        exposure.gain(stops),
        rgb_tone.sample(white_point.curve(measures, stops, settings.whites)),
        rgb_tone.sample(blacks.curve(measures, stops, settings.blacks)),
        linear(tone_curve(photo, settings)),
        vibrance=vibrance.coefficients(settings.vibrance),
        saturation=saturation.coefficients(settings.saturation),
    )


def tone_curve(photo: Photo, settings: Settings) -> Curve:
    """All curves that come after the scene's stages, as one."""
    curve = base_curve.curve()
    if settings.contrast:
        curve = curve.then(contrast.curve(settings.contrast, _pivot(photo)))
    return curve


def linear(curve: Curve) -> rgb_tone.Table:
    """A curve of encoded values as a table of linear ones."""
    return rgb_tone.sample(lambda levels: decode(curve(encode(levels))))


def _pivot(photo: Photo) -> float:
    """The level that Contrast leaves alone, from the photo's default rendering."""
    rendered = fused.run(photo.small, tables(photo, Settings()))
    return contrast.pivot(np.clip(fused.luminance(rendered), 0, 1))


def local_gain(photo: Photo, settings: Settings) -> NDArray[np.float32]:
    """The factor (H, W) of Highlights and Shadows, or (1, 1) where they rest."""
    if not settings.highlights and not settings.shadows:
        return NO_GAIN
    exposed = fused.luminance(photo.scene.light, exposure.gain(settings.exposure))
    return local_tone.gain_map(exposed, settings.highlights, settings.shadows)
