"""Rebuilds the neutral ramps that Camera Raw's outputs are known for, and reads those outputs.

`ramps.csv` holds 24 positions of each of 30 ramps and settings: the linear ProPhoto output of Camera Raw 18.7 under a
linear profile, before any base curve, from pch/rawmakase (MIT), tests/corpus/camera-raw/scene-probes.json.
"""

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from autohdr.develop import Scene, Settings

POSITIONS = 24
"""Positions of a ramp that are kept, evenly from its first to its last patch."""


@dataclass(frozen=True, slots=True)
class Probe:
    """Describes one ramp of patches, evenly spaced in log2, on a uniform ground."""

    name: str
    count: int
    first: float
    """log2 of the darkest patch."""
    last: float
    """log2 of the brightest patch."""
    sensor_white: float
    """log2."""
    ground: float = 0.05
    patch: int = 28
    gap: int = 8
    across: int = 24
    margin: int = 32

    @property
    def levels(self) -> NDArray[np.float64]:
        """(count,), linear scene light of the patches at Exposure 0."""
        return np.asarray(2.0 ** np.linspace(self.first, self.last, self.count))

    @property
    def kept(self) -> NDArray[np.int64]:
        """(POSITIONS,), which patches the outputs are kept of."""
        return np.round(np.arange(POSITIONS) * (self.count - 1) / (POSITIONS - 1)).astype(np.int64)

    def scene(self) -> Scene:
        """The probe's picture as scene light."""
        pitch, rows = self.patch + self.gap, -(-self.count // self.across)
        width, height = (2 * self.margin + n * pitch - self.gap for n in (self.across, rows))
        light = np.full((height, width, 3), self.ground, np.float32)
        for i, level in enumerate(self.levels):
            y, x = (self.margin + place * pitch for place in divmod(i, self.across))
            light[y : y + self.patch, x : x + self.patch] = level
        return Scene(light, 2.0**self.sensor_white)


PROBES = {
    probe.name: probe
    for probe in (
        Probe("white+0", 192, -14, 0, 0),
        Probe("white+2", 192, -12, 2, 2),
        Probe("white+4", 192, -10, 4, 4),
        Probe("black-4", 82, -12 + 110 * 14 / 191, 2, 2, ground=2.0**-4),
        Probe("black-8", 137, -12 + 55 * 14 / 191, 2, 2, ground=2.0**-8),
        Probe("exposure", 96, -8, 0, 0, patch=32, gap=12, across=16),
    )
}


def outputs() -> dict[tuple[str, str], NDArray[np.float64]]:
    """Reads Camera Raw's outputs (POSITIONS,) by probe and setting."""
    with (Path(__file__).parent / "ramps.csv").open(encoding="utf-8") as file:
        return {(row[0], row[1]): np.array(row[2:], np.float64) for row in csv.reader(file)}


def settings(name: str) -> Settings:
    """Translates a probe's setting into settings: `E-1` is Exposure, `W+50` Whites, `B-50` Blacks."""
    if name == "default":
        return Settings()
    value = float(name[1:])
    return {"E": Settings(exposure=value), "W": Settings(whites=value), "B": Settings(blacks=value)}[name[0]]
