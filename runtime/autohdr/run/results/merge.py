"""Puts the tables of several runs together: of shards, of machines, of parts of an archive; in bounded memory."""

import contextlib
import csv
import json
import re
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

from autohdr.errors import FileError, SettingsError
from autohdr.files.whole import failure
from autohdr.run.results.table import COLUMNS, FORMATS, Table, check_report
from autohdr.sliders import BALANCE, FURTHER, SLIDERS

Row = dict[str, Any]

_WORDS = frozenset(("path", "status", "code", "reason", "decoder", "series_kind"))
"""Columns of text; all others hold numbers, but for `hdr`."""
_LABEL = ("hdr", *(slider.key for slider in (*SLIDERS, *BALANCE, *FURTHER)))
"""What two tables must agree on."""
_OPEN = 4096
"""Series that may still have photos: those of one follow one another."""


@dataclass(frozen=True, slots=True)
class Different:
    """A photo of which two tables say different things."""

    path: str
    tables: tuple[Path, ...]
    """The tables that differ, in the order in which they were named; what the last one says is kept."""
    said: tuple[str, ...]
    """What each says, in a few words."""


@dataclass(slots=True)
class Merged:
    """What came of tables that were put together."""

    ended: Counter[str] = field(default_factory=Counter)
    """Photos by status."""
    several: int = 0
    """How many of them are in more than one table."""
    different: int = 0
    """How many of these in different words."""

    @property
    def photos(self) -> int:
        """How many there are."""
        return self.ended.total()


def merge(
    out: Path, tables: Sequence[Path], on_different: Callable[[Different], None] = lambda different: None
) -> Merged:
    """Writes the rows of tables into one, in the order in which a run over all of the photos would have written them.

    A photo that is in several tables with the same label is there once; a row that says `labelled` counts before one
    that says that it was already. Where they differ, the table that is named last counts. Series are numbered anew.

    Args:
        out: the table, `.csv` or `.jsonl`; what stood there is replaced. It may be one of `tables`.
        tables: what `label(..., report=...)` wrote, in either format.
        on_different: told of each photo of which tables say different things.

    Raises:
        SettingsError: a name ends otherwise, or a table is not there.
        FileError: one of them is no such table, or cannot be read; or `out` cannot be written.
    """
    check_report(out, "")
    for table in tables:
        if table.suffix.lower() not in FORMATS:
            raise SettingsError(f"{table} has an unknown ending; expected a table, {' or '.join(FORMATS)}")
        if not table.is_file():
            raise SettingsError(f"{table} does not exist; expected a table that autohdr label --report wrote")
    merged = Merged()
    # A database without a name is a file that goes with its connection: what does not fit into memory is sorted there.
    with contextlib.closing(sqlite3.connect("")) as held, Table(out) as made:
        try:
            _take_in(held, tables)
            numbers = _Numbers()
            for path, found in groupby(_sorted(held), key=itemgetter(0)):
                source, row = _chosen(
                    path, [(source, json.loads(row)) for _, source, row in found], tables, merged, on_different
                )
                made.add_row(numbers.anew(source, row))
                merged.ended[str(row.get("status"))] += 1
        except sqlite3.OperationalError as error:
            raise FileError(f"the rows cannot be sorted ({error}); make room on the disk, then run again") from error
        made.finish()
    return merged


def _take_in(held: sqlite3.Connection, tables: Sequence[Path]) -> None:
    held.execute("CREATE TABLE rows (place BLOB, path TEXT, source INTEGER, row TEXT)")
    for source, table in enumerate(tables):
        rows = ((_place(row["path"]), json.dumps(row["path"]), source, json.dumps(row)) for row in _rows(table))
        held.executemany("INSERT INTO rows VALUES (?, ?, ?, ?)", rows)


def _sorted(held: sqlite3.Connection) -> Iterator[tuple[str, int, str]]:
    return held.execute("SELECT path, source, row FROM rows ORDER BY place, path, source")


def _place(path: str) -> bytes:
    """Sorts as a run finds photos: the files of a folder, then the folders in it, each by their letters."""
    *folders, name = re.split(r"[/\\]", path)
    marked = [*(f"\x02{folder}\x00" for folder in folders), f"\x01{name}"]
    return "".join(marked).encode(errors="surrogatepass")


def _chosen(
    path: str,
    found: list[tuple[int, Row]],
    tables: Sequence[Path],
    merged: Merged,
    on_different: Callable[[Different], None],
) -> tuple[int, Row]:
    """Chooses the row of a photo that counts, of several, with the number of its table."""
    if len(found) > 1:
        merged.several += 1
        if any(not _agree(found[-1][1], row) for _, row in found):
            merged.different += 1
            said = tuple(f"{row.get('status')} ({row.get('code')})" for _, row in found)
            on_different(Different(json.loads(path), tuple(tables[source] for source, _ in found), said))
            return found[-1]
    return next((one for one in found if one[1].get("status") == "labelled"), found[0])


def _agree(one: Row, other: Row) -> bool:
    """Whether two rows say the same of a photo: the same label, whichever run wrote it, or the same reason for none."""
    label, same = ([row.get(key) for key in _LABEL] for row in (one, other))
    return label == same and (any(label) or one.get("code") == other.get("code"))


class _Numbers:
    """Numbers series from 1, in the order of their first photos."""

    def __init__(self) -> None:
        self._known: dict[tuple[int, Any], int] = {}
        self._count = 0

    def anew(self, source: int, row: Row) -> Row:
        """The row with the new number of its series."""
        key = (source, row.get("series"))
        if key[1] is None:
            return row
        if key not in self._known:
            self._count += 1
            self._known[key] = self._count
            if len(self._known) > _OPEN:
                del self._known[next(iter(self._known))]
        return {**row, "series": self._known[key]}


def _rows(table: Path) -> Iterator[Row]:
    """The rows of a table, as JSON has them, without what is empty.

    Raises:
        FileError: it is no table of ours, or cannot be read.
    """
    whole = 0
    try:
        with table.open(encoding="utf-8-sig", newline="") as file:
            for row in _csv(file) if table.suffix.lower() == ".csv" else map(json.loads, file):
                if not isinstance(row, dict) or not isinstance(row.get("path"), str):
                    raise ValueError("it names no photo")
                yield {key: value for key, value in row.items() if value is not None or key in COLUMNS}
                whole += 1
    except (ValueError, csv.Error) as error:  # no text, no JSON, no number
        sentence = f"{table} is no table that autohdr label --report wrote (row {whole + 1}: {error}); name another"
        raise FileError(sentence) from error
    except OSError as error:
        raise failure(table, "read", error) from error


def _csv(file: Any) -> Iterator[Row]:
    reader = csv.DictReader(file, strict=True)
    for row in reader:
        if None in row or None in row.values():
            raise ValueError("it has another number of columns")
        yield {key: _value(key, text) for key, text in row.items()}


def _value(key: str, text: str) -> Any:
    if not text:
        return None
    if key == "hdr":
        return {"true": True, "false": False}[text] if text in ("true", "false") else None
    if key in _WORDS or key not in (*COLUMNS, *_LABEL):
        return text
    return int(text) if re.fullmatch(r"-?[0-9]+", text) else float(text)
