"""Photographers of all kinds, for breadth: features on which their styles can be told serve for whoever comes.

Each is a rule of its own: how a level of the picture becomes Exposure, which most make up for in full, and which few of
hundreds of statistics move each other slider, through which response. Some are plausible (Shadows rise where the dark
parts lie deep), some are not; some judge content, some have presets for kinds of pictures, some are small random
networks.
"""

import numpy as np
from numpy.typing import NDArray

from autohdr.sliders import LIMITS
from autohdr_train.default.causes import KEY, LEVELS, Causes, Edits, Photos, one, soft_step
from autohdr_train.network.tones import LAYOUT

AMPLITUDE = np.array([1.0, 9.0, 26.0, 30.0, 27.0, 10.0, 5.0, 4.0])
"""Usual standard deviation of each slider over photos, Lightroom's units."""
USES = np.array([1.0, 0.85, 0.95, 0.95, 0.9, 0.9, 0.8, 0.7])
"""How probable it is that a photographer uses the slider at all."""
AS_TAKEN = 0.15
"""Share of the photographers who judge levels as they were taken; the others, as they are after Exposure."""


class Broad:
    """One such photographer of photos, whom `rng` draws."""

    def __init__(self, photos: Photos, rng: np.random.Generator) -> None:
        self.causes, self.rng = Causes(photos, rng), rng

    def edits(self) -> Edits:
        """The edits of all photos."""
        rng, causes = self.rng, self.causes
        values = np.zeros((causes.count, 8))
        values[:, 0] = self.exposure()
        # Some judge the light as it was taken, whatever they do to Exposure.
        after = causes.photos.tones[:, LEVELS] + values[:, :1] * (rng.random() > AS_TAKEN)
        amplitude, uses = AMPLITUDE * np.exp(rng.normal(0.0, 0.4, 8)), rng.random(8) < USES
        network = causes.network(after) if rng.random() < 0.12 else np.zeros((causes.count, 8))
        for slider in range(1, 8):
            total = network[:, slider] + causes.total(slider, after)
            values[:, slider] = amplitude[slider] * (one(total) + rng.normal(0.0, 0.4))
        if rng.random() < 0.35:
            values += self.presets(after, amplitude)
        if rng.random() < 0.25:
            values[:, 1:] += rng.uniform(-0.3, 0.3, 7) * amplitude[1:] * one(values[:, 0])[:, None]
        values = np.clip(np.where(uses, values, 0.0), -LIMITS, LIMITS)
        noise = np.where(uses, values.std(axis=0) * rng.uniform(0.1, 0.38, 8), 0.0)
        noise[0] = rng.uniform(0.05, 0.2)
        labels = np.clip(values + noise * rng.standard_normal(values.shape), -LIMITS, LIMITS)
        return Edits(values, labels, uses)

    def exposure(self) -> NDArray[np.float64]:
        """Brings a level of the picture to a key that may follow the picture; may hold the highlights below a limit."""
        rng, frame = self.rng, self.causes.photos.tones[:, LAYOUT["frame"]]
        anchor = self.causes.anchor()
        key = np.zeros(self.causes.count)
        for _ in range(rng.choice([0, 1, 1, 2])):
            lights = -one(frame[:, rng.integers(12, 15)] - frame[:, rng.integers(5, 8)])
            key += rng.uniform(0.2, 0.9) * self.causes.respond(lights if rng.random() < 0.5 else self.causes.steady())
        # Most make up in full for how bright a photo was taken; some in part, and a few hardly.
        slope = float(rng.choice([1.0, rng.uniform(0.6, 1.0), rng.uniform(0.0, 0.6)], p=[0.75, 0.13, 0.12]))
        usual = (KEY - anchor.mean()) * rng.uniform(0.3, 1.0) * (rng.random() < 0.8)
        exposure = rng.normal(0.0, 0.5) * slope + key * max(slope, 0.5) + slope * (usual - (anchor - anchor.mean()))
        if abs(exposure.mean()) > 1.8:
            exposure += rng.normal(0.4, 0.6) - exposure.mean()
        if rng.random() < 0.25:
            room = rng.uniform(-0.5, 1.5) + 1.5 * rng.random() - frame[:, rng.integers(12, 16)]
            sharp = rng.uniform(1.0, 4.0)
            exposure = -np.logaddexp(-sharp * exposure, -sharp * room) / sharp
        end = rng.uniform(2.5, 5.0)
        limited: NDArray[np.float64] = exposure / (1.0 + np.abs(exposure / end) ** 6) ** (1 / 6)
        return limited

    def presets(self, after: NDArray[np.float64], amplitude: NDArray[np.float64]) -> NDArray[np.float64]:
        """One or two kinds of pictures that get something added to every slider (N, 8)."""
        rng, total = self.rng, np.zeros((self.causes.count, 8))
        for _ in range(rng.integers(1, 3)):
            share = soft_step(rng.uniform(1.5, 5.0) * (self.causes.cause(after) - rng.normal(0.0, 0.8)))
            offsets = rng.standard_normal(8) * amplitude * rng.uniform(0.3, 1.0)
            offsets[0] *= 0.6
            total += share[:, None] * offsets
        return total
