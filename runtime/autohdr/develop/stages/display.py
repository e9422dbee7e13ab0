"""Gives a developed photo its two renditions for displays: HDR, brighter than diffuse white, and SDR made from that.

**SDR from HDR (`to_sdr`)** was fitted to Camera Raw. With sliders as shares of 100, luminance L is multiplied by
2 ** (0.77 Brightness + 0.72 Shadows / (1 + L / 0.15) + 0.92 Highlights L^2 / (L^2 + 0.35)) and becomes, by Reinhard's
shoulder, y = x (1 + x / W^2) / (1 + x) with W = 2 ** HDRMaxValue, times 2 ** (0.19 Contrast tanh(log2(y / 0.2) / 1.5)
(1 - y^2)). Colours keep 1 - 0.45 L / (1 + L) of their distance from grey. Clarity, Whites and Blend do nothing. Error
against 24 gain-map JPEGs by Camera Raw 16.0 to 18.3, root mean square of sRGB-encoded luminance: .036 on average, .035
with each scene left out of its fit; HDR clipped at white has .087.

**HDR (`hdr_white`, `to_hdr`)** is a form of ours, chosen on two photos that were published in two edits each. Scene
light after Exposure is encoded by the same shoulder with W = 16, in place of an SDR edit's white point; the stages
after that are an SDR edit's, with half of Whites; what they give is decoded by luminance. One edit made of the other is
off Camera Raw's HDR rendition by 3.7 to 4.9 L* in the median (11.2 and 25.2 without developing); none is held out.

`autohdr bench develop PICTURES` repeats both. docs/evidence/hdr.md names the pictures, what was tried, and what fails.
"""

from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from autohdr.develop.kernels.rgb_tone import COMPILE
from autohdr.develop.measures import Measures
from autohdr.develop.settings import SdrSettings
from autohdr.develop.spaces import DisplayPrimaries, to_xyz
from autohdr.develop.stages import white_point
from autohdr.develop.stages.white_point import ToneCurve
from autohdr.system.kernel import kernel

BRIGHTNESS, CONTRAST, HIGHLIGHTS, SHADOWS = 0.77, 0.19, 0.92, 0.72
"""What the sliders do at 100: see above."""
FADE = 0.45
"""How much of its colour very bright light loses from HDR to SDR."""
WHITES = 0.5
"""Strength of the slider Whites in HDR, as a share of that in SDR."""
REACH = 16.0
"""The light that HDR's encoding takes to 1, relative to diffuse white."""
_NODES = 1024
_BLOCK = 512
_TINY = np.float32(1e-20)
_SQUARES = np.linspace(0, 1, _NODES) ** 2

AT_REST = SdrSettings()
"""All sliders at 0."""

Levels = NDArray[np.float64]
"""Luminance relative to diffuse white, any shape."""


def hdr_white(measures: Measures, exposure: float, whites: float) -> ToneCurve:
    """Returns the curve from scene levels after Exposure to encoded ones, 0 to 1, in place of an HDR edit's white
    point.

    Args:
        measures: of the photo.
        exposure: EV.
        whites: the slider, -100 to 100.
    """
    bright = float(np.log2(shouldered(np.array([2.0 ** (measures.bright + exposure)]), REACH))[0])
    curve = white_point.curve(Measures(0.0, 0.0, bright=bright), 0.0, WHITES * whites)
    return lambda levels: curve(shouldered(levels, REACH))


def shouldered(level: Levels, white: float) -> Levels:
    """Applies Reinhard's shoulder: light from 0 to `white` becomes 0 to 1."""
    return level * (1 + level / white**2) / (1 + level)


def unshouldered(level: Levels, white: float) -> Levels:
    """Inverts `shouldered`."""
    # The root's usual form, ((y - 1) + root) / 2, cancels in the dark.
    rest = 1 - level
    return 2 * level / (rest + np.sqrt(rest * rest + 4 * level / white**2))


