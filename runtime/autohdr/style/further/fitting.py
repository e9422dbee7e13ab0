"""Fits the further sliders to edits, and scores them on edits that were left out.

Two experts say what a slider is to be: its usual value, and a process over people, of which only sizes are known: those
of the eight sliders on average (`experts.people`). What all people do alike with these sliders nobody has measured, so
it is nothing. How far a photographer moves a slider, and how consistently, is taken from the edits: of a few processes
with less noise the one that errs least on edits that were left out. The two experts are mixed as those of the eight.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from autohdr.sliders import Slider as Scale
from autohdr.sliders import limits_of
from autohdr.style.confidence.scores import SliderScore, in_use, mean_label, median_label, score
from autohdr.style.experts.combine import TYPICAL, moved, ordinary, without
from autohdr.style.experts.mixing import EXPERTS, MIXES, Slider, mix
from autohdr.style.experts.people import People, days_of
from autohdr.style.experts.process import Edits, Process, Said, solve
from autohdr.style.further.inputs import PLACES, SPREAD, USUAL
from autohdr.style.further.labels import SLIDERS, TEMPERATURE, TINT
from autohdr.style.further.model import Further
from autohdr.style.points import CORRECTED, some
from autohdr.style.split import moments
from autohdr.system.one_thread import one_thread

Array = NDArray[np.float64]
Rows = NDArray[np.int64]

MOST = 250
"""Edits that the process remembers; of more, all corrections and a random choice of the others."""
NOISE = (1.0, 0.25, 0.06)
"""Shares of the eight sliders' noise: how consistent photographers may be."""
_BY_SLIDER = ("slope", "level", "weights", "offsets", "straight", "curved", "other", "directions", "spike")
"""Arrays of a process that begin with its sliders."""


@dataclass(frozen=True, slots=True, eq=False)
class FittedFurther:
    """A style's function of the further sliders, and how good it is."""

    further: Further
    scores: tuple[SliderScore, ...]


def fit_further(
    labels: Array, descriptions: Array, captured: Array, corrected: NDArray[np.bool_], people: People
) -> FittedFurther | None:
    """Fits those of the further sliders that edits move.

    Args:
        labels: (N, 16), as of `labels.labels_of`.
        descriptions: (N, D), over `inputs.PLACES`.
        captured: (N,), seconds, NaN where unknown.
        corrected: (N,), edits that are corrections of autohdr's labels.
        people: what is known of the eight sliders.

    Returns:
        None where no edit moves any of them.
    """
    sliders = [slider for slider, used in zip(SLIDERS, in_some_edit(labels), strict=True) if used]
    if not sliders:
        return None
    labels = labels[:, [SLIDERS.index(slider) for slider in sliders]]
    limits, together = limits_of(sliders), moments(captured)
    scaled = labels / limits
    usual, mean = (limits * without(label, scaled, together, limits) for label in (median_label, mean_label))
    kept = some(len(labels), MOST, 0, corrected)
    units = _units(labels, people)
    with one_thread():
        process, alone = _process(labels[kept] / units, descriptions[kept], captured[kept], corrected[kept], people)
    from_people = usual.copy()
    from_people[kept] = np.where(np.isfinite(alone.expected), alone.expected * units, usual[kept])
    shares, left_out = _mixed(usual, from_people, labels, people, sliders)
    scores = score(left_out, scaled, mean, usual, shares[:, 0] < 1.0, sliders)
    errors = _errors(left_out, labels, units, people)
    keys, own = tuple(slider.key for slider in sliders), np.nan_to_num(median_label(scaled, limits))
    further = Further(keys, process, units, shares, own, errors, ordinary(alone))
    return FittedFurther(further, tuple(scores))


def in_some_edit(labels: Array) -> list[bool]:
    """Which of `labels.SLIDERS` are not at their default in some edit (N, 16); Temperature and Tint go together."""
    defaults = np.array([slider.default for slider in SLIDERS])
    steps = np.array([slider.step for slider in SLIDERS])
    away = np.abs(np.where(np.isfinite(labels), labels, defaults) - defaults) > 0.5 * steps
    used = {slider.key: bool(one) for slider, one in zip(SLIDERS, away.any(axis=0), strict=True)}
    used[TEMPERATURE] = used[TINT] = used[TEMPERATURE] or used[TINT]
    return [used[slider.key] for slider in SLIDERS]


