"""Measures Vibrance and Saturation on colours of a synthetic chart, with and without the slider.

`chart.csv` holds 16-bit sRGB of Camera Raw 18.7, red, green and blue of patch after patch, from pch/rawmakase (MIT),
tests/corpus/camera-raw/synthetic-d65.json: 24 hues at two or three lightnesses and one or two chromas, twelve skins
from light to dark, nine near-greys. Every other hue was fitted, and every other near-grey for Vibrance; the rest was
not. Patches that are clipped in sRGB without the slider tell nothing and are left out.
"""

import csv
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from autohdr.develop.spaces import between
from autohdr.develop.stages import saturation, vibrance
from autohdr.develop.transfer import decode, encode
from autohdr_bench.develop.row import Basis, Row

_CONTROLS = {"vibrance": vibrance.apply, "saturation": saturation.apply}
_WHITE = 65535.0
_AIM = 0.01
_Patches = dict[tuple[str, str], NDArray[np.float64]]


def rows() -> list[Row]:
    """Returns rows for each setting: on the hues that were fitted, on those left out, and on skin."""
    chart = _chart()
    found = []
    for name in _CONTROLS:
        for amount in (-100, -50, 50, 100):
            case = f"{name}{amount:+d}"
            hues = [patches for at, patches in chart if at == case and patches.startswith("L")]
            found += [
                _row(chart, name, amount, hues, slice(0, None, 2), "chart's even hues, sRGB", "fitted"),
                _row(chart, name, amount, hues, slice(1, None, 2), "chart's odd hues, sRGB", "held out"),
                _row(chart, name, amount, ["skin"], slice(None), "chart's skins, sRGB", "held out"),
            ]
    return found


def _row(chart: _Patches, name: str, amount: int, patches: list[str], which: slice, on: str, basis: Basis) -> Row:
    before = np.concatenate([chart["default", key][which] for key in patches])
    after = np.concatenate([chart[f"{name}{amount:+d}", key][which] for key in patches])
    whole = ((before > 0) & (before < 1)).all(axis=1)
    before, after = before[whole], after[whole]
    light = (decode(before) @ between("srgb", "prophoto").T).astype(np.float32)
    made = encode(np.clip(_CONTROLS[name](light, amount) @ between("prophoto", "srgb").T, 0, 1))
    off, nothing = np.abs(made - after), float(np.abs(before - after).mean())
    mean, largest = float(off.mean()), float(off.max())
    return Row(name.capitalize(), f"{amount:+d}", on, basis, mean, largest, nothing, None, _AIM)


def _chart() -> _Patches:
    with (Path(__file__).parent / "chart.csv").open(encoding="utf-8") as file:
        return {(row[0], row[1]): np.array(row[2:], np.float64).reshape(-1, 3) / _WHITE for row in csv.reader(file)}
