"""Measures how many L* a wrong slider moves a developed picture, and how well that foretells several wrong sliders.

    python scripts/measure_difference.py samples/shoot RAWS --radiance EXRS

Scenes are RAW files, and views of radiance images that a simulated camera takes. Each is developed at 128 pixels with
the sliders that Auto sets, in SDR, and again with one slider moved, both ways: the median over the pixels of the
absolute difference of L*, averaged over scenes, stands in `autohdr.style.confidence.doubt`, and of Exposure also by how
bright the picture is. Then all eight sliders are wrong at once, by errors drawn anew for each picture, and what half of
the scenes foretells of the other half is compared with what is seen.
"""

import argparse
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from autohdr.develop import Scene, Settings, renditions
from autohdr.develop.auto import EDGE, auto
from autohdr.develop.kernels.reduce import reduced
from autohdr.errors import AutohdrError
from autohdr.mode import Mode
from autohdr.raw.decode import decode
from autohdr.raw.discover import find_photos
from autohdr.raw.prepare import prepare_decoded
from autohdr.raw.scene import scene_of
from autohdr.review.pictures import lightness
from autohdr.sliders import LIMITS, SLIDERS
from autohdr.spec import InputSpec
from autohdr.style.confidence.doubt import LEVELS, difference
from autohdr_scenes.shoot import write_shoot

Array = NDArray[np.float64]

SIZE, VIEWS = 128, 60
MOVES = np.where(LIMITS == 5.0, 0.5, 15.0)
"""How far one slider is moved, in Lightroom's unit; L* goes in proportion to that, up to twice as far."""
ERRORS = np.array([0.33, 11.0, 23.0, 23.0, 17.0, 15.0, 6.0, 3.0])
"""Mean absolute errors around which those of the check are drawn: what real people's medians are off by."""
SPREADS = (0.3, 0.1)
"""Standard deviations of the logarithms of these errors: of each slider, and of all of a photo together. About those
of stated errors."""
DRAWS = 40


@dataclass(frozen=True, slots=True, eq=False)
class Photo:
    """A scene at `SIZE` pixels, the sliders (8,) that Auto sets for it, and its level as `doubt` has it."""

    scene: Scene
    sliders: Array
    level: float

    @classmethod
    def read(cls, path: Path) -> Self:
        frame = decode(path)
        large = scene_of(frame, EDGE)
        found = auto(large)
        sliders = np.array([getattr(found, slider.name.lower()) for slider in SLIDERS])
        brightness = prepare_decoded(frame, InputSpec(size=SIZE)).brightness
        level = np.nan if brightness is None else brightness + sliders[0]
        return cls(replace(large, light=reduced(large.light, SIZE)), sliders, level)


def photos(folders: list[Path], radiance: Path | None) -> Iterator[Photo]:
    """Yields each photo that can be read."""
    with tempfile.TemporaryDirectory() as views:
        if radiance is not None:
            folders = [*folders, Path(views, "views")]
            write_shoot(folders[-1], VIEWS, size=(320, 480), radiance=radiance, seed=7, xmp=False)
        for path in find_photos(folders):
            try:
                yield Photo.read(path)
            except AutohdrError as error:
                print(f"left out: {error}")


def by_level(levels: Array, stops: Array) -> Array:
    """L* that a stop changes pictures by at each of `LEVELS`: broken lines, drawn to the mean where few are."""
    lines = np.array([np.interp(levels, LEVELS, one) for one in np.eye(len(LEVELS))]).T
    pull = 0.3
    held = lines.T @ lines + pull * np.eye(len(LEVELS))
    return np.linalg.solve(held, lines.T @ stops + pull * stops.mean())


def shown(scene: Scene, sliders: Array, mode: Mode) -> NDArray[np.float32]:
    """L* of a scene developed with sliders (8,) in Lightroom's units, as its SDR rendition."""
    values = np.clip(sliders, -LIMITS, LIMITS)
    return lightness(renditions(scene, replace(Settings(*values.tolist()), mode=mode)).sdr)


def responses(photo: Photo, mode: Mode) -> Array:
    """(8,), L* that one unit of each slider moves the picture."""
    middle, found = shown(photo.scene, photo.sliders, mode), []
    for column, move in enumerate(MOVES):
        ways = []
        for way in (-move, move):
            moved = photo.sliders.copy()
            moved[column] += way
            if abs(moved[column]) <= LIMITS[column]:
                ways.append(np.median(np.abs(shown(photo.scene, moved, mode) - middle)) / move)
        found.append(np.mean(ways))
    return np.array(found)


def seen(photo: Photo, errors: Array, mode: Mode, random: np.random.Generator) -> float:
    """L* that the picture differs by, on average, where the sliders are off by errors (8,) on average."""
    middle = shown(photo.scene, photo.sliders, mode)
    wrong = photo.sliders + random.normal(size=(DRAWS, 8)) * errors * np.sqrt(np.pi / 2)
    return float(np.mean([np.median(np.abs(shown(photo.scene, one, mode) - middle)) for one in wrong]))


def check(found: list[Photo], each: Array, mode: Mode) -> None:
    """Prints how the foretold differences agree with those seen, and other numbers beside them."""
    random = np.random.default_rng(0)
    spread = np.exp(SPREADS[0] * random.normal(size=(len(found), 8)) + SPREADS[1] * random.normal(size=(len(found), 1)))
    errors, half = ERRORS * spread, np.arange(len(found)) % 2
    levels = np.array([photo.level for photo in found])
    table = np.where(half[:, None], each[half == 0].mean(axis=0), each[half == 1].mean(axis=0))
    light = table.copy()
    for part in (0, 1):
        stops = by_level(levels[half != part], each[half != part, 0])
        light[half == part, 0] = np.interp(levels[half == part], LEVELS, stops)
    real = np.array([seen(*one, mode, random) for one in zip(found, errors, strict=True)])
    others = {
        "Exposure by the light": np.sqrt(((errors * light) ** 2).sum(axis=1)),
        "the product's": difference(errors, levels),
        "all photos alike": np.sqrt(((errors * table) ** 2).sum(axis=1)),
        "each photo's own responses": np.sqrt(((errors * each) ** 2).sum(axis=1)),
        "sum": (errors * table).sum(axis=1),
        "mean share of the range": (errors / LIMITS).mean(axis=1),
    }
    for name, told in others.items():
        ratio, order = real / told, np.corrcoef(told.argsort().argsort(), real.argsort().argsort())[0, 1]
        low, middle, high = np.percentile(ratio, [10, 50, 90])
        print(
            f"{name:28} correlation {np.corrcoef(told, real)[0, 1]:.2f}, of ranks {order:.2f}; seen / foretold "
            f"{middle:.2f} ({low:.2f} to {high:.2f}, 10 to 90 %)"
        )


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--radiance", type=Path, help="folder of radiance images, .exr")
    arguments = parser.parse_args()
    found = [one for one in photos(arguments.folders, arguments.radiance) if np.isfinite(one.level)]
    for mode in (Mode(hdr=False, headroom=None), Mode(headroom=2.3)):
        each = np.array([responses(one, mode) for one in found])
        print(f"{mode}, {len(found)} scenes: L* by one unit of each slider, mean and deviation over scenes")
        for slider, column in zip(SLIDERS, each.T, strict=True):
            print(f"{slider.name:12}{column.mean():9.4f}{column.std():9.4f}")
        stops = by_level(np.array([one.level for one in found]), each[:, 0])
        print(f"a stop of Exposure at levels {LEVELS}: {stops.round(1).tolist()}")
        check(found, each, mode)


if __name__ == "__main__":
    main()
