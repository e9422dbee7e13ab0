"""Photos to measure on where none are named: as large as today's cameras make them, with a sensor's noise.

Lossless JPEG stores hardly anything but the noise, so noise decides how long decoding takes: at ISO 400 a mosaic comes
to 8.5 bits a sample, where a photo of a Canon 60D has 8.9.
"""

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from autohdr_bench.speed.photo import Photo, open_photos
from autohdr_scenes import BODIES, Compression, expose, write_dng
from autohdr_scenes.metering import centre_weighted
from autohdr_scenes.panorama import crop
from autohdr_scenes.procedural import scene

ISO = 400.0
_SCENE = (640, 960)
"""Height and width in pixels of the scene that is enlarged to the sensor."""


@dataclass(frozen=True, slots=True)
class Format:
    """One photo to write."""

    name: str
    size: tuple[int, int]
    """Height and width of the sensor, pixels."""
    compression: Compression = "ljpeg"
    phase: str = "RGGB"
    """The layout of the colour filter, as `Camera.phase` has it."""


FORMATS: tuple[Format, ...] = (
    Format("24MP-lossless-jpeg", (4000, 6000)),
    Format("24MP-uncompressed", (4000, 6000), "none"),
    Format("24MP-three-planes", (4000, 6000), phase="linear"),
    Format("45MP-lossless-jpeg", (5504, 8256)),
    Format("45MP-uncompressed", (5504, 8256), "none"),
)
"""What is measured where no files are named."""

TINY: tuple[Format, ...] = (Format("tiny-mosaic", (96, 144)), Format("tiny-planes", (96, 144), phase="linear"))
"""What a process is warmed up on."""


def write_photos(folder: Path, formats: tuple[Format, ...] = FORMATS) -> list[Path]:
    """Writes one DNG of each format into a folder, the same bytes every time, and says which.

    All of `FORMATS` took 32 s on one core of a busy shared Xeon (November 2026), and 1 GB of memory.
    """
    light = scene("street", np.random.default_rng(0), _SCENE)
    exposure = centre_weighted(light.linear)
    paths = []
    for wanted in formats:
        camera = replace(BODIES[0], phase=wanted.phase, iso=ISO)
        large = replace(light, linear=crop(light.linear, 1.0, 0.5, 0.5, wanted.size))
        frame = expose(large, camera, exposure, np.random.default_rng(1))
        paths.append(folder / f"{wanted.name}.dng")
        write_dng(paths[-1], frame, camera, compression=wanted.compression)
        _write_back(paths[-1])
    return paths


def _write_back(path: Path) -> None:
    """What the system would write to the disk in its own time, while something is measured, is written now."""
    with path.open("r+b") as written:
        os.fsync(written.fileno())


@contextmanager
def photos_in(
    paths: Iterable[Path], formats: tuple[Format, ...] = FORMATS, *, always: bool = False
) -> Iterator[tuple[list[Photo], list[str]]]:
    """Opens the photos named, as `open_photos` does. Where no paths are named, or `always`, generated photos follow,
    which are there as long as the context is.
    """
    named = list(paths)
    if named and not always:
        yield open_photos(named)
        return
    with TemporaryDirectory() as folder:
        yield open_photos([*named, *write_photos(Path(folder), formats)])
