"""The expert that goes by a network's features: features in, sliders out."""

from dataclasses import dataclass, fields
from typing import Self

import numpy as np
from numpy.typing import NDArray

from autohdr.sliders import LIMITS
from autohdr.style.experts.prior import REACH, UNITS, Array, Prior, squared_distance
from autohdr.style.experts.solve import Solution
from autohdr.style.points import Points

_COUNT = len(LIMITS)


@dataclass(frozen=True, slots=True, eq=False)
class StyleHead:
    """Eight functions of F features, of which Z are learnt and the others plain, with P remembered points."""

    slope: Array
    """(8, F), of sliders scaled to [-1, 1], as all here."""
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

    @classmethod
    def of(cls, prior: Prior, points: Points, solutions: list[Solution]) -> Self:
        """The head that eight solutions make."""
        return cls(
            UNITS[:, None] * np.array([one.slope for one in solutions]),
            UNITS * np.array([one.level for one in solutions]),
            prior.bend,
            points.features,
            UNITS[:, None] * np.array([one.weights for one in solutions]),
            UNITS[:, None] * np.array([one.plain_weights for one in solutions]),
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
        }
        for field in fields(self):
            values = getattr(self, field.name)
            if values.shape != shapes[field.name] or not np.isfinite(values).all():
                raise ValueError(f"{field.name} is {values.shape}, or not finite")
        if not learnt < width:
            raise ValueError(f"{learnt} of {width} features are learnt")
        return self

    def answer(self, features: NDArray[np.floating]) -> Array:
        """Sliders (N, 8), scaled to about [-1, 1], not clipped, for photos with features (N, F)."""
        seen = features.astype(np.float64)
        learnt, plain = seen[:, : self.bend.shape[1]], seen[:, self.bend.shape[1] :]
        near, plain_near = self._near(learnt, plain)
        scaled = seen @ self.slope.T + self.level + (near @ self.weights[:, :, None])[:, :, 0].T
        return np.asarray(scaled + plain_near @ self.plain_weights.T)

    def _near(self, learnt: Array, plain: Array) -> tuple[Array, Array]:
        """How near photos are to the points: by learnt features (8, N, P), and by plain ones (N, P)."""
        points, plain_points = self.points[:, : self.bend.shape[1]], self.points[:, self.bend.shape[1] :]
        square = self.bend**2
        apart = square @ (learnt**2).T, square @ (points**2).T  # (8, N), (8, P)
        product = (learnt * square[:, None]) @ points.T  # (8, N, P)
        near = np.exp(product - 0.5 * (apart[0][:, :, None] + apart[1][:, None]))
        return np.minimum(near, 1.0), np.exp(-0.5 * squared_distance(plain, plain_points) / (REACH * plain.shape[1]))
