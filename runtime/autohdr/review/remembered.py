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
        """Opens the journals of the folders of `named`, whatever part of a shoot they are of; one that cannot be read
        holds nothing."""
        self._journal = Journal((), Path(), {}, write=False)
        try:
            self._journal = Journal(roots(named), state_folder(), {}, write=False)
        except OSError:  # then no errors are shown, which is no reason to show no photo
            return

    def expected(self, photo: Path, document: bytes | None) -> Expected:
        """Returns what was expected of the labels in a document, where they are those that were written."""
        noted = self._journal.noted(photo)
        if not noted or document is None:
            return NOTHING
        try:
            now = Entry.make(Stamp.of(photo), document)
        except OSError:
            return NOTHING
        entry = next((one for one in noted if isinstance(one, Entry) and one == now), None)
        if entry is None:
            return NOTHING
        return {"errors": entry.errors, "difference": entry.difference, "why": entry.why, "series": entry.series}

    def close(self) -> None:
        """Closes the journals."""
        self._journal.close()
