"""Applies white balance: finds a photo's Temperature and Tint as shot, and changes its scene to another light's.

A camera's answer to a white of chromaticity xy is `n = M XYZ(xy)`, with M between the matrices of its calibration
lights by inverse temperature; so the white of an answer n is found by turns, from D50 on: temperature, M,
`XYZ = M^-1 n`. Scene light of camera colours c (raw levels, 1 at saturation) is then

    light = ProPhoto <- XYZ(D50) <- Bradford from the white's xy <- M^-1 c * max(n) / Y

which makes a neutral that just saturates the first channel 1 (Adobe, DNG specification 1.7, chapter 6, for profiles
with a ColorMatrix alone). Another Temperature and Tint is the same with another n: one matrix of 3 x 3 on the light.

A scene whose camera is not known, a finished picture, has been adapted to D50: its as-shot white counts as D50 (5001
K, +9.6), and another one adapts it by Bradford's matrix, a change of von Kries' kind that no converter knows by these
names.

Measured in November 2026, against Camera Raw's own renderings of a chart (`autohdr bench develop`), all of developing
included: mean differences of 0.005 to 0.006 of the encoded range for 3200 to 8000 K on a photo in light A (0.029 to
0.147 without), 0.003 to 0.006 for a Tint of -30 to +80 in daylight (0.015 to 0.049), where those as shot are 0.0025.
Of the DNG of an EOS 6D whose Adobe document says 6200 K, -1, the as-shot white is 6212 K, -1.2; with the matrix for
D65 alone, which is all that LibRaw has for files other than DNGs, three DNGs move by 14 to 82 K and by 0 to 5 of
tint.
"""

from dataclasses import replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from autohdr.develop.kernels.rgb_tone import COMPILE
from autohdr.develop.scene import CameraColour, Scene
from autohdr.develop.spaces import D50, adaptation, to_xyz, xyz_of
from autohdr.develop.stages.temperature import (
    LARGEST_TEMPERATURE,
    LARGEST_TINT,
    LEAST_TEMPERATURE,
    chromaticity,
    temperature_and_tint,
)
from autohdr.system.kernel import kernel

_ROUNDS = 30
"""The most rounds that are tried; five or so are enough."""
_BLOWN, _WHOLLY = 0.9, 0.98
"""Shares of the sensor's white from which on light is taken for blown, in part and wholly: it stays neutral whatever
the white balance."""


def as_shot(scene: Scene) -> tuple[float, float]:
    """Returns Temperature, kelvin, and Tint of the white that a scene is balanced for."""
    return temperature_and_tint(D50 if scene.camera is None else white_of(scene.camera))


def balanced(scene: Scene, temperature: float | None, tint: float | None) -> Scene:
    """Gives a scene the white balance of a Temperature, kelvin, and a Tint; None is for what it is as shot.

    Both are held within the sliders' ranges, 2000 to 50000 and -150 to 150. Light that all channels have lost stays
    neutral.
    """
    if temperature is None and tint is None:
        return scene
    own = as_shot(scene)
    kelvin = min(max(own[0] if temperature is None else temperature, LEAST_TEMPERATURE), LARGEST_TEMPERATURE)
    shift = min(max(own[1] if tint is None else tint, -LARGEST_TINT), LARGEST_TINT)
    white = chromaticity(kelvin, shift)
    if scene.camera is None:
        matrix = np.linalg.inv(to_xyz("prophoto")) @ adaptation(white, D50) @ to_xyz("prophoto")
        return replace(scene, light=_changed(scene, matrix, scene.sensor_white))
    camera = replace(scene.camera, neutral=neutral_of(scene.camera, white))
    matrix = prophoto_from_camera(camera) @ np.linalg.pinv(prophoto_from_camera(scene.camera))
    sensor_white = scene.sensor_white * _reach(camera) / _reach(scene.camera)
    return Scene(_changed(scene, matrix, sensor_white), sensor_white, camera)


@kernel(**COMPILE)
def _change(light, matrix, blown, slope, white, out):  # type: ignore[no-untyped-def]
    """Light (N, 3) through a matrix; from `blown` on, with that slope, to a neutral at `white`."""
    for i in range(light.shape[0]):
        r, g, b = light[i, 0], light[i, 1], light[i, 2]
        share = min(max((min(r, min(g, b)) - blown) * slope, np.float32(0)), np.float32(1))
        for c in range(3):
            new = matrix[c, 0] * r + matrix[c, 1] * g + matrix[c, 2] * b
            out[i, c] = new + share * (white - new)


def _changed(scene: Scene, matrix: NDArray[np.float64], sensor_white: float) -> NDArray[np.float32]:
    """The light through a matrix, but for what is blown, which goes to the new white."""
    light = np.ascontiguousarray(scene.light, np.float32)
    out = np.empty_like(light)
    blown, slope = _BLOWN * scene.sensor_white, 1 / ((_WHOLLY - _BLOWN) * scene.sensor_white)
    levels = (np.float32(blown), np.float32(slope), np.float32(sensor_white))
    _change(light.reshape(-1, 3), matrix.astype(np.float32), *levels, out.reshape(-1, 3))
    return out


def _reach(camera: CameraColour) -> float:
    """The level of a neutral that saturates the last channel, where it saturates the first one at 1."""
    return float(camera.neutral.max() / camera.neutral.min())


def matrix_at(camera: CameraColour, kelvin: float) -> NDArray[np.float64]:
    """Returns the matrix (C, 3) from XYZ to camera colours for a light of that temperature; beyond its lights, the
    nearest."""
    known = sorted(zip(camera.temperatures, camera.camera_from_xyz, strict=True), key=lambda pair: pair[0])
    for (low, warm), (high, cool) in pairwise(known):
        if kelvin <= high:
            share = float(np.clip((1 / kelvin - 1 / high) / (1 / low - 1 / high), 0, 1))
            return share * warm + (1 - share) * cool
    return known[-1][1]


def neutral_of(camera: CameraColour, white: tuple[float, float]) -> NDArray[np.float64]:
    """Computes the camera's answer (C,) to a neutral in light of that chromaticity (x, y); green is 1."""
    answer = np.maximum(matrix_at(camera, temperature_and_tint(white)[0]) @ xyz_of(white), 1e-6)
    neutral: NDArray[np.float64] = answer / answer[1]
    return neutral


def white_of(camera: CameraColour) -> tuple[float, float]:
    """Finds the chromaticity (x, y) of the light in which the camera's neutral is neutral."""
    white = D50
    for _ in range(_ROUNDS):
        x, y = _xy(camera, white)
        if abs(x - white[0]) + abs(y - white[1]) < 1e-7:
            break
        white = x, y
    return white


def _xy(camera: CameraColour, near: tuple[float, float]) -> tuple[float, float]:
    xyz = np.maximum(np.linalg.pinv(matrix_at(camera, temperature_and_tint(near)[0])) @ camera.neutral, 1e-6)
    return float(xyz[0] / xyz.sum()), float(xyz[1] / xyz.sum())


def prophoto_from_camera(camera: CameraColour) -> NDArray[np.float64]:
    """Returns the matrix (3, C) from camera colours, raw levels of 1 at saturation, to linear ProPhoto.

    A neutral that just saturates the first channel is 1 in all three.
    """
    white = white_of(camera)
    to_camera = matrix_at(camera, temperature_and_tint(white)[0])
    xyz = np.linalg.pinv(to_camera)
    scale = camera.neutral.max() / float((xyz @ camera.neutral)[1])
    matrix: NDArray[np.float64] = np.linalg.inv(to_xyz("prophoto")) @ adaptation(white, D50) @ xyz * scale
    return matrix
