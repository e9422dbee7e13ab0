"""How the model that comes with autohdr is trained.

It learns from photos of real radiance images and of procedural scenes, taken by simulation (`autohdr_scenes`) and
edited by photographers who are made up at random, thousands of them, in three steps:

1. `backbone`: the transformer learns what pictures show and what photographers look at.
2. `episodes`: features are learnt on which a new photographer's style can be told from a few edits.
3. the head is solved for, from edits by one documented rule (`scenes.rule`), as it would be for anyone.

Whole places are held out, and it is scored on photos of those.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from autohdr.cli.commands import Command
from autohdr.files.folders import cache_folder, make_folder, writable
from autohdr.sliders import LIMITS, SLIDERS, to_scaled
from autohdr.spec import InputSpec
from autohdr.style.scores import SliderScore, mean_label, score, table
from autohdr.system.progress import Progress
from autohdr_scenes.rule import NOISE, label
from autohdr_train.data.bank import Bank, Part, open_bank
from autohdr_train.data.tensors import TensorDataset
from autohdr_train.default.backbone import teach
from autohdr_train.default.content import content
from autohdr_train.default.episodes import learn_style
from autohdr_train.default.made_up import MadeUp
from autohdr_train.network.checkpoint import Checkpoint
from autohdr_train.network.evaluate import predict
from autohdr_train.network.model import SIZES, SliderNet, scratch
from autohdr_train.network.reload import leave
from autohdr_train.network.start import begin, describe_start
from autohdr_train.network.tones import SIDE, cells, describe, windows
from autohdr_train.shoot import refuse_taken

SPEC = InputSpec(encoding="pu21-pmax", mean=(0.26, 0.26, 0.26), std=(0.12, 0.12, 0.12))
"""PU21 is close to logarithmic above a few cd/m2, so that a stop of Exposure is about as large a step wherever it
begins, and it tells light beyond saturation apart, where `srgb` ends. Mean and std are about those of simulated photos.
"""
PROCEDURAL = 0.25
"""Share of the training photos that show procedural scenes; the rest show radiance images."""
TEACHERS = 160
"""Made-up photographers whose edits the transformer learns."""
SEED = 0


@dataclass(frozen=True)
class Plan:
    """How much of everything."""

    photos: int = 7000
    held_out: int = 1200
    epochs: int = 3
    """Of the transformer."""
    episodes: int = 9000


@dataclass(frozen=True, slots=True, eq=False)
class Pictures:
    """What the photos of a bank show when they are developed without noise."""

    tones: Tensor
    """(N, T), not standardised."""
    content: Tensor
    """(N, C)."""
    rule: NDArray[np.float32]
    """(N, 8), the documented rule's edits, scaled to [-1, 1]."""


def train_default(radiance: Path, out: Path, plan: Plan, *, start: str = "tiny", cache: Path) -> list[SliderScore]:
    """Simulate, train, and leave a checkpoint in `out`; returns its scores on photos of held-out places.

    Args:
        radiance: folder of OpenEXR radiance images, of two places or more.
        out: a folder without a checkpoint; made if it is missing.
        plan: how much of everything.
        start: a size to begin with random weights, `default`, or a checkpoint with the same input.
        cache: folder for the simulated photos, 0.36 MB each.

    Raises:
        SettingsError: the folder holds no radiance images, or `out` already holds a checkpoint.
        ModelError: `start` cannot be loaded.
        LearningError: all images show one place, or learning diverged.
    """
    refuse_taken(out)
    bank = open_bank(radiance, cache, SPEC, train=plan.photos, held_out=plan.held_out, procedural=PROCEDURAL)
    make_folder(out, "--out")
    seen = _look(bank.train)
    network = _begin(start, bank)
    assert network.tones is not None
    assert network.features is not None
    assert network.style is not None
    tones = _each(bank.train, network.tones)
    _teach(network, bank, seen, tones, plan.epochs)
    tokens = _each(bank.train, network.token)
    network.features.standardise(tokens)
    made_up = MadeUp(seen.tones.numpy(), seen.content.numpy())
    learn_style(network.features, network.style, tokens, tones, made_up, steps=plan.episodes, seed=SEED)
    with torch.no_grad():
        solve(network, network.features(tokens, tones), torch.from_numpy(seen.rule))
    return finish(network, bank, seen.rule, _look(bank.held_out).rule, plan, start, out)


