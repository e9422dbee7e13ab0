"""Reads the data set that `python -m autohdr_train.quality make` makes, as far as it is made."""

from pathlib import Path
from typing import cast

from autohdr.errors import SettingsError
from autohdr.quality.display import Domain
from autohdr_train.quality.made import record
from autohdr_train.quality.sets.pair import Pair

NAME = "made"


def pairs(folder: Path) -> list[Pair]:
    """Returns the pairs that are complete, in the order in which they were made: any beginning of them is balanced.

    Scores are JOD by two teachers, 0 to 10, and have no spread.

    Raises:
        SettingsError: the folder holds no such set.
    """
    files = {row["name"]: folder / row["file"] for row in record.references(folder)}
    rows = record.scores(folder)
    if not files or not rows:
        raise SettingsError(
            f"{folder} holds no made data set; run: python -m autohdr_train.quality make {folder} --photographs ... "
            "--radiance ..."
        )
    return [
        Pair(
            files[row["reference"]],
            folder / row["distorted"],
            float(row["jod"]),
            None,
            NAME,
            row["content"],
            cast(Domain, row["domain"]),
            row["distortion"],
            int(row["level"]),
        )
        for row in rows
    ]
