"""`autohdr page`: show a shoot before and after its edits, in a browser. Thin: all that it does is `autohdr.page`."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from autohdr.cli import lines, options
from autohdr.cli.commands import Command
from autohdr.codes import Code
from autohdr.exits import Exit
from autohdr.words import PIXELS, PIXELS_FROM, PIXELS_TO, DecoderName

if TYPE_CHECKING:
    from autohdr.review.entry import Entry
    from autohdr.review.page import Review


@click.command("page", cls=Command, short_help="Show a shoot before and after its edits.")
@options.paths
@click.option("--out", type=options.FILE, required=True, help="Folder of the page; it must be empty, or this page's.")
@click.option(
    "--pixels",
    type=click.IntRange(PIXELS_FROM, PIXELS_TO),
    default=PIXELS,
    show_default=True,
    help="Longer side of the large pictures.",
)
@options.decoder
@options.threads
@options.as_json
@options.quiet
def command(
    paths: tuple[Path, ...],
    out: Path,
    pixels: int,
    decoder: DecoderName,
    threads: int | None,
    as_json: bool,
    quiet: bool,
) -> None:
    """Make a page of the RAW files in PATHS (files, or folders searched in depth) that a browser opens from the disk:
    each photo before and after the develop settings that it has now, autohdr's or yours.

    The pictures are an approximation of Camera Raw. Nothing is written beside the photos.

    \b
    Example: autohdr page ~/Pictures/wedding --out ~/Desktop/wedding-page

    Exit code 0: all are shown; 2: wrong usage, or another run writes this page; 3: some photos failed or were not done,
    or the page cannot be written; 130: interrupted, and the page shows what was done.
    """
    from autohdr import page
    from autohdr.cli.console import printable
    from autohdr.run.stop import stop_on_interrupt
    from autohdr.system.progress import Progress

    hidden = True if quiet else None  # None: where standard error is no terminal
    with (
        stop_on_interrupt() as interrupted,
        Progress(unit="RAW", disable=hidden, leave=False, dynamic_ncols=True) as bar,
    ):

        def start(photos: int) -> None:
            bar.total = photos
            bar.refresh()

        def show(entry: "Entry") -> None:
            if as_json:
                status = "shown" if entry.failed is None else "failed"
                told = {
                    "path": str(entry.path),
                    "status": status,
                    "code": entry.code or Code.SHOWN,
                    "reason": entry.failed,
                }
                bar.write(lines.line("photo", {**told, "whose": entry.whose, "change": entry.change}))
                sys.stdout.flush()
            elif entry.failed is not None:
                bar.write(printable(f"failed: {entry.failed}"))
            bar.update()

        done = page(
            paths, out, pixels=pixels, decoder=decoder, threads=threads, stop=interrupted, on_start=start, on_entry=show
        )
    if as_json:
        lines.show("summary", done.to_dict())
    else:
        click.echo(printable(_summary(done, paths)))
    if done.not_done and interrupted.is_set():
        sys.exit(Exit.INTERRUPTED)
    sys.exit(Exit.FAILED if done.failed or done.not_done else Exit.DONE)


def _summary(done: "Review", paths: tuple[Path, ...]) -> str:
    if done.index is None:
        return (
            f"No RAW files in {', '.join(map(str, paths))}, so there is no page; expected files such as IMG_1.CR3, "
            ".NEF, .ARW, .RAF or .DNG."
        )
    ended = "" if done.stopped is None else f" The run ended early: {done.stopped}."
    not_done = f", {done.not_done} not done" if done.not_done else ""
    shown = len(done.entries) - done.failed
    return (
        f"{shown} shown, {done.failed} failed{not_done} of {done.photos} photos in {done.seconds:.1f} s; open "
        f"{done.index} in a browser.{ended}"
    )
