"""Opens a shoot: finds its photos, reads their edits, prepares them in the background, and tells what happens."""

import contextlib
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autohdr.catalog.kept import KeptEntry
from autohdr.codes import Code
from autohdr.develop.auto import auto, auto_white_balance
from autohdr.edits.prepared import CachedPixels, TensorCache
from autohdr.errors import AutohdrError, SettingsError
from autohdr.mode import Mode
from autohdr.model.info import ModelFile
from autohdr.raw.decode import open_decoder, read_shot
from autohdr.review.places import Places, name_of
from autohdr.run.catalogs import Found
from autohdr.run.state.journal import Stamp
from autohdr.sidecar import Owners
from autohdr.sliders import SLIDERS
from autohdr.style.confidence.reason import Reason
from autohdr.style.file import Style
from autohdr.style.looking import Looking
from autohdr_studio.shoot.beside import tables
from autohdr_studio.shoot.grouping import series_of
from autohdr_studio.shoot.in_catalogs import InCatalogs
from autohdr_studio.shoot.learnt.answers import Labels
from autohdr_studio.shoot.photo import Photo, name_photos
from autohdr_studio.shoot.prepared import scene_file
from autohdr_studio.shoot.prepared.preparing import Kitchen, Preparing
from autohdr_studio.shoot.prepared.store import Kept, Size, make_store
from autohdr_studio.shoot.standing import Shown, Standing, read_standings, stamps

CHUNK = 50
"""Photos whose sidecars are read at once: whoever saves an edit meanwhile waits as long."""
Listener = Callable[[str, dict[str, Any]], None]
"""Called with what happens: the kind of event, and what to say of it; by any thread, and it must not wait."""


