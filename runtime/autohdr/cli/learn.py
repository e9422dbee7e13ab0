"""`autohdr learn`: learn a photographer's style from edited photos. Thin: all that it does is `autohdr.learn`."""

import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from autohdr.cli import learning, options
from autohdr.cli.commands import Command

if TYPE_CHECKING:
    from autohdr.edits.preset import Preset
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
    """Learn your style from the photos of SHOOT... (RAW files, folders searched in depth, or Lightroom catalogs) that
    you have edited, and write it into a small file. A catalog is only read: its edits count, whatever sidecars say.

    Five edits are enough to begin, twenty are better. For each slider it prints how far off the style was on edits
    that it had not learnt from, how far off your usual value would have been, and which of three the slider is:
    adapted to each photo; constant, as you have it; or not learnt, so that every photo gets your usual value.

    \b
    Example: autohdr learn ~/Pictures/wedding --style wedding.style
    Then:    autohdr label ~/Pictures/wedding --style wedding.style
    Or:      autohdr learn Lightroom.lrcat --only collection=Wedding --style wedding.style

    Exit code 0: learnt; 2: wrong usage; 3: too few edits, or a file could not be written; 4: no engine or no model.
    """
    from autohdr import learn

    with learning.naming_left_out(verbose=verbose and not as_json):
        learnt = learn(shoots, style, **others)
    if as_json:
        learning.show_learnt(learnt, {}, () if learnt.lost is None else (learnt.lost,))
    else:
        _show(learnt, shoots, others["root"], verbose=verbose)


def _show(learnt: "Learnt", shoots: tuple[Path, ...], roots: tuple[str, ...], *, verbose: bool) -> None:
    from autohdr.cli.console import printable
    from autohdr.edits.left_out import style_of_the_others
    from autohdr.style.confidence.scores import table
    from autohdr.style.confidence.verdict import beside_usual, too_little_learnt, what_next, what_was_learnt

    learning.print_found(learnt.used, learnt.left_out, learnt.notes, verbose=verbose)
    if (others := style_of_the_others(learnt.left_out)) is not None:
        click.echo(f"Note: {others}.")
    click.echo(beside_usual(learnt.scores))
    if verbose:
        click.echo(table(learnt.scores))
    click.echo(what_was_learnt(learnt.scores))
    learning.print_corrected(learnt.corrected, verbose=verbose)
    if learnt.moved is not None:
        click.echo(str(learnt.moved))
    click.echo(f"The style makes edits in {learnt.mode}, as yours are.")
    for told in _preset(learnt.style.preset):
        click.echo(printable(told))
    if learnt.lost is not None:
        click.secho(f"Note: {learnt.lost}.", bold=True)
    named = shlex.join([*map(str, shoots), *(word for root in roots for word in ("--root", root))])
    label = f"autohdr label {named} --style {shlex.quote(str(learnt.path))}"
    warning, advice = too_little_learnt(learnt.scores), what_next(learnt.scores, learnt.unedited, named)
    click.echo(printable(f"Wrote {learnt.path}. {'To label' if advice else 'Next'}: {label}"))
    for sentence in ("", warning, advice) if warning else ():
        if sentence is not None:
            click.secho(printable(sentence), bold=True)


def _preset(preset: "Preset") -> Iterator[str]:
    """Sentences on what the edits have in common beside the sliders."""
    if words := preset.words():
        yield f"Written with every label: {', '.join(words)}; autohdr label --only-sliders leaves it out."
    if preset.camera is not None:
        yield f"Note: the profile is of the camera {preset.camera}, and is written for photos of that camera alone."
    if preset.left_out:
        yield f"Alike in your edits and not written: {'; '.join(preset.left_out)}."
