"""`autohdr learn`: learn a photographer's style from edited photos. Thin: all that it does is `autohdr.learn`."""

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from autohdr.cli import learning, options
from autohdr.cli.commands import Command

if TYPE_CHECKING:
    from autohdr.style.learn import Learnt


@click.command("learn", cls=Command, short_help="Learn your style from photos that you have edited.")
@click.option("--style", required=True, type=options.FILE, help="The file that the style is written to.")
@options.edited_photos
def command(
    shoots: tuple[Path, ...],
    style: Path,
    as_json: bool,
    verbose: bool,
    **others: Any,
) -> None:
    """Learn your style from the photos of SHOOT... (RAW files, or folders searched in depth) that you have edited, and
    write it into a small file.

    Five edits are enough to begin, twenty are better. For each slider it prints how far off the style was on photos
    that it had not learnt from, and how far off your usual value would have been.

    \b
    Example: autohdr learn ~/Pictures/wedding --style wedding.style
    Then:    autohdr label ~/Pictures/wedding --style wedding.style

    Exit code 0: learnt; 2: wrong usage; 3: too few edits, or a file could not be written; 4: no engine or no model.
    """
    from autohdr import learn

    learnt = learn(shoots, style, **others)
    if as_json:
        learning.show_learnt(learnt, {})
    else:
        _show(learnt, shoots, verbose=verbose)


def _show(learnt: "Learnt", shoots: tuple[Path, ...], *, verbose: bool) -> None:
    from autohdr.cli.console import printable
    from autohdr.style.scores import beside_usual, table, what_was_learnt

    learning.print_found(learnt.used, learnt.left_out, learnt.notes, verbose=verbose)
    click.echo(beside_usual(learnt.scores))
    if verbose:
        click.echo(table(learnt.scores))
    click.echo(what_was_learnt(learnt.scores))
    learning.print_corrected(learnt.corrected, verbose=verbose)
    if learnt.moved is not None:
        click.echo(str(learnt.moved))
    click.echo(f"The style makes edits in {learnt.mode}, as yours are.")
    label = shlex.join(["autohdr", "label", *map(str, shoots), "--style", str(learnt.path)])
    click.echo(printable(f"Wrote {learnt.path}. Next: {label}"))
