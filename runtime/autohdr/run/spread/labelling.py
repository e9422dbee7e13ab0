"""Labels parcels: those of a series are labelled as one run would label them, whoever has the others."""

from collections import deque
from collections.abc import Generator, Iterable, Iterator
from itertools import chain, takewhile
from pathlib import Path

from autohdr.run.results.report import Result
from autohdr.run.spread.edges import Shots, answered
from autohdr.run.spread.parcels import Parcel
from autohdr.run.stages.looking import Asked, groups
from autohdr.run.stages.ordered import ordered_map, ordered_within
from autohdr.run.stages.stages import LOOK_AHEAD, Stages, threads_of
from autohdr.run.stages.together import divided, held
from autohdr.sidecar import Owners

AHEAD = 2
"""Parcels whose edges are looked for before their photos are asked for."""
READERS = 8
"""Threads that read headers."""


def by_parcel(
    stages: Stages, parcels: Iterable[Parcel], threads: int, batch: int
) -> Generator[tuple[Parcel, Result | None]]:
    """Yields the result of each photo that a parcel answers for, in order, and None once there are all of a parcel.

    About a hundred photos beyond those whose results were yielded are under way, so that parcels are taken in long
    before the first of them is done. Of a run that is stopped, parcels may never be.

    Args:
        stages: that photos pass.
        parcels: in any order; those that follow one another in a folder share what is read about them.
        threads: threads that decode.
        batch: photos that are handed to the engine at once.
    """
    looking, owners = stages.looking(), Owners(stages.naming)
    begun: deque[tuple[Parcel, set[Path]]] = deque()
    """Parcels, and the photos that they answer for and that nothing has come of yet."""

    def asked() -> Iterator[Asked]:
        shots = Shots(looking.shot, owners.owner, readers)
        found = ordered_map(divider, lambda parcel: (parcel, answered(parcel, shots)), parcels, ahead=AHEAD)
        for parcel, some in found:
            begun.append((parcel, {photo.path for block in some for photo in block}))
            for block in some:
                for place, photo in enumerate(block, 1):
                    yield Asked(photo.path, photo.owner, photo.shot, len(block), len(block) - place)

    with (
        threads_of(1, "edge") as divider,
        threads_of(READERS, "header") as readers,
        threads_of(1, "look") as looker,
    ):
        wanted = takewhile(lambda one: not stages.stop.now, asked())
        looked = ordered_within(looker, looking.look_at, groups(wanted), lambda some: len(some) / LOOK_AHEAD)
        for result in stages.labelled(divided(chain.from_iterable(looked), held), threads, batch):
            yield from _done(begun)
            while result.path not in begun[0][1]:  # nothing comes of the rest of a parcel in which the run was stopped
                begun.popleft()
                yield from _done(begun)
            begun[0][1].remove(result.path)
            yield begun[0][0], result
            yield from _done(begun)
    yield from _done(begun)


def _done(begun: deque[tuple[Parcel, set[Path]]]) -> Iterator[tuple[Parcel, None]]:
    while begun and not begun[0][1]:
        yield begun.popleft()[0], None
