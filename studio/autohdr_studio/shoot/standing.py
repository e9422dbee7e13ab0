"""Reads what stands in photos' sidecars, or inside them: whose settings they are, and what can be learnt from them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from autohdr.catalog.entries import Entry
from autohdr.develop import Settings
from autohdr.edits.left_out import LeftOut
from autohdr.edits.photos import EditedPhotos, LabelledPhoto, in_catalog
from autohdr.errors import AutohdrError, CatalogError
from autohdr.review.standing import Standing as FoundStanding
from autohdr.review.standing import Whose, standing
from autohdr.run.state.journal import Stamp
from autohdr.sidecar import Document, Owners, sidecar_path
from autohdr.sidecar.places import places
from autohdr.sidecar.record import Owner
from autohdr.sidecar.settings.alike import alike, covers
from autohdr.sidecar.xmp.document import is_blank
from autohdr.sliders import SLIDERS

_OWNER: dict[Whose, Owner] = {
    "unedited": "nobody",
    "autohdr": "autohdr",
    "corrected": "correction",
    "edited": "photographer",
}


@dataclass(frozen=True, slots=True, eq=False)
class Standing:
    """Holds the settings of one photo as they stand."""

    whose: Owner = "nobody"
    settings: Settings | None = None
    """The photo's settings; None where they cannot be read."""
    found: LabelledPhoto | LeftOut | None = None
    """What can be learnt from, in whichever mode it is, or why nothing can; None until it is read."""
    refused: str | None = None
    """Why the settings cannot be read, or nothing is learnt from an edit, in one sentence."""
    in_catalog: bool = False
    """Whether a catalog says that the photo is edited, so that `autohdr label` leaves it alone unseen."""
    fixed: bool = False
    """Whether what counts stands in a catalog and not in the photo's file, so that it cannot be changed here."""
    note: str | None = None
    """What to know of it, in one sentence."""

    @property
    def own(self) -> bool:
        """Whether a photographer has edited the photo."""
        return self.whose in ("photographer", "correction")

    @property
    def facts(self) -> tuple[object, ...]:
        """What the page is told of where a photo stands."""
        return (self.whose, self.settings, self.refused, self.fixed, self.note)

    @property
    def edit(self) -> LabelledPhoto | None:
        """What can be learnt from."""
        return self.found if isinstance(self.found, LabelledPhoto) else None

    @property
    def unedited(self) -> bool:
        """Whether nobody has edited the photo, as far as can be known, so that it can be asked for."""
        return isinstance(self.found, LeftOut) and self.found.unedited


UNKNOWN = Standing()


def stamps(photo: Path) -> tuple[Stamp | None, ...]:
    """The stamps of the files that a photo's settings may stand in, by which it is known whether they have changed."""
    return tuple(_stamp(path) for path in (photo, sidecar_path(photo), sidecar_path(photo, "darktable")))


def _stamp(path: Path) -> Stamp | None:
    try:
        return Stamp.of(path)
    except OSError:
        return None


@dataclass(frozen=True, slots=True, eq=False)
class Shown:
    """Holds what Lightroom shows of one photo."""

    catalog: str
    """The name of the catalog's file."""
    entry: Entry
    over: bool = False
    """Whether an edit was saved here over it, which stands in the photo's file still."""
    saved: bool = False
    """Whether Lightroom says that it has saved all of it to the photo's file."""


def read_standings(
    photos: Sequence[Path], owners: Owners, shown: Callable[[Path], Shown | None] = lambda photo: None
) -> list[Standing]:
    """Reads the settings of photos. What cannot be read is said in `refused`.

    Args:
        photos: RAW files.
        owners: whose sidecars are whose.
        shown: what Lightroom shows of a photo; None of one that no catalog lists.
    """
    edits = EditedPhotos.find(photos, keep=["sdr", "black-and-white"])
    found: dict[Path, LabelledPhoto | LeftOut] = {one.path: one for one in edits.left_out}
    found |= {one.path: one for one in edits.photos}
    return [_standing(photo, found.get(photo), owners, shown(photo)) for photo in photos]


def _standing(photo: Path, found: LabelledPhoto | LeftOut | None, owners: Owners, shown: Shown | None) -> Standing:
    try:
        own = _of(standing(photo, owners.owner(photo) == photo), found)
    except AutohdrError as error:
        own = Standing("photographer", None, found, str(error))
    return own if shown is None else _with_catalog(photo, own, shown)


def _of(now: FoundStanding, found: LabelledPhoto | LeftOut | None) -> Standing:
    whose = _OWNER[now.whose]
    learnt = whose in ("nobody", "autohdr") or not isinstance(found, LeftOut)
    return Standing(whose, now.settings, found, None if learnt or not isinstance(found, LeftOut) else found.reason)


def _with_catalog(photo: Path, own: Standing, shown: Shown) -> Standing:
    """What counts of what stands in a photo's file and what Lightroom shows of it: an edit in either is an edit. Of two
    the catalog's counts, unless the photographer has saved the other one here since.

    Args:
        photo: the RAW file.
        own: what stands in it, or beside it.
        shown: what Lightroom shows.
    """
    entry, found = shown.entry, in_catalog(shown.entry, shown.catalog)
    try:
        if (document := entry.document) is None:
            raise CatalogError(f"its entry in {shown.catalog}: {entry.trouble}")
        theirs = _of(FoundStanding.of(document, f"its entry in {shown.catalog}"), found)
    except AutohdrError as error:
        return Standing("photographer", None, found, str(error), in_catalog=True, fixed=True)
    if not theirs.own or (own.own and shown.over):
        unread = own.whose != "nobody" and own.settings is not None and _differ(own.settings, theirs.settings)
        now = own if own.own else replace(own, found=found)
        return replace(now, in_catalog=theirs.own, note=_UNREAD if unread else None)
    saved = _stands_in_file(photo, document, shown)
    two = own.own and (own.settings is None or _differ(own.settings, theirs.settings))
    note = None if saved else (_TWO if two else _ALONE).format(shown.catalog)
    return replace(theirs, in_catalog=True, fixed=not saved, note=note)


def _stands_in_file(photo: Path, document: Document, shown: Shown) -> bool:
    """Whether an edit of Lightroom's stands where the studio would change it, so that no crop and no mask is lost
    when Lightroom reads it. Where Lightroom says that it has saved it, spelling of other settings does not count."""
    try:
        data = places(photo, embed=True)[0].read()
        if data is None or is_blank(data):
            return False
        held = Document.parse(data)
    except AutohdrError:
        return False
    return alike(held, document) or (shown.saved and covers(held, document))


_SAVE = "Metadata > Save Metadata to Files in Lightroom"
_UNREAD = "Lightroom does not show this yet: choose Metadata > Read Metadata from Files there."
_ALONE = f"This edit is in {{}} alone; to change it here, save it to the file first, with {_SAVE}."
_TWO = (
    "{} and the photo's file hold different edits, and what Lightroom shows counts. To change that here, save it to "
    f"the file first, with {_SAVE}; to take the file's, choose Read Metadata from Files there."
)


def _differ(one: Settings, other: Settings | None) -> bool:
    """Whether one of the eight sliders or the mode is another."""
    names = [slider.name.lower() for slider in SLIDERS]
    return (
        other is None
        or one.mode.hdr != other.mode.hdr
        or any(getattr(one, name) != getattr(other, name) for name in names)
    )
