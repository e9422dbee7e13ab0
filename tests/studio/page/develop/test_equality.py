"""What the page develops is what Python develops, within two steps of 8 bits."""

from dataclasses import fields, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from autohdr.develop import CameraColour, Parametric, Scene, SdrSettings, Settings, renditions
from autohdr.errors import RawError
from autohdr.mode import Mode
from autohdr.raw.scene import read_scene
from autohdr.sliders import SLIDERS
from autohdr_studio.shoot.prepared import scene_file
from tests.studio.page.develop.in_browser import Developing, differences, in_bytes, in_page

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

WITHIN = 2
"""Largest difference, steps of 8 bits."""
HDR = Mode(hdr=True, headroom=4.0)
S_CURVE = ((0.0, 0.0), (64.0, 52.0), (128.0, 131.0), (192.0, 205.0), (255.0, 255.0))
FADED = ((0.0, 24.0), (120.0, 130.0), (255.0, 240.0))
FALLING = ((0.0, 60.0), (80.0, 20.0), (255.0, 255.0))

AMOUNTS = (-1.0, -0.37, 0.18, 0.63, 1.0)
ONE_EACH = [Settings.of_sliders({slider.key: amount * slider.limit}) for slider in SLIDERS for amount in AMOUNTS]
TOGETHER = [
    Settings(*values)
    for values in (
        (0.6, 12, -45, 38, 10, -8, 14, 3),
        (-1.2, -30, 60, -50, -40, 30, -60, 40),
        (2.4, 55, -100, 100, 100, -100, 100, 20),
        (-3.0, 100, -100, 100, 60, 60, 50, -50),
        (1.1, -100, 100, -100, -100, 100, -100, 100),
        (0.3, 0, -80, 0, 0, 0, 25, 0),
        (-0.4, 5, 0, 70, 0, -20, 0, 0),
    )
]
CURVES = [
    Settings(point_curve=S_CURVE),
    Settings(point_curve=FADED, contrast=20, saturation=30),
    Settings(point_curve=FALLING),
    Settings(red_curve=S_CURVE, blue_curve=FADED, vibrance=20),
    Settings(parametric=Parametric(shadows=-40, darks=25, lights=-30, highlights=60)),
    Settings(exposure=0.5, parametric=Parametric(50, -20, 80, -100, 10, 40, 90), point_curve=S_CURVE),
]
BALANCED = [
    Settings(temperature=kelvin, tint=tint, exposure=0.2, contrast=25, shadows=30, highlights=-40, whites=20)
    for kelvin, tint in ((2500.0, -30.0), (4200.0, 10.0), (6500.0, 0.0), (12000.0, 60.0))
]
SDR_OF_HDR = [
    *(replace(settings, mode=HDR) for settings in (Settings(), *TOGETHER, CURVES[1])),
    Settings(mode=HDR, sdr=SdrSettings(brightness=40, contrast=-30, highlights=-60, shadows=50)),
    Settings(0.6, 12, -45, 38, 10, mode=Mode(hdr=True, headroom=2.3)),
]
EVERY = [Settings(), *ONE_EACH, *TOGETHER, *CURVES, *BALANCED, *SDR_OF_HDR]


def picture(height: int, width: int, seed: int, stops: float = 0.0) -> Scene:
    """Light of all levels and hues, some of it outside the primaries: soft and hard edges, noise, black and blown."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[0:height, 0:width] / max(height, width)
    waves = sum(np.sin(k * (x * a + y * b) + c) / k for k, a, b, c in rng.uniform(1, 9, (12, 4)))
    level = 2 ** (stops - 3.5 + 2.2 * np.asarray(waves) + 0.15 * rng.standard_normal((height, width)))
    hues = np.stack([1 + 0.8 * np.sin(7 * x + 5 * y + turn + 2 * np.asarray(waves)) for turn in (0, 2.1, 4.2)], axis=2)
    light = level[..., None] * np.where((x + 2 * y)[..., None] % 0.5 < 0.25, hues, 1.0)
    light[: height // 8, : width // 8] = 0
    light[-height // 9 :, -width // 7 :] = 2.5
    light[height // 3 : height // 2, : width // 9] = (-0.02, 0.05, 0.9)
    camera = CameraColour(
        np.array([0.52, 1.0, 0.61]),
        (
            np.array([[0.82, -0.25, -0.06], [-0.41, 1.22, 0.21], [-0.05, 0.17, 0.64]]),
            np.array([[0.71, -0.14, -0.07], [-0.49, 1.30, 0.21], [-0.12, 0.24, 0.62]]),
        ),
        (2856.0, 6504.0),
    )
    return Scene(np.minimum(light, 2.5).astype(np.float32), 2.5, camera)


SCENES = {
    "wide": picture(240, 360, 1),
    "small": picture(171, 256, 2, -2.0),
    "tall": picture(560, 370, 3, 1.0),
    "tiny": Scene(picture(40, 40, 5).light[10:13, 20:22], 2.5),
    "finished": Scene.of_linear(np.clip(picture(150, 220, 4).light, 0, 1)),
}


@pytest.fixture(scope="module")
def developing(browser: "Browser") -> "Iterator[Developing]":
    made = Developing(browser)
    for name, scene in SCENES.items():
        made.load(name, scene_file.write(scene))
    yield made
    made.page.close()


def _apart(developing: Developing, name: str, settings: Settings) -> tuple[int, float]:
    scene = scene_file.read(developing.files[name])
    expected = in_bytes(renditions(scene, settings, "srgb").sdr)
    return differences(developing.draw(name, {**in_page(settings), "rendition": "sdr"}), expected)


def _told(settings: Settings) -> str:
    """What of the settings is not at rest."""
    changed = ((field.name, getattr(settings, field.name)) for field in fields(settings))
    return ", ".join(f"{name}={value}" for name, value in changed if value != getattr(Settings(), name)) or "at rest"


@pytest.mark.parametrize("name", SCENES)
def test_the_page_develops_as_python_does(developing: Developing, name: str) -> None:
    found = {_told(settings): _apart(developing, name, settings) for settings in EVERY}
    worst = sorted(found.items(), key=lambda pair: pair[1], reverse=True)
    print(*(f"{most} {usual:.1f} {text}" for text, (most, usual) in worst), sep="\n")
    assert worst[0][1][0] <= WITHIN, worst[:5]
    assert developing.said == []


def test_it_does_so_with_real_photos(developing: Developing, shared_raws: Path) -> None:
    found = {}
    for path in sorted(shared_raws.iterdir()):
        try:
            light = read_scene(path, 600)
        except RawError:
            continue
        developing.load(path.name, scene_file.write(light))
        for settings in (*TOGETHER[:3], BALANCED[0], *SDR_OF_HDR[1:3]):
            found[f"{path.name}, {_told(settings)}"] = _apart(developing, path.name, settings)
        developing.page.evaluate("(name) => scenes[name].free()", path.name)
    worst = sorted(found.items(), key=lambda pair: pair[1], reverse=True)
    print(*(f"{most} {usual:.1f} {text}" for text, (most, usual) in worst), sep="\n")
    assert worst[0][1][0] <= WITHIN, worst[:5]
