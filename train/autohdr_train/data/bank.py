"""The bank: simulated photos that any simulated photographer can edit, made once and kept on disk.

A bank is a folder of arrays, read without loading them. Its photos to learn from and its photos to score show different
places, those that the default model's training keeps apart as well.
"""

import hashlib
import json
import secrets
import shutil
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from autohdr.errors import SettingsError
from autohdr.files.folders import make_folder
from autohdr.files.whole import write_atomically
from autohdr.raw.prepare import prepare_frame
from autohdr.spec import InputSpec
from autohdr.style.split import split
from autohdr.system.processors import processors
from autohdr.system.progress import Progress
from autohdr_scenes.camera import developed, expose, random_camera
from autohdr_scenes.metering import meter
from autohdr_scenes.panorama import load_radiance
from autohdr_scenes.scene import Scene, shrink
from autohdr_scenes.shot import SIZE, Mixture, Procedural, Source, Views

FORMAT = 2
"""The number of a bank's format; raised whenever the same images and spec would give other photos."""
SIDE = 96
"""Longest side of a developed picture, pixels: what a simulated photographer looks at."""
INTERVAL = 60.0
"""Seconds between two photos of a bank, so that they have an order of capture."""
_INDEX = "bank.json"  # written last: a folder with it is whole


@dataclass(frozen=True)
class Part:
    """One side of a bank: the photos to learn from, or those to score."""

    folder: Path
    name: str
    groups: list[str]
    """(N,), the place of each photo."""

    def __len__(self) -> int:
        return len(self.groups)

    @cached_property
    def pixels(self) -> NDArray[np.float16]:
        """Network inputs (N, 3, S, S), on disk."""
        return np.load(self.folder / f"{self.name}-pixels.npy", mmap_mode="r")

    @cached_property
    def _pictures(self) -> NDArray[np.float16]:
        return np.load(self.folder / f"{self.name}-pictures.npy", mmap_mode="r")

    @cached_property
    def _sizes(self) -> NDArray[np.int64]:
        return np.load(self.folder / f"{self.name}-sizes.npy")

    def picture(self, index: int) -> NDArray[np.float32]:
        """A photo developed (h, w, 3), upright: linear sRGB, 1 = sensor saturation, without noise."""
        height, width = self._sizes[index]
        return np.array(self._pictures[index, :height, :width], dtype=np.float32)

    @property
    def captured(self) -> NDArray[np.float64]:
        """(N,), seconds."""
        return INTERVAL * np.arange(len(self), dtype=np.float64)


@dataclass(frozen=True, slots=True)
class Bank:
    """Simulated photos of two sets of places."""

    key: str
    """A digest of all that decides the photos."""
    folder: Path
    spec: InputSpec
    """How the pixels were prepared."""
    train: Part
    held_out: Part


@dataclass(frozen=True, slots=True)
class Plan:
    """All that decides a bank's photos, besides the images."""

    spec: InputSpec
    counts: dict[str, int]
    procedural: float
    seed: tuple[int, ...]


def open_bank(
    radiance: Path,
    cache: Path,
    spec: InputSpec,
    *,
    train: int,
    held_out: int,
    procedural: float = 0.0,
    seed: int | None = None,
) -> Bank:
    """The bank of these images and this spec, made now if `cache` does not hold it.

    The photo of an index is the same whatever the spec and the counts are.

    Args:
        radiance: folder of OpenEXR radiance images, of two places or more.
        cache: folder of banks; made if it is missing. A photo takes 0.36 MB at 224 pixels.
        spec: how the photos are prepared.
        train: photos to learn from.
        held_out: photos to score.
        procedural: share of the photos to learn from that show procedural scenes, places of their own, 0 to 1.
        seed: zero or more; None is the series that the default model was trained on.

    Raises:
        SettingsError: the folder holds no radiance images, or the cache cannot be made.
        LearningError: all images show one place.
    """
    make_folder(cache, "--cache")
    plan = Plan(spec, {"train": train, "held_out": held_out}, procedural, () if seed is None else (seed,))
    key = _key(radiance, plan)
    folder = cache / f"bank-{key}"
    if not (folder / _INDEX).is_file():
        _make(radiance, folder, plan)
    groups = json.loads((folder / _INDEX).read_text(encoding="utf-8"))
    parts = {name: Part(folder, name, groups[name]) for name in ("train", "held_out")}
    return Bank(key, folder, spec, parts["train"], parts["held_out"])


