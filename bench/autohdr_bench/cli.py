"""`autohdr bench`: the command line. Each command parses, calls one library function, and prints."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from autohdr.cli import lines, options
from autohdr.cli.commands import Group
from autohdr.codes import Code
from autohdr_bench.develop.cli import develop
from autohdr_bench.labels.cli import labels
from autohdr_bench.labels.default.cli import default
from autohdr_bench.labels.people.cli import people
from autohdr_bench.labels.people.judge import judge
from autohdr_bench.speed import cli as speed
from autohdr_bench.words import COMPRESSIONS, PHOTOGRAPHERS

if TYPE_CHECKING:
    from autohdr_scenes import Compression


@click.group("bench", cls=Group, extra="bench", short_help="Measure autohdr, and make shoots to measure it on.")
@click.version_option(package_name="autohdr")
def main() -> None:
    """Measure autohdr, and make shoots to measure it on.

    \b
    Example: autohdr bench shoot --out synthetic --count 20
    """


@main.command()
@click.option("--out", required=True, type=click.Path(path_type=Path), help="A new folder for the shoot.")
@click.option("--count", default=20, show_default=True, type=click.IntRange(1, 9999), help="How many photos.")
@click.option(
    "--seed", default=0, show_default=True, type=click.IntRange(0), help="Number that all random choices follow."
)
@click.option("--radiance", type=click.Path(path_type=Path), help="Folder of .exr images to take views from.")
@click.option("--compression", type=click.Choice(COMPRESSIONS), default="ljpeg", show_default=True)
@click.option("--width", default=960, show_default=True, type=click.IntRange(32), help="Of the sensor, in pixels.")
@click.option("--height", default=640, show_default=True, type=click.IntRange(32), help="Of the sensor, in pixels.")
@click.option("--no-xmp", is_flag=True, help="Write no sidecars.")
@click.option("--photographer", type=click.Choice(PHOTOGRAPHERS), help="Who edits the shoot.  [default: one rule]")
@options.as_json
def shoot(
    out: Path,
    count: int,
    seed: int,
    radiance: Path | None,
    compression: "Compression",
    width: int,
    height: int,
    no_xmp: bool,
    photographer: str | None,
    as_json: bool,
) -> None:
    """Write a synthetic shoot: DNG files by a simulated camera, with a simulated photographer's sidecars.

    The same options give the same bytes.

    \b
    Example: autohdr bench shoot --out synthetic --count 20
    """
    from autohdr_scenes import write_shoot

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
    total = sum(path.stat().st_size for path in paths)
    if as_json:
        lines.show("summary", {"code": Code.DONE, "folder": str(out), "photos": len(paths), "size": total})
    else:
        click.echo(f"Wrote {len(paths)} photos, {total / 1e6:.0f} MB, to {out}")


for _command in (*speed.COMMANDS, labels, default, people, judge, develop):
    main.add_command(_command)
