"""Looks at photos before they are read: what is finished or edited is told from what is to be labelled."""

import contextlib
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path

from autohdr.codes import Code
from autohdr.errors import AutohdrError
from autohdr.files.changing.leftovers import remove_leftovers
from autohdr.files.look import is_elsewhere
from autohdr.raw.decode import read_shot
from autohdr.run.results.report import Result
from autohdr.run.stages.photo import Photo, skipped
from autohdr.run.state.journal import Entry, Journal, Skipped, Stamp
from autohdr.run.stop import Stop
from autohdr.shot.shot import NOTHING, Shot
from autohdr.sidecar import Document, look
from autohdr.sidecar.places import Place, places
from autohdr.sidecar.settings.further import written_in
from autohdr.words import Existing, Naming

FOLDERS = 1000
"""Folders that are remembered to be tidied."""
KEPT = 1 << 20
"""Bytes of a document that is kept, parsed, until its photo is labelled; a larger one is parsed again."""


@contextlib.contextmanager
def one_at_a_time(path: Path, disk: threading.Lock) -> Iterator[None]:
    """Holds the lock where a file is on a disk: a stage's threads read one of these at a time, and many objects."""
    with contextlib.nullcontext() if is_elsewhere(path) else disk:
        yield


@dataclass(frozen=True, slots=True)
class Asked:
    """A photo that is to be looked at."""

    path: Path
    owner: Path
    """The photo that owns the sidecar of this photo's name."""
    shot: Shot | None = None
    """What its file says, where that was read already."""
    block: int = 1
    """The photo's block, as `Photo.block` numbers it, where that is known already."""
    behind: int = 0
    begins: bool = False


@dataclass(frozen=True, slots=True)
class Looking:
    """Looks at photos, and at what stands beside them."""

    journal: Journal
    existing: Existing
    naming: Naming
    embed: bool
    dry_run: bool
    stop: Stop | None = None
    """What an error that concerns all photos stops."""
    _tidied: Callable[[Path], None] = field(default_factory=lambda: lru_cache(FOLDERS)(remove_leftovers))
    """Removes what runs that were killed have left in a folder, once as long as that is remembered."""
    _disk: threading.Lock = field(default_factory=threading.Lock)

    def look_at(self, asked: Asked) -> Photo:
        """The photo, as of `look`, with what is known of its place among the others."""
        with one_at_a_time(asked.path, self._disk):
            photo = self.look((asked.path, asked.owner), asked.shot)
        return replace(photo, begins=asked.begins, block=asked.block, behind=asked.behind)

    def shot(self, photo_and_owner: tuple[Path, Path]) -> Shot:
        """What the file of a photo says of its shot; nothing where `look` would not ask it."""
        path, owner = photo_and_owner
        try:
            if path not in (owner, places(path, self.naming, embed=self.embed)[0].path):
                return NOTHING
            stamp_of(path)
            return _shot(path)
        except Exception:
            return NOTHING

    def look(self, photo_and_owner: tuple[Path, Path], shot: Shot | None = None) -> Photo:
        """The photo, ended where nothing is to be done, with what its file says of its shot."""
        path, owner = photo_and_owner
        photo = Photo(path)
        try:
            if not self.dry_run:
                self._tidied(path.parent)
            place, other = places(path, self.naming, embed=self.embed)
            if path not in (owner, place.path):
                shared = f"{path}: its sidecar belongs to {owner.name}; give one of them another name"
                return Photo(path, ended=Result(path, "skipped", Code.OTHERS_SIDECAR, reason=shared))
            photo = replace(photo, stamp=stamp_of(path), shot=_shot(path) if shot is None else shot)
            return self._looked_at(photo, place, other)
        except Exception as error:
            return photo if self.stop is not None and self.stop.by(error) else photo.over(error)

    def _looked_at(self, photo: Photo, place: Place, other: Place | None) -> Photo:
        path, noted = photo.path, self.journal.noted(photo.path)
        if (already := _finished(photo, place, [one for one in noted if isinstance(one, Entry)])) is not None:
            return replace(photo, ended=already)
        files = (path, place.path, None if other is None else other.path)
        for before in noted:
            if isinstance(before, Skipped) and before.holds(files):
                return replace(photo, ended=skipped(path, place.path, before.code, before.reason))
        # Before they are read: what changes meanwhile is looked at again.
        seen = Skipped.make(files, "", Code.EDITED)
        refused, document = look(path, self.existing, self.naming, embed=self.embed)
        if refused is not None:
            ended = skipped(path, place.path, refused.code, refused.sentence)
            return replace(photo, ended=ended, skipped=replace(seen, reason=refused.sentence, code=refused.code))
        small = document is not None and len(document.data) <= KEPT
        return replace(photo, document=document if small else None)


def _finished(photo: Photo, place: Place, entries: list[Entry]) -> Result | None:
    """The result of a photo that an earlier run has finished, and that nobody has touched since."""
    stamp = photo.stamp
    if stamp is None or not any(entry.raw == stamp for entry in entries) or (data := place.read()) is None:
        return None
    now = Entry.make(stamp, data)
    entry = next((entry for entry in entries if entry == now), None)
    if entry is None:
        return None
    document = Document.parse(data, str(place.path))
    already = ({**document.values(), **written_in(document)}, place.path, "labelled already")
    result = Result(photo.path, "skipped", Code.LABELLED_ALREADY, *already, hdr=document.hdr)
    errors = None if entry.errors is None else dict(entry.errors)
    return replace(result, errors=errors, difference=entry.difference, why=entry.why, series=entry.series)


def _shot(path: Path) -> Shot:
    """What the file says of its shot; nothing where reading it will say what is wrong with it."""
    with contextlib.suppress(AutohdrError):
        return read_shot(path)
    return NOTHING


def stamp_of(path: Path) -> Stamp | None:
    """The stamp of a file; None where reading the file will say what is wrong with it."""
    try:
        return Stamp.of(path)
    except OSError:
        return None
