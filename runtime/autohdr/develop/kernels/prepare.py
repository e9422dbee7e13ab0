"""Builds the curves of one photo and its settings, and its local gain: what the fused pass needs, from the stages."""

from dataclasses import dataclass, replace
from functools import cache

import numpy as np
from numpy.typing import NDArray

from autohdr.develop.kernels import fused, rgb_tone
from autohdr.develop.kernels.fused import NO_CHANNELS, NO_GAIN, Tables
from autohdr.develop.kernels.reduce import reduced
from autohdr.develop.kernels.sampled_curve import IDENTITY, SampledCurve
from autohdr.develop.measures import BRIGHTEST_EDGE, Measures, checked, measure_copy
from autohdr.develop.scene import Scene
from autohdr.develop.settings import LINEAR, Settings
from autohdr.develop.stages import (
    base_curve,
    blacks,
    contrast,
    display,
    exposure,
    local_tone,
    parametric,
    point_curve,
    saturation,
    vibrance,
    white_point,
)
from autohdr.develop.transfer import decode, encode

_ENCODED: NDArray[np.float64] = encode(rgb_tone.NODES)


@dataclass(frozen=True, slots=True, eq=False)
class Photo:
    """Holds a scene in its white balance, with what is measured of it."""

    scene: Scene
    copy: NDArray[np.float32]
    """(h, w, 3), its light on at most 512 pixels."""
    small: NDArray[np.float32]
    """(h, w, 3), the same on at most 128 pixels, two to three for each block that Contrast's pivot is measured on."""
    measures: Measures

    @classmethod
    def of(cls, scene: Scene) -> "Photo":
        """Measures a scene.

        Raises:
            PhotoError: the light is empty or not finite.
        """
        copy = checked(scene.light)
        if scene.light.dtype != np.float32:
            scene = replace(scene, light=scene.light.astype(np.float32))
        small = reduced(copy, BRIGHTEST_EDGE)
        return cls(scene, copy, small, measure_copy(copy, scene.sensor_white, small))


def tables(photo: Photo, settings: Settings) -> Tables:
    """Makes the curves of a photo with settings; those of an HDR edit end at encoded light (`display`)."""
    measures, stops = photo.measures, exposure.held(settings.exposure)
    curve, channels = tone_curve(photo, settings), [linear(curve) for curve in _channel_curves(settings)]
    tone = _base() if curve is base_curve.curve() else linear(curve)
    white = display.hdr_white if settings.mode.hdr else white_point.curve
    return Tables(
        exposure.gain(stops),
        rgb_tone.sample(white(measures, stops, settings.whites)),
        rgb_tone.sample(blacks.curve(measures, stops, settings.blacks)),
        tone[0],
        np.stack([table for table, _ in channels]) if channels else NO_CHANNELS,
        np.array([tone[1], *([lift for _, lift in channels] or [0.0] * 3)], np.float32),
        vibrance.coefficients(settings.vibrance),
        saturation.coefficients(settings.saturation),
    )


def tone_curve(photo: Photo, settings: Settings) -> SampledCurve:
    """Joins all curves that come after the scene's stages, but those of red, green and blue, into one."""
    curve = base_curve.curve()
    if settings.contrast:
        curve = curve.then(contrast.curve(settings.contrast, pivot(photo)))
    regions = parametric.curve(settings.parametric)
    curve = curve if regions is IDENTITY else curve.then(regions)
    return curve if settings.point_curve == LINEAR else curve.then(point_curve.curve(settings.point_curve))


def _channel_curves(settings: Settings) -> list[SampledCurve]:
    """The curves of red, green and blue; none where all rest."""
    points = (settings.red_curve, settings.green_curve, settings.blue_curve)
    return [] if points == (LINEAR,) * 3 else [point_curve.curve(one) for one in points]


def linear(curve: SampledCurve) -> tuple[rgb_tone.Table, float]:
    """Turns a curve of encoded values into a table of linear ones, and into what it makes of black, which the table
    leaves out."""
    black = float(decode(curve(0.0)))
    return (decode(curve(_ENCODED)) - black).astype(np.float32), black


@cache
def _base() -> tuple[rgb_tone.Table, float]:
    """`linear` of the base curve alone."""
    return linear(base_curve.curve())


def pivot(photo: Photo) -> float:
    """The level that Contrast leaves alone, from the photo's default rendering."""
    rendered = fused.run(photo.small, tables(photo, Settings()))
    return contrast.pivot(np.clip(fused.luminance(rendered), 0, 1))


def local_gain(photo: Photo, settings: Settings) -> NDArray[np.float32]:
    """Computes the factor (H, W) of Highlights and Shadows; it is (1, 1) where they rest."""
    if not settings.highlights and not settings.shadows:
        return NO_GAIN
    exposed = local_tone.brightness(photo.scene.light, exposure.gain(settings.exposure))
    return local_tone.gain_map(exposed, settings.highlights, settings.shadows)
