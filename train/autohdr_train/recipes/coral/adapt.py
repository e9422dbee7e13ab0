"""Trains a network that has learnt from SDR on PU21-encoded scene light, with the two aligned by CORAL.

Each step takes one batch of photos as an SDR display shows them and one of scene light. Loss = task(SDR) + task(HDR,
where labelled) + weight * distance between their class tokens.

A photographer's shoot is both domains at once: `adapt(network, spec, train, train, Adaptation(), steps=..., seed=...)`.
"""

import dataclasses
import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import torch
from torch import Tensor, nn

from autohdr.errors import LearningError, SettingsError
from autohdr.progress import Progress
from autohdr.sliders import to_scaled
from autohdr.spec import InputSpec
from autohdr.style.scores import mean_label
from autohdr_train.data.tensors import TensorDataset
from autohdr_train.network.model import SliderNet
from autohdr_train.recipes.coral.alignment import Alignment, Form
from autohdr_train.recipes.coral.display import Shown
from autohdr_train.recipes.loop import label_spread
from autohdr_train.recipes.loss import masked_mse
from autohdr_train.recipes.unfinished import Stage

Augment = Callable[[Tensor, Tensor, torch.Generator], tuple[Tensor, Tensor]]
"""Pixels (N, 3, S, S) and labels (N, 8) to others that are as true; it draws from the generator alone."""


@dataclass(frozen=True, slots=True)
class Adaptation:
    """The settings of learning two domains together."""

    form: Form | Literal["none"] = "coral"
    """What is aligned, as in `coral`; `none` is the control without."""
    weight: float = 10.0
    """Of the alignment beside the task losses."""
    width: int = 64
    """Dimensions that class tokens are projected to before they are compared."""
    decay: float = 0.9
    """Of the running statistics that are compared, 0 to below 1."""
    batch: int = 16
    """Photos of each domain in a step."""
    rate: float = 1e-4
    """Largest learning rate, of AdamW; it rises over a tenth of the steps, and falls along half a cosine."""
    weight_decay: float = 0.05
    """AdamW's, on weight matrices alone."""
    clip: float = 1.0
    """Largest norm of the gradient."""

    def __post_init__(self) -> None:
        if self.weight < 0:
            raise SettingsError(f"weight of the alignment is {self.weight}; expected 0 or more")
        if self.batch < 2:
            raise SettingsError(f"--batch is {self.batch}; expected at least 2, which a covariance needs")
        if self.rate <= 0:
            raise SettingsError(f"learning rate is {self.rate}; expected above 0")


@dataclass(frozen=True, slots=True)
class Step:
    """What one step found, before it changed the network."""

    step: int
    """From 1."""
    sdr: float
    """Task loss of the SDR batch."""
    hdr: float
    """Task loss of the HDR batch; 0 where it has no label."""
    aligned: float
    """The distance in the loss, without its weight; 0 for `none`."""
    coral: float
    """The published CORAL distance, whatever is aligned, for comparison."""


