"""The product as it is: styles as `autohdr learn` learns them, and the network's own sliders."""

from collections.abc import Sequence

import numpy as np

from autohdr.model.info import ModelFile
from autohdr.sliders import to_values
from autohdr.style.fit import fit_and_score
from autohdr.style.points import Seen, to_copy
from autohdr.style.prior import Prior
from autohdr.style.split import shoot_groups
from autohdr_bench.labels.people.photos import Answer, Learner, Method, Photos, Problem


def default(model: ModelFile) -> Method:
    """The network's own sliders, whoever the photographer is."""

    def learner(problem: Problem) -> Answer:
        return Answer(to_values(model.head.answer(problem.others.features["network"][:, 0].astype(np.float32))))

    return lambda people: learner


def style(model: ModelFile) -> Method:
    """A style of the edits, with a look at them in other light, and sliders held that do not beat their median."""
    prior = Prior.of(model.prior)

    def learner(problem: Problem) -> Answer:
        captured = problem.edits.captured()
        groups = shoot_groups([problem.edits.person] * len(captured), captured)
        seen = _seen(problem.edits, problem.seed)
        fitted = fit_and_score(prior, seen, problem.edits.scaled, groups, captured, seed=problem.seed)
        scaled, errors = fitted.head.answer(problem.others.features["network"][:, 0])
        return Answer(to_values(scaled), errors)

    def method(people: Sequence[Photos]) -> Learner:
        return learner

    return method


def _seen(photos: Photos, seed: int) -> Seen:
    network = photos.features["network"]
    corrected = np.zeros(len(photos), dtype=bool)
    copies = np.full_like(network[:, 1:], np.nan)
    copied = to_copy(corrected, seed)
    copies[copied] = network[copied, 1:]
    return Seen(network[:, 0], copies, corrected, photos.shots)
