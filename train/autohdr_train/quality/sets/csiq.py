"""Reads CSIQ: 30 references, six distortions at four or five levels, difference scores from 0 to 1.

Layout: `csiq.DMOS.xlsx`, whose sheet `all_by_image` has the columns image, dst_type, dst_lev, dmos_std and dmos below
some rows of title; `src_imgs/1600.png`; `dst_imgs/awgn/1600.AWGN.1.png`, a folder for each kind. The score is 1 minus
the difference.
"""

from pathlib import Path
from typing import Any

from autohdr.errors import SettingsError
from autohdr_train.quality.sets.layout import by_name, listed, needs, parsed
from autohdr_train.quality.sets.pair import Pair

NAME = "CSIQ"
FOLDERS = {
    "noise": "awgn",
    "blur": "blur",
    "contrast": "contrast",
    "fnoise": "fnoise",
    "jpeg": "jpeg",
    "jpeg 2000": "jpeg2000",
}
"""Folder of each kind of distortion, by its name in the table; files bear the folder's name, in either case."""


def pairs(folder: Path) -> list[Pair]:
    """Returns all pairs of the set that is unpacked in a folder.

    Raises:
        SettingsError: a file or a column is missing.
        MissingError: openpyxl, which reads the table, is not installed.
    """
    rows = _rows(folder / "csiq.DMOS.xlsx")
    references = by_name(folder / "src_imgs", NAME)
    kinds = {FOLDERS.get(str(row["dst_type"]).lower(), str(row["dst_type"])) for row in rows}
    distorted = {kind: by_name(folder / "dst_imgs" / kind, NAME) for kind in kinds}
    return parsed(rows, lambda row: _pair(row, references, distorted), NAME)


def _pair(row: dict[str, Any], references: dict[str, Path], distorted: dict[str, dict[str, Path]]) -> Pair:
    kind, level, image = FOLDERS[str(row["dst_type"]).lower()], int(row["dst_lev"]), str(row["image"]).lower()
    file = f"{image}.{kind}.{level}.png"
    if file not in distorted[kind] or f"{image}.png" not in references:
        raise SettingsError(f"pictures of {NAME} are missing, such as {file} or its reference; unpack the set again")
    score, spread = 1.0 - float(row["dmos"]), float(row["dmos_std"])
    return Pair(
        references[f"{image}.png"], distorted[kind][file], score, spread, "csiq", f"csiq-{image}", "sdr", kind, level
    )


def _rows(path: Path) -> list[dict[str, Any]]:
    """Rows of the sheet `all_by_image` that name a picture."""
    try:
        from openpyxl import load_workbook
    except ModuleNotFoundError as error:
        raise needs("openpyxl") from error
    listed(path, NAME)
    try:
        book = load_workbook(path, read_only=True, data_only=True)
        lines = list(book["all_by_image"].iter_rows(values_only=True))
        book.close()
        start = next(number for number, line in enumerate(lines) if {"image", "dst_type", "dmos"} <= set(line))
    except (OSError, ValueError, KeyError, StopIteration) as error:
        raise SettingsError(f"{path} of {NAME} has no sheet all_by_image with its columns; unpack it again") from error
    rows = [dict(zip(map(str, lines[start]), line, strict=False)) for line in lines[start + 1 :]]
    return [row for row in rows if row["image"] is not None]
