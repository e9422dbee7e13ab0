"""Tiny made-up folders in the layouts of the published data sets."""

from pathlib import Path

import numpy as np
import OpenEXR
from PIL import Image


def picture(path: Path, seed: int = 0) -> None:
    """Writes a picture of 8 x 6 pixels."""
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(np.random.default_rng(seed).integers(0, 256, (6, 8, 3), dtype=np.uint8)).save(path)


def radiance(path: Path, light: float) -> None:
    """Writes an even OpenEXR picture of 8 x 6 pixels."""
    path.parent.mkdir(parents=True, exist_ok=True)
    header = {"compression": OpenEXR.ZIP_COMPRESSION, "type": OpenEXR.scanlineimage}
    with OpenEXR.File(header, {"RGB": np.full((6, 8, 3), light, np.float32)}) as file:
        file.write(str(path))
