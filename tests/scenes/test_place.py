"""Which images show the same place."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from autohdr_scenes.panorama import load_radiance
from autohdr_scenes.place import same_place
from autohdr_scenes.procedural import texture


def panorama(seed: int) -> NDArray[np.float32]:
    light = np.exp(texture(np.random.default_rng(seed), (128, 256), 0.8))
    return np.repeat(light[..., None], 3, axis=2).astype(np.float32)


def test_a_copy_turned_and_brightened_is_the_same_place() -> None:
    images = {"b": panorama(1), "a": np.roll(panorama(1), 77, axis=1) * np.float32(40.0), "c": panorama(2)}
    assert same_place(images) == {"a": "a", "b": "a", "c": "c"}


def test_different_places_stay_apart() -> None:
    assert len(set(same_place({str(seed): panorama(seed) for seed in range(6)}).values())) == 6


def test_places_that_a_person_saw_to_be_one_are_joined_whatever_their_shape() -> None:
    images = {"x_canary_wharf_1k": panorama(1), "y_canarywharf": panorama(2)[:, :128], "z": panorama(3)}
    assert same_place(images) == {
        "x_canary_wharf_1k": "x_canary_wharf_1k",
        "y_canarywharf": "x_canary_wharf_1k",
        "z": "z",
    }


def test_the_order_of_the_images_does_not_matter() -> None:
    images = {name: panorama(seed) for name, seed in (("a", 1), ("b", 2), ("c", 1))}
    assert same_place(images) == same_place(dict(reversed(images.items())))


def test_known_copies_among_the_real_images_share_a_group(hdris: Path) -> None:
    group = {scene.name: scene.group for scene in load_radiance(hdris)}
    assert group["blender_sunset"] == group["drei_venice_sunset_1k"]
    assert group["blender_sunrise"] == group["pmndrsgit_sunrise"]
    assert group["blender_studio"] == group["drei_studio_small_03_1k"]
    assert group["astc_hdr-rgb-canarywharf"] == group["tres_canary_wharf_1k"]
    assert len(set(group.values())) == len(group) - 4