def places_apart(scenes: Sequence[Scene]) -> tuple[list[Scene], list[Scene]]:
    """Images to learn from and images of the held-out places: a fifth of the places, as the default model has them.

    Raises:
        LearningError: all images show one place.
    """
    places = sorted({scene.group for scene in scenes})
    parts = split(places, np.full(len(places), np.nan), share=0.2, seed=0)
    kept = {places[index] for index in parts.train}
    return [scene for scene in scenes if scene.group in kept], [scene for scene in scenes if scene.group not in kept]


def _key(radiance: Path, plan: Plan) -> str:
    decides = [FORMAT, plan.seed, plan.spec.digest, plan.counts, plan.procedural]
    digest = hashlib.sha256(json.dumps(decides).encode())
    for path in sorted(radiance.glob("*.exr")):
        digest.update(path.name.encode())
        try:
            with path.open("rb") as file:
                digest.update(hashlib.file_digest(file, "sha256").digest())
        except OSError as error:
            raise SettingsError(f"{path} cannot be read ({error.strerror}); check --radiance") from error
    return digest.hexdigest()[:16]


def _make(radiance: Path, folder: Path, plan: Plan) -> None:
    """Fill a folder of another name, and give it its own at the end, so that a killed run leaves no half of a bank."""
    kept, unseen = places_apart(load_radiance(radiance))
    unfinished = folder.with_name(f"{folder.name}-{secrets.token_hex(4)}.unfinished")
    unfinished.mkdir()
    try:
        groups = {
            name: _simulate(source, number, plan, unfinished / name)
            for number, (name, source) in enumerate([("train", _mixed(kept, plan)), ("held_out", Views(unseen))])
        }
        write_atomically(unfinished / _INDEX, json.dumps(groups).encode())
        if not (folder / _INDEX).is_file():  # another process may have been quicker
            unfinished.rename(folder)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def _mixed(scenes: list[Scene], plan: Plan) -> Source:
    return Mixture(Views(scenes), Procedural(), plan.procedural) if plan.procedural else Views(scenes)


def _simulate(source: Source, number: int, plan: Plan, prefix: Path) -> list[str]:
    """Write one part's arrays to files whose names begin with `prefix`; returns the places."""
    spec, count = plan.spec, plan.counts[prefix.name]

    def array(name: str, shape: tuple[int, ...]) -> NDArray[np.float16]:
        path = prefix.with_name(f"{prefix.name}-{name}.npy")
        return np.lib.format.open_memmap(path, "w+", np.float16, (count, *shape))

    pixels, pictures = array("pixels", (3, spec.size, spec.size)), array("pictures", (SIDE, SIDE, 3))
    sizes = np.zeros((count, 2), dtype=np.int64)

    def make(index: int) -> str:
        rng = np.random.default_rng((*plan.seed, number, index))
        picture, prepared, group = _photo(source, rng, spec)
        sizes[index] = picture.shape[:2]
        pictures[index, : picture.shape[0], : picture.shape[1]] = picture
        pixels[index] = prepared
        return group

    groups = _on_all_cores(make, count)
    np.save(prefix.with_name(f"{prefix.name}-sizes.npy"), sizes)
    return groups


def _photo(
    source: Source, rng: np.random.Generator, spec: InputSpec
) -> tuple[NDArray[np.float32], NDArray[np.float32], str]:
    """The developed picture (h, w, 3), the network's input (3, S, S) and the place of one photo."""
    scene = source.draw(rng, SIZE)
    camera, exposure = random_camera(rng), meter(scene.linear, rng)
    flip = int(rng.choice([5, 6])) if scene.linear.shape[0] > scene.linear.shape[1] else 0
    picture = shrink(developed(scene.linear, camera, exposure), SIDE)
    return picture, prepare_frame(expose(scene, camera, exposure, rng, flip), spec), scene.group


def _on_all_cores(make: Callable[[int], str], count: int) -> list[str]:
    with ThreadPoolExecutor(processors()) as pool:
        return list(Progress(pool.map(make, range(count)), total=count, desc="simulating", unit="photo", disable=None))
