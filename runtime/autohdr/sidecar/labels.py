"""What a trainer may learn from a sidecar: the photographer's own sliders, and nothing that we wrote ourselves."""

from dataclasses import dataclass
from pathlib import Path

from autohdr.errors import SidecarError
from autohdr.sidecar.document import Document
from autohdr.sidecar.record import Record
from autohdr.sliders import SLIDERS

_KEYS = frozenset(slider.key for slider in SLIDERS)


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

    Raises:
        FileError: the file cannot be read.
        SidecarError: there is no such file, or it is not an XMP document.
    """
    document = Document.read(sidecar)
    if document is None:
        raise SidecarError(
            f"{sidecar} does not exist; save the edits in Lightroom (Save Metadata to File), then run again"
        )
    return labels_in(document, sidecar.name)


def labels_in(document: Document, name: str) -> Labels:
    """The labels in a document that is called `name` in messages.

    Of a photo that we labelled, the sliders that we wrote are no labels until the photographer has moved one of them.
    Then it counts whole: who moved one slider has seen the others.
    """
    reason = _unusable(document, name)
    values = {}
    if reason is None:
        values = _photographers(document)
        reason = None if values else f"{name} is autohdr's own, and nobody has moved a slider since"
    return Labels(values, document.hdr, document.process_version, reason is None, reason)


def _unusable(document: Document, name: str) -> str | None:
    """Why the sliders in a document mean nothing."""
    if document.outdated is not None:
        return f"{name} {document.outdated}"
    if not document.values():
        return f"{name} has none of the eight sliders: the photo was never edited"
    if not document.has_develop_settings:
        return f"{name} has every setting at its default: the photo was never edited"
    return None


def _photographers(document: Document) -> dict[str, float]:
    """The sliders that are not ours."""
    values, record = document.values(), Record.find(document)
    if record is None or any(name in _KEYS for name in record.changed(document)):
        return values
    return {key: value for key, value in values.items() if key not in record.wrote}
