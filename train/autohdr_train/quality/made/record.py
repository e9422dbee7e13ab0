"""Keeps the books of a made data set, which a killed run leaves in a state to go on from.

`made.json` says how the set is made, `references.csv` lists the references, and `scores.csv` grows by one line for each
pair, written after its picture. A line that was cut off does not count, and is taken away before the next one.
"""

import csv
import io
import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from autohdr.errors import SettingsError
from autohdr.files.whole import read_bytes, write_atomically

MADE, REFERENCES, SCORES = "made.json", "references.csv", "scores.csv"
REFERENCE_COLUMNS = ("name", "domain", "content", "file", "source", "licence", "credit", "cd_m2_per_unit", "sha256")
SCORE_COLUMNS = (
    "reference",
    "distorted",
    "domain",
    "content",
    "distortion",
    "level",
    "cvvdp_jod",
    "delta_e_itp",
    "jod",
    "sha256",
)
Row = dict[str, str]


def begin(folder: Path, settings: Mapping[str, Any]) -> bool:
    """Notes how a set is made, and returns whether it was begun before.

    Raises:
        SettingsError: the folder holds a set that is made otherwise.
    """
    before = read_bytes(folder / MADE)
    written = json.dumps(settings, indent=2, sort_keys=True) + "\n"
    if before is None:
        write_atomically(folder / MADE, written.encode())
        return False
    if before != written.encode():
        raise SettingsError(f"{folder / MADE} says that this set was made with other settings; name another folder")
    return True


def write_references(folder: Path, rows: Iterable[Mapping[str, object]]) -> None:
    """Writes the list of references in one step."""
    text = io.StringIO()
    writer = csv.DictWriter(text, REFERENCE_COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    write_atomically(folder / REFERENCES, text.getvalue().encode())


def references(folder: Path) -> list[Row]:
    """Returns the list of references; empty where it is not written yet."""
    return _rows(folder / REFERENCES, REFERENCE_COLUMNS)


def scores(folder: Path) -> list[Row]:
    """Returns the pairs that are complete, in the order in which they were made."""
    return _rows(folder / SCORES, SCORE_COLUMNS)


class Scores:
    """Appends to the scores of a set, after taking away a line that was cut off. Use it as a context manager."""

    def __init__(self, folder: Path) -> None:
        path = folder / SCORES
        data = read_bytes(path) or b""
        whole = data[: data.rfind(b"\n") + 1] or (",".join(SCORE_COLUMNS) + "\n").encode()
        if whole != data:
            write_atomically(path, whole)
        self._file = path.open("a", encoding="utf-8", newline="")
        self._writer = csv.DictWriter(self._file, SCORE_COLUMNS, lineterminator="\n")

    def __enter__(self) -> "Scores":
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def add(self, row: Mapping[str, object]) -> None:
        """Appends one pair; it outlasts a kill of this process."""
        self._writer.writerow(row)
        self._file.flush()

    def sync(self) -> None:
        """Returns when all lines are on the disk."""
        os.fsync(self._file.fileno())


def _rows(path: Path, columns: tuple[str, ...]) -> list[Row]:
    data = read_bytes(path) or b""
    try:
        rows = list(csv.DictReader(io.StringIO(data[: data.rfind(b"\n") + 1].decode("utf-8"), newline="")))
    except (UnicodeDecodeError, csv.Error) as error:
        raise SettingsError(f"{path} cannot be read ({error}); expected the columns {', '.join(columns)}") from error
    if any(None in row or None in row.values() or set(row) != set(columns) for row in rows):
        raise SettingsError(f"{path} holds other columns than expected: {', '.join(columns)}")
    return rows
