"""Reads UPIQ: pictures of TID2013 and LIVE (SDR) and of two HDR studies, on one scale of JOD.

Layout: `upiq_subjective_scores.csv` (condition_id, dataset, content_id, dist_id, dist_level, is_hdr, test_file,
reference_file, pix_per_deg, distortion_name, repeating_content_id, JOD) and `images/`. JOD is 0 for a picture like its
reference and negative for a worse one: the score is 10 plus it. OpenEXR files hold cd/m2 as the study's display showed
them. Pictures that both TID2013 and LIVE have are one content.
"""

import re
from functools import partial
from pathlib import Path

from autohdr_train.quality.sets.kodak import LIVE, live_content, tid_content
from autohdr_train.quality.sets.layout import parsed, present, table
from autohdr_train.quality.sets.pair import Pair

NAME = "UPIQ"
_COLUMNS = (
    "dataset",
    "content_id",
    "dist_level",
    "is_hdr",
    "test_file",
    "reference_file",
    "distortion_name",
    "repeating_content_id",
    "JOD",
)


def pairs(folder: Path) -> list[Pair]:
    """Returns all pairs of the set that is unpacked in a folder.

    Raises:
        SettingsError: a file or a column is missing.
    """
    rows = table(folder / "upiq_subjective_scores.csv", NAME, _COLUMNS)
    return present(parsed(rows, partial(_pair, folder / "images"), NAME), NAME)


def _pair(images: Path, row: dict[str, str]) -> Pair:
    hdr = row["is_hdr"].strip().lower() in ("1", "1.0", "true")
    return Pair(
        images / row["reference_file"],
        images / row["test_file"],
        10.0 + float(row["JOD"]),
        None,
        "upiq",
        _content(row),
        "hdr" if hdr else "sdr",
        row["distortion_name"],
        int(float(row["dist_level"])),
    )


def _content(row: dict[str, str]) -> str:
    """The content of a row: of the pictures that TID2013 has, by their number there (`t-i05`, or LIVE's `t-05`)."""
    for name in (row["content_id"], row["repeating_content_id"]):
        if number := re.fullmatch(r"t-i?(\d+)", name.strip().lower()):
            return tid_content(int(number.group(1)))
    if number := re.fullmatch(r"l-i?(\d+)", row["content_id"].strip().lower()):
        return live_content(LIVE[int(number.group(1)) - 1])
    return f"{row['dataset'].lower()}-{row['content_id'].lower()}"
