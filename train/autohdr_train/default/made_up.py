"""Photographers made up at random, thousands of them, to learn from what photographers' styles have in common.

Each is a rule of its own: how a level of the picture becomes Exposure, and which few of hundreds of statistics move
each other slider, through which response. Some are plausible (Shadows rise where the dark parts lie deep), some are
not; some judge content, some have presets for kinds of pictures, some are small random networks. They share no code
with the photographers that a model is tested on (`autohdr_scenes.photographers`).
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from autohdr.sliders import LIMITS
from autohdr_train.network.tones import LAYOUT

AMPLITUDE = np.array([1.0, 9.0, 26.0, 30.0, 27.0, 10.0, 5.0, 4.0])
"""Usual standard deviation of each slider over photos, Lightroom's units."""
USES = np.array([1.0, 0.85, 0.95, 0.95, 0.9, 0.9, 0.8, 0.7])
"""How probable it is that a photographer uses the slider at all."""
AS_TAKEN = 0.15
"""Share of the photographers who judge levels as they were taken; the others, as they are after Exposure."""
KEY = -3.1
"""Level at which mid-tones are usual, log2 of sensor saturation."""

_FRAME, _MIDDLE = LAYOUT["frame"].start, LAYOUT["middle"].start
_LEVELS = np.arange(LAYOUT["frame"].start, LAYOUT["middle"].stop)
_STEADY = np.r_[
    LAYOUT["frame gaps"].start : LAYOUT["relative shares"].stop, LAYOUT["texture"].start : LAYOUT["cell chroma"].stop
]
"""Numbers that stay the same when the light is scaled, but for the clipped share."""
_DEVIATION, _CHROMA, _WARMTH = LAYOUT["moments"].start + 1, LAYOUT["chroma"].start, LAYOUT["warmth"].start
_CLIPPED, _DARK, _BLUE = _CHROMA + 7, LAYOUT["relative shares"].start, LAYOUT["hues"].start + 8

# What usually moves each slider, and in which sense: ("gap", high, low) between two percentiles of the frame, ("after",
# level) a level after Exposure, ("is", number) a number of the description.
_USUAL: list[list[tuple[int, str, int, int]]] = [
    [],
    [
        *[(-1, "gap", high, low) for high, low in ((12, 2), (13, 1), (11, 3), (11, 4), (12, 7))],
        (1, "gap", 7, 2),
        *[(-1, "is", number, 0) for number in (_DEVIATION, LAYOUT["texture"].start + 1, LAYOUT["texture"].start + 2)],
    ],
    [
        *[(1, "after", level, 0) for level in (12, 13, 14, 15, 24, 25)],
        *[(-1, "is", number, 0) for number in (_CLIPPED, LAYOUT["absolute shares"].stop - 1)],
        (1, "gap", 13, 7),
        (-1, "gap", 15, 12),
    ],
    [
        *[(1, "gap", 7, low) for low in (1, 2, 3)],
        (-1, "gap", 14, 7),
        *[(-1, "after", level, 0) for level in (2, 3, 4, 17, 46)],
        *[(1, "is", _DARK + number, 0) for number in (1, 2, 3)],
    ],
    [
        *[(-1, "after", level, 0) for level in (12, 13, 14, 15)],
        *[(-1, "gap", 15, low) for low in (7, 12)],
        (-1, "is", _CLIPPED, 0),
    ],
    [
        *[(-1, "after", level, 0) for level in (0, 1, 2)],
        *[(-1, "gap", high, low) for high, low in ((2, 7), (0, 7), (12, 3))],
        (1, "is", _DARK + 1, 0),
    ],
    [*[(-1, "is", _CHROMA + number, 0) for number in range(5)], (1, "is", _WARMTH, 0), (1, "is", _BLUE, 0)],
    [
        *[(-1, "is", number, 0) for number in (_CHROMA, _CHROMA + 1, _CHROMA + 3, _CHROMA + 5, _WARMTH)],
        (1, "is", _DEVIATION, 0),
    ],
]


class Edits(NamedTuple):
    """One photographer's edits of all photos, Lightroom's units."""

    values: NDArray[np.float64]
    """(N, 8), as the photographer means them."""
    noise: NDArray[np.float64]
    """(8,), standard deviation of the photographer's inconsistency."""
    uses: NDArray[np.bool_]
    """(8,), sliders that the photographer moves at all."""


