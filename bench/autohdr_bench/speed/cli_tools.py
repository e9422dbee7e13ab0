"""The commands of `autohdr-bench` that work on results: compare, page, readme, scale. Thin, as all commands are."""

import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import click

from autohdr.cli.commands import Command
from autohdr.errors import SettingsError
from autohdr.exits import Exit

_path = click.Path(path_type=Path)


@click.command(cls=Command)
@click.argument("results", metavar="[A.json B.json]", nargs=-1, type=_path)
@click.option("--against", metavar="REV", help="Measure this checkout in turn with a commit of it instead.")
def compare(results: tuple[Path, ...], against: str | None) -> None:
    """Has anything become slower from result A to result B, or from a commit to this checkout?

    Exit code 1 where something is slower by 5 % and beyond the noise. `--against` runs both builds in turn, which alone
    is certain; it takes some minutes.

    \b
    Example: autohdr-bench compare --against HEAD~1
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
    click.echo(found.text())
    sys.exit(Exit.SLOWER if found.slower else Exit.DONE)


@click.command(cls=Command)
@click.argument("result", metavar="RESULT.json", type=_path)
@click.option("--out", type=_path, help="The page to write.  [default: beside the result]")
def page(result: Path, out: Path | None) -> None:
    """Write a result as one web page that needs nothing besides itself.

    \b
    Example: autohdr-bench page result.json
    """
    from autohdr_bench.speed.page import write_page
    from autohdr_bench.speed.results import load

    path = result.with_suffix(".html") if out is None else out
    write_page(load(result), path)
    click.echo(f"Wrote {path}")


@click.command(cls=Command)
@click.option("--file", "path", default="README.md", show_default=True, type=_path, help="The README to fill.")
@click.option("--results", default="bench/results", show_default=True, type=_path, help="Folder of results.")
def readme(path: Path, results: Path) -> None:
    """Make the README's tables, and the pictures beside the results, from the results that are kept.

    \b
    Example: autohdr-bench readme --results bench/results
    """
    from autohdr_bench.speed import readme as readme_tables

    changed = readme_tables.update(path, results)
    click.echo(f"Wrote {path}" if changed else f"{path} is as the results say")


@click.command(cls=Command)
@click.option("--count", default=10_000, show_default=True, type=click.IntRange(1, 99_999), help="Photos.")
@click.option("--out", required=True, type=_path, help="A new folder for the shoot; the result lies beside it.")
@click.option("--width", default=960, show_default=True, type=click.IntRange(32), help="Of the sensor, pixels.")
@click.option("--height", default=640, show_default=True, type=click.IntRange(32), help="Of the sensor, pixels.")
def scale(count: int, out: Path, width: int, height: int) -> None:
    """Write a large shoot, label it with autohdr-run, and tell throughput and memory over time.

    No two files are equal, but only 24 pictures are different. 10,000 photos of the default size take 6 GB.

    \b
    Example: autohdr-bench scale --count 10000 --out large
    """
    from autohdr_bench.speed import scale as scaled
    from autohdr_bench.speed.machine import commit, fingerprint
    from autohdr_bench.speed.page import write_page
    from autohdr_bench.speed.results import SCHEMA, Result, save

    begun = time.perf_counter()
    stage = scaled.measure(out, count, (height, width))
    made = datetime.now(UTC).isoformat(timespec="seconds")
    seconds = time.perf_counter() - begun
    result = Result(SCHEMA, *commit(), made, "scale", fingerprint(), seconds, (stage,))
    path = out.with_name(f"{out.name}.json")
    save(result, path)
    write_page(result, path.with_suffix(".html"))
    speeds = stage.extra["raws_per_minute"][1:] or stage.extra["raws_per_minute"]
    most = max(stage.extra["memory_bytes"]) / 1e6
    click.echo(
        f"{count} photos: {min(speeds):.0f} to {max(speeds):.0f} RAWs a minute, at most {most:.0f} MB, "
        f"{stage.extra['growth']:+.1%} from the second quarter to the last"
    )
    click.echo(f"Wrote {path} and {path.with_suffix('.html')}")
