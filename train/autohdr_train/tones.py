"""An explicit description of a picture's tones, computed inside the network's graph.

A ViT's class token tells well what a picture shows and badly how bright its 98th percentile is. A photographer's
sliders follow both. So the tones are measured: percentiles of log luminance over the frame and over parts of it,
shares of the frame by level, local contrast, and how much colour of which hue there is. All are sums, products and
clamps: they export to ONNX as they are.

Levels are log2 of luminance, 0 at sensor saturation; a photo of twice the light has every level higher by one.
"""

import itertools
import math

import torch
from torch import Tensor, nn
from torch.nn import functional

from autohdr.spec import InputSpec
from autohdr_train.light import Light

SIDE = 74
"""Pictures are averaged to about this many pixels a side: enough for lamps, few enough to average sensor noise away."""
FLOOR = 2.0**-13
"""Light below which a sensor tells nothing; added, so that the logarithm ends softly."""
LOWEST, STEP = -13.0, 0.25
EDGES = tuple(LOWEST + STEP * index for index in range(65))
"""Levels at which the cumulative histogram is taken."""
FRAME = (0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 0.997)
"""Percentiles over the frame, as shares."""
PARTS = (0.05, 0.25, 0.5, 0.75, 0.95)
"""Percentiles over each part of the frame, as shares."""
RELATIVE = (-6.0, -4.5, -3.0, -2.0, -1.0, 1.0, 2.0, 3.0, 4.5, 6.0)
"""Stops from the middle level at which the share of darker light is taken."""
ABSOLUTE = (-10.0, -8.0, -6.0, -5.0, -4.0, -3.0, -2.0, -1.0, -0.3, 0.0)
"""Levels at which the share of darker light is taken."""
HUES = 12
"""Soft bins around the colour circle."""
GRID = 4
"""Cells down and across the frame whose level and chroma are taken."""
_COUNTS = {
    "frame": len(FRAME),
    "parts": 6 * len(PARTS),
    "middle": 1,
    "frame gaps": len(FRAME),
    "part gaps": 6 * len(PARTS),
    "relative shares": len(RELATIVE),
    "absolute shares": len(ABSOLUTE),
    "moments": 3,
    "texture": 4,
    "cell gaps": GRID**2,
    "chroma": 8,
    "warmth": 7,
    "tint": 7,
    "hues": HUES,
    "cell chroma": GRID**2,
}
SIZE = sum(_COUNTS.values())
"""Numbers in a description."""
_ENDS = list(itertools.accumulate(_COUNTS.values()))
LAYOUT = {name: slice(end - _COUNTS[name], end) for name, end in zip(_COUNTS, _ENDS, strict=True)}
"""Where each kind of number stands in a description. Gaps are levels relative to `middle`; with the texture, the
colours and the relative shares they stay the same when the light is scaled, all but the last of `chroma`, the clipped
share."""
LUMINANCE = (0.2126, 0.7152, 0.0722)
"""Weights of linear sRGB (ITU-R BT.709)."""


