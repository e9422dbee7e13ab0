"""Saves edits of the photographer's own, and takes them back to the byte, whatever happens in between.

A DNG is changed in place by `write_embedded`, which leaves a file beside it that leads back to what the DNG was. For an
edit of the photographer's that file is kept in the journal instead: else `autohdr undo` would take the edit back with
autohdr's own labels. It comes back to its place for the next edit, and when the edit is taken back.
"""

import contextlib
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from autohdr.errors import AutohdrError, SidecarError
from autohdr.files.changing.conditional import changed_meanwhile, remove
from autohdr.files.whole import read_bytes, write_atomically
from autohdr.mode import Mode
from autohdr.sidecar import Owners
from autohdr.sidecar.dng.dng_original import kept_originals
from autohdr.sidecar.dng.embedded import restore_embedded
from autohdr.sidecar.places import Inside, Place, places
from autohdr.sidecar.settings.develop import NOTHING
from autohdr.sidecar.xmp.values import Value
from autohdr_studio.shoot.written.journal import Journal, Step
from autohdr_studio.shoot.written.own import OwnEdit, plan_own


@dataclass(frozen=True, slots=True)
class Saving:
    """Saves into the sidecars of a shoot. Its caller holds the shoot's writing lock."""

    journal: Journal

    def save(
        self,
        photo: Path,
        values: Mapping[str, float],
        mode: Mode,
        also: Mapping[str, Value] = NOTHING,
        moved: Mapping[str, Value | None] = NOTHING,
        over: str | None = None,
    ) -> bool:
        """Writes an edit of the photographer's, as of `plan_own`; False where nothing had to change. `over` is a digest
        of what a catalog holds of the photo.

        Raises:
            FileError, SidecarError: as `plan_own`, or it cannot be written; the settings are as they were.
        """
        edit = plan_own(photo, values, mode, Owners(), also, moved)
        if edit is None:
            return False
        inside = isinstance(edit.place, Inside)
        kept = _kept(photo) if inside else {}
        earlier = self._lead(photo, edit.original) if inside else None
        first = inside and not kept and earlier is None
        self.journal.push(photo, Step(edit.original, digest(edit.data), kept, first=first, over=over))
        try:
            if earlier is not None:
                _put(photo, earlier)
            edit.place.write(edit.data, edit.original)
        except AutohdrError:
            self._settle(photo, edit)
            raise
        if inside:
            self._take_lead(photo)
        return True

    def can_restore(self, photo: Path) -> bool:
        """Whether the last edit of a photo can be taken back: what it wrote stands there still."""
        steps = self.journal.steps(photo)
        if not steps:
            return False
        try:
            now = places(photo, embed=True)[0].read()
        except AutohdrError:
            return False
        return now is not None and digest(now) == steps[-1].after

    def saved_over(self, photo: Path) -> str | None:
        """A digest of what a catalog held of a photo when the edit was saved that stands in its file; None where that
        is none of the studio's, or the shoot had no catalog."""
        steps = self.journal.steps(photo)
        return steps[-1].over if steps and steps[-1].over is not None and self.can_restore(photo) else None

    def restore(self, photo: Path) -> None:
        """Takes the last edit of a photo back.

        Raises:
            SidecarError: there is none, or the settings were changed by another program since.
            FileError: the system refuses.
        """
        steps = self.journal.steps(photo)
        if not steps:
            raise SidecarError(f"{photo.name}: there is no edit of this studio to take back")
        place, _ = places(photo, embed=True)
        step, now = steps[-1], place.read()
        if now != step.before:
            if now is None or digest(now) != step.after:
                raise changed_meanwhile(place.path)
            _bring_back(photo, place, step, now)
        self._drop(photo, step.before)

    def recover(self, photo: Path) -> None:
        """Ends what a studio that was killed has begun: afterwards the edit is made, or was never begun.

        Raises:
            FileError, SidecarError: the settings cannot be read.
        """
        steps = self.journal.steps(photo)
        if not steps:
            return
        place, _ = places(photo, embed=True)
        now, step = place.read(), steps[-1]
        if now == step.before:
            self._drop(photo, now)
        elif isinstance(place, Inside) and now is not None and digest(now) == step.after:
            self._take_lead(photo)

    def _settle(self, photo: Path, edit: OwnEdit) -> None:
        """Notes that an edit was not made, if it was not: a network disk may say so of one that was."""
        with contextlib.suppress(AutohdrError):
            if edit.place.read() == edit.original:
                self._drop(photo, edit.original)

    def _drop(self, photo: Path, now: bytes | None) -> None:
        """Notes that the last edit is gone, and `now` stands there again."""
        step, *_ = reversed(self.journal.steps(photo))
        self.journal.pop(photo)
        if not _is_inside(photo):
            return
        rest = self.journal.steps(photo)
        if rest and now is not None and digest(now) == rest[-1].after:
            self._take_lead(photo)
        elif not step.kept:
            if step.first and _kept(photo):  # it was killed within: what is behind the end of the photo goes, too
                with contextlib.suppress(SidecarError):
                    restore_embedded(photo)
            _put_kept(photo, {})

    def _lead(self, photo: Path, now: bytes | None) -> tuple[str, bytes] | None:
        """What leads an earlier edit back, where that is what stands in the DNG: its room is used again."""
        steps = self.journal.steps(photo)
        return steps[-1].original if steps and now is not None and digest(now) == steps[-1].after else None

    def _take_lead(self, photo: Path) -> None:
        """Moves what leads the last edit back from beside the DNG into the journal."""
        step = self.journal.steps(photo)[-1]
        for name, data in _kept(photo).items():
            if step.kept.get(name) != data:
                self.journal.lead(photo, name, data)
        _put_kept(photo, step.kept)


def digest(data: bytes) -> str:
    """SHA-256 of a document, in hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


def _bring_back(photo: Path, place: Place, step: Step, now: bytes) -> None:
    """Puts the document from before a step in the place of `now`."""
    if isinstance(place, Inside):
        if step.original is not None:
            _put(photo, step.original)
        if step.first:
            if not restore_embedded(photo):
                raise changed_meanwhile(photo)
            return
    if step.before is None:
        remove(place.path, now)
    else:
        place.write(step.before, now)


def _is_inside(photo: Path) -> bool:
    return isinstance(places(photo, embed=True)[0], Inside)


def _put(photo: Path, lead: tuple[str, bytes]) -> None:
    """Puts what leads a DNG back beside it."""
    name, data = lead
    write_atomically(photo.with_name(name), data, like=photo)


def _kept(photo: Path) -> dict[str, bytes]:
    """The files beside a DNG that lead back to what it was, by name."""
    return {path.name: read_bytes(path) or b"" for path in kept_originals(photo)}


def _put_kept(photo: Path, wanted: Mapping[str, bytes]) -> None:
    """Makes the files beside a DNG that lead it back those that are wanted."""
    for name, data in _kept(photo).items():
        if name not in wanted:
            remove(photo.with_name(name), data)
        elif wanted[name] != data:
            write_atomically(photo.with_name(name), wanted[name], like=photo)
