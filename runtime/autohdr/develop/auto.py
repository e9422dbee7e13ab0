"""Computes Adobe's Auto by a formula: eight sliders from what a photo looks like unedited, and a white balance from its
camera's colours.

Each slider is linear in one or two percentiles of the unedited rendering, sRGB-encoded: L of luminance, P of the
brightest channel, C of chroma (the spread of the channels by the brightest one; 0 where that is below 2 %):

    Exposure    2.22 - 2.13 L40 - 1.52 L99        Whites      67.5 - 52.2 P99.8
    Contrast    +6                                Blacks      -38 - 1.86 log2(L1, linear)
    Highlights  -36 - 51.9 L90 + 26.9 P25         Vibrance    +15
    Shadows     54.4 - 41.5 P10                   Saturation  2.07 - 10.2 C35

Source: pch/rawmakase (MIT), docs/tone-controls.md, fitted on 452 steps of Lightroom's own Auto; its median error on
photos kept aside is 0.21 EV, and 1, 7, 6.5, 8, 4, 0 and 1 of the sliders in the order Contrast to Saturation. White
balance: the mean of the camera's colours is made neutral, then 23 mired warmer and 3 of tint greener, 2850 to 7500 K
and 0 to +30 (2.7 mired off in the median, on 133 photos of three cameras).

The rendering is the one that those lines were fitted on: the exposure ramp of Adobe's DNG SDK with its black at 0.0015,
which grows with baseline exposure, then the base curve; without the scene tone stage, which came later. It is measured
at 1024 pixels, as small highlights count for the less the smaller the copy.

Measured in November 2026: 38 finished photographs whose edits look like Auto (36 of them one person's, touched up or
not), taken back to their scenes by `undevelop` and asked again, are off by 0.29 EV in the median, and by 1, 7, 8, 17,
6.5, 0 and 1; by the median of these edits instead they would be by 0.44 EV, and by 1, 6.5, 11.5, 24.5, 8, 0 and 1.5
(`pytest -m slow tests/runtime/develop/test_auto.py`).

The lines are Auto's in SDR. In HDR, Adobe's goes further: of the one photo of which its values are public
(`slausmeister/AutoHDR`, assets/AdobeHDR.jpg, a bright sky behind dark trees) they are +2.63, 6, -35, 55, 38, -15, 14,
1, where the lines say +0.77, 6, -76, 54, 15, -13, 15, 2 of its HDR picture taken back to the scene, and +0.90 of
another edit of the same RAW. Bright skies seem to hold it back no longer: without L99 and L90 the lines would say
+2.19 and -36. One photo is no fit, so none is made.
"""

from functools import cache

import numpy as np
from numpy.typing import NDArray

from autohdr.develop.kernels import rgb_tone
from autohdr.develop.measures import checked
from autohdr.develop.scene import Scene
from autohdr.develop.settings import Settings
from autohdr.develop.spaces import between, to_xyz
from autohdr.develop.stages import base_curve
from autohdr.develop.stages.temperature import temperature_and_tint
from autohdr.develop.stages.white_balance import as_shot, prophoto_from_camera, white_of
from autohdr.develop.transfer import decode, encode
from autohdr.errors import PhotoError

EDGE, WHITE_BALANCE_EDGE = 1024, 256
"""Pixels of the longer side of the copies that are measured."""
BLACK = 0.0015
"""Scene light that the ramp makes black, at a baseline exposure of 0."""
WARMER, GREENER = 23.0, 3.0
"""Mired and tint by which Auto's white balance differs from a grey world's."""
TEMPERATURES, TINTS = (2850.0, 7500.0), (0.0, 30.0)
_ROUNDING = 1e-3
"""How far an encoded rendering may leave 0 to 1."""
_COLOURLESS = 0.02
_LEVELS = 65535
_DARK, _CLIPPED = 0.002, 0.9
"""White-balanced camera colours that count lie between, 1 at saturation."""
_FEWEST = 16


def auto(scene: Scene) -> Settings:
    """Returns the eight sliders that Auto sets for a scene, in its white balance as shot; all other settings are at
    rest.

    Raises:
        PhotoError: its light is empty or not finite.
    """
    return auto_of(unedited(scene))


def auto_of(rendering: NDArray[np.floating]) -> Settings:
    """Returns the eight sliders that Auto sets for a photo of this unedited rendering (H, W, 3), sRGB-encoded, 0 to 1.

    Raises:
        PhotoError: the rendering is empty, or holds something else.
    """
    if rendering.ndim != 3 or rendering.shape[2] != 3 or not rendering.size:
        raise PhotoError(f"a rendering has the shape {rendering.shape}; expected (height, width, 3), none of them 0")
    if not (rendering.min() >= -_ROUNDING and rendering.max() <= 1 + _ROUNDING):
        raise PhotoError("a rendering has values outside of 0 to 1, or none; encode what `unedited` gives by sRGB")
    rendering = np.clip(rendering, 0, 1)
    luminance, brightest, chroma = _values(np.asarray(rendering, np.float32))
    l1, l40, l90, l99 = _percentiles(luminance, 1.0, 40.0, 90.0, 99.0)
    p10, p25, p998 = _percentiles(brightest, 10.0, 25.0, 99.8)
    (c35,) = _percentiles(chroma, 35.0)
    return Settings(
        exposure=round(2.22 - 2.13 * l40 - 1.52 * l99, 2),
        contrast=6.0,
        highlights=_slider(-36.0 - 51.9 * l90 + 26.9 * p25, most=0.0),
        shadows=_slider(54.4 - 41.5 * p10, least=0.0),
        whites=_slider(67.5 - 52.2 * p998),
        blacks=_slider(-38.0 - 1.86 * float(np.log2(max(float(decode(l1)), 1e-4))), most=0.0),
        vibrance=15.0,
        saturation=_slider(2.07 - 10.2 * c35),
    )


