"""The light of scenes, against an independent computation, simulated photos whose light is known, and real files."""

import dataclasses
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from autohdr import RawError, SettingsError
from autohdr.develop.spaces import LUMINANCE, between
from autohdr.develop.stages.white_balance import prophoto_from_camera
from autohdr.raw import binning, highlights
from autohdr.raw.decode import decode
from autohdr.raw.frame import RawFrame
from autohdr.raw.scene import read_scene, scene_of, shape_of
from autohdr_scenes import KINDS, OTHER_CELLS, PHASES, Camera, Scene, expose, write_dng

CAMERA = Camera()
ALL = [*PHASES, *OTHER_CELLS, "linear"]
STEPS = 2e-4
"""What a 14-bit converter's steps may cost, of saturation."""


def taken(linear: NDArray[np.floating], phase: str = "RGGB", flip: int = 0, camera: Camera = CAMERA) -> RawFrame:
    """Linear sRGB light (H, W, 3), 1 where green saturates, as a sensor without noise holds it."""
    scene = Scene(np.ascontiguousarray(linear, dtype=np.float32), "a picture", "a place")
    return expose(scene, dataclasses.replace(camera, phase=phase), 1.0, None, flip)


def in_prophoto(srgb: list[float]) -> NDArray[np.float64]:
    light: NDArray[np.float64] = between("srgb", "prophoto") @ np.array(srgb)
    return light


@pytest.mark.parametrize("phase", [phase for phase in ALL if phase != "monochrome"])
@pytest.mark.parametrize("edge", [16, 60, 96])
def test_a_flat_colour_comes_out_at_any_size(phase: str, edge: int) -> None:
    light = scene_of(taken(np.broadcast_to([0.2, 0.3, 0.15], (124, 192, 3)), phase), edge).light
    np.testing.assert_allclose(light / light[0, 0], 1, atol=1e-3)
    np.testing.assert_allclose(
        light[0, 0] / light[0, 0, 1], in_prophoto([0.2, 0.3, 0.15]) / in_prophoto([0.2, 0.3, 0.15])[1], atol=2e-3
    )


def test_a_sensor_without_a_filter_sees_grey() -> None:
    light = scene_of(taken(np.full((96, 144, 3), 0.25), "monochrome"), 32).light
    np.testing.assert_allclose(
        light, 0.25 * scene_of(taken(np.full((96, 144, 3), 1.0), "monochrome"), 32).light, rtol=1e-3
    )
    assert np.ptp(light) < 1e-6


@pytest.mark.parametrize("flip", range(8))
def test_a_scene_is_upright_and_keeps_its_aspect_ratio(flip: int) -> None:
    linear = np.full((120, 180, 3), 0.05)
    linear[:20, :20] = 0.5
    light = scene_of(taken(linear, flip=flip), 90).light
    assert light.shape == (60, 90, 3)
    assert light.flags.c_contiguous
    assert light.dtype == np.float32
    bright = light[..., 1] > light[..., 1].mean() * 2
    assert bright[:9, :9].all()
    assert bright[12:].sum() == bright[:, 12:].sum() == 0


@pytest.mark.parametrize(
    ("phase", "edge", "shape"),
    [
        ("RGGB", 2048, (62, 96)),
        ("RGGB", 50, (32, 50)),
        ("X-Trans", 2048, (62, 96)),
        ("linear", 2048, (124, 192)),
        ("monochrome", 2048, (124, 192)),
        ("RGGB", 1, (1, 1)),
    ],
)
def test_a_scene_is_never_enlarged_and_a_mosaic_is_at_most_half(phase: str, edge: int, shape: tuple[int, int]) -> None:
    frame = taken(np.full((124, 192, 3), 0.1), phase)
    assert shape_of(frame, edge) == shape == scene_of(frame, edge).light.shape[:2]


