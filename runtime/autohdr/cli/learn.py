"""`autohdr learn`: learn a photographer's style from edited photos. Thin: all that it does is `autohdr.learn`."""

import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import click

from autohdr.cli import learning, lines, options
from autohdr.cli.commands import Command
from autohdr.codes import Code
from autohdr.words import Keep

if TYPE_CHECKING:
    from autohdr.style.learn import Learnt


@click.command("learn", cls=Command, short_help="Learn your style from photos that you have edited.")
@options.shoots
@click.option("--style", required=True, type=options.FILE, help="The file that the style is written to.")
@options.settings
@options.keep
@options.model
@options.engine
@options.threads
@options.prepared
@options.as_json
@options.name_all
def command(
    shoots: tuple[Path, ...],
    style: Path,
    settings: Path | None,
    keep: tuple[Keep, ...],
    model: Path | None,
    engine: str,
    threads: int | None,
    cache: Path | None,
    as_json: bool,
    verbose: bool,
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

    learnt = learn(
        shoots,
        style,
        model=model,
        settings=settings,
        keep=keep,
        engine=engine,
        threads=threads,
        cache=cache,
    )
    if as_json:
        _show_json(learnt)
    else:
        _show(learnt, shoots, verbose=verbose)


def _show(learnt: "Learnt", shoots: tuple[Path, ...], *, verbose: bool) -> None:
    from autohdr.cli.console import printable
    from autohdr.edits.left_out import how_to_keep, reasons
    from autohdr.style.scores import beside_usual, table, what_was_learnt

    left_out = f"; {len(learnt.left_out)} others are left out:" if learnt.left_out else "."
    click.echo(f"Learning from {learnt.used} edited photos{left_out}")
    for line in reasons(learnt.left_out, every=verbose):
        click.echo(printable(line))
    hint = how_to_keep(learnt.left_out)
    for note in [*learnt.notes, *([] if hint is None else [hint])]:
        click.echo(f"Note: {note}.")
    click.echo(beside_usual(learnt.scores))
    if verbose:
        click.echo(table(learnt.scores))
    click.echo(what_was_learnt(learnt.scores))
    if learnt.corrected:
        names = ", ".join(printable(path.name) for path in learnt.corrected)
        names = f": {names}" if verbose else " (-v names them)"
        click.echo(f"Learnt {len(learnt.corrected)} corrections of autohdr's labels{names}.")
    if learnt.moved is not None:
        click.echo(str(learnt.moved))
    click.echo(f"The style makes edits in {learnt.mode}, as yours are.")
    label = shlex.join(["autohdr", "label", *map(str, shoots), "--style", str(learnt.path)])
    click.echo(printable(f"Wrote {learnt.path}. Next: {label}"))


def _show_json(learnt: "Learnt") -> None:
    learning.show_left_out(learnt.left_out)
    learning.show_notes(learnt.notes)
    learning.show_scores(learnt.scores)
    lines.show("summary", {"code": Code.DONE, **learnt.to_dict()})
