"""Placebos: pictures that are re-made with sliders of other photos, to see what taking a picture back leaks of them.

Each scene is developed with the sliders of another photo of the person, stored in the picture's bits, and taken back
with the same sliders. Nothing in the scene tells these sliders, so that what a method learns of them is a leak: levels
that were clipped, blackened or rounded away, and filled in a way that follows the sliders. Camera Raw's sliders are not
quite ours either; in placebos that are `off`, the picture is taken back with sliders of another strength than it was
made with.
"""

import hashlib
import io
import zlib
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from autohdr.develop import VERSION, Picture, Scene, develop
from autohdr.develop.kernels.reduce import reduced
from autohdr.develop.transfer import decode, encode
from autohdr.develop.undevelop import SENSOR_WHITE, undevelop
from autohdr.files.whole import write_atomically
from autohdr.mode import Mode
from autohdr.pictures.pixel_codes import pq_codes
from autohdr.sliders import LIMITS
from autohdr.system.progress import Progress
from autohdr_train.people.folder import WHITE, luminance_of_pq, settings
from autohdr_train.people.scenes import Place

Array = NDArray[np.float64]

OFF: Array = np.where(LIMITS == 5.0, 0.95, 0.85)
"""Strength that sliders are taken back with, of what they were developed with: Exposure 5 % too little, others 15 %."""
EDGE = 224
"""Pixels of the longer side."""


def placebos(places: Sequence[Place], off: bool) -> list[Place]:
    """Edits of the same scenes with sliders of other photos of each person, and where their scenes are kept.

    Args:
        places: of any people. Sliders go to photos of the same person and mode, by a permutation that follows the
            person's name.
        off: whether they are taken back with other strengths.

    Raises:
        FileError: a cache folder cannot be written.
    """
    groups: dict[tuple[str, Mode], list[int]] = {}
    for row, place in enumerate(places):
        groups.setdefault((place.edit.person, place.edit.mode), []).append(row)
    whose = np.arange(len(places))
    for (person, mode), rows in groups.items():
        random = np.random.default_rng(zlib.crc32(f"{person} {mode}".encode()))
        whose[rows] = random.permutation(rows)
    found = []
    with Progress(total=len(places), desc="re-making", unit="photo", disable=None) as bar:
        for place, row in zip(places, whose.tolist(), strict=True):
            found.append(_remade(place, places[row].edit.values, off))
            bar.update(1)
    return found


def _remade(place: Place, values: Array, off: bool) -> Place:
    told = f"{VERSION} {place.path.stem} {values.tolist()} {OFF.tolist() if off else ''}"
    path = place.path.with_name(f"placebo-{hashlib.sha256(told.encode()).hexdigest()[:24]}.npz")
    edit = replace(place.edit, values=values)
    if not path.is_file():
        scene = Scene(reduced(place.scene().light, EDGE), SENSOR_WHITE)
        shown = stored(develop(scene, edit.settings, "srgb" if edit.mode.headroom is None else "bt2020"))
        back = undevelop(shown, settings(values * OFF, edit.mode) if off else edit.settings)
        buffer = io.BytesIO()
        np.savez_compressed(buffer, light=back.scene.light.astype(np.float16), known=back.known)
        write_atomically(path, buffer.getvalue())
    return Place(edit, path)


def stored(picture: Picture) -> Picture:
    """A picture as it comes back from a file: 8 bits of sRGB, or 10 bits of PQ in HDR."""
    if not picture.hdr:
        return replace(picture, light=decode(np.round(encode(picture.light) * 255) / 255).astype(np.float32))
    light = luminance_of_pq(pq_codes(picture.light) / 1023.0) / WHITE
    return replace(picture, light=np.minimum(light, 2.0**picture.headroom).astype(np.float32))
