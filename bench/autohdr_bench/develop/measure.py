"""Measures developing: collects all rows of the table of errors, and prints the table itself."""

from collections.abc import Callable

from autohdr_bench.develop import chart_tone, colour, curves, local, ramps, white_balance
from autohdr_bench.develop.row import Row

SOURCES: tuple[Callable[[], list[Row]], ...] = (
    ramps.rows,
    chart_tone.rows,
    local.rows,
    curves.rows,
    colour.rows,
    white_balance.rows,
)
"""What gives rows, in the order of the table: a control's own file adds itself here."""

ENCODING = "sRGB's transfer function on linear ProPhoto values (of a chart, on sRGB ones)"
_HEADINGS = ("control", "at", "on", "basis", "mean", "largest", "anchor", "nothing", "aim")


def measured() -> list[Row]:
    """Returns all rows."""
    return [row for rows in SOURCES for row in rows()]


def table(rows: list[Row]) -> str:
    """Writes the table of errors as text, its columns aligned."""
    lines = [_HEADINGS, *(_cells(row) for row in rows)]
    widths = [max(len(line[i]) for line in lines) for i in range(len(_HEADINGS))]
    text = ["  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines]
    missed = [row for row in rows if row.reached is False]
    aimed = sum(row.aim is not None for row in rows)
    compared = sum(row.nothing is not None for row in rows)
    worse = sum(row.worse_than_nothing is True for row in rows)
    note = (
        f"Differences from Camera Raw under {ENCODING}; `nothing` is its own rendering without the setting, and WORSE "
        "stands where that is nearer than ours."
    )
    last = f"Within the aim: {aimed - len(missed)} of {aimed}. Worse than nothing: {worse} of {compared}."
    return "\n".join([*text, "", note, last])


def _cells(row: Row) -> tuple[str, ...]:
    figures = [f"{row.mean:.4f}", f"{row.largest:.4f}", *(_or_empty(value) for value in (row.anchor, row.nothing))]
    if row.worse_than_nothing:
        figures[-1] += " WORSE"
    aim = "" if row.aim is None else f"{'<=' if row.reached else 'NOT <='} {row.aim:g}"
    return (row.control, row.setting, row.on, row.basis, *figures, aim)


def _or_empty(value: float | None) -> str:
    return "" if value is None else f"{value:.4f}"
