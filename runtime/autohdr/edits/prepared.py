"""Prepared photos on disk: one memory-mapped file for each content and input spec, safe to share between processes."""

import contextlib
import hashlib
import io
import json
import os
import re
import time
import zlib
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autohdr.edits.left_out import LeftOut
from autohdr.edits.photos import LabelledPhoto
from autohdr.errors import AutohdrError, FileError
from autohdr.files.arrays import load_array
from autohdr.files.changing.leftovers import remove_leftovers
from autohdr.files.folders import cache_folder, make_folder, writable
from autohdr.files.whole import write_atomically
from autohdr.raw.decode import content_of
from autohdr.raw.prepare import READING, Prepared, prepare_photo
from autohdr.shot.shot import Shot
from autohdr.spec import InputSpec
from autohdr.system.processors import processors
from autohdr.system.progress import Progress

LIMIT = 20 * 10**9
"""Bytes that prepared photos take at most, by default: 33000 photos of 224 x 224 pixels."""
IN_USE = 86400.0
"""Seconds since its last use in which a file is not removed: another process may be learning from it."""
SHOT = 2048
"""Bytes that are kept for a shot's JSON: two names take at most 1536, if every character is escaped twice."""
_NAME = re.compile(r"[0-9a-f]{32}-[0-9a-f]{16}(-[0-9a-f]{12})?\.npy")
"""File names of a prepared photo, and of what a network sees of it (`autohdr.style.looking`)."""


def default_folder() -> Path:
    """The folder of prepared photos where the user names none; a temporary folder if it cannot be written."""
    return writable(cache_folder() / "prepared")


@dataclass(frozen=True, slots=True)
class TensorCache:
    """Prepared photos for one input spec. A file's name is its photo's SHA-256 and a digest of the spec and of how
    files are read; its time is that of its last use."""

    folder: Path
    spec: InputSpec
    limit: int = LIMIT
    """Bytes that the folder's files, of any spec, may take when `tidy` is done."""

    @property
    def record(self) -> np.dtype[Any]:
        """What one file holds: what the photo's file says of the shot, as JSON; the network's input (3, S, S); and the
        CRC-32 of both."""
        pixels = ("<f4", (3, self.spec.size, self.spec.size))
        return np.dtype([("shot", f"S{SHOT}"), ("pixels", *pixels), ("check", "<u4")])

    def prepare(self, photo: Path, preparing: Callable[[Path], Prepared] | None = None) -> Path:
        """The file that holds this photo's tensor, made now if it is not there or damaged. The folder exists.

        Args:
            photo: the RAW file.
            preparing: prepares it for the spec, where the caller decodes it for more than that.

        Raises:
            RawError: the photo cannot be read, decoded, or is of a kind not supported yet, or lacks the preview that
                the spec asks for.
            FileError: the disk is full, or the folder may not be written to.
        """
        content = content_of(photo)
        how = hashlib.sha256(f"{self.spec.digest} {READING}".encode()).hexdigest()[:16]
        path = self.folder / f"{content[:32]}-{how}.npy"
        if self._is_whole(path):
            with contextlib.suppress(OSError):  # a folder of another user's, which is no reason not to read it
                os.utime(path)
            return path
        prepared = prepare_photo(photo, self.spec) if preparing is None else preparing(photo)
        entry = np.zeros(1, dtype=self.record)
        entry["shot"] = json.dumps(prepared.shot.to_dict()).encode()
        entry["pixels"] = prepared.pixels
        entry["check"] = _check(entry)
        buffer = io.BytesIO()
        np.save(buffer, entry)
        try:
            write_atomically(path, buffer.getvalue())
        except FileError:
            # Windows does not replace a file that another process, which was quicker, has mapped.
            if not self._is_whole(path):
                raise
        return path

    def tidy(self, used: Collection[Path] = ()) -> None:
        """Remove the files that have not been used for longest, and what killed runs have left, until the limit is
        kept; none in `used`, and none that were used within a day, so that the limit may be passed for as long.
        """
        remove_leftovers(self.folder)
        files = []
        for path in self.folder.iterdir():
            with contextlib.suppress(OSError):  # another process was quicker
                if _NAME.fullmatch(path.name):
                    status = path.stat()
                    files.append((status.st_mtime, status.st_size, path))
        excess = sum(size for _, size, _ in files) - self.limit
        oldest = time.time() - IN_USE
        for when, size, path in sorted(files):
            if excess <= 0 or when > oldest:
                return
            if path not in used:
                with contextlib.suppress(OSError):  # Windows: it is mapped
                    path.unlink()
                    excess -= size

    def _is_whole(self, path: Path) -> bool:
        try:
            entry = load_array(path, mapped=True)
        except (OSError, ValueError, EOFError):
            return False
        return bool(entry.dtype == self.record and entry.shape == (1,) and entry["check"][0] == _check(entry))


