"""The product as it is: styles as `autohdr learn` learns them, whole or without a part, and the network's sliders."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from autohdr.model.info import ModelFile
from autohdr.sliders import to_values
from autohdr.style.description import EXPOSURE, GROUPS
from autohdr.style.experts.combine import Network, combine
from autohdr.style.experts.mixing import EXPERTS, MIXES
from autohdr.style.experts.people import People, load
from autohdr.style.experts.prior import Prior
from autohdr.style.fit import fit_network
from autohdr.style.points import Seen, to_copy
from autohdr.style.split import shoot_groups
from autohdr_bench.labels.people.photos import Answer, Learner, Method, Photos, Problem
from autohdr_train.people.learning import FEWEST, Person, Trial, learn_people, trials

_KEPT = 64
"""Fitted experts that are kept: more than a cell has draws."""

Changed = Callable[[People], People]
"""A part taken away from what is known of people."""


def default(model: ModelFile) -> Method:
    """The network's own sliders, whoever the photographer is, with the errors that it states."""

    def learner(problem: Problem) -> Answer:
        scaled = model.head.answer(problem.others.features["network"][:, 0].astype(np.float32))
        return Answer(to_values(scaled), model.head.errors(scaled))

    return lambda people: learner


def _without(expert: str) -> Changed:
    """Mixes that an expert has a share in are ruled out."""
    used = MIXES[:, EXPERTS.index(expert)] > 0
    return lambda people: replace(people, worth=np.where(used, np.inf, people.worth))


def _unmixed(people: People) -> People:
    """The process over people alone, whatever the edits say of it."""
    alone = MIXES[:, EXPERTS.index("people")] == 1
    return replace(people, worth=np.where(alone, people.worth, np.inf))


def _without_exposure(people: People) -> People:
    """Nothing is told of ISO, aperture, time and compensation."""
    deviation = people.deviation.copy()
    deviation[GROUPS[EXPOSURE]] = 0.0
    return replace(people, deviation=deviation)


def _without_prior(people: People) -> People:
    """Nothing is known of what all people do alike, nor of what mixes are worth to them."""
    return replace(people, slope=np.zeros_like(people.slope), worth=np.ones_like(people.worth))


PARTS: dict[str, Changed] = {
    "without people": _without("people"),
    "without auto": _without("auto"),
    "without network": _without("network"),
    "without exposure": _without_exposure,
    "without prior": _without_prior,
    "without the mix": _unmixed,
}
"""What a style is without some part of it."""


def styles(model: ModelFile) -> dict[str, Method]:
    """Styles of the edits, with what is known of the other people: whole, and without some part of it."""
    known = _Known(Prior.of(model.prior))
    changes: dict[str, Changed] = {"autohdr": lambda people: people, **PARTS}
    return {name: known.method(change) for name, change in changes.items()}


class _Known:
    """What is known over people, learnt once for every group of people that is asked about, and the network's expert,
    fitted once for all that only combine it in another way."""

    def __init__(self, prior: Prior) -> None:
        self.prior = prior
        self._trials: dict[bytes, list[Trial]] = {}
        self._people: dict[bytes, People] = {}
        self._networks: dict[bytes, Network] = {}

    def method(self, change: Changed) -> Method:
        def method(people: Sequence[Photos]) -> Learner:
            known = change(self._of([photos for photos in people if len(photos) >= FEWEST]))

            def learner(problem: Problem) -> Answer:
                edits, others, network = problem.edits, problem.others, self._network(problem)
                made = combine(known, network, _seen(edits, problem.seed), edits.scaled, edits.captured()).blend
                answer = made.answer(others.features["network"][:, 0], others.described, others.captured())
                return Answer(to_values(answer[0]), answer[1])

            return learner

        return method

    def _network(self, problem: Problem) -> Network:
        """What `autohdr.style.fit.fit_and_score` gives `combine`."""
        edits, captured = problem.edits, problem.edits.captured()
        told = (edits.features["network"], edits.labels, captured)
        key = b"".join(numbers.tobytes() for numbers in told) + str(problem.seed).encode()
        if key not in self._networks:
            groups = shoot_groups([edits.person] * len(captured), captured)
            seen = _seen(edits, problem.seed)
            made = fit_network(self.prior, seen, edits.scaled, groups, captured, seed=problem.seed)
            if len(self._networks) >= _KEPT:
                del self._networks[next(iter(self._networks))]
            self._networks[key] = made
        return self._networks[key]

    def _of(self, people: Sequence[Photos]) -> People:
        keys = [photos.person.encode() + photos.described.tobytes() for photos in people]
        whole = b"".join(keys)
        if len(people) < 2:
            return load()
        if whole not in self._people:
            persons = [_person(photos) for photos in people]
            for key, person in zip(keys, persons, strict=True):
                if key not in self._trials:
                    self._trials[key] = trials([person], self.prior)[person.name]
            tried = {person.name: self._trials[key] for key, person in zip(keys, persons, strict=True)}
            self._people[whole] = learn_people(persons, tried)
        return self._people[whole]


def _person(photos: Photos) -> Person:
    return Person(photos.person, photos.scaled, _seen(photos, 0), photos.captured())


def _seen(photos: Photos, seed: int) -> Seen:
    network = photos.features["network"]
    corrected = np.zeros(len(photos), dtype=bool)
    copies = np.full_like(network[:, 1:], np.nan)
    copied = to_copy(corrected, seed)
    copies[copied] = network[copied, 1:]
    return Seen(network[:, 0], copies, corrected, photos.described)
