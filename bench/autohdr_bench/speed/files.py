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
"""Of the scene that is enlarged to the sensor, pixels."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One photo to write."""

    name: str
    size: tuple[int, int]
    """Height and width of the sensor, pixels."""
    compression: Compression = "ljpeg"
    phase: str = "RGGB"
    """As `Camera.phase`."""


KINDS: tuple[Kind, ...] = (
    Kind("24MP-lossless-jpeg", (4000, 6000)),
    Kind("24MP-uncompressed", (4000, 6000), "none"),
    Kind("24MP-three-planes", (4000, 6000), phase="linear"),
    Kind("45MP-lossless-jpeg", (5504, 8256)),
    Kind("45MP-uncompressed", (5504, 8256), "none"),
)
"""What is measured where no files are named."""

TINY: tuple[Kind, ...] = (Kind("tiny-mosaic", (96, 144)), Kind("tiny-planes", (96, 144), phase="linear"))
"""What a process is warmed up on."""


def write_photos(folder: Path, kinds: tuple[Kind, ...] = KINDS) -> list[Path]:
    """Writes one DNG of each kind into a folder, the same bytes every time, and says which.

    All of `KINDS` took 32 s on one core of a busy shared Xeon (November 2026), and 1 GB of memory.
    """
    light = scene("street", np.random.default_rng(0), _SCENE)
    exposure = centre_weighted(light.linear)
    paths = []
    for kind in kinds:
        camera = replace(BODIES[0], phase=kind.phase, iso=ISO)
        large = replace(light, linear=crop(light.linear, 1.0, 0.5, 0.5, kind.size))
        frame = expose(large, camera, exposure, np.random.default_rng(1))
        paths.append(folder / f"{kind.name}.dng")
        write_dng(paths[-1], frame, camera, compression=kind.compression)
        _write_back(paths[-1])
    return paths


def _write_back(path: Path) -> None:
    """What the system would write to the disk in its own time, while something is measured, is written now."""
    with path.open("r+b") as written:
        os.fsync(written.fileno())


@contextmanager
def photos_in(
    paths: Iterable[Path], kinds: tuple[Kind, ...] = KINDS, *, always: bool = False
) -> Iterator[tuple[list[Photo], list[str]]]:
    """As `open_photos`; and where no paths are named, or `always`, generated photos that are there as long as the
    context is, after those that are named."""
    named = list(paths)
    if named and not always:
        yield open_photos(named)
        return
    with TemporaryDirectory() as folder:
        yield open_photos([*named, *write_photos(Path(folder), kinds)])
