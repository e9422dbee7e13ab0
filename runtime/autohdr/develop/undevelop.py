"""Takes a finished picture back to the scene: the inverse of developing, where there is one.

Stages that look at one pixel are taken back exactly (`backward`). White point, blacks, Contrast's pivot and the local
gain follow the scene as a whole, which is not known yet: they are measured on the scene found so far, and the picture
is taken back anew, until the scene changes by less than a thousandth of a stop in 999 of 1000 known pixels. Single
pixels that do not settle are not known: there, the local gain falls faster than light rises.

Developing the scene again gives the picture within 0.05/255 (encoded) where it is known, in SDR and in HDR, for every
slider at +-50 and +-100, Exposure from -2 to +2 and some mixtures (`pytest tests/runtime/develop/test_undevelop.py`).
Of 144 mixtures of all sliders anywhere between -100 and +100, on the six sample photos, 126 come back within 0.2/255,
the worst within 0.9/255, and 8 do not settle (`stable` is False; the same with `-m slow -s`). The
scene itself is the one that the picture was made of within 0.001 EV as a rule; where the sliders make several scenes
alike it is another one, in a photo with black and clipped areas by 0.2 EV on average at Blacks -100 (the darkest level
is lost), 0.07 EV at Shadows +100 (0.2 in HDR) and 0.3 EV at Whites +100 in HDR. At Saturation -100 nothing is known.

Of 30 finished pictures of 448 pixels by real photographers (20 in SDR, 10 in HDR, November 2026), who used other tools
beside these sliders, all known pixels come back within 0.3/255, and within 0.1/255 in 24 of them. 10 % of the pixels in
SDR and 2 % in HDR are not known (52 % in the worst). It takes 0.7 s each on one core (`pytest -m slow
tests/runtime/develop/test_finished.py -s`).
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from autohdr.develop.kernels import backward, prepare
from autohdr.develop.kernels.fused import NO_GAIN, luminance
from autohdr.develop.picture import Picture
from autohdr.develop.scene import Scene
from autohdr.develop.settings import Settings
from autohdr.develop.spaces import between
from autohdr.develop.stages import display
from autohdr.develop.stages.white_balance import balanced
from autohdr.develop.stages.white_point import white_point
from autohdr.develop.transfer import decode
from autohdr.errors import PhotoError

SENSOR_WHITE = 1.8
"""What is taken for the sensor's white where it is not known: the median of 17 RAW files, half of which lie between 1.2
and 2.7. It is baseline exposure times what white balance gives the channel that saturates last."""
_DARKEST, _BRIGHTEST = float(decode(0.75 / 255)), float(decode(254.25 / 255))
"""Display light of a channel from which on a picture of 8 bits says nothing."""
_DARKEST_HDR = 1e-5
"""Display light of a channel below which a picture in HDR, with PQ at 10 bits, says nothing."""
_ROUNDS, _STABLE, _OF_ALL = 60, 1e-3, 0.999
"""The most rounds that are tried until fewer than a thousandth of the known pixels change by a thousandth of a stop."""
_SETTLED = 5e-3
"""Stops by which a known pixel changes at most in the last round: others have several scenes, or none."""
_STEP = 0.6
"""How far a round goes towards the scene that it finds: all the way, gains that rise with level would swing."""
_FREELY = 8
"""Rounds that go all the way where there is no local gain."""


@dataclass(frozen=True, slots=True, eq=False)
class Undeveloped:
    """Holds the scene of a finished picture."""

    scene: Scene
    known: NDArray[np.bool_]
    """(H, W), False where a channel is clipped or black, or where several scenes give the same colour."""
    rounds: int
    """How often it was taken back."""
    stable: bool
    """Whether the last round changed it by less than a thousandth of a stop, but for a thousandth of its pixels."""


def undevelop(
    picture: Picture, settings: Settings, *, sensor_white: float | None = None, most: float | None = None
) -> Undeveloped:
    """Finds the scene that `develop` makes a picture of with these settings.

    What is not known is filled with a level that gives the same picture: the white point for what is clipped, an eighth
    of the level that turns black for what is black.

    Args:
        picture: finished, in SDR, or in HDR where the settings are.
        settings: that it was made with.
        sensor_white: of the scene; a usual camera's where it is None.
        most: the most light that the scene may have in a channel: of a real picture, whose stages were not quite
            these, no more than a sensor records. What would be brighter is not known, and is given this light.

    Raises:
        PhotoError: the picture is empty, not finite, or in another mode than the settings.
    """
    light, told = _edit(picture, settings)
    matrix = between(picture.primaries, "prophoto")
    white = SENSOR_WHITE if sensor_white is None else sensor_white
    into = _balance(settings)
    shown = replace(settings, temperature=None, tint=None)
    scene = _begin(light @ matrix.T.astype(np.float32), white)
    photo = prepare.Photo.of(scene)
    curved = backward.colours(light, prepare.tables(photo, shown), matrix, told)
    known, rounds, stable, change = curved.known, 0, False, np.zeros(light.shape[:2])
    while rounds < _ROUNDS and not stable:
        tables = prepare.tables(photo, shown)
        level = 0.0 if shown.mode.hdr else 2.0 ** white_point(photo.measures, shown.exposure)
        result = backward.curves(curved, tables, level)
        gain = prepare.local_gain(photo, shown)
        found = result.light / (np.float32(tables.factor) * gain.reshape(*gain.shape, 1))
        told_now = result.known
        if most is not None:
            told_now = told_now & (found.max(axis=2) <= most)
            found = np.minimum(found, np.float32(most))
        change = _change(scene.light, found)
        both = np.abs(change[known & told_now])
        stable = rounds > 0 and (not both.size or float(np.quantile(both, _OF_ALL)) < _STABLE)
        step = 1.0 if rounds < (_FREELY if gain is NO_GAIN else 1) else _STEP
        known, rounds = told_now, rounds + 1
        scene = Scene(found if stable else found * np.exp2((step - 1) * change)[..., None].astype(np.float32), white)
        photo = prepare.Photo.of(scene)
    light = scene.light @ np.linalg.inv(into).astype(np.float32)
    settled = known & (np.abs(change) < _SETTLED)
    return Undeveloped(Scene(np.asarray(light, np.float32), white), settled, rounds, stable)


def _begin(light: NDArray[np.float32], white: float) -> Scene:
    """A scene to begin with: the picture's light, so bright that positive Whites stretches toward the sensor's white.

    Positive Whites gives a dim scene's stops back, so that many scenes make one picture: of these, it is the brightest.
    """
    light = np.clip(light, 1e-6, 2)
    bright = float(np.percentile(luminance(light), 99))
    return Scene((light * np.float32(white / max(bright, 1e-3))).astype(np.float32), white)


def _change(before: NDArray[np.float32], after: NDArray[np.float32]) -> NDArray[np.float64]:
    """Stops (H, W) by which luminance changes."""
    levels = [np.log2(np.maximum(luminance(light), 1e-7)) for light in (before, after)]
    return np.asarray(levels[1] - levels[0], np.float64)


def _edit(picture: Picture, settings: Settings) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """The light that the stages give (H, W, 3), encoded in HDR, and where the picture tells it (H, W)."""
    light = np.asarray(picture.light, np.float32)
    if light.ndim != 3 or light.shape[2] != 3 or not light.size or not np.isfinite(light).all():
        raise PhotoError(f"a picture of shape {light.shape} is empty, has no three channels or is not finite")
    headroom = settings.mode.headroom
    if (headroom is not None) != picture.hdr:
        wanted, given = ("HDR", "SDR") if headroom is not None else ("SDR", "HDR")
        raise PhotoError(f"the settings are of an edit in {wanted}, the picture is in {given}; give its own settings")
    darkest, brightest = (_DARKEST, _BRIGHTEST) if headroom is None else (_DARKEST_HDR, _BRIGHTEST * 2.0**headroom)
    told = (light.min(axis=2) > darkest) & (light.max(axis=2) < brightest)
    return light if headroom is None else display.from_hdr(light, picture.primaries), told


def _balance(settings: Settings) -> NDArray[np.float64]:
    """What the settings' white balance multiplies light (..., 3) of a finished picture by, from the right."""
    unit = Scene(np.eye(3, dtype=np.float32)[None])
    return np.asarray(balanced(unit, settings.temperature, settings.tint).light[0], np.float64)