def adapt(
    network: SliderNet,
    spec: InputSpec,
    sdr: TensorDataset,
    hdr: TensorDataset,
    settings: Adaptation,
    *,
    steps: int,
    seed: int,
    sdr_spec: InputSpec | None = None,
    augment: Augment | None = None,
    device: str = "cpu",
    stage: Stage | None = None,
) -> list[Step]:
    """Train `network` in place on two domains.

    On a CPU the same seed, data and number of threads give the same weights, also where a run was killed in between.

    Args:
        network: its input is as `spec` says, in a PU21 encoding.
        spec: how the pixels of `hdr` were prepared.
        sdr: photos of the source domain, *not yet* as a display shows them: that is done here, after `augment`.
        hdr: photos of the target domain; NaN where they have no label. As many photos as in `sdr` are drawn in the
            same order, so that a shoot that is given as both is compared with itself.
        settings: the rest.
        steps: optimiser steps.
        seed: of order, augmentation and projection.
        sdr_spec: how the pixels of `sdr` were prepared, with embedded previews as their source, say; default: `spec`.
        augment: of both batches.
        device: where torch computes.
        stage: where the run is kept, and goes on from if something is there.

    Raises:
        SettingsError: the encoding is `srgb`.
        LearningError: a domain has no photos, or the loss became infinite or NaN.
        FileError: the stage cannot be kept.
    """
    if not (len(sdr) and len(hdr)):
        raise LearningError(f"{len(sdr)} SDR and {len(hdr)} HDR photos; adapting takes some of each")
    shown = Shown(sdr_spec or spec).to(device)
    labels = np.concatenate([sdr.labels, hdr.labels])
    centre = np.nan_to_num(to_scaled(mean_label(labels)))
    network.balance(torch.from_numpy(centre), torch.from_numpy(label_spread(labels)))
    network.to(device).train()
    measure = _alignment("coral", network, settings, seed).to(device)
    align = None if settings.form == "none" else _alignment(settings.form, network, settings, seed).to(device)
    optimiser = torch.optim.AdamW(_groups(network, settings), lr=settings.rate, betas=(0.9, 0.99), fused=True)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, settings.rate, max(2, steps), pct_start=0.1, cycle_momentum=False, final_div_factor=1e4
    )
    random = torch.Generator().manual_seed(seed)
    curve: list[Step] = []
    learning: dict[str, Any] = {"network": network, "optimiser": optimiser, "schedule": schedule}
    aligning = {"measure": measure} if align is None else {"measure": measure, "align": align}
    if stage is not None and (kept := stage.restore()) is not None:
        curve = [Step(*numbers) for numbers in kept["curve"]]
        random.set_state(kept["random"])
        for name, part in learning.items():
            part.load_state_dict(kept[name])
        for name, alignment in aligning.items():
            alignment.go_on(kept[name])
    first = len(curve)
    batches = zip(*(_endless(photos, settings.batch, seed, first) for photos in (sdr, hdr)), strict=True)
    left = range(first + 1, steps + 1)
    for step in Progress(left, initial=first, total=steps, desc="adapting", leave=False, disable=None):
        source, target = ((p, y) if augment is None else augment(p, y, random) for p, y in next(batches))
        pixels = torch.cat([shown(source[0].to(device)), target[0].to(device)])
        predicted, tokens = _forward(network, pixels)
        count = len(source[0])
        losses = [
            masked_mse(predicted[:count], source[1].to(device), network.spread),
            masked_mse(predicted[count:], target[1].to(device), network.spread),
        ]
        aligned = torch.zeros((), device=device) if align is None else align(tokens[:count], tokens[count:])
        with torch.no_grad():
            coral = measure(tokens[:count], tokens[count:])
        loss = losses[0] + losses[1] + settings.weight * aligned
        if not torch.isfinite(loss):
            raise LearningError(f"the loss became {loss.item()} in step {step}; try a lower learning rate")
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(network.parameters(), settings.clip)
        optimiser.step()
        schedule.step()
        curve.append(Step(step, losses[0].item(), losses[1].item(), aligned.item(), coral.item()))
        if stage is not None and stage.is_due:
            numbers = [dataclasses.astuple(step) for step in curve]
            states = {name: part.state_dict() for name, part in learning.items()}
            states |= {name: alignment.past() for name, alignment in aligning.items()}
            stage.keep({"curve": numbers, "random": random.get_state(), **states})
    return curve


def _alignment(form: Form, network: SliderNet, settings: Adaptation, seed: int) -> Alignment:
    return Alignment(form, network.config.hidden_size, width=settings.width, decay=settings.decay, seed=seed)


def _endless(photos: TensorDataset, count: int, seed: int, first: int) -> Iterator[tuple[Tensor, Tensor]]:
    """Batches of `count` photos without end, from number `first` on: every photo once, in random order, then all again
    in another."""
    random = torch.Generator().manual_seed(seed)
    waiting: list[int] = []
    for number in itertools.count():
        while len(waiting) < count:
            waiting += torch.randperm(len(photos), generator=random).tolist()
        if number >= first:
            yield photos.batch(np.array(waiting[:count]))
        waiting = waiting[count:]


def _forward(network: SliderNet, pixels: Tensor) -> tuple[Tensor, Tensor]:
    """Sliders (N, 8), and the class tokens (N, D) on the way to them."""
    tokens: list[Tensor] = []
    hook = network.vit.register_forward_hook(lambda _, __, output: tokens.append(output.last_hidden_state[:, 0]))
    try:
        return network(pixels), tokens[0]
    finally:
        hook.remove()


def _groups(network: nn.Module, settings: Adaptation) -> list[dict[str, object]]:
    """Matrices are decayed; biases, LayerNorm and the class token set levels, and are not."""
    matrices = [weight for weight in network.parameters() if weight.ndim == 2]
    others = [weight for weight in network.parameters() if weight.ndim != 2]
    return [{"params": matrices, "weight_decay": settings.weight_decay}, {"params": others, "weight_decay": 0.0}]
