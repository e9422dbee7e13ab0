"""The commands `make` and `said` of `python -m autohdr_train.quality`."""

from pathlib import Path

import click

from autohdr.cli.commands import Command
from autohdr.errors import SettingsError


@click.command("make", cls=Command, extra="train")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--photographs", type=click.Path(path_type=Path), help="Folder of photographs with sources.csv: SDR.")
@click.option("--radiance", type=click.Path(path_type=Path), help="Folder of radiance images, .exr: HDR.")
@click.option("--most", type=click.IntRange(1), default=96, show_default=True, help="Photographs to take at most.")
@click.option("--pairs", type=click.IntRange(1), help="Pairs to stop after.  [default: all]")
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="Of views, order and noise.")
@click.option("--check", is_flag=True, help="Compare every picture with its checksum, and make nothing.")
def command(
    folder: Path,
    photographs: Path | None,
    radiance: Path | None,
    most: int,
    pairs: int | None,
    seed: int,
    check: bool,
) -> None:
    """Make a data set of distorted pictures, scored by two teachers, or go on with one that is begun.

    FOLDER gets the pictures, their list and their scores. A run can be stopped at any time; the same command goes on
    where it was. Needs ColorVideoVDP: pip install cvvdp==0.5.7

    \b
    Example: python -m autohdr_train.quality make made --photographs photos --radiance hdris
    """
    import torch

    from autohdr_train.quality.made.cvvdp import Cvvdp
    from autohdr_train.quality.made.make import Sources, damaged, make

    if check:
        if wrong := damaged(folder):
            raise SettingsError(
                f"{len(wrong)} pictures in {folder} are missing or damaged, such as {wrong[0]}; make the set anew"
            )
        click.echo(f"All pictures in {folder} are as they were written.")
        return
    if photographs is None or radiance is None:
        raise SettingsError("a source is missing; give --photographs and --radiance")
    torch.set_num_threads(1)
    count = make(folder, Sources(photographs, radiance, most), Cvvdp(), seed=seed, most=pairs)
    click.echo(f"{folder} holds {count} pairs.")


@click.command("said", cls=Command, extra="train")
@click.argument("folder", type=click.Path(path_type=Path))
def said(folder: Path) -> None:
    """Show what the teachers say of a made data set, as three tables in Markdown.

    The first holds the mean score in JOD of each distortion and level, the second what each teacher takes off, the
    third how far the two agree.

    \b
    Example: python -m autohdr_train.quality said made
    """
    from autohdr_train.quality.made.said import agreement_table, scores_table, teachers_table

    click.echo("\n\n".join(table(folder) for table in (scores_table, teachers_table, agreement_table)))
