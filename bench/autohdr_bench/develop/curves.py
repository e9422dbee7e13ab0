"""Measures the base curve, Contrast, and the parametric and point curves on greys.

`curves.csv` holds, from pch/rawmakase (MIT): every third of the 64 levels of its Contrast table (encoded), and the 24
greys of its chart (16-bit sRGB, Camera Raw 18.7) by parametric setting and for one point curve
(tests/corpus/camera-raw/synthetic-d65.json); and every fourth of the 129 points of Adobe's default curve (linear), from
RawTherapee's tables.
"""

import csv
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from autohdr.develop.kernels.sampled_curve import SampledCurve
from autohdr.develop.settings import Parametric
from autohdr.develop.stages import base_curve, contrast, parametric, point_curve
from autohdr.develop.transfer import decode
from autohdr_bench.develop.row import Basis, Row, errors

_REGIONS = ("shadows", "darks", "lights", "highlights")
_MOVED = {
    "shadows": "shadow_split",
    "darks": "midtone_split",
    "lights": "midtone_split",
    "highlights": "highlight_split",
}
_ANCHOR_OF_REGIONS = 0.05 / 255
"""rawmakase's splines on its own renders of single regions (docs/tone-controls.md)."""
_AIM = 0.01
_S_CURVE = ((0.0, 0.0), (64.0, 48.0), (128.0, 128.0), (192.0, 208.0), (255.0, 255.0))
_WHITE = 65535.0


def rows() -> list[Row]:
    """Returns a row for each curve that is known."""
    known = _known()
    inputs, outputs = known["base", "input"], known["base", "output"]
    off = errors(base_curve.apply(inputs), outputs)
    found = [Row("Base curve", "", "33 levels", "fitted", *off, errors(inputs, outputs)[0], None, _AIM)]
    levels = known["contrast", "input"]
    for (control, setting), after in known.items():
        if control == "contrast" and setting != "input":
            curve = contrast.curve(float(setting))
            found.append(_row("Contrast", setting, "21 levels", "fitted", curve, levels, after))
    greys = known["grey", "default"] / _WHITE
    for (control, setting), after in known.items():
        if control in _REGIONS:
            curve = parametric.curve(_parametric(control, setting))
            found.append(_row(f"Parametric {control}", setting, "greys", _basis(control, setting), curve, greys, after))
    s_shaped = point_curve.curve(_S_CURVE)
    after = known["point curve", "S"]
    return [*found, _row("Point curve", "S", "greys", "held out", s_shaped, greys[-after.size :], after)]


def _row(
    control: str,
    setting: str,
    on: str,
    basis: Basis,
    curve: SampledCurve,
    before: NDArray[np.float64],
    after: NDArray[np.float64],
) -> Row:
    theirs = after / (_WHITE if after.max() > 1 else 1.0)
    anchor = _ANCHOR_OF_REGIONS if control.startswith("Parametric") and basis == "fitted" else None
    off, nothing = errors(decode(curve(before)), decode(theirs)), errors(decode(before), decode(theirs))
    return Row(control, setting, on, basis, *off, nothing[0], anchor, _AIM)


def _parametric(region: str, setting: str) -> Parametric:
    """`-50`, `-50, Lights +100` or `-50, split 65` of a region."""
    amount, _, more = setting.partition(", ")
    values = {region: float(amount)}
    if more:
        what, number = more.split(" ")
        values[_MOVED[region] if what == "split" else what.lower()] = float(number)
    return Parametric(**values)


def _basis(region: str, setting: str) -> Basis:
    if "," not in setting:
        return "fitted"
    return "form" if "split" in setting and region in ("shadows", "highlights") else "held out"


def _known() -> dict[tuple[str, str], NDArray[np.float64]]:
    with (Path(__file__).parent / "curves.csv").open(encoding="utf-8") as file:
        return {(row[0], row[1]): np.array(row[2:], np.float64) for row in csv.reader(file)}
