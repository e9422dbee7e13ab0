"""Finds the blocks that a parcel answers for, by what the files about it say: the same that one run would find."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field
from pathlib import Path

from autohdr.run.spread.parcels import Parcel
from autohdr.series.find import ENDLESS, MOST, blocks, steps_back
from autohdr.shot.shot import Shot

KEPT = 4096
"""Shots that are kept for the parcels that come next."""
AT_ONCE = 32
"""Files whose headers are asked for together: from a server each takes long to come."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A photo of which nothing is known yet but what its file says of the shot."""

    path: Path
    owner: Path
    """The photo that owns the sidecar of this photo's name."""
    shot: Shot
    begins: bool


class Shots:
    """What files say of their shots; each is read once, as long as it is kept."""

    def __init__(
        self,
        read: Callable[[tuple[Path, Path]], Shot],
        owner: Callable[[Path, tuple[str, ...]], Path],
        pool: Executor,
    ) -> None:
        """Takes what reads a shot.

        Args:
            read: from a photo, given with the owner of its sidecar.
            owner: names that owner, given a photo and the names about it; asked by one thread.
            pool: of the threads that read.
        """
        self._read, self._owner, self._pool = read, owner, pool
        self._kept: dict[Path, tuple[Path, Shot]] = {}

    def of(self, photos: Sequence[Path], names: tuple[str, ...]) -> list[tuple[Path, Shot]]:
        """Returns the owners of some photos' sidecars, and their shots.

        Args:
            photos: of one folder.
            names: of that folder, which these are among.
        """
        missing = [photo for photo in photos if photo not in self._kept]
        owned = [(photo, self._owner(photo, names)) for photo in missing]
        for (photo, owner), shot in zip(owned, self._pool.map(self._read, owned), strict=True):
            self._kept[photo] = owner, shot
        found = [self._kept[photo] for photo in photos]
        for photo in list(self._kept)[: max(0, len(self._kept) - KEPT)]:  # those that were read first
            del self._kept[photo]
        return found


def answered(parcel: Parcel, shots: Shots) -> list[list[Seen]]:
    """Finds the blocks whose first photo is one of a parcel's own, in order. There may be none."""
    about = _About(parcel, shots)
    own, end = parcel.own
    place, endless = about.boundary()
    rest = blocks(about.since(place), about.before(place), endless)
    found: list[list[Seen]] = []
    while place < end:
        block = next(rest)
        if place >= own:
            found.append(block)
        place += len(block)
    return found


@dataclass(frozen=True, slots=True)
class _About:
    """The photos of a parcel and those about it, by place among its names; a file is read once it matters."""

    parcel: Parcel
    shots: Shots
    _seen: dict[int, Seen] = field(default_factory=dict)
    _strong: dict[int, bool] = field(default_factory=dict)

    def boundary(self) -> tuple[int, bool]:
        """The last place, up to the first of the parcel's own, where a block begins whatever is before, and whether
        that is because photos go on without a pause."""
        place = self.parcel.own[0]
        while not self._is_strong(place):
            if place in self.parcel.forced and self._is_endless(place):
                return place, True
            place -= 1
        return place, False

    def before(self, place: int) -> list[Seen]:
        """The photos before a place that may be near to those after it."""
        return [self._at(one) for one in range(max(0, place - MOST), place)]

    def since(self, place: int) -> Iterator[Seen]:
        """The photos from a place on."""
        return map(self._at, range(place, len(self.parcel.names)))

    def _is_endless(self, place: int) -> bool:
        return not any(map(self._is_strong, range(place, max(-1, place - ENDLESS), -1)))

    def _is_strong(self, place: int) -> bool:
        if place not in self._strong:
            before = map(self._at, range(place - 1, max(-1, place - 1 - MOST), -1))
            self._strong[place] = not steps_back(self._at(place), before)
        return self._strong[place]

    def _at(self, place: int) -> Seen:
        if place not in self._seen:
            places = [one for one in self._with(place) if one not in self._seen]
            photos = [self.parcel.folder / self.parcel.names[one] for one in places]
            known = self.shots.of(photos, self.parcel.names)
            for one, photo, (owner, shot) in zip(places, photos, known, strict=True):
                self._seen[one] = Seen(photo, owner, shot, one in self.parcel.forced)
        return self._seen[place]

    def _with(self, place: int) -> range:
        """The places that are asked for with one: its own together, and some of those before or behind."""
        own, end = self.parcel.own
        if place < own:
            return range(max(0, place + 1 - AT_ONCE), place + 1)
        return range(own, end) if place < end else range(place, min(place + AT_ONCE // 4, len(self.parcel.names)))
