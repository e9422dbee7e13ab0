"""`autohdr pick`: name the photos to edit first. Thin: all that it does is `autohdr.pick`."""

from pathlib import Path
from typing import Any

import click

from autohdr.cli import learning, lines, options
from autohdr.cli.commands import Command
from autohdr.codes import Code
from autohdr.words import PICKED


@click.command("pick", cls=Command, short_help="Name the photos that are worth editing first.")
@click.option("--count", type=click.IntRange(1), default=PICKED, show_default=True, help="How many photos.")
@options.edited_photos
def command(
    shoots: tuple[Path, ...],
    count: int,
    as_json: bool,
    verbose: bool,
    **others: Any,
) -> None:
    """Name the photos of SHOOT... (RAW files, folders searched in depth, or Lightroom catalogs) that are worth editing
    first: those whose edits say most about how you would edit all the others. One line each, the most useful first.

    Edits that `autohdr learn` would learn from count, and no photo that is edited is named. Of a burst, photos taken
    within ten seconds, one is named as long as there are others; and days that look alike are asked for as well.

    \b
    Example: autohdr pick ~/Pictures/wedding --count 20

    Exit code 0: named; 2: wrong usage; 3: no photo could be read; 4: no engine or no model.
    """
    from autohdr import pick
    from autohdr.cli.console import printable
    from autohdr.edits.left_out import reasons

    with learning.naming_left_out(verbose=verbose and not as_json):
        picked = pick(shoots, count, **others)
    if as_json:
        learning.show_left_out(picked.left_out)
        for photo in picked.photos:
            lines.show("photo", {"path": str(photo), "code": Code.WORTH_EDITING})
        sums = {"photos": picked.found, "edited": picked.edited, "picked": len(picked.photos)}
        lines.show("summary", {"code": Code.DONE, **sums})
        return
    if picked.left_out:
        photos = "1 photo" if len(picked.left_out) == 1 else f"{len(picked.left_out)} photos"
        click.echo(f"{photos} cannot be learnt from now:", err=True)
    for text in reasons(picked.left_out, every=verbose):
        click.echo(printable(text), err=True)
    next_step = "edit these first:" if len(picked.photos) == count else "these are all that are left to edit:"
    next_step = next_step if picked.photos else "none is left to edit"
    click.echo(f"{picked.found} photos, {picked.edited} of them edited; {next_step}", err=True)
    for photo in picked.photos:
        click.echo(str(photo))