@pytest.mark.parametrize(("aspect", "shape"), [(2.0, (31, 96)), (0.5, (62, 48)), (1.0, (62, 96))])
def test_places_that_are_no_squares_become_some(aspect: float, shape: tuple[int, int]) -> None:
    frame = dataclasses.replace(taken(np.full((124, 192, 3), 0.1)), pixel_aspect=aspect)
    assert shape_of(frame, 2048) == shape == scene_of(frame, 2048).light.shape[:2]


def test_a_sensor_turned_by_45_degrees_shows_four_by_three(shared_raws: Path) -> None:
    height, width, _ = read_scene(shared_raws / "fuji_s5000_RAW_FUJI_S5000.RAF", 512).light.shape
    assert (width, height) == (512, pytest.approx(384, abs=5))


@pytest.mark.parametrize("edge", [0, -3, np.nan])
def test_an_edge_that_is_no_size_is_refused_in_one_sentence(edge: float) -> None:
    with pytest.raises(SettingsError, match=rf"^a scene's longer side is {edge}; expected at least 1 pixel$"):
        scene_of(taken(np.full((32, 32, 3), 0.1)), edge)  # type: ignore[arg-type]


def averaged(frame: RawFrame, edge: int) -> NDArray[np.float64]:
    """White-balanced averages (H, W, 3) of what is not saturated, in float64, one channel after the other."""
    assert frame.pattern is not None
    height, width = frame.data.shape
    shape, period = shape_of(frame, edge), frame.pattern.shape
    cell = np.where(frame.pattern == 3, 1, frame.pattern)
    colours = np.tile(cell, (height // period[0] + 1, width // period[1] + 1))[:height, :width]
    least = 2 if period == (2, 2) else 3
    weights = []
    for length, size in zip(frame.data.shape, shape, strict=True):
        part = length / size
        wide = max(part, least)
        begin = np.clip((np.arange(size) + 0.5) * part - wide / 2, 0, length - wide)[:, None]
        sample = np.arange(length)[None]
        weights.append((np.minimum(begin + wide, sample + 1) - np.maximum(begin, sample)).clip(0))
    out = np.zeros((*shape, 3))
    for channel, gain in enumerate(frame.white_balance):
        here = (colours == channel).astype(float)
        value = (frame.data - frame.black[0]) / (frame.white[0] - frame.black[0]) * gain
        out[..., channel] = weights[0] @ (value * here) @ weights[1].T / (weights[0] @ here @ weights[1].T)
    return out


@pytest.mark.parametrize("phase", [*PHASES, "X-Trans"])
@pytest.mark.parametrize("edge", [9, 40, 65, 96])
def test_a_picture_equals_an_independent_computation(phase: str, edge: int) -> None:
    noise = np.random.default_rng(4).uniform(0.0, 0.4, (124, 192, 3))
    frame = taken(noise, phase)
    expected = averaged(frame, edge) @ frame.matrix.T @ between("srgb", "prophoto").T
    light = scene_of(frame, edge)
    scale = light.light.mean() / expected.mean()  # baseline exposure
    np.testing.assert_allclose(light.light, expected * scale, rtol=0, atol=3e-5)


@pytest.mark.parametrize("phase", ["RGGB", "X-Trans", "linear"])
def test_strided_samples_give_what_samples_in_one_piece_give(phase: str) -> None:
    frame = taken(np.random.default_rng(1).uniform(0, 0.5, (64, 96, 3)), phase)
    wide = np.zeros((70, 200, *frame.data.shape[2:]), np.uint16)
    wide[3:67, 4:100] = frame.data
    strided = dataclasses.replace(frame, data=wide[3:67, 4:100])
    np.testing.assert_array_equal(scene_of(strided, 40).light, scene_of(frame, 40).light)


def saturation(frame: RawFrame) -> float:
    """The level of a neutral that just saturates the first channel, which baseline exposure moves."""
    return float(scene_of(frame, 8).sensor_white / max(frame.white_balance))


@pytest.mark.parametrize("phase", [phase for phase in ALL if phase != "monochrome"])
@pytest.mark.parametrize("gains", [(2.0, 1.0, 1.6), (1.2, 1.0, 2.8), (0.7, 1.0, 1.9)])
def test_a_neutral_comes_back_up_to_the_sensors_white(phase: str, gains: tuple[float, float, float]) -> None:
    """Green is lost from 1 on, blue from 1.6, red from 2: a ramp to 3 stays neutral, and rises to 2."""
    camera = dataclasses.replace(CAMERA, white_balance=gains)
    most = max(gains) / min(gains)
    ramp = np.repeat(np.linspace(0.1, 3.0, 12), 36)
    frame = taken(np.broadcast_to(ramp[None, :, None], (72, ramp.size, 3)), phase, camera=camera)
    scene = scene_of(frame, 12)
    unit = scene.sensor_white / most
    expected = np.minimum(ramp[18::36] / min(gains), most) * unit
    np.testing.assert_allclose(scene.light[1], np.repeat(expected[:, None], 3, 1), atol=0.01 * most * unit)


@pytest.mark.parametrize("phase", ["RGGB", "X-Trans", "linear"])
@pytest.mark.parametrize("edge", [24, 37, 72])
def test_the_edge_of_a_blown_window_is_neutral(phase: str, edge: int) -> None:
    """Pixels of which a part is blown: their green lacks as much as that part's."""
    linear = np.full((144, 216, 3), 0.02)
    linear[31:97, 41:163] = 4.0
    light = scene_of(taken(linear, phase), edge).light
    spread = (light.max(2) - light.min(2)) / light.max()
    # Channels sample an edge at other places, most of X-Trans, which shows without any highlight, too.
    dim = scene_of(taken(linear / 8, phase), edge).light
    allowed = ((dim.max(2) - dim.min(2)) / dim.max()).max()
    assert spread.max() < allowed + 0.02


def test_no_highlight_turns_magenta() -> None:
    """Green, which saturates first, never ends below both others where it is saturated."""
    rng = np.random.default_rng(3)
    hues = rng.uniform(0.4, 1.0, (60, 1, 3)) * np.linspace(0.5, 6, 24)[None, :, None]
    frame = taken(np.repeat(np.repeat(hues, 6, 0), 6, 1))
    light = scene_of(frame, 72).light @ np.linalg.inv(between("srgb", "prophoto") @ frame.matrix).T
    lost = light[..., 1] > 0.99 * saturation(frame)
    assert lost.mean() > 0.3
    assert (light[lost][:, 1] >= light[lost][:, [0, 2]].min(1) * 0.99).all()


def test_colours_pass_into_recovered_highlights_without_an_edge() -> None:
    """One part in a hundred more light never adds more than a tenth of the sensor's white to a channel."""
    for hue in ([1.0, 0.7, 0.45], [0.5, 0.7, 1.0], [1.0, 0.6, 0.9], [0.7, 1.0, 0.5]):
        steps = 1.01 ** np.arange(0, 300)
        linear = np.repeat((0.2 * steps)[None, :, None] * hue, 4, 1).repeat(8, 0)
        scene = scene_of(taken(linear, "linear"), 300)
        jump = np.abs(np.diff(scene.light[1], axis=0)).max()
        assert jump < 0.1 * scene.sensor_white, hue


def test_what_no_channel_has_lost_stays_as_it_is() -> None:
    linear = np.random.default_rng(0).uniform(0.0, 0.2, (96, 144, 3))
    linear[60:, 100:] = 5.0
    alone = linear.copy()
    alone[60:, 100:] = 0.0
    one, other = (scene_of(taken(picture), 36).light for picture in (linear, alone))
    np.testing.assert_array_equal(one[:14, :24], other[:14, :24])


def test_four_colours_show_what_three_do() -> None:
    three, four = (scene_of(KINDS[kind]().frame, 36).light @ LUMINANCE for kind in ("RGGB", "four colours"))
    plain = (three > 0.02) & (three < 0.6)
    assert np.median(np.abs(four / three - 1)[plain]) < 0.03


@pytest.mark.parametrize("kind", ["floating-point mosaic", "floating-point planes"])
def test_floating_point_samples_show_the_same_scene(kind: str) -> None:
    whole = scene_of(KINDS["linear" if "planes" in kind else "RGGB"]().frame, 48)
    np.testing.assert_allclose(scene_of(KINDS[kind]().frame, 48).light, whole.light, atol=STEPS * 10)


def test_a_small_and_a_large_scene_have_the_same_light() -> None:
    frame = taken(np.random.default_rng(2).uniform(0, 0.5, (256, 384, 3)))
    small, large = (scene_of(frame, edge).light for edge in (48, 192))
    np.testing.assert_allclose(large.reshape(32, 4, 48, 4, 3).mean((1, 3)), small, rtol=1e-3, atol=1e-4)


@pytest.mark.parametrize("name", ["canon_eos60d_photo_sample.CR2", "sony_a7rm3_DSC2164.ARW", "kodak_dc50.KDC"])
def test_a_real_photo_has_the_size_that_was_asked_for(shared_raws: Path, name: str) -> None:
    scene = read_scene(shared_raws / name, 320)
    assert max(scene.light.shape[:2]) == 320
    assert np.isfinite(scene.light).all()


def test_a_real_photo_that_is_mostly_blown_is_white_without_a_tint(shared_raws: Path) -> None:
    """The longest exposure of a bracket: half of it has lost all channels, most of the rest some."""
    scene = read_scene(shared_raws / "nikon_d5000_hdrmerge_sample3.dng", 1024)
    white = scene.light.min(2) > 0.95 * scene.sensor_white
    assert white.mean() > 0.4
    bright = scene.light[scene.light[..., 1] > 0.6 * scene.sensor_white]
    magenta = bright[:, 1] < 0.97 * np.minimum(bright[:, 0], bright[:, 2])
    assert magenta.mean() < 0.001


def camera_levels(path: Path) -> tuple[NDArray[np.float64], NDArray[np.float64], float]:
    """White-balanced camera colours (H, W, 3) of a real photo, the levels at which they saturate, and its seconds."""
    frame = decode(path)
    scene = scene_of(frame, 1024)
    assert scene.camera is not None
    assert frame.shot.exposure_time is not None
    neutral = scene.camera.neutral
    back = np.linalg.inv(prophoto_from_camera(scene.camera) * neutral)
    return scene.light @ back.T, neutral.max() / neutral, frame.shot.exposure_time


@pytest.mark.parametrize(
    ("lost", "most"), [((False, True, False), (0.03, 0.02, 0.05)), ((False, True, True), (0.02, 0.12, 0.11))]
)
def test_what_a_long_exposure_has_lost_is_as_a_short_one_tells(
    shared_raws: Path, lost: tuple[bool, ...], most: tuple[float, ...]
) -> None:
    """A real bracket: medians in stops, and hardly a pixel whose green is 3 % below both others."""
    short, saturated, quick = camera_levels(shared_raws / "nikon_d5000_hdrmerge_sample2.dng")
    long, _, slow = camera_levels(shared_raws / "nikon_d5000_hdrmerge_sample3.dng")
    plain = (long.max(2) < 0.6) & (long.min(2) > 0.1)
    truth = short * (slow / quick) * np.median(long[plain] / (short[plain] * (slow / quick)))
    here = ((truth > 0.97 * saturated) == lost).all(2)
    assert here.mean() > 0.03
    off = np.median(np.log2(long[here] / np.minimum(truth[here], saturated.max())), axis=0)
    assert (np.abs(off) < most).all(), off
    assert (long[here][:, 1] < 0.97 * long[here][:, [0, 2]].min(1)).mean() < 0.01


def test_the_kernels_compute_what_they_say_without_numba(monkeypatch: pytest.MonkeyPatch) -> None:
    linear = np.random.default_rng(5).uniform(0, 2.0, (31, 42, 3))
    frame = taken(linear)
    compiled = scene_of(frame, 13).light
    for name in ("_add_rows", "_add_columns", "_add_pixels", "_add_few_rows", "_reach", "_band"):
        monkeypatch.setattr(binning, name, getattr(binning, name).py_func)
    monkeypatch.setattr(highlights, "_recover", highlights._recover.py_func)
    np.testing.assert_allclose(scene_of(frame, 13).light, compiled, rtol=1e-5, atol=1e-5)


def test_a_file_that_cannot_be_read_is_refused_in_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(RawError, match=r"no\.dng: cannot be read .*; check that it exists and may be opened"):
        read_scene(tmp_path / "no.dng", 64)


def test_a_simulated_photo_and_its_file_have_one_scene(tmp_path: Path) -> None:
    frame = taken(np.random.default_rng(0).uniform(0, 1.5, (96, 144, 3)))
    write_dng(tmp_path / "a.dng", frame, CAMERA)
    one, other = scene_of(frame, 48), read_scene(tmp_path / "a.dng", 48)
    assert one.sensor_white == pytest.approx(other.sensor_white, rel=1e-3)
    assert np.median(one.light / other.light) == pytest.approx(1, abs=2e-3)


def test_a_dng_has_the_exposure_that_it_asks_for(tmp_path: Path) -> None:
    frame = dataclasses.replace(taken(np.full((96, 144, 3), 0.2)), exposure=1.5)
    write_dng(tmp_path / "a.dng", frame, CAMERA)
    np.testing.assert_allclose(read_scene(tmp_path / "a.dng", 16).light, 0.2 * 2**1.5, rtol=2e-3)


MATRICES = {
    "none": np.zeros((1, 3, 3)),
    "no number": np.full((1, 3, 3), np.nan),
    "endless": np.full((1, 3, 3), np.inf),
    "huge": np.eye(3)[None] * 1e300,
    "tiny": np.eye(3)[None] * 1e-300,
    "of one row thrice": np.ones((1, 3, 3)),
    "negative": -np.eye(3)[None],
    "of four colours": np.ones((1, 4, 3)),
}


@pytest.mark.parametrize("kind", MATRICES)
@pytest.mark.parametrize("gains", [(2.0, 1.0, 1.6), (1e-6, 1.0, 1e6)])
def test_a_damaged_matrix_leaves_a_scene_without_a_camera(kind: str, gains: tuple[float, ...]) -> None:
    frame = dataclasses.replace(
        taken(np.full((32, 48, 3), 0.2)),
        camera_from_xyz=MATRICES[kind],
        kelvin=np.array([6500.0]),
        white_balance=np.array(gains),
    )
    scene = scene_of(frame, 16)
    assert np.isfinite(scene.light).all()
    assert scene.camera is None or kind in ("huge", "tiny")


def test_a_matrix_of_the_camera_gives_the_colours_that_it_says() -> None:
    """In daylight the camera's matrix for D65 is exact, so sRGB colours come back, whichever way they are reckoned."""
    camera = dataclasses.replace(CAMERA, white_balance=CAMERA.daylight)
    frame = taken(np.random.default_rng(0).uniform(0.05, 0.5, (64, 96, 3)), "linear", camera=camera)
    known = dataclasses.replace(frame, camera_from_xyz=camera.xyz_to_camera[None], kelvin=np.array([6500.0]))
    one, other = scene_of(frame, 96), scene_of(known, 96)
    assert other.camera is not None
    np.testing.assert_allclose(other.light, one.light, atol=2e-3)


def test_every_bad_file_is_a_scene_or_one_sentence(shared_raws: Path) -> None:
    files = sorted((shared_raws / "bad").iterdir())
    assert len(files) > 10
    refused = {}
    for path in files:
        try:
            assert np.isfinite(read_scene(path, 64).light).all()
        except RawError as error:
            refused[path] = str(error)
    assert len(refused) >= 10
    for path, sentence in refused.items():
        assert sentence.startswith(f"{path}: ")
        assert "\n" not in sentence
