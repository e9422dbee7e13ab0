"""The commands of `autohdr bench` that measure speed, and those that work on what was measured."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from autohdr.cli import lines, options
from autohdr.cli.commands import Command
from autohdr.codes import Code
from autohdr.errors import SettingsError
from autohdr.exits import Exit
from autohdr_bench.words import PROFILES

if TYPE_CHECKING:
    from autohdr_bench.speed.results import Result

_path = click.Path(path_type=Path)
_files = click.argument("paths", metavar="[FILES]...", nargs=-1, type=_path)
_profile = click.option(
    "--profile",
    default="full",
    show_default=True,
    type=click.Choice(PROFILES),
    help="How much is measured, and on which photos.",
)
_repeats = click.option(
    "--repeats", type=click.IntRange(1), help="Rounds of each measurement.  [default: the profile's]"
)
_threads = click.option("--threads", type=click.IntRange(1), help="Most threads to try; by default one a core.")
_models = click.option(
    "--model",
    "models",
    multiple=True,
    type=_path,
    help="Also measure this model: one of less precision, or the folder of a network.",
)


def _suite(name: str, about: str, *, files: bool = False, threads: bool = True, models: bool = False) -> click.Command:
    """The command that measures one suite and prints it.

    Args:
        name: of the suite.
        about: the command's help.
        files: it measures RAW files; the others need one generated photo at most.
        threads: it tries more threads than one.
        models: it measures other networks, too.
    """

    def measure(
        profile: str,
        repeats: int | None,
        as_json: bool,
        paths: tuple[Path, ...] = (),
        threads: int | None = None,
        models: tuple[Path, ...] = (),
    ) -> None:
        from autohdr_bench import bench
        from autohdr_bench.speed import table

        result = bench(name, paths, profile=profile, repeats=repeats, threads=threads, models=models, on_progress=_told)
        if as_json:
            lines.show("result", {"result": result.to_dict()})
        else:
            click.echo(table.text(result))

    added = [*[_files] * files, _profile, _repeats, *[_threads] * threads, *[_models] * models, options.as_json]
    for option in reversed(added):
        measure = option(measure)
    return click.command(name, cls=Command, help=about)(measure)


_SUITES = (
    _suite(
        "decode",
        """Time the decoding of FILES (or folders), one thread: LibRaw, flashraw, and reading alone.

        Without FILES, of generated photos of 24 and 45 megapixels. flashraw is timed where its data are LibRaw's. The
        candidates take turns, so only the ratios are to be quoted.

        \b
        Example: autohdr bench decode IMG_1.CR2
        """,
        files=True,
        threads=False,
    ),
    _suite(
        "prepare",
        """Time FILES (or folders) from RAW to network input: ours beside rawpy's development.

        Without FILES, of generated photos of 24 and 45 megapixels. Each file on one thread, its memory, then all files
        on more and more threads. The candidates take turns, so only the ratios are to be quoted.

        \b
        Example: autohdr bench prepare IMG_1.CR2
        """,
        files=True,
    ),
    _suite(
        "scene",
        """Time FILES (or folders) from sensor data to scene light, and to a developed picture, at 512 and 2048 pixels.

        Without FILES, of generated photos of 24 and 45 megapixels, beside rawpy's development at half size. Each file
        on one thread, and its memory.

        \b
        Example: autohdr bench scene IMG_1.CR2
        """,
        files=True,
        threads=False,
    ),
    _suite(
        "engine",
        """Time the network alone: every engine that runs here beside PyTorch and ONNX Runtime.

        Each way's sliders are compared with PyTorch's before its time counts.

        \b
        Example: autohdr bench engine --repeats 3
        """,
        models=True,
    ),
    _suite(
        "run",
        """Time FILES (or folders) from end to end: a shoot of them, beside what people would use instead.

        Without FILES, of generated photos of 24 and 45 megapixels.

        \b
        Example: autohdr bench run IMG_1.CR2
        """,
        files=True,
    ),
    _suite(
        "train",
        """Time training: steps from the cache's files beside tensors in memory, and a style from 20 edits.

        \b
        Example: autohdr bench train --repeats 3
        """,
    ),
)


@click.command("all", cls=Command)
@_files
@_profile
@click.option("--out", default=".", show_default=True, type=_path, help="Folder for result and page.")
@_threads
@options.as_json
def measure_all(paths: tuple[Path, ...], profile: str, out: Path, threads: int | None, as_json: bool) -> None:
    """Run all suites, and write the result as JSON and as a web page, both named after the machine.

    FILES (or folders) are measured besides the generated photos.

    Profile `ci` takes minutes on two cores, `full` more; `gpu` is for a machine with one.

    \b
    Example: autohdr bench all --profile ci --out results
    """
    from autohdr.files.folders import make_folder
    from autohdr_bench import bench
    from autohdr_bench.speed import table
    from autohdr_bench.speed.machine import slug
    from autohdr_bench.speed.suites.base import SUITES

    result = bench(SUITES, paths, profile=profile, threads=threads, generated=True, on_progress=_told)
    make_folder(out, "--out")
    if as_json:
        lines.show("result", {"result": result.to_dict()})
    else:
        click.echo(table.text(result))
    wrote = _keep(result, out / f"{slug(result.machine)}.json")
    _end(wrote, f", measured in {result.seconds / 60:.1f} minutes", as_json=as_json)


@click.command(cls=Command)
@click.argument("results", metavar="[A.json B.json]", nargs=-1, type=_path)
@click.option("--against", metavar="REV", help="Measure this checkout in turn with a commit of it instead.")
@options.as_json
def compare(results: tuple[Path, ...], against: str | None, as_json: bool) -> None:
    """Has anything become slower from result A to result B, or from a commit to this checkout?

    Exit code 1 where something is slower by 5 % and beyond the noise. `--against` runs both builds in turn, which alone
    is certain; it takes some minutes.

    \b
    Example: autohdr bench compare --against HEAD~1
    """
    from autohdr_bench.speed.against import duel
    from autohdr_bench.speed.compare import compare as compared
    from autohdr_bench.speed.results import load

    if (against is None) == (len(results) != 2) or (against is not None and results):
        raise SettingsError(f"compare was given {len(results)} results; expected two of them, or --against REV alone")
    if against is None:
        found = compared(load(results[0]), load(results[1]))
    else:
        found = duel.against(against, lambda told: click.echo(told, err=True))
    if as_json:
        names = sorted({change.name for change in found.slower})
        lines.show("summary", {"code": Code.SLOWER if names else Code.DONE, "slower": names, "text": found.text()})
    else:
        click.echo(found.text())
    sys.exit(Exit.SLOWER if found.slower else Exit.DONE)


@click.command(cls=Command)
@click.argument("result", metavar="RESULT.json", type=_path)
@click.option("--out", type=_path, help="The page to write.  [default: beside the result]")
@options.as_json
def page(result: Path, out: Path | None, as_json: bool) -> None:
    """Write a result as one web page that needs nothing besides itself.

    \b
    Example: autohdr bench page result.json
    """
    from autohdr_bench.speed.page import write_page
    from autohdr_bench.speed.results import load

    path = result.with_suffix(".html") if out is None else out
    write_page(load(result), path)
    _end([path], as_json=as_json)


@click.command(cls=Command)
@click.option("--file", "pages", multiple=True, type=_path, help="A page to fill.  [default: the project's two]")
@click.option("--results", default="bench/results", show_default=True, type=_path, help="Folder of results.")
@options.as_json
def readme(pages: tuple[Path, ...], results: Path, as_json: bool) -> None:
    """Fill the tables of the README and of docs/evidence/speed.md from the results that are kept.

    \b
    Example: autohdr bench readme --results bench/results
    """
    from autohdr_bench.speed import readme as tables

    wrote = []
    for page in pages or tuple(map(Path, tables.PAGES)):
        changed = tables.update(page, results)
        wrote += [page] if changed else []
        if not as_json:
            click.echo(f"Wrote {page}" if changed else f"{page} is as the results say")
    if as_json:
        _end(wrote, as_json=True)


@click.command(cls=Command)
@click.option("--count", default=10_000, show_default=True, type=click.IntRange(1, 99_999), help="How many photos.")
@click.option("--out", required=True, type=_path, help="A new folder for the shoot; the result lies beside it.")
@click.option("--width", default=960, show_default=True, type=click.IntRange(32), help="Of the sensor, in pixels.")
@click.option("--height", default=640, show_default=True, type=click.IntRange(32), help="Of the sensor, in pixels.")
@options.as_json
def scale(count: int, out: Path, width: int, height: int, as_json: bool) -> None:
    """Write a large shoot, label it, and tell throughput and memory over time.

    No two files are equal, but only 24 pictures are different. 10,000 photos of the default size take 6 GB.

    \b
    Example: autohdr bench scale --count 10000 --out large
    """
    from autohdr_bench.speed import scale as scaled
    from autohdr_bench.speed.results import Result

    stage, seconds = scaled.measure(out, count, (height, width))
    result = Result.of("scale", (stage,), seconds)
    wrote = _keep(result, out.with_name(f"{out.name}.json"))
    if as_json:
        lines.show("result", {"result": result.to_dict()})
        _end(wrote, as_json=True)
        return
    speeds = stage.extra["raws_per_minute"][1:] or stage.extra["raws_per_minute"]
    most = max(stage.extra["memory_bytes"]) / 1e6
    click.echo(
        f"{count} photos: {min(speeds):.0f} to {max(speeds):.0f} RAWs a minute, at most {most:.0f} MB, "
        f"{stage.extra['growth']:+.1%} from the second quarter to the last"
    )
    _end(wrote)


COMMANDS = (*_SUITES, measure_all, compare, page, readme, scale)


def _told(sentence: str) -> None:
    click.echo(sentence, err=True)


def _keep(result: "Result", path: Path) -> list[Path]:
    """Writes a result, and its page beside it; where they are."""
    from autohdr_bench.speed.page import write_page
    from autohdr_bench.speed.results import save

    save(result, path)
    write_page(result, path.with_suffix(".html"))
    return [path, path.with_suffix(".html")]


def _end(wrote: list[Path], more: str = "", *, as_json: bool = False) -> None:
    """Says what was written."""
    if as_json:
        lines.show("summary", {"code": Code.DONE, "wrote": [str(path) for path in wrote]})
    else:
        click.echo(f"Wrote {' and '.join(map(str, wrote))}{more}")