def people_of(people: People, center: Array, noise: float) -> People:
    """What is expected of S further sliders whose levels are expected at `center` (S,): the mean sizes of the eight."""
    count, width = len(center), len(people.mean) + len(USUAL)

    def alike(values: Array) -> Array:
        return np.broadcast_to(values.mean(axis=0), (count, *values.shape[1:])).copy()

    def groups(values: Array) -> Array:
        """Takes the mean over the groups for each group that only further sliders know."""
        known = alike(values)
        beside = np.repeat(known.mean(axis=1, keepdims=True), len(PLACES) - known.shape[1], axis=1)
        return np.concatenate([known, beside], axis=1)

    return replace(
        people,
        mean=np.concatenate([people.mean, USUAL]),
        deviation=np.concatenate([people.deviation, SPREAD]),
        center=center,
        slope=np.zeros((count, width)),
        unsure=np.zeros((count, width, width)),
        linear=groups(people.linear),
        curved=groups(people.curved),
        level=alike(people.level),
        day=alike(people.day),
        noise=noise * alike(people.noise),
    )


def _units(labels: Array, people: People) -> Array:
    """How far the photographer moves each slider (S,), as a share of what a process of these sizes moves it."""
    own = people.linear.mean(axis=0).sum() + people.curved.mean(axis=0).sum() + people.day.mean() + people.noise.mean()
    spread = np.array([column[np.isfinite(column)].std() if np.isfinite(column).any() else 0.0 for column in labels.T])
    return np.maximum(spread, 1.0) / np.sqrt(own)


def _process(
    labels: Array, descriptions: Array, captured: Array, corrected: NDArray[np.bool_], people: People
) -> tuple[Process, Said]:
    """Finds for each slider the process, of those of `NOISE`, that errs least, and what it says of edits left out."""
    doubt = np.where(corrected, CORRECTED, 1.0)
    edits = Edits(descriptions, days_of(captured), labels, doubt, moments(captured))
    center = np.nan_to_num(median_label(labels, np.ones(labels.shape[1])))
    solved = [solve(people_of(people, center, noise), edits, PLACES) for noise in NOISE]
    errors = np.stack([np.nansum(np.abs(one.left_out.expected - labels), axis=0) for one in solved])
    best = errors.argmin(axis=0)
    named = {name: _of_each((getattr(one.process, name) for one in solved), best) for name in _BY_SLIDER}
    said = (_of_each((getattr(one.left_out, name).T for one in solved), best).T for name in Said._fields)
    return replace(solved[0].process, **named), Said(*said)


def _of_each(arrays: Iterable[Array], best: Rows) -> Array:
    """Takes for each slider its row of the array, of several (S, ...), that is best for it."""
    every = list(arrays)
    return np.stack([every[one][slider] for slider, one in enumerate(best)])


def _mixed(
    usual: Array, from_people: Array, labels: Array, people: People, columns: Sequence[Scale]
) -> tuple[Array, Array]:
    """Shares (S, 2) of the two experts, and what the mix says of each edit left out (N, S); a slider that the
    photographer hardly moves is its usual value."""
    sliders: Sequence[int] = range(labels.shape[1])
    shares, left_out = np.tile([1.0, 0.0], (len(sliders), 1)), usual.copy()
    known = {slider: np.isfinite(labels[:, slider]) for slider in sliders}
    used = in_use(labels / limits_of(columns), columns)
    followed = [slider for slider in sliders if used[slider] and moved(labels[known[slider], slider])]
    others = MIXES[:, [EXPERTS.index("auto"), EXPERTS.index("network")]].any(axis=1)
    worth = np.where(others, np.inf, people.worth.mean(axis=0))
    told = []
    for slider in followed:
        experts = np.stack([usual[:, slider], from_people[:, slider], usual[:, slider], usual[:, slider]])
        told.append(Slider(experts[:, known[slider]], labels[known[slider], slider], worth))
    for slider, found in zip(followed, mix(told) if told else [], strict=True):
        shares[slider] = found.shares[:2]
        left_out[known[slider], slider] = found.left_out
    return shares, left_out


def _errors(left_out: Array, labels: Array, units: Array, people: People) -> Array:
    """Mean absolute errors (S,) to be expected: of edits left out, and of people's usual value as if it were some edits
    more."""
    errors = np.abs(left_out - labels)
    count = np.isfinite(errors).sum(axis=0)
    typical = TYPICAL * people.error.mean() * units
    return np.asarray(people.widening[0] * (np.nansum(errors, axis=0) + typical) / (count + TYPICAL))
