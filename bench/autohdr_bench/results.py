"""What was measured: of one file, and of all; as plain JSON and as text of at most 120 columns."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from autohdr_bench.machine import fingerprint
from autohdr_bench.photo import Photo
from autohdr_bench.timing import QUIET, Timing, ratio


class Measured(Protocol):
    """Of one file."""

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON."""

    def lines(self) -> list[str]:
        """Text."""


@dataclass(frozen=True, slots=True)
class FileTimings:
    """One file, by candidate, each on one thread."""

    photo: Photo
    timings: dict[str, Timing]
    names: Sequence[str]
    """All candidates that there are; those without a timing cannot read this file, or may not count."""
    baseline: str
    """The candidate that the others are compared with."""

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON: medians, spread, and how many times as fast as the baseline; null where there is no timing."""
        photo = self.photo
        return {
            "file": photo.path.name,
            "megapixels": round(photo.megapixels, 2),
            "mosaic_bytes": photo.mosaic_bytes,
            "file_bytes": photo.file_bytes,
            "notes": list(photo.notes),
            "baseline": self.baseline,
            "candidates": {
                name: self._row(self.timings[name]) if name in self.timings else None for name in self.names
            },
        }

    def lines(self) -> list[str]:
        """A line for the file, one for each candidate, one for each that is left out."""
        photo = self.photo
        head = f"{photo.path.name}, {photo.megapixels:.1f} MP, {photo.file_bytes / 1e6:.1f} MB"
        rows = [self._line(name) for name in self.names]
        return [head, *rows, *(f"  {note}" for note in photo.notes)]

    def _row(self, timing: Timing) -> dict[str, float | bool]:
        return {
            **timing_row(timing),
            "megapixels_per_second": round(self.photo.megapixels / timing.median, 2),
            "raws_per_second": round(1 / timing.median, 3),
            "times_as_fast": round(ratio(self.timings[self.baseline], timing), 2),
        }

    def _line(self, name: str) -> str:
        timing = self.timings.get(name)
        if timing is None:
            return f"  {name:12}" + "".join(f"{'-':>11}" for _ in range(5))
        speeds = f"{self.photo.megapixels / timing.median:11.1f}{1 / timing.median:11.2f}"
        faster = f"{ratio(self.timings[self.baseline], timing):10.2f}x"
        return f"  {name:12}{timing.median * 1e3:11.1f}{speeds}{faster}{spread_cell(timing):>11}"


def timing_row(timing: Timing) -> dict[str, float | bool]:
    """Plain JSON of a timing alone."""
    return {
        "ms": round(timing.median * 1e3, 3),
        "spread": round(timing.spread, 4),
        "noisy": timing.spread > QUIET,
    }


def spread_cell(timing: Timing) -> str:
    """In percent, marked where the machine was not quiet; one round has none."""
    if len(timing.seconds) == 1:
        return "- "
    return f"{timing.spread:.1%}{'!' if timing.spread > QUIET else ' '}"


@dataclass(frozen=True, slots=True)
class Report:
    """One run of a bench."""

    baseline: str
    repeats: int
    files: Sequence[Measured]
    left_out: Sequence[str]
    """Why files that were named are not among them, a sentence each."""
    extra: dict[str, Any] = field(default_factory=dict)
    """What was measured of all files together, plain JSON."""
    extra_lines: Sequence[str] = ()
    """The same as text."""

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON."""
        return {
            "machine": fingerprint(),
            "repeats": self.repeats,
            "files": [file.to_dict() for file in self.files],
            "left_out": list(self.left_out),
            **self.extra,
        }

    def text(self) -> str:
        """A block for each file, then what concerns all."""
        columns = ("ms", "MP/s", "RAW/s", f"of {self.baseline}", "spread")
        lines = [" " * 14 + "".join(f"{column:>11}" for column in columns)]
        for file in self.files:
            lines += [*file.lines(), ""]
        lines += [*self.extra_lines, *(f"left out: {reason}" for reason in self.left_out)]
        note = (
            f"Medians of {self.repeats} rounds in turn. Quote the ratios; at '!' (spread above {QUIET:.1%}) with care."
        )
        return "\n".join([*lines, note])
