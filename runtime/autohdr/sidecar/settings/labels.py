"""Decides what counts as an edit, and what can be learnt from it: the photographer's own sliders, nothing of ours.

All commands ask here, or `record.owner`, which this goes by: what `autohdr label` calls the photographer's is the
photographer's for `autohdr learn` too.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal, get_args

from autohdr.errors import SidecarError
from autohdr.sidecar.record import Owner, Record, owner
from autohdr.sidecar.settings.further import NAMES, Balance, balance_in, further_in
from autohdr.sidecar.settings.groups import TONAL
from autohdr.sidecar.xmp.document import Document
from autohdr.sidecar.xmp.properties import number
from autohdr.sliders import SLIDERS

Kind = Literal[
    "old process version",
    "no develop settings",
    "never edited",
    "autohdr's own label",
    "correction reset to defaults",
    "correction without a slider moved",
    "edited without the eight sliders",
]
"""Why a document teaches nothing; counted in reports."""
KINDS: tuple[Kind, ...] = get_args(Kind)

_TONE = frozenset(slider.key for slider in SLIDERS) | NAMES | {"HDREditMode", "HDRMaxValue"}
_CORRECTED = "was labelled by autohdr and then changed: that is the photographer's correction"


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
    kind: Kind | None = None
    """The reason without this file's name."""
    whose: Owner = "photographer"
    """Whose the develop settings are, as `autohdr label` says."""
    corrected: bool = False
    """We labelled the photo, and the photographer has moved a slider or changed its mode since."""
    headroom: float | None = None
    """The stops above SDR white that an HDR edit says; None where it says none."""
    further: Mapping[str, float] = field(default_factory=dict)
    """The sliders of `sliders.FURTHER`, those that are missing at their defaults; none where the photo teaches nothing.
    """
    balance: Balance = None
    """The white balance; None where it is not known, and where the photo teaches nothing."""

    @property
    def edited(self) -> bool:
        """Whether a photographer has edited the photo, in a way that can be learnt or in another."""
        return self.usable or self.whose in ("correction", "photographer")


def read_labels(sidecar: Path) -> Labels:
    """The labels in a sidecar.

    Raises:
        FileError: the file cannot be read.
        SidecarError: there is no such file, or it is not an XMP document.
    """
    document = Document.read(sidecar)
    if document is None:
        raise SidecarError(
            f"{sidecar} does not exist; save the edits in Lightroom (Save Metadata to Files), then run again"
        )
    return labels_in(document, sidecar.name)


def labels_in(document: Document, name: str) -> Labels:
    """The labels in a document that is called `name` in messages.

    Of a photo that we labelled, the sliders that we wrote are no labels until the photographer has moved one of them or
    changed the mode, or the profile, curve or colours that we wrote; a slider or a white balance that we had left alone
    counts as well. Then it counts whole: who moved
    one slider has seen the others. Who cropped it may not have.
    """
    whose = owner(document)
    record = Record.find(document)
    corrected = record is not None and _corrected(document, record, whose)
    values = document.values()
    if record is not None and not corrected:
        values = {key: value for key, value in values.items() if key not in record.wrote}
    kind = _useless(document, whose, values)
    if kind is not None:
        values, corrected = {}, False
    reason = None if kind is None else f"{name} {_sentence(document, kind)}"
    headroom = number(document.get("HDRMaxValue") or "") if document.hdr else None
    version = document.process_version
    labels = Labels(values, document.hdr, version, kind is None, reason, kind, whose, corrected, headroom)
    if kind is not None or (record is not None and not corrected):
        return labels
    return replace(labels, further=further_in(document), balance=balance_in(document))


def _corrected(document: Document, record: Record, whose: Owner) -> bool:
    """Whether a slider, white balance, mode, profile or the like that we labelled a photo with has changed since, or a
    slider beside them."""
    if not (_TONE | TONAL).isdisjoint(record.changed(document)):
        return True
    # Where nothing of the rest has changed, what stands there beside our labels stood there before them.
    return whose == "correction" and not NAMES.isdisjoint(document.edited() - set(record.wrote))


def _useless(document: Document, whose: Owner, values: dict[str, float]) -> Kind | None:
    """Why the sliders in a document, without those that are still ours, teach nothing; None if they do."""
    if document.outdated is not None:
        return "old process version"
    if whose == "nobody":
        # A document may hold no more than a rating; then whether there is an edit is not known.
        return "never edited" if document.settings() else "no develop settings"
    if whose == "correction" and not document.has_develop_settings:
        return "correction reset to defaults"
    if values:
        return None
    if whose == "autohdr":
        return "autohdr's own label"
    return "correction without a slider moved" if whose == "correction" else "edited without the eight sliders"


def _sentence(document: Document, kind: Kind) -> str:
    """The end of a sentence that says so of one document."""
    match kind:
        case "old process version":
            return str(document.outdated)
        case "no develop settings":
            return "has no develop settings: the photo was never edited"
        case "never edited":
            return "has every setting at its default: the photo was never edited"
        case "autohdr's own label":
            return "is autohdr's own, and nobody has moved a slider since"
        case "correction reset to defaults":
            return f"{_CORRECTED}; every setting is at its default, so there is nothing to learn"
        case "correction without a slider moved":
            return f"{_CORRECTED}; its sliders and its mode are autohdr's still, so there is nothing to learn"
        case "edited without the eight sliders":
            return "is edited, but sets none of the eight sliders"
