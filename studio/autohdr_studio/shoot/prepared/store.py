"""Keeps what opening a shoot takes time for, in the cache folder: what the network sees of photos, and their scenes.

A photo is known by its path and its stamp, so that a shoot of thousands is open again without a file of it being read.
"""

import contextlib
import hashlib
import io
import json
import os
import zipfile
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from autohdr.develop import VERSION
from autohdr.errors import FileError
from autohdr.files.arrays import load_arrays
from autohdr.files.changing.leftovers import remove_leftovers
from autohdr.files.whole import write_atomically
from autohdr.model.info import ModelFile
from autohdr.raw.prepare import READING
from autohdr.run.state.journal import Stamp
from autohdr.series.glance import Glance
from autohdr.shot.shot import Shot

Size = Literal[256, 1600, 4096]
"""Pixels of a scene's longer side: for the grid, for one photo large, and for its details."""
SIZES: tuple[Size, ...] = (256, 1600)
"""The sizes of pictures that are made of every photo."""
DETAIL: Size = 4096
"""The one that is made when somebody looks closely: half of a mosaic's pixels, in each direction, and at most these."""
LIMIT = 20 * 10**9
"""Bytes that scenes take at most, by default: 2,000 large ones. Older ones are made again when they are asked for."""
_FORMAT = 3
_DETAILS = 4
"""Scenes with details that are kept: each takes 40 to 70 MB."""


@dataclass(frozen=True, slots=True, eq=False)
class Kept:
    """Holds what is known of a photo that was decoded once."""

    tensor: Path
    """The file of the network's input, as `TensorCache` keeps it."""
    features: NDArray[np.float32]
    """(F,), what the network sees."""
    description: NDArray[np.float64]
    """(D,), as of `style.description.describe`."""
    more: NDArray[np.float64]
    """(E,), as of `style.further.inputs.describe_beside`."""
    glance: Glance | None
    """What the photo shows at a glance; None of a preview, by which photos are not compared."""
    shot: Shot
    brightness: float | None
    """The photo's brightness, as `raw.prepare.Prepared` has it."""
    width: int
    """The width of the scene with its details, upright."""
    height: int


@dataclass(slots=True)
class Store:
    """Reads and writes what is kept of the photos of shoots, for one network. Used by any thread."""

    folder: Path
    model: ModelFile
    limit: int = LIMIT
    _bytes: int = 0
    """What the scenes take, about."""
    _made_by: tuple[object, ...] = field(init=False)
    """What has made what is kept, asked for once: looking up the version of a package takes a millisecond."""

    def __post_init__(self) -> None:
        info = self.model.info
        self._made_by = (_FORMAT, version("autohdr"), VERSION, READING, info.spec.digest, self.model.digest)

    def key(self, photo: Path) -> str:
        """The name of what is kept of a photo, as its file is now.

        Raises:
            OSError: there is no such file, or it may not be looked at.
        """
        told = repr((str(photo.absolute()), Stamp.of(photo), self._made_by))
        return hashlib.sha256(told.encode(errors="surrogateescape")).hexdigest()[:32]

    def scene(self, key: str, size: Size) -> Path:
        """The file of a photo's scene, whether or not it is there."""
        return self.folder / f"{key}-{size}.scene"

    def read(self, key: str) -> Kept | None:
        """What is kept of a photo; None where there is nothing, or it is damaged."""
        try:
            found = load_arrays(io.BytesIO(self._place(key).read_bytes()))
            told = json.loads(found["told"].tobytes())
            features, description, more = found["features"], found["description"], found["more"]
            seen = Glance(found["levels"], found["tones"], found["colours"]) if "levels" in found else None
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
            return None
        if features.shape != (self.model.info.features,):
            return None
        facts = Shot.from_dict(told["shot"]), told["brightness"], told["width"], told["height"]
        return Kept(Path(told["tensor"]), features, description, more, seen, *facts)

    def write(self, key: str, kept: Kept) -> None:
        """Keeps what is known of a photo.

        Raises:
            FileError: it cannot be written.
        """
        told: dict[str, Any] = {
            "tensor": str(kept.tensor),
            "shot": kept.shot.to_dict(),
            "brightness": kept.brightness,
            "width": kept.width,
            "height": kept.height,
        }
        buffer = io.BytesIO()
        arrays: dict[str, Any] = {"told": np.frombuffer(json.dumps(told).encode(), np.uint8)}
        arrays |= {"features": kept.features, "description": kept.description, "more": kept.more}
        if (seen := kept.glance) is not None:
            arrays |= {"levels": seen.levels, "tones": seen.tones, "colours": seen.colours}
        np.savez(buffer, **arrays)
        write_atomically(self._place(key), buffer.getvalue())

    @property
    def full(self) -> bool:
        """Whether scenes take as much as they may: large ones are made when they are asked for, from then on."""
        return self._bytes >= self.limit

    def write_scene(self, key: str, size: Size, data: bytes | bytearray) -> None:
        """Keeps a scene; where there is too much, those that have not been used for longest go.

        Raises:
            FileError: it cannot be written.
        """
        path = self.scene(key, size)
        write_atomically(path, data)
        if size == DETAIL:
            self._forget_details()
        self._bytes += len(data)
        if self._bytes > self.limit + self.limit // 20:
            self.tidy()

    def rename(self, key: str, new: str) -> None:
        """Keeps what is known of a photo under another key, where its file was changed beside the picture."""
        for old, place in [(self._place(key), self._place(new))] + [
            (self.scene(key, size), self.scene(new, size)) for size in (*SIZES, DETAIL)
        ]:
            with contextlib.suppress(OSError):
                old.replace(place)

    def tidy(self) -> None:
        """Removes scenes that have not been used for longest until the limit is kept, and what killed studios left."""
        remove_leftovers(self.folder)
        files = []
        for path in self.folder.glob("*.scene"):
            with contextlib.suppress(OSError):
                status = path.stat()
                files.append((status.st_mtime, status.st_size, path))
        total = sum(size for _, size, _ in files)
        for _, size, path in sorted(files):
            if total <= self.limit:
                break
            with contextlib.suppress(OSError):
                path.unlink()
                total -= size
        self._bytes = total

    def _forget_details(self) -> None:
        """Removes scenes with details but the latest ones."""
        found = []
        for path in self.folder.glob(f"*-{DETAIL}.scene"):
            with contextlib.suppress(OSError):
                found.append((path.stat().st_mtime, path))
        for _, path in sorted(found)[:-_DETAILS]:
            with contextlib.suppress(OSError):
                path.unlink()

    def touch(self, path: Path) -> None:
        """Notes that a scene is used."""
        with contextlib.suppress(OSError):
            os.utime(path)

    def _place(self, key: str) -> Path:
        return self.folder / f"{key}.npz"


def make_store(folder: Path, model: ModelFile) -> Store:
    """Opens the store in a cache folder, which is made where it is not there.

    Raises:
        FileError: it cannot be made.
    """
    place = folder / "studio"
    try:
        place.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FileError(f"{place} cannot be made ({error.strerror}); name another folder with --cache") from error
    store = Store(place, model)
    store.tidy()
    return store