class CachedPixels:
    """Tensors by index, each read from its file when it is asked for: memory stays flat however many there are.

    A file that has gone meanwhile is made again.
    """

    def __init__(self, photos: Sequence[Path], paths: Sequence[Path], cache: TensorCache) -> None:
        self.photos = photos
        self.paths = paths
        """The file of each photo."""
        self.cache = cache

    def __len__(self) -> int:
        return len(self.paths)

    def __getitem__(self, index: int) -> NDArray[np.floating]:
        """One network input (3, S, S).

        Raises:
            RawError: the file has gone, and the photo with it.
            FileError: the file has gone, and cannot be written again.
        """
        pixels: NDArray[np.floating] = self._entry(index)["pixels"][0]
        return pixels

    def shot(self, index: int) -> Shot:
        """What a photo's file says beside pixels.

        Raises:
            RawError: as `__getitem__`.
            FileError: as `__getitem__`.
        """
        return Shot.from_dict(json.loads(self._entry(index)["shot"][0]))

    def captured(self) -> NDArray[np.float64]:
        """Capture times (N,), seconds; NaN where unknown."""
        times = [self.shot(index).captured for index in range(len(self))]
        return np.array([np.nan if time is None else time for time in times], dtype=np.float64)

    def _entry(self, index: int) -> NDArray[Any]:
        try:
            entry: NDArray[Any] = load_array(self.paths[index], mapped=True)
        except FileNotFoundError:
            make_folder(self.cache.folder, "--cache")
            entry = load_array(self.cache.prepare(self.photos[index]), mapped=True)
        return entry


def prepare_all(
    photos: list[LabelledPhoto], cache: TensorCache, *, threads: int | None = None
) -> tuple[list[LabelledPhoto], CachedPixels, list[LeftOut]]:
    """Every photo's tensor, decoded on `threads` threads (default: one a core) with a progress bar on a terminal.

    Returns the photos that could be read, their tensors in the same order, and the others with a sentence each. Then
    the cache is made to keep its limit.

    Raises:
        SettingsError: the cache folder cannot be made.
        FileError: nothing can be written there.
    """
    make_folder(cache.folder, "--cache")

    def attempt(photo: LabelledPhoto) -> Path | LeftOut:
        try:
            return cache.prepare(photo.path)
        except FileError:  # of the cache, so it is not this photo's fault
            raise
        except Exception as error:
            return _unreadable(photo.path, error)

    used: list[LabelledPhoto] = []
    paths: list[Path] = []
    left_out: list[LeftOut] = []
    with ThreadPoolExecutor(threads or processors()) as pool:
        done = Progress(pool.map(attempt, photos), total=len(photos), desc="preparing", unit="RAW", disable=None)
        for photo, result in zip(photos, done, strict=True):
            if isinstance(result, LeftOut):
                left_out.append(result)
            else:
                used.append(photo)
                paths.append(result)
    cache.tidy(set(paths))
    return used, CachedPixels([photo.path for photo in used], paths, cache), left_out


def _check(entry: NDArray[Any]) -> int:
    """The CRC-32 of a record, without the bytes that hold the CRC-32 itself."""
    return zlib.crc32(entry.tobytes()[: -entry.dtype["check"].itemsize])


def _unreadable(photo: Path, error: Exception) -> LeftOut:
    """Why a photo is left out that could not be prepared. One bad file never stops the others, not even through a bug
    of ours; but then it is called a bug.
    """
    if isinstance(error, AutohdrError):
        return LeftOut(photo, "unreadable RAW", str(error), cause=error.code)
    reason = f"{photo}: {type(error).__name__}: {error}; this is a bug, please report it"
    return LeftOut(photo, "a bug of autohdr's", reason)
