"""`autohdr label`: label RAW files from the command line. Thin: all that it does is `autohdr.label`."""

import os
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn, get_args

import click

from autohdr.cli import lines, options
from autohdr.cli.commands import Command, interrupted, stop
from autohdr.exits import Exit
from autohdr.words import BATCH, DecoderName, Existing, Naming

if TYPE_CHECKING:
    from autohdr import Result
    from autohdr.run.results.notes import Note


@click.command("label", cls=Command, short_help="Write Lightroom's sliders for RAW photos.")
@click.version_option(package_name="autohdr")
@options.paths
@options.only
@options.root
@click.option("--style", type=options.FILE, help="A style of yours, a file that `autohdr learn` wrote.")
@options.model
@options.engine
@options.decoder
@click.option(
    "--existing",
    type=click.Choice(get_args(Existing)),
    default="skip",
    show_default=True,
    help="Photos that have edits of their own: leave them alone, add only what is missing, or replace the "
    "sliders, the mode and what else the style holds (the original is kept beside).",
)
@click.option(
    "--sidecar",
    type=click.Choice(get_args(Naming)),
    default="adobe",
    show_default=True,
    help="How sidecars are named: IMG_1.xmp as Adobe does, or IMG_1.CR2.xmp as darktable does.",
)
@click.option(
    "--embed/--no-embed",
    default=None,
    help="Where labels of DNGs go: into the DNGs, where Lightroom reads them, or into sidecars beside them.  "
    "[default: into the DNGs, beside them with --sidecar darktable]",
)
@click.option("--sdr", is_flag=True, help="Without a style: write SDR edits instead of HDR ones.")
@click.option("--only-sliders", is_flag=True, help="Leave out the style's preset: profile, curve, sharpening, ...")
@options.threads
@click.option(
    "--batch", type=click.IntRange(1), default=BATCH, show_default=True, help="Photos handed to the engine at once."
)
@options.cache
@click.option(
    "--mark",
    metavar="doubtful=LABEL",
    help="Give the photos that are unlike all edits of the style a colour label, as doubtful=Red, or a keyword, as "
    '"doubtful=keyword:check this".',
)
@click.option("--watch", is_flag=True, help="Label what is in the folders, and then what arrives there, until Ctrl-C.")
@click.option(
    "--shard",
    metavar="I/N",
    help="Label one of N parts, such as 2/5: the same photos wherever this is run, so that several machines share a "
    "shoot. Series stay together. `autohdr report` puts the tables together.",
)
@click.option(
    "--cluster",
    metavar="ray[:ADDRESS]",
    help="Label on the machines of a Ray cluster, which see the photos under the same names: the one at ADDRESS, such "
    "as ray:10.0.0.1:6379, ray:auto or ray://10.0.0.1:10001; without one, a cluster on this machine.",
)
@click.option("--dry-run", is_flag=True, help="Predict and show what would change, slider by slider; write nothing.")
@click.option("--report", type=options.FILE, help="Write the labels to a table, too: FILE.csv or FILE.jsonl.")
@click.option("--page", type=options.FILE, help="Make a page that shows the labels, too: a folder for `index.html`.")
@options.as_json
@options.quiet
@click.option("-v", "--verbose", is_flag=True, help="Print each photo's decoder, white balance and seconds, too.")
def command(
    paths: tuple[Path, ...],
    only: tuple[str, ...],
    root: tuple[str, ...],
    style: Path | None,
    model: Path | None,
    engine: str,
    decoder: DecoderName,
    existing: Existing,
    sidecar: Naming,
    embed: bool | None,
    sdr: bool,
    only_sliders: bool,
    threads: int | None,
    batch: int,
    cache: Path | None,
    mark: str | None,
    watch: bool,
    shard: str | None,
    cluster: str | None,
    dry_run: bool,
    report: Path | None,
    page: Path | None,
    as_json: bool,
    quiet: bool,
    verbose: bool,
) -> None:
    """Label the RAW files in PATHS (files, folders searched in depth, or Lightroom catalogs): write a Lightroom sidecar
    beside each, and labels of DNGs into the DNGs. A catalog is only read: its photos are labelled that it says nobody
    has edited, and Lightroom shows the labels after Metadata > Read Metadata from Files.

    \b
    Example: autohdr label ~/Pictures/wedding --dry-run
    Or:      autohdr label Lightroom.lrcat --only collection=Wedding --style wedding.style
    Or:      autohdr label s3://bucket/wedding --style wedding.style

    A run that was stopped goes on when the same command is given again. Ctrl-C finishes what is under way; Ctrl-C again
    stops at once.

    Exit code 0: all labelled or skipped; 2: wrong usage, or another run works there; 3: some photos failed or were not
    done, or none of a catalog is there; 4: no engine or no model; 130: interrupted.
    """
    from autohdr import label
    from autohdr.cli.show import line, summary
    from autohdr.run.results.table import UnwrittenError
    from autohdr.run.stop import stop_on_interrupt
    from autohdr.system.progress import Progress

    unwritten: UnwrittenError | None = None
    hidden = True if quiet else None  # None: where standard error is no terminal
    with (
        stop_on_interrupt() as interrupted,
        Progress(unit="RAW", disable=hidden, leave=False, dynamic_ncols=True) as bar,
    ):

        def start(photos: int) -> None:
            bar.total = photos
            bar.refresh()

        def note(told: "Note") -> None:
            if as_json:
                bar.write(lines.line("note", asdict(told)))
            elif not quiet:
                bar.write(told.sentence)

        def show(result: "Result") -> None:
            if as_json:
                bar.write(lines.line("photo", result.to_dict()))
                sys.stdout.flush()
            elif not quiet:  # the summary counts failures by kind, however many there are
                bar.write(line(result, dry_run=dry_run, verbose=verbose))
            bar.update()
            bar.set_postfix_str(f"{60 * (bar.format_dict['rate'] or 0):.0f} RAWs a minute", refresh=False)

        try:
            done = label(
                paths,
                only=only,
                root=root,
                style=style,
                model=model,
                engine=engine,
                decoder=decoder,
                existing=existing,
                sidecar=sidecar,
                embed=embed,
                sdr=sdr,
                only_sliders=only_sliders,
                threads=threads,
                batch=batch,
                dry_run=dry_run,
                cache=cache,
                report=report,
                page=page,
                watch=watch,
                shard=shard,
                cluster=cluster,
                mark=mark,
                stop=interrupted,
                on_start=start,
                on_note=note,
                on_result=show,
            )
        except UnwrittenError as error:
            done, unwritten = error.report, error
        except KeyboardInterrupt:
            _stop_at_once(as_json=as_json)
    if as_json:
        lines.show("summary", done.to_dict())
    else:
        click.echo(summary(done, paths, chosen=bool(only), dry_run=dry_run, page=page is not None, mark=mark))
    if verbose and not as_json:
        for other, reason in done.engine["passed_over"].items():
            click.echo(f"Engine {other} was passed over: {reason}")
    if unwritten is not None:
        stop(unwritten, as_json=as_json)
    if not as_json:
        _also_written(report, page if done.photos else None)
    if done.not_done and interrupted.is_set():
        sys.exit(Exit.INTERRUPTED)
    sys.exit(Exit.FAILED if done.count("failed") or done.not_done else Exit.DONE)


def _also_written(report: Path | None, page: Path | None) -> None:
    """Says where else the labels are."""
    if report is not None:
        click.echo(f"The labels are in {report}.")
    if page is not None:
        click.echo(f"The page is {page / 'index.html'}; open it in a browser.")


def _stop_at_once(*, as_json: bool) -> NoReturn:
    """No sidecar is being written any more; threads that still decode are not waited for."""
    try:
        interrupted("Stopped. The same command goes on where it was.", as_json=as_json)
    finally:
        sys.stdout.flush()
        os._exit(Exit.INTERRUPTED)
