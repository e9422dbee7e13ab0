"""Measures Highlights and Shadows on three synthetic scenes, with and without the slider.

`scenes.csv` holds mean linear ProPhoto luminances of 16 x 24 blocks of each, by Camera Raw 18.7 under a linear profile,
from pch/rawmakase (MIT), tests/corpus/camera-raw/scene-probes.json. The rendering without the slider stands in for the
scene, which is not known, so keys and base level are rough: on means over four blocks, Highlights -100 of the bright
scene is off by 0.030. None of our numbers rest on these scenes; the tables of negative Highlights were fitted by their
source on synthetic scenes, which may have been these.
"""

import csv
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from autohdr.develop.stages import local_tone
from autohdr_bench.develop.row import Basis, Row, errors

_SIZE = (16, 24)
_FINER = 12
"""Pixels of the picture along each block, so that the base level is found at the scale that it is meant for."""
_AIM = 0.015


def rows() -> list[Row]:
    """Returns a row for each scene and setting."""
    known = _scenes()
    found = []
    for (scene, setting), after in known.items():
        if setting == "default":
            continue
        control, amount = setting.split(" ")
        before = known[scene, "default"]
        made = _rendered(before, control, float(amount))
        basis: Basis = "fitted" if setting == "Highlights -100" else "held out"
        nothing = errors(before, after)[0]
        found.append(Row(control, amount, f"scene, {scene}", basis, *errors(made, after), nothing, None, _AIM))
    return sorted(found, key=lambda row: (row.control, float(row.setting)))


def _rendered(before: NDArray[np.float64], control: str, amount: float) -> NDArray[np.float64]:
    """Block luminances after the slider."""
    light = np.kron(before, np.ones((_FINER, _FINER))).astype(np.float32)
    sliders = (amount, 0.0) if control == "Highlights" else (0.0, amount)
    made = light * local_tone.gain_map(light, *sliders)
    return np.asarray(made.reshape(_SIZE[0], _FINER, _SIZE[1], _FINER).mean((1, 3)), np.float64)


def _scenes() -> dict[tuple[str, str], NDArray[np.float64]]:
    with (Path(__file__).parent / "scenes.csv").open(encoding="utf-8") as file:
        return {(row[0], row[1]): np.array(row[2:], np.float64).reshape(_SIZE) for row in csv.reader(file)}
