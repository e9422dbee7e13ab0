"""Knows what is to be done of a run, what is under way, and what has to be done again because a worker has ended."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from autohdr.cluster.messages import Noted, Share
from autohdr.codes import Code
from autohdr.run.results.report import Result
from autohdr.run.spread.parcels import Parcel

DEATHS = 3
"""Workers that may end over a share; then it is given up."""
ALONE = DEATHS - 1
"""How many deaths over a share it takes until it is done by a worker that has nothing else, so that no other share is
taken for what ends workers."""


KNOWN = 1000
"""Photos of which it is kept what is noted of them."""


@dataclass(slots=True)
class _UnderWay:
    """A share that was handed out, and what is known of it."""

    share: Share
    deaths: int = 0
    told: set[Path] = field(default_factory=set)
    """Photos whose results were told, maybe by a worker that has ended since."""


class Shares:
    """The photos of a run as shares. What is held of them is what is under way: their number does not matter."""

    def __init__(self, parcels: Iterable[Parcel], noted: Callable[[Path], Noted | None]) -> None:
        """Takes the photos, and what says what earlier runs have noted of them."""
        self._source = iter(parcels)
        self._noted = lru_cache(KNOWN)(noted)  # the names behind a parcel are the next one's own
        self._next: Share | None = None
        self._number = 0
        self._again: deque[_UnderWay] = deque()
        self._suspects: deque[_UnderWay] = deque()
        self._under_way: dict[int, _UnderWay] = {}
        self._look()

    @property
    def done(self) -> bool:
        """Whether nothing is left, and nothing under way."""
        return self.ended and not self._suspects and not self._under_way

    @property
    def ended(self) -> bool:
        """Whether there is nothing to hand out that may go together with other shares."""
        return self._next is None and not self._again

    def give(self, room: int, *, idle: bool) -> list[Share]:
        """Hands out at most so many shares; to a worker that has nothing, and where nothing else is left, a single one
        over which others have ended."""
        found: list[Share] = []
        while len(found) < room and not self.ended:
            found.append(self._begin(self._again.popleft() if self._again else self._fresh()))
        if not found and idle and room and self._suspects:
            found.append(self._begin(self._suspects.popleft()))
        return found

    def told(self, number: int, result: Result) -> bool:
        """Whether a result is the first of its photo, of a share that is under way."""
        known = self._under_way.get(number)
        if known is None or result.path in known.told:
            return False
        known.told.add(result.path)
        return True

    def finish(self, number: int) -> None:
        """Forgets a share that is done."""
        self._under_way.pop(number, None)

    def lost(self, numbers: Iterable[int], *, died: bool = True) -> Iterator[Result]:
        """Takes back the shares of a worker that does no more, and yields the results of photos that are given up.

        Args:
            numbers: of the shares, in the order in which they were given.
            died: whether it ended over one of them; otherwise none of them is to blame.
        """
        for number in numbers:
            if (known := self._under_way.pop(number, None)) is None:
                continue
            known.deaths += died
            if known.deaths >= DEATHS:
                yield from _given_up(known)
            elif known.deaths >= ALONE:
                self._suspects.append(known)
            else:
                self._again.append(known)

    def _begin(self, one: _UnderWay) -> Share:
        self._under_way[one.share.number] = one
        return one.share

    def _fresh(self) -> _UnderWay:
        share = self._next
        assert share is not None, "whoever asks has looked"
        self._look()
        return _UnderWay(share)

    def _look(self) -> None:
        """Looks whether there is another share."""
        parcel = next(self._source, None)
        self._next = None
        if parcel is not None:
            self._number += 1
            names = parcel.names[parcel.own[0] :]  # and those behind: a series that begins in it may end there
            known = ((photo, self._noted(photo)) for photo in map(parcel.folder.joinpath, names))
            self._next = Share(self._number, parcel, {photo: one for photo, one in known if one is not None})


def _given_up(known: _UnderWay) -> Iterator[Result]:
    photos = known.share.parcel.photos
    which = f"{DEATHS} workers have ended over the photos from {photos[0].name} to {photos[-1].name}"
    for path in photos:
        if path not in known.told:
            reason = f"{path}: {which}, of which it is one; label them on one machine to see what is wrong"
            yield Result(path, "failed", Code.NO_ANSWER, reason=reason)
