"""Reads KADID-10k: 81 references, 25 distortions at five levels, mean scores from 1 to 5 of a crowd.

Layout: `dmos.csv` (dist_img, ref_img, dmos, var) and `images/` with `I01.png` and `I01_01_01.png`: reference,
distortion, level. In spite of its name the column dmos is higher where the picture is better.
"""

from functools import partial
from pathlib import Path

from autohdr_train.quality.sets.layout import parsed, present, table
from autohdr_train.quality.sets.pair import Pair

NAME = "KADID-10k"


def pairs(folder: Path) -> list[Pair]:
    """Returns all pairs of the set that is unpacked in a folder.

    Raises:
        SettingsError: a file or a column is missing.
    """
    rows = table(folder / "dmos.csv", NAME, ("dist_img", "ref_img", "dmos", "var"))
    return present(parsed(rows, partial(_pair, folder / "images"), NAME), NAME)


def _pair(images: Path, row: dict[str, str]) -> Pair:
    reference, kind, level = Path(row["dist_img"]).stem.split("_")
    return Pair(
        images / row["ref_img"],
        images / row["dist_img"],
        float(row["dmos"]),
        float(row["var"]),
        "kadid10k",
        f"kadid10k-{reference.lower()}",
        "sdr",
        kind,
        int(level),
    )
