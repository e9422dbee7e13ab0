"""VTAMIQ: two pictures seen by one Vision Transformer, and the difference of their class tokens judged.

A. Chubarau and J. Clark, "VTAMIQ: Transformers for Attention Modulated Image Quality Assessment", 2021,
arXiv:2110.01655, as used by A. Chubarau et al. for HDR, 2024, arXiv:2405.00670. The transformer is Hugging Face's, so
that its weights can be had; its patches lie anywhere, and each is told the cell of a coarse grid that it lies in.
"""

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional
from transformers import ViTConfig

from autohdr.errors import SettingsError
from autohdr_train.network.model import from_config, pretrained
from autohdr_train.quality.models.answer import Answer, Scale


@dataclass(frozen=True, slots=True)
class Sizes:
    """Sizes of a VTAMIQ; the defaults are the paper's."""

    width: int = 768
    """The width of a token."""
    heads: int = 12
    """How many heads the attention has."""
    mlp: int = 3072
    """Width of the hidden layer of each block."""
    layers: int = 6
    """Blocks of the transformer."""
    registers: int = 8
    """Tokens beside the class token that stand for no patch and have no place."""
    table: int = 24
    """Cells of the grid of positions, each way."""
    side: int = 16
    """Side of a patch, pixels."""
    groups: int = 4
    """Residual groups that judge the difference."""
    blocks: int = 4
    """Channel attention blocks in each group."""
    squeeze: int = 16
    """How many times narrower channel attention is than a token."""
    drop_path: float = 0.1
    """Share of pictures for which a residual group is left out, in training."""
    dropout: float = 0.1
    """Share of features that the last layers do without, in training."""

    def __post_init__(self) -> None:
        if self.width % self.heads or self.width % self.squeeze or self.width % 4:
            raise SettingsError(f"width is {self.width}; expected a multiple of 4, {self.heads} and {self.squeeze}")


PAPER = Sizes()
"""The sizes that the paper has: a ViT-B/16's first six blocks."""
SMALL = Sizes(width=128, heads=4, mlp=256, layers=3, registers=4, table=8, groups=2, blocks=2)
"""Sizes for two cores and a few hundred steps."""


