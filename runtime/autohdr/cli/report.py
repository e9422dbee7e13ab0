"""`autohdr report`: put tables of labels together. Thin: all that it does is `autohdr.run.results.merge`."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from autohdr.cli import lines, options
from autohdr.cli.commands import Command
from autohdr.codes import Code
from autohdr.exits import Exit

if TYPE_CHECKING:
    from autohdr.run.results.merge import Different

NAMED = 20
"""Photos that are named without `--json`."""


@click.command("report", cls=Command, short_help="Put tables of labels together, as of several shards.")
@click.argument("out", type=options.FILE)
@click.argument("tables", metavar="TABLE...", nargs=-1, required=True, type=options.FILE)
@options.as_json
@options.quiet
def command(out: Path, tables: tuple[Path, ...], as_json: bool, quiet: bool) -> None:
    """Put tables together that `autohdr label --report` wrote, of several shards or of any runs, into the table OUT.

    Each TABLE, and OUT, is a .csv or a .jsonl. The photos come in the order of one run over all of them, and each is
    there once. Where tables say different things of a photo, both are told, and what the last of them says is kept.

    \b
    Example: autohdr report wedding.csv shard-1.csv shard-2.csv shard-3.csv

    Exit code 0: done; 2: wrong usage; 3: tables say different things of some photos, or one cannot be read.
    """
    from autohdr.cli.console import printable
    from autohdr.run.results.merge import merge

    told = 0

    def show(different: "Different") -> None:
        nonlocal told
        told += 1
        if as_json:
            named = [str(table) for table in different.tables]
            fields = {"path": different.path, "code": Code.DIFFERENT, "tables": named, "said": list(different.said)}
            lines.show("photo", fields)
        elif not quiet and told <= NAMED:
            said = zip(different.said, different.tables, strict=True)
            click.echo(
                printable(f"different: {different.path}: {', '.join(f'{one} in {where}' for one, where in said)}")
            )

    merged = merge(out, tables, show)
    ended = {status: merged.ended[status] for status in ("labelled", "skipped", "failed")}
    if as_json:
        code = Code.DIFFERENT if merged.different else Code.DONE
        counts = {"photos": merged.photos, **ended, "several": merged.several, "different": merged.different}
        lines.show("summary", {"code": code, "table": str(out), "tables": len(tables), **counts})
    else:
        if told > NAMED and not quiet:
            click.echo(f"and {told - NAMED} more")
        sums = ", ".join(f"{count} {status}" for status, count in ended.items())
        several = f" {merged.several} of them in several tables" if merged.several else ""
        words = f", {merged.different} in different words" if merged.different else ""
        of_them = f"{several}{words}." if several else ""
        click.echo(printable(f"{out} has {merged.photos} photos of {len(tables)} tables: {sums}.{of_them}"))
    sys.exit(Exit.FAILED if merged.different else Exit.DONE)
