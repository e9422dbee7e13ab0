"""`autohdr undo`: take back what autohdr wrote. Thin: all that it does is `autohdr.undo`."""

import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from autohdr.cli import lines, options
from autohdr.cli.commands import Command, interrupted
from autohdr.codes import Code
from autohdr.exits import Exit

if TYPE_CHECKING:
    from autohdr.sidecar import UndoResult


@click.command("undo", cls=Command, short_help="Take back what autohdr wrote, to the byte.")
@options.paths
@options.dry_run
@options.as_json
@options.quiet
def command(paths: tuple[Path, ...], dry_run: bool, as_json: bool, quiet: bool) -> None:
    """Take back what autohdr wrote, to the byte: into the sidecars and DNGs of PATHS (files, or folders searched in
    depth).

    Sidecars that autohdr made are removed; what somebody has changed since is left alone, and named.

    \b
    Example: autohdr undo ~/Pictures/wedding --dry-run

    Exit code 0: all undone; 2: wrong usage, or another run works there; 3: some are left as they are; 130: interrupted.
    """
    from autohdr import undo
    from autohdr.cli.console import printable

    def show(result: "UndoResult") -> None:
        if as_json:
            lines.show("file", {**asdict(result), "path": str(result.path)})
        elif not quiet or result.status == "left":
            click.echo(printable(f"{result.status}: {result.reason or result.path}"))

    try:
        results = undo(paths, dry_run=dry_run, on_result=show)
    except KeyboardInterrupt:
        interrupted("Stopped. Every sidecar is whole; the same command does the rest.", as_json=as_json)
    sums = _sums(results)
    done = (
        f"{sums['restored']} restored, {sums['removed']} removed, {sums['left']} left as they are "
        f"of {sums['sidecars']} sidecars and {sums['dngs']} DNGs that autohdr wrote"
        f"{' (dry run, nothing was done)' if dry_run else ''}"
    )
    if as_json:
        lines.show("summary", sums)
    else:
        click.echo(done)
    sys.exit(Exit.FAILED if sums["left"] else Exit.DONE)


def _sums(results: "list[UndoResult]") -> dict[str, Any]:
    """Plain JSON: how many sidecars and DNGs there are, and how many ended in each way."""
    ends = {status: sum(result.status == status for result in results) for status in ("restored", "removed", "left")}
    dngs = sum(result.path.suffix.lower() == ".dng" for result in results)
    code = Code.SOME_FAILED if ends["left"] else Code.DONE
    return {"code": code, "sidecars": len(results) - dngs, "dngs": dngs, **ends}
