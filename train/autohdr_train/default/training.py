"""How the model that comes with autohdr is trained.

It learns from photos of real radiance images and of procedural scenes, taken and edited by simulation
(`autohdr_train.scenes`). Whole places are held out, and it is scored on photos of those.
"""

import sys
from pathlib import Path

import click
import numpy as np
from numpy.typing import NDArray

from autohdr.errors import AutohdrError
from autohdr.sliders import LIMITS, SLIDERS
from autohdr.spec import InputSpec
from autohdr_train.cli import pick_device
from autohdr_train.data.tensors import TensorDataset
from autohdr_train.evaluate import SliderScore, table
from autohdr_train.folders import make_folder
from autohdr_train.loop import fit
from autohdr_train.model import scratch
from autohdr_train.recipes import Recipe, default_model
from autohdr_train.scenes.panorama import load_radiance
from autohdr_train.scenes.rule import NOISE
from autohdr_train.scenes.shot import Mixture, Procedural, Views, shot
from autohdr_train.shoot import refuse_taken
from autohdr_train.split import split

SIZE = "tiny"
SPEC = InputSpec(encoding="pu21-pmax", mean=(0.26, 0.26, 0.26), std=(0.12, 0.12, 0.12))
"""PU21 is close to logarithmic above a few cd/m2, so that a stop of Exposure is about as large a step wherever it
begins, and it tells light beyond saturation apart, where `srgb` ends. Mean and std are about those of simulated photos.
"""
PROCEDURAL = 0.25
"""Share of the training photos that show procedural scenes; the rest show radiance images."""


def train_default(
    radiance: Path, out: Path, *, shots: int, held_out_shots: int, recipe: Recipe, device: str = "cpu"
) -> list[SliderScore]:
    """Simulate, train, and leave a checkpoint in `out`; returns its scores on photos of held-out places.

    Args:
        radiance: folder of OpenEXR radiance images, of two places or more.
        out: a folder without a checkpoint; made if it is missing.
        shots: photos to learn from, 0.3 MB of memory each.
        held_out_shots: photos to score.
        recipe: how to train.
        device: where torch computes.

    Raises:
        SettingsError: the folder holds no radiance images, or `out` already holds a checkpoint.
        TrainingError: all images show one place, or learning diverged.
    """
    refuse_taken(out)
    scenes = load_radiance(radiance)
    # Each place counts once, however many images show it.
    places = sorted({scene.group for scene in scenes})
    parts = split(places, np.full(len(places), np.nan), share=recipe.held_out, seed=recipe.seed)
    make_folder(out, "--out")
    kept = {places[index] for index in parts.train}
    real = Views([scene for scene in scenes if scene.group in kept])
    source, unseen = Mixture(real, Procedural(), PROCEDURAL), Views([s for s in scenes if s.group not in kept])
    train = TensorDataset.from_shots(lambda index: shot(source, recipe.seed, index), shots, SPEC)
    held_out = TensorDataset.from_shots(lambda index: shot(unseen, recipe.seed + 1, index), held_out_shots, SPEC)
    facts = {
        "data": f"simulated photos: {1 - PROCEDURAL:.0%} of real radiance images, {PROCEDURAL:.0%} of procedural "
        "scenes, with labels by a rule of scene statistics; no photographer's edits",
        "start": f"{SIZE}, random weights",
        "photos": {"train": shots, "held_out": held_out_shots},
        "groups": {"train": len(set(train.groups)), "held_out": len(set(held_out.groups))},
        "notes": notes(real, unseen, held_out.labels),
    }
    network = scratch(SIZE, SPEC, recipe.head, seed=recipe.seed)
    return fit(network, SPEC, train, held_out, recipe, out, name="autohdr-default", facts=facts, device=device)


def notes(real: Views, unseen: Views, labels: NDArray[np.float32]) -> list[str]:
    """What the card says besides: the images, what the noise in the labels (N, 8) allows, and how to do it again."""
    noise = ", ".join(f"{slider.name} {sigma:g}" for slider, sigma in zip(SLIDERS, NOISE, strict=True))
    best = 1.0 - NOISE**2 / (labels * LIMITS).var(axis=0)
    ceiling = ", ".join(f"{slider.name} {r2:.2f}" for slider, r2 in zip(SLIDERS, best, strict=True))
    return [
        "Radiance images learnt from: " + ", ".join(scene.name for scene in real.scenes),
        "Radiance images held out: " + ", ".join(scene.name for scene in unseen.scenes),
        f"The labels hold noise that no model can predict, of standard deviation: {noise}",
        f"So R2 on the held-out photos can be at most: {ceiling}",
        "This is a first model: it knows one rule's idea of an HDR edit, and nobody's style",
        "To train it again: `python -m autohdr_train.default --radiance FOLDER --out DIR`, then `autohdr-export DIR`",
    ]


@click.command()
@click.option("--radiance", required=True, type=click.Path(path_type=Path), help="Folder of .exr radiance images.")
@click.option("--out", required=True, type=click.Path(path_type=Path), help="A new folder for the trained model.")
@click.option("--shots", type=click.IntRange(1), default=8000, show_default=True, help="Photos to learn from.")
@click.option("--held-out-shots", type=click.IntRange(1), default=1000, show_default=True, help="Photos to score.")
@click.option("--epochs", type=click.IntRange(1), help="Times that each photo is seen.  [default: the recipe's]")
@click.option("--batch", type=click.IntRange(1), help="Photos in a step.  [default: the recipe's]")
@click.option("--seed", type=click.IntRange(0), help="Of all that is random.  [default: the recipe's, 0]")
def main(
    radiance: Path,
    out: Path,
    shots: int,
    held_out_shots: int,
    epochs: int | None,
    batch: int | None,
    seed: int | None,
) -> None:
    """Train the model that comes with autohdr, on photos simulated from radiance images.

    \b
    Example: python -m autohdr_train.default --radiance hdris --out default-model
    """
    try:
        recipe = default_model().changed(epochs=epochs, batch=batch, seed=seed)
        scores = train_default(
            radiance, out, shots=shots, held_out_shots=held_out_shots, recipe=recipe, device=pick_device()
        )
    except AutohdrError as error:
        click.echo(f"Error: {error}", err=True)
        sys.exit(2)
    click.echo(table(scores))
    click.echo(f"Wrote {out}: the model, its card README.md, and log.jsonl. Next: autohdr-export {out}")
