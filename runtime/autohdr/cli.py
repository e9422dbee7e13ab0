"""`autohdr-run`: label RAW files from the command line. Thin: all that it does is `autohdr.label`."""

import json
import sys
from io import TextIOWrapper
from pathlib import Path
from typing import NoReturn, get_args

import click
from tqdm import tqdm

from autohdr import AutohdrError, EngineError, ModelError, Report, Result, label
from autohdr.engines.registry import ENGINES
from autohdr.raw.decode import DecoderName
from autohdr.run.pipeline import BATCH
from autohdr.sidecar import Existing
from autohdr.sliders import SLIDERS

SOME_FAILED, NO_ENGINE_OR_MODEL = 3, 4
"""Exit codes; 0 when all were labelled or skipped, 2 for wrong usage."""


@click.command()
@click.version_option(package_name="autohdr")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--model", type=click.Path(path_type=Path), help="An .onnx of autohdr's, or the folder that holds one.")
@click.option("--engine", type=click.Choice(["auto", *sorted(ENGINES)]), default="auto", show_default=True)
@click.option(
    "--decoder",
    type=click.Choice(get_args(DecoderName)),
    default="auto",
    show_default=True,
    help="auto: flashraw where it is installed and LibRaw agrees with it, else LibRaw.",
)
@click.option(
    "--existing",
    type=click.Choice(["skip", "fill", "replace"]),
    default="skip",
    show_default=True,
    help="Photos that have develop settings of their own: leave them alone, add only what is missing, or replace our "
    "eight sliders and the HDR mode (the original is kept beside).",
)
@click.option("--workers", type=click.IntRange(1), help="Threads that decode.  [default: one a core]")
@click.option(
    "--batch", type=click.IntRange(1), default=BATCH, show_default=True, help="Photos handed to the engine at once."
)
@click.option("--dry-run", is_flag=True, help="Predict and show, but write nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object on standard output.")
def main(
    paths: tuple[Path, ...],
    model: Path | None,
    engine: str,
    decoder: DecoderName,
    existing: Existing,
    workers: int | None,
    batch: int,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Label the RAW files in PATHS (files, or folders searched in depth): write a Lightroom sidecar beside each.

    \b
    Example: autohdr-run ~/Pictures/wedding --dry-run

    Exit code 0: all labelled or skipped; 2: wrong usage; 3: some photos failed; 4: no engine or no model.
    """
    for stream in (sys.stdout, sys.stderr):  # a file's name may hold what this terminal cannot show
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    with tqdm(unit="RAW", disable=None, leave=False, dynamic_ncols=True) as bar:

        def start(photos: int) -> None:
            bar.total = photos
            bar.refresh()

        def show(result: Result) -> None:
            if not as_json:
                bar.write(_line(result, dry_run))
            bar.update()
            bar.set_postfix_str(f"{60 * (bar.format_dict['rate'] or 0):.0f} RAWs a minute", refresh=False)

        try:
            report = label(
                paths,
                model=model,
                engine=engine,
                decoder=decoder,
                existing=existing,
                workers=workers,
                batch=batch,
                dry_run=dry_run,
                on_start=start,
                on_result=show,
            )
        except (EngineError, ModelError) as error:
            _stop(error, NO_ENGINE_OR_MODEL)
        except AutohdrError as error:
            _stop(error, 2)
    click.echo(json.dumps(report.to_dict()) if as_json else _summary(report, paths, dry_run))
    sys.exit(SOME_FAILED if report.count("failed") else 0)


def _stop(error: AutohdrError, code: int) -> NoReturn:
    click.echo(f"Error: {error}", err=True)
    sys.exit(code)


def _line(result: Result, dry_run: bool) -> str:
    if result.sliders is None or result.sidecar is None:
        reason = result.reason or ""
        place = "" if str(result.path) in reason else f"{result.path}: "
        return f"{result.status}: {place}{reason}"
    found = [(slider, result.sliders[slider.key]) for slider in SLIDERS if slider.key in result.sliders]
    values = "  ".join(f"{slider.name} {slider.spell(value)}" for slider, value in found)
    note = f"  ({result.reason})" if result.reason and result.path.suffix.lower() != ".dng" else ""
    return f"{result.path} -> {'(dry run) ' if dry_run else ''}{result.sidecar.name}  {values}{note}"


def _summary(report: Report, paths: tuple[Path, ...], dry_run: bool) -> str:
    if not report.results:
        return (
            f"No RAW files in {', '.join(map(str, paths))}; expected files such as IMG_1.CR3, .NEF, .ARW, .RAF or .DNG."
        )
    dngs = sum(result.status == "labelled" and result.path.suffix.lower() == ".dng" for result in report.results)
    note = (
        f"\nLightroom ignores a sidecar beside a DNG, which {dngs} of these are; other programs read it."
        if dngs
        else ""
    )
    return (
        f"{report.count('labelled')} labelled{' (dry run, nothing written)' if dry_run else ''}, "
        f"{report.count('skipped')} skipped, {report.count('failed')} failed of {len(report.results)} photos "
        f"in {report.seconds:.1f} s ({report.raws_per_minute:.0f} RAWs a minute), "
        f"engine {report.engine['name']}, model {report.model['name']}{note}"
    )
