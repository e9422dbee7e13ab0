"""Figures with 95 % intervals, from the sums of all draws: a row for each person and method, and one over people."""

import math
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autohdr.sliders import SLIDERS
from autohdr_bench.labels.people.methods import MEAN, MEDIAN
from autohdr_bench.labels.people.score import FIELDS, RENDERED
from autohdr_bench.labels.people.study import Cell

Array = NDArray[np.float64]

ALL = "people"
"""The person of rows that average over people."""
NAMES = tuple(slider.name for slider in SLIDERS)
FIGURES = (
    "error",
    *(f"error {name}" for name in NAMES),
    "r2",
    *(f"r2 {name}" for name in NAMES),
    "hits",
    "within 1",
    "within 2",
    *RENDERED,
)
"""`error`: absolute errors over those of the median of the same edits; `r2`: 1 less squared errors over those of their
mean. Both are of sums over draws and photos: of each slider in use, and over all of them, each in units of how far the
person moves it. Over people, the figure of all sliders is the mean over people; that of a slider is of sums again, in
those units, since some hardly move it in the photos that are predicted. `hits`: share of all labels that are met
exactly. `within 1` and `within 2`: share within the stated error, and within twice that. `light`: difference of L*;
`colour`: Delta E 2000; `ssim`: SSIM on PU21 values; `jod`: what a quality model finds lost."""
DRAWN = 400
"""Times that people and draws are drawn again for an interval."""
_SLIDERS = [at for at, name in enumerate(FIGURES) if " " in name and not name.startswith("within")]
_ROW = {name: row for row, name in enumerate(FIELDS)}


