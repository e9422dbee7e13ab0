"""The commands of `autohdr-bench` that measure speed, of which each calls one function."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from autohdr.cli.commands import Command
from autohdr_bench.words import PROFILES

if TYPE_CHECKING:
    from autohdr_bench.speed.profiles import Profile
    from autohdr_bench.speed.results import Result, Stage

_files = click.argument("paths", metavar="[FILES]...", nargs=-1, type=click.Path(path_type=Path))
_repeats = click.option("--repeats", type=click.IntRange(1), help="Rounds that count.  [default: the profile's]")
_profile = click.option(
    "--profile", default="full", show_default=True, type=click.Choice(PROFILES), help="How much, and on what."
)
_threads = click.option("--threads", type=click.IntRange(1), help="Most threads to try; by default one a core.")
_json = click.option("--json", "as_json", is_flag=True, help="Print one JSON object on standard output.")


@click.command("decode", cls=Command)
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


@click.command("prepare", cls=Command)
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


@click.command("engine", cls=Command)
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
    _show("engine", (), _chosen(profile, repeats, one=True), threads, as_json, models)


@click.command("run", cls=Command)
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


@click.command("train", cls=Command)
@_profile
@_repeats
@_threads
@_json
def train_command(profile: str, repeats: int | None, threads: int | None, as_json: bool) -> None:
    """Time training: steps from the cache's files beside tensors in memory, and a style from 20 edits.

    \b
    Example: autohdr-bench train --repeats 3
    """
    _show("train", (), _chosen(profile, repeats, one=True), threads, as_json)


@click.command("all", cls=Command)
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
    from autohdr.folders import make_folder
    from autohdr_bench.speed import profiles, table
    from autohdr_bench.speed.machine import slug
    from autohdr_bench.speed.page import write_page
    from autohdr_bench.speed.results import save
    from autohdr_bench.speed.suites.base import SUITES

    result = _measured(SUITES, paths, profiles.PROFILES[profile], threads, generated=True)
    path = out / f"{slug(result.machine)}.json"
    make_folder(out, "--out")
    save(result, path)
    write_page(result, path.with_suffix(".html"))
    click.echo(table.text(result))
    click.echo(f"Wrote {path} and {path.with_suffix('.html')}, measured in {result.seconds / 60:.1f} minutes")


def _chosen(name: str, repeats: int | None, *, one: bool = False) -> "Profile":
    """The profile of that name, with so many rounds; `one` kind of photo is enough for some suites."""
    from autohdr_bench.speed import profiles
    from autohdr_bench.speed.files import KINDS

    profile = profiles.PROFILES[name]
    profile = profile if repeats is None else profile.with_rounds(repeats)
    return replace(profile, kinds=KINDS[1:2]) if one else profile


def _show(
    name: str,
    paths: tuple[Path, ...],
    profile: "Profile",
    threads: int | None,
    as_json: bool,
    models: tuple[Path, ...] = (),
) -> None:
    """Measures one suite and prints it."""
    from autohdr_bench.speed import table

    result = _measured((name,), paths, profile, threads, models)
    click.echo(result.to_json() if as_json else table.text(result), nl=not as_json)


def _measured(
    names: tuple[str, ...],
    paths: tuple[Path, ...],
    profile: "Profile",
    threads: int | None,
    models: tuple[Path, ...] = (),
    *,
    generated: bool = False,
) -> "Result":
    from autohdr.processors import processors
    from autohdr_bench.speed.suites.base import bench
    from autohdr_bench.speed.suites.base import run as run_suites

    if generated or not paths:
        click.echo(f"Writing {len(profile.kinds)} photos to measure on", err=True)
    most = threads or processors()
    with bench(paths, profile, most, models, generated=generated) as given:
        return run_suites(names, given, _told)


def _told(stage: "Stage") -> None:
    click.echo(f"Measured {stage.name}", err=True)
