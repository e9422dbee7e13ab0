"""The tables that a reader sees, as text for a terminal and as Markdown for a page."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from autohdr.files.whole import read_bytes, write_atomically
from autohdr_bench.labels.people.methods import MEAN, MEDIAN
from autohdr_bench.labels.people.study import ALL as EVERY_PHOTO
from autohdr_bench.labels.people.study import (
    CLEAN,
    CONTENT,
    CONTROLS,
    EVERYTHING,
    NO_PICTURE,
    PLACEBO,
    PLACEBO_OFF,
    SHUFFLED,
)
from autohdr_bench.labels.people.table import ALL, NAMES, Row

BEGIN, END = "<!-- tables: begin -->", "<!-- tables: end -->"
"""A page keeps what stands outside of these lines when it is written again."""
TASKS = {"style": "A style over shoots", "shoot": "The rest of a shoot"}
KINDS = {CLEAN: "photos without masks and curves", EVERY_PHOTO: "all photos"}
SHOWN = {
    EVERYTHING: "everything",
    SHUFFLED: "another photo",
    NO_PICTURE: "no picture",
    CONTENT: "equal brightness, no shot",
    PLACEBO: "placebo",
    PLACEBO_OFF: "placebo, off",
}


@dataclass(frozen=True, slots=True)
class Table:
    """Text in cells."""

    title: str
    headings: tuple[str, ...]
    rows: list[tuple[str, ...]]


def tables(found: Sequence[Row]) -> list[Table]:
    """Over people, for each task and kind; what controls show; sliders; and each person."""
    over = [row for row in found if row.person == ALL]
    settings = list(dict.fromkeys((row.task, row.kind) for row in over))
    made = []
    for task, kind in settings:
        where = f"{TASKS[task]}, {KINDS[kind]}"
        here = [row for row in over if (row.task, row.kind) == (task, kind)]
        own = [row for row in found if row.person != ALL and (row.task, row.kind) == (task, kind)]
        full = [row for row in here if row.control == EVERYTHING]
        made.append(_main(where, full))
        made.append(_sliders(where, full))
        if any(row.control != EVERYTHING for row in here):
            made.append(_controls(where, here))
        made.append(_persons(where, [row for row in own if row.control == EVERYTHING]))
    return made


def _main(where: str, rows: Sequence[Row]) -> Table:
    headings = (
        *("edits", "people", "method", "error / median's", "worst person", "R2", "R2 Exposure", "exact hits"),
        *("within 1 / 2 stated errors", "L* off", "Delta E 2000"),
    )
    cells: list[tuple[str, ...]] = []
    for row in rows:
        low, high = row.interval("error")
        stated = f"{_share(row['within 1'])} / {_share(row['within 2'])}"
        cells.append(
            (
                *(str(row.edits), str(row.people), row.method),
                f"{_two(row['error'])} ({_two(low)} to {_two(high)})",
                f"{_two(row.worst[1])} {row.worst[0]}",
                *(_two(row["r2"]), _two(row["r2 Exposure"]), _share(row["hits"])),
                *("" if math.isnan(row["within 1"]) else stated, _one(row["light"]), _one(row["colour"])),
            )
        )
    return Table(where, headings, cells)


def _sliders(where: str, rows: Sequence[Row]) -> Table:
    cells = [
        (str(row.edits), row.method, *(_two(row[f"error {name}"]) for name in NAMES))
        for row in rows
        if row.method != MEDIAN
    ]
    return Table(f"{where}: error over the median's, slider by slider", ("edits", "method", *NAMES), cells)


def _controls(where: str, rows: Sequence[Row]) -> Table:
    controlled = dict.fromkeys((row.edits, row.method) for row in rows if row.control != EVERYTHING)
    cells: list[tuple[str, ...]] = []
    for edits, method in controlled:
        by = {row.control: row for row in rows if (row.edits, row.method) == (edits, method)}
        for control in CONTROLS:
            if method not in (MEDIAN, MEAN) and control in by:
                row = by[control]
                figures = (row[name] for name in ("error", "r2", "r2 Exposure", *(f"error {name}" for name in NAMES)))
                cells.append((str(edits), method, SHOWN[control], *map(_two, figures)))
    headings = ("edits", "method", "shown", "error / median's", "R2", "R2 Exposure", *NAMES)
    return Table(f"{where}: what a method is shown, and its error over the median's, slider by slider", headings, cells)


def _persons(where: str, rows: Sequence[Row]) -> Table:
    people = list(dict.fromkeys(row.person for row in rows))
    cells = []
    for edits, method in dict.fromkeys((row.edits, row.method) for row in rows if row.method != MEDIAN):
        by = {row.person: row for row in rows if (row.edits, row.method) == (edits, method)}
        told = [
            f"{_two(by[person]['error'])}, {_two(by[person]['r2 Exposure'])}" if person in by else ""
            for person in people
        ]
        cells.append((str(edits), method, *told))
    return Table(f"{where}: each person (error over the median's, R2 of Exposure)", ("edits", "method", *people), cells)


def text(made: Sequence[Table]) -> str:
    """The tables as text, columns aligned."""
    return "\n\n".join(_text(table) for table in made)


def _text(table: Table) -> str:
    lines = [table.headings, *table.rows]
    widths = [max(len(line[at]) for line in lines) for at in range(len(table.headings))]
    aligned = (
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines
    )
    return "\n".join([table.title, *aligned])


def markdown(made: Sequence[Table]) -> str:
    """The tables as Markdown, a heading before each."""
    return "\n\n".join(_markdown(table) for table in made)


def _markdown(table: Table) -> str:
    rule = "|" + "---|" * len(table.headings)
    lines = [f"| {' | '.join(row)} |" for row in (table.headings, *table.rows)]
    return "\n".join([f"### {table.title}", "", lines[0], rule, *lines[1:]])


def write_page(path: Path, made: Sequence[Table]) -> None:
    """Write the tables into a page, between `BEGIN` and `END` where it has them, else as a new page.

    Raises:
        FileError: it cannot be read or written.
    """
    data = read_bytes(path)
    before, after = "# Styles of real people\n\n", "\n"
    if data is not None and BEGIN in (old := data.decode("utf-8")) and END in old:
        before, after = old.split(BEGIN)[0], old.split(END)[1]
    write_atomically(path, f"{before}{BEGIN}\n\n{markdown(made)}\n\n{END}{after}".encode())


def _two(value: float) -> str:
    return "" if math.isnan(value) else f"{value:.2f}"


def _one(value: float) -> str:
    return "" if math.isnan(value) else f"{value:.1f}"


def _share(value: float) -> str:
    return "" if math.isnan(value) else f"{100 * value:.0f} %"
