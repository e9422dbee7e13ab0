"""What the verbs that learn from edits have to tell: the photos left out, and how well each slider was learnt."""

import math
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from autohdr.cli import lines
from autohdr.codes import Code

if TYPE_CHECKING:
    from autohdr.edits.left_out import LeftOut
    from autohdr.style.scores import SliderScore


def show_left_out(left_out: "Iterable[LeftOut]") -> None:
    """Prints a JSON line for each photo that is not learnt from."""
    for item in left_out:
        lines.show("left_out", {"path": str(item.path), "code": item.code, "reason": item.reason})


def show_notes(notes: Iterable[str]) -> None:
    """Prints a JSON line for each thing to know."""
    for sentence in notes:
        lines.show("note", {"code": Code.NOTE, "sentence": sentence})


def show_scores(scores: "Sequence[SliderScore]") -> None:
    """Prints a JSON line for each slider."""
    from autohdr.sliders import SLIDERS

    for slider, score in zip(SLIDERS, scores, strict=True):
        facts = {
            "key": score.key,
            "name": slider.name,
            "unit": slider.unit,
            "learnt": score.learnt,
            "photos": score.photos,
            "error": _finite(score.mae),
            "error_of_mean": _finite(score.mean_mae),
            "error_of_median": _finite(score.median_mae),
            "r2": _finite(score.r2),
        }
        lines.show("slider", facts)


def _finite(value: float) -> Any:
    """None where it is not known: JSON has no NaN."""
    return round(value, 5) if math.isfinite(value) else None