@torch.no_grad()
def solve(network: SliderNet, seen: Tensor, labels: Tensor) -> None:
    """The linear layer of least squares, from features (N, F) and labels (N, 8), scaled, of very many photos."""
    inputs = torch.cat([seen, torch.ones(len(seen), 1)], dim=1).double()
    normal = inputs.T @ inputs + 0.5 * torch.eye(inputs.shape[1])
    found = torch.linalg.solve(normal, inputs.T @ labels.double()).float()
    network.classifier.weight.copy_(found[:-1].T)
    network.classifier.bias.copy_(found[-1])


def finish(
    network: SliderNet,
    bank: Bank,
    learnt: NDArray[np.float32],
    unseen: NDArray[np.float32],
    plan: Plan,
    start: str,
    out: Path,
) -> list[SliderScore]:
    """Score the network and leave it in `out`.

    Args:
        network: trained.
        bank: the photos.
        learnt: the rule's edits (N, 8) of the photos learnt from, scaled to [-1, 1].
        unseen: the same of the held-out photos, without noise.
        plan: how much of everything there was.
        start: where it began.
        out: a folder without a checkpoint.
    """
    noise = NOISE * np.random.default_rng(SEED).standard_normal(unseen.shape)
    labels = to_scaled(unseen * LIMITS + noise).astype(np.float32)
    photos = TensorDataset(bank.held_out.pixels, labels, bank.held_out.groups, np.full(len(labels), np.nan))
    scores = score(predict(network, photos), labels, mean_label(learnt))
    facts = _facts(bank, plan, start, labels) | {"scores": scores}
    leave(out, Checkpoint(network, SPEC, "autohdr-default", facts), photos)
    return scores


def _begin(start: str, bank: Bank) -> SliderNet:
    """The network before the first step: its features have learnt nothing, this bank's tones are the ordinary ones."""
    network = (
        scratch(start, SPEC, "linear", seed=SEED) if start in SIZES else begin(start, None, None, "linear", SEED)[0]
    )
    torch.manual_seed(SEED)
    network.describe_tones(SPEC, learnt=True)
    tones = network.tones
    assert tones is not None
    tones.standardise(_each(bank.train, lambda pixels: tones.describe(tones.light(pixels))))
    return network


def _look(part: Part) -> Pictures:
    """Everything about a part's developed pictures, in the order of its photos."""
    window, cell = windows(SIDE), cells(SIDE)
    tones, contents, edits = [], [], []
    for index in Progress(range(len(part)), desc="looking", unit="photo", disable=None):
        picture = part.picture(index)
        small = functional.interpolate(torch.from_numpy(picture).permute(2, 0, 1)[None], (SIDE, SIDE), mode="area")
        tones.append(describe(small, window, cell))
        contents.append(content(small))
        edits.append(to_scaled(label(picture)))
    return Pictures(torch.cat(tones), torch.cat(contents), np.array(edits, dtype=np.float32))


def _teach(network: SliderNet, bank: Bank, seen: Pictures, tones: Tensor, epochs: int) -> None:
    """The first step: the transformer."""
    made_up, random = MadeUp(seen.tones.numpy(), seen.content.numpy()), np.random.default_rng(5)
    drawn = [made_up.photographer(random) for _ in range(TEACHERS)]
    edits = np.concatenate([edit.values[:, edit.uses] for edit in drawn], axis=1)
    asked = torch.cat([seen.content, seen.tones], dim=1)
    teach(
        network.vit,
        bank.train.pixels,
        tones,
        _standard(asked),
        _standard(torch.from_numpy(edits.astype(np.float32))),
        epochs=epochs,
        seed=SEED,
    )


