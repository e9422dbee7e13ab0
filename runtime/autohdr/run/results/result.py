"""What happened to one photo of a run."""

from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Literal, get_args

from autohdr.codes import Code
from autohdr.raw.frame import WhiteBalanceSource
from autohdr.series.join import Kind
from autohdr.style.confidence.reason import Reason

Status = Literal["labelled", "skipped", "failed"]


@dataclass(frozen=True, slots=True)
class InSeries:
    """Which series a photo is labelled with: photos of one scene, seconds apart, that have one look."""

    number: int = field(compare=False)
    """The number of the series in this run, from 1, in the order of their first photos; 0 where nobody has counted yet.
    """
    kind: Kind
    photos: int
    """How many of its photos are labelled."""
    first: str
    """File name of the first of them."""

    @classmethod
    def of(cls, said: Any) -> "InSeries | None":
        """What a journal says of a photo's series; None where it says nothing that is understood."""
        if not isinstance(said, dict) or said.get("kind") not in get_args(Kind):
            return None
        photos, first = said.get("photos"), said.get("first")
        return cls(0, said["kind"], photos, first) if isinstance(photos, int) and isinstance(first, str) else None

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Result:
    """What happened to one photo: labelled, skipped or failed, with its sliders or the reason."""

    path: Path
    status: Status
    code: Code
    """The code of what came of the photo, for programs."""
    sliders: dict[str, float] | None = None
    """`{crs key: value in Lightroom's unit}` where it is labelled, now or already, as its sidecar holds them."""
    sidecar: Path | None = None
    """Where the labels are, or in a dry run would be; the photo itself where they are inside."""
    reason: str | None = None
    """Why it was skipped or failed; or what to know of its label, where there is something."""
    decoder: str | None = None
    """Which decoder read it, where it was labelled; `preview` where the model is fed previews."""
    white_balance: WhiteBalanceSource | None = None
    """Where its white balance comes from, where its sensor data were read."""
    hdr: bool | None = None
    """Whether its sidecar says that it is edited as HDR, where it is labelled, now or already."""
    changes: dict[str, tuple[float | None, float | None]] | None = None
    """`{crs key: (before, after)}` of the sliders that its label changed, and of `HDREditMode`, 1 for HDR and 0 for
    SDR, where it changed that of an edit; None where it has none."""
    seconds: float | None = None
    """What decoding and preparing it took a thread, where it was labelled."""
    errors: dict[str, float] | None = None
    """`{crs key: mean absolute error that is to be expected}` in Lightroom's unit, where a style labelled it."""
    difference: float | None = None
    """L* by which its picture may be expected to differ from the photographer's own edit, where errors are expected."""
    why: Reason | None = None
    """Which edits its label goes by (`near`, file names), or in what it is unlike all edits (`unlike`, a sentence);
    where a style labelled it."""
    marked: bool = False
    """Whether its settings have a mark of autohdr's, such as a colour label, as of `label(..., mark=...)`."""
    series: InSeries | None = None
    """The series that it is labelled with, now or already; None where it is alone."""
    preset: tuple[str, ...] = ()
    """What else of the style its sidecar holds, a phrase for each of Lightroom's tools, where it is labelled."""

    def in_short(self) -> "Result":
        """Returns this result without sliders, changes and errors, for a run that goes on for hours."""
        return replace(self, sliders=None, changes=None, errors=None)

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON: what `autohdr label --json` prints of a photo."""
        return {
            "path": str(self.path),
            "status": self.status,
            "code": self.code,
            "sliders": self.sliders,
            "sidecar": str(self.sidecar) if self.sidecar else None,
            "reason": self.reason,
            "decoder": self.decoder,
            "white_balance": self.white_balance,
            "hdr": self.hdr,
            "changes": self.changes,
            "seconds": None if self.seconds is None else round(self.seconds, 4),
            "expected_errors": self.errors,
            "difference": self.difference,
            "preset": list(self.preset),
            "why": None if self.why is None else self.why.to_dict(),
            "marked": self.marked,
            "series": None if self.series is None else self.series.to_dict(),
        }
