"""Gives a developed photo its two renditions for displays: HDR, brighter than diffuse white, and SDR made from that.

**From HDR to SDR (`to_sdr`): fitted to Camera Raw.** Luminance L becomes x (1 + x / W^2) / (1 + x), Reinhard's shoulder
with white W = 2 ** HDRMaxValue, where x is L after the sliders; colour (light divided by its luminance) moves towards
grey by 1 - 0.45 L / (1 + L), so that the middle channel keeps its place. Four of the seven sliders were fitted:

| slider at 100 | what it does |
|---|---|
| Brightness | L x 2 ** 0.77 |
| Shadows | L x 2 ** (0.72 / (1 + L / 0.15)) |
| Highlights | L x 2 ** (0.92 L^2 / (L^2 + 0.35)) |
| Contrast | SDR y x 2 ** (0.19 tanh(log2(y / 0.2) / 1.5) (1 - y^2)) |

Clarity, Whites and Blend do nothing here: fitted in the same way (as a contrast; as a gain of highlights or another W;
as a share of the clipped HDR rendition), they took values of -0.02 to -0.12 and made held-out pictures no better.

Source: 24 gain-map JPEGs by Camera Raw 16.0 to 18.3, which hold both renditions and the settings of one edit, in the
public repositories slausmeister/AutoHDR (assets), vearutop/ultrahdr (testdata) and gregrickaby/gregrickaby. Error of
the sRGB-encoded luminance, root mean square over a picture, each scene left out of its fit in turn: mean .035, median
.029 (without the sliders .047 and .039; HDR clipped at white .084). The five pictures with all sliders at 0: .025,
.028, .031, .071, .079. The last two are one scene, with a fifth of it above white: Camera Raw lifts its shadows by a
stop, by place as well as by level. Lifts that depend on the photo's range, mean, 99th percentile or share above white
were tried and did not help held-out scenes.

**HDR itself (`to_hdr`): ours, not measured.** Of no public photo both the scene and an HDR rendition are known. HDR is
made from what the stages of an SDR edit give, by a curve that leaves mid-tones and shadows alone and turns the shoulder
below white around: y becomes y (d / y) ** t, with d the inverse of the shoulder above for W = 2 ** headroom (16 at
most), and t = y^3 (1 + 0.25^3) / (y^3 + 0.25^3). It rises everywhere, from 0 to W at 1. Three things speak for it:
- Sensors' white stands at 8 to 22 times diffuse white in Camera Raw's HDR edits, at Exposures from -0.7 to +2.6 alike:
  what an SDR edit has just below white, not what the scene's light times a constant would be.
- DNG 1.7 encodes light to 16 times white by this very shoulder (`ProfileDynamicRange`).
- 21 finished HDR photos (HDRMaxValue +2.30) have light of .017 .053 .144 .40 .87 2.6 (medians of their percentiles 10,
  25, 50, 75, 90, 99), 594 SDR ones .015 .048 .143 .32 .49 .77; seen through this curve, .015 .048 .146 .40 .83 2.3.
Other people took them of other things: this says how bright HDR photos are made, and not what a slider does.
"""

from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from autohdr.develop.settings import SdrSettings
from autohdr.develop.spaces import DisplayPrimaries, to_xyz
from autohdr.system.kernel import kernel

BRIGHTNESS, CONTRAST, HIGHLIGHTS, SHADOWS = 0.77, 0.19, 0.92, 0.72
"""What the sliders do at 100: see above."""
FADE = 0.45
"""How much of its colour very bright light loses from HDR to SDR."""
MOST = 4.0
"""Stops above white that the HDR curve reaches at most; Camera Raw's HDRMaxValue at rest."""
_KNEE = 0.25
_NODES = 4096
_SQUARES = np.linspace(0, 1, _NODES) ** 2

AT_REST = SdrSettings()
"""All sliders at 0."""

Levels = NDArray[np.float64]
"""Luminance relative to diffuse white, any shape."""


def left_out(settings: SdrSettings) -> tuple[str, ...]:
    """The names of the SDR sliders that are in use and do nothing here."""
    names = {"SDR Clarity": settings.clarity, "SDR Whites": settings.whites, "SDR Blend": settings.blend}
    return tuple(name for name, value in names.items() if value)


def hdr_curve(level: Levels, headroom: float) -> Levels:
    """Luminance in HDR, 0 to `2 ** headroom`, of that which the stages of an SDR edit give, 0 to 1."""
    level = np.clip(np.asarray(level, np.float64), 1e-12, 1)
    share = level**3 * (1 + _KNEE**3) / (level**3 + _KNEE**3)
    return level * (_unshouldered(level, 2 ** min(headroom, MOST)) / level) ** share


def sdr_curve(level: Levels, headroom: float, settings: SdrSettings) -> Levels:
    """Luminance in SDR, 0 to 1, of an HDR rendition's, 0 to `2 ** headroom`."""
    level = np.maximum(np.asarray(level, np.float64), 0)
    square = level * level
    stops = BRIGHTNESS * settings.brightness + SHADOWS * settings.shadows / (1 + level / 0.15)
    stops = stops + HIGHLIGHTS * settings.highlights * square / (square + 0.35)
    light = level * 2 ** (stops / 100)
    out = np.minimum(light * (1 + light / 4**headroom) / (1 + light), 1)
    contrast = np.tanh(np.log2(np.maximum(out, 1e-9) / 0.2) / 1.5) * (1 - out * out)
    return np.minimum(out * 2 ** (CONTRAST * settings.contrast / 100 * contrast), 1)


