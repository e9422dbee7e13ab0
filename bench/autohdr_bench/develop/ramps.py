"""Measures the scene's tone stage on neutral ramps (`probes`): default, Exposure, Whites and Blacks.

The whole picture of a ramp is rendered, so that its measures are taken as of a photo; patches are compared before the
base curve, which the values were taken without. Held out: Whites +-50 under a sensor's white of 4 and positive Blacks
on the bright ramp. The ramp called `exposure` chose what the default black depends on, and no number.
"""

import numpy as np
from numpy.typing import NDArray

from autohdr.develop import Settings
from autohdr.develop.kernels import fused, prepare
from autohdr.develop.kernels.sampled_curve import IDENTITY
from autohdr_bench.develop.probes import PROBES, Probe, outputs, settings
from autohdr_bench.develop.row import Basis, Row, errors

_HELD_OUT = {("white+2", "W+50"), ("white+2", "W-50"), ("black-4", "B+50"), ("black-4", "B+100")}
_CONTROLS = {"d": "Default", "E": "Exposure", "W": "Whites", "B": "Blacks"}
_AIMS = {"Default": 0.01, "Exposure": 0.01, "Whites": 0.015, "Blacks": 0.01}
_ANCHOR = 0.00026
"""Mean of rawmakase's white curves on 60 probes (docs/scene-tone-stage.md): default and Exposure on ramps."""


def rows() -> list[Row]:
    """Returns a row for each ramp and setting."""
    theirs = outputs()
    photos = {name: prepare.Photo.of(probe.scene()) for name, probe in PROBES.items()}
    found = []
    for (name, setting), known in theirs.items():
        control = "Default" if setting == "E+0" else _CONTROLS[setting[0]]
        mean, largest = errors(scene_tone(PROBES[name], photos[name], settings(setting)), known)
        rest = theirs[name, "E+0" if name == "exposure" else "default"]
        found.append(
            Row(
                control,
                "" if control == "Default" else setting[1:],
                f"ramp {name}",
                _basis(name, setting),
                mean,
                largest,
                None if control == "Default" else errors(rest, known)[0],
                _ANCHOR if control in ("Default", "Exposure") else None,
                _AIMS[control],
            )
        )
    return sorted(found, key=lambda row: (list(_AIMS).index(row.control), float(row.setting or 0)))


def scene_tone(probe: Probe, photo: prepare.Photo, chosen: Settings) -> NDArray[np.float64]:
    """Computes linear ProPhoto values (POSITIONS,) of a probe's patches after Blacks and before the base curve."""
    tables = prepare.tables(photo, chosen)
    plain = fused.Tables(tables.factor, tables.white, tables.black, prepare.linear(IDENTITY)[0])
    picture = fused.run(photo.scene.light, plain)
    half, pitch = probe.patch // 2, probe.patch + probe.gap
    down, across = np.divmod(probe.kept, probe.across)
    return picture[probe.margin + half + down * pitch, probe.margin + half + across * pitch].mean(axis=1, dtype=float)


def _basis(probe: str, setting: str) -> Basis:
    if probe == "exposure":
        return "form"
    return "held out" if (probe, setting) in _HELD_OUT else "fitted"
