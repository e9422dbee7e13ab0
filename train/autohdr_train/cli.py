"""`autohdr-train`: learn a photographer's edits, from the command line. Thin: all that it does is
`autohdr_train.train`."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, Literal, get_args

import click

from autohdr.cli import commands, learning, lines, options
from autohdr.codes import Code
from autohdr.spec import Encoding, Source
from autohdr.words import Keep
from autohdr_train.words import RecipeName

_keep = click.option(
    "--keep",
    type=click.Choice(get_args(Keep)),
    multiple=True,
    help="Learn from these photos, too: sdr, edited in the other mode (SDR or HDR) than most are; unedited, whose "
    "settings were saved and never changed. May be repeated.",
)
_verbose = click.option("-v", "--verbose", is_flag=True, help="Name every photo that is left out, and why.")

AUTO: Final = "auto"
"""Not a recipe: the number of edits chooses one."""


class Command(commands.Command):
    """Learns from shoots, unless the first word is `pick`: then that command has the others.

    Where a shoot's folder has that name, an option shows what is meant: learning cannot do without `--out`, which
    `pick` does not have.
    """

    def main(  # type: ignore[override]  # click's overloads differ in what they return alone
        self, args: Sequence[str] | None = None, prog_name: str | None = None, **extra: Any
    ) -> Any:
        words = sys.argv[1:] if args is None else list(args)
        if words[:1] == ["pick"] and not _is_shoot(words):
            return pick.main(words[1:], f"{prog_name or 'autohdr-train'} pick", **extra)
        return super().main(args, prog_name, **extra)


@click.command("train", cls=Command, extra="train", short_help="Train a network of your own on your edits.")
@click.version_option(package_name="autohdr")
@click.argument("shoots", metavar="SHOOT...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--out",
    required=True,
    type=click.Path(path_type=Path),
    help="Folder for the trained model: a new one, or one with a style to learn anew.",
)
@click.option(
    "--settings", type=click.Path(path_type=Path), help="Folder of the sidecars, where they are not beside the photos."
)
@_keep
@click.option(
    "--recipe",
    type=click.Choice([AUTO, *get_args(RecipeName)]),
    default=AUTO,
    show_default=True,
    help="How to learn; auto goes by the number of edits.",
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
@_verbose
def main(
    shoots: tuple[Path, ...],
    out: Path,
    settings: Path | None,
    keep: tuple[Keep, ...],
    recipe: RecipeName | Literal["auto"],
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
    """Learn the edits of the RAW files in SHOOT... (files, or folders searched in depth) that have Lightroom sidecars.

    Every slider is scored on photos that were not learnt from, whole groups of them, beside the mean of the others'
    sliders. A run that was stopped goes on when the same command is given again.

    `autohdr-train pick SHOOT` names the photos to edit first.

    \b
    Example: autohdr-train ~/Pictures/wedding --out wedding-model
    Then:    autohdr-export wedding-model
    """
    from autohdr.cli.console import printable
    from autohdr.edits.left_out import describe, how_to_keep, reasons
    from autohdr.style.scores import table, what_was_learnt
    from autohdr_train import train
    from autohdr_train.shoot import EXPORTED

    trained = train(
        shoots,
        out,
        recipe=None if recipe == AUTO else recipe,
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
        learning.show_left_out(trained.left_out)
        learning.show_notes(trained.notes)
        learning.show_scores(trained.scores)
        lines.show("summary", {"code": Code.DONE, **trained.to_dict(), "out": str(out)})
        return
    click.echo(describe(trained.used, trained.left_out))
    for line in reasons(trained.left_out, every=verbose):
        click.echo(printable(line))
    hint = how_to_keep(trained.left_out)
    for note in [*trained.notes, *([] if hint is None else [hint])]:
        click.echo(f"Note: {note}.")
    click.echo(table(trained.scores))
    click.echo(f"The style's mode is {trained.mode}: autohdr label will make such edits.")
    if trained.corrected:
        names = ", ".join(printable(path.name) for path in trained.corrected)
        names = f": {names}" if verbose else " (-v names them)"
        click.echo(f"Learnt {len(trained.corrected)} corrections of autohdr's labels{names}")
    if trained.moved is not None:
        click.echo(str(trained.moved))
    again = f" (the {EXPORTED} there is of the style before)" if trained.stale else ""
    click.echo(f"Wrote {out}: the model, its card README.md, and log.jsonl. Next: autohdr-export {out}{again}")
    click.echo(what_was_learnt(trained.scores))


@click.command("pick", cls=commands.Command, extra="train")
@click.argument("shoots", metavar="SHOOT...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--count", type=click.IntRange(1), default=20, show_default=True, help="How many photos.")
@click.option(
    "--settings", type=click.Path(path_type=Path), help="Folder of the sidecars, where they are not beside the photos."
)
@options.cache
@_keep
@_verbose
def pick(
    shoots: tuple[Path, ...],
    count: int,
    settings: Path | None,
    cache: Path | None,
    keep: tuple[Keep, ...],
    verbose: bool,
) -> None:
    """Name the photos of SHOOT... whose edits would tell most about your edits of the others, a line each, the one that
    tells most first. Edits that autohdr-train would learn from count, and no photo that is edited is named.

    
    Example: autohdr-train pick ~/Pictures/wedding --count 20
    """
    from autohdr.cli.console import printable
    from autohdr.edits.left_out import reasons
    from autohdr_train.pick import pick_photos

    picked = pick_photos(shoots, count, settings=settings, keep=keep, cache=cache)
    if picked.left_out:
        click.echo(f"{len(picked.left_out)} neither learnt from nor to edit now:", err=True)
    for line in reasons(picked.left_out, every=verbose):
        click.echo(printable(line), err=True)
    next_step = "edit these first:" if picked.photos else "none is left to edit"
    click.echo(f"{picked.found} photos, {picked.edited} of them edited; {next_step}", err=True)
    for photo in picked.photos:
        click.echo(str(photo))


def _is_shoot(words: Sequence[str]) -> bool:
    """Whether the first word is the name of a folder that is there, and a new model is to be written."""
    return Path(words[0]).is_dir() and _has(words, "--out")


def _has(words: Sequence[str], option: str) -> bool:
    return any(word == option or word.startswith(f"{option}=") for word in words)


def _names(text: str | None) -> tuple[str, ...] | None:
    return None if text is None else tuple(name.strip() for name in text.split(",") if name.strip())