class MadeUp:
    """Photographers of a set of photos.

    Args:
        tones: description of each photo's developed picture (N, `tones.SIZE`), not standardised.
        content: the numbers of `content.content` (N, K).
    """

    def __init__(self, tones: NDArray[np.floating], content: NDArray[np.floating]) -> None:
        self.tones = np.asarray(tones, dtype=np.float64)
        self.standard, self.content = _standard(self.tones), _standard(np.asarray(content, dtype=np.float64))

    def photographer(self, rng: np.random.Generator) -> Edits:
        """The next photographer that `rng` draws."""
        return _Photographer(self, rng).edits()


class _Photographer:
    def __init__(self, photos: MadeUp, rng: np.random.Generator) -> None:
        self.photos, self.rng, self.count = photos, rng, len(photos.tones)
        self.judges_content = float(rng.choice([0.0, 0.2, 0.4, 0.7]))
        self.usual = rng.uniform(0.3, 1.0)
        self.terms = [1, 1, 2] if rng.random() < 0.5 else [1, 2, 2, 3]

    def edits(self) -> Edits:
        rng = self.rng
        values = np.zeros((self.count, 8))
        values[:, 0] = self.exposure()
        # Some judge the light as it was taken, whatever they do to Exposure.
        after = self.photos.tones[:, _LEVELS] + values[:, :1] * (rng.random() > AS_TAKEN)
        amplitude, uses = AMPLITUDE * np.exp(rng.normal(0.0, 0.4, 8)), rng.random(8) < USES
        network = self.network(after) if rng.random() < 0.12 else np.zeros((self.count, 8))
        for slider in range(1, 8):
            total = network[:, slider]
            for _ in range(rng.choice(self.terms)):
                usual = rng.random() < self.usual
                cause = self.usual_cause(slider, after) if usual else self.cause(after)
                total = total + rng.uniform(0.3, 1.0) * self.respond(cause)
            values[:, slider] = amplitude[slider] * (_one(total) + rng.normal(0.0, 0.4))
        if rng.random() < 0.35:
            values += self.presets(after, amplitude)
        if rng.random() < 0.25:
            values[:, 1:] += rng.uniform(-0.3, 0.3, 7) * amplitude[1:] * _one(values[:, 0])[:, None]
        values = np.clip(np.where(uses, values, 0.0), -LIMITS, LIMITS)
        noise = np.where(uses, values.std(axis=0) * rng.uniform(0.1, 0.38, 8), 0.0)
        noise[0] = rng.uniform(0.05, 0.2)
        return Edits(values, noise, uses)

    def exposure(self) -> NDArray[np.float64]:
        """Brings a level of the picture to a key that may follow the picture; may hold the highlights below a limit."""
        rng, frame = self.rng, self.photos.tones[:, LAYOUT["frame"]]
        anchor = self.anchor()
        key = np.zeros(self.count)
        for _ in range(rng.choice([0, 1, 1, 2])):
            lights = -_one(frame[:, rng.integers(12, 15)] - frame[:, rng.integers(5, 8)])
            key += rng.uniform(0.2, 0.9) * self.respond(lights if rng.random() < 0.5 else self.steady())
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

    def anchor(self) -> NDArray[np.float64]:
        """The level that Exposure looks at."""
        rng, tones = self.rng, self.photos.tones
        frame, kind = tones[:, LAYOUT["frame"]], rng.random()
        if kind < 0.25:
            level = tones[:, _MIDDLE]
        elif kind < 0.4:
            level = frame[:, rng.integers(5, 10)]
        elif kind < 0.5:
            level = tones[:, LAYOUT["moments"].start]
        elif kind < 0.65:
            centre = rng.uniform(0.2, 1.0)
            level = centre * tones[:, LAYOUT["parts"].start + 2] + (1.0 - centre) * tones[:, _MIDDLE]
        elif kind < 0.8:
            level = frame[:, rng.choice(16, 5, replace=False)] @ rng.dirichlet(np.ones(5))
        elif kind < 0.9:
            level = tones[:, LAYOUT["parts"]][:, rng.choice(30, 4, replace=False)] @ rng.dirichlet(np.ones(4))
        else:
            level = frame[:, rng.integers(10, 16)]
        chosen: NDArray[np.float64] = level
        return chosen

    def steady(self) -> NDArray[np.float64]:
        """A mixture of a few numbers that do not depend on how bright the photo was taken."""
        rng = self.rng
        if rng.random() < self.judges_content:
            numbers, columns = self.photos.content, np.arange(self.photos.content.shape[1])
            count = int(rng.choice([1, 2, 3, 6]))
        else:
            numbers, columns, count = self.photos.standard, _STEADY, int(rng.choice([1, 1, 2, 3, 5]))
        return _one(numbers[:, rng.choice(columns, count, replace=False)] @ rng.standard_normal(count))

    def cause(self, after: NDArray[np.float64]) -> NDArray[np.float64]:
        """Anything that a slider may follow."""
        rng, kind = self.rng, self.rng.random()
        if kind < 0.45:
            return self.steady()
        if kind < 0.65:
            one, other = rng.choice(16, 2, replace=False)
            return _one(after[:, one] - after[:, other])
        if kind < 0.9:
            return _one(after[:, rng.integers(after.shape[1])])
        return _one(after[:, rng.choice(after.shape[1], 3, replace=False)] @ rng.standard_normal(3))

    def usual_cause(self, slider: int, after: NDArray[np.float64]) -> NDArray[np.float64]:
        """Something that the slider usually follows, mostly in the usual sense."""
        rng = self.rng
        sense, kind, first, second = _USUAL[slider][rng.integers(len(_USUAL[slider]))]
        if rng.random() < 0.2:
            sense = -sense
        if kind == "gap":
            return sense * _one(after[:, first] - after[:, second])
        return sense * _one(after[:, first] if kind == "after" else self.photos.tones[:, first])

    def respond(self, cause: NDArray[np.float64]) -> NDArray[np.float64]:
        """How a slider follows: straight, with a limit, from a threshold on, in a step, about an optimum, or only where
        something else is so."""
        rng, kind = self.rng, self.rng.random()
        shift, gain, straight = rng.normal(0.0, 0.6), np.exp(rng.normal(0.2, 0.5)), np.clip(cause, -3.0, 3.0)
        if kind < 0.3:
            return straight
        if kind < 0.65:
            return 1.2 * np.tanh(gain * (cause - shift))
        if kind < 0.72:
            return np.logaddexp(0.0, 3.0 * (cause - shift)) / 3.0
        if kind < 0.8:
            return 2.0 * _soft_step(3.0 * gain * (cause - shift))
        if kind < 0.85:
            return -0.6 * np.minimum((cause - shift) ** 2, 6.0)
        other = self.steady()
        if kind < 0.95:
            return 1.5 * straight * _soft_step(2.0 * gain * (other - shift))
        return np.minimum(straight, other)

    def network(self, after: NDArray[np.float64]) -> NDArray[np.float64]:
        """A small random network of tones and levels (N, 8)."""
        rng = self.rng
        steady = self.photos.standard[:, rng.choice(_STEADY, 16, replace=False)]
        levels = np.clip((after[:, rng.choice(after.shape[1], 8, replace=False)] - KEY) / 1.5, -4.0, 4.0)
        hidden = np.tanh(np.c_[steady, levels] @ rng.normal(0.0, 0.25, (24, 24)) + rng.normal(0.0, 0.5, 24))
        return hidden @ rng.standard_normal((24, 8))

    def presets(self, after: NDArray[np.float64], amplitude: NDArray[np.float64]) -> NDArray[np.float64]:
        """One or two kinds of pictures that get something added to every slider (N, 8)."""
        rng, total = self.rng, np.zeros((self.count, 8))
        for _ in range(rng.integers(1, 3)):
            share = _soft_step(rng.uniform(1.5, 5.0) * (self.cause(after) - rng.normal(0.0, 0.8)))
            offsets = rng.standard_normal(8) * amplitude * rng.uniform(0.3, 1.0)
            offsets[0] *= 0.6
            total += share[:, None] * offsets
        return total


def _standard(numbers: NDArray[np.float64]) -> NDArray[np.float64]:
    """Columns (N, K) about 0 and 1 apart, within 5."""
    scaled = (numbers - numbers.mean(axis=0)) / np.maximum(numbers.std(axis=0), 1e-3)
    return np.clip(scaled, -5.0, 5.0)


def _one(numbers: NDArray[np.float64]) -> NDArray[np.float64]:
    """(N,), about 0 and 1 apart."""
    scaled: NDArray[np.float64] = (numbers - numbers.mean()) / max(float(numbers.std()), 1e-3)
    return scaled


def _soft_step(numbers: NDArray[np.float64]) -> NDArray[np.float64]:
    stepped: NDArray[np.float64] = 0.5 + 0.5 * np.tanh(0.5 * numbers)
    return stepped
