"""`autohdr-train`: learn a photographer's edits, from the command line. Thin: all that it does is `train_shoot`."""

import sys
from pathlib import Path
from typing import get_args

import click
import torch

from autohdr.errors import AutohdrError
from autohdr.spec import Encoding, Source
from autohdr_train.data.raw import describe
from autohdr_train.evaluate import table
from autohdr_train.recipes import RECIPES
from autohdr_train.shoot import train_shoot


@click.command()
@click.version_option(package_name="autohdr")
@click.argument("shoots", metavar="SHOOT...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--out", required=True, type=click.Path(path_type=Path), help="A new folder for the trained model.")
@click.option("--recipe", type=click.Choice(sorted(RECIPES)), default="seed", show_default=True)
@click.option(
    "--start",
    default="tiny",
    show_default=True,
    metavar="tiny|small|base|FOLDER|HUB_ID",
    help="From scratch in a size, or from a ViT: a folder, or a hub id such as google/vit-base-patch16-224.",
)
@click.option(
    "--encoding", type=click.Choice(get_args(Encoding)), help="Of the network's input.  [default: the start's, or srgb]"
)
@click.option(
    "--source",
    type=click.Choice(get_args(Source)),
    help="What the network is fed: sensor data, or embedded previews.  [default: the start's, or raw]",
)
@click.option("--epochs", type=click.IntRange(1), help="Times that each photo is seen.  [default: the recipe's]")
@click.option("--batch", type=click.IntRange(1), help="Photos in a step.  [default: the recipe's]")
@click.option("--seed", type=click.IntRange(0), help="Of all that is random.  [default: the recipe's, 0]")
@click.option(
    "--cache", type=click.Path(path_type=Path), help="Folder for prepared photos.  [default: ~/.cache/autohdr/prepared]"
)
def main(
    shoots: tuple[Path, ...],
    out: Path,
    recipe: str,
    start: str,
    encoding: Encoding | None,
    source: Source | None,
    epochs: int | None,
    batch: int | None,
    seed: int | None,
    cache: Path | None,
) -> None:
    """Learn the edits of the RAW files in SHOOT... (files, or folders searched in depth) that have Lightroom sidecars.

    A fifth of the photos is held out, whole groups of them, and scored beside the mean of the other photos' sliders.

    \b
    Example: autohdr-train ~/Pictures/wedding --out wedding-model
    Then:    autohdr-export wedding-model
    """
    try:
        settings = RECIPES[recipe]().changed(epochs=epochs, batch=batch, seed=seed)
        trained = train_shoot(
            shoots, out, settings, start=start, encoding=encoding, source=source, cache=cache, device=pick_device()
        )
    except AutohdrError as error:
        click.echo(f"Error: {error}", err=True)
        sys.exit(2)
    click.echo(describe(trained.used, trained.left_out))
    for item in trained.left_out:
        click.echo(f"  {item.reason}")
    for note in trained.notes:
        click.echo(f"Note: {note}.")
    click.echo(table(trained.scores))
    click.echo(f"Wrote {out}: the model, its card README.md, and log.jsonl. Next: autohdr-export {out}")


def pick_device() -> str:
    """The GPU if torch can use one, else the CPU."""
    return "cuda" if torch.cuda.is_available() else "cpu"
