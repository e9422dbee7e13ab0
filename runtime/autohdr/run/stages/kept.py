"""Keeps what was found in photos: another style, or a run after a dry run, neither reads nor decodes them again.

One SQLite file in the folder of caches, 2 to 6 kB a photo. A photo is known by its name, size and times, and what was
found in it counts for the network, engine, decoder and version of autohdr that found it. Photos are looked up some at a
time, when they are looked at, and what is kept of one says of its shot what its file would. Whatever is wrong with the
kept file costs time alone.
"""

import contextlib
import hashlib
import json
import math
import sqlite3
import threading
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autohdr.files.look import Identities, Status, status
from autohdr.raw.frame import WhiteBalanceSource
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


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """What is kept of a photo; each as of `Photo`."""

    key: bytes
    view: View
    glance: Glance | None
    shot: Shot
    brightness: float | None
    decoder: str | None
    white_balance: WhiteBalanceSource | None


class Kept:
    """What was found in photos by runs over them. Any thread may use it."""

    def __init__(self, file: sqlite3.Connection, predictor: Predictor, decoder: str, version: str) -> None:
        """Takes an open file, whose table is there, and what the photos are looked at with."""
        network = predictor.network
        by = (predictor.spec.digest, READING, network.model.digest, network.engine.name, decoder, version)
        self._file, self._predictor, self._by = file, predictor, repr(by)
        self._lock, self._new = threading.Lock(), 0
        self._identities = Identities()

    def found(self, photos: Sequence[tuple[Path, Status | None]]) -> list[Found | None]:
        """What is kept of some photos, in order; None where it is not, or lacks what labels go by.

        Args:
            photos: each with what its file is known by; None where it could not be looked at.
        """
        with contextlib.suppress(*_ERRORS):
            keys = [None if known is None else self._key(path, known) for path, known in photos]
            asked = [key for key in keys if key is not None]
            marks = ",".join("?" * len(asked))
            with self._lock:
                rows = self._file.execute(
                    f"SELECT key, said, arrays, checked FROM seen WHERE key IN ({marks})",
                    asked,
                ).fetchall()
            held = {row[0]: self._as_found(*row) for row in rows}
            return [None if key is None else held.get(key) for key in keys]
        return [None] * len(photos)

    def key(self, photo: Path) -> bytes | None:
        """The key under which what is found in a photo's file, as it is now, is kept; None where it has none."""
        with contextlib.suppress(*_ERRORS):
            return self._key(photo, status(photo))
        return None

    def keep(self, photo: Photo) -> None:
        """Keeps what was found in a photo that has its key."""
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

    def moved(self, photo: Path, key: bytes) -> None:
        """Knows a photo that had this key by what its file is now, whose picture is as it was: its label has gone into
        it."""
        with contextlib.suppress(*_ERRORS), self._lock:
            self._file.execute(
                "UPDATE OR REPLACE seen SET key = ? WHERE key = ?", (self._key(photo, status(photo)), key)
            )

    def close(self) -> None:
        """Brings the file up to date, and closes it."""
        with contextlib.suppress(*_ERRORS):
            if self._new:
                self._file.execute("DELETE FROM seen WHERE number <= (SELECT max(number) FROM seen) - ?", (MOST,))
            self._file.commit()
        self._file.close()

    def _key(self, path: Path, known: Status) -> bytes:
        named = f"{self._identities.of(path)}\0{tuple(known)}\0{self._by}"
        return hashlib.sha256(named.encode(errors="replace")).digest()

    def _as_found(self, key: bytes, text: str, data: bytes, checked: int) -> Found | None:
        with contextlib.suppress(*_ERRORS):
            if zlib.crc32(data, zlib.crc32(text.encode())) != checked:
                return None
            said = json.loads(text)
            arrays = dict(_read(said["arrays"], data))
            view = View(arrays["features"], arrays.get("described"), arrays.get("beside"))
            shown = Glance(arrays["levels"], arrays["tones"], arrays["colours"]) if "levels" in arrays else None
            if self._predictor.goes_by(view):
                shot = Shot.from_dict(said["shot"])
                return Found(key, view, shown, shot, said["brightness"], said["decoder"], said["white_balance"])
        return None


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
        array = np.frombuffer(data, kind, math.prod(shape), at)
        yield name, array.reshape(shape)
        at += array.nbytes