@dataclass(frozen=True, slots=True, eq=False)
class Row:
    """One method, for one person or the mean over people; all figures are in the order of `FIGURES`, NaN where none."""

    person: str
    kind: str
    task: str
    edits: int
    control: str
    method: str
    people: int
    draws: int
    mean: Array
    low: Array
    high: Array
    """Ends of the 95 % interval: quantiles of the figures of people and draws drawn again, with replacement; of one
    person, of draws alone, which share photos, so that it is too narrow."""
    worst: tuple[str, float]
    """The person with the largest `error`, and what it is."""

    def __getitem__(self, figure: str) -> float:
        return float(self.mean[FIGURES.index(figure)])

    def interval(self, figure: str) -> tuple[float, float]:
        """The ends of a figure's interval."""
        at = FIGURES.index(figure)
        return float(self.low[at]), float(self.high[at])

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON; null for what there is none of."""
        about = ("person", "kind", "task", "edits", "control", "method", "people", "draws")
        figures = {
            name: [_plain(values[at]) for values in (self.mean, self.low, self.high)] for at, name in enumerate(FIGURES)
        }
        return {**{name: getattr(self, name) for name in about}, "figures": figures}


def rows(cells: Sequence[Cell]) -> list[Row]:
    """Makes a row over people, then one for each person, of each kind, task, number of edits, control and method."""
    groups: dict[tuple[str, str, int, str], dict[str, dict[str, Cell]]] = {}
    for cell in cells:
        group = groups.setdefault((cell.kind, cell.task, cell.edits, cell.control), {})
        group.setdefault(cell.person, {})[cell.method] = cell
    found: list[Row] = []
    for where, by_person in groups.items():
        names = list(dict.fromkeys(name for theirs in by_person.values() for name in theirs))
        for method in names:
            asked = {person: theirs for person, theirs in by_person.items() if method in theirs}
            found += _rows(where, method, asked)
    return found


def _rows(where: tuple[str, str, int, str], method: str, people: dict[str, dict[str, Cell]]) -> Iterable[Row]:
    drawn = {person: _drawn(theirs, method) for person, theirs in people.items()}
    every, parts = (np.stack([pair[at] for pair in drawn.values()]) for at in (0, 1))  # (people, 1 + DRAWN, ...)
    random = np.random.default_rng(zlib.crc32(repr(where).encode()))
    again = np.concatenate([np.arange(len(every))[None], random.integers(len(every), size=(DRAWN, len(every)))])
    taken = again.T, np.arange(1 + DRAWN)[None]
    over = _mean(every[taken])
    over[:, _SLIDERS] = _figures(np.nan_to_num(parts[taken]).sum(axis=0))
    draws = [len(theirs[method].sums) for theirs in people.values()]
    errors = {person: float(values[0, 0]) for person, values in zip(drawn, every, strict=True)}
    worst = max(
        ((person, error) for person, error in errors.items() if error == error),
        key=lambda pair: pair[1],
        default=("", math.nan),
    )
    yield Row(ALL, *where, method, len(every), sum(draws), over[0], *_ends(over[1:]), worst)
    for person, values, count in zip(drawn, every, draws, strict=True):
        yield Row(person, *where, method, 1, count, values[0], *_ends(values[1:]), (person, errors[person]))


def _drawn(cells: dict[str, Cell], method: str) -> tuple[Array, Array]:
    """Figures (1 + DRAWN, figures) of a person: of all draws, and of draws drawn again, the same for all methods; and
    what those of each slider are made of (1 + DRAWN, 4, 8): a photo's absolute error, the median's, squared error and
    the mean's, in units of the person's moves, NaN where not in use."""
    cell = cells[method]
    count = len(cell.sums)
    random = np.random.default_rng(zlib.crc32(f"{cell.person} {cell.kind} {cell.task} {cell.edits}".encode()))
    weights = np.concatenate([np.ones((1, count)), random.multinomial(count, np.full(count, 1 / count), DRAWN)])
    own, median, mean = (
        np.einsum("bd,dfs->bfs", weights, np.stack([sums.values for sums in cells[name].sums]))
        for name in (method, MEDIAN, MEAN)
    )
    rendered = [weights @ np.array([getattr(sums, name) for sums in cell.sums]) / count for name in RENDERED]
    photos = np.maximum(own[:, _ROW["photos"]], 1.0)
    sums = own[:, _ROW["error"]], median[:, _ROW["error"]], own[:, _ROW["square"]], mean[:, _ROW["square"]]
    parts = np.stack([part / photos for part in sums], axis=1)
    parts = parts / np.stack([cell.moves, cell.moves, cell.moves**2, cell.moves**2])
    over = np.nan_to_num(parts).sum(axis=2)
    total, stated = own[:, _ROW["photos"]].sum(axis=1), own[:, _ROW["stated"]].sum(axis=1)
    hits = _ratio(own[:, _ROW["hit"]].sum(axis=1), total)
    reached = [_ratio(own[:, _ROW[name]].sum(axis=1), stated) for name in ("within", "within2")]
    reached = [np.where(stated > 0, values, np.nan) for values in reached]
    figures = np.full((len(own), len(FIGURES)), np.nan)
    figures[:, _SLIDERS] = _figures(parts)
    if np.isfinite(cell.moves).any():
        figures[:, FIGURES.index("error")] = _ratio(over[:, 0], over[:, 1])
        figures[:, FIGURES.index("r2")] = 1.0 - _ratio(over[:, 2], over[:, 3])
    figures[:, FIGURES.index("hits") :] = np.stack([hits, *reached, *rendered], axis=1)
    return figures, parts


def _figures(parts: Array) -> Array:
    """`error` and `r2` of each slider (N, 16), of parts (N, 4, 8); NaN where they are NaN, or all 0: not in use."""
    found = np.concatenate([_ratio(parts[:, 0], parts[:, 1]), 1.0 - _ratio(parts[:, 2], parts[:, 3])], axis=1)
    unused = ~(parts > 0).any(axis=1)
    return np.where(np.concatenate([unused, unused], axis=1), np.nan, found)


def _ratio(one: Array, other: Array) -> Array:
    """One by the other; 1 where both are 0, and infinite where the other is."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where((one == 0) & (other == 0), 1.0, one / other)


def _mean(values: Array) -> Array:
    """Mean over the first axis of what is no NaN; NaN where nothing is."""
    known = ~np.isnan(values)
    total = np.where(known, values, 0.0).sum(axis=0)
    return np.where(known.any(axis=0), total / np.maximum(known.sum(axis=0), 1), np.nan)


def _ends(values: Array) -> tuple[Array, Array]:
    """Quantiles of each column (DRAWN, figures) that leave 2.5 % on each side; of what is no NaN."""
    known = (column[~np.isnan(column)] for column in values.T)
    ends = [np.quantile(column, [0.025, 0.975], method="nearest") if len(column) else [np.nan] * 2 for column in known]
    low, high = np.array(ends).T
    return low, high


def _plain(value: float) -> float | None:
    return round(float(value), 4) if math.isfinite(value) else None
