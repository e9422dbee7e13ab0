"""What was learnt and what was not, in words for photographers, and what to do next."""

from collections import Counter
from collections.abc import Sequence

from autohdr.sliders import slider_of
from autohdr.style.confidence.scores import SliderScore, number, spelled
from autohdr.words import PICKED


def beside_usual(scores: Sequence[SliderScore]) -> str:
    """How far off each slider was on average, how far off the photographer's usual value would have been, and whether
    the style follows the photos.

    In words for photographers; a line a slider, below two that say what is in it. The usual value is the median.
    """
    wide = max(11, *(len(slider_of(row.key).name) + 1 for row in scores))
    lines = [
        "Average error on edits of yours that it had not learnt from (in brackets: the 90 % interval):",
        f"{'':{wide}}{'photos':>6}{'the style':>12}{'usual value':>13}",
    ]
    for row in scores:
        slider = slider_of(row.key)
        digits = slider.decimals or 1
        own, usual = (f"{number(value, digits)} {slider.unit:2}" for value in (row.mae, row.median_mae))
        lines.append(f"{slider.name:{wide}}{row.photos:>6}{own:>12}{usual:>13}  {spelled(row)}".rstrip())
    return "\n".join(lines)


def what_was_learnt(scores: Sequence[SliderScore]) -> str:
    """One line that names the sliders of each kind."""
    chance = {row.key for row in scores if row.by_chance}
    rows = [(slider_of(row.key).name, row.key in chance, row.verdict) for row in scores]
    kinds = {
        "Adapted to each photo": (False, "adapted"),
        "Adapted, perhaps by chance": (True, "adapted"),
        "Constant, as you have them": (False, "constant"),
        "Not learnt, your usual value in every photo": (False, "not learnt"),
    }
    named = {words: [name for name, *found in rows if tuple(found) == kind] for words, kind in kinds.items()}
    return " ".join(f"{words}: {', '.join(names)}." for words, names in named.items() if names)


def too_little_learnt(scores: Sequence[SliderScore]) -> str | None:
    """One sentence, where no more than half of the sliders that the photographer moves are surely learnt; else None."""
    kinds = Counter("by chance" if row.by_chance else row.verdict for row in scores)
    sure, chance, others = kinds["adapted"], kinds["by chance"], kinds["not learnt"]
    moves = sure + chance + others
    if not moves:
        return "You hardly move these sliders, so this style is a preset: it gives every photo your usual values."
    if moves == others:
        return (
            f"NOTHING WAS LEARNT: the style cannot tell from a photo how you set {_these(moves)}, so it is a preset: "
            "every photo gets your usual values."
        )
    if others + chance < sure:
        return None
    usual = f"{others} get your usual value in every photo" if others != 1 else "1 gets your usual value in every photo"
    better = f"{chance} may be better by chance alone"
    told = ", and ".join(part for part, count in ((usual, others), (better, chance)) if count)
    return f"{'MOSTLY NOT LEARNT' if sure else 'HARDLY ANYTHING WAS LEARNT'}: of {_these(moves)}, {told}."


def _these(count: int) -> str:
    return "the one slider that you move" if count == 1 else f"the {count} sliders that you move"


def what_next(scores: Sequence[SliderScore], left: int, folder: str = "FOLDER") -> str | None:
    """One sentence on what would help, where `too_little_learnt` has something to say; else None.

    Args:
        scores: each slider on photos that were not learnt from.
        left: photos that were found and nobody has edited yet.
        folder: how the shoot is named on the command line.
    """
    if too_little_learnt(scores) is None or {row.verdict for row in scores} <= {"constant", None}:
        return None
    if left >= PICKED:
        return (
            f"Next: edit {PICKED} more photos and learn again; this names those that tell most: autohdr pick {folder}"
        )
    others = {0: "", 1: "the other photo here, or "}.get(left, f"the {left} other photos here, or ")
    return f"Next: edit {others}photos of another shoot, and learn from all of them together."
