"""Writes what the photographer decides: edits, labels, a style; and takes them back."""

import contextlib
import threading
from collections.abc import Callable, Generator, Mapping, Sequence
from pathlib import Path
from typing import Any

from autohdr.errors import AutohdrError, CatalogError, SettingsError, SidecarError
from autohdr.run.results.report import Result
from autohdr.run.stop import Stop
from autohdr.sidecar.settings.develop import NOTHING
from autohdr.sidecar.undo import undo
from autohdr.style.file import earlier_style, save_style
from autohdr_studio.shoot.learnt.learner import Learner
from autohdr_studio.shoot.photo import Photo
from autohdr_studio.shoot.shoot import Shoot
from autohdr_studio.shoot.written import moved
from autohdr_studio.shoot.written.journal import Journal
from autohdr_studio.shoot.written.labelling import outcome, write_labels
from autohdr_studio.shoot.written.labelling import told as told_of
from autohdr_studio.shoot.written.saving import Saving

SHOWN = 200
"""Photos of which a dry run says what would change; of all it says how many."""


class Writer:
    """Writes into the folders of a shoot. Its methods are called by any thread, one at a time."""

    def __init__(
        self,
        shoot: Shoot,
        learner: Learner,
        journal: Journal,
        where: tuple[list[Path], Path],
        *,
        readonly: bool = False,
    ) -> None:
        self._shoot, self._learner, self._journal, self._where = shoot, learner, journal, where
        self._saving = Saving(journal)
        shoot.saved_over = self._saving.saved_over
        self._of = {photo.path: photo for photo in shoot.photos}
        self._job: threading.Thread | None = None
        self._busy = False
        self._stop = Stop(threading.Event())
        self.readonly = shoot.readonly = readonly

    def recover(self) -> None:
        """Ends what a studio that was killed had begun, and reads what is known of the photos from before."""
        for photo in self._shoot.photos:
            photo.excluded = self._journal.excluded(photo.path)
            if not self._journal.steps(photo.path):
                continue
            if not self.readonly:
                try:
                    self._saving.recover(photo.path)
                except AutohdrError as error:
                    photo.note = str(error)
            photo.undoable = self._saving.can_restore(photo.path)

    def look_again(self) -> int:
        """Reads again what other programs have changed beside the photos or in a catalog; returns of how many."""
        try:
            self._shoot.catalogs.read_again()
        except CatalogError as error:
            self._shoot.listener("note", {"sentence": self._shoot.sentence(str(error))})
        return self._changed_since()

    def _changed_since(self) -> int:
        with self._shoot.writing:
            changed = self._shoot.changed()
            if changed:
                self._changed(changed)
        return len(changed)

    def stop(self) -> None:
        """Ends what is under way, with everything whole."""
        self._stop.asked.set()
        if self._job is not None:
            self._job.join()

    def edit(self, photo: Photo, values: Sequence[object], also: Mapping[str, object] = NOTHING) -> None:
        """Saves an edit of the photographer's.

        Args:
            photo: one of the shoot.
            values: eight, in the order of `SLIDERS`, in Lightroom's units.
            also: white balance and further sliders that were moved, as of `moved.beside`.

        Raises:
            SettingsError: they are no numbers in range, or the shoot is open for reading only.
            SidecarError: a catalog holds the photo's edit and its file does not; or as `Saving.save`.
            FileError: as `Saving.save`.
        """
        wanted = moved.eight(values)
        with self._writing():
            standing, kept = photo.standing, self._shoot.catalogs.kept(photo.path)
            if standing.fixed:
                raise SidecarError(f"{photo.path.name}: {standing.note or standing.refused}")
            own = standing.settings if standing.own else None
            mode = self._shoot.mode if own is None else own.mode
            beside = moved.beside(also, mode, balance=photo.light() is not None)
            rest = photo.label.also if own is None and photo.label is not None else NOTHING
            over = None if kept is None else kept.digest
            self._saving.save(photo.path, wanted, mode, rest, beside, over)
            self._changed([photo])

    def restore(self, photo: Photo) -> None:
        """Takes the last edit of a photo back.

        Raises:
            SettingsError, SidecarError, FileError: as `Saving.restore`.
        """
        with self._writing():
            self._saving.restore(photo.path)
            self._changed([photo])

    def exclude(self, photo: Photo, *, excluded: bool) -> None:
        """Leaves a photo out: it is neither labelled nor learnt from nor asked for; or takes it in again.

        Raises:
            SettingsError, FileError: it cannot be written down.
        """
        with self._writing():
            self._journal.exclude(photo.path, excluded=excluded)
            with self._shoot.lock:
                photo.excluded = excluded
            self._shoot.tell(photo)
        self._learner.request()

    def write(self, photos: Sequence[Photo], *, dry: bool) -> dict[str, Any]:
        """Writes the labels of photos in the background, or says what that would do.

        Raises:
            SettingsError: something else is being written, or the shoot is open for reading only.
            CatalogError: whether Lightroom has edited one of them meanwhile cannot be read.
        """
        self._shoot.catalogs.read_again()
        self._changed_since()
        chosen = [photo for photo in photos if photo.labelled and photo.label is not None]
        if not dry:
            self._begin(lambda: self._write(chosen), "write labels")
            return {"started": len(chosen)}
        results = [*self._results(chosen, Stop(threading.Event()), dry=True)]
        counts = {status: sum(outcome(one) == status for one in results) for status in _STATUSES}
        shown = [one for one in results if outcome(one) != "unchanged"][:SHOWN]
        first = self._shoot.catalogs.before([one.path for one in results if one.status == "labelled"])
        return {**counts, "photos": [self._told(one) for one in shown], "first": first}

    def undo(self, photos: Sequence[Photo]) -> dict[str, Any]:
        """Takes autohdr's labels back in the background; edits of the photographer's stay.

        Raises:
            SettingsError: as `write`.
        """
        self._begin(lambda: self._undo(photos), "undo labels")
        return {"started": len(photos)}

    def save_style(self, name: str) -> dict[str, Any]:
        """Saves the style, as the file that `autohdr label --style` takes, in the folder of the shoot.

        Raises:
            SettingsError: there is no style yet, the name is no plain one that ends in .style, or something else stands
                there.
            FileError: it cannot be written.
        """
        style = self._shoot.style
        if style is None:
            raise SettingsError("there is no style yet: edit five photos first")
        plain = Path(name).name == name and name.isprintable() and not set(name) & set('/\\:*?"<>|')
        if not plain or not name.endswith(".style") or len(name) > 100:
            raise SettingsError("the style's name is a plain file name that ends in .style, without folders")
        with self._writing():
            path = self._where[0][0] / name
            earlier_style(path)
            saved = save_style(path, style)
        return {"path": str(path), "sha256": saved.digest}

    def _writing(self) -> threading.RLock:
        if self.readonly:
            raise SettingsError("another run of autohdr works in this folder, so this studio only shows it")
        return self._shoot.writing

    def _changed(self, photos: Sequence[Photo]) -> None:
        """Reads photos again that were written, tells of them, and has the style follow."""
        for photo in photos:
            photo.undoable = self._saving.can_restore(photo.path)
        self._shoot.refresh(photos)
        self._shoot.on_edits()

    def _begin(self, job: Callable[[], "_Progress"], name: str) -> None:
        with self._writing():
            if self._busy:
                raise SettingsError("labels are being written or undone; wait until that is done")
            self._busy = True
            self._job = threading.Thread(target=self._run, args=(job,), name=name)
            self._job.start()

    def _run(self, job: Callable[[], "_Progress"]) -> None:
        try:
            progress = job()
        finally:
            self._busy = False
        progress.end(self._stop.reason)  # whoever hears it may begin the next

    def _write(self, photos: Sequence[Photo]) -> "_Progress":
        progress = _Progress(self._shoot, "write", len(photos))
        labelled: list[Path] = []
        self._stop = Stop(threading.Event())
        with contextlib.closing(self._results(photos, self._stop, dry=False)) as results:
            while not self._stop.now:
                with self._shoot.writing:
                    result = next(results, None)
                    if result is None:
                        break
                    photo = self._of[result.path]
                    if result.status == "labelled":
                        labelled.append(photo.path)
                        self._shoot.refresh([photo])
                told = self._told(result)
                progress.add(photo, told["status"], told["reason"])
        progress.then = self._shoot.catalogs.after(labelled)
        return progress

    def _results(self, photos: Sequence[Photo], stop: Stop, *, dry: bool) -> Generator[Result]:
        chosen = {photo.path for photo in photos}
        return write_labels(self._shoot.labels, self._shoot.photos, chosen, self._where, stop, dry=dry)

    def _told(self, result: Result) -> dict[str, Any]:
        sentence = None if result.reason is None else self._shoot.sentence(result.reason)
        return told_of(result, self._of[result.path], sentence)

    def _undo(self, photos: Sequence[Photo]) -> "_Progress":
        told = _Progress(self._shoot, "undo", len(photos))
        self._stop = Stop(threading.Event())
        for photo in photos:
            if self._stop.now:
                break
            with self._shoot.writing:
                results = undo(photo.path)
                if results:
                    self._shoot.refresh([photo])
            left = next((one for one in results if one.status == "left"), None)
            status = "unchanged" if not results else results[0].status if left is None else "left"
            reason = None if left is None or left.reason is None else self._shoot.sentence(left.reason)
            told.add(photo, status, reason)
        told.then = self._shoot.catalogs.after_undo(told.count("restored") + told.count("removed"))
        return told


_STATUSES = ("labelled", "unchanged", "skipped", "failed")


class _Progress:
    """Tells the listener how far a job is."""

    def __init__(self, shoot: Shoot, kind: str, total: int) -> None:
        self._shoot, self._kind, self._total = shoot, kind, total
        self._counts: dict[str, int] = {}
        self.then: str | None = None
        """What is to be done in Lightroom, in one sentence."""

    def add(self, photo: Photo, status: str, reason: str | None) -> None:
        self._counts[status] = self._counts.get(status, 0) + 1
        self._tell({"id": photo.id, "status": status, "reason": reason, "ended": False})

    def count(self, status: str) -> int:
        """How many photos have become this."""
        return self._counts.get(status, 0)

    def end(self, reason: str | None) -> None:
        self._tell({"id": None, "status": None, "reason": reason, "ended": True, "then": self.then})

    def _tell(self, facts: dict[str, Any]) -> None:
        done = sum(self._counts.values())
        told = {"kind": self._kind, "done": done, "total": self._total, "counts": dict(self._counts), **facts}
        self._shoot.listener("wrote", told)
