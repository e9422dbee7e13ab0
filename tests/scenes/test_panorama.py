"""Radiance images from files, and where things land in a view."""

import math
from pathlib import Path

import numpy as np
import OpenEXR
import pytest
from numpy.typing import NDArray

from autohdr.errors import SettingsError
from autohdr_scenes import panorama
from autohdr_scenes.panorama import crop, load_radiance, random_view, read_exr, view
from autohdr_scenes.scene import Scene


def write_exr(path: Path, channels: dict[str, NDArray[np.float32]]) -> None:
    header = {"compression": OpenEXR.ZIP_COMPRESSION, "type": OpenEXR.scanlineimage}
    with OpenEXR.File(header, channels) as file:
        file.write(str(path))


def spot(yaw: float, pitch: float) -> NDArray[np.float32]:
    """A dark panorama of 2 pixels a degree, with a spot 3 pixels wide at a direction in degrees."""
    image = np.zeros((360, 720, 3), dtype=np.float32)
    row, column = round((90 - pitch) * 2 - 0.5), round((yaw + 180) * 2 - 0.5)
    image[row - 1 : row + 2, np.arange(column - 1, column + 2) % 720] = 1.0
    return image


def centre_of_light(picture: NDArray[np.float32]) -> tuple[float, float]:
    light = picture[..., 1] / picture[..., 1].sum()
    rows, columns = np.mgrid[: picture.shape[0], : picture.shape[1]] + 0.5
    return float((light * rows).sum()), float((light * columns).sum())


@pytest.mark.parametrize("yaw", [0.0, 37.0, -120.0, 180.0, 540.0])
def test_what_a_view_looks_at_is_in_its_centre(yaw: float) -> None:
    turned = (yaw + 180.0) % 360.0 - 180.0
    row, column = centre_of_light(view(spot(turned, 20.0), yaw, 20.0, 60.0, (200, 300)))
    assert (row, column) == pytest.approx((100.0, 150.0), abs=1.5)


def test_a_direction_to_the_right_and_up_lands_there() -> None:
    """Tangent law: 20 degrees off the axis of a view 60 degrees wide stands at tan 20 / tan 30 of its half."""
    per_tangent = 150.0 / math.tan(math.radians(30.0))
    _, column = centre_of_light(view(spot(20.25, 0.0), 0.0, 0.0, 60.0, (200, 300)))
    row, _ = centre_of_light(view(spot(0.0, 15.25), 0.0, 0.0, 60.0, (200, 300)))
    assert column == pytest.approx(150.0 + per_tangent * math.tan(math.radians(20.25)), abs=0.5)
    assert row == pytest.approx(100.0 - per_tangent * math.tan(math.radians(15.25)), abs=0.5)


def test_a_view_across_the_seam_has_no_seam() -> None:
    columns = np.arange(256) * (2.0 * np.pi / 256)
    image = np.repeat(np.repeat(1.0 + 0.5 * np.cos(columns)[None, :, None], 128, 0), 3, 2).astype(np.float32)
    picture = view(image, 180.0, 0.0, 60.0, (40, 120))
    assert float(np.abs(np.diff(picture, axis=1)).max()) < 0.02


def test_a_view_that_shrinks_keeps_the_mean() -> None:
    noise = np.random.default_rng(0).random((512, 1024, 3), dtype=np.float32)
    small = view(noise, 10.0, 0.0, 60.0, (20, 30))
    assert float(small.mean()) == pytest.approx(0.5, abs=0.02)
    # An average of some 30 pixels, where one sample would keep a deviation of 0.2.
    assert float(small.std()) < 0.09


def test_view_kernel_is_the_same_uncompiled() -> None:
    image = np.random.default_rng(0).random((16, 32, 3), dtype=np.float32)
    slow = np.empty((6, 9, 3), dtype=np.float32)
    plane = 2.0 * math.tan(math.radians(25.0)) / 9
    panorama._view.py_func(image, math.radians(30.0), math.radians(5.0), plane, 1, slow)
    np.testing.assert_allclose(view(image, 30.0, 5.0, 50.0, (6, 9)), slow, rtol=1e-5)


def test_a_whole_crop_of_the_same_size_is_the_picture() -> None:
    picture = np.random.default_rng(0).random((13, 21, 3), dtype=np.float32)
    np.testing.assert_allclose(crop(picture, 1.0, 0.5, 0.5, (13, 21)), picture, rtol=1e-6)


def test_a_crop_stands_where_it_is_asked_for() -> None:
    picture = np.random.default_rng(0).random((40, 60, 3), dtype=np.float32)
    np.testing.assert_allclose(crop(picture, 0.5, 1.0, 0.0, (20, 30)), picture[20:, :30], rtol=1e-6)


def test_random_views_are_landscape_or_upright_and_repeat_with_the_seed() -> None:
    scene = Scene(spot(0.0, 0.0), "spot", "spot", panorama=True)
    one = [random_view(scene, np.random.default_rng(seed), (20, 30)) for seed in range(20)]
    two = [random_view(scene, np.random.default_rng(seed), (20, 30)) for seed in range(20)]
    assert {picture.linear.shape for picture in one} == {(20, 30, 3), (30, 20, 3)}
    for a, b in zip(one, two, strict=True):
        np.testing.assert_array_equal(a.linear, b.linear)


def test_an_exr_is_read_with_its_oddities_made_harmless(tmp_path: Path) -> None:
    pixels = np.ones((4, 8, 3), dtype=np.float32)
    pixels[0, 0], pixels[0, 1], pixels[0, 2] = -1.0, np.nan, np.inf
    write_exr(tmp_path / "a.exr", {"RGB": pixels})
    linear = read_exr(tmp_path / "a.exr")
    assert linear.dtype == np.float32
    assert linear[0, :4, 0].tolist() == [0.0, 0.0, 65504.0, 1.0]


def test_an_exr_without_colour_is_refused_by_name(tmp_path: Path) -> None:
    write_exr(tmp_path / "depth.exr", {"Z": np.ones((4, 8), dtype=np.float32)})
    with pytest.raises(SettingsError, match=r"depth\.exr.*channels Z.*R, G and B"):
        read_exr(tmp_path / "depth.exr")


def test_a_file_that_is_no_exr_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "text.exr").write_text("hello")
    with pytest.raises(SettingsError, match=r"text\.exr"):
        read_exr(tmp_path / "text.exr")


def test_a_folder_without_radiance_images_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"no \.exr"):
        load_radiance(tmp_path)


def test_images_of_two_to_one_are_panoramas(tmp_path: Path) -> None:
    write_exr(tmp_path / "flat.exr", {"RGB": np.ones((8, 8, 3), dtype=np.float32)})
    write_exr(tmp_path / "round.exr", {"RGB": np.ones((4, 8, 3), dtype=np.float32)})
    assert [(scene.name, scene.panorama) for scene in load_radiance(tmp_path)] == [("flat", False), ("round", True)]
