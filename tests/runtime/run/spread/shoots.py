"""Shoots in which series reach over the edges of parcels."""

from pathlib import Path

import numpy as np

from autohdr.run.spread.parcels import Name, Parcel, parcels
from autohdr_scenes.camera import Camera
from autohdr_scenes.dng import write_dng
from autohdr_scenes.procedural import random_scene
from autohdr_scenes.series import Kind, take_series

PARTS: tuple[tuple[Kind, int], ...] = (
    *(("burst", 5), ("bracket", 3), ("burst", 1), ("panorama", 3), ("burst", 2), ("burst", 9)),
    *(("burst", 1), ("burst", 1), ("bracket", 5), ("burst", 4)),
)
SERIES = 7
"""How many of them are series."""


def write(folder: Path) -> None:
    """Series of different places, minutes apart, in two folders."""
    start = 1.7e9
    for seed, (kind, count) in enumerate(PARTS):
        rng = np.random.default_rng(seed)
        below = folder / ("first" if seed < 6 else "second")
        below.mkdir(parents=True, exist_ok=True)
        for photo in take_series(kind, random_scene(rng, (96, 144)), Camera(), rng, count, start, size=(48, 72)):
            write_dng(below / f"IMG_{len(list(below.iterdir())):04d}.dng", photo.frame, photo.camera)
            start = (photo.frame.shot.captured or start) + 1
        start += 300.0


def sidecars(folder: Path) -> dict[str, bytes]:
    """What the sidecars of a shoot hold."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*.xmp"))}


def small_parcels(folder: Path) -> list[Parcel]:
    """Parcels of two to eight photos."""
    found = sorted(folder.rglob("*.dng"))
    return list(parcels((Name(path, path.parent.relative_to(folder).as_posix()) for path in found), reach=2))
