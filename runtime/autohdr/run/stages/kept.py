"""Keeps what was found in photos: another style, or a run after a dry run, neither reads nor decodes them again.

One SQLite file in the folder of caches, 2 to 6 kB a photo. A photo is known by its name, size and times, and what was
found in it counts for the network, engine, decoder and version of autohdr that found it. Whatever is wrong with the
file costs time alone.
"""

import contextlib
import hashlib
import json
import sqlite3
import threading
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autohdr.files.look import identity, status
from autohdr.raw.prepare import READING
from autohdr.run.stages.photo import Photo
from autohdr.series.glance import Glance
from autohdr.shot.shot import Shot
from autohdr.style.predict import Predictor
from autohdr.style.view import View

NAME = "seen-1.sqlite"
"""The number is the format's."""
MOST = 1_000_000
"""Photos that are kept; the oldest go first."""
COMMIT = 100
"""Photos after which the file is brought up to date."""
_WAIT = 1.0
"""Seconds that another process's writing is waited for."""
_ERRORS = (sqlite3.Error, OSError, ValueError, KeyError, TypeError)

Arrays = Mapping[str, NDArray[np.floating[Any]]]


class Kept:
    """What was found in photos by runs over them. Any thread may use it."""

    def __init__(self, file: sqlite3.Connection, predictor: Predictor, decoder: str, version: str) -> None:
        """Takes an open file, whose table is there, and what the photos are looked at with."""
        network = predictor.network
        by = (predictor.spec.digest, READING, network.model.digest, network.engine.name, decoder, version)
        self._file, self._predictor, self._by = file, predictor, repr(by)
        self._lock, self._new = threading.Lock(), 0

    def found(self, photo: Photo) -> Photo:
        """The photo with its key, and with what was found in it, where that is kept and holds all that is needed."""
        with contextlib.suppress(*_ERRORS):
            key = self._key(photo.path)
            with self._lock:
                row = self._file.execute("SELECT said, arrays, checked FROM seen WHERE key = ?", (key,)).fetchone()
            photo = replace(photo, key=key)
            return photo if row is None else self._as_found(photo, *row)
        return photo

    def keep(self, photo: Photo) -> None:
        """Keeps what was found in a photo that `found` was asked about."""
        if photo.key is None or photo.view is None:
            return
        arrays = _arrays(photo.view, photo.glance)
        parts = {name: (array.dtype.str, array.shape) for name, array in arrays.items()}
        about = {"decoder": photo.decoder, "white_balance": photo.white_balance, "brightness": photo.brightness}
        said = json.dumps({**about, "shot": photo.shot.to_dict(), "arrays": parts})
        data = b"".join(array.tobytes() for array in arrays.values())
        with contextlib.suppress(*_ERRORS), self._lock:
            row = (photo.key, said, data, zlib.crc32(data, zlib.crc32(said.encode())))
            self._file.execute("INSERT OR REPLACE INTO seen (key, said, arrays, checked) VALUES (?, ?, ?, ?)", row)
            self._new += 1
            if self._new % COMMIT == 0:
                self._file.commit()

    def moved(self, photo: Photo) -> None:
        """Knows a photo by what its file is now, whose picture is as it was: its label has gone into it."""
        if photo.key is not None:
            with contextlib.suppress(*_ERRORS), self._lock:
                row = (self._key(photo.path), photo.key)
                self._file.execute("UPDATE OR REPLACE seen SET key = ? WHERE key = ?", row)

    def close(self) -> None:
        """Brings the file up to date, and closes it."""
        with contextlib.suppress(*_ERRORS):
            if self._new:
                self._file.execute("DELETE FROM seen WHERE number <= (SELECT max(number) FROM seen) - ?", (MOST,))
            self._file.commit()
        self._file.close()

    def _key(self, path: Path) -> bytes:
        return hashlib.sha256(f"{identity(path)}\0{tuple(status(path))}\0{self._by}".encode(errors="replace")).digest()

    def _as_found(self, photo: Photo, text: str, data: bytes, checked: int) -> Photo:
        if zlib.crc32(data, zlib.crc32(text.encode())) != checked:
            return photo
        said = json.loads(text)
        arrays = dict(_read(said["arrays"], data))
        view = View(arrays["features"], arrays.get("described"), arrays.get("beside"))
        shown = Glance(arrays["levels"], arrays["tones"], arrays["colours"]) if "levels" in arrays else None
        if not self._predictor.goes_by(view) or (photo.block > 1 and shown is None):
            return photo
        read_as = replace(photo, view=view, shot=Shot.from_dict(said["shot"]), brightness=said["brightness"])
        return replace(read_as, glance=shown, decoder=said["decoder"], white_balance=said["white_balance"])


@contextlib.contextmanager
def keeping(folder: Path, predictor: Predictor, decoder: str, version: str) -> Iterator[Kept | None]:
    """Opens what is kept for a block; None where the folder cannot be used, or nothing is found in sensor data.

    Args:
        folder: of caches; made where it is not there.
        predictor: what photos are looked at with.
        decoder: the name of the decoder that was asked for.
        version: of autohdr.
    """
    opened = None
    if predictor.spec.source == "raw":
        with contextlib.suppress(*_ERRORS):
            folder.mkdir(parents=True, exist_ok=True)
            opened = _open(folder / NAME)
    if opened is None:
        yield None
        return
    with contextlib.closing(Kept(opened, predictor, decoder, version)) as kept:
        yield kept


def _open(path: Path) -> sqlite3.Connection:
    file = sqlite3.connect(path, timeout=_WAIT, check_same_thread=False)
    try:
        file.execute("PRAGMA synchronous = OFF")  # a power cut may damage it, and then photos are decoded again
        file.execute(
            "CREATE TABLE IF NOT EXISTS seen"
            " (number INTEGER PRIMARY KEY, key BLOB UNIQUE, said TEXT, arrays BLOB, checked INTEGER)"
        )
    except sqlite3.DatabaseError as error:
        file.close()
        if "locked" not in str(error):
            path.unlink(missing_ok=True)  # it is damaged; the next run begins anew
        raise
    return file


def _arrays(view: View, shown: Glance | None) -> Arrays:
    found: dict[str, NDArray[np.floating[Any]] | None] = {
        "features": view.features,
        "described": view.described,
        "beside": view.beside,
    }
    if shown is not None:
        found |= {"levels": shown.levels, "tones": shown.tones, "colours": shown.colours}
    return {name: array for name, array in found.items() if array is not None}


def _read(parts: Mapping[str, Any], data: bytes) -> Iterator[tuple[str, Any]]:
    at = 0
    for name, (kind, shape) in parts.items():
        size = int(np.prod(shape)) * np.dtype(kind).itemsize
        yield name, np.frombuffer(data[at : at + size], kind).reshape(shape)
        at += size
