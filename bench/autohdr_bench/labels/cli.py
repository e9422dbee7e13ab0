"""`autohdr bench labels`: how well styles are learnt, from the command line. All that it does is `measure.measure`."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from autohdr.cli import lines, options
from autohdr.cli.commands import Command
from autohdr.codes import Code

if TYPE_CHECKING:
    from autohdr_bench.labels.study import Study


@click.command("labels", cls=Command)
@click.option("--radiance", required=True, type=click.Path(path_type=Path), help="Folder of .exr radiance images.")
@click.option("--out", required=True, type=click.Path(path_type=Path), help="Folder of the study, new or begun.")
@click.option("--quick", is_flag=True, help="Three photographers, few edits, few steps: a first look.")
@click.option("--method", "methods", multiple=True, metavar="NAME", help="mean, ridge, gp or a recipe.  [default: all]")
@click.option(
    "--start",
    "starts",
    multiple=True,
    metavar="NAME",
    help="What networks begin with, as in autohdr train.  [default: default, tiny]",
)
@click.option(
    "--augment", "augments", multiple=True, metavar="NAMES", help="Such as turn+crop, or none; each is tried."
)
@click.option(
    "--smooth", "smooths", multiple=True, metavar="HOW", help="Such as noise:0.1 or average:5; each is tried."
)
@click.option("--photographer", "photographers", multiple=True, metavar="NAME", help="[default: all]")
@click.option(
    "--edits",
    multiple=True,
    type=click.IntRange(2),
    help="How many edited photos are learnt from.  [default: 5 to 350]",
)
@click.option(
    "--draws",
    type=click.IntRange(1),
    help="Draws of edited photos.  [default: 4 of quick methods, 1 of those that take steps]",
)
@click.option("--steps", type=click.IntRange(1), help="Optimiser steps of the methods that take any.  [default: 30]")
@click.option(
    "--cache",
    type=click.Path(path_type=Path),
    help="Folder for simulated photos.  [default: in the user's cache folder]",
)
@options.as_json
def labels(
    radiance: Path,
    out: Path,
    quick: bool,
    methods: tuple[str, ...],
    starts: tuple[str, ...],
    augments: tuple[str, ...],
    smooths: tuple[str, ...],
    photographers: tuple[str, ...],
    edits: tuple[int, ...],
    draws: int | None,
    steps: int | None,
    cache: Path | None,
    as_json: bool,
) -> None:
    """Compare ways to learn from a few edits, over simulated photographers, at equal optimiser steps.

    What can be named several times is crossed. Writes table.csv and page.html; the same command goes on where it was
    stopped.

    \b
    Example: autohdr bench labels --radiance hdris --out study --quick
    """
    import torch

    from autohdr.files.folders import cache_folder, writable
    from autohdr_bench.labels.measure import PAGE, TABLE, measure
    from autohdr_bench.labels.study import FULL, QUICK
    from autohdr_scenes.photographers import find

    study = _chosen(QUICK if quick else FULL, methods, starts, augments, smooths, draws)
    study = replace(
        study,
        photographers=tuple(find(name).name for name in photographers) or study.photographers,
        edits=tuple(sorted(set(edits))) or study.edits,
        steps=steps or study.steps,
    )
    device = "cuda" if torch.cuda.is_available() else "cpu"
    told = measure(study, radiance, out, cache or writable(cache_folder() / "study"), device=device)
    if as_json:
        lines.show("summary", {"code": Code.DONE, "wrote": [str(out / TABLE), str(out / PAGE)], "text": told})
    else:
        click.echo(told)


def _chosen(
    study: "Study",
    methods: tuple[str, ...],
    starts: tuple[str, ...],
    augments: tuple[str, ...],
    smooths: tuple[str, ...],
    draws: int | None,
) -> "Study":
    """The study with other variants, where the user names any."""
    from autohdr_bench.labels.study import crossed

    if not (methods or starts or augments or smooths or draws):
        return study
    own = tuple(dict.fromkeys(variant.method for variant in study.variants))
    begun = tuple(dict.fromkeys(variant.start for variant in study.variants if variant.start is not None))
    variants = crossed(methods or own, starts or begun, augments or (None,), smooths or (None,), draws=draws)
    return replace(study, variants=variants)
