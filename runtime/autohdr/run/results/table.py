"""The labels of a run as a plain table, for other programs: `--report FILE.csv` or `FILE.jsonl`."""

import csv
import io
import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from autohdr.errors import FileError, SettingsError
from autohdr.files.whole import write_atomically
from autohdr.run.results.report import Report, Result
from autohdr.sliders import BALANCE, FURTHER, SLIDERS

COLUMNS = (
    *("path", "status", "code"),
    *(slider.key for slider in SLIDERS),
    *("hdr", "reason", "decoder", "difference", "series", "series_kind"),
)
"""The columns of a table, and the keys of a JSON line; sliders are in Lightroom's unit, empty where there is no label.
After the eight come those further ones, and white balance, that some label has. The number of a photo's series is empty
or null where it is alone."""
FORMATS = (".csv", ".jsonl")


def check_report(path: Path) -> None:
    """Raises:
    SettingsError: the name ends otherwise than the two formats do, a folder has it, or nothing can be written there.
    """
    if path.suffix.lower() not in FORMATS:
        raise SettingsError(f"--report {path} has an unknown ending; expected one of {', '.join(FORMATS)}")
    if not path.parent.is_dir():
        raise SettingsError(f"--report {path} cannot be written, because {path.parent} is not a folder; name another")
    if path.is_dir():
        raise SettingsError(f"--report {path} cannot be written, because it is a folder; name a file in it")
    if not os.access(path.parent, os.W_OK):
        raise SettingsError(f"--report {path} cannot be written, because {path.parent} is read-only; name another")


class UnwrittenError(FileError):
    """The table or the page of a run cannot be written. The labels are, and `report` says what came of them."""

    def __init__(self, sentence: str, report: Report) -> None:
        super().__init__(sentence)
        self.report = report


def write_table(path: Path, report: Report) -> None:
    """Writes the table of a whole run.

    Raises:
        UnwrittenError: the file cannot be written; what stood there is as it was.
    """
    try:
        write_report(path, report.results)
    except FileError as error:
        raise UnwrittenError(str(error), report) from error


def write_report(path: Path, results: Iterable[Result]) -> None:
    """Writes one line a photo, UTF-8, and replaces what stood there.

    Raises:
        FileError: the file cannot be written; what stood there is as it was.
    """
    every = list(results)
    columns = _columns(every)
    rows = [_row(result, columns) for result in every]
    text = _csv(rows, columns) if path.suffix.lower() == ".csv" else "".join(json.dumps(row) + "\n" for row in rows)
    # Some systems allow names of photos that are no text.
    write_atomically(path, text.encode(errors="backslashreplace"))


def _columns(results: list[Result]) -> tuple[str, ...]:
    """`COLUMNS`, with those of the sliders beside the eight that some label has."""
    there = {key for result in results for key in result.sliders or ()}
    beside = tuple(slider.key for slider in (*BALANCE, *FURTHER) if slider.key in there)
    after = COLUMNS.index(SLIDERS[-1].key) + 1
    return (*COLUMNS[:after], *beside, *COLUMNS[after:])


def _row(result: Result, columns: tuple[str, ...]) -> dict[str, Any]:
    sliders = result.sliders or {}
    row: dict[str, Any] = dict.fromkeys(columns)
    row.update(path=str(result.path), status=result.status, code=str(result.code), hdr=result.hdr)
    row.update({key: value for key, value in sliders.items() if key in columns})
    row.update(reason=result.reason, decoder=result.decoder, difference=result.difference)
    if result.series is not None:
        row.update(series=result.series.number, series_kind=result.series.kind)
    return row


def _csv(rows: list[dict[str, Any]], columns: tuple[str, ...]) -> str:
    file = io.StringIO(newline="")
    writer = csv.DictWriter(file, columns, lineterminator="\n")
    writer.writeheader()
    for row in rows:
        writer.writerow({**row, "hdr": {True: "true", False: "false"}.get(row["hdr"], "")})
    return file.getvalue()
