"""Reads the two pictures of a pair as light at the eye, in cd/m2."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from autohdr.errors import SettingsError
from autohdr.quality.display import Display
from autohdr_scenes.panorama import read_exr
from autohdr_scenes.scene import luminance as luminance_of
from autohdr_train.quality.sets.pair import Pair

Light = NDArray[np.float32]

AT_THE_EYE = frozenset({"upiq"})
"""Sets whose OpenEXR files hold what came out of the display of the study: no other is put before them."""
RELATIVE = frozenset({"sihdr"})
"""Sets whose OpenEXR files have no absolute scale."""
MIDDLE = 36.5
"""cd/m2 that the geometric mean of a picture without a scale is set to: 18 % of a white of 203 (ITU-R BT.2408)."""


def luminance(
    pair: Pair, display_sdr: Display, display_hdr: Display
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Returns reference and distorted picture, (H, W, 3) each, in cd/m2 with BT.709 primaries.

    Codes are shown on `display_sdr`, light of OpenEXR files on `display_hdr`, except where it is light at the eye.

    Raises:
        SettingsError: a picture is missing or cannot be read.
    """
    if pair.reference.suffix.lower() != ".exr":
        return display_sdr.luminance(_codes(pair.reference)), display_sdr.luminance(_codes(pair.distorted))
    reference, distorted = read_exr(pair.reference), read_exr(pair.distorted)
    if pair.source in AT_THE_EYE:
        return reference, distorted
    scale = _scale(reference) if pair.source in RELATIVE else 1.0
    return display_hdr.shown(reference * scale), display_hdr.shown(distorted * scale)


def _codes(path: Path) -> Light:
    """Codes of a picture file, 0 to 1."""
    try:
        with Image.open(path) as picture:
            return np.asarray(picture.convert("RGB"), np.float32) / np.float32(255)
    except OSError as error:
        raise SettingsError(f"{path} cannot be read as a picture ({error}); unpack the data set again") from error


def _scale(light: Light) -> float:
    """cd/m2 of one unit of a picture without a scale."""
    bright = luminance_of(light)
    return MIDDLE / float(np.exp(np.log(bright + 1e-3 * bright.mean() + 1e-12).mean()))
