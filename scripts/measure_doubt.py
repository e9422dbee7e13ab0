"""Measures on real people whether the photos that are said to be worth a look come out more different than others.

    python scripts/measure_doubt.py EDITS --cache FOLDER

EDITS is a folder as `python -m autohdr_train.people` takes it. A style is learnt from a few edits of each person with
`FEWEST` photos or more, on some days, and labels those of other days (of any, where days are not known), `DRAWS` times.
The difference that comes out is what `autohdr.style.confidence.doubt` makes of the sliders' true errors. What is known
over people was learnt from the same people, so that stated errors are a little better here than those of others would
be.
"""

import argparse
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from autohdr.engines.network import open_network
from autohdr.sliders import LIMITS, to_values
from autohdr.style.confidence.doubt import NOTICEABLE, difference, to_check
from autohdr.style.confidence.reason import reasons
from autohdr.style.experts.people import days_of
from autohdr.style.experts.prior import Prior
from autohdr.style.fit import fit_and_score
from autohdr.style.split import shoot_groups
from autohdr_train.people.folder import read
from autohdr_train.people.learning import Person
from autohdr_train.people.persons import persons
from autohdr_train.people.scenes import places

Array = NDArray[np.float64]

FEWEST, LEFT = 20, 8
"""Photos of a person who is asked, and photos that have to be left to label."""
EDITS = (5, 10, 20, 40)
DRAWS = 5
LEVEL = 3
"""The number of a description that is the level of `doubt.LEVELS`, before Exposure."""
HEAD = ("edits", "people", f"stated above {NOTICEABLE} L*", "rank correlation", "to check", "true difference / others'")


def drawn(person: Person, count: int, draw: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Photos to learn from, and photos of other days."""
    random, days = np.random.default_rng(100 * draw + count), days_of(person.captured)
    known = np.unique(days[np.isfinite(days)])
    if len(known) < 3:
        order = random.permutation(len(person))
        return np.sort(order[:count]), order[count:]
    order = np.concatenate([np.flatnonzero(days == day) for day in random.permutation(known)])
    learnt, rest = np.sort(order[:count]), order[count:]
    return learnt, rest[~np.isin(days[rest], days[learnt])]


def labelled(prior: Prior, person: Person, learnt: NDArray[np.int64], rest: NDArray[np.int64]) -> tuple[Array, ...]:
    """Labels the photos left (N,): stated difference, difference that came out, whether each is to be checked."""
    captured, seen = person.captured, person.seen
    groups = shoot_groups([person.name] * len(learnt), captured[learnt])
    head = fit_and_score(prior, seen.of(learnt), person.labels[learnt], groups, captured[learnt]).head
    described = seen.described[rest]
    scaled, errors = head.answer(seen.features[rest], described, captured[rest])
    values = to_values(scaled)
    level = described[:, LEVEL] + values[:, 0]
    true = np.nan_to_num(np.abs(values - person.labels[rest] * LIMITS))
    stated = difference(errors, level)
    whys = reasons(head, [str(row) for row in learnt], described, captured[rest])
    check = [to_check(float(one), why.unlike) for one, why in zip(stated, whys, strict=True)]
    return stated, difference(true, level), np.array(check, dtype=np.float64)


def row(stated: Array, true: Array, check: Array) -> list[float]:
    """Share of photos that may look noticeably different, rank correlation, share to check, and their lift; NaN where
    there is none."""
    ranks = [values.argsort().argsort() for values in (stated, true)]
    correlation = float(np.asarray(np.corrcoef(ranks))[0, 1]) if np.ptp(stated) > 0 else np.nan
    some = 0.0 < check.mean() < 1.0
    lift = true[check > 0].mean() / true[check == 0].mean() if some else np.nan
    return [(stated > NOTICEABLE).mean(), correlation, check.mean(), lift]


def rows(prior: Prior, people: list[Person], count: int) -> Iterator[list[float]]:
    """The mean row over draws of each person who has enough photos."""
    for person in people:
        draws = [drawn(person, count, draw) for draw in range(DRAWS)]
        found = [row(*labelled(prior, person, *parts)) for parts in draws if len(parts[1]) >= LEFT]
        if found:
            yield np.nanmean(found, axis=0).tolist()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("edits", type=Path)
    parser.add_argument("--cache", type=Path, required=True, help="folder, which is there, for scenes")
    asked = parser.parse_args()
    with open_network(None) as network:
        people = persons(places(read(asked.edits), asked.cache), network)
        prior = Prior.of(network.model.prior)
    print(" | ".join(HEAD))
    for count in EDITS:
        found = np.array(list(rows(prior, [one for one in people if len(one) >= FEWEST], count)))
        if len(found):
            print(" | ".join([str(count), str(len(found)), *(f"{value:.2f}" for value in np.nanmean(found, axis=0))]))


if __name__ == "__main__":
    main()
