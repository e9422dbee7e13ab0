"""Plans an edit of the photographer's own: sliders and mode go into the sidecar or the DNG as Lightroom would write
them, without a claim of autohdr's.

Where a label of autohdr's stood, its record stays and now says something else than the sliders: that is a correction,
as `record.owner` knows it. One who saves a label as it is says that it is right; then the record goes.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from autohdr.errors import SidecarError
from autohdr.mode import Mode
from autohdr.sidecar import Document, Owners, develop, merge
from autohdr.sidecar.names import other_owner, owner_extension
from autohdr.sidecar.places import Place, places
from autohdr.sidecar.record import Record, owner
from autohdr.sidecar.settings.develop import NOTHING, allowed
from autohdr.sidecar.settings.further import WHITE_BALANCE
from autohdr.sidecar.settings.groups import members
from autohdr.sidecar.xmp.dates import metadata_date
from autohdr.sidecar.xmp.document import is_blank
from autohdr.sidecar.xmp.properties import CRS, OURS, PHOTOSHOP
from autohdr.sidecar.xmp.values import Value, says
from autohdr.sliders import SLIDERS

_SLIDERS = frozenset(slider.key for slider in SLIDERS)
V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class OwnEdit:
    """Holds what becomes of one photo's settings."""

    place: Place
    original: bytes | None
    """What stands there now; None where nothing does."""
    data: bytes
    """The whole new document."""


def plan_own(
    photo: Path,
    values: Mapping[str, float],
    mode: Mode,
    owners: Owners,
    also: Mapping[str, Value] = NOTHING,
    moved: Mapping[str, Value | None] = NOTHING,
) -> OwnEdit | None:
    """The edit that gives a photo these sliders; None where it has them, as the photographer's own. Writes nothing.

    Args:
        photo: the RAW file.
        values: by `crs` key, in Lightroom's unit; rounded and clipped.
        mode: of an edit where the photo has none of the photographer's; else theirs stays.
        owners: whose sidecars are whose.
        also: what the photographer saw besides, where the photo has no edit of theirs: the rest of its label.
        moved: what they set besides, by `crs` name, whatever stands there; None for what goes.

    Raises:
        FileError: the sidecar or the DNG cannot be read.
        SidecarError: it is another file's, of an old process version, no XMP, or cannot be changed safely.
    """
    place, _ = places(photo, embed=True)
    if place.path != photo and (whose := owners.owner(photo)) != photo:
        raise SidecarError(f"{photo.name}: its sidecar belongs to {whose.name}; give one of them another name")
    data = place.read()
    if data is None or is_blank(data):
        whose_file = {} if place.path == photo else {f"{{{PHOTOSHOP}}}SidecarForExtension": owner_extension(photo)}
        both = {name: value for name, value in {**also, **moved}.items() if value is not None}
        wanted = _in_clark(develop(values, mode, both))
        return OwnEdit(place, data, merge(place.blank, {**whose_file, **wanted}))
    document = Document.parse(data, str(place.path))
    _refuse(place, photo, document)
    changes = _changes(document, develop(values, mode, also), also.get("ProcessVersion"))
    changes |= _moved(document, moved)
    if not _says(document, changes):
        changes |= metadata_date(document)
    made = merge(document, changes, str(place.path))
    if owner(Document.parse(made, str(place.path))) == "autohdr":
        made = merge(made, {f"{{{OURS}}}Wrote": "", **metadata_date(document)}, str(place.path))
    return None if made == data else OwnEdit(place, data, made)


def _refuse(place: Place, photo: Path, document: Document) -> None:
    """Raises:
    SidecarError: the settings there must not be changed.
    """
    if place.path != photo and (extension := other_owner(document, photo)) is not None:
        raise SidecarError(f"{place.path.name} says that it belongs to the {extension} file of this name")
    if (outdated := document.outdated) is not None:
        raise SidecarError(
            f"{place.path.name} {outdated}: update the photo to the current process version in Lightroom first"
        )


def _moved(document: Document, moved: Mapping[str, Value | None]) -> dict[str, Value | None]:
    """What the photographer set beside the eight; with white balance goes all that a document says of it otherwise."""
    gone = members(moved) - moved.keys() if WHITE_BALANCE[0] in moved else frozenset()
    return _in_clark({**dict.fromkeys(sorted(gone & document.settings().keys())), **moved})


def _changes(document: Document, wanted: Mapping[str, Value], needs: Value | None) -> dict[str, Value | None]:
    """What is set in a document that is there already, and None for what has to go."""
    whose = owner(document)
    if whose in ("photographer", "correction"):
        return _in_clark({name: text for name, text in wanted.items() if name in _SLIDERS})
    record = Record.find(document) if whose == "autohdr" else None
    ours = {} if record is None else record.wrote
    return _in_clark(allowed(wanted, document, whose, ours, "skip", needs))


def _says(document: Document, changes: Mapping[str, Value | None]) -> bool:
    """Whether a document says all of it already."""
    found = document.properties
    return all(
        key not in found if value is None else key in found and says(found[key], value)
        for key, value in changes.items()
    )


def _in_clark(settings: Mapping[str, V]) -> dict[str, V]:
    return {f"{{{CRS}}}{name}": value for name, value in settings.items()}
