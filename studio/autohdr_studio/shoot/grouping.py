"""Divides a shoot into series: brackets, panoramas, and photos of one scene, as labels go by them.

They are found as `autohdr label` finds them in a shoot that nobody has edited, so that an edit moves no photo to
another series. A label goes by the same ones, but for photos that are edited, which a run does not look at.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal

from autohdr.run.spread.starts import dividing
from autohdr.series.find import TOGETHER, blocks
from autohdr.series.join import Series, join
from autohdr.shot.shot import Shot
from autohdr_studio.shoot.photo import Photo


@dataclass(frozen=True, slots=True)
class Group:
    """Holds which series a photo is in."""

    number: int
    """The group's number, from 1, in the order of the first photos."""
    kind: Literal["bracket", "panorama", "burst", "series"]
    """A burst is a series whose photos follow one another within seconds."""
    count: int
    """How many photos it has."""
    sets: int
    """How many brackets they are; 1 of another kind."""

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class _Taken:
    """A photo as series are found among them."""

    path: Path
    shot: Shot
    begins: bool
    photo: Photo


def series_of(photos: Sequence[Photo]) -> dict[str, Group]:
    """Finds the series of a shoot: by id of each photo that is in one. Those that nobody has looked at yet go by what
    the camera wrote down alone.

    Args:
        photos: all of the shoot, in order.
    """
    found: dict[str, Group] = {}
    number = 0
    begins = (begins for _, begins in dividing(photo.path for photo in photos))
    taken = (_Taken(photo.path, photo.shot, one, photo) for photo, one in zip(photos, begins, strict=True))
    for block in blocks(taken):
        if len(block) == 1:
            continue
        shots = [one.shot for one in block]
        glances = [None if (kept := one.photo.kept) is None else kept.glance for one in block]
        for series in join(shots, glances):
            number += 1
            kind, count = _kind(series, shots), len(series.members)
            group = Group(number, kind, count, len(series.middles) if kind == "bracket" else 1)
            found |= {block[member].photo.id: group for member in series.members}
    return found


def _kind(series: Series, shots: Sequence[Shot]) -> Literal["bracket", "panorama", "burst", "series"]:
    if series.kind != "series":
        return series.kind
    taken = [shots[member] for member in series.members]
    return "burst" if all(_soon(before, after) for before, after in pairwise(taken)) else "series"


def _soon(before: Shot, after: Shot) -> bool:
    """Whether a photo was taken within seconds of the end of the one before."""
    if before.captured is None or after.captured is None:
        return False
    return after.captured - before.captured - (before.exposure_time or 0.0) <= TOGETHER
