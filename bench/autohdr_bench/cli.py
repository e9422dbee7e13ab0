"""`autohdr-bench`: the command line. Thin: each command calls one library function."""

import json
import sys
from pathlib import Path
from typing import get_args

import click

from autohdr.errors import AutohdrError
from autohdr.raw.discover import find_photos
from autohdr_bench.machine import fingerprint
from autohdr_bench.prepare import measure, table
from autohdr_train.scenes import Compression, write_shoot


@click.group()
@click.version_option(package_name="autohdr")
def main() -> None:
    """Measure autohdr, and make shoots to measure it on.

    \b
    Example: autohdr-bench shoot --out synthetic --count 20
    """


@main.command()
@click.option("--out", required=True, type=click.Path(path_type=Path), help="A new folder for the shoot.")
@click.option("--count", default=20, show_default=True, type=click.IntRange(1, 9999), help="Photos.")
@click.option("--seed", default=0, show_default=True, type=click.IntRange(0), help="Of all that is random.")
@click.option("--radiance", type=click.Path(path_type=Path), help="Folder of .exr images to take views from.")
@click.option("--compression", type=click.Choice(get_args(Compression)), default="ljpeg", show_default=True)
@click.option("--width", default=960, show_default=True, type=click.IntRange(32), help="Of the sensor, pixels.")
@click.option("--height", default=640, show_default=True, type=click.IntRange(32), help="Of the sensor, pixels.")
@click.option("--no-xmp", is_flag=True, help="Write no sidecars.")
def shoot(
    out: Path,
    count: int,
    seed: int,
    radiance: Path | None,
    compression: Compression,
    width: int,
    height: int,
    no_xmp: bool,
) -> None:
    """Write a synthetic shoot: DNG files by a simulated camera, with a simulated photographer's sidecars.

    The same options give the same bytes.

    \b
    Example: autohdr-bench shoot --out synthetic --count 20
    """
    try:
        paths = write_shoot(
            out,
            count,
            seed=seed,
            radiance=radiance,
            size=(height, width),
            compression=compression,
            xmp=not no_xmp,
        )
    except AutohdrError as error:
        click.echo(f"Error: {error}", err=True)
        sys.exit(2)
    total = sum(path.stat().st_size for path in paths)
    click.echo(f"Wrote {len(paths)} photos, {total / 1e6:.0f} MB, to {out}")


@main.command("prepare")
@click.argument("paths", metavar="FILES...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--repeats", default=7, show_default=True, type=click.IntRange(1), help="Rounds that count.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object on standard output.")
def prepare_command(paths: tuple[Path, ...], repeats: int, as_json: bool) -> None:
    """Time FILES (or folders) from RAW to network input, one thread: ours beside rawpy's development.

    The candidates take turns, so only the ratios are to be quoted.

    \b
    Example: autohdr-bench prepare IMG_1.CR2
    """
    try:
        timings = [measure(path, repeats=repeats) for path in find_photos(paths)]
    except AutohdrError as error:
        click.echo(f"Error: {error}", err=True)
        sys.exit(2)
    if as_json:
        click.echo(json.dumps({"machine": fingerprint(), "files": [timing.to_dict() for timing in timings]}, indent=2))
    else:
        click.echo(table(timings))
