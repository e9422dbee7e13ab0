"""Cuts the references of the made data set: squares of 256 pixels of photographs (SDR) and of radiance images (HDR).

A photograph gives one square from its middle, a radiance image two views. Radiance images hold no absolute scale: the
geometric mean of a view's luminance is set to 36.5 cd/m2, 18 % of a diffuse white of 203 (ITU-R BT.2408), times two to
a power between -1 and 1 that is drawn for each view.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path

import numpy as np
from PIL import Image

from autohdr.errors import SettingsError
from autohdr.quality.display import Domain
from autohdr_scenes.panorama import crop, load_radiance, view
from autohdr_scenes.scene import Scene
from autohdr_train.data.photographs import Photograph, read_photographs
from autohdr_train.quality.made.curves import LUMA, Array, brightest, codes_of, luminance

SIZE = 256
"""Pixels, each way."""
MIDDLE = 36.5
"""Geometric mean of an HDR reference's luminance, cd/m2, before its draw."""
VIEWS = 2
"""How many views are taken of one radiance image."""
_DETAIL = 0.06
"""Least standard deviation of a square's luma: what is flatter shows few distortions."""
_ALIKE = 0.85
"""Correlation of two squares, at 32 pixels, above which they show the same; other pairs of 96 reached 0.67."""


@dataclass(frozen=True, slots=True)
class Reference:
    """Holds one undistorted picture, and those whom it is owed to."""

    name: str
    domain: Domain
    content: str
    """What must stay on one side of a split: the photograph, or the place of a radiance image."""
    codes: Array
    """(256, 256, 3), 0 to 1, as `curves` says."""
    source: str
    licence: str
    credit: str
    """The credit that the source asks for; it and the licence are empty for radiance images, which no list comes with.
    """
    scale: float
    """cd/m2 of one unit of the radiance image; 1 for photographs."""


def photographs(folder: Path, most: int) -> list[Reference]:
    """Returns up to `most` SDR references, spread over the collections that the photographs come from.

    Of photographs that show nearly the same, the first counts.

    Raises:
        SettingsError: the folder holds no list of photographs.
    """
    by_source: dict[str, list[Photograph]] = defaultdict(list)
    for photo in read_photographs(folder):
        by_source[photo.source].append(photo)
    taken: list[Reference] = []
    seen: list[Array] = []
    for photo in _in_turn(by_source):
        if len(taken) == most:
            break
        codes = _square(photo.path)
        if codes is None:
            continue
        small = _small(codes)
        if not any(small @ other > _ALIKE for other in seen):
            seen.append(small)
            taken.append(
                Reference(
                    f"S{len(taken):03}", "sdr", photo.path.stem, codes, photo.source, photo.licence, photo.credit, 1.0
                )
            )
    return taken


def radiance(folder: Path, seed: int) -> list[Reference]:
    """Returns the HDR references, the first view of every image before the second of any.

    Raises:
        SettingsError: the folder holds no radiance images.
    """
    taken: list[Reference] = []
    for number in range(VIEWS):
        for scene in load_radiance(folder):
            rng = np.random.default_rng([seed, number, *scene.name.encode()])
            light = _framed(scene, rng)
            scale = MIDDLE * 2.0 ** rng.uniform(-1, 1) / max(_geometric_mean(light), 1e-9)
            codes = codes_of(np.minimum(light * scale, brightest("hdr")), "hdr")
            name = f"H{len(taken):03}"
            taken.append(Reference(name, "hdr", scene.group, codes, scene.name, "", "", scale))
    return taken


def _framed(scene: Scene, rng: np.random.Generator) -> Array:
    """The liveliest of eight views, in relative light."""
    best, most = None, -1.0
    for _ in range(8):
        if scene.panorama:
            linear = view(scene.linear, rng.uniform(-180, 180), rng.uniform(-15, 15), 80.0, (SIZE, SIZE))
        else:
            linear = crop(scene.linear, rng.uniform(0.5, 0.7), rng.random(), rng.random(), (SIZE, SIZE))
        light = linear.astype(np.float64)
        spread = float(np.log2(luminance(light) + 1e-4 * luminance(light).mean() + 1e-9).std())
        if spread > most:
            best, most = light, spread
    assert best is not None
    return best


def _square(path: Path) -> Array | None:
    """The middle of a photograph as codes; None where it is too small or nearly flat."""
    try:
        with Image.open(path) as picture:
            width, height = picture.size
            if min(width, height) < SIZE:
                return None
            left, top = (width - SIZE) // 2, (height - SIZE) // 2
            codes = np.asarray(picture.convert("RGB").crop((left, top, left + SIZE, top + SIZE)), np.float64) / 255
    except OSError as error:
        raise SettingsError(f"{path} cannot be read as a picture: {error}") from error
    return codes if (codes @ LUMA).std() > _DETAIL else None


def _small(codes: Array) -> Array:
    """A square's luma at 32 pixels, without its mean and of length 1."""
    luma = (codes @ LUMA).reshape(32, SIZE // 32, 32, SIZE // 32).mean(axis=(1, 3)).ravel()
    centred: Array = luma - luma.mean()
    return centred / max(float(np.linalg.norm(centred)), 1e-9)


def _in_turn(groups: dict[str, list[Photograph]]) -> Iterator[Photograph]:
    """One photograph of each collection, then the next of each."""
    for row in zip_longest(*(groups[name] for name in sorted(groups))):
        yield from (photo for photo in row if photo is not None)


def _geometric_mean(light: Array) -> float:
    bright = luminance(light)
    return float(np.exp(np.log(bright + 1e-3 * bright.mean() + 1e-12).mean()))
