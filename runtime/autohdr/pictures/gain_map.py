"""Writes gain-map JPEGs: one file that is the SDR rendition to every program, and HDR to those that know gain maps.

The base is our SDR rendition. The map holds, for each channel, log2((HDR + 1/64) / (SDR + 1/64)) in 8 bits between the
lowest and the highest value that occur in any (gamma 1); its SDR is what the 8-bit base says, so that the base's
rounding does not add up with the map's. Two sets of metadata say so (`gain_map_metadata`): ISO 21496-1, and the earlier
hdrgm form, version 1.0, in XMP. The formula is the same in both: HDR = (SDR + 1/64) * 2 ** gain - 1/64, weighted by
what a display can do between its white and the picture's peak.

The map has half the base's size unless told otherwise. Over four real HDR photos of 512 pixels, read by
libultrahdr:

| map | bytes beside the base alone | median error | the brightest 0.1 % of light shown at |
|---|---|---|---|
| full size (`shrink=1`) | 1.4 to 1.7 times | 3 to 7 % | 0.98 to 1.01 of what they are |
| half size | 1.1 to 1.3 times | 3 to 8 % | 0.67 to 1.01 |
| a quarter | 1.05 to 1.1 times | 4 to 9 % | 0.54 to 0.97 |

(`median error`: of light + 0.01, at full size much of it the base's 8 bits and quality.) Even areas keep their light
within 1 % whatever the map's size; points of light of a pixel or two, as in a city at night, lose some of theirs.
Writing 512 x 341 pixels takes 4.5 ms on one core.
"""

from numbers import Integral

import numpy as np
from numpy.typing import NDArray

from autohdr.develop.picture import Picture
from autohdr.develop.spaces import to_xyz
from autohdr.errors import SettingsError
from autohdr.pictures.gain_map_metadata import GainMap, base_segments, map_segments, mpf_segment
from autohdr.pictures.jpeg import QUALITY, compressed, icc_segment, with_segments
from autohdr.pictures.pixel_codes import checked, srgb_codes, srgb_light
from autohdr.system.kernel import kernel

OFFSET = 1 / 64
"""Added to both renditions before their ratio is taken, so that black has one. Adobe's value, too."""
MAP_QUALITY = 90
"""The quality of the gain map's JPEG, on Pillow's scale."""


def gain_map_jpeg(sdr: Picture, hdr: Picture, quality: int = QUALITY, *, shrink: int = 2) -> bytes:
    """Makes a JPEG file of an SDR rendition with a gain map that makes the HDR rendition of it.

    Args:
        sdr: the base; what lies above diffuse white is clipped.
        hdr: of the same size, in the same primaries.
        quality: of the base, Pillow's scale.
        shrink: how many pixels of the base, each way, one of the map stands for.

    Raises:
        PhotoError: a picture is empty, not finite, or larger than a JPEG can be.
        SettingsError: `shrink` is no number of pixels.
        ValueError: the two differ in size or primaries.
    """
    if not (isinstance(shrink, Integral) and shrink >= 1):
        raise SettingsError(f"shrink is {shrink}; expected a whole number of pixels, at least 1")
    if sdr.light.shape != hdr.light.shape or sdr.primaries != hdr.primaries:
        raise ValueError(
            f"the renditions differ: {sdr.light.shape} in {sdr.primaries}, {hdr.light.shape} in {hdr.primaries}"
        )
    codes, bright = srgb_codes(checked(sdr)), checked(hdr)
    gain = log_gain(codes, bright, shrink)
    lowest = float(gain.min())
    highest = max(float(gain.max()), lowest + 1e-4)  # some readers refuse an empty range
    # A display with less gets less of the gain everywhere. So it is of luminance, as Adobe's is, and not of a channel.
    peak = float((bright.reshape(-1, 3) @ to_xyz(hdr.primaries)[1].astype(np.float32)).max())
    headroom = max(float(np.log2(max(peak, 1.0))), 0.01)
    about = GainMap(lowest, highest, offset=OFFSET, headroom=headroom)
    stored = np.empty(gain.shape, np.uint8)
    _quantise(gain.reshape(-1), np.float32(lowest), np.float32(255 / (highest - lowest)), stored.reshape(-1))
    return _assembled(compressed(codes, quality), sdr, compressed(stored, MAP_QUALITY), about)


def _assembled(first: bytes, sdr: Picture, second: bytes, about: GainMap) -> bytes:
    """The file of a base and a gain map, both bare JPEGs."""
    second = with_segments(second, map_segments(about))
    before = [*base_segments(len(second)), icc_segment(sdr.primaries)]
    # The index says how long the base is that it stands in, and is as long whatever it says.
    unknown = mpf_segment(0, 0, 0)
    whole = with_segments(first, [*before, unknown])
    start = whole.index(unknown)
    index = mpf_segment(len(whole), len(second), start)
    return whole[:start] + index + whole[start + len(index) :] + second


def log_gain(codes: NDArray[np.uint8], bright: NDArray[np.float32], shrink: int) -> NDArray[np.float32]:
    """Computes log2 of (HDR + offset) / (SDR + offset), averaged over blocks before the ratio: (ceil(H / shrink),
    ...)."""
    rows, columns = (-(-length // shrink) for length in codes.shape[:2])
    out = np.empty((rows, columns, 3), np.float32)
    _block_gain(codes, srgb_light(), bright, shrink, np.float32(OFFSET), out)
    return np.log2(out, out=out)


@kernel(nogil=True)
def _block_gain(
    codes: NDArray[np.uint8],
    decoded: NDArray[np.float32],
    bright: NDArray[np.float32],
    shrink: int,
    offset: np.float32,
    out: NDArray[np.float32],
) -> None:
    """Ratio of the sums of both renditions over each block, per channel; blocks at the edge are what is left."""
    height, width = codes.shape[:2]
    for row in range(out.shape[0]):
        bottom = min((row + 1) * shrink, height)
        for column in range(out.shape[1]):
            right = min((column + 1) * shrink, width)
            for channel in range(3):
                high = np.float32(0)
                low = np.float32(0)
                for y in range(row * shrink, bottom):
                    for x in range(column * shrink, right):
                        high += max(bright[y, x, channel], np.float32(0)) + offset
                        low += decoded[codes[y, x, channel]] + offset
                out[row, column, channel] = high / low


@kernel(nogil=True)
def _quantise(gain: NDArray[np.float32], lowest: np.float32, scale: np.float32, out: NDArray[np.uint8]) -> None:
    """Codes of a map (N,): the lowest gain is 0, `255 / scale` above it is 255."""
    for k in range(out.size):
        code = (gain[k] - lowest) * scale + np.float32(0.5)
        out[k] = np.uint8(min(max(code, np.float32(0)), np.float32(255)))