def _each(part: Part, ask: Callable[[Tensor], Tensor], batch: int = 32) -> Tensor:
    """What `ask` answers to a part's network inputs, (N, ...)."""
    answers = []
    with torch.inference_mode():
        for at in Progress(range(0, len(part), batch), desc="asking", unit="batch", leave=False, disable=None):
            answers.append(ask(torch.from_numpy(part.pixels[at : at + batch].astype(np.float32))).float())
    return torch.cat(answers).clone()


def _standard(numbers: Tensor) -> Tensor:
    """Columns about 0 and 1 apart, within 4."""
    return ((numbers - numbers.mean(dim=0)) / numbers.std(dim=0).clamp(min=1e-3)).clamp(-4.0, 4.0)


def _facts(bank: Bank, plan: Plan, start: str, labels: NDArray[np.float32]) -> dict[str, Any]:
    """The lines of the card: what it learnt from, what noise in the labels (N, 8) allows, and how to do it again."""
    noise = ", ".join(f"{slider.name} {sigma:g}" for slider, sigma in zip(SLIDERS, NOISE, strict=True))
    best = 1.0 - NOISE**2 / (labels * LIMITS).var(axis=0)
    ceiling = ", ".join(f"{slider.name} {r2:.2f}" for slider, r2 in zip(SLIDERS, best, strict=True))
    return {
        "data": f"simulated photos, {1 - PROCEDURAL:.0%} of real radiance images and {PROCEDURAL:.0%} of procedural "
        "scenes; features from thousands of made-up photographers, the head from a rule of scene statistics; no real "
        "photographer's edits",
        "start": describe_start(start),
        "recipe": {"name": "default", "seed": SEED, "epochs": plan.epochs, "episodes": plan.episodes},
        "photos": {"train": len(bank.train), "held_out": len(bank.held_out)},
        "groups": {"train": len(set(bank.train.groups)), "held_out": len(set(bank.held_out.groups))},
        "notes": [
            "Radiance images held out: " + ", ".join(sorted(set(bank.held_out.groups))),
            f"The labels hold noise that no model can predict, of standard deviation: {noise}",
            f"So R2 on the held-out photos can be at most: {ceiling}",
            "Its own sliders are one rule's idea of an HDR edit; it is made to be taught a photographer's",
            "To train it again: `python -m autohdr_train.default --radiance FOLDER --out DIR`, then export DIR",
        ],
    }


@click.command(cls=Command)
@click.option("--radiance", required=True, type=click.Path(path_type=Path), help="Folder of .exr radiance images.")
@click.option("--out", required=True, type=click.Path(path_type=Path), help="A new folder for the trained model.")
@click.option("--start", default="tiny", show_default=True, help="Random weights in a size, or a model to go on from.")
@click.option("--photos", type=click.IntRange(100), default=Plan.photos, show_default=True, help="To learn from.")
@click.option("--held-out", type=click.IntRange(1), default=Plan.held_out, show_default=True, help="Photos to score.")
@click.option("--epochs", type=click.IntRange(1), default=Plan.epochs, show_default=True, help="Of the transformer.")
@click.option("--episodes", type=click.IntRange(1), default=Plan.episodes, show_default=True, help="Of the features.")
@click.option(
    "--cache",
    type=click.Path(path_type=Path),
    help="Folder for simulated photos.  [default: in the user's cache folder]",
)
def main(
    radiance: Path, out: Path, start: str, photos: int, held_out: int, epochs: int, episodes: int, cache: Path | None
) -> None:
    """Train the model that comes with autohdr, on photos simulated from radiance images.

    \b
    Example: python -m autohdr_train.default --radiance hdris --out default-model
    """
    plan = Plan(photos, held_out, epochs, episodes)
    scores = train_default(radiance, out, plan, start=start, cache=cache or writable(cache_folder() / "banks"))
    click.echo(table(scores))
    click.echo(f"Wrote {out}: the model, and its card README.md. Next: autohdr export {out}")
