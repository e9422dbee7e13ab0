"""Provides the inputs over which a model file and its float32 model are compared: photos, and inputs that no camera
would give.
"""

import hashlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from autohdr.engines.prove.inputs import adversarial
from autohdr.errors import RawError, SettingsError
from autohdr.raw.discover import find_photos
from autohdr.raw.prepare import prepare_frame, prepare_photo
from autohdr.spec import InputSpec
from autohdr.system.processors import processors
from autohdr.system.progress import Progress
from autohdr_export.wanted import Wanted
from autohdr_scenes import Procedural, shots

MADE_UP = 64
"""Simulated photos, where the user names no shoot."""
EXTREMES = 40
"""Inputs that no camera would give: each kind of light four times."""
LEAST = 128
"""Photos without which a calibration says little."""
MOST = 400
"""Photos that are taken of a larger shoot: 240 MB of inputs of 224 pixels."""


@dataclass(frozen=True, slots=True, eq=False)
class Samples:
    """Prepared photos, each part float32 (N, 3, S, S)."""

    photos: NDArray[np.float32]
    """Compared over."""
    calibration: NDArray[np.float32]
    """What int8 takes its ranges from; otherwise not used."""
    extremes: NDArray[np.float32]
    """Black, the brightest, flat, saturated, noise: compared over as well."""
    real: bool
    """The photos are the user's, not simulated."""

    def fewer(self, count: int) -> Self:
        """Returns so many of the photos and of the extreme inputs, or all, evenly spaced."""
        photos, extremes = (part[spread(len(part), count)] for part in (self.photos, self.extremes))
        return replace(self, photos=photos, extremes=extremes)

    @property
    def kind(self) -> str:
        """What the photos are, for people."""
        return "photos of the shoot" if self.real else "simulated photos"


def samples(spec: InputSpec, wanted: Wanted) -> Samples:
    """Photos of the shoot that `wanted` names, or simulated ones, the same every time.

    Int8 is compared over other photos than it is calibrated on.

    Raises:
        SettingsError: the shoot holds too few photos.
    """
    found = simulated(spec, MADE_UP) if wanted.shoot is None else photos(wanted.shoot, spec)
    calibration, judged_by = split(found) if wanted.precision == "int8" else (found, found)
    return Samples(judged_by, calibration, adversarial(spec, EXTREMES), wanted.shoot is not None)


def simulated(spec: InputSpec, count: int) -> NDArray[np.float32]:
    """Photos (count, 3, S, S) of made-up places, as a simulated camera takes them."""
    size = (spec.size, spec.size * 3 // 2)
    light = replace(spec, source="raw")  # a network that is fed previews is shown the same
    taken = shots(Procedural(), count, seed=0, size=size)
    return np.stack([prepare_frame(shot.frame, light) for shot in taken])


def photos(shoot: Path, spec: InputSpec, count: int = MOST) -> NDArray[np.float32]:
    """Prepared photos (n, 3, size, size) of a folder of RAW files, n at most `count`, in the order of their names.

    They are spread evenly over the shoot. One that cannot be read gives way to another; of those that are equal, which
    are copies, one is taken.

    Raises:
        SettingsError: the folder does not exist, or holds fewer than `LEAST` photos that can be read and differ.
    """
    waiting = find_photos([shoot])
    found = len(waiting)
    taken: dict[Path, NDArray[np.float32]] = {}
    seen: set[bytes] = set()
    with (
        ThreadPoolExecutor(processors()) as pool,
        Progress(total=min(count, found), desc="preparing", unit="RAW", leave=False, disable=None) as bar,
    ):
        while waiting and len(taken) < count:
            chosen = [waiting[place] for place in spread(len(waiting), count - len(taken))]
            for path, pixels in zip(chosen, pool.map(lambda path: _prepared(path, spec), chosen), strict=True):
                if pixels is not None and (digest := hashlib.sha256(pixels.tobytes()).digest()) not in seen:
                    seen.add(digest)
                    taken[path] = pixels
                    bar.update()
            waiting = [path for path in waiting if path not in set(chosen)]
    if len(taken) < LEAST:
        raise SettingsError(
            f"{shoot} holds {len(taken)} photos to calibrate with ({found} RAW files; those that cannot be read and "
            f"copies do not count); expected at least {LEAST}, so name a folder with more"
        )
    return np.stack([taken[path] for path in sorted(taken)])


def split(pixels: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Three quarters of some photos (n, ...) to calibrate with and a quarter to judge by; the same each time."""
    order = np.random.default_rng(0).permutation(len(pixels))
    held = max(1, len(pixels) // 4)
    return pixels[np.sort(order[held:])], pixels[np.sort(order[:held])]


def spread(among: int, count: int) -> NDArray[np.intp]:
    """Returns `count` places among others, or all of them, evenly spaced."""
    return np.linspace(0, among - 1, min(count, among)).round().astype(np.intp)


def _prepared(path: Path, spec: InputSpec) -> NDArray[np.float32] | None:
    try:
        return prepare_photo(path, spec).pixels
    except RawError:
        return None
