"""What photographers have in common is learnt from their edits, and helps with the next one."""

from dataclasses import replace

import numpy as np
import pytest

from autohdr.style.description import COUNT, GROUPS
from autohdr.style.experts.combine import Network, combine
from autohdr.style.experts.head import StyleHead
from autohdr.style.experts.mixing import EXPERTS, MIXES
from autohdr.style.experts.people import UNITS, People
from autohdr.style.experts.process import Edits, solve
from autohdr.style.points import Seen
from autohdr_train.people.learning import Array, Person, Trial, learn_people
from autohdr_train.people.sizes import Known, learn_sizes, shared_slopes

BRIGHT = 3
"""The number of a description that people answer to."""


def person(name: str, slope: float, level: float, count: int = 40) -> Person:
    """Exposure answers to one number, by a slope and about a level; Shadows are a whim, the others one value."""
    random = np.random.default_rng([*name.encode()])
    described = random.standard_normal((count, COUNT))
    labels = np.tile(0.1 * random.standard_normal(8), (count, 1))
    labels[:, 0] = (level + slope * described[:, BRIGHT] + 0.1 * random.standard_normal(count)) * UNITS[0]
    labels[:, 3] = random.standard_normal(count) * UNITS[3]
    features = np.zeros((count, 2))
    seen = Seen(features, np.full((count, 2, 2), np.nan), np.zeros(count, dtype=bool), described)
    return Person(name, labels, seen, 86400.0 * np.arange(float(count)))


def nobody(count: int) -> Network:
    """A network's expert that says nothing."""
    column = np.zeros((8, 1))
    head = StyleHead(np.zeros((8, 2)), np.zeros(8), column, np.zeros((1, 2)), column, column)
    return Network(head, np.full((count, 8), np.nan))


def tried(one: Person, count: int = 6) -> list[Trial]:
    return [Trial(one.of(np.arange(count)), one.of(np.arange(count, len(one))), nobody(count))]


@pytest.fixture(scope="module")
def everybody() -> list[Person]:
    levels = np.random.default_rng(1).normal(0, 0.5, 6)
    return [person(f"P{number}", -0.5, level) for number, level in enumerate(levels)]


@pytest.fixture(scope="module")
def people(everybody: list[Person]) -> People:
    return learn_people(everybody, {one.name: tried(one) for one in everybody})


def test_what_all_do_alike_is_a_slope(people: People) -> None:
    assert people.slope[0, BRIGHT] == pytest.approx(-0.5, abs=0.06)
    others = np.delete(people.slope[0], BRIGHT)
    assert np.abs(others).max() < 0.1
    assert np.abs(people.slope[3]).max() < 0.25
    assert people.noise[0] < 0.1 < people.noise[3]


def test_two_edits_of_another_person_are_then_enough(people: People) -> None:
    """With a slope like everybody's, only the level is left to learn."""
    other = person("another", -0.5, 0.8)
    edits = Edits(other.seen.described[:2], np.full(2, np.nan), other.labels[:2] / UNITS, np.ones(2), np.arange(2))
    process, _ = solve(people, edits)
    said = process.says(other.seen.described[2:], np.full(38, np.nan))
    truth = other.labels[2:, 0] / UNITS[0]
    assert np.abs(said.expected[:, 0] - truth).mean() < 0.4 * np.abs(truth - truth.mean()).mean()


def test_mixes_are_worth_what_they_were_to_people(people: People) -> None:
    usual, alone = (np.flatnonzero(MIXES[:, EXPERTS.index(name)] == 1)[0] for name in ("usual value", "people"))
    np.testing.assert_allclose(people.worth[:, usual], 1.0)
    assert people.worth[0, alone] < 0.5
    assert people.worth[3, alone] > 0.75
    np.testing.assert_allclose(people.worth[5], 1.0)  # nobody moves it


def test_stated_errors_are_widened_as_people_s_errors_ask(everybody: list[Person], people: People) -> None:
    assert people.widening[0] > 1.0
    (trial,) = tried(everybody[0])
    wide, narrow = (
        combine(known, trial.network, trial.edits.seen, trial.edits.labels, trial.edits.captured).blend.error
        for known in (people, replace(people, widening=np.ones(1)))
    )
    np.testing.assert_allclose(wide, people.widening[0] * narrow)


def test_statistics_are_all_that_is_kept(people: People, everybody: list[Person]) -> None:
    data = people.to_bytes({"learnt_from": "six"})
    assert len(data) < 60_000
    back = People.from_bytes(data)
    np.testing.assert_allclose(back.worth, people.worth, rtol=1e-5)
    np.testing.assert_allclose(back.unsure, people.unsure, atol=1e-5)
    kept = data.find(everybody[0].seen.described.astype(np.float32)[0].tobytes())
    assert kept < 0


def test_one_person_is_too_few(everybody: list[Person]) -> None:
    with pytest.raises(ValueError, match="two are needed"):
        learn_people(everybody[:1], {})


def test_shared_slopes_are_the_posterior_of_bayesian_regression() -> None:
    random = np.random.default_rng(0)
    seen: Array = random.standard_normal((30, COUNT))
    known = Known(seen, np.repeat(["a", "b", "c"], 10), np.full(30, np.nan), np.zeros((30, 8)))
    labels = random.standard_normal(30)
    sizes = learn_sizes(known, labels)
    slope, unsure = shared_slopes(sizes, known, labels)
    before = np.zeros(COUNT)
    for variance, place in zip(sizes.shared, GROUPS.values(), strict=True):
        before[place] = variance / (place.stop - place.start)
    shared = (seen * before) @ seen.T
    rest = _rest(sizes.values, known)
    whole = np.linalg.inv(shared + rest)
    np.testing.assert_allclose(slope, (seen * before).T @ whole @ labels, atol=1e-8)
    wanted = np.diag(before) - (seen * before).T @ whole @ (seen * before)
    np.testing.assert_allclose(unsure, wanted, atol=1e-8)


def _rest(values: Array, known: Known) -> Array:
    """Covariance of all parts but the shared one, written out."""
    same = known.people[:, None] == known.people
    total = np.exp(2 * values[-1]) * np.eye(30) + np.exp(2 * values[-3]) * same
    for number, place in enumerate(GROUPS.values()):
        part = known.seen[:, place]
        apart = ((part[:, None] - part) ** 2).mean(axis=2)
        total += same * np.exp(2 * values[number]) * (part @ part.T) / part.shape[1]
        total += same * np.exp(2 * values[number + len(GROUPS)]) * np.exp(-0.5 * apart / 1.5)
    return np.asarray(total)
