"""Says of photos that a catalog lists and that are not there what may have become of them."""

from pathlib import Path
from typing import Any

from autohdr.catalog.listing import Listing
from autohdr.catalog.roots import is_foreign


def why_missing(photo: Path, listing: Listing[Any]) -> str:
    """Why a photo is not found, and what to do, as the rest of a sentence about it."""
    what = "is on a drive of another system" if is_foreign(photo.as_posix()) else "is not there"
    smart = "; its smart preview is not read" if listing.smart_previews else ""
    return f"{what}{smart}; connect its drive, or say where its folder is now: --root {photo.parent.as_posix()}=NEW"
