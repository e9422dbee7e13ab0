"""What a way to learn is given, and what it answers: tables of photos, a problem, sliders."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from autohdr.develop import Scene
from autohdr.mode import Mode
from autohdr.shot.shot import NOTHING, Shot
from autohdr.sliders import LIMITS
from autohdr.style.description import exposure
from autohdr_train.people.scenes import load

Array = NDArray[np.float64]
Rows = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Photos:
    """N photos by one person, row by row."""

    person: str
    labels: Array
    """(N, 8), in Lightroom's units, NaN where there is none; all NaN for photos that are to be predicted."""
    features: Mapping[str, Array]
    """Features by group of `features.FEATURES`, (N, ...) each: what the picture shows."""
    shots: tuple[Shot, ...]
    """What the camera wrote down; fields are None where it is not known."""
    days: tuple[str, ...]
    """`2026:05:02`, empty where it is not known."""
    modes: tuple[Mode, ...]
    scenes: tuple[Path, ...]
    """Where the scenes are kept; a control may show other features than these scenes have."""

    def __len__(self) -> int:
        return len(self.labels)

    def of(self, rows: Rows) -> Self:
        """Some of the photos, in the order given."""
        features = {name: values[rows] for name, values in self.features.items()}
        return replace(
            self,
            labels=self.labels[rows],
            features=features,
            shots=tuple(self.shots[row] for row in rows),
            days=tuple(self.days[row] for row in rows),
            modes=tuple(self.modes[row] for row in rows),
            scenes=tuple(self.scenes[row] for row in rows),
        )

    def unlabelled(self) -> Self:
        """Returns these photos with all labels missing."""
        return replace(self, labels=np.full_like(self.labels, np.nan))

    def shown(self, rows: Rows) -> Self:
        """Returns these labels with all that is seen and known of other photos: of `rows`, one for each."""
        other = self.of(rows)
        return replace(other, labels=self.labels, modes=self.modes, scenes=self.scenes)

    def without_pictures(self) -> Self:
        """Returns these photos with nothing but what the camera wrote down: all features are 0."""
        return replace(self, features={name: np.zeros_like(values) for name, values in self.features.items()})

    def without_shots(self) -> Self:
        """Returns these photos with nothing that the camera wrote down, the day among it."""
        return replace(self, shots=(NOTHING,) * len(self), days=("",) * len(self))

    @property
    def scaled(self) -> Array:
        """Labels (N, 8) in -1 to 1."""
        return self.labels / LIMITS

    @property
    def described(self) -> Array:
        """What a style is told of each photo (N, 31), as `autohdr.style.description.describe` gives it."""
        exposures = np.array([exposure(shot) for shot in self.shots]).reshape(len(self), -1)
        return np.concatenate([self.features["picture"], exposures], axis=1)

    def captured(self) -> Array:
        """Seconds (N,) since 1970, NaN where not known."""
        return np.array([np.nan if shot.captured is None else shot.captured for shot in self.shots])

    def scene(self, row: int) -> Scene:
        """The scene of one photo."""
        return load(self.scenes[row])


@dataclass(frozen=True, slots=True, eq=False)
class Problem:
    """Edits to learn from, and photos of the same person to answer for."""

    edits: Photos
    others: Photos
    """The photos to answer for, without labels."""
    seed: int
    """The seed of everything that is drawn."""


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """Sliders for the others of a problem."""

    values: Array
    """(M, 8), in Lightroom's units; scores clip and round them as a sidecar would."""
    errors: Array | None = None
    """(M, 8), the absolute error that is to be expected of each; None where a method states none."""


Learner = Callable[[Problem], Answer]
Method = Callable[[Sequence[Photos]], Learner]
"""A way to learn: given everybody's edits but the scored person's (what is known over people), a learner. It is called
once for each scored person and kind of photos, the learner once for each draw. Both must give the same every time."""
