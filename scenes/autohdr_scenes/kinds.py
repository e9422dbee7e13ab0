"""One small file of each kind of RAW that the generator can write, so that each branch of a reader is run.

Every kind shows the same noisy scene through a camera or a file layout of its own.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from autohdr.raw.frame import RawFrame
from autohdr_scenes.camera import BODIES, OTHER_CELLS, PHASES, Camera, expose
from autohdr_scenes.dng import PLAIN, Compression, Layout, write_dng
from autohdr_scenes.procedural import random_scene

FOUR_COLOURS = Camera(
    name="Simulated Four Colours",
    white_balance=(2.0, 1.0, 1.6, 1.3),
    daylight=(2.1, 1.0, 1.5, 1.3),
    mixing=((0.74, 0.24, 0.02), (0.15, 0.73, 0.12), (0.04, 0.26, 0.70), (0.05, 0.60, 0.35)),
)
"""Red, green, blue, and an emerald where others have their second green."""


@dataclass(frozen=True, slots=True, eq=False)
class Specimen:
    """A file to be written, and the frame that is to be read from it."""

    frame: RawFrame
    """The whole of what the sensor recorded."""
    camera: Camera = BODIES[0]
    layout: Layout = PLAIN
    compression: Compression = "ljpeg"

    def write(self, path: Path) -> RawFrame:
        """Writes the file; gives what a reader is to find in it."""
        write_dng(path, self.frame, self.camera, compression=self.compression, layout=self.layout)
        if self.layout.crop is None:
            return self.frame
        top, left, height, width = self.layout.crop
        pattern = self.frame.pattern
        if pattern is not None:
            pattern = np.roll(pattern, (-top, -left), axis=(0, 1))
        return replace(self.frame, data=self.frame.data[top : top + height, left : left + width], pattern=pattern)


def _taken(camera: Camera, size: tuple[int, int] = (96, 144)) -> RawFrame:
    rng = np.random.default_rng(7)
    return expose(random_scene(rng, size), camera, 1.0, rng)


def _phase(phase: str) -> Specimen:
    camera = Camera(phase=phase)
    return Specimen(_taken(camera), camera)


def _four_colours() -> Specimen:
    return Specimen(_taken(FOUR_COLOURS), FOUR_COLOURS)


def _with_layout(layout: Layout, compression: Compression = "ljpeg") -> Specimen:
    return Specimen(_taken(BODIES[0]), layout=layout, compression=compression)


def _through_a_table() -> Specimen:
    """A square law, which holds the noise of light evenly; the frame is what comes back out of it."""
    table = np.unique(np.rint(np.linspace(0, 127.99, 4096) ** 2)).astype(np.uint16)
    frame = _taken(BODIES[0])
    places = np.searchsorted(table, frame.data).clip(max=len(table) - 1)
    return Specimen(replace(frame, data=table[places]), layout=Layout(table=table))


def _eight_bits(phase: str) -> Specimen:
    camera = Camera(phase=phase, black=0, bits=8)
    return Specimen(_taken(camera), camera, Layout(eight_bits=True), "none")


def _floating(phase: str) -> Specimen:
    camera = Camera(phase=phase)
    frame = _taken(camera)
    data = (frame.data - np.float32(camera.black)) / np.float32(camera.white - camera.black)
    frame = replace(frame, data=data.clip(0, 1).astype(np.float32), black=np.zeros(4), white=np.ones(4))
    return Specimen(frame, camera, PLAIN, "none")


def _black_of_its_own(cell: NDArray[np.float64]) -> Specimen:
    """Levels that vary in a cell, whatever the filter; a reader finds the average of each colour."""
    camera = BODIES[0]
    frame = _taken(camera)
    assert frame.pattern is not None, "a mosaic"
    offset = np.tile(cell, np.floor_divide(frame.data.shape, cell.shape))
    colours = np.tile(frame.pattern, np.floor_divide(frame.data.shape, 2))
    black = np.array([camera.black + offset[colours == colour].mean() for colour in range(4)])
    data = (frame.data + offset).clip(0, camera.white).astype(np.uint16)
    return Specimen(replace(frame, data=data, black=black), camera, Layout(black=camera.black + cell))


def _white_of_each_plane() -> Specimen:
    """Planes in steps of different size, each with the level that saturation has in it."""
    camera = Camera(phase="linear")
    frame = _taken(camera)
    white = np.rint(frame.white * [1.0, 0.9, 0.8, 0.9])
    steps = (white - frame.black) / (frame.white - frame.black)
    data = np.rint(frame.black[:3] + (frame.data - frame.black[:3]) * steps[:3]).astype(np.uint16)
    return Specimen(replace(frame, data=data, white=white), camera)


def _brightened() -> Specimen:
    return Specimen(replace(_taken(BODIES[0]), exposure=1.5))


KINDS: dict[str, Callable[[], Specimen]] = {
    **{phase: lambda phase=phase: _phase(phase) for phase in (*PHASES, *OTHER_CELLS, "linear")},  # type: ignore[misc]
    "four colours": _four_colours,
    "uncompressed": lambda: _with_layout(PLAIN, "none"),
    "default crop": lambda: _with_layout(Layout(crop=(5, 8, 80, 120))),
    "masked border": lambda: _with_layout(Layout(masked=(8, 12))),
    "masked border and crop": lambda: _with_layout(Layout(crop=(3, 7, 60, 90), masked=(6, 10))),
    "odd border": lambda: _with_layout(Layout(masked=(5, 8))),
    "odd border and crop": lambda: _with_layout(Layout(crop=(4, 3, 60, 90), masked=(3, 2))),
    "linearisation table": _through_a_table,
    "wide pixels": lambda: _with_layout(Layout(pixel_aspect=2.0)),
    "no white balance": lambda: _with_layout(Layout(as_shot=False)),
    "black of each colour": lambda: _black_of_its_own(np.array([[-12.0, 0.0], [8.0, 20.0]])),
    "black in a larger cell": lambda: _black_of_its_own(np.arange(16.0).reshape(4, 4) * 4),
    "white of each plane": _white_of_each_plane,
    "baseline exposure": _brightened,
    "8-bit mosaic": lambda: _eight_bits("RGGB"),
    "8-bit planes": lambda: _eight_bits("linear"),
    "floating-point mosaic": lambda: _floating("RGGB"),
    "floating-point planes": lambda: _floating("linear"),
}
"""All kinds of files, by name."""
