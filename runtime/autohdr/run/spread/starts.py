"""Divides the names of a folder where the names themselves say so: the same wherever it is asked, and stable.

A name begins a piece where its digest is the smallest of all that are at most `reach` names before or behind it. Where
none of the next `4 * reach` does, another piece begins after `2 * reach`. So a name that is added or taken away changes
the pieces about it, and no others; and nobody has to know names that are far away.
"""

import hashlib
import unicodedata
from collections import deque
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path

PARCEL = 12
"""Reach of what is handed from machine to machine: pieces of 12 to 48 names, 25 on average. A folder of fewer than 25
is one piece."""
TURNS = 600
"""Reach of the stretches in which the shards of a run take turns."""
FORCED = 75
"""Reach of where photos that follow one another without any pause are divided, as of `series.find.blocks`."""


def digest(text: str) -> int:
    """Computes a number of 64 bits from a name, which may be spelled as any system does."""
    spelled = unicodedata.normalize("NFC", text).encode(errors="surrogatepass")
    return int.from_bytes(hashlib.blake2b(spelled, digest_size=8).digest(), "big")


def starts(names: Iterable[str], reach: int) -> Iterator[tuple[str, bool]]:
    """Yields the names of one folder, in order, each with whether a piece begins with it. The first name begins one.

    It looks at most `5 * reach` names ahead.
    """
    piece: list[str] = []
    small: deque[tuple[int, int]] = deque()
    """The smallest digest of the last `2 * reach + 1` names, with its place, and so on of those behind it."""
    for place, name in enumerate(names):
        piece.append(name)
        own = digest(name)
        while small and small[-1][0] > own:
            small.pop()
        small.append((own, place))
        if small[0][1] < place - 2 * reach:
            small.popleft()
        if small[0][1] == place - reach >= reach and len(piece) > reach + 1:
            yield from _flagged(piece[: -reach - 1])
            del piece[: -reach - 1]
        if len(piece) == 5 * reach + 1:
            yield from _flagged(piece[: 2 * reach])
            del piece[: 2 * reach]
    while len(piece) > 4 * reach:
        yield from _flagged(piece[: 2 * reach])
        del piece[: 2 * reach]
    yield from _flagged(piece)


def dividing(photos: Iterable[Path], reach: int = FORCED) -> Iterator[tuple[Path, bool]]:
    """Yields photos, in order, each with whether its name begins a piece of its folder, as of `starts`."""
    for folder, some in groupby(photos, key=lambda photo: photo.parent):
        for name, begins in starts((photo.name for photo in some), reach):
            yield folder / name, begins


def _flagged(names: list[str]) -> Iterator[tuple[str, bool]]:
    return ((name, place == 0) for place, name in enumerate(names))
