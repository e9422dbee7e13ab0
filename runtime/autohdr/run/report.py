"""What came of a run: one result a photo, and the sums."""

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from autohdr.raw.frame import WhiteBalanceSource

Status = Literal["labelled", "skipped", "failed"]


@dataclass(frozen=True, slots=True)
class Result:
    """What came of one photo."""

    path: Path
    status: Status
    sliders: dict[str, float] | None = None
    """`{crs key: value in Lightroom's unit}` where it was labelled, as its sidecar holds them."""
    sidecar: Path | None = None
    """Where the labels are, or in a dry run would be."""
    reason: str | None = None
    """Why it was skipped or failed; or what to know of its label, where there is something."""
    decoder: str | None = None
    """Which decoder read it, where it was labelled; `preview` where the model is fed previews."""
    white_balance: WhiteBalanceSource | None = None
    """Where its white balance comes from, where its sensor data were read."""

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON."""
        return {
            "path": str(self.path),
            "status": self.status,
            "sliders": self.sliders,
            "sidecar": str(self.sidecar) if self.sidecar else None,
            "reason": self.reason,
            "decoder": self.decoder,
            "white_balance": self.white_balance,
        }


@dataclass(frozen=True, slots=True)
class Report:
    """What came of a run, photos in the order in which they were found."""

    results: list[Result]
    seconds: float
    engine: dict[str, Any]
    model: dict[str, Any]

    def count(self, status: Status) -> int:
        """How many photos ended so."""
        return Counter(result.status for result in self.results)[status]

    @property
    def raws_per_minute(self) -> float:
        """Photos labelled in a minute of the whole run, skipped and failed ones not counted."""
        return 60 * self.count("labelled") / self.seconds if self.seconds > 0 else 0.0

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON: what `autohdr-run --json` prints."""
        return {
            "photos": len(self.results),
            "labelled": self.count("labelled"),
            "skipped": self.count("skipped"),
            "failed": self.count("failed"),
            "seconds": round(self.seconds, 3),
            "raws_per_minute": round(self.raws_per_minute, 1),
            "engine": self.engine,
            "model": self.model,
            "results": [result.to_dict() for result in self.results],
        }
