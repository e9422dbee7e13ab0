"""Which edits are learnt from and which photos are predicted: a style over shoots, or the rest of a shoot."""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.int64]

STYLE, SHOOT = "style", "shoot"
TASKS = (STYLE, SHOOT)
"""`style`: edits of some days, all photos of other days are predicted. `shoot`: edits of some days, the other photos of
the same days are predicted; photos without a date are one shoot."""
FEWEST = 5
"""Photos that have to be left to predict."""
ROOM = 1.5
"""Photos of the days that are chosen, for each edit that is drawn from them."""
_TRIES = 50


@dataclass(frozen=True, slots=True, eq=False)
class Draw:
    """One split of a person's photos."""

    number: int
    edits: Rows
    others: Rows


def draws(days: Sequence[str], task: str, edits: int, count: int, person: str) -> list[Draw]:
    """Draws of a person's photos, the same for the same arguments; none where there are too few photos or days.

    For a style, days are drawn until they have `ROOM` photos for each edit, or as many as leave `FEWEST` on other days;
    for a shoot, days of two photos or more, until they have twice as many photos as edits. The edits are drawn from
    these days.

    Args:
        days: of each photo, empty where it is not known.
        task: `STYLE` or `SHOOT`.
        edits: to learn from.
        count: of draws.
        person: part of the seed.
    """
    found = []
    for number in range(count):
        random = np.random.default_rng([zlib.crc32(f"{person} {task}".encode()), edits, number])
        for _ in range(_TRIES):
            chosen, others = (_style if task == STYLE else _shoot)(np.asarray(days), edits, random)
            if len(chosen) == edits and len(others) >= FEWEST:
                found.append(Draw(number, np.sort(chosen), np.sort(others)))
                break
    return found


def _style(days: NDArray[np.str_], edits: int, random: np.random.Generator) -> tuple[Rows, Rows]:
    names = random.permutation(np.unique(days))
    pool: Rows = np.zeros(0, np.int64)
    for name in names:
        own = np.flatnonzero(days == name)
        enough = len(pool) >= edits
        if len(pool) >= ROOM * edits or (enough and len(days) - len(pool) - len(own) < FEWEST):
            break
        pool = np.concatenate([pool, own])
    chosen = random.permutation(pool)[:edits]
    return chosen, np.setdiff1d(np.arange(len(days)), pool)


def _shoot(days: NDArray[np.str_], edits: int, random: np.random.Generator) -> tuple[Rows, Rows]:
    pool: Rows = np.zeros(0, np.int64)
    for name in random.permutation(np.unique(days)):
        own = np.flatnonzero(days == name)
        if len(own) > 1 and len(pool) < 2 * edits:
            pool = np.concatenate([pool, own])
    chosen = random.permutation(pool)[:edits]
    same = np.isin(days, days[chosen])
    return chosen, np.setdiff1d(np.flatnonzero(same), chosen)
