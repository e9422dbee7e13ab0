"""Holds one photo of an open shoot, and says of it what a page is told."""

import hashlib
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from autohdr.catalog.kept import KeptEntry
from autohdr.mode import Mode
from autohdr.review.entry import others, taken
from autohdr.run.state.journal import Stamp
from autohdr.shot.shot import NOTHING, Shot
from autohdr.sidecar.xmp.values import Value
from autohdr.sliders import SLIDERS
from autohdr.style.confidence.reason import Reason
from autohdr_studio.shoot.beside import developed, developed_of_label, errors_in, in_label, in_settings, without_sliders
from autohdr_studio.shoot.prepared.store import Kept
from autohdr_studio.shoot.standing import UNKNOWN, Standing

if TYPE_CHECKING:
    from autohdr_studio.shoot.grouping import Group

State = Literal["waiting", "ready", "failed"]


@dataclass(frozen=True, slots=True)
class Label:
    """Holds what autohdr would give a photo."""

    values: Mapping[str, float]
    """The label's values by `crs` key, in Lightroom's units, as a sidecar holds them."""
    errors: Mapping[str, float] | None
    """Mean absolute error that is to be expected of each; None where nobody knows it."""
    difference: float | None
    """L* by which its picture may be expected to differ from the photographer's own."""
    why: Reason | None = None
    """Which edits it goes by; None where there is no style."""
    also: Mapping[str, Value] = field(default_factory=dict)
    """What is written beside the eight sliders and the mode, value by `crs` name."""
    note: str | None = None
    """What to know of it, in one sentence."""


@dataclass(slots=True, eq=False)
class Photo:
    """Holds one photo. Whoever changes it holds the shoot's lock."""

    path: Path
    id: str
    folder: str
    """The way from the folder that was opened, with slashes; empty where it is that folder."""
    state: State = "waiting"
    note: str | None = None
    """Why it failed, or what to know of it, in one sentence."""
    standing: Standing = UNKNOWN
    files: tuple[Stamp | KeptEntry | None, ...] = ()
    """What its settings stood in when they were read: files, and a catalog."""
    excluded: bool = False
    kept: Kept | None = None
    key: str | None = None
    """The key under which the cache keeps what is known of the photo."""
    label: Label | None = None
    header: Shot = NOTHING
    """What its file says of it, until it is decoded."""
    series: "Group | None" = None
    """The photos that it has one look with; None where it is alone, and until all headers are read."""
    undoable: bool = False
    """Whether an edit of the studio's can be taken back."""

    @property
    def shot(self) -> Shot:
        """What the camera wrote down, as far as it is read."""
        return self.header if self.kept is None else self.kept.shot

    @property
    def captured(self) -> float | None:
        """When the photo was taken, as `Shot.captured` has it."""
        return self.shot.captured

    @property
    def seen(self) -> Kept | None:
        """What is kept, once the network has looked at the photo."""
        return self.kept if self.kept is not None and self.kept.features.size else None

    @property
    def read(self) -> bool:
        """Whether it is known whose its settings are."""
        return bool(self.files)

    @property
    def labelled(self) -> bool:
        """Whether a label is for this photo: it is not the photographer's own, and not excluded."""
        return self.state == "ready" and self.read and not self.standing.own and not self.excluded

    def within(self, most: float) -> bool:
        """Whether its picture is expected to differ by so much at most (L*)."""
        return self.label is not None and self.label.difference is not None and self.label.difference <= most

    def values(self) -> list[float] | None:
        """What its picture is developed with: the photographer's own edit, else the label."""
        settings = self.standing.settings
        if self.standing.own and settings is not None:
            return [float(getattr(settings, slider.name.lower())) for slider in SLIDERS]
        return None if self.label is None else in_order(self.label.values)

    def to_dict(self, mode: Mode, why: Reason | None = None) -> dict[str, Any]:
        """Plain JSON.

        Args:
            mode: of the labels.
            why: the reason of its label, where somebody asked.
        """
        settings, label = self.standing.settings, self.label
        own = self.standing.own and settings is not None
        return {
            "id": self.id,
            "name": self.path.name,
            "folder": self.folder,
            **self.place(),
            "state": self.state,
            "note": self.note or self.standing.note or self.standing.refused or (None if label is None else label.note),
            "whose": self.standing.whose,
            "fixed": self.standing.fixed,
            "excluded": self.excluded,
            "undoable": self.undoable,
            "width": 0 if self.kept is None else self.kept.width,
            "height": 0 if self.kept is None else self.kept.height,
            "values": self.values(),
            "label": None if label is None else in_order(label.values),
            "errors": None if label is None or label.errors is None else in_order(label.errors),
            "difference": None if label is None else label.difference,
            "why": None if why is None else why.to_dict(),
            "taken": list(taken(self.shot)),
            "others": [] if settings is None else [list(pair) for pair in others(without_sliders(settings), {})],
            "ignored": [] if settings is None else list(settings.ignored),
            "mode": (settings.mode if own and settings is not None else mode).to_dict(),
            "settings": self.settings(),
            "beside": self.beside(),
            "light": self.light(),
        }

    def place(self) -> dict[str, Any]:
        """When and with what the photo was taken, by which a page divides a shoot."""
        day = None if self.captured is None else datetime.fromtimestamp(self.captured, UTC).date().isoformat()
        camera = self.shot.model or self.shot.make
        series = None if self.series is None else self.series.to_dict()
        return {"day": day, "captured": self.captured, "camera": camera, "series": series}

    def settings(self) -> dict[str, Any]:
        """What developing takes beside the eight sliders, as the page's developer names it: of the photographer's own
        edit, else of the label."""
        settings, label = self.standing.settings, self.label
        if not self.standing.own and label is not None and label.also:
            return developed_of_label(label.also)
        return {} if settings is None else developed(settings)

    def beside(self) -> dict[str, dict[str, float]]:
        """White balance and further sliders by `crs` name, without what is at rest: as the picture is developed, as the
        label has them, and the errors that are to be expected of these."""
        settings, label = self.standing.settings, self.label
        labelled = {} if label is None else in_label(label.also)
        own = in_settings(settings) if self.standing.own and settings is not None else labelled
        errors = None if label is None else label.errors
        return {"values": own, "label": labelled, "errors": errors_in(errors)}

    def light(self) -> list[float] | None:
        """Temperature, kelvin, and Tint of the light as shot; None where the file does not tell, so that white balance
        cannot be moved."""
        kelvin, tint = self.shot.kelvin, self.shot.tint
        return None if kelvin is None or tint is None else [kelvin, tint]


def in_order(values: Mapping[str, float]) -> list[float]:
    """Values by `crs` key in the order of `SLIDERS`; 0 where one is missing."""
    return [float(values.get(slider.key, 0.0)) for slider in SLIDERS]


def name_photos(paths: Sequence[Path], folder_of: Mapping[Path, str]) -> list[Photo]:
    """The photos at these paths, each with an id that says nothing of where it is."""
    return [Photo(path, identify(path), folder_of[path]) for path in paths]


def identify(path: Path) -> str:
    """The id of a photo: 16 hexadecimal digits of a digest of its path."""
    return hashlib.sha256(os.fsencode(path.absolute())).hexdigest()[:16]
