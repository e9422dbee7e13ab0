"""The white balance in which a spot of the picture is grey."""

from typing import TYPE_CHECKING

import numpy as np
import pytest

from autohdr.develop import Scene
from autohdr.develop.stages.white_balance import as_shot, balanced
from autohdr_studio.shoot.prepared import scene_file
from tests.studio.page.develop.in_browser import Developing
from tests.studio.page.develop.test_equality import picture

if TYPE_CHECKING:
    from playwright.sync_api import Browser

AT = """async ([x, y]) => {
  const { neutral } = await import("/page/develop/index.js"), { photo } = scenes;
  const light = photo.lightAt(x, y);
  return [light, neutral(photo.header, light)];
}"""
SPOTS = {"warm": (1.0, 0.78, 0.55), "cool": (0.8, 0.95, 1.1), "green": (0.9, 1.0, 0.92), "neutral": (1.0, 1.0, 1.0)}


@pytest.fixture(scope="module")
def developing(browser: "Browser") -> Developing:
    light = picture(60, 100, 1).light
    for place, spot in enumerate(SPOTS.values()):
        light[20:30, 20 * place : 20 * place + 10] = 0.2 * np.array(spot)
    scene = Scene(light, 2.5, picture(60, 100, 1).camera)
    made = Developing(browser)
    made.load("photo", scene_file.write(scene))
    return made


@pytest.mark.parametrize("place", range(len(SPOTS)), ids=SPOTS)
def test_a_spot_is_grey_in_the_white_balance_that_it_gives(developing: Developing, place: int) -> None:
    light, (kelvin, tint) = developing.page.evaluate(AT, [(20 * place + 5.5) / 100, 25.5 / 60])
    assert light == pytest.approx(0.2 * np.array(list(SPOTS.values())[place]), rel=2e-3)
    scene = scene_file.read(developing.files["photo"])
    found = balanced(scene, kelvin, tint).light[25, 20 * place + 5]
    assert np.ptp(found) / found.mean() < 0.012, "Temperature and Tint are whole numbers"
    if list(SPOTS)[place] == "neutral":
        assert (kelvin, tint) == pytest.approx(as_shot(scene), abs=1)


def test_what_is_black_or_blown_gives_none(developing: Developing) -> None:
    _, black = developing.page.evaluate(AT, [0.02, 0.02])
    _, blown = developing.page.evaluate(AT, [0.99, 0.99])
    assert black is None
    assert blown is None


def test_a_place_at_the_edge_has_light(developing: Developing) -> None:
    for corner in ([0, 0], [1, 1], [0, 1]):
        light, _ = developing.page.evaluate(AT, corner)
        assert all(np.isfinite(light))
