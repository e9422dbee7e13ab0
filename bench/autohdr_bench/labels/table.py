"""The study's table: means with 95 % confidence intervals over draws and photographers, beside baseline and floor."""

import csv
import io
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autohdr.files.whole import write_atomically
from autohdr.sliders import SLIDERS
from autohdr_bench.labels.run import Line

USED = "used sliders"
"""The row of a slider-wise table that averages over the sliders which the photographer uses."""
ALL = "all"
"""The photographer of rows that average over photographers."""
COLUMNS = (*(slider.name for slider in SLIDERS), USED)

MEASURES = (
    "r2",
    "clean_r2",
    "mae",
    "clean_mae",
    "mean_r2",
    "mean_mae",
    "best_r2",
    "floor_mae",
    "position",
    "times_floor",
)
"""`r2` and `mae` against labels as a user has them, `clean_` against the same without the photographer's inconsistency,
`mean_` of the mean label, `best_r2` and `floor_mae` of one who knows every edit. `position` of the error between the
mean label's (0) and the floor (1); `times_floor`, the error in units of the floor."""
WITH_INTERVAL = ("r2", "mae", "position")

# fmt: off
QUANTILES = (
    12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160, 2.145, 2.131,
    2.120, 2.110, 2.101, 2.093, 2.086, 2.080, 2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042,
)
# fmt: on
"""Student's t at 97.5 %, for 1, 2, ... degrees of freedom; beyond 30, the last, which is a little too wide."""


@dataclass(frozen=True, slots=True)
class Interval:
    """A mean with its 95 % confidence interval, which is NaN where there is one value."""

    mean: float
    low: float
    high: float
    count: int


@dataclass(frozen=True, slots=True)
class Record:
    """One variant at one number of edits, for one photographer, or for all of them."""

    photographer: str
    name: str  # of the variant
    settings: dict[str, Any]  # `method`, `start`, `augment`, `smooth`, `steps`
    edits: int
    count: int  # draws, or photographers, that the intervals are over
    values: dict[str, list[Interval]]  # by measure: one for each of `COLUMNS`
    seconds: float  # mean time of a run
    threads: tuple[int, ...]  # of torch, in these runs


def interval(values: NDArray[np.float64]) -> Interval:
    """Student's interval of independent values (n,); NaN among them are not counted."""
    known = values[np.isfinite(values)]
    if not len(known):
        return Interval(math.nan, math.nan, math.nan, 0)
    mean = float(known.mean())
    if len(known) == 1:
        return Interval(mean, math.nan, math.nan, 1)
    reach = QUANTILES[min(len(known), len(QUANTILES) + 1) - 2] * float(known.std(ddof=1)) / math.sqrt(len(known))
    return Interval(mean, mean - reach, mean + reach, len(known))


def records(lines: Sequence[Line]) -> list[Record]:
    """Makes, for each variant and number of edits, a record of each photographer, over draws, and one over all of them.

    That for all averages each photographer's draws first: its interval tells what another photographer may expect.
    """
    cells: dict[tuple[str, int], dict[str, list[Line]]] = {}
    for line in lines:
        cells.setdefault((line["name"], line["edits"]), {}).setdefault(line["photographer"], []).append(line)
    found = []
    for (name, edits), by_photographer in cells.items():
        means = []
        for photographer, theirs in by_photographer.items():
            stacked = np.stack([measured(line) for line in theirs])  # (draws, measures, columns)
            means.append(_mean(stacked))
            found.append(_record(photographer, name, edits, theirs, stacked))
        every = [line for theirs in by_photographer.values() for line in theirs]
        found.append(_record(ALL, name, edits, every, np.stack(means)))
    return found


def measured(line: Line) -> NDArray[np.float64]:
    """A line's `MEASURES` by `COLUMNS` (10, 9); NaN where there is none. Errors have a unit: no averages."""
    scores = {name: np.array(row, dtype=np.float64) for name, row in line["scores"].items()}
    room = scores["mean_mae"] - scores["floor_mae"]
    with np.errstate(divide="ignore", invalid="ignore"):
        scores["position"] = np.where(room > 0, (scores["mean_mae"] - scores["mae"]) / room, np.nan)
        scores["times_floor"] = np.where(scores["floor_mae"] > 0, scores["mae"] / scores["floor_mae"], np.nan)
    sliders = np.stack([scores[name] for name in MEASURES])
    means = _mean(sliders.T)
    means[[MEASURES.index(name) for name in MEASURES if name.endswith("mae")]] = np.nan
    return np.concatenate([sliders, means[:, None]], axis=1)


def write_table(path: Path, found: Iterable[Record]) -> None:
    """The records as a CSV file, a row for each slider.

    Raises:
        FileError: it cannot be written.
    """
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    settings = ("method", "start", "augment", "smooth", "steps")
    spread = [name if end == "" else f"{name}_{end}" for name in WITH_INTERVAL for end in ("", "low", "high")]
    others = [name for name in MEASURES if name not in WITH_INTERVAL]
    tail = ["seconds", "threads"]
    writer.writerow(["photographer", *settings, "edits", "slider", "unit", "count", *spread, *others, *tail])
    for record in found:
        told = [record.photographer, *(record.settings[name] for name in settings), record.edits]
        for column, slider in enumerate(COLUMNS):
            if math.isnan(record.values["r2"][column].mean):
                continue
            unit = SLIDERS[column].unit if column < len(SLIDERS) else ""
            ends = [
                _cell(value)
                for name in WITH_INTERVAL
                for of in [record.values[name][column]]
                for value in (of.mean, of.low, of.high)
            ]
            rest = [_cell(record.values[name][column].mean) for name in others]
            threads = " ".join(str(count) for count in record.threads)
            row = [*told, slider, unit, record.values["r2"][column].count, *ends, *rest]
            writer.writerow([*row, f"{record.seconds:.2f}", threads])
    write_atomically(path, buffer.getvalue().encode())


def _record(photographer: str, name: str, edits: int, lines: Sequence[Line], values: NDArray[np.float64]) -> Record:
    settings = {key: lines[0][key] for key in ("method", "start", "augment", "smooth", "steps")}
    return Record(
        photographer=photographer,
        name=name,
        settings=settings,
        edits=edits,
        count=len(values),
        values={
            measure: [interval(values[:, row, column]) for column in range(len(COLUMNS))]
            for row, measure in enumerate(MEASURES)
        },
        seconds=float(np.mean([line["seconds"] for line in lines])),
        threads=tuple(sorted({int(line["threads"]) for line in lines})),
    )


def _mean(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Mean over the first axis of what is no NaN; NaN where nothing is."""
    known = np.isfinite(values)
    total = np.where(known, values, 0.0).sum(axis=0)
    return np.where(known.any(axis=0), total / np.maximum(known.sum(axis=0), 1), np.nan)


def _cell(value: float) -> str:
    return "" if math.isnan(value) else f"{value:.4f}"
