"""Divides names into parcels: consecutive names of one folder, by which processes and machines share a run."""

import re
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, groupby, islice, tee
from pathlib import Path
from typing import NamedTuple

from autohdr.errors import SettingsError
from autohdr.run.spread.starts import FORCED, PARCEL, TURNS, digest, starts

BEFORE, BEHIND = 600, 100
"""Names that a parcel knows before and behind its own. Where a block begins can be told from so many: of photos without
a pause, 300 to a name that may divide them, 200 for that to count, and 100 to see that there is no pause; and a block
has at most 100 photos."""


class Name(NamedTuple):
    """A photo that was listed."""

    path: Path
    within: str
    """The photo's folder as seen from what the user named, with slashes: the same wherever that is mounted."""


@dataclass(frozen=True, slots=True)
class Parcel:
    """Consecutive photos of a folder, and the names about them. It answers for the blocks that begin in it."""

    folder: Path
    within: str
    """The folder of the parcel's photos, as `Name.within` says it."""
    names: tuple[str, ...]
    """The photos' names in order: those before, the parcel's own, and those behind."""
    own: tuple[int, int]
    """Where the parcel's own photos begin and end among `names`."""
    forced: tuple[int, ...]
    """Where photos without a pause may be divided."""
    whole: bool
    """Whether the names before are all that the folder has."""
    turn: int
    """A number that says whose it is: of a stretch of its folder, by the name that begins it, and counted from there.
    So shards take turns, and what is added to a folder moves them in one stretch, of 600 to 2,400 names, at most."""

    @property
    def photos(self) -> list[Path]:
        """The parcel's own photos, in order."""
        begin, end = self.own
        return [self.folder / name for name in self.names[begin:end]]


@dataclass(frozen=True, slots=True)
class Shard:
    """One part of a run that several processes share: the parcels whose number, divided by `of`, leaves this one."""

    number: int
    """The number of the shard, from 1."""
    of: int

    @classmethod
    def parse(cls, text: str) -> "Shard":
        """Reads `2/5`.

        Raises:
            SettingsError: it is no such text, or there is no such part.
        """
        found = re.fullmatch(r"([0-9]{1,6})/([0-9]{1,6})", text)
        if found is None or not 1 <= int(found[1]) <= int(found[2]):
            raise SettingsError(f"shard is {text!r}; expected I/N with I from 1 to N, such as 2/5: the second of five")
        return cls(int(found[1]), int(found[2]))

    def __str__(self) -> str:
        return f"{self.number}/{self.of}"

    @property
    def folder(self) -> str:
        """What the folder of its own lock and journal is called."""
        return f"shard-{self.number}-of-{self.of}"

    def holds(self, parcel: Parcel) -> bool:
        """Tells whether a parcel belongs to it."""
        return parcel.turn % self.of == self.number - 1


def parcels(listed: Iterable[Name], reach: int = PARCEL) -> Iterator[Parcel]:
    """Divides photos, in the order in which they are listed, into parcels, as of `starts.starts`. A few thousand
    names are held at once."""
    for folder, some in groupby(listed, key=lambda name: name.path.parent):
        yield from _of_folder(folder, some, reach)


class _Placed(NamedTuple):
    name: str
    begins: bool
    forced: bool
    turns: bool


def _of_folder(folder: Path, listed: Iterator[Name], reach: int) -> Iterator[Parcel]:
    first = next(listed)
    placed = _placed((one.path.name for one in chain((first,), listed)), reach)
    before: deque[_Placed] = deque(maxlen=BEFORE)
    passed = turn = 0
    ahead = deque(islice(placed, 1))
    while ahead:
        ahead.extend(islice(placed, 1 + 4 * reach + BEHIND - len(ahead)))
        count = next((place for place, one in enumerate(ahead) if place and one.begins), len(ahead))
        about = [*before, *islice(ahead, count + BEHIND)]
        forced = tuple(place for place, one in enumerate(about) if one.forced)
        own = len(before), len(before) + count
        turning = next((one.name for one in islice(ahead, count) if one.turns), None)
        turn = turn + 1 if turning is None else digest(f"{first.within}/{turning}")
        yield Parcel(folder, first.within, tuple(one.name for one in about), own, forced, passed == len(before), turn)
        passed += count
        before.extend(ahead.popleft() for _ in range(count))


def _placed(names: Iterable[str], reach: int) -> Iterator[_Placed]:
    """The names of a folder, with what begins with each."""
    divided = [starts(some, size) for some, size in zip(tee(names, 3), (reach, FORCED, TURNS), strict=True)]
    for (name, begins), (_, forced), (_, turns) in zip(*divided, strict=True):
        yield _Placed(name, begins, forced, turns)
