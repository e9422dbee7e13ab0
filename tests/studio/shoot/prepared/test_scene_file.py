"""Scene files: what goes in comes out, and what is damaged is refused."""

import json
from dataclasses import asdict

import numpy as np
import pytest

from autohdr.develop import CameraColour, Scene
from autohdr.develop.kernels import prepare
from autohdr.develop.kernels.reduce import reduced
from autohdr_studio.shoot.prepared import scene_file


@pytest.fixture
def scene() -> Scene:
    light = np.random.default_rng(0).lognormal(-2, 1.5, (60, 90, 3)).astype(np.float32)
    camera = CameraColour(np.array([0.5, 1.0, 0.7]), (np.eye(3), np.eye(3) * 0.9), (2856.0, 6504.0))
    return Scene(light, 1.7, camera)


def test_a_scene_comes_back_in_half_precision(scene: Scene) -> None:
    read = scene_file.read(scene_file.write(scene))
    assert (read.light == scene.light.astype(np.float16)).all()
    assert read.sensor_white == scene.sensor_white
    assert read.camera is not None
    assert scene.camera is not None
    assert (read.camera.neutral == scene.camera.neutral).all()
    assert read.camera.temperatures == scene.camera.temperatures
    assert all(
        (one == other).all()
        for one, other in zip(read.camera.camera_from_xyz, scene.camera.camera_from_xyz, strict=True)
    )


def test_the_header_tells_what_developing_measures(scene: Scene) -> None:
    data = scene_file.write(scene)
    length = int.from_bytes(data[4:8], "little")
    header = json.loads(data[8 : 8 + length])
    photo = prepare.Photo.of(scene_file.read(data))
    assert (8 + length) % 8 == 0
    assert (header["height"], header["width"]) == (60, 90)
    assert header["measures"] == asdict(photo.measures)
    assert header["pivot"] == prepare.pivot(photo)


def test_a_large_scene_is_reduced_and_a_small_one_stays(scene: Scene) -> None:
    assert scene_file.read(scene_file.write(scene, 45)).light == pytest.approx(reduced(scene.light, 45), rel=1e-3)
    assert scene_file.write(scene, 1600) == scene_file.write(scene)


def test_light_alone_is_the_same_light(scene: Scene) -> None:
    data = scene_file.write_light(scene)
    length = int.from_bytes(data[4:8], "little")
    assert json.loads(data[8 : 8 + length]) == {"width": 90, "height": 60}
    assert data[8 + length :] == scene_file.write(scene)[-2 * scene.light.size :]


def test_a_finished_picture_has_no_camera(scene: Scene) -> None:
    assert scene_file.read(scene_file.write(Scene(scene.light))).camera is None


@pytest.mark.parametrize("cut", [3, 100, 1000])
def test_damage_is_refused(scene: Scene, cut: int) -> None:
    data = scene_file.write(scene)
    with pytest.raises(ValueError, match="scene file"):
        scene_file.read(data[:cut])
    with pytest.raises(ValueError, match="expected b'AHS1'"):
        scene_file.read(b"AHS2" + data[4:])
