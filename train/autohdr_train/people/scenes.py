"""The scenes of finished pictures: taken back once by `undevelop`, kept in a cache folder, and given in other light."""

import hashlib
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from autohdr.develop import VERSION, Scene
from autohdr.develop.kernels.fused import luminance
from autohdr.develop.undevelop import SENSOR_WHITE, undevelop
from autohdr.files.whole import write_atomically
from autohdr.system.progress import Progress
from autohdr_train.people.folder import Edit, picture

MIDDLE = 0.12
"""Median luminance that all scenes are given to be compared at equal brightness; about that of the real ones."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where the scene of an edit is kept."""

    edit: Edit
    path: Path

    def scene(self) -> Scene:
        """The scene, in the light that the picture was taken back to."""
        return load(self.path)

    def known(self) -> NDArray[np.bool_]:
        """(H, W), False where the picture does not tell the scene."""
        with np.load(self.path) as kept:
            return np.asarray(kept["known"])


def load(path: Path) -> Scene:
    """The scene that is kept in a file."""
    with np.load(path) as kept:
        return Scene(kept["light"].astype(np.float32), SENSOR_WHITE)


def equal(scene: Scene) -> Scene:
    """The scene with its median luminance at `MIDDLE`: its content without its brightness."""
    median = float(np.median(luminance(scene.light)))
    return Scene((scene.light * np.float32(MIDDLE / max(median, 1e-5))).astype(np.float32), scene.sensor_white)


def places(edits: Sequence[Edit], cache: Path) -> list[Place]:
    """Where each edit's scene is kept; made now if it is not there yet, in about a second each.

    A scene is kept by its picture, its settings and the version of developing.

    Args:
        edits: with the pictures.
        cache: folder that is there.

    Raises:
        FileError: a picture cannot be read, or the cache not be written.
    """
    found = []
    with Progress(total=len(edits), desc="undeveloping", unit="photo", disable=None) as bar:
        for edit in edits:
            found.append(_place(edit, cache))
            bar.update(1)
    return found


def _place(edit: Edit, cache: Path) -> Place:
    shown, digest = picture(edit)
    told = f"{VERSION} {digest} {edit.values.tolist()} {edit.mode}"
    path = cache / f"{hashlib.sha256(told.encode()).hexdigest()[:24]}.npz"
    if not path.is_file():
        back = undevelop(shown, edit.settings)
        buffer = io.BytesIO()
        np.savez_compressed(buffer, light=back.scene.light.astype(np.float16), known=back.known)
        write_atomically(path, buffer.getvalue())
    return Place(edit, path)
