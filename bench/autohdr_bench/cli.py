"""`autohdr-bench`: the command line. Thin: each command calls one library function."""

from dataclasses import replace
from pathlib import Path
from typing import get_args

import click

from autohdr.commands import Group
from autohdr.processors import processors
from autohdr_bench import cli_tools, table
from autohdr_bench.files import KINDS
from autohdr_bench.machine import slug
from autohdr_bench.page import write_page
from autohdr_bench.profiles import PROFILES, Profile
from autohdr_bench.results import Result, Stage, save
from autohdr_bench.suites.base import SUITES, bench
from autohdr_bench.suites.base import run as run_suites
from autohdr_train.folders import make_folder
from autohdr_train.scenes import Compression, write_shoot
from autohdr_train.scenes.photographers import PHOTOGRAPHERS


@click.group(cls=Group)
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
    click.echo(f"Wrote {len(paths)} photos, {total / 1e6:.0f} MB, to {out}")


_files = click.argument("paths", metavar="[FILES]...", nargs=-1, type=click.Path(path_type=Path))
_repeats = click.option("--repeats", type=click.IntRange(1), help="Rounds that count.  [default: the profile's]")
_profile = click.option(
    "--profile", default="full", show_default=True, type=click.Choice(list(PROFILES)), help="How much, and on what."
)
_threads = click.option("--threads", type=click.IntRange(1), help="Most threads to try; by default one a core.")
_json = click.option("--json", "as_json", is_flag=True, help="Print one JSON object on standard output.")


@main.command("decode")
@_files
@_profile
@_repeats
@_json
def decode_command(paths: tuple[Path, ...], profile: str, repeats: int | None, as_json: bool) -> None:
    """Time the decoding of FILES (or folders), one thread: LibRaw, flashraw, and reading alone.

    Without FILES, of generated photos of 24 and 45 megapixels. flashraw is timed where its data are LibRaw's. The
    candidates take turns, so only the ratios are to be quoted.

    \b
    Example: autohdr-bench decode IMG_1.CR2
    """
    _show("decode", paths, _chosen(profile, repeats), None, as_json)


@main.command("prepare")
@_files
@_profile
@_repeats
@_threads
@_json
def prepare_command(
    paths: tuple[Path, ...], profile: str, repeats: int | None, threads: int | None, as_json: bool
) -> None:
    """Time FILES (or folders) from RAW to network input: ours beside rawpy's development.

    Without FILES, of generated photos of 24 and 45 megapixels. Each file on one thread, its memory, then all files on
    more and more threads. The candidates take turns, so only the ratios are to be quoted.

    \b
    Example: autohdr-bench prepare IMG_1.CR2
    """
    _show("prepare", paths, _chosen(profile, repeats), threads, as_json)


@main.command("engine")
@_profile
@_repeats
@_threads
@click.option(
    "--model",
    "models",
    multiple=True,
    type=click.Path(path_type=Path),
    help="An export of less precision, or a folder of autohdr-train, too.",
)
@_json
def engine_command(
    profile: str, repeats: int | None, threads: int | None, models: tuple[Path, ...], as_json: bool
) -> None:
    """Time the network alone: every engine that runs here beside PyTorch and ONNX Runtime.

    Each way's sliders are compared with PyTorch's before its time counts.

    \b
    Example: autohdr-bench engine --repeats 3
    """
    _show("engine", (), replace(_chosen(profile, repeats), kinds=KINDS[1:2]), threads, as_json, models)


@main.command("run")
@_files
@_profile
@_repeats
@_threads
@_json
def run_command(paths: tuple[Path, ...], profile: str, repeats: int | None, threads: int | None, as_json: bool) -> None:
    """Time FILES (or folders) from end to end: a shoot of them, beside what people would use instead.

    Without FILES, of generated photos of 24 and 45 megapixels.

    \b
    Example: autohdr-bench run IMG_1.CR2
    """
    _show("run", paths, _chosen(profile, repeats), threads, as_json)


@main.command("train")
@_profile
@_repeats
@_threads
@_json
def train_command(profile: str, repeats: int | None, threads: int | None, as_json: bool) -> None:
    """Time training: steps from the cache's files beside tensors in memory, and a style from 20 edits.

    \b
    Example: autohdr-bench train --repeats 3
    """
    _show("train", (), replace(_chosen(profile, repeats), kinds=KINDS[1:2]), threads, as_json)


@main.command("all")
@_files
@_profile
@click.option(
    "--out", default=".", show_default=True, type=click.Path(path_type=Path), help="Folder for result and page."
)
@_threads
def all_command(paths: tuple[Path, ...], profile: str, out: Path, threads: int | None) -> None:
    """Run all suites, and write the result as JSON and as a web page, both named after the machine.

    FILES (or folders) are measured besides the generated photos.

    Profile `ci` takes minutes on two cores, `full` more; `gpu` is for a machine with one.

    \b
    Example: autohdr-bench all --profile ci --out results
    """
    result = _measured(SUITES, paths, PROFILES[profile], threads, generated=True)
    path = out / f"{slug(result.machine)}.json"
    make_folder(out, "--out")
    save(result, path)
    write_page(result, path.with_suffix(".html"))
    click.echo(table.text(result))
    click.echo(f"Wrote {path} and {path.with_suffix('.html')}, measured in {result.seconds / 60:.1f} minutes")


for _command in (cli_tools.compare, cli_tools.page, cli_tools.readme, cli_tools.scale):
    main.add_command(_command)


def _chosen(name: str, repeats: int | None) -> Profile:
    return PROFILES[name] if repeats is None else PROFILES[name].with_rounds(repeats)


def _show(
    name: str,
    paths: tuple[Path, ...],
    profile: Profile,
    threads: int | None,
    as_json: bool,
    models: tuple[Path, ...] = (),
) -> None:
    """Measures one suite and prints it."""
    result = _measured((name,), paths, profile, threads, models)
    click.echo(result.to_json() if as_json else table.text(result), nl=not as_json)


def _measured(
    names: tuple[str, ...],
    paths: tuple[Path, ...],
    profile: Profile,
    threads: int | None,
    models: tuple[Path, ...] = (),
    *,
    generated: bool = False,
) -> Result:
    if generated or not paths:
        click.echo(f"Writing {len(profile.kinds)} photos to measure on", err=True)
    most = threads or processors()
    with bench(paths, profile, most, models, generated=generated) as given:
        return run_suites(names, given, _told)


def _told(stage: Stage) -> None:
    click.echo(f"Measured {stage.name}", err=True)
