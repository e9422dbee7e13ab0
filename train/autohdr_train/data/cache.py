"""Prepared photos on disk: one memory-mapped file for each content and input spec, safe to share between processes."""

import hashlib
import io
import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from autohdr.errors import AutohdrError, FileError, RawError
from autohdr.files import write_atomically
from autohdr.raw.prepare import prepare_photo
from autohdr.spec import InputSpec
from autohdr_train.data.raw import LabelledPhoto, LeftOut
from autohdr_train.folders import make_folder


def default_folder() -> Path:
    """Where prepared photos are kept unless the user says otherwise: `~/.cache/autohdr`, as XDG_CACHE_HOME has it."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "autohdr" / "prepared"


@dataclass(frozen=True, slots=True)
class TensorCache:
    """Prepared photos for one input spec. A file's name is its photo's SHA-256 and the spec's digest."""

    folder: Path
    spec: InputSpec

    @property
    def record(self) -> np.dtype[Any]:
        """What one file holds: capture time in seconds (NaN: unknown), and the network's input (3, S, S)."""
        return np.dtype([("captured", "<f8"), ("pixels", "<f4", (3, self.spec.size, self.spec.size))])

    def prepare(self, photo: Path) -> Path:
        """The file that holds this photo's tensor, made now if it is not there or damaged. The folder exists.

        Raises:
            RawError: the photo cannot be read, decoded, or is of a kind not supported yet, or lacks the preview that
                the spec asks for.
            FileError: the disk is full, or the folder may not be written to.
        """
        try:
            with photo.open("rb") as file:
                content = hashlib.file_digest(file, "sha256").hexdigest()
        except OSError as error:
            raise RawError(f"{photo}: cannot be read ({error.strerror}); check that it exists") from error
        path = self.folder / f"{content[:32]}-{self.spec.digest}.npy"
        if not self._is_whole(path):
            prepared = prepare_photo(photo, self.spec)
            entry = np.zeros(1, dtype=self.record)
            entry["captured"] = np.nan if prepared.captured is None else prepared.captured
            entry["pixels"] = prepared.pixels
            buffer = io.BytesIO()
            np.save(buffer, entry)
            write_atomically(path, buffer.getvalue())
        return path

    def _is_whole(self, path: Path) -> bool:
        try:
            entry = np.load(path, mmap_mode="r")
        except (OSError, ValueError, EOFError):
            return False
        return bool(entry.dtype == self.record and entry.shape == (1,))


class CachedPixels:
    """Tensors by index, each read from its file when it is asked for: memory stays flat however many there are."""

    def __init__(self, paths: list[Path]) -> None:
        self.paths = paths

    def __len__(self) -> int:
        return len(self.paths)

    def __getitem__(self, index: int) -> NDArray[np.floating]:
        """One network input (3, S, S)."""
        pixels: NDArray[np.floating] = np.load(self.paths[index], mmap_mode="r")["pixels"][0]
        return pixels

    def captured(self) -> NDArray[np.float64]:
        """Capture times (N,), seconds; NaN where unknown."""
        return np.array([np.load(path, mmap_mode="r")["captured"][0] for path in self.paths], dtype=np.float64)


def prepare_all(
    photos: list[LabelledPhoto], cache: TensorCache, *, workers: int | None = None
) -> tuple[list[LabelledPhoto], CachedPixels, list[LeftOut]]:
    """Every photo's tensor, decoded on `workers` threads (default: one a core) with a progress bar on a terminal.

    Returns the photos that could be read, their tensors in the same order, and the others with a sentence each.

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
    with ThreadPoolExecutor(workers or os.cpu_count()) as pool:
        done = tqdm(pool.map(attempt, photos), total=len(photos), desc="preparing", unit="RAW", disable=None)
        for photo, result in zip(photos, done, strict=True):
            if isinstance(result, LeftOut):
                left_out.append(result)
            else:
                used.append(photo)
                paths.append(result)
    return used, CachedPixels(paths), left_out


def _unreadable(photo: Path, error: Exception) -> LeftOut:
    """One bad file never stops the others, not even through a bug of ours; but then it is called one."""
    if isinstance(error, AutohdrError):
        return LeftOut(photo, "unreadable RAW", str(error))
    reason = f"{photo}: {type(error).__name__}: {error}; this is a bug, please report it"
    return LeftOut(photo, "a bug of autohdr's", reason)
