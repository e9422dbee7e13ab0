"""Measures how near a learnt white balance comes to what simulated photographers set by what is in their photos.

Each of them edits some photos; a style is learnt from these, from sidecar to sidecar, and labels others. Printed are
median absolute errors of Temperature and Tint on the others: of the style, of the photographer's median difference from
As Shot, and of As Shot. Photos are DNGs of the scene simulator, each of another place, camera and light.

    python scripts/measure_white_balance.py --draws 4

With `--camera DNG`, a file of a camera with matrices for two lights, the same is asked of files that tell one matrix
alone, as all but DNGs do: photographers see the light that both matrices give, the style what the one for daylight
gives.

    python scripts/measure_white_balance.py --camera canon_eos6d.dng

What they go by is measured in the developed scene; each sets Temperature in steps of 50 K and differs from their own
rule by 2 mired and 1 of Tint (standard deviations), except where they leave a photo As Shot.
"""

import argparse
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

import autohdr
from autohdr.develop.scene import CameraColour
from autohdr.develop.stages.temperature import chromaticity, temperature_and_tint
from autohdr.develop.stages.white_balance import neutral_of, white_of
from autohdr.edits.photos import LabelledPhoto
from autohdr.model.info import find_model
from autohdr.model.onnx_file import read_model
from autohdr.raw.decode import decode
from autohdr.raw.prepare import prepare_decoded
from autohdr.raw.scene import camera_of, scene_of
from autohdr.shot.shot import Shot
from autohdr.sidecar import Document, merge
from autohdr.sidecar.settings.further import AS_SHOT, balance_in
from autohdr.sidecar.xmp.properties import CRS
from autohdr.style.description import describe
from autohdr.style.experts.people import load
from autohdr.style.further.fitting import fit_further
from autohdr.style.further.inputs import describe_beside
from autohdr.style.further.labels import labels_of, spelled
from autohdr_scenes.dng import write_dng
from autohdr_scenes.shot import Procedural, shots
from autohdr_scenes.sidecar import photographer_xmp

SIZE = (192, 288)
NOISE = (2.0, 1.0)


@dataclass(frozen=True, slots=True)
class Photo:
    """A photo, and what photographers see in it."""

    path: Path
    mired: float
    tint: float
    green: float
    """Share of the frame that is green, as leaves are."""
    blue: float
    """Share of the frame that is blue, as the sky is."""
    level: float
    """log2 of the median luminance."""
    values: NDArray[np.float64]
    """(8,), the other sliders."""


Offset = tuple[float, float]
RULES: dict[str, Callable[[Photo], Offset]] = {
    "warm light": lambda one: (8 - 0.3 * (one.mired - 190), 2 - 0.3 * (one.tint - 4)),
    "foliage": lambda one: (2 + 60 * min(one.green, 0.4), 1 + 25 * min(one.green, 0.4)),
    "brightness": lambda one: (10 - 5 * (one.level + 3.6), 2 + 0.5 * (one.level + 3.6)),
    "all of it": lambda one: (
        6 - 0.15 * (one.mired - 190) + 30 * min(one.green, 0.4) - 3 * (one.level + 3.6),
        2 + 10 * min(one.green, 0.4) - 8 * one.blue,
    ),
    "tungsten alone": lambda one: (-0.4 * (one.mired - 205), 3.0) if one.mired > 215 else (0.0, 0.0),
}
"""How far each photographer's white balance differs from As Shot, in mired (above 0 is warmer) and Tint."""


