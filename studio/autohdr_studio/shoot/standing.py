"""Reads what stands in photos' sidecars, or inside them: whose settings they are, and what can be learnt from them."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from autohdr.develop import Settings
from autohdr.edits.left_out import LeftOut
from autohdr.edits.photos import EditedPhotos, LabelledPhoto
from autohdr.errors import AutohdrError
from autohdr.review.standing import Whose, standing
from autohdr.run.journal import Stamp
from autohdr.sidecar import Owners, sidecar_path
from autohdr.sidecar.record import Owner

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
    """None where they cannot be read."""
    found: LabelledPhoto | LeftOut | None = None
    """What can be learnt from, in whichever mode it is, or why nothing can; None until it is read."""
    refused: str | None = None
    """Why the settings cannot be read, or nothing is learnt from an edit, in one sentence."""

    @property
    def own(self) -> bool:
        """Whether a photographer has edited the photo."""
        return self.whose in ("photographer", "correction")

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


def read_standings(photos: Sequence[Path], owners: Owners) -> list[Standing]:
    """Reads the settings of photos. What cannot be read is said in `refused`."""
    edits = EditedPhotos.find(photos, keep=["sdr", "black-and-white"])
    found: dict[Path, LabelledPhoto | LeftOut] = {one.path: one for one in edits.left_out}
    found |= {one.path: one for one in edits.photos}
    return [_standing(photo, found.get(photo), owners) for photo in photos]


def _standing(photo: Path, found: LabelledPhoto | LeftOut | None, owners: Owners) -> Standing:
    try:
        now = standing(photo, owners.owner(photo) == photo)
    except AutohdrError as error:
        return Standing("photographer", None, found, str(error))
    whose = _OWNER[now.whose]
    learnt = whose in ("nobody", "autohdr") or not isinstance(found, LeftOut)
    return Standing(whose, now.settings, found, None if learnt or not isinstance(found, LeftOut) else found.reason)
