"""What the verbs that learn from edits have to tell: the photos left out, and how well each slider was learnt."""

import contextlib
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import click

from autohdr.cli import lines
from autohdr.codes import Code

if TYPE_CHECKING:
    from autohdr.edits.left_out import LeftOut
    from autohdr.style.confidence.scores import SliderScore


class LearntOne(Protocol):
    """The result of a verb that learns, as far as it is printed."""

    @property
    def left_out(self) -> "tuple[LeftOut, ...]": ...
    @property
    def notes(self) -> tuple[str, ...]: ...
    @property
    def scores(self) -> "Sequence[SliderScore]": ...
    def to_dict(self) -> dict[str, Any]: ...


def show_left_out(left_out: "Iterable[LeftOut]") -> None:
    """Prints a JSON line for each photo that is not learnt from."""
    for item in left_out:
        lines.show("left_out", {"path": str(item.path), "code": item.code, "reason": item.reason})


def _show_scores(scores: "Sequence[SliderScore]") -> None:
    """Prints a JSON line for each slider."""
    from autohdr.sliders import slider_of

    for score in scores:
        slider = slider_of(score.key)
        facts = {
            "key": score.key,
            "name": slider.name,
            "unit": slider.unit,
            "learnt": score.learnt,
            "verdict": score.verdict,
            "photos": score.photos,
            "error": _finite(score.mae),
            "error_of_mean": _finite(score.mean_mae),
            "error_of_median": _finite(score.median_mae),
            "usual": _finite(score.usual),
            "gain": _finite(score.gain),
            "gain_low": _finite(score.gain_low),
            "gain_high": _finite(score.gain_high),
            "r2": _finite(score.r2),
        }
        lines.show("slider", facts)


def _finite(value: float) -> Any:
    """Returns a number for JSON, which has no NaN: None where it is not known."""
    return round(value, 5) if math.isfinite(value) else None


def print_found(used: int, left_out: "Sequence[LeftOut]", notes: Sequence[str], *, verbose: bool) -> None:
    """Prints what was learnt from, what was not and why, and what to know of it."""
    from autohdr.cli.console import printable
    from autohdr.edits.left_out import how_to_keep, reasons

    others = "1 other is" if len(left_out) == 1 else f"{len(left_out)} others are"
    click.echo(
        f"Learning from {used} edited photo{'' if used == 1 else 's'}{f'; {others} left out:' if left_out else '.'}"
    )
    for text in reasons(left_out, every=verbose):
        click.echo(printable(text))
    hint = how_to_keep(left_out)
    for note in [*notes, *([] if hint is None else [hint])]:
        click.echo(f"Note: {note}.")


@contextlib.contextmanager
def naming_left_out(*, verbose: bool) -> Iterator[None]:
    """Names every photo that is left out where a block finds too little to learn from, if `verbose`."""
    from autohdr.cli.console import printable
    from autohdr.edits.left_out import TooLittleError, reasons

    try:
        yield
    except TooLittleError as error:
        for text in reasons(error.left_out, every=True) if verbose else ():
            click.echo(printable(text), err=True)
        raise


def print_corrected(corrected: Sequence[Path], *, verbose: bool) -> None:
    """Prints how many corrections of autohdr's labels were learnt, where there are any."""
    from autohdr.cli.console import printable

    if corrected:
        names = ", ".join(printable(path.name) for path in corrected)
        names = f": {names}" if verbose else " (-v names them)"
        click.echo(
            f"Learnt {len(corrected)} correction{'' if len(corrected) == 1 else 's'} of autohdr's labels{names}."
        )


def show_learnt(learnt: LearntOne, facts: Mapping[str, Any], notes: Iterable[str] = ()) -> None:
    """Prints the JSON lines of a verb that learns; `notes` are its own, and `facts` in the last of them."""
    show_left_out(learnt.left_out)
    for sentence in (*learnt.notes, *notes):
        lines.show("note", {"code": Code.NOTE, "sentence": sentence})
    _show_scores(learnt.scores)
    lines.show("summary", {"code": Code.DONE, **learnt.to_dict(), **facts})