def main() -> None:
    """Runs the measurement, and prints its table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--edits", type=int, default=20, help="photos that are learnt from")
    parser.add_argument("--others", type=int, default=40, help="photos that are labelled")
    parser.add_argument("--draws", type=int, default=4, help="photographers of each kind")
    parser.add_argument("--seed", type=int, default=31, help="of all that is drawn")
    parser.add_argument("--camera", type=Path, help="a DNG whose camera has two matrices, of which one is used")
    asked = parser.parse_args()
    print(f"{asked.edits} edits, {asked.others} other photos, {asked.draws} draws")
    print(f"{'':16}{'the style':>14}{'median offset':>16}{'As Shot':>14}{'set, of all':>14}{'written, of set':>17}")
    with tempfile.TemporaryDirectory() as place:
        for name, rule in RULES.items():
            rows = []
            for draw in range(asked.draws):
                folder = Path(place, f"{name}-{draw}")
                photos = _photos(folder, asked.edits + asked.others, asked.seed + draw)
                random = np.random.default_rng((asked.seed, draw))
                if asked.camera is None:
                    rows.append(_measure(photos, rule, asked.edits, random, Path(place)))
                else:
                    rows.append(_one_matrix(_camera(asked.camera), photos, rule, asked.edits, random))
            mean = np.mean(rows, axis=0)
            pairs = "".join(f"{kelvin:>9.0f} K {tint:4.1f}" for kelvin, tint in mean[:6].reshape(3, 2))
            print(f"{name:14}{pairs}{mean[6]:>12.2f}{mean[7]:>15.2f}", flush=True)


def _photos(folder: Path, count: int, seed: int) -> list[Photo]:
    folder.mkdir()
    spec = read_model(find_model(None)).info.spec
    found = []
    for index, taken in enumerate(shots(Procedural(), count, seed, size=SIZE)):
        path = folder / f"IMG_{index + 1:04d}.dng"
        write_dng(path, taken.frame, taken.camera)
        frame = decode(path)
        shot = prepare_decoded(frame, spec).shot
        red, green, blue = np.moveaxis(scene_of(frame, 96).light, 2, 0)
        luminance = 0.288 * red + 0.712 * green
        found.append(
            Photo(
                path,
                1e6 / _known(shot.kelvin),
                _known(shot.tint),
                float(((green > 1.1 * red) & (green > 1.25 * blue)).mean()),
                float(((blue > 1.15 * red) & (blue > 1.05 * green)).mean()),
                float(np.clip(np.log2(np.median(luminance) + 2.0**-13), -8.0, -1.0)),
                taken.values,
            )
        )
    return found


def _known(value: float | None) -> float:
    assert value is not None, "the simulator writes a neutral and a matrix"
    return value


def _measure(
    photos: list[Photo],
    rule: Callable[[Photo], Offset],
    count: int,
    random: np.random.Generator,
    place: Path,
) -> NDArray[np.float64]:
    """Median errors (6,) of three answers, in kelvin and Tint; the share of photos that the photographer sets, and of
    those labelled among them the share that the style sets, too."""
    truth = [_set(photo, rule, random) for photo in photos]
    for photo, (kelvin, tint) in zip(photos[:count], truth[:count], strict=True):
        sidecar = photographer_xmp(photo.values, None)
        custom = {"WhiteBalance": "Custom", "Temperature": f"{kelvin:.0f}", "Tint": f"{tint:.0f}"}
        own = custom if kelvin != 1e6 / photo.mired else {"WhiteBalance": "As Shot"}
        written = merge(sidecar, {f"{{{CRS}}}{name}": value for name, value in own.items()})
        photo.path.with_suffix(".xmp").write_bytes(written)
    edited = [photo.path for photo in photos[:count]]
    style = place / "one.style"
    autohdr.learn(edited, style, cache=place / "cache")
    autohdr.label([photo.path for photo in photos[count:]], style=style, embed=False)
    moved = np.array([_offset(photo, *one) for photo, one in zip(photos[:count], truth[:count], strict=True)])
    usual = np.median(moved, axis=0)
    answers = []
    for photo, true in zip(photos[count:], truth[count:], strict=True):
        median = (1e6 / (photo.mired - usual[0]), photo.tint + usual[1])
        said = np.array([_written(photo), median, (1e6 / photo.mired, photo.tint)])
        answers.append(np.abs(said - true).ravel())
    set_by_hand = [true[0] != 1e6 / photo.mired for photo, true in zip(photos, truth, strict=True)]
    asked = [photo for photo, by_hand in zip(photos[count:], set_by_hand[count:], strict=True) if by_hand]
    style_too = [_written(photo)[0] != 1e6 / photo.mired for photo in asked]
    return np.array([*np.median(answers, axis=0), np.mean(set_by_hand), np.mean(style_too)])


def _camera(path: Path) -> CameraColour:
    camera = camera_of(decode(path))
    assert camera is not None, "expected a DNG with matrices"
    assert len(camera.temperatures) > 1, "expected matrices for two lights"
    return camera


def _one_matrix(
    camera: CameraColour, photos: list[Photo], rule: Callable[[Photo], Offset], count: int, random: np.random.Generator
) -> NDArray[np.float64]:
    """Measures as `_measure` does, with each light as shot as the last matrix alone tells it; without files."""
    spec = read_model(find_model(None)).info.spec
    truth = np.array([_set(photo, rule, random) for photo in photos])
    as_shot = np.array([(1e6 / photo.mired, photo.tint) for photo in photos])
    labelled, shots_of, described = [], [], []
    for photo, true, light in zip(photos, truth, as_shot, strict=True):
        neutral = neutral_of(camera, chromaticity(*light))
        one = CameraColour(neutral, camera.camera_from_xyz[-1:], camera.temperatures[-1:])
        kelvin, tint = temperature_and_tint(white_of(one))
        balance = AS_SHOT if (true == light).all() else (float(true[0]), float(true[1]))
        labelled.append(LabelledPhoto(photo.path, np.zeros(8, np.float32), hdr=True, balance=balance))
        made = prepare_decoded(decode(photo.path), spec)
        shots_of.append(replace(made.shot, kelvin=kelvin, tint=tint))
        parts = describe(made.pixels, spec, shots_of[-1]), describe_beside(made.pixels, spec, shots_of[-1])
        described.append(np.concatenate(parts))
    labels, inputs, captured = labels_of(labelled, shots_of), np.stack(described), np.full(len(photos), np.nan)
    fitted = fit_further(labels[:count], inputs[:count], captured[:count], np.zeros(count, bool), load())
    usual, answers = np.median(labels[:count, :2], axis=0), []
    values = np.zeros((len(photos), 2)) if fitted is None else fitted.further.answer(inputs, captured)[0][:, :2]
    for row in range(count, len(photos)):
        said = [_answer(one, shots_of[row], as_shot[row]) for one in (values[row], usual)]
        answers.append(np.abs(np.array([*said, as_shot[row]]) - truth[row]).ravel())
    by_hand = (truth != as_shot).any(axis=1)
    written = [bool(_spelled(values[row], shots_of[row])) for row in range(count, len(photos)) if by_hand[row]]
    return np.array([*np.median(answers, axis=0), np.mean(by_hand), np.mean(written)])


def _spelled(offset: NDArray[np.float64], shot: Shot) -> dict[str, str]:
    return spelled({"Temperature": float(offset[0]), "Tint": float(offset[1])}, shot)


def _answer(offset: NDArray[np.float64], shot: Shot, as_shot: NDArray[np.float64]) -> tuple[float, float]:
    """Temperature and Tint that an offset gives a photo; those that the photographer sees as shot, where it is left."""
    written = _spelled(offset, shot)
    return (float(written["Temperature"]), float(written["Tint"])) if written else (as_shot[0], as_shot[1])


def _set(photo: Photo, rule: Callable[[Photo], Offset], random: np.random.Generator) -> tuple[float, float]:
    """Temperature and Tint that the photographer sets; exactly those as shot where they leave it."""
    mired, tint = rule(photo)
    if mired == 0.0 and tint == 0.0:
        return 1e6 / photo.mired, photo.tint
    mired, tint = mired + random.normal(0.0, NOISE[0]), tint + random.normal(0.0, NOISE[1])
    return round(1e6 / np.clip(photo.mired - mired, 25.0, 480.0) / 50) * 50.0, round(photo.tint + tint)


def _offset(photo: Photo, kelvin: float, tint: float) -> Offset:
    return photo.mired - 1e6 / kelvin, tint - photo.tint


def _written(photo: Photo) -> tuple[float, float]:
    document = Document.read(photo.path.with_suffix(".xmp"))
    assert document is not None
    found = balance_in(document)
    return found if isinstance(found, tuple) else (1e6 / photo.mired, photo.tint)


if __name__ == "__main__":
    main()
