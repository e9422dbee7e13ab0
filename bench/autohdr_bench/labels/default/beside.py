"""Shows how far the default model's labels go on RAW files, and how bright they are beside the cameras' own JPEGs."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autohdr.develop import Settings, develop
from autohdr.develop.auto import auto
from autohdr.develop.spaces import to_xyz
from autohdr.engines.network import Network
from autohdr.errors import RawError
from autohdr.mode import SDR
from autohdr.raw.decode import decode
from autohdr.raw.prepare import prepare_frame
from autohdr.raw.preview import read_preview
from autohdr.raw.scene import scene_of
from autohdr.sliders import SLIDERS, settings
from autohdr_train.people.inputs import squashed

SIZE = 96
"""Pixels a side at which brightness is compared."""
FAR = 2.0
"""Exposure that real people set in less than one photo in a hundred, EV."""
_EDGE = 448
_LEAST = 1e-4
"""Light below which no level is told apart from black."""


@dataclass(frozen=True, slots=True)
class Beside:
    """Says what the model makes of one RAW file; brightness is EV above the camera's JPEG, by the median."""

    photo: str
    values: tuple[float, ...]
    """(8,), its sliders."""
    auto: float
    """Auto's Exposure."""
    nothing_brighter: float | None
    """Unedited; None without a JPEG in the file."""
    default_brighter: float | None
    auto_brighter: float | None

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON."""
        return {**asdict(self), "values": list(self.values)}


def beside(path: Path, network: Network) -> Beside:
    """Labels and develops one RAW file, in SDR, as the JPEG is.

    Raises:
        RawError: it cannot be read or decoded.
    """
    frame = decode(path)
    pixels = prepare_frame(frame, network.info.spec)[None]
    values = settings(network.predict(pixels.astype(np.float32))[0])
    scene = scene_of(frame, _EDGE)
    by_auto = auto(scene)
    theirs = _preview(path)
    edits = (Settings(), Settings.of_sliders(values, SDR), by_auto)
    brighter = [None if theirs is None else _median(develop(scene, edit, "srgb").light) - theirs for edit in edits]
    return Beside(path.name, tuple(values[slider.key] for slider in SLIDERS), by_auto.exposure, *brighter)


def _preview(path: Path) -> float | None:
    try:
        return _level(read_preview(path, SIZE))
    except RawError:
        return None


def _median(light: NDArray[np.float32]) -> float:
    return _level(squashed(light, SIZE))


def _level(light: NDArray[np.floating]) -> float:
    """The median luminance, in stops."""
    return float(np.log2(np.median(light @ to_xyz("srgb")[1]) + _LEAST))


def table(rows: Sequence[Beside]) -> str:
    """Writes the comparison as text."""
    lines = ["Labels of RAW files, and EV by which they are brighter than the camera's own JPEG (median luminance)", ""]
    lines.append(f"{'Exposure':>8} {'Auto':>6} {'nothing':>8} {'Auto':>8} {'default':>8}  photo")
    for row in rows:
        brighter = (row.nothing_brighter, row.auto_brighter, row.default_brighter)
        cells = "".join(f" {'' if value is None else f'{value:+.2f}':>8}" for value in brighter)
        lines.append(f"{row.values[0]:+8.2f} {row.auto:+6.2f}{cells}  {row.photo}")
    return "\n".join([*lines, "", *_summary(rows)])


def _summary(rows: Sequence[Beside]) -> list[str]:
    autos, defaults = (
        sum(abs(value) > FAR for value in values)
        for values in ([row.auto for row in rows], [row.values[0] for row in rows])
    )
    lines = [f"Exposure beyond {FAR:g} EV: Auto {autos}, default {defaults} of {len(rows)} photos"]
    for name, key in (("nothing", "nothing_brighter"), ("Auto", "auto_brighter"), ("default", "default_brighter")):
        off = [abs(value) for row in rows if (value := getattr(row, key)) is not None]
        if off:
            lines.append(f"Off from the JPEG, {name}: {np.median(off):.2f} EV median, {max(off):.2f} at worst")
    return lines
