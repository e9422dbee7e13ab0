"""What a photographer looks at: a picture in stops, its percentiles, its places and its colours."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from autohdr_scenes.scene import FLOOR, luminance, shrink

LONGEST = 96  # pixels of the longer side that anybody looks at


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """A small developed picture, upright. Levels are log2 luminance, 0 at sensor saturation."""

    rgb: NDArray[np.float64]
    """(H, W, 3), linear sRGB, zero or more, 1 = sensor saturation."""
    stops: NDArray[np.float64]
    """(H, W), levels."""
    ranked: NDArray[np.float64]
    """(H * W,), the levels in ascending order."""

    def levels(self, *percents: float) -> NDArray[np.float64]:
        """Percentiles of the levels, one for each of `percents`, 0 to 100."""
        return _percentiles(self.ranked, percents)

    @property
    def clipped(self) -> float:
        """Share of the picture within a few percent of saturation, 0 to 1."""
        return float(sigmoid((np.exp2(self.stops) - 0.9) / 0.02).mean())

    @property
    def chroma(self) -> NDArray[np.float64]:
        """(H, W), (max - min) / max over R, G, B, 0 to 1; 0 where there is hardly any light."""
        strongest = self.rgb.max(axis=2)
        return (strongest - self.rgb.min(axis=2)) / (strongest + FLOOR)

    @property
    def warmth(self) -> NDArray[np.float64]:
        """(H, W), stops of red above blue, within a few."""
        return np.log2((self.rgb[..., 0] + FLOOR) / (self.rgb[..., 2] + FLOOR))

    @property
    def greenness(self) -> NDArray[np.float64]:
        """(H, W), stops of green above the stronger of red and blue; foliage is above 0."""
        return np.log2((self.rgb[..., 1] + FLOOR) / (self.rgb[..., ::2].max(axis=2) + FLOOR))

    @property
    def colourfulness(self) -> float:
        """Mean chroma, weighted with the square root of luminance, 0 to 1."""
        return average(self.chroma, np.exp2(0.5 * self.stops))

    @property
    def centre(self) -> NDArray[np.float64]:
        """(H, W), weights of the middle of the frame: 1 there, 0.02 in the corners."""
        down, across = self._from_centre()
        return np.exp(-8.0 * (down[:, None] ** 2 + across[None] ** 2))

    @property
    def height(self) -> NDArray[np.float64]:
        """(H, 1), from -0.5 at the bottom of the picture to 0.5 at its top."""
        return -self._from_centre()[0][:, None]

    def local(self, weight: NDArray[np.float64]) -> float:
        """The mean level under weights (H, W) or (H, 1)."""
        return average(self.stops, weight)

    def _from_centre(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        tall, wide = self.stops.shape
        return (np.arange(tall) + 0.5) / tall - 0.5, (np.arange(wide) + 0.5) / wide - 0.5


def see(picture: NDArray[np.floating]) -> Seen:
    """A developed picture (H, W, 3), linear sRGB, 1 = sensor saturation, as photographers see it: small."""
    rgb = shrink(np.ascontiguousarray(picture, dtype=np.float32), LONGEST)
    stops = np.log2(luminance(rgb).astype(np.float64) + FLOOR)
    return Seen(rgb.astype(np.float64), stops, np.sort(stops, axis=None))


def _percentiles(ranked: NDArray[np.float64], percents: ArrayLike) -> NDArray[np.float64]:
    places = np.asarray(percents, dtype=np.float64) / 100.0 * (ranked.size - 1)
    return np.interp(places, np.arange(ranked.size), ranked)


def average(values: NDArray[np.float64], weight: NDArray[np.float64]) -> float:
    """The mean of `values` under weights that broadcast with them, not all zero."""
    return float((values * weight).sum() / np.broadcast_to(weight, values.shape).sum())


def sigmoid(value: NDArray[np.float64] | float) -> NDArray[np.float64]:
    """Rises from 0 far below zero to 1 far above, 0.5 at zero."""
    return 0.5 + 0.5 * np.tanh(0.5 * np.asarray(value))


def bend(value: NDArray[np.float64] | float, middle: float, width: float) -> float:
    """Rises from -1 far below `middle` to 1 far above, half of the way at about `width` from it."""
    return float(np.tanh((value - middle) / (1.8 * width)))


def within(value: float, end: float = 4.5) -> float:
    """Smoothly stays within `end`; within 60 % of it, closer than 0.3 % to the value itself."""
    return float(value / (1.0 + (value / end) ** 8) ** 0.125)
