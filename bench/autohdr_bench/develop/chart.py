"""Draws a chart of greys and of the ColorChecker, as a made-up camera sees it in some light; Camera Raw has rendered
it.

The chart, the camera and the renderings are pch/rawmakase's (MIT; tests/color, tests/corpus): patches of 32 pixels, 6
apart, 24 a row, on a ground of 0.09; the camera's matrices for light A and D65, and its levels, 0.8 of what a
saturation of 1 for white would give. Rows of other patches are left out here: they make no difference to the rest but
through what is measured of the whole.
"""

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from autohdr.develop.scene import CameraColour, Scene
from autohdr.develop.spaces import D65, adaptation, to_xyz, xyz_of
from autohdr.develop.stages.white_balance import prophoto_from_camera
from autohdr.develop.transfer import decode

Light = Literal["A", "D65"]
WHITES: dict[Light, tuple[tuple[float, float], float]] = {
    "A": ((0.44757, 0.40745), 2856.0),
    "D65": ((0.31271, 0.32902), 6504.0),
}
"""Chromaticity and temperature of the lights."""

GREYS = 0.18 * 2.0 ** np.arange(-8, 4, 0.5)
"""Linear, 1 is white."""
CHECKER = (
    *(0x735244, 0xC29682, 0x627A9D, 0x576C43, 0x8580B1, 0x67BDAA, 0xD67E2C, 0x505BA6),
    *(0xC15A63, 0x5E3C6C, 0x9DBC40, 0xE0A32E, 0x383D96, 0x469449, 0xAF363C, 0xE7C71F),
    *(0xBB5695, 0x0885A1, 0xF3F3F2, 0xC8C8C8, 0xA0A0A0, 0x7A7A79, 0x555555, 0x343434),
)
"""The ColorChecker's 24 patches in sRGB, the averages that are published for it."""

_HEIGHT, _WIDTH, _GROUND, _LEVEL = 742, 970, 0.09, 0.8
_PATCH, _EACH, _MARGIN = 32, 38, 32
_ROWS = (0, 11)
"""Rows of the chart in which the greys and the ColorChecker stand."""
_PRIMARIES, _GAINS = ((0.70, 0.29), (0.21, 0.76), (0.135, 0.045)), np.array([0.55, 1.0, 0.72])
_TILT = np.array([[1.04, -0.03, -0.01], [-0.02, 1.01, 0.01], [0.0, -0.03, 1.03]])
"""The factor by which the matrix for light A differs from that for D65."""
_D50 = (0.34567, 0.35850)


def chart(light: Light) -> Scene:
    """Makes the chart's scene in that light, as a RAW file of it gives it, in its white balance as shot."""
    white, kelvin = WHITES[light]
    warm, cool = _matrices()
    share = (1 / kelvin - 1 / 6504.0) / (1 / 2856.0 - 1 / 6504.0)
    matrix = share * warm + (1 - share) * cool
    neutral = matrix @ xyz_of(white)
    camera = CameraColour(neutral / neutral[1], (warm, cool), (2850.0, 6500.0))
    seen = _LEVEL * matrix @ adaptation(D65, white) @ to_xyz("srgb")
    levels = np.clip(_picture() @ seen.T, 0, 1)
    linear = (levels @ prophoto_from_camera(camera).T).astype(np.float32)
    return Scene(linear, float(camera.neutral.max() / camera.neutral.min()), camera)


def patches(picture: NDArray[np.floating]) -> NDArray[np.floating]:
    """Returns the colours (48, 3) of the chart's patches in a rendering of it: greys, then the ColorChecker."""
    quarter = _PATCH // 4
    middles = [
        picture[y + quarter : y + 3 * quarter, x + quarter : x + 3 * quarter].mean((0, 1)) for y, x in _corners()
    ]
    return np.stack(middles)


def _corners() -> list[tuple[int, int]]:
    return [(_MARGIN + row * _EACH, _MARGIN + column * _EACH) for row in _ROWS for column in range(24)]


def _picture() -> NDArray[np.float64]:
    """Linear sRGB (H, W, 3)."""
    checker = [decode([(code >> shift & 255) / 255 for shift in (16, 8, 0)]) for code in CHECKER]
    picture = np.full((_HEIGHT, _WIDTH, 3), _GROUND)
    for (y, x), colour in zip(_corners(), [*np.repeat(GREYS[:, None], 3, axis=1), *checker], strict=True):
        picture[y : y + _PATCH, x : x + _PATCH] = colour
    return picture


def _matrices() -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """XYZ to camera colours for light A and for D65, each with a largest answer of 1 to D50."""
    columns = np.array([xyz_of(xy) for xy in _PRIMARIES]).T
    cool = np.linalg.inv(columns * np.linalg.solve(columns, xyz_of(WHITES["D65"][0]))) * _GAINS[:, None]
    warm = _TILT @ cool
    return warm / (warm @ xyz_of(_D50)).max(), cool / (cool @ xyz_of(_D50)).max()
