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
from autohdr_train.network.light import Light

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
VIVID = (0.15, 0.3, 0.45, 0.6, 0.8)
"""Chroma above which the share of the frame is taken."""
_ACROSS_GREY = ((1.0, -0.5, -0.5), (0.0, 0.8660254, -0.8660254))
"""Coordinates on the plane across grey."""
_WINDOW_OF = [0] * len(FRAME) + [part for part in range(1, 7) for _ in PARTS]
"""The window whose percentile is taken, of each percentile."""


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
        # A mean as a convolution: OpenVINO pads three channels to sixteen before it pools (1.0 against 0.1 ms a photo).
        weights = linear.new_full((3, 1, self.block, self.block), 1.0 / self.block**2)
        return describe(functional.conv2d(linear, weights, stride=self.block, groups=3), self.windows, self.cells)

    @torch.no_grad()
    def standardise(self, descriptions: Tensor) -> None:
        """Let `mean` and `std` be those of descriptions (N, `SIZE`) as `describe` gives them."""
        self.mean.copy_(descriptions.mean(dim=0))
        self.std.copy_(descriptions.std(dim=0).clamp(min=1e-3))


def describe(linear: Tensor, windows: Tensor, cells: Tensor) -> Tensor:
    """The description (N, `SIZE`) of small pictures (N, 3, s, s) of linear light, over `windows` and `cells`."""
    colours = linear.flatten(2)  # (N, 3, P)
    planes = linear.new_tensor([LUMINANCE, *_ACROSS_GREY]) @ colours
    luminance = planes[:, 0]  # (N, P)
    levels = torch.log2(luminance + FLOOR)
    # Counted in pixels: sums over the frame, whose pixels then weigh 1, are exact where sums of shares drift.
    counts = _below(levels, levels.new_tensor(EDGES), STEP) @ (windows / windows[:1]).T
    percentiles = _percentiles(counts, levels.shape[1])
    middle = percentiles[:, 4:11].mean(dim=1, keepdim=True)
    strongest, weakest = colours.amax(dim=1), colours.amin(dim=1)
    chroma = ((strongest - weakest) / (strongest + FLOOR)).clamp(0.0, 2.0)  # (N, P)
    light = _root(luminance) + 1e-4
    coloured = chroma * light / light.sum(dim=1, keepdim=True)
    of_cells = torch.stack([levels, chroma], dim=1) @ cells.T  # (N, 2, cells)
    return torch.cat(
        [
            percentiles,
            middle,
            percentiles - middle,
            _shares(levels, middle),
            _moments(levels),
            _texture(levels.reshape(-1, *linear.shape[2:])),
            of_cells[:, 0] - middle,
            coloured.sum(dim=1, keepdim=True),
            chroma.mean(dim=1, keepdim=True),
            1.0 - _below(chroma, chroma.new_tensor(VIVID), 0.1).mean(dim=2),
            1.0 - _below(strongest, strongest.new_tensor([0.94]), 0.08).mean(dim=2),
            _casts(colours @ windows.T),
            _hues(planes[:, 1:], coloured),
            of_cells[:, 1],
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


def _below(numbers: Tensor, edges: Tensor, width: float) -> Tensor:
    """How far each number (N, P) lies below each edge, (E,) or (N, E): (N, E, P), from 0 to 1 over `width` about it."""
    return ((edges / width + 0.5)[..., None] - (numbers / width)[:, None]).clamp(0.0, 1.0)


def _percentiles(counts: Tensor, pixels: int) -> Tensor:
    """The levels (N, 16 + 6 * 5) below which the shares of `FRAME` and `PARTS` lie, by linear interpolation.

    Args:
        counts: pixels of each window below each edge (N, E, R), weighted to be `pixels` in all.
    """
    wanted = counts.new_tensor([share * pixels for share in FRAME + 6 * PARTS])
    window = torch.tensor(_WINDOW_OF, device=counts.device)
    before, step = counts[:, :-1], (counts[:, 1:] - counts[:, :-1]).clamp(min=1e-6 * pixels)
    passed = (wanted - before.index_select(2, window)) / step.index_select(2, window)  # (N, E - 1, K)
    return LOWEST + STEP * passed.clamp(0.0, 1.0).sum(dim=1)


def _shares(levels: Tensor, middle: Tensor) -> Tensor:
    """Shares of the picture (N, K) darker than its middle (N, 1) plus `RELATIVE` stops, then than `ABSOLUTE` levels."""
    moving = middle.new_tensor([1.0] * len(RELATIVE) + [0.0] * len(ABSOLUTE))
    edges = middle * moving + middle.new_tensor(RELATIVE + ABSOLUTE)
    return _below(levels, edges, 0.5).mean(dim=2)


def _moments(levels: Tensor) -> Tensor:
    mean = levels.mean(dim=1, keepdim=True)
    centred = levels - mean
    squared = centred * centred
    deviation = _root(squared.mean(dim=1, keepdim=True))
    skew = (squared * centred).mean(dim=1, keepdim=True) / (deviation + 0.1).pow(3)
    return torch.cat([mean, deviation, skew], dim=1)


def _texture(levels: Tensor) -> Tensor:
    """Mean distance in stops (N, 4) of each pixel, or block of pixels, from its right and lower neighbour."""
    picture, found = torch.stack([levels, levels.transpose(1, 2)], dim=1).flatten(0, 1)[:, None], []  # (2 N, 1, s, s)
    for _ in range(4):
        found.append((picture[..., 1:] - picture[..., :-1]).abs().mean(dim=(2, 3)))
        picture = functional.avg_pool2d(picture, 2)
    return torch.cat(found, dim=1).reshape(-1, 2, len(found)).sum(dim=1)


def _casts(light: Tensor) -> Tensor:
    """Warmth, then tint, of each window (N, 2 R), of its mean light (N, 3, R)."""
    casts = light.new_tensor([[1.0, 0.0, -1.0], [-0.5, 1.0, -0.5]])
    return (casts @ torch.log2(light + FLOOR)).flatten(1)


def _hues(across_grey: Tensor, weight: Tensor) -> Tensor:
    """Weight (N, P) in each soft bin of hue (N, `HUES`), of the coordinates on the plane across grey (N, 2, P)."""
    radius = _root(across_grey.square().sum(dim=1, keepdim=True)) + 1e-5
    angles = [2.0 * math.pi * number / HUES for number in range(HUES)]
    circle = weight.new_tensor([[5.0 * math.cos(angle), 5.0 * math.sin(angle)] for angle in angles])
    nearness = (circle @ (across_grey / radius) - 4.0).clamp(min=0.0)  # (N, HUES, P)
    return (nearness @ weight[:, :, None])[:, :, 0]


def _root(squares: Tensor) -> Tensor:
    """Square roots whose slope ends at 0, where that of a root does not."""
    return squares.clamp(min=1e-20).sqrt()
