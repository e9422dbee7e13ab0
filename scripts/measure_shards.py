"""Measures how even the shards of a shoot are: names of cameras, divided by their names alone.

python scripts/measure_shards.py
"""

import sys
from collections import Counter
from pathlib import Path

import numpy as np

from autohdr.run.spread.parcels import Name, parcels

SHOOTS = 20
"""Shoots of each size, whose names begin elsewhere."""


def names(count: int, first: int) -> list[Name]:
    """The names of a camera that counts to 9,999 in a folder and then goes on in the next."""
    made = [(first + number) % 10_000 for number in range(count)]
    folders = [(first + number) // 10_000 for number in range(count)]
    return [
        Name(Path(f"{folder}CANON/IMG_{number:04}.CR3"), f"{folder}")
        for folder, number in zip(folders, made, strict=True)
    ]


def largest(count: int, of: int, first: int) -> float:
    """How many photos the largest shard has, of what it would have if all were even."""
    found: Counter[int] = Counter()
    for parcel in parcels(names(count, first)):
        found[parcel.turn % of] += len(parcel.photos)
    return max(found.values()) * of / count


def main() -> int:
    """Prints a table."""
    for count in (2_000, 20_000):
        for of in (2, 5, 20):
            shares = [largest(count, of, 997 * shoot) for shoot in range(SHOOTS)]
            print(f"{count:6} photos, {of:2} shards: the largest has {np.median(shares):.2f} of an even share", end="")
            print(f" ({min(shares):.2f} to {max(shares):.2f})")
    return 0


if __name__ == "__main__":
    sys.exit(main())
