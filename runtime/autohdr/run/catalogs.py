"""Finds the photos of a run: in files and folders, and in Lightroom catalogs, with what these say of their edits."""

from collections.abc import Callable, Collection, Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from autohdr.catalog.named import catalogs_of
from autohdr.codes import Code
from autohdr.errors import CatalogError
from autohdr.files.look import identity
from autohdr.raw.discover import find_photos, other_files
from autohdr.run.results.notes import Note, other_files_note
from autohdr.run.results.report import Result
from autohdr.sidecar.record import owner
from autohdr.sidecar.refused import Refused
from autohdr.words import Existing

if TYPE_CHECKING:
    from autohdr.catalog.entries import Entry
    from autohdr.catalog.listing import Listing

MOST_FOLDERS = 20
"""Folders that a run locks for the photos of a catalog; of more, those above them."""
_SAVE = "save it with Metadata > Save Metadata to Files"


@dataclass(frozen=True, slots=True)
class Found:
    """The photos of a run."""

    photos: list[Path]
    """All, in order."""
    named: list[Path]
    """The files and folders that the run works in."""
    refused: Mapping[Path, Refused] = field(default_factory=dict)
    """Photos that are left alone for what a catalog says of them."""
    notes: tuple[Note, ...] = ()
    listings: "tuple[Listing[Any], ...]" = ()
    """The listings of the catalogs."""

    @property
    def wanted(self) -> list[Path]:
        """The photos that are not left alone."""
        return [photo for photo in self.photos if photo not in self.refused]

    def tell(self, on_note: Callable[[Note], None]) -> None:
        """Tells what to know before the photos are labelled."""
        for note in self.notes:
            on_note(note)

    def with_refused(self, results: Generator[Result]) -> Generator[Result]:
        """The results of the photos that are wanted, and those of the others, in the photos' order."""
        waiting = iter(self.photos)
        try:
            for result in results:
                yield from self._before(result.path, waiting)
                yield result
        finally:
            results.close()
        yield from self._before(None, waiting)

    def _before(self, photo: Path | None, waiting: Iterator[Path]) -> Iterator[Result]:
        """The results of photos that are left alone and come before one."""
        for path in waiting:
            if path == photo:
                return
            if (refused := self.refused.get(path)) is not None:
                yield Result(path, "skipped", refused.code, reason=f"{path}: {refused.sentence}")

    def next_step(self, labelled: Sequence[Path], again: str = "give this command again") -> str | None:
        """What is to be done in Lightroom once photos are labelled, in one sentence; None where none is, or there is no
        catalog. `again` says how they are labelled again."""
        if not self.listings or not labelled:
            return None
        which = " and ".join(listing.catalog.name for listing in self.listings)
        unsaved = frozenset[Path]().union(*(listing.unsaved for listing in self.listings))
        if alone := len(unsaved.intersection(labelled)):
            return (
                f"In Lightroom, {alone} of the labelled photos {_have(alone)} metadata, such as stars and keywords, "
                f"that is in {which} alone: {_SAVE} and {again} before you choose Read Metadata from Files, "
                "which would drop it."
            )
        return (
            "In Lightroom, select the labelled photos and choose Metadata > Read Metadata from Files; then "
            f"{which} {'shows' if len(self.listings) == 1 else 'show'} the labels."
        )


def find(
    named: list[Path],
    only: Sequence[str],
    root: Sequence[str],
    existing: Existing,
    on_entry: "Callable[[Path, Entry], None]" = lambda catalog, entry: None,
) -> Found:
    """The photos of a run over files, folders and catalogs.

    Args:
        named: what the user has named.
        only: which photos of the catalogs: conditions that all hold, as of `autohdr.catalog.choose`.
        root: folders of the catalogs that have moved, each `OLD=NEW`.
        existing: what to do with photos that a catalog says are edited; see `refusal`.
        on_entry: given a catalog and each photo of it that is there, as Lightroom shows it, maybe more than once.

    Raises:
        CatalogError: a catalog cannot be read, or all photos that are asked for are missing.
        SettingsError: a path does not exist, or `only` or `root` is not understood.
    """
    catalogs, others = catalogs_of(named, only, root)
    notes = [other_files_note(passed, len(others))] if (passed := other_files(others)) else []
    if not catalogs:
        return Found(find_photos(others), others, notes=tuple(notes))
    refused: dict[Path, Refused] = {}
    homes: list[Path] = []
    photos: dict[str, Path] = {}
    listings: list[Listing[Refused | None]] = []
    for catalog in catalogs:
        from autohdr.catalog.listing import list_catalog  # brings SQLite and all that reads catalogs

        sentences = _Sentences(catalog, existing, on_entry)
        listing = list_catalog(catalog, sentences.refusal, only=only, roots=root)
        listings.append(listing)
        homes += _few(listing.roots)
        refused |= {photo: why for photo, why in zip(listing.photos, listing.made, strict=True) if why is not None}
        photos |= {identity(photo): photo for photo in listing.photos}
        notes += _notes(listing)
    for photo in find_photos(others):  # one that a catalog lists as well is as the catalog says
        photos.setdefault(identity(photo), photo)
    away = next((listing for listing in listings if listing.missing), None)
    if away is not None and not photos:
        raise _all_missing(away)
    return Found(list(photos.values()), [*others, *homes], refused, tuple(notes), tuple(listings))


