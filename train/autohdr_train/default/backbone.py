"""Teaches the transformer what photographers look at: thousands of sliders at once, and the picture's content.

The class token alone is asked for the content and the tones of the developed picture, without noise; together with
the measured tones it is asked for the edits of many made-up photographers. What the tones tell already, the token need
not learn again.
"""

import copy
import math
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from autohdr.errors import LearningError
from autohdr.system.progress import Progress
from autohdr_train.recipes.optimiser import follow

BATCH = 64
RATE = 4e-4
"""The learning rate of the transformer, which has learnt before; new layers learn five times as fast."""


class Questions(nn.Module):
    """What a class token (N, D) is asked: content (N, C) alone, and edits (N, E) together with tones (N, T)."""

    def __init__(self, width: int, tones: int, content: int, edits: int) -> None:
        super().__init__()
        self.content = nn.Linear(width, content)
        self.curved = nn.Sequential(nn.Linear(width + tones, 384), nn.GELU(), nn.Linear(384, 256))
        self.linear = nn.Linear(width + tones, 256)
        self.edits = nn.Linear(256, edits)

    def forward(self, token: Tensor, tones: Tensor) -> tuple[Tensor, Tensor]:
        both = torch.cat([token, tones], dim=1)
        return self.content(token), self.edits(self.curved(both) + self.linear(both))


def teach(
    vit: nn.Module,
    pixels: NDArray[np.floating],
    tones: Tensor,
    content: Tensor,
    edits: Tensor,
    *,
    epochs: int,
    seed: int,
) -> None:
    """Train `vit` in place, to a moving average of its weights.

    Args:
        vit: a transformer whose class token has width D.
        pixels: network inputs (N, 3, S, S), an array or a memory-mapped file.
        tones: standardised tones (N, T).
        content: what the token is asked alone (N, C), standardised.
        edits: what it is asked with the tones (N, E), standardised.
        epochs: times that every photo is seen.
        seed: of the order and of the new layers.

    Raises:
        LearningError: the loss became infinite or NaN.
    """
    torch.manual_seed(seed)
    config: Any = vit.config
    questions = Questions(config.hidden_size, tones.shape[1], content.shape[1], edits.shape[1])
    both = nn.ModuleList([vit, questions])
    average = copy.deepcopy(both)
    steps = epochs * (len(pixels) // BATCH)
    rates = [RATE, 5 * RATE]
    groups = [{"params": part.parameters(), "lr": rate} for part, rate in zip(both, rates, strict=True)]
    optimiser = torch.optim.AdamW(groups, weight_decay=0.03, betas=(0.9, 0.98))
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, rates, total_steps=steps + 1, pct_start=0.1)
    order, taken = np.random.default_rng(seed), 0
    for epoch in range(epochs):
        vit.train()
        photos = order.permutation(len(pixels))
        batches = [np.sort(photos[at : at + BATCH]) for at in range(0, len(photos) - BATCH + 1, BATCH)]
        for batch in Progress(batches, desc=f"backbone {epoch + 1}/{epochs}", leave=False, disable=None):
            with torch.autocast("cpu", torch.bfloat16):
                token = vit(pixel_values=torch.from_numpy(pixels[batch].astype(np.float32))).last_hidden_state[:, 0]
            shown, edited = questions(token.float(), tones[batch])
            loss = functional.smooth_l1_loss(shown, content[batch])
            loss = loss + 2.0 * functional.smooth_l1_loss(edited, edits[batch])
            if not math.isfinite(loss.item()):
                raise LearningError(f"the loss became {loss.item()} in epoch {epoch + 1}; try a lower learning rate")
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            nn.utils.clip_grad_norm_(both.parameters(), 1.0)
            optimiser.step()
            schedule.step()
            taken += 1
            follow(average, both, taken, 0.995)
    vit.load_state_dict(average[0].state_dict())
