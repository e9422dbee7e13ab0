"""How the model that comes with autohdr is trained.

It learns from photos of real radiance images and of procedural scenes, taken by simulation (`autohdr_scenes`) and
edited by photographers who are made up at random, thousands of them, in three steps:

1. `backbone`: the transformer learns what pictures show and what photographers look at.
2. `episodes`: features are learnt on which a new photographer's style can be told from a few edits.
3. `own`: its own sliders are solved for, from finished photographs that were taken back to a RAW and exposed
   otherwise.

Whole sources of photographs are held out, and it is scored on those. The third step can be taken alone: features, and
so styles, then stay as they are.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import click
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from autohdr.cli.commands import Command
from autohdr.errors import SettingsError
from autohdr.files.folders import cache_folder, make_folder, writable
from autohdr.files.whole import write_atomically
from autohdr.spec import InputSpec
from autohdr.style.confidence.scores import SliderScore, table
from autohdr.style.description import automatic
from autohdr.system.progress import Progress
from autohdr_train.data.bank import Bank, Part, open_bank
from autohdr_train.data.photographs import apart, read_photographs
from autohdr_train.default.backbone import teach
from autohdr_train.default.content import content
from autohdr_train.default.credits import NAME as CREDITS
from autohdr_train.default.credits import credits_of
from autohdr_train.default.episodes import learn_style
from autohdr_train.default.made_up import MadeUp
from autohdr_train.default.own import probe, score_own, teach_own
from autohdr_train.default.told import SEED, Plan, told
from autohdr_train.network.checkpoint import Checkpoint
from autohdr_train.network.model import SIZES, SliderNet, scratch
from autohdr_train.network.reload import leave
from autohdr_train.network.start import DEFAULT, begin
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


@dataclass(frozen=True, slots=True, eq=False)
class Pictures:
    """What the photos of a bank show when they are developed without noise."""

    tones: Tensor
    """(N, T), not standardised."""
    content: Tensor
    """(N, C)."""
    auto: NDArray[np.float64]
    """Auto's sliders (N, 8), in Lightroom's units."""


def train_default(
    photographs: Path, out: Path, plan: Plan, *, radiance: Path | None, start: str = "tiny", cache: Path
) -> list[SliderScore]:
    """Simulate, train, and leave a checkpoint in `out`, with the credits; returns its scores on held-out photographs.

    Args:
        photographs: folder of finished photographs of two sources or more, with their `sources.csv`.
        out: a folder without a checkpoint; made if it is missing.
        plan: how much of everything.
        radiance: folder of OpenEXR radiance images, of two places or more; None keeps the features of `start`.
        start: a size to begin with random weights, `default`, or a checkpoint with the same input.
        cache: folder for the simulated photos, 0.36 MB each, and for the photographs' scenes, 0.8 MB each.

    Raises:
        SettingsError: a folder holds no images, or `out` already holds a checkpoint, or `start` has no features.
        ModelError: `start` cannot be loaded.
        LearningError: all images show one place, or learning diverged.
    """
    refuse_taken(out)
    learnt, unseen = apart(read_photographs(photographs))
    bank = None
    if radiance is not None:
        bank = open_bank(radiance, cache, SPEC, train=plan.photos, held_out=plan.held_out, procedural=PROCEDURAL)
    scenes = cache / "scenes"
    make_folder(scenes, "--cache")
    make_folder(out, "--out")
    if bank is None:
        network, spec = begin(start, None, None, "linear", SEED)
    else:
        network, spec = learn_features(bank, plan, start), SPEC
    if network.features is None:
        raise SettingsError(f"--start {start} has no features to keep; name --radiance as well, to learn some")
    examples = teach_own(network, spec, learnt, scenes)
    scores = score_own(network, spec, unseen, examples, scenes)
    facts = told(plan, bank, start, learnt, unseen, scores)
    leave(out, Checkpoint(network, spec, "autohdr-default", facts), probe(unseen, spec, scenes))
    write_atomically(out / CREDITS, credits_of(learnt))
    return scores


def learn_features(bank: Bank, plan: Plan, start: str) -> SliderNet:
    """Returns a network that has learnt to see: the first two steps; without epochs the second alone, from where
    `start` is.

    Raises:
        SettingsError: there are no epochs, and `start` has learnt no features to go on from.
    """
    if not plan.epochs and start in SIZES:
        raise SettingsError(f"--start {start} has learnt no features to go on from; name --epochs of 1 or more")
    seen = _look(bank.train)
    network = _begin(start, bank) if plan.epochs else begin(start, None, None, "linear", SEED)[0]
    assert network.tones is not None
    assert network.features is not None
    assert network.style is not None
    tones = _each(bank.train, network.tones)
    if plan.epochs:
        _teach(network, bank, seen, tones, plan.epochs)
    tokens = _each(bank.train, network.token)
    if plan.epochs:
        network.features.standardise(tokens)
    made_up = MadeUp(seen.tones.numpy(), seen.content.numpy(), seen.auto)
    learn_style(network.features, network.style, tokens, tones, made_up, steps=plan.episodes, seed=SEED)
    return network


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
    tones, contents, autos = [], [], []
    for index in Progress(range(len(part)), desc="looking", unit="photo", disable=None):
        picture = part.picture(index)
        small = functional.interpolate(torch.from_numpy(picture).permute(2, 0, 1)[None], (SIDE, SIDE), mode="area")
        tones.append(describe(small, window, cell))
        contents.append(content(small))
        autos.append(automatic(picture, SPEC))
    return Pictures(torch.cat(tones), torch.cat(contents), np.array(autos))


def _teach(network: SliderNet, bank: Bank, seen: Pictures, tones: Tensor, epochs: int) -> None:
    """The first step: the transformer."""
    made_up, random = MadeUp(seen.tones.numpy(), seen.content.numpy(), seen.auto), np.random.default_rng(5)
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


@click.command(cls=Command)
@click.option(
    "--photographs", required=True, type=click.Path(path_type=Path), help="Folder of finished photographs, sources.csv."
)
@click.option(
    "--radiance", type=click.Path(path_type=Path), help="Folder of .exr radiance images.  [default: features are kept]"
)
@click.option("--out", required=True, type=click.Path(path_type=Path), help="A new folder for the trained model.")
@click.option(
    "--start", help="Random weights in a size, or a model to go on from.  [default: tiny, or default to keep]"
)
@click.option("--photos", type=click.IntRange(100), default=Plan.photos, show_default=True, help="To learn from.")
@click.option("--held-out", type=click.IntRange(1), default=Plan.held_out, show_default=True, help="Photos kept aside.")
@click.option(
    "--epochs", type=click.IntRange(0), default=Plan.epochs, show_default=True, help="Of the transformer; 0 keeps it."
)
@click.option("--episodes", type=click.IntRange(1), default=Plan.episodes, show_default=True, help="Of the features.")
@click.option(
    "--cache",
    type=click.Path(path_type=Path),
    help="Folder for simulated photos and for scenes.  [default: in the user's cache folder]",
)
def main(
    photographs: Path,
    radiance: Path | None,
    out: Path,
    start: str | None,
    photos: int,
    held_out: int,
    epochs: int,
    episodes: int,
    cache: Path | None,
) -> None:
    """Train the model that comes with autohdr: what it sees on photos simulated from radiance images, and its own
    sliders on finished photographs.

    Without --radiance its features are those of --start, and only its own sliders are learnt.

    \b
    Example: python -m autohdr_train.default --photographs photos --radiance hdris --out default-model
    """
    plan = Plan(photos, held_out, epochs, episodes)
    begun = start or (DEFAULT if radiance is None else "tiny")
    kept = cache or writable(cache_folder() / "banks")
    scores = train_default(photographs, out, plan, radiance=radiance, start=begun, cache=kept)
    click.echo(table(scores))
    click.echo(f"Wrote {out}: the model, its card README.md and {CREDITS}. Next: autohdr export {out}")
