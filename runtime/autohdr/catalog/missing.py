"""Says of photos that a catalog lists and that are not there what may have become of them."""

import os
import re
import shlex
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from posixpath import commonpath
from typing import TYPE_CHECKING, Any

from autohdr.catalog.photos import Row
from autohdr.catalog.roots import is_foreign

if TYPE_CHECKING:
    from autohdr.catalog.listing import Listing


def why_missing(photo: Path, listing: "Listing[Any]") -> str:
    """Why a photo is not found, and what to do, as the rest of a sentence about it."""
    what = "is on a drive of another system" if is_foreign(photo.as_posix()) else "is not there"
    smart = "; its smart preview is not read" if listing.smart_previews else ""
    unused = ""
    if listing.unused:
        count, tops = len(listing.tops), " and ".join(map(_bare, listing.tops))
        names = f"its root folder{' is' if count == 1 else 's are'} {tops}"
        begins = " or ".join(map(_bare, listing.unused))
        unused = f"; no folder of {listing.catalog.name} begins with {begins}, as --root says: {names}"
    root = quoted(f"{_bare(listing.gone[photo])}=NEW")
    return f"{what}{smart}{unused}; connect its drive, or say where its folder is now: --root {root}"


def folders_gone(missing: Sequence[Row], there: Sequence[Row]) -> dict[Path, str]:
    """The folder of each missing photo that `--root` has to name, as the catalog names it.

    That is its root folder; where others of that are there, or it is a whole drive, the folder that holds all that is
    missing of it.
    """
    found, of_root = {row.top for row in there}, defaultdict[str, set[str]](set)
    for row in missing:
        of_root[row.top].add(row.named.removeprefix(row.top))
    folders = {
        top: top + commonpath(below) if top in found or _is_drive(top) else top for top, below in of_root.items()
    }
    return {Path(row.path): folders[row.top] for row in missing}


def quoted(word: str) -> str:
    """A word as it is typed in a shell of this system, in quotes where it needs them."""
    if os.name == "nt":
        return word if re.fullmatch(r"[\w@+=:,./\\-]+", word) else f'"{word}"'
    return shlex.quote(word)


def _bare(folder: str) -> str:
    return folder if _is_drive(folder) else folder.rstrip("/")


def _is_drive(folder: str) -> bool:
    bare = folder.rstrip("/")
    return not bare or bare.endswith(":")
