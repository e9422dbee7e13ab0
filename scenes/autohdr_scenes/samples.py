"""Makes the sample shoot: six small DNG files from radiance images whose licence states CC0.

python -m autohdr_scenes.samples --radiance FOLDER --out FOLDER [--photographer NAME]
"""

from dataclasses import dataclass, replace
from pathlib import Path

import click
import numpy as np
from numpy.typing import NDArray

from autohdr.cli.commands import Command
from autohdr.errors import SettingsError
from autohdr.files.folders import make_folder
from autohdr.files.whole import write_atomically
from autohdr_scenes.camera import BODIES, Camera
from autohdr_scenes.dng import Compression, write_dng
from autohdr_scenes.metering import centre_weighted
from autohdr_scenes.panorama import crop, read_exr, view
from autohdr_scenes.photographers import PHOTOGRAPHERS, find
from autohdr_scenes.scene import Scene
from autohdr_scenes.shoot import START, refuse_full
from autohdr_scenes.shot import take
from autohdr_scenes.sidecar import photographer_xmp

SIZE = (960, 1440)
"""Height and width in pixels of a sample's sensor."""

PLANES_SIZE = (640, 960)
"""Height and width in pixels of a sample with three full planes, which take three times the room."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One photo of the sample shoot."""

    name: str
    """The file's name, which says the place."""
    image: str
    """File name of the radiance image, without `.exr`."""
    camera: Camera
    compression: Compression
    stops: float
    """Stops by which the exposure differs from what the meter says."""
    direction: tuple[float, float, float] | None = None
    """Yaw, pitch and field of the view, degrees; None takes what fits of a flat picture."""
    upright: bool = False


_ONE, _TWO, _THREE = BODIES

SAMPLES: tuple[Sample, ...] = (
    Sample("wharf", "astc_hdr-rgb-canarywharf", _ONE, "ljpeg", 0.0),
    Sample("night", "blender_night", replace(_THREE, phase="GRBG", iso=400.0), "ljpeg", -0.2, (-28.0, 5.0, 95.0)),
    Sample("hotel", "blender_interior", replace(_TWO, phase="BGGR"), "none", 0.3, (10.0, -4.0, 100.0)),
    Sample("sunset", "pmndrsgit_sunset", replace(_ONE, phase="GBRG"), "ljpeg", 0.1, (0.0, 5.0, 95.0)),
    Sample("path", "astc_hdr-rgb-riverwalk", _TWO, "ljpeg", 0.5, None, upright=True),
    Sample("sunrise", "pmndrsgit_sunrise", replace(_THREE, phase="linear"), "ljpeg", 1.7, (30.0, 0.0, 95.0)),
)
"""Day, night, an interior with a window, sunset, a forest, and against the sun; every Bayer phase and three planes."""


def write_samples(radiance: Path, out: Path, photographer: str | None = None) -> list[Path]:
    """Writes the sample shoot into an empty folder. The bytes are always the same.

    Args:
        radiance: folder that holds the images named in `SAMPLES`.
        out: folder, empty or not there yet.
        photographer: name of who edits it, a key of `PHOTOGRAPHERS`; None writes no sidecars.

    Returns:
        The DNG files.

    Raises:
        SettingsError: the folder holds something or cannot be made, an image is missing, or there is no such
            photographer.
    """
    editor = None if photographer is None else find(photographer)
    refuse_full(out)
    missing = [sample.image for sample in SAMPLES if not (radiance / f"{sample.image}.exr").is_file()]
    if missing:
        raise SettingsError(f"{radiance} lacks {', '.join(f'{name}.exr' for name in missing)}")
    make_folder(out, "--out")
    paths = []
    for index, sample in enumerate(SAMPLES):
        rng = np.random.default_rng((0, index))
        scene = _picture(sample, read_exr(radiance / f"{sample.image}.exr"))
        exposure = centre_weighted(scene.linear) * 2.0**sample.stops
        # Two hours from place to place.
        captured = START + 7200.0 * index
        shot = take(scene, sample.camera, exposure, rng, captured, editor)
        path = out / f"{sample.name}.dng"
        write_dng(path, shot.frame, sample.camera, compression=sample.compression)
        if editor is not None:
            write_atomically(path.with_suffix(".xmp"), photographer_xmp(shot.values, captured))
        paths.append(path)
    return paths


def _picture(sample: Sample, linear: NDArray[np.float32]) -> Scene:
    height, width = PLANES_SIZE if sample.camera.phase == "linear" else SIZE
    size = (width, height) if sample.upright else (height, width)
    look = sample.direction
    picture = crop(linear, 1.0, 0.5, 0.5, size) if look is None else view(linear, *look, size)
    return Scene(picture, sample.name, sample.name)


@click.command(cls=Command)
@click.option("--radiance", required=True, type=click.Path(path_type=Path), help="Folder with the radiance images.")
@click.option("--out", required=True, type=click.Path(path_type=Path), help="Folder for the DNG files, empty or new.")
@click.option(
    "--photographer", type=click.Choice(list(PHOTOGRAPHERS)), help="Who edits the shoot. Without, no sidecars."
)
def main(radiance: Path, out: Path, photographer: str | None) -> None:
    """Make the sample shoot again."""
    paths = write_samples(radiance, out, photographer)
    total = sum(path.stat().st_size for path in paths)
    click.echo(f"{len(paths)} files, {total / 1e6:.1f} MB, in {out}")


if __name__ == "__main__":
    main()
