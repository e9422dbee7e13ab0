"""A small made-up folder of real-looking edits: three people with known rules, pictures that developing made."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from autohdr.develop import Scene, develop
from autohdr.develop.transfer import encode
from autohdr.mode import SDR, Mode
from autohdr.sliders import SLIDERS
from autohdr_train.people.folder import settings

COUNT = 18
"""Photos by each person, on `DAYS` days."""
DAYS = 6


def scene(seed: int, stops: float) -> Scene:
    """A gradient with some blocks, so many stops brighter than a middle grey, never clipped."""
    random = np.random.default_rng(seed)
    blocks = np.kron(random.uniform(-1.0, 1.0, (4, 6, 1)) + random.uniform(-0.2, 0.2, (4, 6, 3)), np.ones((8, 8, 1)))
    ramp = np.linspace(-0.5, 0.5, 48)[None, :, None]
    return Scene((0.1 * 2.0 ** (stops + blocks + ramp)).astype(np.float32), 2.0**0.3)


def light_of(number: int) -> float:
    """Stops by which a photo is bright: the same for the photos of each person."""
    return float(np.random.default_rng(number + 50).uniform(-1.5, 1.5))


def mender(number: int) -> NDArray[np.float64]:
    """Makes up for half of the light by Exposure; the rest never moves."""
    return np.array([round(-0.5 * light_of(number), 2), 10, 0, 0, 0, 0, 15, 0], dtype=np.float64)


def creature_of_habit(number: int) -> NDArray[np.float64]:
    """Has one preset for all."""
    return np.array([0.3, 12, -40, 30, 5, -10, 15, 0], dtype=np.float64)


def gambler(number: int) -> NDArray[np.float64]:
    """Moves Exposure and Shadows by chance; some photos are black and white."""
    random = np.random.default_rng(number + 900)
    values = np.array([random.normal(0, 0.4), 0, 0, random.uniform(0, 60), 0, 0, 10, 0]).round(2)
    values[3] = round(values[3])
    if number % 5 == 0:
        values[6:] = np.nan
    return values


RULES = {"habit": creature_of_habit, "mender": mender, "gambler": gambler}


def write(folder: Path, person: str, number: int, values: NDArray[np.float64], mode: Mode = SDR) -> dict[str, Any]:
    """Writes one picture; returns its line. The time of every third photo's shutter is not known."""
    name = f"{person}_{number:02}.png"
    shown = develop(scene(number, light_of(number)), settings(values, mode), "srgb")
    Image.fromarray((encode(shown.light) * 255).round().astype(np.uint8)).save(folder / name)
    known = [None if np.isnan(value) else float(value) for value in values]
    return {
        "file": name,
        "person": person,
        "hdr": False,
        "sliders": dict(zip([slider.key for slider in SLIDERS], known, strict=True)),
        "masks": number % 9 == 0,
        "curves": False,
        "iso": 100.0,
        "fnumber": 4.0,
        "seconds": None if number % 3 == 0 else 2.0 ** (light_of(number) - 6),
        "bias": None,
        "taken": f"2026:05:{1 + number % DAYS:02} 08:00:{number:02}",
    }


@pytest.fixture(scope="session")
def edits_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder."""
    folder = tmp_path_factory.mktemp("edits")
    lines = [write(folder, name, number, rule(number)) for name, rule in RULES.items() for number in range(COUNT)]
    (folder / "edits.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    return folder
