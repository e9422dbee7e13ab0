"""Looks up what earlier runs of `autohdr label` have written down of photos: expected errors, and why."""

from collections.abc import Mapping
from pathlib import Path
from typing import TypedDict

from autohdr.files.folders import state_folder
from autohdr.run.results.report import InSeries
from autohdr.run.state.folder import roots
from autohdr.run.state.journal import Entry, Journal, Stamp
from autohdr.style.confidence.reason import Reason


class Expected(TypedDict):
    """What an `Entry` of a page tells of its label besides the settings."""

    errors: Mapping[str, float] | None
    difference: float | None
    why: Reason | None
    series: InSeries | None


NOTHING: Expected = {"errors": None, "difference": None, "why": None, "series": None}


class Remembered:
    """Reads what the journals of a shoot hold, under whatever settings it was labelled. Any thread may ask."""

    def __init__(self, named: list[Path]) -> None:
        """Reads the journals of the folders of `named`; one that cannot be read holds nothing."""
        self._journal = Journal((), Path(), {}, write=False)
        try:
            self._journal = Journal(roots(named), state_folder(), {}, write=False)
        except OSError:  # then no errors are shown, which is no reason to show no photo
            return

    def expected(self, photo: Path, document: bytes | None) -> Expected:
        """Returns what was expected of the labels in a document, where they are those that were written."""
        entry = self._journal.entry(photo)
        if entry is None or document is None:
            return NOTHING
        try:
            same = entry == Entry.make(Stamp.of(photo), document)
        except OSError:
            return NOTHING
        told: Expected = {
            "errors": entry.errors,
            "difference": entry.difference,
            "why": entry.why,
            "series": entry.series,
        }
        return told if same else NOTHING
