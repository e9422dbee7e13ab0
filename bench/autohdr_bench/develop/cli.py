"""`autohdr bench develop`: how near developing comes to Camera Raw, from the command line."""

import click

from autohdr.cli import lines, options
from autohdr.cli.commands import Command
from autohdr.codes import Code


@click.command("develop", cls=Command)
@options.as_json
def develop(as_json: bool) -> None:
    """Compare developed pictures with Camera Raw's own values, control by control.

    Prints a row for each control, setting and set of values: the mean and the largest difference, beside what the best
    public source states for itself, and beside the picture without the setting. Takes some seconds.

    \b
    Example: autohdr bench develop
    """
    from autohdr_bench.develop.measure import measured, table

    rows = measured()
    if not as_json:
        click.echo(table(rows))
        return
    for row in rows:
        lines.show("row", {"code": Code.DONE, **row.to_dict()})
    missed = sum(row.reached is False for row in rows)
    lines.show("summary", {"code": Code.DONE, "rows": len(rows), "missed": missed})
