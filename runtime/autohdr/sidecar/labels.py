"""What a trainer may learn from a sidecar: the photographer's own sliders, and nothing that we wrote ourselves."""

from dataclasses import dataclass
from pathlib import Path

from autohdr.errors import SidecarError
from autohdr.sidecar.document import Document
from autohdr.sidecar.record import Record, owner


@dataclass(frozen=True, slots=True)
class Labels:
    """The labels of one photo."""

    values: dict[str, float]
    """Value by `crs` key in Lightroom's unit, as found; without those that are ours and untouched."""
    hdr: bool
    """Whether the photo is edited as HDR."""
    process_version: str | None
    usable: bool
    """Whether a trainer can learn from it."""
    reason: str | None
    """Why not, in one sentence."""


def read_labels(sidecar: Path) -> Labels:
    """The labels in a sidecar.

    A photo that we labelled and the photographer then changed counts whole: who moved one slider has seen the others.

    Raises:
        FileError: the file cannot be read.
        SidecarError: there is no such file, or it is not an XMP document.
    """
    document = Document.read(sidecar)
    if document is None:
        raise SidecarError(
            f"{sidecar} does not exist; save the edits in Lightroom (Save Metadata to File), then run again"
        )
    values = document.values()
    reason = None
    if document.outdated is not None:
        values = {}
        reason = f"{sidecar.name} {document.outdated}"
    elif not values:
        reason = f"{sidecar.name} has none of the eight sliders: the photo was never edited"
    elif owner(document) == "autohdr" and (record := Record.find(document)) is not None:
        values = {key: value for key, value in values.items() if key not in record.wrote}
        reason = None if values else f"{sidecar.name} is autohdr's own, and nobody has changed it since"
    return Labels(values, document.hdr, document.process_version, reason is None, reason)
