"""Measures what an edit tells of photos of the same moment, beside what a style says of them.

    python scripts/measure_moments.py EDITS --cache FOLDER

EDITS is a folder of real edits, as `autohdr bench people` takes them. For each person, the difference of each label
from what a style of the other photos says of it (those within ten seconds left out, too) is taken for a Gaussian
process in time; for each reach, the share that photos of one moment have in common is the one of the greatest
likelihood over two thirds of the people, and the errors are those of the others.
"""

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from autohdr.engines.network import open_network
from autohdr.style.experts.combine import combine
from autohdr.style.experts.people import UNITS, load
from autohdr.style.experts.prior import Prior
from autohdr.style.fit import fit_network
from autohdr.style.split import shoot_groups
from autohdr_train.people.folder import read
from autohdr_train.people.learning import FEWEST
from autohdr_train.people.persons import persons
from autohdr_train.people.scenes import places

Array = NDArray[np.float64]

REACHES = (30.0, 60.0, 120.0, 300.0, 600.0)
SHARES = np.arange(0.0, 0.91, 0.1)
BINS = ((-1.0, 10.0), (10.0, 60.0), (-1.0, 60.0), (60.0, 180.0), (180.0, 600.0), (600.0, np.inf))
FOLDS, FARTHEST, LEAST = 3, 3.0, 0.02


@dataclass(frozen=True, slots=True, eq=False)
class Left:
    """What is left of one person's labels: seconds (N,), and differences (N, 8) in `UNITS`."""

    captured: Array
    differences: Array

    @property
    def apart(self) -> Array:
        """(N, N), seconds between photos."""
        return np.abs(self.captured[:, None] - self.captured)


def left(edits: Path, cache: Path) -> Iterator[Left]:
    """Computes what is left of the labels of each person whose photos have times."""
    known = [edit for edit in read(edits) if edit.shot.captured is not None and edit.person != "P00"]
    with open_network(None) as network:
        prior = Prior.of(network.model.prior)
        for person in persons(places(known, cache), network):
            if len(person) < FEWEST:
                continue
            groups = shoot_groups([person.name] * len(person), person.captured)
            expert = fit_network(prior, person.seen, person.labels, groups, person.captured)
            made = combine(load(), expert, person.seen, person.labels, person.captured)
            yield Left(person.captured, (person.labels - made.left_out) / UNITS)


def covariance(apart: Array, reach: float, share: float) -> Array:
    """Covariance (N, N) of differences of unit variance."""
    return share * np.exp(-apart / reach) + (1.0 - share) * np.eye(len(apart))


def likelihood(people: Sequence[Left], reach: float, share: float) -> float:
    """Log likelihood of all differences, each slider of each person by its own deviation."""
    total = 0.0
    for person in people:
        for column in person.differences.T:
            known = np.flatnonzero(np.isfinite(column))
            deviation = np.sqrt((column[known] ** 2).mean()) if len(known) >= FEWEST else 0.0
            if deviation >= LEAST:
                values = np.clip(column[known] / deviation, -FARTHEST, FARTHEST)
                matrix = covariance(person.apart[np.ix_(known, known)], reach, share)
                total -= 0.5 * (values @ np.linalg.solve(matrix, values) + np.linalg.slogdet(matrix)[1])
    return total


def errors(person: Left, reach: float, share: float) -> Array:
    """Absolute differences (N, 8) that remain when the other photos' are known."""
    found = np.full(person.differences.shape, np.nan)
    for slider, column in enumerate(person.differences.T):
        known = np.flatnonzero(np.isfinite(column))
        inverse = np.linalg.inv(covariance(person.apart[np.ix_(known, known)], reach, share))
        found[known, slider] = np.abs(inverse @ column[known] / np.diag(inverse))
    return found


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("edits", type=Path)
    parser.add_argument("--cache", type=Path, required=True)
    arguments = parser.parse_args()
    people = list(left(arguments.edits, arguments.cache))
    fold = np.random.default_rng(0).permutation(len(people)) % FOLDS
    table: dict[float, list[Array]] = {0.0: [np.abs(person.differences) for person in people]}
    for reach in REACHES:
        found: list[Array] = [np.empty(0)] * len(people)
        for part in range(FOLDS):
            told = [person for person, own in zip(people, fold, strict=True) if own != part]
            gains = [likelihood(told, reach, share) for share in SHARES]
            best = int(np.argmax(gains))
            print(
                f"{reach:4.0f} s, part {part}: share {SHARES[best]:.1f}, log likelihood +{gains[best] - gains[0]:.1f}"
            )
            for number in np.flatnonzero(fold == part).tolist():
                found[number] = errors(people[number], reach, float(SHARES[best]))
        table[reach] = found
    for first, last in BINS:
        rows = []
        for person in people:
            apart = person.apart + np.diag(np.full(len(person.captured), np.inf))
            rows.append((apart.min(axis=1) > first) & (apart.min(axis=1) <= last))
        who = [number for number, own in enumerate(rows) if own.any()]
        count = sum(int(own.sum()) for own in rows)
        print(f"another edit {max(first, 0):.0f} to {last:.0f} s away: {count} photos by {len(who)} people")
        for reach in REACHES:
            ratios, sums = [], np.zeros(2)
            for number in who:
                before, after = (np.nansum(table[key][number][rows[number]]) for key in (0.0, reach))
                sums += before, after
                if before > LEAST:
                    ratios.append(after / before)
            geometric = np.exp(np.mean(np.log(ratios)))
            print(f"  {reach:4.0f} s: error {sums[1] / sums[0]:.2f} times, by people {geometric:.2f}")


if __name__ == "__main__":
    main()
