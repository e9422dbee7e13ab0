"""Decodes photos in threads and looks at them: those that a page shows come first, and nothing stays in memory."""

import contextlib
import threading
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from autohdr.develop import Scene
from autohdr.edits.prepared import CachedPixels, TensorCache
from autohdr.errors import AutohdrError
from autohdr.raw.decode import decode
from autohdr.raw.decoders.base import Decoder
from autohdr.raw.frame import RawFrame
from autohdr.raw.linear import upright
from autohdr.raw.prepare import Prepared, prepare_decoded, prepare_photo
from autohdr.raw.scene import scene_of, shape_of
from autohdr.series.glance import glance
from autohdr.style.description import describe
from autohdr.style.further.inputs import describe_beside
from autohdr.style.looking import BATCH, Looking
from autohdr_studio.memory import give_back_large_blocks
from autohdr_studio.shoot.photo import Photo
from autohdr_studio.shoot.prepared import scene_file
from autohdr_studio.shoot.prepared.store import DETAIL, SIZES, Kept, Size, Store

Ended = Callable[[Photo, Kept | Exception], None]
"""Called with each photo when it is decoded, and again when the network has seen it; or why not; by any thread."""


@dataclass(frozen=True, slots=True)
class Kitchen:
    """Prepares one photo after another; by any thread."""

    store: Store
    tensors: TensorCache
    decoder: Decoder
    packing: threading.Semaphore
    """Taken by whoever makes a scene, which takes 100 MB for as long."""
    again: threading.Semaphore
    """Taken by whoever decodes a photo whose scene has gone: a page may ask for many at once."""

    def recall(self, photo: Photo) -> Kept | None:
        """What is kept of a photo from before; None where it has to be decoded.

        Raises:
            OSError: the photo may not be looked at.
        """
        photo.key = self.store.key(photo.path)
        return self.store.read(photo.key)

    def decode(self, photo: Photo) -> Kept:
        """Decodes a photo, and keeps its scenes; the features are still missing.

        Raises:
            RawError, FileError: it cannot be decoded; nothing can be kept.
        """
        photo.key = self.store.key(photo.path)
        frames: list[RawFrame] = []
        known: list[float | None] = []
        preview = self.tensors.spec.source != "raw"

        def prepared(path: Path) -> Prepared:
            if preview:
                return prepare_photo(path, self.tensors.spec)
            frames.append(decode(path, self.decoder))
            made = prepare_decoded(frames[0], self.tensors.spec)
            known.append(made.brightness)
            return made

        tensor = self.tensors.prepare(photo.path, prepared)
        frame = frames.pop() if frames else decode(photo.path, self.decoder)
        if not known:
            known.append(None if preview else prepare_decoded(frame, self.tensors.spec).brightness)
        with self.packing:
            scene = scene_of(frame, SIZES[-1])
            height, width = upright(np.empty((*shape_of(frame, DETAIL), 0), np.float32), frame.flip).shape[:2]
            del frame  # some 50 MB
            self._write_scenes(photo.key, scene, SIZES[:1] if self.store.full else SIZES)
            del scene
        held = CachedPixels([photo.path], [tensor], self.tensors)
        pixels, spec, shot = np.asarray(held[0]), self.tensors.spec, held.shot(0)
        described, more = describe(pixels, spec, shot), describe_beside(pixels, spec, shot)
        seen = None if preview else glance(pixels, spec)
        nothing = np.empty(0, np.float32)
        return Kept(tensor, nothing, described, more, seen, shot, known[0], width, height)

    def scene(self, photo: Photo, size: Size) -> Path:
        """The file of a photo's scene, made again where it has gone.

        Raises:
            RawError, FileError: as `decode`.
        """
        assert photo.key is not None, "a photo that is ready has a key"
        path = self.store.scene(photo.key, size)
        if path.is_file():
            self.store.touch(path)
            return path
        with self.again:
            if path.is_file():
                return path
            frame = decode(photo.path, self.decoder)
            if size == DETAIL:
                with self.packing:
                    self.store.write_scene(photo.key, size, scene_file.write_light(scene_of(frame, size)))
            else:
                self._write_scenes(photo.key, scene_of(frame, SIZES[-1]), (size,))
        return path

    def rename(self, photo: Photo) -> None:
        """Keeps what is known of a photo that was written into: its picture is the same."""
        if photo.key is None:
            return
        with contextlib.suppress(OSError):
            new = self.store.key(photo.path)
            if new != photo.key:
                self.store.rename(photo.key, new)
                photo.key = new

    def _write_scenes(self, key: str, scene: Scene, sizes: Sequence[Size]) -> None:
        """Writes a scene in these sizes."""
        for size in sizes:
            self.store.write_scene(key, size, scene_file.write(scene, size))


FIRST = 24
"""Photos that are wanted until a page says which: about as many as it shows at first."""
UNSEEN = 4 * BATCH
"""Decoded photos that wait for the network at most."""