class Shoot:
    """Holds an open shoot. Its methods are called by any thread."""

    def __init__(
        self,
        found: Found,
        catalogs: InCatalogs,
        model: ModelFile,
        style: Style | None,
        looker: Looking,
        cache: Path,
        threads: int,
    ) -> None:
        """Takes the photos that were found, and what catalogs say of them; nothing is decoded before `start`.

        Raises:
            SettingsError: there is no RAW file.
            ModelError: the style was learnt on another network.
            FileError: the cache folder cannot be made.
        """
        if not found.photos:
            named = catalogs.name or ", ".join(map(str, found.named))
            raise SettingsError(f"there is no RAW file in {named}; name a folder or a catalog of some")
        self.paths, self.catalogs = found.named, catalogs
        self.model, self.style = model, style
        if style is not None:
            style.refuse_other(model)
        self._places = Places(self.paths, cache)
        self.photos = name_photos(found.photos, {path: self._places.folder(path) for path in found.photos})
        self.by_id = {photo.id: photo for photo in self.photos}
        self.lock = threading.RLock()
        """Held by whoever changes a photo; for no longer than that takes."""
        self.writing = threading.RLock()
        """Held by whoever writes beside the photos, or into the journal. Taken before the other one, never after it."""
        self.readonly = False
        self.on_edits: Callable[[], None] = lambda: None
        """Called when the edits that can be learnt from are others."""
        self.saved_over: Callable[[Path], str | None] = lambda photo: None
        """Told a photo, says over which entry of a catalog (its digest) the edit was saved that stands in its file."""
        self.listener: Listener = lambda kind, told: None
        tensors = TensorCache(cache, model.info.spec)
        rooms = threading.Semaphore(max(1, threads // 2)), threading.Semaphore(max(1, threads // 2))
        self._kitchen = Kitchen(make_store(cache, model), tensors, open_decoder(), *rooms)
        self._preparing = Preparing(self.photos, self._kitchen, looker, self._ended, threads)
        self._done = self._failed = 0
        self._unread = len(self.photos)
        self._begun = time.monotonic()
        self._reader = threading.Thread(target=self._read, name="read")
        self._stopping = threading.Event()
        self._grouping = threading.Lock()

    @property
    def name(self) -> str:
        """What the shoot is called: its catalog or its folder, without those above it."""
        if self.catalogs.name is not None:
            return self.catalogs.name
        first = self.paths[0]
        return name_of(first if first.is_dir() else first.absolute().parent)

    @property
    def mode(self) -> Mode:
        """The mode of the labels."""
        return self.model.info.mode if self.style is None else self.style.mode

    def start(self) -> None:
        """Begins to read and to prepare the photos."""
        self._begun = time.monotonic()
        self._reader.start()
        self._preparing.start()

    def stop(self) -> None:
        """Ends all threads, with everything whole."""
        self._stopping.set()
        self._preparing.stop()
        self._reader.join()

    def to_dict(self) -> dict[str, Any]:
        """The whole shoot, as a page asks for it first."""
        with self.lock:
            return {
                "name": self.name,
                **tables(),
                "photos": [photo.to_dict(self.mode) for photo in self.photos],
                "style": self.style_dict(),
                "progress": self.progress(),
                "readonly": self.readonly,
                "notes": self.notes(),
                "mode": self.mode.to_dict(),
            }

    def style_dict(self) -> dict[str, Any] | None:
        """What the style is; None where the labels are the model's own."""
        if self.style is None:
            return None
        return {**self.style.to_dict(), "sha256": self.style.digest}

    def progress(self) -> dict[str, Any]:
        """How many photos are prepared and their settings read, how many of them failed, photos a second, and the
        seconds that are left."""
        failed, total = self._failed, len(self.photos)
        done = min(self._done, total - self._unread)
        seconds = time.monotonic() - self._begun
        rate = done / seconds if seconds > 0 and done else None
        left = None if rate is None else (total - done) / rate
        return {"done": done, "total": total, "failed": failed, "rate": rate, "left": left}

    def photo_dict(self, photo: Photo, why: Reason | None = None) -> dict[str, Any]:
        """One photo, as a page is told of it; with the reason of its label, where somebody asked."""
        with self.lock:
            return photo.to_dict(self.mode, why)

    def want(self, ids: Iterable[str]) -> None:
        """Prepares these photos before all others."""
        self._preparing.want(ids)

    def scene(self, photo: Photo, size: Size) -> Path:
        """The file of the scene of a photo that is ready.

        Raises:
            RawError, FileError: it has gone, and cannot be made again.
        """
        return self._kitchen.scene(photo, size)

    def auto(self, photo: Photo) -> tuple[list[float], tuple[float, float] | None]:
        """The eight sliders that Auto sets for a photo, in the order of `SLIDERS`, and the Temperature and Tint that
        Auto sets for white balance; None where its light as shot is not known.

        Raises:
            RawError, FileError, PhotoError: its scene has gone and cannot be made again, or is empty.
        """
        scene = scene_file.read(self.scene(photo, 1600).read_bytes())
        found = auto(scene)
        values = [float(getattr(found, slider.name.lower())) for slider in SLIDERS]
        return values, None if photo.light() is None else auto_white_balance(scene)

    def tell(self, photo: Photo) -> None:
        """Tells the listener of a photo that changed."""
        self.listener("photo", self.photo_dict(photo))

    def refresh(self, photos: Sequence[Photo]) -> None:
        """Reads again what stands beside photos, and tells of those where it is something else."""
        files = [self._files(photo.path) for photo in photos]
        standings = read_standings([one.path for one in photos], Owners(), self._shown)
        for photo, now, its in zip(photos, map(self._sayable, standings), files, strict=True):
            self._kitchen.rename(photo)
            with self.lock:
                before, photo.standing = photo.standing, now
                photo.files = its
            if before.facts != now.facts:
                self.tell(photo)

    def _shown(self, photo: Path) -> Shown | None:
        """What Lightroom shows of a photo."""
        kept = self.catalogs.kept(photo)
        if kept is None:
            return None
        over, saved = self.saved_over(photo) == kept.digest, self.catalogs.has_saved(photo)
        return Shown(self.catalogs.catalog_of(photo), kept.entry(), over, saved)

    def _files(self, photo: Path) -> tuple[Stamp | KeptEntry | None, ...]:
        """What the settings of a photo stand in, as it is now: they are read again where it is something else."""
        return (*stamps(photo), self.catalogs.kept(photo))

    def _sayable(self, now: Standing) -> Standing:
        return now if now.refused is None else replace(now, refused=self.sentence(now.refused))

    def changed(self) -> list[Photo]:
        """The photos beside which, or in which, somebody has written since they were read, or in a catalog of them."""
        return [photo for photo in self.photos if photo.read and photo.files != self._files(photo.path)]

    @property
    def labels(self) -> Labels:
        """What makes the labels now."""
        return Labels(self.model, self.style, self._kitchen.decoder)

    @property
    def settled(self) -> bool:
        """Whether all edits are read, and their photos prepared."""
        with self.lock:
            if self._unread:
                return False
            edited = (photo for photo in self.photos if photo.standing.edit is not None)
            return all(photo.seen is not None or photo.state == "failed" for photo in edited)

    @property
    def tensors(self) -> TensorCache:
        """The prepared photos."""
        return self._kitchen.tensors

    def look_in_other_light(self, pixels: CachedPixels) -> NDArray[np.float32]:
        """Shows the network a photo in other light, as `Preparing.in_other_light` does."""
        return self._preparing.in_other_light(pixels)

    def _read(self) -> None:
        """Reads what stands beside all photos. Those with edits are prepared before others: all labels go by them."""
        for start in range(0, len(self.photos), CHUNK):
            if self._stopping.is_set():
                return
            part = self.photos[start : start + CHUNK]
            self._read_headers(part)
            with self.writing:  # what is saved meanwhile is read after it
                self.refresh(part)
            self._preparing.begin_with(photo.id for photo in part if photo.standing.edit is not None)
            with self.lock:
                self._unread -= len(part)
                if self.settled:
                    self.on_edits()
            self.listener("progress", self.progress())
        self._group()

    def _read_headers(self, photos: Sequence[Photo]) -> None:
        """Reads what the files of photos say of them, so that they stand in their order before they are decoded."""
        for photo in photos:
            if photo.kept is None:
                with contextlib.suppress(Exception):  # whoever decodes it says what is wrong with it
                    photo.header = read_shot(photo.path)
        self._tell_places(photos)

    def _ended(self, photo: Photo, found: Kept | Exception) -> None:
        """Notes that a photo is decoded, that it is looked at, or why it cannot be."""
        seen = isinstance(found, Kept) and bool(found.features.size)
        with self.lock:
            if isinstance(found, Kept):
                photo.state, photo.kept = "ready", found
            else:
                photo.state, photo.note, photo.label = "failed", self._sentence(photo, found), None
        if seen:
            self._label_first(photo)
        if seen or photo.state == "failed":
            self._count(photo)
            self.listener("progress", self.progress())
        self.tell(photo)

    def _label_first(self, photo: Photo) -> None:
        """Gives a photo the label of the style that there is, until the next is learnt."""
        while photo.label is None:
            labels = self.labels
            label = labels.of([photo]).get(photo.id)
            with self.lock:
                if self.style is not labels.style:  # it was learnt meanwhile
                    continue
                photo.label = photo.label or label
                return

    def _count(self, photo: Photo) -> None:
        """Counts a photo that is done; with the last one, and the last edit, all labels are made again."""
        with self.lock:
            self._done += 1
            self._failed += photo.state == "failed"
            last = self._done == len(self.photos)
            if last or (photo.standing.edit is not None and self.settled):
                self.on_edits()
        if last:
            self._group()

    def _group(self) -> None:
        """Divides the photos into series, and tells of those that are in another one now."""
        with self._grouping:
            found = series_of(self.photos)
            with self.lock:
                changed = [photo for photo in self.photos if photo.series != found.get(photo.id)]
                for photo in changed:
                    photo.series = found.get(photo.id)
        self._tell_places(changed)

    def _tell_places(self, photos: Sequence[Photo]) -> None:
        """Tells of many photos at once when they were taken, and of their series."""
        if photos:
            with self.lock:
                told = [{"id": photo.id, **photo.place()} for photo in photos]
            self.listener("photos", {"photos": told})

    def notes(self) -> list[str]:
        """What to know of the photos, in a sentence each; --root has to be told the whole path of what is missing."""
        notes = self.catalogs.notes([photo.path for photo in self.photos if not photo.standing.own])
        return [one.sentence if one.code == Code.MISSING_FILE else self.sentence(one.sentence) for one in notes]

    def sentence(self, text: str) -> str:
        """A sentence with files named as a page shows them: without the folders above the shoot."""
        return self._places.sentence(text)

    def _sentence(self, photo: Photo, error: Exception) -> str:
        if isinstance(error, AutohdrError):
            return self._places.sentence(str(error))
        if isinstance(error, OSError):
            return f"{photo.path.name} cannot be looked at ({error.strerror})"
        return f"{photo.path.name}: {type(error).__name__}: {error}; this is a bug, please report it"
