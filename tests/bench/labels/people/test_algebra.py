"""The page of algebra: constants stay constants, what everybody does is learnt from others."""

from dataclasses import replace

import numpy as np

from autohdr.sliders import SLIDERS
from autohdr_bench.labels.people import algebra
from autohdr_bench.labels.people.photos import Photos, Problem
from autohdr_bench.labels.people.study import Tables

EXPOSURE = [slider.name for slider in SLIDERS].index("Exposure")


def renamed(photos: Photos, person: str) -> Photos:
    return replace(photos, person=person)


def test_somebody_with_a_preset_gets_it_with_no_error_expected(tables: Tables) -> None:
    people = tables.people("all")
    habit = people["habit"]
    learner = algebra.method([people["mender"], people["gambler"]])
    found = learner(Problem(habit.of(np.arange(8)), habit.of(np.arange(8, 18)).unlabelled(), 0))
    assert np.allclose(found.values, habit.labels[8:])
    assert found.errors is not None
    assert not found.errors.any()


def test_what_others_do_alike_helps_from_few_edits(tables: Tables) -> None:
    """Two people who mend exposure tell how a third one does, of whom three edits are known."""
    people = tables.people("all")
    mender = people["mender"]
    edits, others = mender.of(np.array([0, 5, 9])), mender.of(np.arange(10, 18))
    alike = [renamed(mender.of(np.arange(0, 9)), "one"), renamed(mender.of(np.arange(1, 10)), "two")]
    found = algebra.method(alike)(Problem(renamed(edits, "third"), renamed(others.unlabelled(), "third"), 0))
    off = np.abs(found.values - others.labels)[:, EXPOSURE].mean()
    median = np.abs(np.median(edits.labels[:, EXPOSURE]) - others.labels[:, EXPOSURE]).mean()
    assert off < 0.5 * median


def test_the_same_question_has_the_same_answer(tables: Tables) -> None:
    people = tables.people("all")
    problem = Problem(people["gambler"].of(np.arange(10)), people["gambler"].of(np.arange(10, 18)).unlabelled(), 0)
    first, second = (algebra.method([people["mender"], people["habit"]])(problem) for _ in range(2))
    assert (first.values == second.values).all()
    assert first.errors is not None
    assert (first.errors == second.errors).all()
