"""Files become network inputs, against independent arithmetic."""

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import rawpy
from numpy.typing import NDArray

from autohdr import InputSpec, SettingsError, prepare
from autohdr.encoding import encode
from autohdr.raw.decode import decode, open_decoder
from autohdr.raw.prepare import prepare_frame, prepare_photo
from autohdr.raw.preview import read_preview
from autohdr_scenes import BODIES, OTHER_CELLS, PHASES, Camera, Scene, bracket, expose, random_scene, write_dng
from tests.previews import embed, jpeg

PLAIN = InputSpec(size=32, mean=(0.0, 0.0, 0.0), std=(1.0, 1.0, 1.0))


def camera(phase: str) -> Camera:
    return replace(BODIES[0], phase=phase)


def srgb(light: float) -> float:
    """IEC 61966-2-1, one value at a time."""
    return 12.92 * light if light <= 0.0031308 else 1.055 * light ** (1 / 2.4) - 0.055


def area_average(data: NDArray[np.float64], size: int) -> NDArray[np.float64]:
    """(H, W, C) to (size, size, C), exactly: each sample is repeated until whole blocks fit."""
    height, width, _ = data.shape
    fine = data.repeat(size, axis=0).reshape(size, height, width, -1).mean(axis=1)
    averages: NDArray[np.float64] = fine.repeat(size, axis=1).reshape(size, size, width, -1).mean(axis=2)
    return averages


def test_a_linear_dng_equals_an_independent_computation(tmp_path: Path) -> None:
    """Planes as LibRaw hands them over, then nothing but this function's own float64 arithmetic."""
    rng = np.random.default_rng(0)
    body = camera("linear")
    picture = random_scene(rng, (70, 110)).linear
    picture *= 0.1 / np.median(picture)  # no sample reaches the level where clipping begins
    frame = expose(Scene(np.minimum(picture, 0.3), "a", "a"), body, 1.0, rng)
    write_dng(tmp_path / "linear.dng", frame, body)

    with rawpy.imread(str(tmp_path / "linear.dng")) as raw:
        planes = raw.raw_image_visible[..., :3].astype(np.float64)
        black, white = np.array(raw.black_level_per_channel[:3]), raw.white_level
        gains = np.array(raw.camera_whitebalance[:3])
        matrix = np.array(raw.color_matrix)[:, :3]
    light = (area_average(planes, 32) - black) / (white - black) * (gains / gains.min())
    light = np.clip(np.einsum("ij,yxj->yxi", matrix / matrix.sum(axis=1, keepdims=True), light), 0, 1)
    expected = [
        [[12.92 * v if v <= 0.0031308 else 1.055 * v ** (1 / 2.4) - 0.055 for v in p] for p in row] for row in light
    ]

    np.testing.assert_allclose(prepare(tmp_path / "linear.dng", PLAIN), np.transpose(expected, (2, 0, 1)), atol=1e-5)


@pytest.mark.parametrize("phase", [*PHASES, *OTHER_CELLS, "linear"])
def test_a_bracket_comes_out_in_its_ratio(tmp_path: Path, phase: str) -> None:
    """The same scene at -2, 0 and +2 EV, through files, for every filter and as planes."""
    rng = np.random.default_rng(1)
    body = camera(phase)
    scene = random_scene(rng, (640, 960))
    exposure = 0.02 / float(np.median(scene.linear))
    linear = []
    for stop, photo in zip((-2, 0, 2), bracket(scene, body, exposure, rng), strict=True):
        write_dng(tmp_path / f"{stop}.dng", photo.frame, photo.camera)
        encoded = prepare(tmp_path / f"{stop}.dng", PLAIN).astype(float)
        linear.append(np.where(encoded <= 0.04045, encoded / 12.92, ((encoded + 0.055) / 1.055) ** 2.4))
    plain = ((linear[2] < 0.5) & (linear[0] > 0.001)).all(axis=0)
    assert plain.sum() > 100
    for one, other in pairwise(linear):
        assert np.median(other[:, plain] / one[:, plain]) == pytest.approx(4, rel=0.03)


