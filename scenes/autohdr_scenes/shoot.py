"""Writes whole simulated shoots: DNG files in the order they were taken, and the photographer's sidecars."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from autohdr.errors import SettingsError
from autohdr.files.folders import make_folder
from autohdr.files.whole import write_atomically
from autohdr_scenes.camera import BASE_ISO, SHUTTER, Camera, random_camera
from autohdr_scenes.dng import Compression, write_dng
from autohdr_scenes.metering import meter
from autohdr_scenes.panorama import load_radiance, random_view
from autohdr_scenes.photographers import find
from autohdr_scenes.procedural import random_scene
from autohdr_scenes.scene import Scene
from autohdr_scenes.shot import SimulatedPhoto, take
from autohdr_scenes.sidecar import photographer_xmp

START = datetime(2026, 5, 2, 8, 0, 0, tzinfo=UTC).timestamp()
"""When every shoot begins, by the camera's clock."""

BRACKET = (-2.0, 0.0, 2.0)
"""Stops of an exposure bracket."""


@dataclass(frozen=True, slots=True)
class Stop:
    """One photo of a shoot, planned: what is in front of the camera, how the camera is set, and when."""

    place: Scene
    camera: Camera
    captured: float


def bracket(
    scene: Scene,
    camera: Camera,
    exposure: float,
    rng: np.random.Generator,
    stops: Sequence[float] = BRACKET,
    captured: float | None = None,
) -> list[SimulatedPhoto]:
    """One picture taken several times, a second apart, at so many stops from `exposure` (as in `expose`)."""
    moments = [None if captured is None else captured + second for second in range(len(stops))]
    return [take(scene, camera, exposure * 2.0**stop, rng, moment) for stop, moment in zip(stops, moments, strict=True)]


def write_shoot(
    out: Path,
    count: int,
    *,
    seed: int = 0,
    radiance: Path | None = None,
    size: tuple[int, int] = (640, 960),
    compression: Compression = "ljpeg",
    xmp: bool = True,
    unlabelled: float = 0.0,
    photographer: str | None = None,
) -> list[Path]:
    """Writes `IMG_0001.dng` and on into a folder, with `IMG_0001.xmp` beside them.

    A shoot walks from place to place: three to eight photos at each, seconds apart, and more than an hour between. One
    camera takes them all. The same arguments give the same bytes, and a longer shoot begins like a shorter one.

    Args:
        out: a folder, empty or not there yet.
        count: number of photos, 1 to 9999.
        seed: zero or more.
        radiance: folder of `.exr` images to take views from; None for procedural scenes.
        size: height and width of the sensor, pixels; even, at least 32.
        compression: of the DNG files.
        xmp: whether to write sidecars.
        unlabelled: share of the photos that get none all the same, 0 to 1.
        photographer: name of who edits them, a key of `PHOTOGRAPHERS`; None for the rule of `rule.py`. The DNG files
            are the same for all.

    Returns:
        The DNG files, in capture order.

    Raises:
        SettingsError: a setting is impossible, the folder holds something or cannot be made, or a radiance image cannot
            be read.
    """
    out = Path(out)
    if not 1 <= count <= 9999:
        raise SettingsError(f"count is {count}; expected 1 to 9999 photos")
    if min(size) < 32 or size[0] % 2 or size[1] % 2:
        raise SettingsError(f"size is {size[0]} x {size[1]}; expected even numbers of at least 32 pixels")
    if not 0.0 <= unlabelled <= 1.0:
        raise SettingsError(f"unlabelled is {unlabelled}; expected a share from 0 to 1")
    editor = None if photographer is None else find(photographer)
    refuse_full(out)
    scenes = None if radiance is None else load_radiance(radiance)
    make_folder(out, "--out")
    paths = []
    for index, stop in zip(range(count), _plan(seed, scenes, size), strict=False):
        rng = np.random.default_rng((seed, 1, index))
        picture = random_view(stop.place, rng, size)
        exposure = meter(picture.linear, rng)
        shot = take(picture, stop.camera, exposure, rng, stop.captured, editor)
        path = out / f"IMG_{index + 1:04d}.dng"
        said = replace(shot.frame.shot, exposure_time=SHUTTER * BASE_ISO / stop.camera.iso)
        write_dng(path, replace(shot.frame, shot=said), shot.camera, compression=compression)
        if xmp and rng.random() >= unlabelled:
            write_atomically(path.with_suffix(".xmp"), photographer_xmp(shot.values, stop.captured))
        paths.append(path)
    return paths


def refuse_full(folder: Path) -> None:
    """Raises:
    SettingsError: `folder` is a file, holds anything, or cannot be looked into.
    """
    try:
        full = folder.exists() and (not folder.is_dir() or any(folder.iterdir()))
    except OSError as error:
        raise SettingsError(f"{folder} cannot be looked into ({error.strerror}); choose another folder") from error
    if full:
        raise SettingsError(f"{folder} is not an empty folder; nothing was written, choose another or empty it first")


def _plan(seed: int, scenes: list[Scene] | None, size: tuple[int, int]) -> Iterator[Stop]:
    """The photos of a shoot without end. With radiance images, each place comes once before any comes twice."""
    rng = np.random.default_rng((seed, 0))
    body = random_camera(rng)
    now = START
    places = sorted({scene.group for scene in scenes or ()})
    ahead: list[str] = []
    while True:
        if scenes is None:
            # A third larger than the sensor, so that photos of it differ in framing.
            drawn = random_scene(rng, (size[0] * 4 // 3, size[1] * 4 // 3))
            here = [drawn]
        else:
            ahead = ahead or [places[index] for index in rng.permutation(len(places))]
            group = ahead.pop()
            here = [scene for scene in scenes if scene.group == group]
        light = random_camera(rng)
        # The place's light moves the body's gains as it would another body's.
        gains = [
            ours * theirs / day
            for ours, theirs, day in zip(body.daylight, light.white_balance, light.daylight, strict=True)
        ]
        camera = replace(body, iso=light.iso, white_balance=(max(1.0, gains[0]), 1.0, max(1.0, gains[2])))
        for _ in range(int(rng.integers(3, 9))):
            yield Stop(here[rng.integers(len(here))], camera, now)
            now += float(rng.integers(4, 60))
        now += float(rng.integers(4000, 12000))
