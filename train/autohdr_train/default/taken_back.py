"""Takes finished photographs back to what a RAW file of them would hold, and exposes them anew.

A finished picture at default settings is `develop` of a scene; `undevelop` finds that scene. What the picture shows as
white says only "white point or beyond", so that copies to learn from may be given more light there: a picture's whites
would otherwise all lie at one level, and tell how it was exposed, which no RAW file's do.
"""

import hashlib
import io
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from autohdr.develop import VERSION, Picture, Settings
from autohdr.develop.spaces import between
from autohdr.develop.transfer import decode
from autohdr.develop.undevelop import undevelop
from autohdr.encoding import encode
from autohdr.files.whole import write_atomically
from autohdr.raw.baseline import UNKNOWN
from autohdr.spec import InputSpec
from autohdr_train.people.inputs import squashed

EDGE = 336
"""Pixels of the longer side at most: more than a network sees."""
_BRIGHT = 0.5
"""Share of the most light from which on what is not known is white, and not black."""


class TakenBack(NamedTuple):
    """Holds the scene of a finished photograph."""

    light: NDArray[np.float32]
    """(H, W, 3), linear sRGB, 1 is what an unedited photo shows as white in the middle of baseline exposures."""
    white: NDArray[np.bool_]
    """(H, W), where it is white in the picture, so that there may have been any more light."""


def take_back(path: Path, cache: Path) -> TakenBack:
    """Returns the scene of a finished picture; made in a fifth of a second, and kept in `cache`.

    Raises:
        OSError: the picture cannot be read.
        FileError: the cache cannot be written.
    """
    data = path.read_bytes()
    kept = cache / f"{hashlib.sha256(f'{VERSION} {EDGE} '.encode() + data).hexdigest()[:24]}.npz"
    if not kept.is_file():
        with Image.open(io.BytesIO(data)) as image:
            image.thumbnail((EDGE, EDGE))
            shown = decode(np.asarray(image.convert("RGB"), np.float32) / np.float32(255))
        back = undevelop(Picture(np.asarray(shown, np.float32), "srgb"), Settings())
        light = back.scene.light @ between("prophoto", "srgb").T.astype(np.float32)
        brightest = light.max(axis=2)
        buffer = io.BytesIO()
        white = ~back.known & (brightest > _BRIGHT * brightest.max())
        np.savez(buffer, light=light.astype(np.float16), white=white)
        write_atomically(kept, buffer.getvalue())
    with np.load(kept) as arrays:
        return TakenBack(arrays["light"].astype(np.float32), arrays["white"])


def exposed(scene: TakenBack, stops: float, *, baseline: float = UNKNOWN, beyond: float = 0.0) -> NDArray[np.float32]:
    """Returns what a sensor records of a scene (H, W, 3), linear sRGB, 1 where it saturates, as RAW files are decoded.

    Args:
        scene: as it was meant, at 0 stops.
        stops: by which it is exposed otherwise.
        baseline: of the camera, in stops: the more, the less light of the scene saturates it.
        beyond: stops of light that areas which are white in the picture had in addition.
    """
    light = scene.light * np.float32(2.0 ** (stops - baseline))
    if beyond:
        light = np.where(scene.white[..., None], light * np.float32(2.0**beyond), light)
    return np.clip(light, 0.0, 1.0)


def pixels(light: NDArray[np.float32], spec: InputSpec) -> NDArray[np.float32]:
    """Returns a network's input (3, S, S) of recorded light (H, W, 3), whatever its aspect ratio: what
    `autohdr.prepare` makes of RAW files."""
    return encode(squashed(light, spec.size), spec)
