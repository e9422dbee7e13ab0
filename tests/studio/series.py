"""A small shoot of a burst, a bracket, a panorama and photos on their own, on two days."""

from pathlib import Path

import numpy as np

from autohdr_scenes.camera import Camera
from autohdr_scenes.dng import write_dng
from autohdr_scenes.series import Kind, Ways, take_series
from tests.runtime.series.places import SIZE, place

BEGIN = 1749909900.0
"""14:05 on Saturday 14 June 2025, as a camera's clock has it."""
TAKEN: tuple[tuple[Kind, int, float], ...] = (
    ("burst", 4, 0.0),
    ("bracket", 3, 600.0),
    ("panorama", 3, 1200.0),
    ("burst", 1, 1800.0),
    ("burst", 1, 2400.0),
    ("burst", 3, 86400.0),
)
"""What is taken, how many photos of it, and when."""


def write_series(folder: Path) -> list[Path]:
    """Writes the shoot, in the order of time."""
    folder.mkdir()
    rng, quick, photos = np.random.default_rng(0), Ways(pause=(1, 1)), []
    for seed, (kind, count, seconds) in enumerate(TAKEN):
        photos += take_series(kind, place(seed), Camera(), rng, count, BEGIN + seconds, size=SIZE, ways=quick)
    paths = [folder / f"IMG_{index:04}.dng" for index in range(1, len(photos) + 1)]
    for path, photo in zip(paths, photos, strict=True):
        write_dng(path, photo.frame, photo.camera)
    return paths