def sdr_curve(level: Levels, headroom: float, settings: SdrSettings) -> Levels:
    """Computes luminance in SDR, 0 to 1, of an HDR rendition's, 0 to `2 ** headroom`."""
    level = np.maximum(np.asarray(level, np.float64), 0)
    square = level * level
    stops = BRIGHTNESS * settings.brightness + SHADOWS * settings.shadows / (1 + level / 0.15)
    stops = stops + HIGHLIGHTS * settings.highlights * square / (square + 0.35)
    light = level * 2 ** (stops / 100)
    out = np.minimum(shouldered(light, 2.0**headroom), 1)
    contrast = np.tanh(np.log2(np.maximum(out, 1e-9) / 0.2) / 1.5) * (1 - out * out)
    return np.minimum(out * 2 ** (CONTRAST * settings.contrast / 100 * contrast), 1)


def both(
    light: NDArray[np.float32], primaries: DisplayPrimaries, headroom: float, settings: SdrSettings
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Makes the HDR and the SDR rendition (H, W, 3) of encoded light, which is what an HDR edit's stages give,
    `within` the primaries."""
    bright = to_hdr(light, primaries, headroom)
    resting = settings.brightness == settings.contrast == settings.highlights == settings.shadows == 0
    if resting and 2.0**headroom == REACH:
        return bright, np.minimum(light, np.float32(1))  # what `to_sdr` would find again
    return bright, to_sdr(bright, primaries, headroom, settings)


def to_hdr(light: NDArray[np.float32], primaries: DisplayPrimaries, headroom: float) -> NDArray[np.float32]:
    """Makes the HDR rendition (H, W, 3), 0 to `2 ** headroom`, of encoded light, which is what an HDR edit's stages
    give."""
    return _applied(light, primaries, _inverse_sdr_table(REACH), 2.0**headroom)


def from_hdr(light: NDArray[np.float32], primaries: DisplayPrimaries) -> NDArray[np.float32]:
    """Takes an HDR rendition (H, W, 3) back to encoded light: the inverse of `to_hdr` below the headroom."""
    return _applied(light, primaries, _sdr_table(float(np.log2(REACH)), AT_REST), np.inf)


def to_sdr(
    light: NDArray[np.float32],
    primaries: DisplayPrimaries,
    headroom: float,
    settings: SdrSettings = AT_REST,
) -> NDArray[np.float32]:
    """Makes the SDR rendition, 0 to 1, of an HDR rendition (H, W, 3); its Clarity, Whites and Blend do nothing."""
    return _applied(light, primaries, _sdr_table(headroom, settings), 1.0)


def from_sdr(light: NDArray[np.float32], primaries: DisplayPrimaries, headroom: float) -> NDArray[np.float32]:
    """Makes the HDR rendition that `to_sdr` turns into an SDR one (H, W, 3) with all sliders at 0."""
    return _applied(light, primaries, _inverse_sdr_table(2.0**headroom), 2.0**headroom)


def _kept(level: Levels) -> Levels:
    """Returns how much of the colour that light has in HDR is left in SDR, by luminance in HDR."""
    return 1 - FADE * level / (1 + level)


class _Table(NamedTuple):
    """Luminance and colour by luminance."""

    last: float
    """The luminance of the last node; the nodes are evenly spaced square roots, from 0."""
    gains: NDArray[np.float32]
    """What luminance is multiplied by at each node."""
    colour: NDArray[np.float32]
    """What light's distance from grey, relative to its luminance, is multiplied by."""


def _table(last: float, levels: Levels, colour: Levels) -> _Table:
    gains = levels[1:] / (last * _SQUARES[1:])
    return _Table(last, np.append(gains[0], gains).astype(np.float32), colour.astype(np.float32))


def within(light: NDArray[np.float32], primaries: DisplayPrimaries) -> NDArray[np.float32]:
    """Takes encoded light (H, W, 3) into its primaries, in place: no channel stays below 0, and what is inside stays as
    it is.

    Cutting those channels adds luminance, ever less of it the more Exposure whitens a colour. `to_hdr` would make so
    much of the little that is lost that strong colours, bright already, became darker. So it shall use the gain of the
    luminance that was there before the cut.
    """
    _within(light.reshape(-1, 3), to_xyz(primaries)[1].astype(np.float32), np.float32(REACH**-2))
    return light


@kernel(**COMPILE)
def _within(light, weights, bend):  # type: ignore[no-untyped-def]
    """`within` for pixels (N, 3), with the shoulder of `shouldered` for the white whose square is 1 / `bend`."""
    zero, one = np.float32(0), np.float32(1)
    for i in range(light.shape[0]):
        r, g, b = light[i, 0], light[i, 1], light[i, 2]
        if min(r, min(g, b)) < zero:
            level = min(max(weights[0] * r + weights[1] * g + weights[2] * b, zero), one)
            gain = np.float32(2) / (one - level + np.sqrt((one - level) ** 2 + np.float32(4) * bend * level))
            r, g, b = max(r, zero), max(g, zero), max(b, zero)
            shown = gain * (weights[0] * r + weights[1] * g + weights[2] * b)
            factor = gain * (one + bend * shown) / (one + shown)
            light[i, 0], light[i, 1], light[i, 2] = r * factor, g * factor, b * factor


@lru_cache(maxsize=64)
def _sdr_table(headroom: float, settings: SdrSettings) -> _Table:
    levels = 2.0**headroom * _SQUARES
    return _table(2.0**headroom, sdr_curve(levels, headroom, settings), _kept(levels))


@lru_cache(maxsize=8)
def _inverse_sdr_table(white: float) -> _Table:
    levels = unshouldered(_SQUARES, white)
    return _table(1.0, levels, 1 / _kept(levels))


def _applied(
    light: NDArray[np.float32], primaries: DisplayPrimaries, table: _Table, highest: float
) -> NDArray[np.float32]:
    """Gives light (H, W, 3) another luminance and other colourfulness, with channels from 0 to `highest`."""
    light = np.ascontiguousarray(light, np.float32)
    out = np.empty_like(light)
    weights = to_xyz(primaries)[1].astype(np.float32)
    limits = np.float32(1 / table.last), np.float32(highest)
    _tone(light.reshape(-1, 3), weights, table.gains, table.colour, *limits, out.reshape(-1, 3))
    return out


@kernel(**COMPILE)
def _tone(
    light: NDArray[np.float32],
    weights: NDArray[np.float32],
    gains: NDArray[np.float32],
    colour: NDArray[np.float32],
    scale: np.float32,
    highest: np.float32,
    out: NDArray[np.float32],
) -> None:
    """`_applied` for pixels (N, 3), a block at a time: what is the same for all pixels runs on many at once."""
    zero, one = np.float32(0), np.float32(1)
    steps, last = np.float32(gains.size - 1), gains.size - 2
    levels, places = np.empty(_BLOCK, np.float32), np.empty(_BLOCK, np.float32)
    gain, factor = np.empty(_BLOCK, np.float32), np.empty(_BLOCK, np.float32)
    red, green, blue = np.empty(_BLOCK, np.float32), np.empty(_BLOCK, np.float32), np.empty(_BLOCK, np.float32)
    for start in range(0, light.shape[0], _BLOCK):
        size = min(_BLOCK, light.shape[0] - start)
        for i in range(size):
            red[i], green[i], blue[i] = light[start + i, 0], light[start + i, 1], light[start + i, 2]
        for i in range(size):
            levels[i] = max(weights[0] * red[i] + weights[1] * green[i] + weights[2] * blue[i], zero)
            places[i] = np.sqrt(min(levels[i] * scale, one)) * steps
        for i in range(size):
            node = min(np.int32(places[i]), np.int32(last))
            part = places[i] - np.float32(node)
            gain[i] = gains[node] + (gains[node + 1] - gains[node]) * part
            factor[i] = colour[node] + (colour[node + 1] - colour[node]) * part
        for i in range(size):
            # Colour is spread to the edge of the gamut at most.
            room = levels[i] - max(min(red[i], green[i], blue[i]), zero)
            factor[i] = min(factor[i], levels[i] / max(room, _TINY))
        for channel in (red, green, blue):
            for i in range(size):
                value = gain[i] * (levels[i] + (channel[i] - levels[i]) * factor[i])
                channel[i] = min(max(value, zero), highest)
        for i in range(size):
            out[start + i, 0], out[start + i, 1], out[start + i, 2] = red[i], green[i], blue[i]
