"""Describes a photo in numbers that sliders may follow: its tones, what Auto would set, and how it was exposed.

All are measured in the network's input, so that learning and labelling describe a photo alike. A value that is not
known is NaN; who computes with it says what stands for it.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

from autohdr.encoding import decode, encode
from autohdr.errors import PhotoError
from autohdr.shot.shot import Shot
from autohdr.sliders import SLIDERS
from autohdr.spec import InputSpec

Array = NDArray[np.float64]
Places = Mapping[str, slice]
"""Groups of numbers by name, and where each stands in a description."""

FRAME = (1.0, 5.0, 25.0, 50.0, 75.0, 95.0, 99.0)
"""Percentages of the frame below whose levels are taken: log2 of luminance, 0 at sensor saturation."""
CENTRE = (5.0, 25.0, 50.0, 75.0, 95.0)
"""Percentages of the middle half of rows and columns below whose levels are taken, likewise."""
TONES, AUTO, EXPOSURE = "tones", "auto", "exposure"
GROUPS: Places = {TONES: slice(0, 18), AUTO: slice(18, 26), EXPOSURE: slice(26, 31)}
"""Where each group of numbers stands. Tones: `FRAME`, `CENTRE`, deviation of levels, roots of the shares that are
clipped and dark, mean log2 of red and of blue to green, mean chroma. Auto: its eight sliders, in Lightroom's units.
Exposure: log2 of the light that it is right for, of ISO, time and f-number, and compensation in EV."""
COUNT = 31
FLOOR = 2.0**-13
"""Light below which a sensor tells nothing."""
CLIPPED, DARK = 0.95, -9.0
"""Light above which a channel counts as clipped, and level below which a pixel counts as dark."""
_LUMINANCE = np.array([0.2126, 0.7152, 0.0722], dtype=np.float32)
_ENTRIES = 4096


def describe(pixels: NDArray[np.floating], spec: InputSpec, shot: Shot) -> Array:
    """Computes the numbers (31,) of one photo, as `GROUPS` says; NaN where one is not known.

    Args:
        pixels: the network's input (3, S, S).
        spec: how it was made.
        shot: what the photo's file says beside pixels.
    """
    light = light_of(pixels, spec)
    return np.concatenate([_tones(light), automatic(light, spec), exposure(shot)])


def describe_all(pixels: Iterable[NDArray[np.floating]], spec: InputSpec, shots: Sequence[Shot]) -> Array:
    """Computes the numbers (N, 31) of N photos, as `describe` does."""
    rows = [describe(one, spec, shot) for one, shot in zip(pixels, shots, strict=True)]
    return np.stack(rows) if rows else np.empty((0, COUNT))


def light_of(pixels: NDArray[np.floating], spec: InputSpec) -> NDArray[np.float32]:
    """Decodes a network's input (3, S, S) to linear light (S / 2, S / 2, 3), sRGB primaries, 1 at saturation; four
    encoded pixels are averaged to one."""
    side = pixels.shape[1] // 2
    small = pixels[:, : 2 * side, : 2 * side].reshape(3, side, 2, side, 2).mean(axis=(2, 4), dtype=np.float32)
    encoded = small.transpose(1, 2, 0) * np.asarray(spec.std, np.float32) + np.asarray(spec.mean, np.float32)
    return np.interp(encoded, *_decoding(spec)).astype(np.float32)


@cache
def _decoding(spec: InputSpec) -> tuple[Array, Array]:
    """Encoded values, rising to that of saturation, and the light of each: looked up ten times faster than decoded."""
    brightest = encode(np.ones((1, 1, 3)), spec)[0, 0, 0] * spec.std[0] + spec.mean[0]
    encoded = np.linspace(0.0, float(brightest), _ENTRIES)
    inputs = (encoded[:, None] - np.asarray(spec.mean)) / np.asarray(spec.std)
    return encoded, decode(inputs.T[:, None], spec)[0, :, 0]


def _tones(light: NDArray[np.float32]) -> Array:
    levels = np.log2(light @ _LUMINANCE + np.float32(FLOOR))
    edge = len(levels) // 4
    centre = levels[edge : len(levels) - edge, edge : len(levels) - edge]
    red, green, blue = (float(np.log2(light[..., band] + np.float32(FLOOR)).mean()) for band in range(3))
    strongest = light.max(axis=2)
    chroma = (strongest - light.min(axis=2)) / (strongest + np.float32(FLOOR))
    single = [
        levels.std(),
        np.sqrt((strongest > CLIPPED).mean()),
        np.sqrt((levels < DARK).mean()),
        red - green,
        blue - green,
        chroma.mean(),
    ]
    return np.concatenate([np.percentile(levels, FRAME), np.percentile(centre, CENTRE), single]).astype(np.float64)


def automatic(light: NDArray[np.float32], spec: InputSpec) -> Array:
    """Computes Auto's sliders (8,) for light (H, W, 3) in sRGB primaries, 1 at saturation; NaN where it is not
    finite."""
    from autohdr.develop.auto import auto  # brings developing
    from autohdr.develop.scene import Scene
    from autohdr.develop.spaces import between

    white = 2.0**spec.saturation_stops if spec.source == "raw" else 1.0
    to_prophoto = (between("srgb", "prophoto").T * white).astype(np.float32)
    try:
        values = auto(Scene(np.maximum(light @ to_prophoto, 0), white))
    except PhotoError:
        return np.full(len(SLIDERS), np.nan)
    return np.array([getattr(values, slider.name.lower()) for slider in SLIDERS], dtype=np.float64)


def exposure(shot: Shot) -> Array:
    """The numbers (5,) of the group `EXPOSURE`."""
    iso, aperture, time = (
        np.nan if value is None else float(np.log2(value)) for value in (shot.iso, shot.aperture, shot.exposure_time)
    )
    light = 2.0 * aperture - time - (iso - np.log2(100.0))
    return np.array([light, iso, time, aperture, np.nan if shot.compensation is None else shot.compensation])
