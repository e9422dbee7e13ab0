"""Reads the small tables of measured values that stand beside the stages as CSV files."""

import csv
from collections import defaultdict
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray


@cache
def columns(name: str) -> dict[str, NDArray[np.float64]]:
    """Returns the columns of a CSV table beside this file, by their names; columns called `name[0]`, `name[1]` ...
    are the rows of one array (N, length), the others are (length,)."""
    found: dict[str, list[NDArray[np.float64]]] = defaultdict(list)
    single = set()
    with (Path(__file__).parent / name).open(encoding="utf-8") as file:
        rows = list(csv.reader(file))
    for heading, column in zip(rows[0], np.array(rows[1:], np.float64).T, strict=True):
        base = heading.partition("[")[0]
        found[base].append(column)
        if base == heading:
            single.add(base)
    return {key: values[0] if key in single else np.array(values) for key, values in found.items()}
