"""What sliders of made-up photographers may follow: random causes in a picture, and ways to respond to them."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from autohdr_train.network.tones import LAYOUT

KEY = -3.1
"""Level at which mid-tones are usual, log2 of sensor saturation."""

_FRAME, _MIDDLE = LAYOUT["frame"].start, LAYOUT["middle"].start
LEVELS = np.arange(LAYOUT["frame"].start, LAYOUT["middle"].stop)
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
    labels: NDArray[np.float64]
    """(N, 8), as they are set, which is inconsistent."""
    uses: NDArray[np.bool_]
    """(8,), sliders that are told of by the photo: not all but the same for all."""


class Photos(NamedTuple):
    """What made-up photographers look at: N photos."""

    tones: NDArray[np.float64]
    """Description of each photo's developed picture (N, `tones.SIZE`), not standardised."""
    standard: NDArray[np.float64]
    """Description of each photo's developed picture, standardised."""
    content: NDArray[np.float64]
    """The numbers of `content.content` (N, K), standardised."""
    auto: NDArray[np.float64]
    """Auto's sliders (N, 8), Lightroom's units."""


class Causes:
    """What one photographer's sliders may follow.

    Args:
        photos: all photos.
        rng: decides everything.
    """

    def __init__(self, photos: Photos, rng: np.random.Generator) -> None:
        self.photos, self.rng, self.count = photos, rng, len(photos.tones)
        self.judges_content = float(rng.choice([0.0, 0.2, 0.4, 0.7]))
        self.usual = rng.uniform(0.3, 1.0)
        self.terms = [1, 1, 2] if rng.random() < 0.5 else [1, 2, 2, 3]

    def total(self, slider: int, after: NDArray[np.float64]) -> NDArray[np.float64]:
        """Adds up responses (N,) to one to three causes, given levels as they are judged (N, L)."""
        rng, total = self.rng, np.zeros(self.count)
        for _ in range(rng.choice(self.terms)):
            usual = rng.random() < self.usual
            cause = self.usual_cause(slider, after) if usual else self.cause(after)
            total = total + rng.uniform(0.3, 1.0) * self.respond(cause)
        return total

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
        return one(numbers[:, rng.choice(columns, count, replace=False)] @ rng.standard_normal(count))

    def cause(self, after: NDArray[np.float64]) -> NDArray[np.float64]:
        """Anything that a slider may follow."""
        rng, kind = self.rng, self.rng.random()
        if kind < 0.45:
            return self.steady()
        if kind < 0.65:
            first, second = rng.choice(16, 2, replace=False)
            return one(after[:, first] - after[:, second])
        if kind < 0.9:
            return one(after[:, rng.integers(after.shape[1])])
        return one(after[:, rng.choice(after.shape[1], 3, replace=False)] @ rng.standard_normal(3))

    def usual_cause(self, slider: int, after: NDArray[np.float64]) -> NDArray[np.float64]:
        """Something that the slider usually follows, mostly in the usual sense."""
        rng = self.rng
        sense, kind, first, second = _USUAL[slider][rng.integers(len(_USUAL[slider]))]
        if rng.random() < 0.2:
            sense = -sense
        if kind == "gap":
            return sense * one(after[:, first] - after[:, second])
        return sense * one(after[:, first] if kind == "after" else self.photos.tones[:, first])

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
            return 2.0 * soft_step(3.0 * gain * (cause - shift))
        if kind < 0.85:
            return -0.6 * np.minimum((cause - shift) ** 2, 6.0)
        other = self.steady()
        if kind < 0.95:
            return 1.5 * straight * soft_step(2.0 * gain * (other - shift))
        return np.minimum(straight, other)

    def network(self, after: NDArray[np.float64]) -> NDArray[np.float64]:
        """A small random network of tones and levels (N, 8)."""
        rng = self.rng
        steady = self.photos.standard[:, rng.choice(_STEADY, 16, replace=False)]
        levels = np.clip((after[:, rng.choice(after.shape[1], 8, replace=False)] - KEY) / 1.5, -4.0, 4.0)
        hidden = np.tanh(np.c_[steady, levels] @ rng.normal(0.0, 0.25, (24, 24)) + rng.normal(0.0, 0.5, 24))
        return hidden @ rng.standard_normal((24, 8))


def standard(numbers: NDArray[np.float64]) -> NDArray[np.float64]:
    """Scales columns (N, K) to a mean of 0 and a deviation of 1, and ends them at 5."""
    scaled = (numbers - numbers.mean(axis=0)) / np.maximum(numbers.std(axis=0), 1e-3)
    return np.clip(scaled, -5.0, 5.0)


def one(numbers: NDArray[np.float64]) -> NDArray[np.float64]:
    """Scales numbers (N,) to a mean of 0 and a deviation of 1."""
    scaled: NDArray[np.float64] = (numbers - numbers.mean()) / max(float(numbers.std()), 1e-3)
    return scaled


def soft_step(numbers: NDArray[np.float64]) -> NDArray[np.float64]:
    """Goes from 0 far below zero to 1 far above."""
    stepped: NDArray[np.float64] = 0.5 + 0.5 * np.tanh(0.5 * numbers)
    return stepped
