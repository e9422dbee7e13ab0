"""`autohdr-run`: label RAW files from the command line. Thin: all that it does is `autohdr.label`."""

import contextlib
import json
import os
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Literal, NoReturn, get_args

import click

from autohdr import FileError, Report, Result, label
from autohdr.commands import Command, stop
from autohdr.engines.registry import ENGINES
from autohdr.exits import Exit
from autohdr.progress import Progress
from autohdr.raw.decode import DecoderName
from autohdr.run.export import check_report, write_report
from autohdr.run.pipeline import BATCH
from autohdr.run.resume import alone
from autohdr.run.show import line, summary, undo_line, undo_summary
from autohdr.run.stop import stop_on_interrupt
from autohdr.sidecar import Existing, Naming, UndoResult, undo


@click.command(cls=Command)
@click.version_option(package_name="autohdr")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("--model", type=click.Path(path_type=Path), help="An .onnx of autohdr's, or the folder that holds one.")
@click.option("--engine", type=click.Choice(["auto", *sorted(ENGINES)]), default="auto", show_default=True)
@click.option(
    "--decoder",
    type=click.Choice(get_args(DecoderName)),
    default="auto",
    show_default=True,
    help="auto: flashraw where it is installed and was seen to read what LibRaw reads, else both or LibRaw.",
)
@click.option(
    "--existing",
    type=click.Choice(["skip", "fill", "replace"]),
    default="skip",
    show_default=True,
    help="Photos that have develop settings of their own: leave them alone, add only what is missing, or replace our "
    "eight sliders and the HDR mode (the original is kept beside).",
)
@click.option(
    "--sidecar",
    type=click.Choice(get_args(Naming)),
    default="adobe",
    show_default=True,
    help="Whose way of naming sidecars: adobe's IMG_1.xmp or darktable's IMG_1.CR2.xmp.",
)
@click.option(
    "--embed/--no-embed",
    default=None,
    help="Where labels of DNGs go: into the DNGs, where Lightroom reads them, or into sidecars beside them.  "
    "[default: into the DNGs, beside them with --sidecar darktable]",
)
@click.option("--workers", type=click.IntRange(1), help="Threads that decode.  [default: one a core]")
@click.option(
    "--batch", type=click.IntRange(1), default=BATCH, show_default=True, help="Photos handed to the engine at once."
)
@click.option(
    "--cache-dir",
    type=click.Path(path_type=Path),
    help="Where engines keep plans and settings for this machine.  [default: the user's cache folder]",
)
@click.option("--dry-run", is_flag=True, help="Predict and show what would change, slider by slider; write nothing.")
@click.option(
    "--undo", "taking_back", is_flag=True, help="Take back what autohdr wrote into the sidecars of PATHS, to the byte."
)
@click.option(
    "--doctor", "examining", is_flag=True, help="Try each engine: can it run here, why not, how fast; label nothing."
)
@click.option(
    "--plans", type=click.Choice(["list", "clear"]), help="List or remove the TensorRT plans in the cache folder."
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON lines: one for each photo, and the summary last.")
@click.option(
    "--report", type=click.Path(path_type=Path), help="Write the labels to a table, too: FILE.csv or FILE.jsonl."
)
@click.option("-q", "--quiet", is_flag=True, help="Print the summary only, with the failures by kind.")
@click.option("-v", "--verbose", is_flag=True, help="Print each photo's decoder, white balance and seconds, too.")
def main(
    paths: tuple[Path, ...],
    model: Path | None,
    engine: str,
    decoder: DecoderName,
    existing: Existing,
    sidecar: Naming,
    embed: bool | None,
    workers: int | None,
    batch: int,
    cache_dir: Path | None,
    dry_run: bool,
    taking_back: bool,
    examining: bool,
    plans: Literal["list", "clear"] | None,
    as_json: bool,
    report: Path | None,
    quiet: bool,
    verbose: bool,
) -> None:
    """Label the RAW files in PATHS (files, or folders searched in depth): write a Lightroom sidecar beside each, and
    labels of DNGs into the DNGs.

    \b
    Example: autohdr-run ~/Pictures/wedding --dry-run

    A run that was stopped goes on when the same command is given again. Ctrl-C finishes what is under way; Ctrl-C again
    stops at once.

    PATHS are not needed with --doctor and --plans.

    Exit code 0: all labelled or skipped, or undone; 2: wrong usage, or another run works there; 3: some photos failed
    or were not done, or some sidecars could not be undone; 4: no engine or no model; 130: interrupted.
    """
    if examining or plans is not None:
        _look(model, cache_dir, plans, as_json)
    if not paths:
        raise click.UsageError("Missing argument 'PATHS...'.")
    if taking_back:
        _undo(paths, dry_run, as_json, quiet)
    hidden = True if quiet else None  # None: where standard error is no terminal
    with (
        stop_on_interrupt() as interrupted,
        Progress(unit="RAW", disable=hidden, leave=False, dynamic_ncols=True) as bar,
    ):

        def start(photos: int) -> None:
            bar.total = photos
            bar.refresh()

        def note(sentence: str) -> None:
            if not as_json and not quiet:
                bar.write(sentence)

        def show(result: Result) -> None:
            if as_json:
                bar.write(json.dumps(result.to_dict()))
                sys.stdout.flush()
            elif not quiet:  # the summary counts failures by kind, however many there are
                bar.write(line(result, dry_run=dry_run, verbose=verbose))
            bar.update()
            bar.set_postfix_str(f"{60 * (bar.format_dict['rate'] or 0):.0f} RAWs a minute", refresh=False)

        try:
            if report is not None:
                check_report(report)
            done = label(
                paths,
                model=model,
                engine=engine,
                decoder=decoder,
                existing=existing,
                naming=sidecar,
                embed=embed,
                workers=workers,
                batch=batch,
                dry_run=dry_run,
                cache=cache_dir,
                stop=interrupted,
                on_start=start,
                on_note=note,
                on_result=show,
            )
            unwritten = None if report is None else _write_report(report, done)
        except KeyboardInterrupt:
            _stop_at_once()
    click.echo(json.dumps(done.to_dict()) if as_json else summary(done, paths, dry_run=dry_run))
    if verbose and not as_json:
        for other, reason in done.engine["passed_over"].items():
            click.echo(f"Engine {other} was passed over: {reason}")
    if unwritten is not None:
        stop(unwritten, unwritten.exit_code)
    if report is not None and not as_json:
        click.echo(f"The labels are in {report}.")
    if done.not_done and interrupted.is_set():
        sys.exit(Exit.INTERRUPTED)
    sys.exit(Exit.FAILED if done.count("failed") or done.not_done else Exit.DONE)


def _write_report(path: Path, done: Report) -> FileError | None:
    """Writes the table; why it could not be written. The summary comes first, all the same."""
    try:
        write_report(path, done.results)
    except FileError as error:
        return error
    return None


def _look(model: Path | None, cache: Path | None, plans: Literal["list", "clear"] | None, as_json: bool) -> NoReturn:
    """`--doctor`, and `--plans` where that is given."""
    from autohdr.doctor import command  # the engines' modules are not needed otherwise

    if plans is not None:
        command.manage(plans, cache, as_json)
        sys.exit(Exit.DONE)
    sys.exit(Exit.DONE if command.doctor(model, cache, as_json) else Exit.MISSING)


def _undo(paths: tuple[Path, ...], dry_run: bool, as_json: bool, quiet: bool) -> NoReturn:
    """`--undo`: the line of each sidecar that autohdr wrote, and the sums."""

    def show(result: UndoResult) -> None:
        if as_json:
            click.echo(json.dumps({**asdict(result), "path": str(result.path)}))
        elif not quiet or result.status == "left":
            click.echo(undo_line(result))

    try:
        with contextlib.nullcontext() if dry_run else alone(list(paths)):
            results = undo(paths, dry_run=dry_run, on_result=show)
    except KeyboardInterrupt:
        click.echo("Stopped. Every sidecar is whole; the same command does the rest.", err=True)
        sys.exit(Exit.INTERRUPTED)
    sums = undo_summary(results)
    done = (
        f"{sums['restored']} restored, {sums['removed']} removed, {sums['left']} left as they are "
        f"of {sums['sidecars']} sidecars and {sums['dngs']} DNGs that autohdr wrote"
        f"{' (dry run, nothing was done)' if dry_run else ''}"
    )
    click.echo(json.dumps(sums) if as_json else done)
    sys.exit(Exit.FAILED if sums["left"] else Exit.DONE)


def _stop_at_once() -> NoReturn:
    """No sidecar is being written any more; threads that still decode are not waited for."""
    click.echo("Stopped. The same command goes on where it was.", err=True)
    sys.stdout.flush()
    os._exit(Exit.INTERRUPTED)
