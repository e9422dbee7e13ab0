"""Says why a style labels a photo as it does: which edits the photo is like, or in what it is unlike all of them.

Nearness is the mean of `people.likeness` over the groups of a description: how bright and colourful the photo is, what
Auto would do, and how it was exposed; of two that are as near, the one of the same day comes first. The covariance of
the process, by which the style goes, names mostly the same edits (of three, two or more), and is no better.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from numpy.typing import NDArray

from autohdr.style.experts.people import days_of, likeness, same_day, standardised

if TYPE_CHECKING:
    from autohdr.style.experts.blend import Blend

Array = NDArray[np.float64]

NAMED = 3
"""Edits that are named, at most."""
NEAR = 0.75
"""Likeness from which an edit is near: numbers of the descriptions differ by 0.93 standard deviations, as a root of the
mean of squares."""
SAME_DAY = 0.1
"""The distance by which an edit of the same day is nearer."""
BEYOND = 0.5
"""Standard deviations over people by which a number has to be beyond all edits, so that it is said."""
NONE_MUCH_LIKE = "None of your edits is of a photo much like this one."

_LOW, _MEDIAN, _HIGH, _CLIPPED, _RED, _BLUE, _CHROMA, _LIGHT, _ISO = 2, 3, 4, 13, 15, 16, 17, 26, 27
"""Where these stand in a description; quartiles are low and high, as blacks without any light hardly show."""
_SAID = (
    ("a photo this dark", "a photo this bright"),
    ("a photo with this little contrast", "a photo with this much contrast"),
    (None, "a photo with so much of it clipped"),
    ("a photo this cool in colour", "a photo this warm in colour"),
    ("a photo with this little colour", "a photo with this much colour"),
    ("a photo taken in this little light", "a photo taken in this much light"),
    ("a photo of so low an ISO", "a photo of so high an ISO"),
)
"""What is said of a photo that is below or above all edits in each of `_measures`."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Holds the reason of one label of a style."""

    near: tuple[str, ...] = ()
    """File names of the photos whose edits are near, the nearest first, `NAMED` at most."""
    unlike: str | None = None
    """One sentence that says in which way the photo is unlike all edits, where none is near."""

    def to_dict(self) -> dict[str, Any]:
        """Returns plain JSON."""
        return {"near": list(self.near), "unlike": self.unlike}

    @classmethod
    def of(cls, told: Any) -> Self | None:
        """Returns the reason that `to_dict` told; None where it is damaged or missing."""
        match told:
            case {"near": [*near], "unlike": None | str() as unlike} if all(isinstance(name, str) for name in near):
                return cls(tuple(near), unlike)
        return None


def reasons(blend: "Blend", names: Sequence[str], descriptions: Array, captured: Array) -> list[Reason]:
    """Finds the reasons of the labels of N photos, in about 0.1 ms each; empty ones where the style gives every photo
    the same values, or does not know the names of its edits. "All edits" are those that it remembers, `points.MOST`.

    Args:
        blend: the style's function.
        names: of the photos that `blend.people.points` describe.
        descriptions: (N, D), as of `Blend.answer`.
        captured: (N,), seconds; NaN where not known.
    """
    process = blend.people
    if not names or not blend.follows.any():
        return [Reason()] * len(descriptions)
    seen = standardised(descriptions, process.mean, process.deviation)
    alike = likeness(seen, process.points).mean(axis=0)  # (N, P)
    order = np.argsort(-alike - SAME_DAY * same_day(days_of(captured), process.point_days), axis=1, kind="stable")
    beyond = _beyond(_measures(seen), _measures(process.points))
    return [_reason(row, alike[photo, row], names, beyond[photo]) for photo, row in enumerate(order[:, :NAMED])]


def _reason(nearest: NDArray[np.int64], alike: Array, names: Sequence[str], beyond: Array) -> Reason:
    near = tuple(names[point] for point, value in zip(nearest, alike, strict=True) if value >= NEAR)
    return Reason(near) if near else Reason(unlike=_unlike(beyond))


def _unlike(beyond: Array) -> str:
    """The sentence for how far (M, 2) a photo is below and above all edits in each measure."""
    measure, side = np.unravel_index(beyond.argmax(), beyond.shape)
    said = _SAID[measure][side]
    return f"None of your edits is of {said}." if beyond[measure, side] > BEYOND else NONE_MUCH_LIKE


def _measures(seen: Array) -> Array:
    """What is worth a word (N, M) in standardised descriptions (N, D), in standard deviations."""
    contrast, warmth = seen[:, _HIGH] - seen[:, _LOW], seen[:, _RED] - seen[:, _BLUE]
    rest = [seen[:, place] for place in (_CHROMA, _LIGHT, _ISO)]
    return np.stack([seen[:, _MEDIAN], contrast, seen[:, _CLIPPED], warmth, *rest], axis=1)


def _beyond(photos: Array, edits: Array) -> Array:
    """How far (N, M, 2) measures of photos (N, M) are below and above those of all edits (P, M); minus infinity where
    one of them is exactly 0, which stands for what is not known, or where there is no word for it."""
    known = (photos != 0) & (edits != 0).all(axis=0)
    far = np.stack([edits.min(axis=0) - photos, photos - edits.max(axis=0)], axis=2)
    spoken = np.array([[word is not None for word in words] for words in _SAID])
    return np.where(known[:, :, None] & spoken, far, -np.inf)
