"""Reads LIVE (release 2): 29 references, five distortions, realigned difference scores.

Layout: `dmos_realigned.mat` (dmos_new, dmos_std, orgs) and `refnames_all.mat` over 982 pictures, in the order of the
folders `jp2k` (227), `jpeg` (233), `wn`, `gblur` and `fastfading` (174 each), whose files are `img1.bmp` and so on;
`refimgs/` holds the references. Where orgs is 1 a picture is its own reference, and is left out. The score is 100
minus the difference; levels are ranks of it for each content and kind, as the set numbers none.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from autohdr.errors import SettingsError
from autohdr_train.quality.sets.kodak import live_content
from autohdr_train.quality.sets.layout import listed, needs, present
from autohdr_train.quality.sets.pair import Pair

NAME = "LIVE"
FOLDERS = (("jp2k", 227), ("jpeg", 233), ("wn", 174), ("gblur", 174), ("fastfading", 174))
"""Kinds of distortion in the order of the tables, with the number of pictures of each."""


def pairs(folder: Path, folders: Sequence[tuple[str, int]] = FOLDERS) -> list[Pair]:
    """Returns all pairs of the set that is unpacked in a folder.

    Args:
        folder: where it is.
        folders: its kinds and their sizes, as the published set has them.

    Raises:
        SettingsError: a file is missing, or the tables are of another size.
        MissingError: scipy, which reads the tables, is not installed.
    """
    scores = _matrices(folder / "dmos_realigned.mat", ("dmos_new", "dmos_std", "orgs"))
    (names,) = _matrices(folder / "refnames_all.mat", ("refnames_all",))
    expected = sum(count for _, count in folders)
    if any(len(values) != expected for values in (*scores, names)):
        raise SettingsError(
            f"the tables of {NAME} in {folder} are not of {expected} pictures each; unpack the set again"
        )
    files = [folder / kind / f"img{number}.bmp" for kind, count in folders for number in range(1, count + 1)]
    found = [
        Pair(
            folder / "refimgs" / str(np.ravel(name)[0]),
            file,
            100.0 - float(difference),
            float(spread),
            "live",
            live_content(Path(str(np.ravel(name)[0])).stem),
            "sdr",
            file.parent.name,
            1,
        )
        for file, name, difference, spread, original in zip(files, names, *scores, strict=True)
        if not original
    ]
    return present(_ranked(found), NAME)


def _ranked(found: Sequence[Pair]) -> list[Pair]:
    """Pairs with their levels: 1 for the best score of a content and kind."""
    groups: dict[tuple[str, str], list[float]] = defaultdict(list)
    for pair in found:
        groups[pair.content, pair.distortion].append(-(pair.score or 0.0))
    for losses in groups.values():
        losses.sort()
    return [
        replace(pair, level=1 + groups[pair.content, pair.distortion].index(-(pair.score or 0.0))) for pair in found
    ]


def _matrices(path: Path, names: Sequence[str]) -> list[Any]:
    """Matrices of a MATLAB file, flat."""
    try:
        from scipy.io import loadmat
        from scipy.io.matlab import MatReadError
    except ModuleNotFoundError as error:
        raise needs("scipy") from error
    listed(path, NAME)
    try:
        held = loadmat(path)
        return [np.ravel(held[name]) for name in names]
    except (OSError, ValueError, KeyError, MatReadError) as error:
        raise SettingsError(f"{path} of {NAME} cannot be read ({error}); unpack the set again") from error