class _Sentences:
    """Says of photos why they are left alone; the same sentence, once, of all that are left alone for one reason."""

    def __init__(self, catalog: Path, existing: Existing, on_entry: "Callable[[Path, Entry], None]") -> None:
        self._catalog = catalog
        self._name = catalog.name
        self._existing = existing
        self._on_entry = on_entry
        self._said: dict[tuple[Code, str], Refused] = {}

    def refusal(self, entry: "Entry") -> Refused | None:
        """Why a photo is left alone for what the catalog says of it; None where it is not.

        The catalog is another place than the one that is written to: what stands there is nobody's to fill in.
        """
        self._on_entry(self._catalog, entry)
        changes = "--existing replace would change them"
        edited = f"its entry in {self._name} has edits that are not autohdr's; {changes}"
        if entry.is_edit:
            return None if self._existing == "replace" else self._of(Code.EDITED, edited)
        document = entry.document
        if document is not None and document.outdated is not None:
            step = "update the photo to the current process version in Lightroom first"
            return self._of(Code.OLD_PROCESS, f"its entry in {self._name} {document.outdated}: {step}")
        if self._existing == "replace":
            return None
        if document is None:
            return self._of(Code.CATALOG_REFUSED, f"its entry in {self._name} cannot be read; {changes}")
        match owner(document):
            case "correction":
                changed = "was labelled by autohdr and then changed: that is the photographer's correction"
                return self._of(Code.CORRECTED, f"its entry in {self._name} {changed}")
            case "photographer":
                return self._of(Code.EDITED, edited)
        return None

    def _of(self, code: Code, sentence: str) -> Refused:
        return self._said.setdefault((code, sentence), Refused(code, sentence))


def _notes(listing: "Listing[Any]") -> Iterator[Note]:
    """What to know of a catalog before its photos are labelled."""
    from autohdr.catalog.missing import why_missing

    name = listing.catalog.name
    if count := len(listing.missing):
        first = listing.missing[0]
        which = f"{first}, which {why_missing(first, listing)}"
        such = ":" if count == 1 else ", such as"
        yield Note(Code.MISSING_FILE, f"{_photos(count)} of {name} {_are(count)} not found{such} {which}.")
    if listing.copies:
        copies = f"{_photos(len(listing.copies), 'virtual copy', 'virtual copies')} in {name}"
        sentence = f"{copies} {_are(len(listing.copies))} left out: no file holds"
        yield Note(Code.VIRTUAL_COPY, f"{sentence} {'its' if len(listing.copies) == 1 else 'their'} settings.")
    if listing.others:
        what = "is no RAW file and is" if listing.others == 1 else "are no RAW files and are"
        yield Note(Code.PASSED_OVER, f"{_photos(listing.others, 'file', 'files')} of {name} {what} passed over.")
    wanted = [photo for photo, why in zip(listing.photos, listing.made, strict=True) if why is None]
    if (unsaved := unsaved_note(listing, wanted)) is not None:
        yield unsaved


def unsaved_note(listing: "Listing[Any]", wanted: Collection[Path]) -> Note | None:
    """What to know of photos that are to be labelled, where a catalog alone holds metadata of them."""
    if not (unsaved := len(listing.unsaved.intersection(wanted))):
        return None
    files, before = ("its file", "it is") if unsaved == 1 else ("their files", "they are")
    return Note(
        Code.UNSAVED_METADATA,
        f"{_photos(unsaved)} of {listing.catalog.name} {_have(unsaved)} metadata, such as stars and keywords, that "
        f"Lightroom has not saved to {files}; best {_SAVE} before {before} labelled, since Read Metadata from Files "
        "drops it.",
    )


def _all_missing(listing: "Listing[Any]") -> CatalogError:
    """The error where nothing that was asked for is there."""
    from autohdr.catalog.missing import why_missing

    count, first = len(listing.missing), listing.missing[0]
    why = f"{first} {why_missing(first, listing)}"
    which = "the one photo" if count == 1 else f"all {count} photos"
    sentence = f"{which} of {listing.catalog.name} that {_are(count)} asked for {_are(count)} missing: {why}"
    return CatalogError(sentence, code=Code.MISSING_FILE)


def _are(count: int) -> str:
    return "is" if count == 1 else "are"


def _have(count: int) -> str:
    return "has" if count == 1 else "have"


def _photos(count: int, one: str = "photo", many: str = "photos") -> str:
    return f"{count} {one if count == 1 else many}"


def _few(folders: Sequence[Path]) -> list[Path]:
    """Folders that hold these, and are not more than a run can lock."""
    few = _outermost(folders)
    while len(few) > MOST_FOLDERS:
        deepest = max(len(folder.parts) for folder in few)
        few = _outermost([folder.parent if len(folder.parts) == deepest else folder for folder in few])
    return few


def _outermost(folders: Sequence[Path]) -> list[Path]:
    """The folders that are in none of the others."""
    found: list[Path] = []
    for folder in sorted(folders, key=lambda one: one.parts):
        if not found or not folder.is_relative_to(found[-1]):
            found.append(folder)
    return found
