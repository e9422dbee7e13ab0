"""The journal of a worker: what it was told of its photos, and what it will tell. Nothing of it is on a disk."""

import threading
from collections.abc import Mapping
from pathlib import Path

from autohdr.run.state.journal import Entry, Journal, Skipped

KEPT = 20_000
"""Photos whose notes are kept: far more than are under way."""


class Carried(Journal):
    """What earlier runs have noted of the photos that are under way, and what is to be noted of them."""

    def __init__(self, settings: Mapping[str, str | bool]) -> None:
        super().__init__((), Path(), settings)
        self._known: dict[Path, Entry | Skipped] = {}
        self._added: list[tuple[Path, Entry | Skipped]] = []
        self._one = threading.Lock()

    def know(self, noted: Mapping[Path, Entry | Skipped]) -> None:
        """Takes in what is noted of photos that are about to be looked at; of those before, the last are kept."""
        with self._one:
            self._known |= noted
            while len(self._known) > KEPT:
                del self._known[next(iter(self._known))]

    def noted(self, photo: Path) -> list[Entry | Skipped]:
        with self._one:
            found = self._known.get(photo)
        return [] if found is None else [found]

    def entry(self, photo: Path) -> Entry | None:
        return next((one for one in self.noted(photo) if isinstance(one, Entry)), None)

    def skipped(self, photo: Path) -> Skipped | None:
        return next((one for one in self.noted(photo) if isinstance(one, Skipped)), None)

    def add(self, photo: Path, entry: Entry | Skipped) -> None:
        with self._one:
            self._added.append((photo, entry))

    def take(self) -> list[tuple[Path, Entry | Skipped]]:
        """What was added since this was last asked."""
        with self._one:
            added, self._added = self._added, []
        return added