class VTAMIQ(nn.Module):
    """Patches of two pictures, aligned, to a score for each pair."""

    def __init__(self, sizes: Sizes = PAPER, vit: nn.Module | None = None) -> None:
        """
        Args:
            sizes: as the names say.
            vit: a transformer of that width to begin with, changed in place; None has random weights.
        """
        super().__init__()
        self.sizes = sizes
        self.vit: Any = from_config(_config(sizes)) if vit is None else _fitted(vit, sizes)
        self.registers = nn.Parameter(torch.zeros(1, sizes.registers, sizes.width))
        nn.init.trunc_normal_(self.registers, std=0.02)
        self.difference = nn.Parameter(torch.ones(sizes.width))  # LayerScale
        self.modulation = nn.Sequential(
            *[Group(sizes) for _ in range(sizes.groups)], nn.Linear(sizes.width, sizes.width)
        )
        self.regression = nn.Sequential(
            nn.Dropout(sizes.dropout),
            nn.Linear(sizes.width, sizes.width // 4),
            nn.PReLU(),
            nn.Dropout(sizes.dropout),
            nn.Linear(sizes.width // 4, 1),
        )
        self.scale = Scale()

    def forward(self, reference: Tensor, test: Tensor, uv: Tensor) -> Answer:
        """
        Args:
            reference: (B, N, 3, side, side), as `autohdr.quality.inputs` and `patches` make them.
            test: the same, of the same places.
            uv: (B, N, 2), where they lie, across and down, 0 to below 1.
        """
        tokens = self.tokens(torch.cat([reference, test]), torch.cat([uv, uv]))  # (2 B, D)
        batch, count = reference.shape[:2]  # neither len nor chunk, which bake the batch into an export
        seen, judged = tokens[:batch], tokens[batch:]
        difference = self.modulation(self.difference * (seen - judged))  # (B, D)
        score = self.scale(self.regression(difference).squeeze(1))  # (B,)
        weights = torch.full_like(uv[..., 0], 1.0 / count)
        return Answer(score, score[:, None].expand(-1, count), weights, tokens)

    def tokens(self, patches: Tensor, uv: Tensor) -> Tensor:
        """The class token (B, D) of each picture, after the last LayerNorm."""
        embeddings = self.vit.embeddings
        batch, width = patches.shape[0], self.sizes.width
        projection = embeddings.patch_embeddings.projection  # a convolution over one patch is a product of matrices
        embedded = functional.linear(patches.flatten(2), projection.weight.flatten(1), projection.bias)  # (B, N, D)
        table = self.sizes.table
        cell = (uv * table).long().clamp(0, table - 1)  # (B, N, 2)
        own, places = embeddings.position_embeddings[0, :1], embeddings.position_embeddings[0, 1:]
        embedded = embedded + places[cell[..., 1] * table + cell[..., 0]]
        first = torch.cat([embeddings.cls_token + own, self.registers], dim=1).expand(batch, -1, width)
        hidden = torch.cat([first, embedded], dim=1)  # (B, 1 + R + N, D)
        for layer in self.vit.layers:
            hidden = layer(hidden)
        tokens: Tensor = self.vit.layernorm(hidden[:, 0])
        return tokens


class Group(nn.Module):
    """Channel attention blocks and a layer, added to what comes in."""

    def __init__(self, sizes: Sizes) -> None:
        super().__init__()
        blocks = [Block(sizes) for _ in range(sizes.blocks)]
        self.body = nn.Sequential(*blocks, nn.Linear(sizes.width, sizes.width))
        self.drop_path = sizes.drop_path

    def forward(self, features: Tensor) -> Tensor:
        judged: Tensor = self.body(features)
        if self.training and self.drop_path:
            kept = 1.0 - self.drop_path
            judged = judged * torch.bernoulli(torch.full_like(judged[:, :1], kept)) / kept
        return features + judged


class Block(nn.Module):
    """Residual channel attention: features weighted by what the others are (Y. Zhang et al., RCAN, ECCV 2018).

    A convolution over a vector is a linear layer, which is what stands here for the published 1 x 1 ones.
    """

    def __init__(self, sizes: Sizes) -> None:
        super().__init__()
        narrow = sizes.width // sizes.squeeze
        self.body = nn.Sequential(nn.PReLU(), nn.Linear(sizes.width, sizes.width))
        self.attention = nn.Sequential(
            nn.Linear(sizes.width, narrow), nn.ReLU(), nn.Linear(narrow, sizes.width), nn.Sigmoid()
        )

    def forward(self, features: Tensor) -> Tensor:
        changed: Tensor = self.body(features)
        return features + changed * self.attention(changed)


def from_hub(source: str, sizes: Sizes = PAPER) -> VTAMIQ:
    """A VTAMIQ whose transformer begins with the weights of a ViT, by hub id or folder, like
    `google/vit-base-patch16-224`; its other layers are random.

    Raises:
        ModelError: it cannot be had.
        SettingsError: it has other sizes.
    """
    network, _ = pretrained(source, None, "linear", seed=0)
    return VTAMIQ(sizes, network.vit)


def _config(sizes: Sizes) -> ViTConfig:
    return ViTConfig(
        hidden_size=sizes.width,
        num_attention_heads=sizes.heads,
        intermediate_size=sizes.mlp,
        num_hidden_layers=sizes.layers,
        image_size=sizes.table * sizes.side,
        patch_size=sizes.side,
        hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0,
    )


@torch.no_grad()
def _fitted(vit: Any, sizes: Sizes) -> Any:
    """The transformer with its first layers and its table of positions resampled to the sizes' grid."""
    config = vit.config
    found = (config.hidden_size, config.num_attention_heads, config.intermediate_size, config.patch_size)
    wanted = (sizes.width, sizes.heads, sizes.mlp, sizes.side)
    if found != wanted or config.num_hidden_layers < sizes.layers:
        names = "width, heads, MLP and patch"
        raise SettingsError(
            f"the transformer has {names} {found}; expected {wanted}, and {sizes.layers} layers or more"
        )
    vit.layers = vit.layers[: sizes.layers]
    table = vit.embeddings.position_embeddings
    own, places = table[:, :1], table[:, 1:]
    side = round(places.shape[1] ** 0.5)
    grid = places.reshape(1, side, side, sizes.width).permute(0, 3, 1, 2)  # (1, D, S, S)
    grid = functional.interpolate(grid, size=(sizes.table, sizes.table), mode="bicubic", align_corners=False)
    vit.embeddings.position_embeddings = nn.Parameter(torch.cat([own, grid.flatten(2).transpose(1, 2)], dim=1))
    changed = {"num_hidden_layers": sizes.layers, "image_size": sizes.table * sizes.side}
    for name, value in changed.items():
        setattr(config, name, value)
    return vit
