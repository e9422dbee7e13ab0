"""The report of a run: one result a photo, and the sums."""

from dataclasses import dataclass, field
from typing import Any, Literal

from autohdr.codes import Code
from autohdr.run.results.result import InSeries, Result, Status
from autohdr.run.results.sums import Sums

__all__ = ["DngLabels", "InSeries", "Report", "Result", "Status"]

DngLabels = Literal["inside", "beside"]
"""Where the labels of DNGs go: into the DNGs, or into sidecars beside them."""


@dataclass(frozen=True, slots=True)
class Report:
    """The results of a run, photos in the order in which they were found, and what holds for all of them."""

    results: list[Result]
    seconds: float
    engine: dict[str, Any]
    model: dict[str, Any]
    photos: int
    """How many were found."""
    stopped: str | None = None
    """Why the run ended before all of them were done, in one sentence."""
    dng_labels: DngLabels | None = None
    """Where the labels of DNGs went; None where there are no DNGs."""
    next_step: str | None = None
    """What is to be done in Lightroom, in one sentence, where photos of a catalog are labelled."""

    shard: str | None = None
    """Which part of a run the report is of, `2/5`; then `results` is empty, and `photos` of one that was stopped are
    those that it had come to."""
    sums: Sums = field(default_factory=Sums, repr=False, compare=False)
    """The sums of all results; also of a run that keeps none of them, as with `label(..., shard=...)`."""

    def __post_init__(self) -> None:
        if self.results:
            object.__setattr__(self, "sums", Sums.of(self.results))

    def count(self, status: Status) -> int:
        """How many photos ended so."""
        return self.sums.ended[status]

    @property
    def to_check(self) -> tuple[int, int] | None:
        """How many photos are worth a look, as of `doubt.to_check`, and of how many that can be said; None where no
        style labelled any."""
        return self.sums.to_check

    @property
    def marked(self) -> int:
        """How many photos that were labelled have a mark of autohdr's."""
        return self.sums.marked

    @property
    def series(self) -> tuple[int, int]:
        """How many series there are, and how many photos in them."""
        return self.sums.kinds.total(), self.sums.in_series

    @property
    def not_done(self) -> int:
        """Photos that nothing came of, because the run was stopped."""
        return self.photos - self.sums.photos

    @property
    def raws_per_minute(self) -> float:
        """Photos labelled in a minute of the whole run, skipped and failed ones not counted."""
        return 60 * self.count("labelled") / self.seconds if self.seconds > 0 else 0.0

    @property
    def code(self) -> Code:
        """How the run ended, for programs."""
        if self.not_done:
            return Code.STOPPED
        return Code.SOME_FAILED if self.count("failed") else Code.DONE

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON: what `autohdr label --json` prints last. The photos have lines of their own."""
        return {
            "code": self.code,
            "shard": self.shard,
            "photos": self.photos,
            "labelled": self.count("labelled"),
            "skipped": self.count("skipped"),
            "failed": self.count("failed"),
            "not_done": self.not_done,
            "to_check": None if self.to_check is None else self.to_check[0],
            "marked": self.marked,
            "series": self.series[0],
            "in_series": self.series[1],
            "stopped": self.stopped,
            "dng_labels": self.dng_labels,
            "next_step": self.next_step,
            "seconds": round(self.seconds, 3),
            "raws_per_minute": round(self.raws_per_minute, 1),
            "engine": self.engine,
            "model": self.model,
        }
