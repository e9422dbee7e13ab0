"""How far a wrong slider shows: the same scene developed with true and with predicted sliders, pixel by pixel."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from autohdr.develop import Scene, develop
from autohdr.develop.kernels.reduce import reduced
from autohdr.develop.spaces import D65, to_xyz, xyz_of
from autohdr.mode import Mode
from autohdr.pictures.pixel_codes import DIFFUSE_WHITE
from autohdr.quality import classical
from autohdr.quality.decode import Decoded
from autohdr.quality.display import standard
from autohdr.quality.picture import Picture
from autohdr.quality.scorer import Scorer
from autohdr_bench.labels.people.photos import Photos
from autohdr_bench.labels.people.score import rounded
from autohdr_train.people.folder import settings

Array = NDArray[np.float64]

EDGE = 128
"""Pixels of the longer side."""
MOST = 4
"""Predicted photos of a draw that are rendered, drawn at random."""


class Difference(NamedTuple):
    """How far two renderings are apart."""

    light: float
    """Median absolute difference of L*."""
    colour: float
    """Median Delta E 2000."""
    ssim: float
    """SSIM on PU21 values, as an SDR or HDR display shows them; NaN where they are too small for it."""
    jod: float
    """What a quality model finds lost, JOD; NaN without one."""


class Rendering(NamedTuple):
    """A scene developed with some sliders."""

    lab: Array
    """CIE L*a*b* (H, W, 3), white at diffuse white."""
    shown: Picture
    """The developed scene as a display shows it; an HDR display where the edit is HDR."""


@dataclass(slots=True)
class Renderings:
    """Renders photos small; true ones once."""

    scorer: Scorer | None = None
    edge: int = EDGE
    _scenes: dict[str, Scene] = field(default_factory=dict)
    _true: dict[str, Rendering] = field(default_factory=dict)

    def differences(self, photos: Photos, predicted: Array) -> Difference:
        """Means over photos of how far they are from their true rendering; all NaN where there is no photo.

        Args:
            photos: with their labels. A slider without one is 0 in both renderings.
            predicted: (N, 8), in Lightroom's units.
        """
        found = [self.difference(photos, row, values) for row, values in enumerate(rounded(predicted))]
        return Difference(*np.mean(found, axis=0).tolist()) if found else Difference(*[np.nan] * 4)

    def difference(self, photos: Photos, row: int, values: Array) -> Difference:
        """How far one photo, rendered with sliders (8,) in Lightroom's units, is from its true rendering."""
        true = self._shown(photos, row)
        labelled = np.where(np.isfinite(photos.labels[row]), values, 0.0)
        other = rendering(self._scene(photos, row), labelled, photos.modes[row])
        large = min(true.shown.shape) >= classical.WINDOW
        score = None if self.scorer is None else self.scorer.score(true.shown, other.shown)
        return Difference(
            float(np.median(np.abs(true.lab[..., 0] - other.lab[..., 0]))),
            float(np.median(delta_e(true.lab, other.lab))),
            classical.compare(true.shown, other.shown).ssim if large else np.nan,
            np.nan if score is None else score.perfect - score.jod,
        )

    def _shown(self, photos: Photos, row: int) -> Rendering:
        key = str(photos.scenes[row])
        if key not in self._true:
            self._true[key] = rendering(self._scene(photos, row), photos.labels[row], photos.modes[row])
        return self._true[key]

    def _scene(self, photos: Photos, row: int) -> Scene:
        key = str(photos.scenes[row])
        if key not in self._scenes:
            scene = photos.scene(row)
            self._scenes[key] = Scene(reduced(scene.light, self.edge), scene.sensor_white)
        return self._scenes[key]


def rendering(scene: Scene, values: Array, mode: Mode) -> Rendering:
    """A scene developed with sliders (8,) in Lightroom's units."""
    light = develop(scene, settings(values, mode), "srgb").light
    xyz = light.astype(np.float64) @ to_xyz("srgb").T / xyz_of(D65)
    root = np.where(xyz > (6 / 29) ** 3, np.cbrt(xyz), xyz / (3 * (6 / 29) ** 2) + 4 / 29)
    x, y, z = np.moveaxis(root, -1, 0)
    lab = np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=-1)
    decoded = Decoded(light, "linear", DIFFUSE_WHITE)
    return Rendering(lab, Picture(Path("a rendering"), standard("hdr" if mode.hdr else "sdr"), decoded))


def delta_e(one: Array, other: Array) -> Array:
    """CIE Delta E 2000 (...) of L*a*b* colours (..., 3) (G. Sharma, W. Wu and E. N. Dalal, "The CIEDE2000
    color-difference formula", Color Research and Application 30, 2005; their equations 2 to 22)."""
    mean_chroma = (np.hypot(one[..., 1], one[..., 2]) + np.hypot(other[..., 1], other[..., 2])) / 2
    stretch = 1.5 - 0.5 * np.sqrt(mean_chroma**7 / (mean_chroma**7 + 25.0**7))
    chroma, hue = zip(*(_polar(colour, stretch) for colour in (one, other)), strict=True)
    grey = chroma[0] * chroma[1] == 0
    turn = np.where(grey, 0.0, (hue[1] - hue[0] + 180) % 360 - 180)
    delta_hue = 2 * np.sqrt(chroma[0] * chroma[1]) * np.sin(np.radians(turn / 2))
    level, mean = (one[..., 0] + other[..., 0]) / 2, (chroma[0] + chroma[1]) / 2
    middle = np.where(grey, hue[0] + hue[1], hue[0] + turn / 2)
    cosines = [np.cos(np.radians(times * middle - from_)) for times, from_ in ((1, 30), (2, 0), (3, -6), (4, 63))]
    weight = 1 - 0.17 * cosines[0] + 0.24 * cosines[1] + 0.32 * cosines[2] - 0.20 * cosines[3]
    by_level = 1 + 0.015 * (level - 50) ** 2 / np.sqrt(20 + (level - 50) ** 2)
    by_chroma, by_hue = 1 + 0.045 * mean, 1 + 0.015 * mean * weight
    around = 60 * np.exp(-((((middle % 360) - 275) / 25) ** 2))
    rotation = -2 * np.sqrt(mean**7 / (mean**7 + 25.0**7)) * np.sin(np.radians(around))
    parts = (other[..., 0] - one[..., 0]) / by_level, (chroma[1] - chroma[0]) / by_chroma, delta_hue / by_hue
    return np.sqrt(np.maximum(sum(part**2 for part in parts) + rotation * parts[1] * parts[2], 0.0))


def _polar(colour: Array, stretch: Array) -> tuple[Array, Array]:
    a = colour[..., 1] * stretch
    return np.hypot(a, colour[..., 2]), np.degrees(np.arctan2(colour[..., 2], a)) % 360