class Preparing:
    """The threads that prepare the photos of a shoot. Photos that are wanted come first, then all in order; the network
    looks at none while a wanted one is still to be decoded, so that there is something to see soon."""

    def __init__(self, photos: Sequence[Photo], kitchen: Kitchen, looking: Looking, ended: Ended, threads: int) -> None:
        self._kitchen, self._looking, self._ended = kitchen, looking, ended
        self._waiting = {photo.id: photo for photo in photos}
        self._wanted = deque([photo.id for photo in photos[:FIRST]])
        self._early: deque[str] = deque()
        self._unseen: deque[tuple[Photo, Kept]] = deque()
        self._busy = 0
        self._stopped = False
        self._change = threading.Condition()
        self.eyes = threading.Lock()
        """Held by whoever uses the network."""
        self._threads = [threading.Thread(target=self._decode, name=f"decode-{index}") for index in range(threads)]
        self._threads.append(threading.Thread(target=self._look, name="look"))

    def start(self) -> None:
        """Begins."""
        give_back_large_blocks()
        for thread in self._threads:
            thread.start()

    def want(self, ids: Iterable[str]) -> None:
        """Puts photos first, in this order; others that were wanted before are not any more."""
        with self._change:
            self._wanted = deque(ids)

    def begin_with(self, ids: Iterable[str]) -> None:
        """Puts photos before all that are not wanted more."""
        with self._change:
            self._early.extend(ids)

    def stop(self) -> None:
        """Ends; what is under way is finished first."""
        with self._change:
            self._stopped = True
            self._change.notify_all()
        for thread in self._threads:
            thread.join()

    def _next(self) -> Photo | None:
        with self._change:
            if self._stopped or not self._waiting:
                return None
            self._busy += 1
            while first := self._wanted or self._early:
                if (photo := self._waiting.pop(first.popleft(), None)) is not None:
                    return photo
            return self._waiting.pop(next(iter(self._waiting)))

    def _decode(self) -> None:
        while (photo := self._next()) is not None:
            try:
                kept = self._kitchen.recall(photo)
                if kept is None:
                    kept = self._kitchen.decode(photo)
                    self._ended(photo, kept)
                    self._see(photo, kept)
                else:
                    self._ended(photo, kept)
            except Exception as error:
                self._ended(photo, error)
            finally:
                with self._change:
                    self._busy -= 1
                    self._change.notify_all()

    def _see(self, photo: Photo, kept: Kept) -> None:
        """Hands a decoded photo over to the network; waits while many are."""
        with self._change:
            self._change.wait_for(lambda: len(self._unseen) < UNSEEN or self._stopped)
            self._unseen.append((photo, kept))
            self._change.notify_all()

    def _look(self) -> None:
        while True:
            with self._change:
                self._change.wait_for(self._may_look)
                if not self._unseen or self._stopped:
                    return
                batch = [self._unseen.popleft() for _ in range(min(BATCH, len(self._unseen)))]
                self._change.notify_all()
            give_back_large_blocks()
            self._answer(batch)

    def _may_look(self) -> bool:
        """Whether there is something to look at, and nobody waits for a picture; or it is over."""
        if self._stopped or not (self._waiting or self._busy):
            return True
        return len(self._unseen) >= UNSEEN or (bool(self._unseen) and not any(map(self._waiting.get, self._wanted)))

    def _answer(self, batch: list[tuple[Photo, Kept]]) -> None:
        """Looks at some photos; one by one where the engine refuses one of them."""
        try:
            seen = self.features([photo for photo, _ in batch], [kept.tensor for _, kept in batch])
        except AutohdrError as error:
            if len(batch) == 1:
                self._ended(batch[0][0], error)
                return
            for one in batch:
                self._answer([one])
            return
        for (photo, kept), row in zip(batch, seen, strict=True):
            whole = replace(kept, features=row)
            try:
                assert photo.key is not None
                self._kitchen.store.write(photo.key, whole)
            except AutohdrError as error:
                self._ended(photo, error)
                continue
            self._ended(photo, whole)

    def features(
        self, photos: Sequence[Photo], tensors: Sequence[Path]
    ) -> list[np.ndarray[tuple[int], np.dtype[np.float32]]]:
        """What the network sees of prepared photos, (F,) each."""
        pixels = CachedPixels([photo.path for photo in photos], tensors, self._kitchen.tensors)
        with self.eyes:
            found = self._looking.look(pixels, np.zeros(len(photos), dtype=bool)).features
        return [np.asarray(row, np.float32) for row in found]

    def in_other_light(self, pixels: CachedPixels) -> NDArray[np.float32]:
        """What the network sees of prepared photos in the light of each of `STOPS`, (N, 2, F)."""
        with self.eyes:
            found = self._looking.look(pixels, np.zeros(len(pixels), dtype=bool), range(len(pixels)))
        return np.asarray(found.copies, np.float32)
