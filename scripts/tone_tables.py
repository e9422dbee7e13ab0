"""Makes the tables of the white point, Whites and Blacks from Camera Raw's outputs on neutral ramps.

Reads probe_NAME.csv (white+0, white+2, white+4, black-4, black-8: columns `in`, then one for each setting, linear) from
a folder, as transcribed from pch/rawmakase (MIT), tests/corpus/camera-raw/scene-probes.json, and writes
runtime/autohdr/develop/stages/white_point.csv and blacks.csv.

    python scripts/tone_tables.py FOLDER
"""

import csv
import sys
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]
ROOM = Path(__file__).parents[1] / "runtime/autohdr/develop/stages"
OUTPUTS: Values = np.concatenate(
    [
        2.0 ** np.arange(-15, -2.9, 0.5),
        [0.16, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85],
        [0.9, 0.93, 0.96, 0.98, 0.99, 0.995, 0.998, 1.0],
    ]
)
"""Outputs at which the white curves' inputs are kept."""
ROOTS: Values = np.array(
    [
        *(0, 0.01, 0.02, 0.03, 0.04, 0.06, 0.08, 0.1, 0.12, 0.15, 0.18, 0.21, 0.25, 0.3, 0.35, 0.4),
        *(0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95, 1),
    ]
)
"""Square roots of the outputs at which the black curves' inputs are kept."""


class Probe:
    """One ramp: inputs, and Camera Raw's outputs by setting."""

    def __init__(self, folder: Path, name: str) -> None:
        with (folder / f"probe_{name}.csv").open() as file:
            rows = list(csv.DictReader(file))
        self.of = {key: np.array([float(row[key]) for row in rows]) for key in rows[0] if key != "index"}

    def inputs(self, setting: str, gain: float = 1.0, top: float | None = None) -> Values:
        """log2 of the inputs that give `OUTPUTS`; `top` is the one that gives 1, extrapolated where it is None."""
        level, out = np.log2(self.of["in"] * gain), self.of[setting]
        inside = (out > 2e-6) & (out < 1)
        x, y = level[inside], np.log2(out[inside])
        rises = np.concatenate([[True], np.diff(y) > 1e-6])
        x, y = x[rises], y[rises]
        if top is None:
            top = min(x[-1] - y[-1] * (x[-1] - x[-3]) / (y[-1] - y[-3]), level[out >= 1].min(initial=99))
        return np.asarray(np.interp(np.log2(OUTPUTS), np.append(y, 0.0), np.append(x, top)))

    def roots(self, setting: str, white: "Probe") -> Values:
        """Square roots of the white curve's outputs that come out as `ROOTS` squared."""
        before = np.sqrt(np.interp(np.log2(self.of["in"]), np.log2(white.of["in"]), white.of["default"]))
        after = np.sqrt(self.of[setting])
        last_black = int((after <= 0).sum())
        x, y = before[last_black:], after[last_black:]
        if last_black:  # straight down to black
            x, y = np.append(x[0] - y[0] * (x[2] - x[0]) / (y[2] - y[0]), x), np.append(0.0, y)
        elif y[0] > 0:  # the ratio of the darkest level holds below it
            x, y = np.append(0.0, x), np.append(0.0, y)
        return np.asarray(np.interp(ROOTS, y, x))


def white_tables(folder: Path) -> dict[str, Values]:
    """The default curves by white point, and what Whites shifts them by."""
    zero, two, four = (Probe(folder, f"white+{stops}") for stops in (0, 2, 4))
    one = zero.inputs("default", 1, 0)
    curves = [one, zero.inputs("E+1", 2, 1), two.inputs("default", 1, 2), two.inputs("E+1", 2, 3)]
    curves.append(four.inputs("default", 1, 4))
    curves = [np.where(OUTPUTS < 0.13, one, curve) for curve in curves]  # the toe is one, but for quantisation
    lowered = np.interp(np.log2(OUTPUTS) + 1, np.log2(OUTPUTS), one) - 1  # and half of it at a white point of a half
    curves.insert(0, np.where(OUTPUTS < 0.07, lowered, zero.inputs("E-1", 0.5, -1)))
    shifts = {}
    for setting, tops in (("W-100", (0, 2, 4)), ("W+100", (None, None, None))):
        moved = [
            _without_noise(probe.inputs(setting, 1, top) - probe.inputs("default", 1, white))
            for probe, top, white in zip((zero, two, four), tops, (0, 2, 4), strict=True)
        ]
        shifts[setting] = np.array(moved)
    halves = {}
    for setting, top, whole in (("W-50", 0, "W-100"), ("W+50", None, "W+100")):
        half = zero.inputs(setting, 1, top) - zero.inputs("default", 1, 0)
        with np.errstate(all="ignore"):
            share = half / shifts[whole][0]
        share[OUTPUTS < 0.006] = share[OUTPUTS > 0.006][0]
        share[-1] = share[-2]
        halves[setting] = np.clip(share, 0, 1)
    return {
        "default": np.array(curves),
        "-100": shifts["W-100"],
        "+100": shifts["W+100"],
        "-50": halves["W-50"],
        "+50": halves["W+50"],
    }


def _without_noise(shift: Values) -> Values:
    """A shift that fades toward black below an output of 0.0055, where the files' steps are larger than it."""
    first = int((OUTPUTS < 0.0055).sum())
    faded = shift[first] * (OUTPUTS / OUTPUTS[first]) ** 0.8
    return np.where(np.arange(OUTPUTS.size) < first, faded, shift)


def black_tables(folder: Path) -> dict[str, Values]:
    """Inputs of the black curves, as square roots."""
    white, bright, dark = (Probe(folder, name) for name in ("white+2", "black-4", "black-8"))
    half = np.array([dark.roots("B-50", white), bright.roots("B-50", white)])
    darkest = np.sqrt(bright.of["B-50"][0])  # below it, no patch of this ramp lies: the other one's shape goes on
    step = np.interp(darkest, ROOTS, half[1]) - np.interp(darkest, ROOTS, half[0])
    half[1] = np.where(darkest > ROOTS, half[0] + step, half[1])
    return {
        "-50": half,
        "-100": np.array([dark.roots("B-100", white), bright.roots("B-100", white)]),
        "+50": dark.roots("B+50", white),
        "+100": dark.roots("B+100", white),
    }


def write(path: Path, axis: Values, name: str, tables: dict[str, Values]) -> None:
    """Write tables as columns, with four decimals, beside the outputs that they belong to."""
    columns, names = [axis], [name]
    for key, table in tables.items():
        rows = table[None] if table.ndim == 1 else table
        columns += list(rows)
        names += [f"{key}[{i}]" for i in range(len(rows))] if table.ndim == 2 else [key]
    body = [f"{row[0]:.6g}," + ",".join(f"{value:.4f}" for value in row[1:]) for row in np.array(columns).T]
    path.write_text("\n".join([",".join(names), *body]) + "\n")
    print(f"Wrote {path}")


if __name__ == "__main__":
    probes = Path(sys.argv[1])
    write(ROOM / "white_point.csv", OUTPUTS, "output", white_tables(probes))
    write(ROOM / "blacks.csv", ROOTS, "root", black_tables(probes))
