"""Encodes display light as the integers that files store: 8-bit sRGB and 10-bit PQ.

A table takes the place of the powers: it is indexed by the upper bits of the float itself, so that its steps are
2 ** -10 of each value. The codes are then at most 0.06 (sRGB) and 0.04 (PQ) steps off before they are rounded.
512 x 341 pixels take 0.3 ms instead of 12.
"""

from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autohdr.develop.picture import Picture
from autohdr.develop.transfer import decode, encode
from autohdr.errors import PhotoError
from autohdr.system.kernel import kernel

DIFFUSE_WHITE = 203.0
"""Luminance of light 1 in an HDR picture, cd/m2 (ITU-R BT.2408)."""
PQ_PEAK = 10000.0
"""Luminance of the highest PQ code, cd/m2."""

_SHIFT = 13
"""How many of a float's 23 bits of mantissa the tables leave out."""


def checked(picture: Picture) -> NDArray[np.float32]:
    """Returns the light of a picture (H, W, 3), contiguous, if it can be written.

    Raises:
        PhotoError: it has no pixels, or some are not finite.
    """
    light = np.ascontiguousarray(picture.light, np.float32)
    if light.ndim != 3 or light.shape[2] != 3 or light.size == 0:
        raise PhotoError(f"a picture of shape {light.shape} cannot be written; expected rows, columns and 3 channels")
    # A sum is finite only if all of its terms are, and takes a fifth of the time of looking at each.
    if not np.isfinite(light.sum(dtype=np.float64)):
        raise PhotoError("a picture with values that are not finite cannot be written; develop the photo again")
    return light


def srgb_from_linear(light: NDArray[np.float64]) -> NDArray[np.float64]:
    """Encodes linear light of any shape as sRGB values, 0 to 1 (IEC 61966-2-1); light outside 0 to 1 is clipped."""
    return encode(np.minimum(light, 1))


def linear_from_srgb(encoded: NDArray[np.float64]) -> NDArray[np.float64]:
    """Decodes sRGB-encoded values to linear light, both 0 to 1, any shape (IEC 61966-2-1)."""
    return decode(encoded)


def pq_from_luminance(luminance: NDArray[np.float64]) -> NDArray[np.float64]:
    """Encodes luminance in cd/m2, any shape, as PQ values, 0 to 1 (SMPTE ST 2084)."""
    power = np.clip(luminance / PQ_PEAK, 0, 1) ** (2610 / 16384)
    return ((3424 / 4096 + 2413 / 128 * power) / (1 + 2392 / 128 * power)) ** (2523 / 32)


def luminance_from_pq(encoded: NDArray[np.float64]) -> NDArray[np.float64]:
    """Decodes PQ values, 0 to 1, any shape, to luminance in cd/m2 (SMPTE ST 2084): inverts `pq_from_luminance`."""
    power = encoded ** (32 / 2523)
    return PQ_PEAK * (np.maximum(power - 3424 / 4096, 0) / (2413 / 128 - 2392 / 128 * power)) ** (16384 / 2610)


def srgb_codes(light: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Encodes linear light as 8-bit sRGB codes, same shape; what lies outside 0 to 1 is clipped."""
    return _codes(light, *_srgb_table())


def pq_codes(light: NDArray[np.float32]) -> NDArray[np.uint16]:
    """Encodes light relative to diffuse white as 10-bit PQ codes, same shape; clipped at 0 and 10,000 cd/m2."""
    return _codes(light, *_pq_table())


@cache
def srgb_light() -> NDArray[np.float32]:
    """Returns the linear light of each 8-bit sRGB code, (256,)."""
    return linear_from_srgb(np.arange(256) / 255).astype(np.float32)


def _codes(light: NDArray[np.float32], table: NDArray[Any], first: int) -> NDArray[Any]:
    bits = np.ascontiguousarray(light, np.float32).reshape(-1).view(np.int32)
    out = np.empty(bits.size, table.dtype)
    _look_up(bits, table, first, out)
    return out.reshape(light.shape)


@kernel(nogil=True)
def _look_up(bits: NDArray[np.int32], table: NDArray[Any], first: int, out: NDArray[Any]) -> None:
    """Takes each float's entry of a table: the first for all below it (negative floats are negative integers)."""
    last = table.size - 1
    for k in range(bits.size):
        index = (bits[k] >> _SHIFT) - first
        out[k] = table[min(max(index, 0), last)]


def _levels(lowest: float, highest: float) -> tuple[NDArray[np.float64], int]:
    """The light in the middle of each step of a table, and the index of the first one."""
    first, last = (int(np.float32(value).view(np.int32)) >> _SHIFT for value in (lowest, highest))
    middle = (np.arange(first, last + 1, dtype=np.int32) << _SHIFT) + (1 << (_SHIFT - 1))
    levels = middle.view(np.float32).astype(np.float64)
    levels[0] = 0
    return levels, first


@cache
def _srgb_table() -> tuple[NDArray[np.uint8], int]:
    levels, first = _levels(2.0**-15, 1.0)
    return np.rint(255 * srgb_from_linear(levels)).astype(np.uint8), first


@cache
def _pq_table() -> tuple[NDArray[np.uint16], int]:
    levels, first = _levels(2.0**-24, PQ_PEAK / DIFFUSE_WHITE)
    return np.rint(1023 * pq_from_luminance(DIFFUSE_WHITE * levels)).astype(np.uint16), first