class Tones(nn.Module):
    """Network inputs (N, 3, S, S) to a description (N, `SIZE`), each number about 0 and 1 apart over ordinary photos
    once `mean` and `std` are set."""

    def __init__(self, spec: InputSpec) -> None:
        super().__init__()
        self.light = Light(spec)
        self.block = max(1, spec.size // SIDE)
        side = spec.size // self.block
        self.windows: Tensor
        self.cells: Tensor
        self.mean: Tensor
        self.std: Tensor
        self.register_buffer("windows", windows(side), persistent=False)
        self.register_buffer("cells", cells(side), persistent=False)
        self.register_buffer("mean", torch.zeros(SIZE))
        self.register_buffer("std", torch.ones(SIZE))

    def forward(self, pixels: Tensor) -> Tensor:
        return (self.describe(self.light(pixels)) - self.mean) / self.std

    def describe(self, linear: Tensor) -> Tensor:
        """The numbers (N, `SIZE`) as they are, of linear light (N, 3, S, S), 1 = sensor saturation."""
        return describe(functional.avg_pool2d(linear, self.block), self.windows, self.cells)

    @torch.no_grad()
    def standardise(self, descriptions: Tensor) -> None:
        """Let `mean` and `std` be those of descriptions (N, `SIZE`) as `describe` gives them."""
        self.mean.copy_(descriptions.mean(dim=0))
        self.std.copy_(descriptions.std(dim=0).clamp(min=1e-3))


def describe(linear: Tensor, windows: Tensor, cells: Tensor) -> Tensor:
    """The description (N, `SIZE`) of small pictures (N, 3, s, s) of linear light, over `windows` and `cells`."""
    luminance = sum(weight * linear[:, band] for band, weight in enumerate(LUMINANCE))
    assert isinstance(luminance, Tensor)
    levels = torch.log2(luminance + FLOOR)  # (N, s, s)
    flat = levels.flatten(1)
    cumulative = _below(flat, EDGES, STEP) @ windows.T  # (N, edges, R)
    frame = _percentiles(cumulative[..., 0], FRAME)
    parts = [_percentiles(cumulative[..., region], PARTS) for region in range(1, len(windows))]
    middle = frame[:, 4:11].mean(dim=1, keepdim=True)
    return torch.cat(
        [
            frame,
            *parts,
            middle,
            frame - middle,
            *(part - middle for part in parts),
            _below_each(flat, middle, RELATIVE),
            _below(flat, ABSOLUTE, 0.5).mean(dim=2),
            _moments(flat),
            _texture(levels),
            flat @ cells.T - middle,
            *_colours(linear, luminance, windows, cells),
        ],
        dim=1,
    )


def windows(side: int) -> Tensor:
    """Weights (R, side * side) of the frame and six parts of it: centre, top, bottom, left, right, border; rows sum
    to 1. They end softly, so that no number jumps when the framing moves a little."""
    place = (torch.arange(side) + 0.5) / side
    down, across = place[:, None].expand(side, side), place[None].expand(side, side)
    centre = torch.exp(-8.0 * ((down - 0.5) ** 2 + (across - 0.5) ** 2))
    low, right = torch.sigmoid((down - 0.62) / 0.04), torch.sigmoid((across - 0.62) / 0.04)
    top, left = low.flip(0), right.flip(1)
    weights = torch.stack([torch.ones(side, side), centre, top, low, left, right, 1.0 - centre]).flatten(1)
    return weights / weights.sum(dim=1, keepdim=True)


def cells(side: int) -> Tensor:
    """Weights (`GRID` squared, side * side) of equal cells, row by row; rows sum to 1."""
    band = (torch.arange(side) * GRID) // side == torch.arange(GRID)[:, None]  # (GRID, side)
    weights = (band[:, None, :, None] & band[None, :, None, :]).flatten(2).flatten(0, 1).float()
    return weights / weights.sum(dim=1, keepdim=True)


def _below(flat: Tensor, edges: tuple[float, ...], width: float) -> Tensor:
    """How far each level (N, P) lies below each of E edges: (N, E, P), from 0 to 1 over `width` stops about it."""
    return ((flat.new_tensor(edges)[None, :, None] - flat[:, None, :]) / width + 0.5).clamp(0.0, 1.0)


def _below_each(flat: Tensor, middle: Tensor, stops: tuple[float, ...]) -> Tensor:
    """Share of the picture (N, K) darker than its middle (N, 1) plus so many stops."""
    edges = middle + flat.new_tensor(stops)
    return ((edges[:, :, None] - flat[:, None, :]) / 0.5 + 0.5).clamp(0.0, 1.0).mean(dim=2)


def _percentiles(cumulative: Tensor, shares: tuple[float, ...]) -> Tensor:
    """The levels (N, K) below which these shares lie, of a histogram's sums (N, E), by linear interpolation."""
    wanted = cumulative.new_tensor(shares)[None, :, None]
    before, step = cumulative[:, None, :-1], (cumulative[:, 1:] - cumulative[:, :-1])[:, None]
    passed = ((wanted - before) / step.clamp(min=1e-6)).clamp(0.0, 1.0)  # (N, K, E - 1)
    return LOWEST + STEP * passed.sum(dim=2)


def _moments(flat: Tensor) -> Tensor:
    mean = flat.mean(dim=1, keepdim=True)
    centred = flat - mean
    deviation = centred.square().mean(dim=1, keepdim=True).sqrt()
    skew = (centred / (deviation + 0.1)).pow(3).mean(dim=1, keepdim=True)
    return torch.cat([mean, deviation, skew], dim=1)


def _texture(levels: Tensor) -> Tensor:
    """Mean distance in stops (N, 4) of each pixel, or block of pixels, from its right and lower neighbour."""
    picture, found = levels[:, None], []
    for _ in range(4):
        across = (picture[..., 1:] - picture[..., :-1]).abs().mean(dim=(1, 2, 3))
        down = (picture[..., 1:, :] - picture[..., :-1, :]).abs().mean(dim=(1, 2, 3))
        found += [across + down]
        picture = functional.avg_pool2d(picture, 2)
    return torch.stack(found, dim=1)


def _colours(linear: Tensor, luminance: Tensor, windows: Tensor, cells: Tensor) -> list[Tensor]:
    """Chroma over the frame and its cells, warmth and tint by window, and a histogram of hues weighted with chroma."""
    strongest, weakest = linear.amax(dim=1), linear.amin(dim=1)
    chroma = ((strongest - weakest) / (strongest + FLOOR)).clamp(0.0, 2.0)  # (N, s, s)
    weight = luminance.clamp(min=0.0).sqrt() + 1e-4
    share = weight / weight.sum(dim=(1, 2), keepdim=True)
    mean = (chroma * share).sum(dim=(1, 2))
    even = chroma.mean(dim=(1, 2))
    vivid = [((chroma - at) / 0.1 + 0.5).clamp(0.0, 1.0).mean(dim=(1, 2)) for at in (0.15, 0.3, 0.45, 0.6, 0.8)]
    clipped = ((strongest - 0.9) / 0.08).clamp(0.0, 1.0).mean(dim=(1, 2))
    summed = (linear.flatten(2) * 1.0) @ windows.T  # (N, 3, R), light of each window
    logs = torch.log2(summed + FLOOR)
    warmth, tint = logs[:, 0] - logs[:, 2], logs[:, 1] - 0.5 * (logs[:, 0] + logs[:, 2])
    hues = _hues(linear, chroma * share)
    return [torch.stack([mean, even, *vivid, clipped], dim=1), warmth, tint, hues, chroma.flatten(1) @ cells.T]


def _hues(linear: Tensor, weight: Tensor) -> Tensor:
    """Weight (N, `HUES`) in each soft bin of hue, on the plane across grey."""
    red, green, blue = linear.flatten(2).unbind(dim=1)
    first, second = red - 0.5 * (green + blue), 0.8660254 * (green - blue)
    radius = (first.square() + second.square()).clamp(min=1e-10).sqrt()
    angles = [2.0 * math.pi * number / HUES for number in range(HUES)]
    circle = linear.new_tensor([[math.cos(angle), math.sin(angle)] for angle in angles])
    nearness = (circle @ torch.stack([first / radius, second / radius], dim=1) - 0.8).clamp(
        min=0.0
    ) / 0.2  # (N, HUES, P)
    return (nearness @ weight.flatten(1)[:, :, None])[:, :, 0]
