"""The ways to learn that are compared. A new one is a function and one line in `METHODS`.

A method is given the edits of everybody but the person who is scored, and gives a learner; the learner is given a
`Problem` and gives an `Answer` (`photos`). What a method learns over people must come from there.
"""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from autohdr.model.info import ModelFile
from autohdr.sliders import LIMITS, to_values
from autohdr.style.confidence.scores import mean_label, median_label
from autohdr.style.description import EXPOSURE, GROUPS, TONES
from autohdr_bench.labels import baselines
from autohdr_bench.labels.people import product
from autohdr_bench.labels.people.photos import Answer, Learner, Method, Photos, Problem

Array = NDArray[np.float64]

MEDIAN, MEAN = "median", "mean"
"""What errors and R2 are measured against."""


def _constant(label: Callable[[Array], Array]) -> Method:
    """Every photo gets one value, 0 where no edit has any."""

    def learner(problem: Problem) -> Answer:
        values = np.nan_to_num(label(problem.edits.scaled))
        return Answer(np.tile(values, (len(problem.others), 1)))

    return lambda people: learner


def _nothing(problem: Problem) -> Answer:
    return Answer(np.zeros((len(problem.others), len(LIMITS))))


def _auto(problem: Problem) -> Answer:
    return Answer(problem.others.features["auto"])


def _auto_and_offset(problem: Problem) -> Answer:
    offset = median_label((problem.edits.labels - problem.edits.features["auto"]) / LIMITS)
    return Answer(problem.others.features["auto"] + np.nan_to_num(offset))


def _algebra(regression: baselines.Regression, numbers: Callable[[Photos], Array]) -> Method:
    """A regression on some numbers of the photos; what is missing of them is the median of the edits'."""

    def learner(problem: Problem) -> Answer:
        own, others = numbers(problem.edits), numbers(problem.others)
        known = np.isfinite(own)
        usual = np.array(
            [np.median(column[row]) if row.any() else 0.0 for column, row in zip(own.T, known.T, strict=True)]
        )
        own, others = (np.where(np.isfinite(values), values, usual) for values in (own, others))
        return Answer(to_values(regression(own, problem.edits.scaled, others)))

    return lambda people: learner


def tones(photos: Photos) -> Array:
    """Statistics (N, 18) of brightness and colour."""
    return photos.described[:, GROUPS[TONES]]


def triangle(photos: Photos) -> Array:
    """The exposure triangle (N, 5): log2 of the light that it is right for, of ISO, f-number and time, and
    compensation; NaN where not known."""
    return photos.described[:, GROUPS[EXPOSURE]]


def _everybody(learner: Learner) -> Method:
    def method(people: Sequence[Photos]) -> Learner:
        return learner

    return method


def methods(model: ModelFile) -> dict[str, Method]:
    """All methods by name, in the order of the tables; the product's are by this network."""
    return {
        MEDIAN: _constant(median_label),
        MEAN: _constant(mean_label),
        "nothing": _everybody(_nothing),
        "auto": _everybody(_auto),
        "auto+offset": _everybody(_auto_and_offset),
        "triangle": _algebra(baselines.gaussian_process, triangle),
        "ridge": _algebra(baselines.ridge, tones),
        "gp": _algebra(baselines.gaussian_process, tones),
        "default": product.default(model),
        **product.styles(model),
    }
