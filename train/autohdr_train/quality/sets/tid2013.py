"""Reads TID2013: 25 references, 24 distortions at five levels, mean opinion scores from 0 to 9.

Layout: `mos_with_names.txt` (score and file a line), `mos_std.txt` (a line each, in the same order),
`reference_images/` and `distorted_images/`. Files are written in both cases: `I01.BMP`, `i25.bmp`, `i01_01_1.bmp`.
"""

from pathlib import Path

from autohdr.errors import SettingsError
from autohdr_train.quality.sets.kodak import tid_content
from autohdr_train.quality.sets.layout import by_name, parsed, text
from autohdr_train.quality.sets.pair import Pair

NAME = "TID2013"


def pairs(folder: Path) -> list[Pair]:
    """Returns all pairs of the set that is unpacked in a folder.

    Raises:
        SettingsError: a file is missing, or the two lists differ in length.
    """
    rows = [line.split() for line in text(folder / "mos_with_names.txt", NAME).splitlines() if line.strip()]
    spreads = text(folder / "mos_std.txt", NAME).split()
    if len(rows) != len(spreads):
        raise SettingsError(
            f"{folder / 'mos_std.txt'} has {len(spreads)} lines and mos_with_names.txt {len(rows)}; unpack {NAME} again"
        )
    references, distorted = (by_name(folder / part, NAME) for part in ("reference_images", "distorted_images"))
    return parsed(
        zip(rows, spreads, strict=True),
        lambda both: _pair(references, distorted, both[0][0], both[0][1].lower(), both[1]),
        NAME,
    )


def _pair(references: dict[str, Path], distorted: dict[str, Path], score: str, file: str, spread: str) -> Pair:
    reference, kind, level = Path(file).stem.split("_")
    absent = [name for name, there in ((f"{reference}.bmp", references), (file, distorted)) if name not in there]
    if absent:
        raise SettingsError(f"pictures of {NAME} are missing, such as {absent[0]}; unpack the set again")
    return Pair(
        references[f"{reference}.bmp"],
        distorted[file],
        float(score),
        float(spread),
        "tid2013",
        tid_content(int(reference[1:])),
        "sdr",
        kind,
        int(level),
    )
