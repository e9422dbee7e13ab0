"""Compares developing with whole pictures that Camera Raw has rendered: gain-map JPEGs, each with its settings.

Of each file: how near the SDR rendition that `display.to_sdr` makes of Camera Raw's HDR one comes to Camera Raw's own.
Of each two edits of one RAW file: from the HDR rendition of one back to the scene (`undevelop`), and forward with the
settings of the other, against both renditions of that.

The sensor's white is taken at a baseline exposure of 0.35 EV, what would be brighter in the scene is not compared, and
the white balance stays that of the first edit. What
developing leaves out, such as the profile and lens corrections, is compared as well where the two edits differ in it.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from itertools import permutations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autohdr.develop import Picture, Settings, renditions
from autohdr.develop.spaces import DisplayPrimaries, to_xyz
from autohdr.develop.stages import display
from autohdr.develop.transfer import encode
from autohdr.develop.undevelop import undevelop
from autohdr_bench.develop.gain_maps import Edit

EDGE = 128
"""Longer edge in pixels at which pictures are compared: edits of one photo may differ by a pixel at full size."""
BANDS = ((0, 20), (20, 40), (40, 60), (60, 80), (80, 100), (100, 140), (140, 1000))
"""Tones, by L* of Camera Raw's rendition."""

_PRIMARIES: DisplayPrimaries = "display-p3"
_SENSOR_WHITE = 2.0**0.35


@dataclass(frozen=True, slots=True)
class Shoulder:
    """Holds an SDR rendition made of Camera Raw's HDR one; differences are of sRGB-encoded luminance, 0 to 1."""

    photo: str
    rms: float
    mean: float
    """Ours less Camera Raw's."""
    clipped: float
    """Root mean square of the HDR rendition clipped at white."""
    ignored: tuple[str, ...]
    """SDR sliders in use that do nothing here."""

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON."""
        return {**asdict(self), "ignored": list(self.ignored)}


@dataclass(frozen=True, slots=True)
class Redeveloped:
    """Holds one edit made of another's picture; differences are in L*, where white is 100 and HDR goes on above."""

    source: str
    photo: str
    rendition: str
    """SDR or HDR."""
    median: float
    """Median absolute difference from Camera Raw's."""
    nothing: float
    """Median absolute difference of the other edit's picture, not developed anew, from Camera Raw's."""
    known: float
    """Share of the pixels whose scene is known, and which are compared."""
    bands: tuple[float | None, ...]
    """Median difference (ours less Camera Raw's) in each band of tones; None with less than 0.5 % of the pixels."""

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON."""
        return {**asdict(self), "bands": list(self.bands)}


def shoulder(edit: Edit) -> Shoulder:
    """Measures how near the SDR rendition of an edit comes to Camera Raw's."""
    ours = display.to_sdr(edit.hdr, _PRIMARIES, _headroom(edit), edit.settings.sdr)
    theirs = encode(_luminance(edit.sdr))
    off, clipped = (encode(np.minimum(_luminance(light), 1)) - theirs for light in (ours, edit.hdr))
    return Shoulder(
        edit.name,
        float(np.sqrt(np.mean(off**2))),
        float(off.mean()),
        float(np.sqrt(np.mean(clipped**2))),
        tuple(name for name in edit.settings.ignored if name.startswith("SDR ")),
    )


def redeveloped(edits: Iterable[Edit]) -> list[Redeveloped]:
    """Compares all pairs of edits of one RAW file, each way, in both renditions."""
    rows = []
    for source, target in permutations(edits, 2):
        if not source.raw or source.raw != target.raw or source.hdr.shape != target.hdr.shape:
            continue
        picture = Picture(source.hdr, _PRIMARIES, _headroom(source))
        back = undevelop(picture, _as_shot(source.settings), sensor_white=_SENSOR_WHITE, most=_SENSOR_WHITE)
        both = renditions(back.scene, _as_shot(target.settings), _PRIMARIES)
        assert both.hdr is not None
        for rendition, ours, theirs, before in (
            ("SDR", both.sdr.light, target.sdr, source.sdr),
            ("HDR", both.hdr.light, target.hdr, source.hdr),
        ):
            wanted = lightness(theirs)[back.known]
            off, without = (lightness(light)[back.known] - wanted for light in (ours, before))
            rows.append(
                Redeveloped(
                    source.name,
                    target.name,
                    rendition,
                    float(np.median(np.abs(off))),
                    float(np.median(np.abs(without))),
                    float(back.known.mean()),
                    tuple(_band(off, wanted, *band) for band in BANDS),
                )
            )
    return rows


def table(shoulders: list[Shoulder], rows: list[Redeveloped]) -> str:
    """Writes both comparisons as text."""
    lines = ["SDR renditions made of Camera Raw's HDR ones: difference of encoded luminance", ""]
    lines += [f"{'rms':>6} {'mean':>7} {'clipped':>8}  photo"]
    for one in shoulders:
        left = f" (without {', '.join(one.ignored)})" if one.ignored else ""
        lines.append(f"{one.rms:6.4f} {one.mean:+7.4f} {one.clipped:8.4f}  {one.photo}{left}")
    if not rows:
        return "\n".join(lines)
    names = [f"{low}-{high}" if high < 1000 else f"{low}-" for low, high in BANDS]
    lines += ["", "One edit made of another's picture: difference in L*, median, and by tone", ""]
    lines.append(
        f"{'':3} {'median':>6} {'nothing':>8} {'known':>6}" + "".join(f"{name:>9}" for name in names) + "  to, from"
    )
    for row in rows:
        bands = "".join(f"{'' if value is None else f'{value:+.1f}':>9}" for value in row.bands)
        lines.append(
            f"{row.rendition} {row.median:6.1f} {row.nothing:8.1f} {row.known:6.0%}{bands}  {row.photo}, {row.source}"
        )
    return "\n".join(lines)


def lightness(light: NDArray[np.float32]) -> NDArray[np.float64]:
    """Computes CIE L* of linear light (H, W, 3), relative to diffuse white; above it, the formula goes on."""
    y = _luminance(light)
    return np.where(y > 216 / 24389, 116 * np.cbrt(y) - 16, y * 24389 / 27)


def _band(off: NDArray[np.float64], wanted: NDArray[np.float64], low: float, high: float) -> float | None:
    inside = (wanted >= low) & (wanted < high)
    return float(np.median(off[inside])) if inside.mean() > 0.005 else None


def _luminance(light: NDArray[np.float32]) -> NDArray[np.float64]:
    return np.maximum(light @ to_xyz(_PRIMARIES)[1], 0)


def _as_shot(settings: Settings) -> Settings:
    return replace(settings, temperature=None, tint=None)


def _headroom(edit: Edit) -> float:
    headroom = edit.settings.mode.headroom
    assert headroom is not None, "a gain map comes of an HDR edit"
    return headroom