def to_hdr(light: NDArray[np.float32], primaries: DisplayPrimaries, headroom: float) -> NDArray[np.float32]:
    """The HDR rendition, 0 to `2 ** headroom`, of the light (H, W, 3) that the stages of an SDR edit give.

    It is the inverse of `to_sdr` in bright light, and changes nothing in mid-tones and below.
    """
    return _applied(light, primaries, _hdr_table(headroom), 2.0**headroom)


def from_hdr(light: NDArray[np.float32], primaries: DisplayPrimaries, headroom: float) -> NDArray[np.float32]:
    """The light that `to_hdr` makes an HDR rendition (H, W, 3) of. What is as bright as may be is not known."""
    return _applied(light, primaries, _inverse_hdr_table(headroom), np.inf)


def to_sdr(
    light: NDArray[np.float32],
    primaries: DisplayPrimaries,
    headroom: float,
    settings: SdrSettings = AT_REST,
) -> NDArray[np.float32]:
    """The SDR rendition, 0 to 1, of an HDR rendition (H, W, 3); its Clarity, Whites and Blend do nothing."""
    return _applied(light, primaries, _sdr_table(headroom, settings), 1.0)


def from_sdr(light: NDArray[np.float32], primaries: DisplayPrimaries, headroom: float) -> NDArray[np.float32]:
    """The HDR rendition that `to_sdr` makes an SDR one (H, W, 3) of with all sliders at 0."""
    return _applied(light, primaries, _inverse_sdr_table(headroom), 2.0**headroom)


def _unshouldered(level: Levels, white: float) -> Levels:
    """The inverse of Reinhard's shoulder, x (1 + x / white ** 2) / (1 + x)."""
    # The root's usual form, ((y - 1) + root) / 2, cancels in the dark.
    rest = 1 - level
    return 2 * level / (rest + np.sqrt(rest * rest + 4 * level / white**2))


def _kept(level: Levels) -> Levels:
    """How much of the colour that light has in HDR is left in SDR, by luminance in HDR."""
    return 1 - FADE * level / (1 + level)


class _Table(NamedTuple):
    """Luminance and colour by luminance."""

    last: float
    """The luminance of the last node; the nodes are evenly spaced square roots, from 0."""
    levels: NDArray[np.float32]
    """The new luminance at each node."""
    colour: NDArray[np.float32]
    """What light's distance from grey, relative to its luminance, is multiplied by."""


def _table(last: float, levels: Levels, colour: Levels) -> _Table:
    return _Table(last, levels.astype(np.float32), colour.astype(np.float32))


@lru_cache(maxsize=8)
def _hdr_table(headroom: float) -> _Table:
    levels = hdr_curve(_SQUARES, headroom)
    return _table(1.0, levels, 1 / _kept(levels))


@lru_cache(maxsize=8)
def _inverse_hdr_table(headroom: float) -> _Table:
    fine = np.linspace(0, 1, 16 * _NODES) ** 2
    last = float(hdr_curve(np.ones(1), headroom)[0])
    levels = last * _SQUARES
    return _table(last, np.interp(levels, hdr_curve(fine, headroom), fine), _kept(levels))


@lru_cache(maxsize=64)
def _sdr_table(headroom: float, settings: SdrSettings) -> _Table:
    levels = 2.0**headroom * _SQUARES
    return _table(2.0**headroom, sdr_curve(levels, headroom, settings), _kept(levels))


@lru_cache(maxsize=8)
def _inverse_sdr_table(headroom: float) -> _Table:
    levels = _unshouldered(_SQUARES, 2.0**headroom)
    return _table(1.0, levels, 1 / _kept(levels))


def _applied(
    light: NDArray[np.float32], primaries: DisplayPrimaries, table: _Table, highest: float
) -> NDArray[np.float32]:
    """Gives light (H, W, 3) another luminance and other colourfulness, with channels from 0 to `highest`."""
    light = np.ascontiguousarray(light, np.float32)
    out = np.empty_like(light)
    weights = to_xyz(primaries)[1].astype(np.float32)
    limits = np.float32(1 / table.last), np.float32(highest)
    _tone(light.reshape(-1, 3), weights, table.levels, table.colour, *limits, out.reshape(-1, 3))
    return out


@kernel(nogil=True)
def _tone(
    light: NDArray[np.float32],
    weights: NDArray[np.float32],
    levels: NDArray[np.float32],
    colour: NDArray[np.float32],
    scale: np.float32,
    highest: np.float32,
    out: NDArray[np.float32],
) -> None:
    """`_applied` for pixels (N, 3)."""
    zero, one = np.float32(0), np.float32(1)
    steps = np.float32(levels.size - 1)
    for k in range(light.shape[0]):
        luminance = weights[0] * light[k, 0] + weights[1] * light[k, 1] + weights[2] * light[k, 2]
        if luminance <= zero:
            out[k, 0] = out[k, 1] = out[k, 2] = zero
            continue
        place = min(np.sqrt(luminance * scale), one) * steps
        node = min(int(place), levels.size - 2)
        part = place - np.float32(node)
        level = levels[node] + (levels[node + 1] - levels[node]) * part
        factor = colour[node] + (colour[node + 1] - colour[node]) * part
        darkest = max(min(light[k, 0], light[k, 1], light[k, 2]), zero) / luminance
        if factor * (one - darkest) > one:  # colour is spread to the edge of the gamut at most
            factor = one / (one - darkest)
        for channel in range(3):
            value = level * (one + (light[k, channel] / luminance - one) * factor)
            out[k, channel] = min(max(value, zero), highest)
