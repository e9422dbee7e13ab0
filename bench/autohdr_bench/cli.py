"""`autohdr-bench`: the command line. Thin: each command calls one library function."""

import json
import os
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import get_args

import click

from autohdr.errors import AutohdrError
from autohdr_bench import decode, prepare
from autohdr_bench.files import photos_in
from autohdr_bench.photo import Photo
from autohdr_bench.results import Report
from autohdr_train.scenes import Compression, write_shoot
from autohdr_train.scenes.photographers import PHOTOGRAPHERS


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
@click.option("--photographer", type=click.Choice(list(PHOTOGRAPHERS)), help="Who edits it.  [default: one rule]")
def shoot(
    out: Path,
    count: int,
    seed: int,
    radiance: Path | None,
    compression: Compression,
    width: int,
    height: int,
    no_xmp: bool,
    photographer: str | None,
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
            photographer=photographer,
        )
    except AutohdrError as error:
        click.echo(f"Error: {error}", err=True)
        sys.exit(2)
    total = sum(path.stat().st_size for path in paths)
    click.echo(f"Wrote {len(paths)} photos, {total / 1e6:.0f} MB, to {out}")


_files = click.argument("paths", metavar="[FILES]...", nargs=-1, type=click.Path(path_type=Path))
_repeats = click.option("--repeats", default=7, show_default=True, type=click.IntRange(1), help="Rounds that count.")
_json = click.option("--json", "as_json", is_flag=True, help="Print one JSON object on standard output.")


@main.command("decode")
@_files
@_repeats
@_json
def decode_command(paths: tuple[Path, ...], repeats: int, as_json: bool) -> None:
    """Time the decoding of FILES (or folders), one thread: LibRaw, flashraw, and reading alone.

    Without FILES, of generated photos of 24 and 45 megapixels. flashraw is timed where its data are LibRaw's. The
    candidates take turns, so only the ratios are to be quoted.

    \b
    Example: autohdr-bench decode IMG_1.CR2
    """
    _show(paths, partial(decode.bench, repeats=repeats), as_json)


@main.command("prepare")
@_files
@_repeats
@click.option("--threads", type=click.IntRange(1), help="Most threads to try; by default one a core.")
@_json
def prepare_command(paths: tuple[Path, ...], repeats: int, threads: int | None, as_json: bool) -> None:
    """Time FILES (or folders) from RAW to network input: ours beside rawpy's development.

    Without FILES, of generated photos of 24 and 45 megapixels. Each file on one thread, its memory, then all files on
    more and more threads. The candidates take turns, so only the ratios are to be quoted.

    \b
    Example: autohdr-bench prepare IMG_1.CR2
    """
    _show(paths, partial(prepare.bench, repeats=repeats, threads=threads or os.cpu_count() or 1), as_json)


def _show(paths: tuple[Path, ...], bench: Callable[[list[Photo], list[str]], Report], as_json: bool) -> None:
    if not paths:
        click.echo("Writing photos of 24 and 45 megapixels to measure on", err=True)
    try:
        with photos_in(paths) as (photos, left_out):
            report = bench(photos, left_out)
    except AutohdrError as error:
        click.echo(f"Error: {error}", err=True)
        sys.exit(2)
    click.echo(json.dumps(report.to_dict(), indent=2) if as_json else report.text())