def unedited(scene: Scene) -> NDArray[np.float32]:
    """Makes the rendering (h, w, 3) that Auto measures, sRGB-encoded, 0 to 1; it has at most 1024 pixels.

    Raises:
        PhotoError: the scene's light is empty or not finite.
    """
    light = checked(scene.light, EDGE)
    ramped = np.minimum(_ramp(light, BLACK * _baseline(scene)), np.float32(1))
    shown = rgb_tone.apply(ramped, _curve()) @ between("prophoto", "srgb").T.astype(np.float32)
    return rgb_tone.apply_to_each(np.clip(shown, 0, 1, out=shown), _encoding())


def auto_white_balance(scene: Scene) -> tuple[float, float]:
    """Returns the Temperature, kelvin, and Tint that Auto sets for a scene: as shot where its camera is not known, or
    all of it is dark or blown.

    Raises:
        PhotoError: its light is empty or not finite.
    """
    copy = checked(scene.light, WHITE_BALANCE_EDGE)
    if scene.camera is None:
        return as_shot(scene)
    camera = scene.camera
    to_camera = np.linalg.pinv(prophoto_from_camera(camera)) / _baseline(scene)
    levels = copy.reshape(-1, 3) @ to_camera.T
    balanced = levels * (camera.neutral.max() / camera.neutral)
    usable = ((balanced > _DARK) & (balanced < _CLIPPED)).all(axis=1)
    if np.count_nonzero(usable) < _FEWEST:
        return as_shot(scene)
    mean = levels[usable].mean(axis=0)
    grey = type(camera)(mean / mean[1], camera.camera_from_xyz, camera.temperatures)
    temperature, tint = temperature_and_tint(white_of(grey))
    mired = max(1e6 / temperature - WARMER, 1e6 / TEMPERATURES[1])
    return max(1e6 / mired, TEMPERATURES[0]), float(np.clip(tint - GREENER, *TINTS))


def _baseline(scene: Scene) -> float:
    """The factor of a scene's baseline exposure; 1 where its camera is not known."""
    if scene.camera is None:
        return 1.0
    return scene.sensor_white * float(scene.camera.neutral.min() / scene.camera.neutral.max())


def _ramp(light: NDArray[np.float32], black: float) -> NDArray[np.float32]:
    """Light after the DNG SDK's exposure ramp: 0 up to half of `black`, straight from one and a half of it to 1 at 1, a
    parabola between."""
    slope = 1.0 / (1.0 - black)
    radius = min(0.5 * black, 1.0 / (16.0 * slope))
    above = np.maximum(light - np.float32(black - radius), 0)
    toe = np.float32(slope / (4.0 * radius)) * above * above
    return np.where(above < 2.0 * radius, toe, np.float32(slope) * (light - np.float32(black))).astype(np.float32)


@cache
def _encoding() -> rgb_tone.Table:
    return rgb_tone.sample(encode)


@cache
def _curve() -> rgb_tone.Table:
    return rgb_tone.sample(base_curve.apply)


def _values(rendering: NDArray[np.float32]) -> tuple[NDArray[np.float32], ...]:
    """Luminance, brightest channel and chroma (N,) of each pixel."""
    red, green, blue = np.moveaxis(rendering, 2, 0)
    weights = to_xyz("srgb")[1].astype(np.float32)
    brightest = np.maximum(np.maximum(red, green), blue)
    spread = brightest - np.minimum(np.minimum(red, green), blue)
    chroma = np.where(brightest > _COLOURLESS, spread / np.maximum(brightest, np.float32(_COLOURLESS)), np.float32(0))
    return tuple(values.reshape(-1) for values in (rendering @ weights, brightest, chroma))


def _percentiles(values: NDArray[np.float32], *percents: float) -> list[float]:
    """Returns the values, 0 to 1, that these percentages of all values lie below, to 1/65535.

    Counted, not sorted: a photo of which half is blown has as many equal values, which partitions are slow with.
    """
    counts = np.bincount((values * np.float32(_LEVELS) + np.float32(0.5)).astype(np.uint16), minlength=_LEVELS + 1)
    places = [round((values.size - 1) * percent / 100.0) for percent in percents]
    return [float(level) / _LEVELS for level in np.searchsorted(np.cumsum(counts), places, side="right")]


def _slider(value: float, least: float = -100.0, most: float = 100.0) -> float:
    return float(round(min(max(value, least), most)))
