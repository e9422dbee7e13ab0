"""Measures default, Exposure, Whites and Blacks on a chart of greys in daylight, which all were held out of every fit.

`chart_greys.csv` holds Camera Raw 18.7's green channel, encoded sRGB of 16 bits, of the chart's 24 greys (rawmakase,
MIT, tests/corpus/camera-raw/synthetic-d65.json). The two brightest are clipped in the made-up camera; what is recovered
of them belongs to the RAW, so that they are left out. Two kinds of rows that `chart` leaves out make the 99th
percentile that positive Whites follows: light colours, greys of their lightness here, and a second row of the greys.
"""

import csv
from dataclasses import replace
from pathlib import Path

import numpy as np

from autohdr.develop import Scene, Settings, develop
from autohdr.develop.transfer import encode
from autohdr_bench.develop.chart import chart, patches
from autohdr_bench.develop.row import Row

_USED = 22
_LIGHT = 0.528
"""Scene light of a grey at L* 85."""
_AIMS = {"Default": 0.01, "Exposure": 0.01, "Whites": 0.015, "Blacks": 0.01}


def rows() -> list[Row]:
    """Returns a row for each setting."""
    with (Path(__file__).parent / "chart_greys.csv").open(encoding="utf-8") as file:
        known = {(row[0], row[1]): np.array(row[2:], np.float64)[:_USED] / 65535 for row in csv.reader(file)}
    scene = _scene()
    found = []
    for (control, setting), theirs in known.items():
        chosen = replace(Settings(), **{control.lower(): float(setting)}) if setting else Settings()  # type: ignore[arg-type]
        picture = develop(scene, chosen, "srgb").light
        off = np.abs(encode(patches(picture)[:_USED, 1]) - theirs)
        nothing = float(np.abs(known["Default", ""] - theirs).mean()) if setting else None
        figures = float(off.mean()), float(off.max())
        found.append(Row(control, setting, "chart's greys, sRGB", "held out", *figures, nothing, None, _AIMS[control]))
    return found


def _scene() -> Scene:
    """The chart, with two rows of light patches for its light colours, and the second row of its greys."""
    scene = chart("D65")
    light = scene.light.copy()
    for row in (7, 8):
        for column in range(24):
            y, x = 32 + row * 38, 32 + column * 38
            light[y : y + 32, x : x + 32] = _LIGHT
    second = 32 + 13 * 38
    light[second : second + 32] = light[32:64]
    return replace(scene, light=light)
