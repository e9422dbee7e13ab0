"""The commands `python -m autohdr_train.quality study` and `train`."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from autohdr.cli.commands import Command

if TYPE_CHECKING:
    from autohdr_train.quality.models.saved import Architecture
    from autohdr_train.quality.sets.pair import Pair
    from autohdr_train.quality.training.agreement import Fold

PROFILES = ("cores", "long", "gpu", "tiny")
MODELS = ("vtamiq", "pieapp")


@click.command("study", cls=Command, extra="quality")
@click.argument("made", type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), required=True, help="Folder of what is done; it can go on.")
@click.option("--page", type=click.Path(path_type=Path), help="Page whose tables are written between its marks.")
@click.option("--profile", type=click.Choice(PROFILES), default="cores", show_default=True, help="Sizes.")
@click.option("--model", "models", type=click.Choice(MODELS), multiple=True, help="Only this one.  [default: both]")
@click.option("--start", help="ViT that VTAMIQ begins with, by hub id or folder.  [default: random weights]")
@click.option("--tables", is_flag=True, help="Write the page of what is done, and train nothing.")
def study(
    made: Path,
    out: Path,
    page: Path | None,
    profile: str,
    models: tuple["Architecture", ...],
    start: str | None,
    tables: bool,
) -> None:
    """Compare ways to carry VTAMIQ and PieAPP from SDR to HDR, beside PSNR, SSIM and MS-SSIM.

    MADE is a set that `make` made. A run can be stopped at any time; the same command goes on where it was.

    \b
    Example: python -m autohdr_train.quality study made --out study --page quality.md
    """
    import torch

    from autohdr_train.quality.sets import made as source
    from autohdr_train.quality.sets.light import luminance
    from autohdr_train.quality.training import page as pages
    from autohdr_train.quality.training.bank import plain_light
    from autohdr_train.quality.training.profile import PROFILES as SIZES
    from autohdr_train.quality.training.study import begin, cells, classical, results

    torch.set_num_threads(1)  # the order of sums, and so the weights, would depend on their number
    begun = begin(source.pairs(made), plain_light(luminance), SIZES[profile], out, start=start)
    plain = {} if page is None else classical(begun, measured)  # first, so that what is missing is said before the work
    for cell in () if tables else cells(begun):
        if models and cell.architecture not in models:
            continue
        fold = begun.do(cell)
        click.echo(f"{cell.name}: SROCC {_srocc(fold):.3f}")
    if page is not None:
        pages.write(page, pages.tables(results(begun), plain))
        click.echo(f"Wrote the tables of {page}.")


@click.command("train", cls=Command, extra="train")
@click.argument("made", type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), required=True, help="File to write, .safetensors.")
@click.option("--recipe", default="labelled-none", show_default=True, help="As the study names them.")
@click.option("--profile", type=click.Choice(PROFILES), default="cores", show_default=True, help="Sizes.")
@click.option("--model", type=click.Choice(MODELS), default="vtamiq", show_default=True, help="Architecture.")
@click.option("--start", help="ViT that VTAMIQ begins with, by hub id or folder.  [default: random weights]")
@click.option("--steps", type=click.IntRange(1), help="Optimiser steps.  [default: the profile's]")
def train(
    made: Path,
    out: Path,
    recipe: str,
    profile: str,
    model: "Architecture",
    start: str | None,
    steps: int | None,
) -> None:
    """Train one quality model on all contents of a set, to be exported.

    \b
    Example: python -m autohdr_train.quality train made --out quality.safetensors
    """
    import torch

    from autohdr_train.quality.sets import made as source
    from autohdr_train.quality.sets.light import luminance
    from autohdr_train.quality.training.bank import plain_light
    from autohdr_train.quality.training.final import learn

    torch.set_num_threads(1)
    saved = learn(source.pairs(made), plain_light(luminance), out, recipe, profile, model, start=start, steps=steps)
    click.echo(f"Wrote {out}: {model} of {saved.trained_on['pairs']} pairs.")


def measured(pair: "Pair") -> dict[str, float]:
    """PSNR, SSIM and MS-SSIM on PU21 values of a pair on its standard display."""
    from autohdr.quality.display import HDR, SDR
    from autohdr_train.quality.classical import classical
    from autohdr_train.quality.sets.light import luminance

    found = classical(*luminance(pair, SDR, HDR))
    return {"PSNR": found.psnr, "SSIM": found.ssim, "MS-SSIM": found.ms_ssim}


def _srocc(fold: "Fold") -> float:
    from autohdr_train.quality.training.agreement import srocc

    return srocc(fold.predicted, fold.scores)
