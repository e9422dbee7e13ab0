"""The labels of a run as a plain table, for other programs: `--report FILE.csv` or `FILE.jsonl`."""

import contextlib
import csv
import io
import json
import os
import tempfile
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from autohdr.errors import FileError, SettingsError
from autohdr.files.parts import write_parts
from autohdr.files.whole import failure
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
_ALWAYS = frozenset(COLUMNS)
_SLIDERS = frozenset(slider.key for slider in (*SLIDERS, *BALANCE, *FURTHER))


def check_report(path: Path, flag: str = "--report ") -> None:
    """`flag` is what named it. Raises:
    SettingsError: the name ends otherwise than the two formats do, a folder has it, or nothing can be written there.
    """
    if path.suffix.lower() not in FORMATS:
        raise SettingsError(f"{flag}{path} has an unknown ending; expected one of {', '.join(FORMATS)}")
    if not path.parent.is_dir():
        raise SettingsError(f"{flag}{path} cannot be written, because {path.parent} is not a folder; name another")
    if path.is_dir():
        raise SettingsError(f"{flag}{path} cannot be written, because it is a folder; name a file in it")
    if not os.access(path.parent, os.W_OK):
        raise SettingsError(f"{flag}{path} cannot be written, because {path.parent} is read-only; name another")


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
    with Table(path) as table:
        for result in results:
            table.add(result)
        table.finish()


class Table:
    """A table that is written row by row, in bounded memory, and gets its name once it is whole.

    Which columns it has is known at its end. Until then its rows are in a file without a name beside it.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._held = contextlib.ExitStack()
        self._beside: set[str] = set()

    def __enter__(self) -> "Table":
        """Raises:
        FileError: nothing can be written there.
        """
        with self._failing():
            self._rows = self._held.enter_context(tempfile.TemporaryFile(dir=self._path.parent))
        return self

    def __exit__(self, *error: object) -> None:
        self._held.close()

    def add(self, result: Result) -> None:
        """Takes in a photo.

        Raises:
            FileError: there is no more room.
        """
        self.add_row(row_of(result))

    def add_row(self, row: Mapping[str, Any]) -> None:
        """Takes in a row, as of `row_of`.

        Raises:
            FileError: there is no more room.
        """
        self._beside |= row.keys() - _ALWAYS
        with self._failing():
            self._rows.write(json.dumps(row).encode() + b"\n")

    def finish(self) -> None:
        """Writes the table.

        Raises:
            FileError: it cannot be written; what stood there is as it was.
        """
        columns = columns_with(self._beside)
        with self._failing():
            self._rows.seek(0)
            rows = ({**dict.fromkeys(columns), **json.loads(line)} for line in self._rows)
            lines = _csv(rows, columns) if self._path.suffix.lower() == ".csv" else (f"{json.dumps(r)}\n" for r in rows)
            # Some systems allow names of photos that are no text.
            write_parts(self._path, (line.encode(errors="backslashreplace") for line in lines))

    @contextlib.contextmanager
    def _failing(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise failure(self._path, "written", error) from error


def columns_with(beside: Collection[str]) -> tuple[str, ...]:
    """Returns `COLUMNS`, with those of the sliders beside the eight that some label has, and then any others."""
    sliders = [slider.key for slider in (*BALANCE, *FURTHER)]
    after = COLUMNS.index(SLIDERS[-1].key) + 1
    others = sorted(set(beside) - {*sliders, *COLUMNS})
    return (*COLUMNS[:after], *(key for key in sliders if key in beside), *COLUMNS[after:], *others)


def row_of(result: Result) -> dict[str, Any]:
    """The row of a photo: what has no value may be missing."""
    row: dict[str, Any] = dict.fromkeys(COLUMNS)
    row.update(path=str(result.path), status=result.status, code=str(result.code), hdr=result.hdr)
    row.update({key: value for key, value in (result.sliders or {}).items() if key in _SLIDERS})
    row.update(reason=result.reason, decoder=result.decoder, difference=result.difference)
    if result.series is not None:
        row.update(series=result.series.number, series_kind=result.series.kind)
    return row


def _csv(rows: Iterable[Mapping[str, Any]], columns: tuple[str, ...]) -> Iterator[str]:
    line = io.StringIO(newline="")
    writer = csv.DictWriter(line, columns, lineterminator="\n")
    writer.writeheader()
    for row in rows:
        writer.writerow({**row, "hdr": {True: "true", False: "false"}.get(row["hdr"], "")})
        yield line.getvalue()
        line.seek(0)
        line.truncate()
    yield line.getvalue()
