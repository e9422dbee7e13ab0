"""Edits in Lightroom catalogs: what is learnt from them, and the photos that nothing can be learnt from."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, TypeVar

from autohdr.catalog.entries import Entry
from autohdr.catalog.listing import Listing, list_catalog
from autohdr.catalog.missing import why_missing
from autohdr.edits.left_out import LeftOut

T = TypeVar("T")


def edits_of(
    catalog: Path, read: Callable[[Entry], T], only: Sequence[str], root: Sequence[str]
) -> Iterator[T | LeftOut]:
    """What `read` makes of each photo of a catalog that is there, and the others that were chosen.

    Args:
        catalog: its file.
        read: given a photo, as Lightroom shows it.
        only: conditions, as of `autohdr.catalog.choose`.
        root: folders that have moved, each `OLD=NEW`.

    Raises:
        CatalogError: the catalog cannot be read.
        SettingsError: `only` or `root` is not understood.
    """
    listing: Listing[T] = list_catalog(catalog, read, only=only, roots=root)
    yield from listing.made
    yield from left_out_of(listing)


def left_out_of(listing: Listing[Any]) -> Iterator[LeftOut]:
    """The photos of a catalog that were chosen, and of which no file is there, or none holds their settings."""
    for photo in listing.missing:
        yield LeftOut(photo, "missing file", f"{photo}: {why_missing(photo, listing)}")
    for photo in listing.copies:
        reason = f"{photo}: is a virtual copy in {listing.catalog.name}, which no file holds; the photo itself counts"
        yield LeftOut(photo, "virtual copy", reason)
