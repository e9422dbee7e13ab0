"""PieAPP: convolutional features of patches, whose differences give each patch a score and a weight.

E. Prashnani, H. Cai, Y. Mostofi and P. Sen, "PieAPP: Perceptual Image-Error Assessment through Pairwise Preference",
CVPR 2018, arXiv:1806.02067.
"""

from dataclasses import dataclass
from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn import functional

from autohdr.errors import SettingsError
from autohdr_train.quality.models.answer import Answer, Scale

KEPT = (3, 5, 7, 9, 11)
"""Convolutions, from 1, whose outputs are features; the one before each of them is followed by a pooling."""
LEAST = 1e-6
"""Added to every weight, so that no picture is without any."""


@dataclass(frozen=True, slots=True)
class Sizes:
    """Sizes of a PieAPP; the defaults are the paper's."""

    widths: tuple[int, ...] = (64, 64, 64, 128, 128, 128, 256, 256, 256, 512, 512)
    """Channels of the eleven convolutions."""
    hidden: int = 512
    """Width of the hidden layer of either head."""
    side: int = 64
    """Side of a patch, pixels."""

    def __post_init__(self) -> None:
        if len(self.widths) != 11 or self.side % 32:
            raise SettingsError(
                f"{len(self.widths)} convolutions on {self.side} pixels; expected 11, and a multiple of 32"
            )

    @property
    def features(self) -> int:
        """Length of a patch's features, all scales together."""
        return sum(self.widths[number - 1] * (self.side >> scale) ** 2 for scale, number in enumerate(KEPT, start=1))

    @property
    def coarse(self) -> int:
        """Length of the features of the last convolution."""
        return self.widths[-1] * (self.side >> len(KEPT)) ** 2


PAPER = Sizes()
"""The sizes that the paper has."""
SMALL = Sizes(widths=(6, 6, 6, 12, 12, 12, 24, 24, 24, 48, 48), hidden=32)
"""Sizes for two cores and a few hundred steps."""


class PieAPP(nn.Module):
    """Patches of two pictures, aligned, to a score for each pair."""

    def __init__(self, sizes: Sizes = PAPER) -> None:
        super().__init__()
        self.sizes = sizes
        channels = (3, *sizes.widths)
        layers = [nn.Conv2d(before, after, 3, padding=1) for before, after in pairwise(channels)]
        self.convolutions = nn.ModuleList(layers)
        for convolution in layers:
            # torch's own beginning loses the picture on its way through eleven layers: their last features varied by
            # a millionth from picture to picture, and could neither weigh nor be aligned (He et al., ICCV 2015).
            nn.init.kaiming_normal_(convolution.weight, nonlinearity="relu")
            nn.init.zeros_(convolution.bias)  # type: ignore[arg-type]  # there is one
        self.scorer = nn.Sequential(nn.Linear(sizes.features, sizes.hidden), nn.ReLU(), nn.Linear(sizes.hidden, 1))
        self.weigher = nn.Sequential(
            nn.Linear(sizes.coarse, sizes.hidden), nn.ReLU(), nn.Linear(sizes.hidden, 1), nn.Sigmoid()
        )
        self.scale = Scale()

    def forward(self, reference: Tensor, test: Tensor, uv: Tensor) -> Answer:
        """
        Args:
            reference: (B, N, 3, side, side), as `autohdr.quality.inputs` and `patches` make them.
            test: the same, of the same places.
            uv: (B, N, 2), where they lie; this model does not look at it.
        """
        local, weights, coarse = self.judge(reference, test)
        weights = weights / weights.sum(dim=1, keepdim=True)
        aligned = coarse.reshape(2 * len(reference), reference.shape[1], -1).mean(dim=1)  # (2 B, C)
        return Answer((local * weights).sum(dim=1), local, weights, aligned)

    def judge(self, reference: Tensor, test: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Scores of patches (B, N), their weights (B, N), which do not sum to 1 yet, and the features of the coarsest
        scale (2 B N, C). A patch is judged without the others, so that any number of them can be put together."""
        batch, count = reference.shape[:2]
        features, coarse = self.describe(torch.cat([reference, test]).flatten(0, 1))  # (2 B N, F), (2 B N, C)
        pairs = batch * count
        seen, judged = features[:pairs], features[pairs:]  # not chunk, which bakes the batch into an export
        local = self.scale(self.scorer(seen - judged).reshape(batch, count))  # (B, N)
        seen, judged = coarse[:pairs], coarse[pairs:]
        return local, self.weigher(seen - judged).reshape(batch, count) + LEAST, coarse

    def describe(self, patches: Tensor) -> tuple[Tensor, Tensor]:
        """Features (P, F) of patches (P, 3, side, side) at five scales, and those of the coarsest alone (P, C)."""
        kept = []
        hidden = patches
        for number, convolution in enumerate(self.convolutions, start=1):
            if number in KEPT:
                hidden = functional.max_pool2d(hidden, 2)
            hidden = functional.relu(convolution(hidden))
            if number in KEPT:
                kept.append(hidden.flatten(1))
        return torch.cat(kept, dim=1), kept[-1]
