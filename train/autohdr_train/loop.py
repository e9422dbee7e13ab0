"""The training loop: data, loss, step, log, evaluate, save; one function, read top to bottom."""

import copy
import json
import math
import time
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn
from torch.utils.data import DataLoader
from tqdm import tqdm

from autohdr.sliders import to_scaled
from autohdr.spec import InputSpec
from autohdr_train.checkpoint import Checkpoint, save
from autohdr_train.data.augmented import AugmentedDataset, turn
from autohdr_train.data.tensors import TensorDataset
from autohdr_train.errors import TrainingError
from autohdr_train.evaluate import SliderScore, mean_label, predict, score
from autohdr_train.loss import masked_mse
from autohdr_train.model import SliderNet
from autohdr_train.recipes import Recipe


def fit(
    network: SliderNet,
    spec: InputSpec,
    train: TensorDataset,
    held_out: TensorDataset,
    recipe: Recipe,
    out: Path,
    *,
    name: str,
    facts: dict[str, Any],
    device: str = "cpu",
) -> list[SliderScore]:
    """Train `network` in place and return its scores on the held-out photos after the last epoch.

    Each epoch adds a line to `out/log.jsonl` and replaces the checkpoint in `out`, an existing folder without one. On
    a CPU the same seed, data and number of threads give the same weights.

    Args:
        network: its input is as `spec` says.
        spec: how the pixels of both datasets were prepared.
        train: what is learnt from; the mean of its labels is the baseline.
        held_out: what is scored. It decides nothing.
        recipe: the settings.
        out: where the checkpoint goes.
        name: of the model, for its card.
        facts: plain JSON about the data, for its card.
        device: where torch computes.

    Raises:
        TrainingError: the loss became infinite or NaN.
    """
    baseline = mean_label(train.labels)
    if recipe.balanced:
        network.balance(torch.from_numpy(np.nan_to_num(to_scaled(baseline))), torch.from_numpy(_spread(train.labels)))
    network.to(device)
    augmented = AugmentedDataset(train, [turn] if recipe.turns else [], seed=recipe.seed)
    order = torch.Generator().manual_seed(recipe.seed)
    loader = DataLoader(augmented, recipe.batch, shuffle=True, generator=order)
    steps = len(loader) * recipe.epochs
    optimiser = _optimiser(network, recipe)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda step: _rate(step, steps, recipe))
    scored = network if recipe.average is None else copy.deepcopy(network)
    scores: list[SliderScore] = []
    taken = 0
    for epoch in range(1, recipe.epochs + 1):
        began = time.perf_counter()
        augmented.epoch = epoch
        network.train()
        losses = []
        for pixels, labels in tqdm(loader, desc=f"epoch {epoch}/{recipe.epochs}", leave=False, disable=None):
            with torch.autocast(torch.device(device).type, torch.bfloat16, enabled=recipe.bf16):
                predicted = network(pixels.to(device))
            loss = masked_mse(predicted.float(), labels.to(device), network.spread)
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            if recipe.clip is not None:
                nn.utils.clip_grad_norm_(network.parameters(), recipe.clip)
            optimiser.step()
            schedule.step()
            taken += 1
            if recipe.average is not None:
                _follow(scored, network, min(recipe.average, (1 + taken) / (10 + taken)))
            losses.append(loss.item())
            if not math.isfinite(losses[-1]):
                raise TrainingError(f"the loss became {losses[-1]} in epoch {epoch}; try a lower learning rate")
        scores = score(predict(scored, held_out), held_out.labels, baseline)
        _log(out, epoch, recipe, float(np.mean(losses)), scores, time.perf_counter() - began)
        trained_on = facts | {"recipe": recipe, "epochs_done": epoch, "scores": scores}
        save(out, Checkpoint(scored, spec, name, trained_on))
    return scores


def _optimiser(network: nn.Module, recipe: Recipe) -> torch.optim.Optimizer:
    if recipe.optimiser == "adam":
        return torch.optim.Adam(network.parameters(), lr=recipe.rate)
    # Biases, LayerNorm and the class token are not decayed: they set levels, and pulling levels to 0 is no prior.
    matrices = [weight for weight in network.parameters() if weight.ndim == 2]
    others = [weight for weight in network.parameters() if weight.ndim != 2]
    groups = [{"params": matrices, "weight_decay": recipe.weight_decay}, {"params": others, "weight_decay": 0.0}]
    return torch.optim.AdamW(groups, lr=recipe.rate, betas=(0.9, 0.99))


def _spread(labels: NDArray[np.float32]) -> NDArray[np.float32]:
    """Standard deviation (8,) of each slider's labels (N, 8), scaled; at least a hundredth of the slider's range."""
    known = np.isfinite(labels)
    deviations = [labels[known[:, column], column].std() if known[:, column].any() else 0.0 for column in range(8)]
    return np.maximum(np.array(deviations, dtype=np.float32), 0.01)


def _rate(step: int, steps: int, recipe: Recipe) -> float:
    """Share of the largest rate at a step, 0 to 1."""
    warm = round(recipe.warm_up * steps)
    if step < warm:
        return (step + 1) / warm
    return 0.5 + 0.5 * math.cos(math.pi * (step - warm) / max(1, steps - warm)) if recipe.cosine else 1.0


@torch.no_grad()
def _follow(average: nn.Module, network: nn.Module, decay: float) -> None:
    """Move the average towards the network's weights. The caller lets `decay` rise, so that the start is forgotten."""
    for mean, weight in zip(average.parameters(), network.parameters(), strict=True):
        mean.lerp_(weight, 1.0 - decay)


def _log(out: Path, epoch: int, recipe: Recipe, loss: float, scores: list[SliderScore], seconds: float) -> None:
    r2 = {row.key: None if math.isnan(row.r2) else round(row.r2, 4) for row in scores}
    mean = np.mean([value for value in r2.values() if value is not None]) if any(r2.values()) else math.nan
    tqdm.write(f"epoch {epoch}/{recipe.epochs}  loss {loss:.5f}  held-out R2 {mean:.3f}  {seconds:.0f} s")
    line = {"epoch": epoch, "loss": loss, "seconds": round(seconds, 1), "r2": r2}
    with (out / "log.jsonl").open("a", encoding="utf-8") as file:
        file.write(json.dumps(line) + "\n")
