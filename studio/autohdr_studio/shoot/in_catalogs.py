"""Knows what Lightroom shows of the photos of a shoot, and reads it again when Lightroom has written. A catalog is only
ever read."""

import os
import threading
from collections.abc import Collection, Sequence
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Self

from autohdr.catalog.entries import Entry
from autohdr.catalog.kept import KeptEntry
from autohdr.catalog.listing import list_catalog
from autohdr.catalog.named import is_catalog
from autohdr.catalog.opening import Stamps, stamps
from autohdr.codes import Code
from autohdr.edits.catalogs import left_out_of
from autohdr.edits.left_out import LeftOut
from autohdr.run.catalogs import Found, find, unsaved_note
from autohdr.run.results.notes import Note


class InCatalogs:
    """Holds what the catalogs of a shoot say of its photos; of a shoot without catalogs nothing. Its methods are called
    by any thread."""

    def __init__(
        self,
        found: Found,
        kept: dict[Path, KeptEntry],
        catalog_of: dict[Path, Path],
        read: dict[Path, Stamps],
        only: Sequence[str] = (),
        roots: Sequence[str] = (),
    ) -> None:
        self._found, self._kept, self._catalog_of = found, kept, catalog_of
        self._read, self._only, self._roots = read, only, roots
        self._reading = threading.Lock()

    @classmethod
    def find(cls, paths: Sequence[Path], only: Sequence[str] = (), roots: Sequence[str] = ()) -> tuple[Found, Self]:
        """The photos of files, folders and catalogs, and what the catalogs say of them; as of `run.catalogs.find`.

        Raises:
            CatalogError, SettingsError: as `run.catalogs.find`.
        """
        kept: dict[Path, KeptEntry] = {}
        catalog_of: dict[Path, Path] = {}

        def keep(catalog: Path, entry: Entry) -> None:
            one, other = KeptEntry.of(entry), kept.get(entry.photo)
            if other is None or catalog_of[one.photo] == catalog or not other.changed:  # an edit in either is an edit
                kept[one.photo], catalog_of[one.photo] = one, catalog

        read = {path: _stamps(path) for path in paths if is_catalog(path)}
        found = find(list(paths), only, roots, "skip", keep)
        return found, cls(found, kept, catalog_of, read, only, roots)

    @property
    def name(self) -> str | None:
        """The catalogs' file names; None where there are none."""
        return " and ".join(listing.catalog.name for listing in self._found.listings) or None

    @property
    def selection(self) -> str:
        """A short text that stands for what was chosen; empty where there are no catalogs."""
        told = repr(([os.path.realpath(one.catalog) for one in self._found.listings], sorted(self._only)))
        return sha256(told.encode(errors="surrogateescape")).hexdigest()[:16] if self._found.listings else ""

    @property
    def left_out(self) -> list[LeftOut]:
        """The photos that are not of the shoot although they were asked for: missing ones, and virtual copies."""
        return [one for listing in self._found.listings for one in left_out_of(listing)]

    def catalog_of(self, photo: Path) -> str:
        """The file name of the catalog that a photo which is `kept` is shown by."""
        return self._catalog_of[photo].name

    def has_saved(self, photo: Path) -> bool:
        """Whether Lightroom says that it has saved all that it holds of a photo to its file."""
        return not any(photo in listing.unsaved for listing in self._found.listings)

    def kept(self, photo: Path) -> KeptEntry | None:
        """What Lightroom shows of a photo; None of one that no catalog lists."""
        return self._kept.get(photo)

    def read_again(self) -> None:
        """Reads the catalogs again that Lightroom has written since. What they say of photos that they no longer list
        stays as it was.

        Raises:
            CatalogError: one of them cannot be read now; of it all is as before.
        """
        with self._reading:
            for catalog in self._read:
                if (now := _stamps(catalog)) != self._read[catalog]:
                    self._read_one(catalog)
                    self._read[catalog] = now

    def _read_one(self, catalog: Path) -> None:
        known = [photo for photo, its in self._catalog_of.items() if its == catalog]
        again = list_catalog(catalog, KeptEntry.of, roots=self._roots, known=known)
        changed = {one.photo: one for one in again.made if one != self._kept.get(one.photo)}
        self._kept = {**self._kept, **changed}  # whoever is reading sees one or the other
        same = [replace(one, unsaved=again.unsaved) if one.catalog == catalog else one for one in self._found.listings]
        self._found = replace(self._found, listings=tuple(same))

    def notes(self, others: Collection[Path]) -> list[Note]:
        """What to know of the photos, of which `others` are not the photographer's own."""
        wanted = [photo for photo in others if photo not in self._found.refused]
        return [*(note for note in self._found.notes if note.code != Code.UNSAVED_METADATA), *self._unsaved(wanted)]

    def before(self, photos: Collection[Path]) -> str | None:
        """What to know before labels are written for photos, in one sentence; None where there is nothing."""
        return " ".join(note.sentence for note in self._unsaved(photos)) or None

    def after(self, labelled: Sequence[Path]) -> str | None:
        """What is to be done in Lightroom once photos are labelled, in one sentence; None without a catalog."""
        return self._found.next_step(labelled, again="apply the suggestions again")

    def after_undo(self, restored: int) -> str | None:
        """What is to be done in Lightroom once labels of so many photos are taken back, in one sentence."""
        if self.name is None or not restored:
            return None
        return "Where Lightroom has read these labels, choose Metadata > Read Metadata from Files there once more."

    def _unsaved(self, photos: Collection[Path]) -> list[Note]:
        notes = (unsaved_note(listing, photos) for listing in self._found.listings)
        return [note for note in notes if note is not None]


def _stamps(catalog: Path) -> Stamps:
    """The stamps of a catalog; none where it cannot be looked at: reading it says what is wrong."""
    try:
        return stamps(catalog)
    except OSError:
        return {}
