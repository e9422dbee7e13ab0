"""Measures Temperature and Tint on a chart in tungsten light and in daylight.

Values are compared as they are displayed, in sRGB with its transfer function, clipped: Camera Raw's are known so.
"""

import csv
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from autohdr.develop import Scene, Settings, develop
from autohdr.develop.transfer import encode
from autohdr_bench.develop.chart import Light, chart, patches
from autohdr_bench.develop.row import Row

_CASES: tuple[tuple[Light, str, str], ...] = (
    ("A", "", ""),
    ("A", "3200", "0"),
    ("A", "5000", "0"),
    ("A", "8000", "0"),
    ("D65", "", ""),
    ("D65", "6500", "-30"),
    ("D65", "6500", "30"),
    ("D65", "6500", "80"),
)


def rows() -> list[Row]:
    """Returns a row for each white balance that Camera Raw has rendered the chart in."""
    theirs = _read()
    scenes = {light: chart(light) for light, _, _ in _CASES}
    return [_row(case, scenes, theirs) for case in _CASES]


def _row(
    case: tuple[Light, str, str], scenes: dict[Light, Scene], theirs: dict[tuple[str, ...], NDArray[np.float64]]
) -> Row:
    light, temperature, tint = case
    settings = Settings(temperature=float(temperature), tint=float(tint)) if temperature else Settings()
    expected = theirs[case]
    ours = patches(encode(np.clip(develop(scenes[light], settings, "srgb").light, 0, 1)))
    off = np.abs(ours[: len(expected)] - expected)
    as_shot = theirs[(light, "", "")][: len(expected)]
    control = "Default" if not temperature else ("Temperature" if tint == "0" else "Tint")
    setting = "" if not temperature else (temperature if tint == "0" else f"{int(tint):+d}")
    nothing = None if not temperature else float(np.abs(as_shot - expected).mean())
    return Row(control, setting, f"a chart in {light}", "held out", float(off.mean()), float(off.max()), nothing)


def _read() -> dict[tuple[str, ...], NDArray[np.float64]]:
    """Camera Raw's patches (N, 3), encoded, 0 to 1, by light, temperature and tint."""
    text = files("autohdr_bench.develop").joinpath("white_balance.csv").read_text("utf-8")
    found: dict[tuple[str, ...], list[list[float]]] = {}
    for row in csv.DictReader(line for line in text.splitlines() if not line.startswith("#")):
        colour = [float(row[name]) / 65535 for name in ("red", "green", "blue")]
        found.setdefault((row["light"], row["temperature"], row["tint"]), []).append(colour)
    return {case: np.array(colours) for case, colours in found.items()}
