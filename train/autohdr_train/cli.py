"""`autohdr train`: train a network on a photographer's edits. Thin: all that it does is `autohdr_train.train`."""

from pathlib import Path
from typing import get_args

import click

from autohdr.cli import commands, learning, options
from autohdr.spec import Encoding, Source
from autohdr.words import Keep
from autohdr_train.words import RecipeName


@click.command("train", cls=commands.Command, extra="train", short_help="Train a network of your own on your edits.")
@click.version_option(package_name="autohdr")
@options.shoots
@click.option(
    "--out",
    required=True,
    type=click.Path(path_type=Path),
    help="Folder for the trained model: a new one, or one with a network to train anew.",
)
@options.settings
@options.keep
@click.option(
    "--recipe",
    type=click.Choice(get_args(RecipeName)),
    default="finetune",
    show_default=True,
    help="How to train.",
)
@click.option(
    "--start",
    metavar="default|tiny|small|base|FOLDER|HUB_ID",
    help="The default model, random weights in a size, or a ViT: a folder, or a hub id such as "
    "google/vit-base-patch16-224.  [default: the recipe's]",
)
@click.option(
    "--encoding",
    type=click.Choice(get_args(Encoding)),
    help="How the network's input is encoded.  [default: the start's, or srgb]",
)
@click.option(
    "--source",
    type=click.Choice(get_args(Source)),
    help="What the network is fed: sensor data, or embedded previews.  [default: the start's, or raw]",
)
@click.option(
    "--augment", metavar="NAME,...", help="Augmentations, in this order; '' for none.  [default: the recipe's]"
)
@click.option(
    "--smooth",
    metavar="noise:SPREADS|average:PHOTOS",
    help="Smooth the labels that are learnt.  [default: as they are]",
)
@click.option("--epochs", type=click.IntRange(1), help="Times that each photo is seen.  [default: the recipe's]")
@click.option("--batch", type=click.IntRange(1), help="Photos in one training step.  [default: the recipe's]")
@click.option(
    "--seed", type=click.IntRange(0), help="Number that all random choices follow.  [default: the recipe's, 0]"
)
@options.cache
@options.as_json
@options.name_all
def main(
    shoots: tuple[Path, ...],
    out: Path,
    settings: Path | None,
    keep: tuple[Keep, ...],
    recipe: RecipeName,
    start: str | None,
    encoding: Encoding | None,
    source: Source | None,
    augment: str | None,
    smooth: str | None,
    epochs: int | None,
    batch: int | None,
    seed: int | None,
    cache: Path | None,
    as_json: bool,
    verbose: bool,
) -> None:
    """Train a network of your own on the edited RAW files in SHOOT... (files, or folders searched in depth).

    This is for thousands of edits and for experiments, and takes minutes to hours. Your style is learnt from twenty
    edits in seconds by `autohdr learn`, which was at least as good on average in all that we measured.

    Every slider is scored on photos that were not learnt from, whole groups of them, beside the mean of the others'
    sliders. A run that was stopped goes on when the same command is given again.

    \b
    Example: autohdr train ~/Pictures/archive --out my-network
    Then:    autohdr export my-network
    """
    from autohdr.style.confidence.scores import table
    from autohdr.style.confidence.verdict import what_was_learnt
    from autohdr_train import train
    from autohdr_train.shoot import EXPORTED

    trained = train(
        shoots,
        out,
        recipe=recipe,
        start=start,
        encoding=encoding,
        source=source,
        augment=_names(augment),
        smooth=smooth,
        epochs=epochs,
        batch=batch,
        seed=seed,
        settings=settings,
        keep=keep,
        cache=cache,
    )
    if as_json:
        learning.show_learnt(trained, {"out": str(out)})
        return
    learning.print_found(trained.used, trained.left_out, trained.notes, verbose=verbose)
    click.echo(table(trained.scores))
    click.echo(f"The network's mode is {trained.mode}: autohdr label will make such edits.")
    learning.print_corrected(trained.corrected, verbose=verbose)
    again = f" (the {EXPORTED} there is of the network before)" if trained.stale else ""
    click.echo(f"Wrote {out}: the model, its card README.md, and log.jsonl. Next: autohdr export {out}{again}")
    click.echo(what_was_learnt(trained.scores))


def _names(text: str | None) -> tuple[str, ...] | None:
    return None if text is None else tuple(name.strip() for name in text.split(",") if name.strip())
