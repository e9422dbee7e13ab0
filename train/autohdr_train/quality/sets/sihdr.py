"""Reads SI-HDR: 181 HDR photographs without scores, of which domain adaptation learns how HDR looks.

Layout: `reference/` with OpenEXR files, linear light without an absolute scale, which `light.luminance` gives one.
"""

from pathlib import Path

from autohdr.errors import SettingsError
from autohdr_train.quality.sets.layout import listed
from autohdr_train.quality.sets.pair import Pair

NAME = "SI-HDR"


def pairs(folder: Path) -> list[Pair]:
    """Returns each photograph beside itself, undistorted and without a score.

    Raises:
        SettingsError: the folder holds no references.
    """
    files = sorted(listed(folder / "reference", NAME).glob("*.exr"))
    if not files:
        raise SettingsError(f"{folder / 'reference'} holds no .exr file of {NAME}; unpack the set again")
    return [Pair(file, file, None, None, "sihdr", f"sihdr-{file.stem}", "hdr", "none", 1) for file in files]
