"""Learns what photographers' styles have in common: features on which a few edits are enough.

Every step is an episode: some photos are edited by some made-up photographers, the closed-form expectation of `Style`
is asked how they would edit other photos, and its error is followed back into the features and the style's sizes. So
the features are trained for exactly what a style does with them (as in L. Bertinetto et al., "Meta-learning with
differentiable closed-form solvers", ICLR 2019, and M. Patacchiola et al., "Bayesian meta-learning for the few-shot
setting via deep kernels", NeurIPS 2020).
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor, nn

from autohdr.sliders import LIMITS
from autohdr.system.progress import Progress
from autohdr_train.default.made_up import MadeUp
from autohdr_train.network.features import Features
from autohdr_train.network.style import UNITS, Style

EDITS = (5, 10, 20, 20, 40, 80)
"""Photos that are edited in an episode, each number as likely as it stands here."""
ASKED = 96
"""Photos that are asked about in an episode."""
TOGETHER = 48
"""Photographers who edit the same photos in an episode."""
POOL = 300
"""Photographers made up at a time, and used for `KEPT` steps."""
KEPT = 400
RATE = 3e-3


class Pool(NamedTuple):
    """Photographers' edits, in `UNITS`."""

    values: Tensor
    """(P, N, 8), as photographers mean them."""
    labels: Tensor
    """(P, N, 8), as they are set."""
    uses: Tensor
    """(P, 8), 0 or 1."""


def learn_style(
    features: Features, style: Style, tokens: Tensor, tones: Tensor, photographers: MadeUp, *, steps: int, seed: int
) -> None:
    """Train `features` and `style` in place, over ever new photographers of the same N photos.

    Args:
        features: with a learnt map.
        style: of its features.
        tokens: class tokens (N, D).
        tones: standardised tones (N, T).
        photographers: of these photos, in this order.
        steps: episodes.
        seed: of photographers and photos.
    """
    random = np.random.default_rng((seed, 0))
    weights = [*features.parameters(), *style.parameters()]
    optimiser = torch.optim.AdamW(weights, RATE, weight_decay=1e-3)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, RATE, total_steps=steps, pct_start=0.1)
    pools = _pools(photographers, seed)
    for step in Progress(range(steps), desc="photographers", unit="episode", disable=None):
        if step % KEPT == 0:
            pool = next(pools)
        edited = int(random.choice(EDITS))
        photos = torch.from_numpy(random.choice(len(tokens), edited + ASKED, replace=False))
        who = torch.from_numpy(random.choice(POOL, TOGETHER, replace=False))
        true, labels = pool.values[who][:, photos], pool.labels[who][:, photos[:edited]]
        seen = features(tokens[photos], tones[photos])[:, : features.learnt]
        mean, variance = style.expect(seen[:edited], labels, seen[edited:])
        loss = _loss(mean, variance, true, edited, pool.uses[who])
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(weights, 1.0)
        optimiser.step()
        schedule.step()


def make_pool(photographers: MadeUp, seed: tuple[int, ...], count: int = POOL) -> Pool:
    """Makes up that many photographers, the same for the same seed."""
    random = np.random.default_rng(seed)
    drawn = [photographers.photographer(random) for _ in range(count)]
    values, labels, uses = (
        torch.from_numpy(np.stack([np.asarray(edits[part], dtype=np.float32) for edits in drawn])) for part in range(3)
    )
    units = UNITS * torch.from_numpy(LIMITS).float()
    return Pool(values / units, labels / units, uses)


def _pools(photographers: MadeUp, seed: int) -> Iterator[Pool]:
    number = 0
    while True:
        number += 1
        yield make_pool(photographers, (seed, 1, number))


def _loss(mean: Tensor, variance: Tensor, true: Tensor, edited: int, uses: Tensor) -> Tensor:
    """Squared error in each photographer's own spread, and a little of the likelihood, so that variances are learnt."""
    error = mean - true[:, edited:]
    spread = true.std(dim=1).clamp(min=0.15)[:, None]
    likelihood = 0.5 * error.square() / variance[None] + 0.5 * variance.log()[None]
    return (((error / spread).square() + 0.3 * likelihood) * uses[:, None]).mean()
