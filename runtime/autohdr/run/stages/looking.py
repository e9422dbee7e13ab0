"""Looks at photos before they are read: what is finished or edited is told from what is to be labelled."""

import contextlib
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path

from autohdr.codes import Code
from autohdr.errors import AutohdrError
from autohdr.files.changing.leftovers import remove_leftovers
from autohdr.files.look import Status, is_elsewhere, status
from autohdr.raw.decode import read_shot
from autohdr.run.results.report import Result
from autohdr.run.stages.kept import Found, Kept
from autohdr.run.stages.photo import Photo, skipped
from autohdr.run.state.journal import Entry, Journal, Skipped, Stamp, seen_of
from autohdr.run.stop import Stop
from autohdr.shot.shot import NOTHING, Shot
from autohdr.sidecar import Document, look
from autohdr.sidecar.looked import Where
from autohdr.sidecar.places import Place, places
from autohdr.sidecar.settings.further import written_in
from autohdr.words import Existing, Naming

FOLDERS = 1000
"""Folders that are remembered to be tidied."""
GROUP = 16
"""Photos on a disk that are looked at in one go: to look at one takes no longer than to hand it to a thread."""
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


def groups(asked: Iterable[Asked]) -> Iterator[list[Asked]]:
    """Yields photos in groups of `GROUP`, in order; objects one by one, as each is asked for over a network."""
    group: list[Asked] = []
    for one in asked:
        alone = is_elsewhere(one.path)
        if group and (alone or len(group) == GROUP):
            yield group
            group = []
        if alone:
            yield [one]
        else:
            group.append(one)
    if group:
        yield group


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
    kept: Kept | None = None
    """What may know of photos what their files say; None where nothing is kept."""
    _tidied: Callable[[Path], None] = field(default_factory=lambda: lru_cache(FOLDERS)(remove_leftovers))
    """Removes what runs that were killed have left in a folder, once as long as that is remembered."""
    _disk: threading.Lock = field(default_factory=threading.Lock)

    def look_at(self, group: Sequence[Asked]) -> list[Photo]:
        """The photos of a group, as of `look`, each with what is known of its place among the others."""
        with one_at_a_time(group[0].path, self._disk):
            stats = [status_of(one.path) for one in group]
            paths = [one.path for one in group]
            found = [None] * len(group) if self.kept is None else self.kept.found([*zip(paths, stats, strict=True)])
            return [self._look(*one) for one in zip(group, stats, found, strict=True)]

    def shot(self, photo_and_owner: tuple[Path, Path]) -> Shot:
        """What the file of a photo says of its shot; nothing where `look` would not ask it."""
        path, owner = photo_and_owner
        try:
            if path not in (owner, places(path, self.naming, embed=self.embed)[0].path):
                return NOTHING
            status_of(path)
            return _shot(path)
        except Exception:
            return NOTHING

    def look(self, photo_and_owner: tuple[Path, Path]) -> Photo:
        """The photo, ended where nothing is to be done, with what its file says of its shot."""
        return self._look(Asked(*photo_and_owner), status_of(photo_and_owner[0]), None)

    def _look(self, asked: Asked, known: Status | None, found: Found | None) -> Photo:
        path, photo = asked.path, Photo(asked.path, begins=asked.begins, block=asked.block, behind=asked.behind)
        try:
            if not self.dry_run:
                self._tidied(path.parent)
            where = places(path, self.naming, embed=self.embed)
            if path not in (asked.owner, where[0].path):
                shared = f"{path}: its sidecar belongs to {asked.owner.name}; give one of them another name"
                return replace(photo, ended=Result(path, "skipped", Code.OTHERS_SIDECAR, reason=shared))
            photo = _described(photo, known, found, asked.shot)
            return self._looked_at(photo, where, known)
        except Exception as error:
            return photo if self.stop is not None and self.stop.by(error) else photo.over(error)

    def _looked_at(self, photo: Photo, where: Where, known: Status | None) -> Photo:
        path, (place, other) = photo.path, where
        noted = self.journal.noted(path)
        if (already := _finished(photo, place, [one for one in noted if isinstance(one, Entry)])) is not None:
            return replace(photo, ended=already)
        # Before they are read: what changes meanwhile is looked at again.
        seen = seen_of((path, place.path, None if other is None else other.path), {path: known})
        for before in noted:
            if isinstance(before, Skipped) and before.files == seen:
                return replace(photo, ended=skipped(path, place.path, before.code, before.reason))
        looked = look(path, self.existing, self.naming, embed=self.embed, where=where)
        if (refused := looked.refused) is not None:
            ended = skipped(path, place.path, refused.code, refused.sentence)
            return replace(photo, ended=ended, skipped=Skipped(seen, refused.sentence, refused.code))
        return photo if len(looked.held or b"") > KEPT else replace(photo, looked=looked)


def _described(photo: Photo, known: Status | None, found: Found | None, shot: Shot | None) -> Photo:
    """A photo with its stamp and what is kept of it; else with its shot, which is read where nobody has."""
    stamp = None if known is None else Stamp(known.size, known.content)
    if found is None:
        return replace(photo, stamp=stamp, shot=_shot(photo.path) if shot is None else shot)
    return replace(
        photo,
        stamp=stamp,
        shot=found.shot,
        key=found.key,
        view=found.view,
        glance=found.glance,
        brightness=found.brightness,
        decoder=found.decoder,
        white_balance=found.white_balance,
    )


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
    known = status_of(path)
    return None if known is None else Stamp(known.size, known.content)


def status_of(path: Path) -> Status | None:
    """What a file is known by; None where reading the file will say what is wrong with it."""
    try:
        return status(path)
    except OSError:
        return None