@pytest.mark.parametrize("flip", [0, 3, 5, 6])
def test_a_turned_photo_comes_out_as_libraw_turns_it(tmp_path: Path, flip: int) -> None:
    rng = np.random.default_rng(2)
    body = camera("RGGB")
    picture = np.full((96, 144, 3), 0.02, np.float32)
    picture[:30, :40] = 0.5  # one bright corner
    frame = expose(Scene(picture, "a", "a"), body, 1.0, rng, flip)
    write_dng(tmp_path / "turned.dng", frame, body)
    ours = prepare(tmp_path / "turned.dng", PLAIN).mean(axis=0)
    with rawpy.imread(str(tmp_path / "turned.dng")) as raw:
        judge = raw.postprocess(half_size=True, no_auto_bright=True, use_camera_wb=True).mean(axis=2)

    def brightest_corner(image: NDArray[np.floating]) -> tuple[int, int]:
        corners = {(y, x): image[-y, -x] for y in (0, 1) for x in (0, 1)}
        return max(corners, key=lambda corner: corners[corner])

    assert brightest_corner(ours) == brightest_corner(judge)


def test_the_matrix_of_the_file_is_the_cameras(tmp_path: Path) -> None:
    """A DNG's ColorMatrix leads back to the matrix that the camera was simulated with."""
    body = camera("GBRG")
    frame = expose(random_scene(np.random.default_rng(3), (64, 96)), body, 1.0, None)
    write_dng(tmp_path / "a.dng", frame, body)
    np.testing.assert_allclose(decode(tmp_path / "a.dng").matrix, body.matrix, atol=2e-3)


def test_the_spec_says_which_source_is_read(tmp_path: Path) -> None:
    """A photo whose preview shows something else than its sensor data."""
    body = camera("RGGB")
    write_dng(tmp_path / "a.dng", expose(random_scene(np.random.default_rng(4), (64, 96)), body, 1.0, None), body)
    raw, decoder = replace(PLAIN, encoding="pu21-pmax"), open_decoder("libraw")
    before = prepare_photo(tmp_path / "a.dng", raw, decoder)
    assert (before.decoder, before.white_balance) == ("libraw", "as shot")

    embed(tmp_path / "a.dng", jpeg(np.full((64, 96, 3), (200, 100, 50), np.uint8)))
    np.testing.assert_array_equal(prepare_photo(tmp_path / "a.dng", raw, decoder).pixels, before.pixels)
    spec = replace(raw, source="preview")
    seen = prepare_photo(tmp_path / "a.dng", spec, decoder)
    assert (seen.decoder, seen.white_balance, seen.brightness) == ("preview", None, None)
    np.testing.assert_array_equal(seen.pixels, encode(read_preview(tmp_path / "a.dng", 32), spec))
    np.testing.assert_array_equal(prepare(tmp_path / "a.dng", spec), seen.pixels)


def test_sensor_data_are_not_passed_off_as_a_preview() -> None:
    frame = expose(random_scene(np.random.default_rng(5), (64, 96)), camera("RGGB"), 1.0, None)
    with pytest.raises(SettingsError, match="input source is 'preview'"):
        prepare_frame(frame, replace(PLAIN, source="preview"))


def test_the_light_as_shot_is_what_camera_raw_says_of_the_same_file(shared_raws: Path) -> None:
    """Beside As Shot its document says 6200 K, -1, rounded to 50 K and 1."""
    shot = prepare_photo(shared_raws / "canon_eos6d_lossy_linear.dng", PLAIN).shot
    assert shot.kelvin == pytest.approx(6200, abs=25)
    assert shot.tint == pytest.approx(-1, abs=0.5)


@pytest.mark.parametrize(
    "name", ["camera_640x480_10bit.dng", "canon_eos_d30_RAW_CANON_D30_SRGB.CRW", "nikon_coolscan_iv_uncompressed.nef"]
)
def test_files_without_a_matrix_or_a_white_as_shot_tell_no_light(shared_raws: Path, name: str) -> None:
    shot = prepare_photo(shared_raws / name, PLAIN).shot
    assert (shot.kelvin, shot.tint) == (None, None)
