"""The training loop of quality models: batch, loss, step, keep; one function, read top to bottom.

It is not that of the slider network, which learns labels of fixed pictures with an augmentation and a curve of its own;
what the two have in common, they share: stages that outlive a kill, and the distances between domains. Nothing random
has a memory here: the batch, the jitter, the displays and the dropout of a step follow from the seed and the number of
the step, so a run that goes on needs the weights and the optimiser alone.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from autohdr.errors import LearningError
from autohdr.quality.display import Domain
from autohdr.quality.inputs import Inputs
from autohdr.quality.patches import Patches
from autohdr.system.progress import Progress
from autohdr_train.quality.models.answer import Answer
from autohdr_train.quality.models.saved import Network
from autohdr_train.quality.training.bank import Bank, Batch
from autohdr_train.quality.training.losses import LOSSES
from autohdr_train.quality.training.recipe import WEIGHTS, Phase
from autohdr_train.recipes.coral.alignment import Alignment
from autohdr_train.recipes.unfinished import Stage


@dataclass(frozen=True, slots=True)
class Run:
    """What all phases of a training have in common."""

    inputs: Inputs
    patches: Patches
    """The patches of a picture in training."""
    steps: int
    """How many steps all phases have together."""
    batch: int
    """Pairs of each domain in a step."""
    rate: float
    """The learning rate at the start; it falls to a hundredth, as published."""
    weight_decay: float = 0.01
    clip: float = 1.0
    """Longest gradient."""
    warm_up: float = 0.05
    """Share of a phase's steps in which the rate rises to its largest; there is none in the paper, which begins with
    weights that have learnt."""
    seed: int = 0
    device: str = "cpu"


def train(
    network: Network,
    bank: Bank,
    known: Mapping[Domain, NDArray[np.int64]],
    phase: Phase,
    run: Run,
    stage: Stage | None = None,
    *,
    keep_every: int | None = None,
) -> list[float]:
    """Trains `network` in place for one phase, and returns the loss of each step.

    On a CPU the same seed, data and number of threads give the same weights, also where a run was killed in between.

    Args:
        network: its scale says the unit of scores.
        bank: the pairs.
        known: numbers of the pairs of each domain that may be learnt from.
        phase: what is learnt.
        run: the settings.
        stage: where the run is kept, and goes on from if something is there.
        keep_every: steps between two keepings, instead of the stage's time.

    Raises:
        LearningError: a domain has no pairs, or the loss became infinite or NaN.
        FileError: the stage cannot be kept.
    """
    for domain in phase.domains:
        if len(known[domain]) < 2:
            raise LearningError(f"{len(known[domain])} pairs of {domain.upper()} to learn from; expected at least 2")
    steps = max(1, round(run.steps * phase.share))
    network.to(run.device)
    optimiser = torch.optim.AdamW(network.parameters(), lr=run.rate, weight_decay=run.weight_decay)
    align = None if phase.form is None else Alignment(phase.form, _features(network), seed=run.seed)
    losses: list[float] = []
    if stage is not None and (kept := stage.restore()) is not None:
        losses = kept["losses"]
        network.load_state_dict(kept["network"])
        optimiser.load_state_dict(kept["optimiser"])
        if align is not None:
            align.go_on(kept["align"])
    first = len(losses)
    for step in Progress(range(first, steps), initial=first, total=steps, desc="training", leave=False, disable=None):
        network.train()
        for group in optimiser.param_groups:
            group["lr"] = run.rate * phase.rate * rate_at(step, steps, run.warm_up)
        rng = np.random.default_rng([run.seed, step])
        batches = [
            bank.batch(known[domain][_drawn(len(known[domain]), step, run)], run.inputs, run.patches, rng, run.device)
            for domain in phase.domains
        ]
        with torch.random.fork_rng():
            torch.manual_seed(run.seed * 1_000_003 + step)
            loss = _loss(network, batches, phase, align)
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(network.parameters(), run.clip)
        optimiser.step()
        losses.append(loss.item())
        if not math.isfinite(losses[-1]):
            raise LearningError(f"the loss became {losses[-1]} in step {step + 1}; try a lower learning rate")
        if stage is not None and (stage.is_due if keep_every is None else (step + 1) % keep_every == 0):
            parts = {"losses": losses, "network": network.state_dict(), "optimiser": optimiser.state_dict()}
            stage.keep(parts | ({} if align is None else {"align": align.past()}))
    return losses


@torch.no_grad()
def predict(
    network: Network, bank: Bank, numbers: NDArray[np.int64], inputs: Inputs, patches: Patches, device: str = "cpu"
) -> NDArray[np.float64]:
    """Scores (M,) of pairs, each seen once on its standard display, at the same places every time."""
    network.to(device).eval()
    found = [
        network(*bank.batch(some, inputs, patches, device=device)[:3]).score.cpu().double().numpy()
        for some in np.array_split(numbers, max(1, math.ceil(len(numbers) / 32)))
        if len(some)
    ]
    return np.concatenate(found) if found else np.zeros(0)


def rate_at(step: int, steps: int, warm_up: float) -> float:
    """Share of the largest rate at a step: up in a line, then down to a hundredth by the same factor each step."""
    warm = round(warm_up * steps)
    if step < warm:
        return (step + 1) / (warm + 1)
    return float(0.01 ** ((step - warm) / max(1, steps - warm)))


def _loss(network: Network, batches: list[Batch], phase: Phase, align: Alignment | None) -> Tensor:
    answer: Answer = network(*(torch.cat(parts) for parts in zip(*(batch[:3] for batch in batches), strict=True)))
    scale = network.scale
    plain = (answer.score - scale.centre) / scale.spread  # in spreads: the same rate serves any unit of scores
    loss = plain.new_zeros(())
    for domain, batch, predicted in zip(phase.domains, batches, plain.chunk(len(batches)), strict=True):
        if domain in phase.labelled:
            loss = loss + LOSSES[phase.loss](predicted, (batch.scores - scale.centre) / scale.spread)
    if align is not None and phase.form is not None:
        seen, judged = answer.features.chunk(2)  # references and tests, each of SDR and then HDR
        (sdr, sdr_judged), (hdr, hdr_judged) = seen.chunk(2), judged.chunk(2)
        sdr_all, hdr_all = torch.cat([sdr, sdr_judged]), torch.cat([hdr, hdr_judged])
        loss = loss + WEIGHTS[phase.form] * align(sdr_all, hdr_all)
    return loss


def _features(network: Network) -> int:
    return network.sizes.width if hasattr(network.sizes, "width") else network.sizes.coarse


def _drawn(count: int, step: int, run: Run) -> NDArray[np.int64]:
    """Which of `count` pairs a step sees: every one once, in random order, then all again in another."""
    places = np.arange(step * run.batch, (step + 1) * run.batch)
    rounds = np.unique(places // count)
    orders = {turn: np.random.default_rng([run.seed, int(turn), count]).permutation(count) for turn in rounds}
    return np.array([orders[place // count][place % count] for place in places])
