"""Runs `autohdr bench develop`, which measures how near developing comes to Camera Raw."""

from pathlib import Path

import click

from autohdr.cli import lines, options
from autohdr.cli.commands import Command
from autohdr.codes import Code


@click.command("develop", cls=Command)
@click.argument("pictures", metavar="[PICTURES]...", nargs=-1, type=click.Path(path_type=Path))
@options.as_json
def develop(pictures: tuple[Path, ...], as_json: bool) -> None:
    """Compare developed pictures with Camera Raw's own values, control by control.

    Prints a row for each control, setting and set of values: the mean and the largest difference, beside what the best
    public source states for itself, and beside the picture without the setting; WORSE marks a row where that picture is
    nearer. Takes some seconds.

    With PICTURES it compares with those instead. Of JPEGs with a gain map that Lightroom or Camera Raw has written of
    HDR edits: SDR renditions made of their HDR ones, and each edit made of the picture of another of the same RAW file.
    Of DNGs: the photo developed, beside the preview that Adobe put in.

    \b
    Example: autohdr bench develop
    """
    if pictures:
        _with_pictures(pictures, as_json)
        return
    from autohdr_bench.develop.measure import measured, table

    rows = measured()
    if not as_json:
        click.echo(table(rows))
        return
    for row in rows:
        lines.show("row", {"code": Code.DONE, **row.to_dict()})
    missed = sum(row.reached is False for row in rows)
    worse = sum(row.worse_than_nothing is True for row in rows)
    lines.show("summary", {"code": Code.DONE, "rows": len(rows), "missed": missed, "worse_than_nothing": worse})


def _with_pictures(pictures: tuple[Path, ...], as_json: bool) -> None:
    from autohdr_bench.develop import previews, renderings
    from autohdr_bench.develop.gain_maps import read

    dngs = [path for path in pictures if path.suffix.lower() == ".dng"]
    photos = [previews.compared(path) for path in dngs]
    if photos and not as_json:
        click.echo(previews.table(photos))
    for photo in photos if as_json else ():
        lines.show("preview", {"code": Code.DONE, **photo.to_dict()})
    edits = [read(path, renderings.EDGE) for path in pictures if path not in dngs]
    if not edits and not as_json:
        return
    shoulders = [renderings.shoulder(edit) for edit in edits]
    rows = renderings.redeveloped(edits)
    if not as_json:
        click.echo(renderings.table(shoulders, rows))
        return
    for one in shoulders:
        lines.show("sdr", {"code": Code.DONE, **one.to_dict()})
    for row in rows:
        lines.show("edit", {"code": Code.DONE, **row.to_dict()})
    compared = len(photos) + len(shoulders) + len(rows)
    lines.show("summary", {"code": Code.DONE, "rows": compared, "missed": 0, "worse_than_nothing": 0})
