"""The head that a style is: features in; sliders, and how far they may be off, out."""

from dataclasses import dataclass, fields, replace
from typing import Self

import numpy as np
from numpy.typing import NDArray

from autohdr.sliders import LIMITS
from autohdr.style.points import Points
from autohdr.style.prior import REACH, UNITS, Array, Prior, squared_distance
from autohdr.style.solve import DIRECTIONS, Solution

MEAN_ABSOLUTE = float(np.sqrt(2.0 / np.pi))
"""Mean absolute value of a normal distribution, in standard deviations."""
_COUNT = len(LIMITS)


@dataclass(frozen=True, slots=True, eq=False)
class StyleHead:
    """Eight functions of F features, of which Z are learnt and the others plain, with P remembered points."""

    slope: Array
    """(8, F), of sliders scaled to [-1, 1], as all here unless it is said."""
    level: Array
    """(8,)."""
    bend: Array
    """(8, Z), as of `Prior`."""
    points: Array
    """(P, F), features of the edited photos, and of copies in other light."""
    weights: Array
    """(8, P), of the learnt curved kernel with each point."""
    plain_weights: Array
    """(8, P), of the plain curved kernel with each point."""
    linear_variance: Array
    """(8, Z), of the slopes of usual deviations, before the edits, in `UNITS` squared as all variances here."""
    curved_variance: Array
    """(8,), of curved deviations."""
    plain_variance: Array
    """(8,), of deviations that follow the plain features."""
    level_variance: Array
    """(8,)."""
    noise_variance: Array
    """(8,), of the photographer's inconsistency."""
    directions: Array
    """(8, P, R): explained variance is the sum of squares of covariances with the points times this."""
    error_scale: Array
    """(8,), by which the stated errors are multiplied, so that they agree with errors on photos that were left out."""
    error_floor: Array
    """(8,), added to the stated error, in Lightroom's units: all of it for a slider that is a constant."""

    @classmethod
    def of(cls, prior: Prior, points: Points, solutions: list[Solution]) -> Self:
        """The head that eight solutions make."""
        sure = [one.uncertainty for one in solutions]
        size = np.array([0.0 if one is None else one.size for one in sure])
        directions = np.zeros((_COUNT, len(points.features), DIRECTIONS))
        for slider, one in enumerate(sure):
            if one is not None:
                directions[slider, :, : one.directions.shape[1]] = one.directions
        return cls(
            UNITS[:, None] * np.array([one.slope for one in solutions]),
            UNITS * np.array([one.level for one in solutions]),
            prior.bend,
            points.features,
            UNITS[:, None] * np.array([one.weights for one in solutions]),
            UNITS[:, None] * np.array([one.plain_weights for one in solutions]),
            size[:, None] * prior.slope**2,
            size * prior.curved,
            np.array([0.0 if one is None else one.plain for one in sure]),
            np.array([0.0 if one is None else one.level for one in sure]),
            np.array([0.0 if one is None else one.noise for one in sure]),
            directions,
            np.ones(_COUNT),
            np.zeros(_COUNT),
        )

    def checked(self) -> Self:
        """The head itself, if its arrays fit one another and are finite.

        Raises:
            ValueError: they do not, or are not.
        """
        sliders, count, learnt = _COUNT, len(self.points), self.bend.shape[-1]
        width = self.points.shape[-1]
        shapes = {
            "slope": (sliders, width),
            "level": (sliders,),
            "bend": (sliders, learnt),
            "points": (count, width),
            "weights": (sliders, count),
            "plain_weights": (sliders, count),
            "linear_variance": (sliders, learnt),
            "directions": (sliders, count, self.directions.shape[-1]),
        }
        for field in fields(self):
            values = getattr(self, field.name)
            if values.shape != shapes.get(field.name, (sliders,)) or not np.isfinite(values).all():
                raise ValueError(f"{field.name} is {values.shape}, or not finite")
        if not learnt < width:
            raise ValueError(f"{learnt} of {width} features are learnt")
        return self

    def hold(self, slider: int, value: float, error: float) -> Self:
        """The head with one slider a constant whatever the photo.

        Args:
            slider: its number.
            value: in Lightroom's unit.
            error: mean absolute error of the constant, in the same unit.
        """
        nothing = {
            name: _without(getattr(self, name), slider)
            for name in ("slope", "weights", "plain_weights", "error_scale", "directions")
        }
        level, floor = self.level.copy(), self.error_floor.copy()
        level[slider], floor[slider] = value / LIMITS[slider], error
        return replace(self, level=level, error_floor=floor, **nothing)

    def mix(self, slider: int, value: float, share: float) -> Self:
        """The head with one slider between what it was and a constant.

        Args:
            slider: its number.
            value: the constant, in Lightroom's unit.
            share: of what it was, 0 to 1.
        """
        less = {}
        for name in ("slope", "weights", "plain_weights", "level"):
            less[name] = getattr(self, name).copy()
            less[name][slider] *= share
        less["level"][slider] += (1.0 - share) * value / LIMITS[slider]
        return replace(self, **less)

    def answer(self, features: NDArray[np.floating]) -> tuple[Array, Array]:
        """Sliders and their expected errors for photos.

        Args:
            features: (N, F).

        Returns:
            Sliders (N, 8), scaled to about [-1, 1], not clipped; and the mean absolute error that is to be expected of
            each (N, 8), in Lightroom's units, the photographer's inconsistency included.
        """
        seen = features.astype(np.float64)
        learnt, plain = seen[:, : self.bend.shape[1]], seen[:, self.bend.shape[1] :]
        near, plain_near = self._near(learnt, plain)
        scaled = seen @ self.slope.T + self.level + (near @ self.weights[:, :, None])[:, :, 0].T
        scaled += plain_near @ self.plain_weights.T
        deviation = np.sqrt(self._variance(learnt, plain, near, plain_near)).T * UNITS * LIMITS
        return scaled, MEAN_ABSOLUTE * self.error_scale * deviation + self.error_floor

    def _near(self, learnt: Array, plain: Array) -> tuple[Array, Array]:
        """How near photos are to the points: by learnt features (8, N, P), and by plain ones (N, P)."""
        points, plain_points = self.points[:, : self.bend.shape[1]], self.points[:, self.bend.shape[1] :]
        square = self.bend**2
        apart = square @ (learnt**2).T, square @ (points**2).T  # (8, N), (8, P)
        product = (learnt * square[:, None]) @ points.T  # (8, N, P)
        near = np.exp(product - 0.5 * (apart[0][:, :, None] + apart[1][:, None]))
        return np.minimum(near, 1.0), np.exp(-0.5 * squared_distance(plain, plain_points) / (REACH * plain.shape[1]))

    def _variance(self, learnt: Array, plain: Array, near: Array, plain_near: Array) -> Array:
        """Variance (8, N) of the labels about the sliders, in `UNITS` squared."""
        points, plain_points = self.points[:, : self.bend.shape[1]], self.points[:, self.bend.shape[1] :]
        curved, strange, level = (
            variance[:, None, None] for variance in (self.curved_variance, self.plain_variance, self.level_variance)
        )
        count = plain.shape[1]
        alike = 0.5 * plain @ plain_points.T / count + plain_near
        cross = (learnt * self.linear_variance[:, None]) @ points.T + curved * near + strange * alike + level
        before = self.linear_variance @ (learnt**2).T + curved[:, :, 0] + level[:, :, 0]
        before = before + strange[:, :, 0] * (0.5 * (plain**2).sum(axis=1) / count + 1.0)
        explained = ((cross @ self.directions) ** 2).sum(axis=2)
        return np.maximum(before - explained, 0.0) + self.noise_variance[:, None]


def _without(values: Array, slider: int) -> Array:
    """The values (8, ...) with 0 for one slider."""
    changed = values.copy()
    changed[slider] = 0.0
    return changed
