"""Measures how the error over a shoot falls with every photo that is corrected, by the order in which photos come.

    python scripts/measure_corrections.py --edits EDITS --cache FOLDER
    python scripts/measure_corrections.py --simulated EXRS --cache FOLDER

EDITS is a folder as `autohdr bench people` takes it, EXRS one of OpenEXR radiance images. A shoot begins with the
labels of the default model. Each step gives one photo its true label, and a style is learnt from all that have theirs,
as `autohdr learn` does, and labels the others. What is known over people is learnt without the real person who is
measured.

Orders: *doubtful* takes, as the studio proposes, the `FROM` photos that `autohdr pick` would, then always the one whose
label may come out most different (`autohdr.style.confidence.doubt`), no second one of a moment as long as there are
others. *pick* goes on as it began. *random*, and in order of *capture* (of the list, where no time is known).
"""

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from autohdr.encoding import decode, encode
from autohdr.engines.network import Network
from autohdr.shot.shot import NOTHING
from autohdr.sliders import LIMITS, to_values
from autohdr.style.choose import Taken, choose
from autohdr.style.confidence.doubt import difference
from autohdr.style.description import describe_all
from autohdr.style.experts.light import STOPS
from autohdr.style.experts.people import People, load
from autohdr.style.experts.prior import Prior
from autohdr.style.fit import fit_and_score
from autohdr.style.learn import FROM
from autohdr.style.points import Seen
from autohdr.style.split import shoot_groups
from autohdr.system.one_thread import one_thread
from autohdr_bench.labels.edits import Edits
from autohdr_bench.labels.people.features import Measured, measured
from autohdr_bench.labels.people.photos import Photos
from autohdr_bench.labels.people.score import rounded, usual_moves
from autohdr_bench.labels.people.study import ALL, Tables
from autohdr_bench.labels.surroundings import SEED
from autohdr_scenes.photographers import PHOTOGRAPHERS
from autohdr_train.data.bank import Bank, open_bank
from autohdr_train.people.folder import read
from autohdr_train.people.learning import FEWEST, Person, learn_people, trials

Array = NDArray[np.float64]
Rows = NDArray[np.int64]
Answer = tuple[Array, Array]
"""Sliders and expected errors, (N, 8) each, in Lightroom's units."""

COUNTS = (5, 7, 10, 14, 20, 28, 40)
LEFT = 8
"""Photos that have to be left to label."""
MANY, SOME = 60, 20
"""Photos of real people who are measured, in two groups."""
SHOOT, BETWEEN, FIRST = 80, 3600.0, 8 * 3600.0
"""Photos of a simulated shoot, seconds from place to place, and when it begins."""
DRAWS = {"real": 3, "simulated": 2}
"""Random orders of each shoot."""
LEVEL = 3
"""The number of a description that is the level of `doubt.LEVELS`, before Exposure."""
ORDERS = ("doubtful", "pick", "random", "capture")
FIGURES = ("whole shoot", "photos left", "L*")


@dataclass(frozen=True, slots=True, eq=False)
class Shoot:
    """The photos of one person, and what is known of them."""

    name: str
    labels: Array
    """(N, 8), true ones, in Lightroom's units; NaN where missing."""
    seen: Seen
    captured: Array
    default: Array
    """(N, 8), labels of the default model."""

    def __len__(self) -> int:
        return len(self.labels)


@dataclass(frozen=True, slots=True)
class Curve:
    """What came of one shoot."""

    name: str
    kind: str
    photos: int
    counts: list[int]
    """Corrections; the first is none."""
    found: dict[str, list[list[float]]]
    """Figures by order, (counts, `FIGURES`), the mean over draws."""


def off(shoot: Shoot, values: Array) -> Array:
    """How far labels are off (N,): mean over the sliders in use, each by how far the person moves it."""
    apart = np.abs(rounded(values) - shoot.labels) / usual_moves(shoot.labels)
    known = np.isfinite(apart)
    return np.asarray(np.where(known, apart, 0.0).sum(axis=1) / np.maximum(known.sum(axis=1), 1))


def figures(shoot: Shoot, values: Array, corrected: Rows) -> list[float]:
    """`FIGURES` of labels (N, 8): error over the whole shoot, as a share of the default's; over the photos left, of the
    default's on the same photos; and by how much the shoot looks different, on average, by `difference`."""
    left = np.setdiff1d(np.arange(len(shoot)), corrected)
    errors, before = off(shoot, values)[left].sum(), off(shoot, shoot.default)
    true = np.nan_to_num(np.abs(rounded(values) - shoot.labels))
    shown = difference(true, shoot.seen.described[:, LEVEL] + np.nan_to_num(shoot.labels[:, 0]))
    return [errors / before.sum(), errors / before[left].sum(), shown[left].sum() / len(shoot)]


def learnt(shoot: Shoot, prior: Prior, people: People, corrected: Rows) -> Answer:
    """What a style of the corrected photos says of all."""
    rows, captured = np.sort(corrected), shoot.captured
    groups = shoot_groups([shoot.name] * len(rows), captured[rows])
    told = (shoot.seen.of(rows), shoot.labels[rows] / LIMITS, groups, captured[rows])
    head = fit_and_score(prior, *told, people=people).head
    scaled, errors = head.answer(shoot.seen.features, shoot.seen.described, captured)
    return to_values(scaled), errors


def most_doubtful(shoot: Shoot, taken: Taken, answer: Answer, corrected: Rows) -> int:
    """The photo that the studio would propose next."""
    doubt = difference(answer[1], shoot.seen.described[:, LEVEL] + answer[0][:, 0])
    known = np.zeros(len(shoot), dtype=bool)
    for photo in corrected:
        known |= taken.same_burst(photo)
    left = np.setdiff1d(np.arange(len(shoot)), corrected).tolist()
    return int(max(left, key=lambda row: (not known[row], doubt[row])))


def followed(shoot: Shoot, learn: Callable[[Rows], Answer], order: Rows, counts: Sequence[int]) -> list[list[float]]:
    """Figures of an order after each number of corrections."""
    return [figures(shoot, learn(order[:count])[0], order[:count]) for count in counts]


def doubtful(
    shoot: Shoot, learn: Callable[[Rows], Answer], first: Rows, taken: Taken, counts: Sequence[int]
) -> list[list[float]]:
    """Figures after each number of corrections, where the most doubtful photo is the next one."""
    chosen, found = first.copy(), []
    while True:
        answer = learn(chosen)
        if len(chosen) in counts:
            found.append(figures(shoot, answer[0], chosen))
        if len(chosen) == counts[-1]:
            return found
        chosen = np.append(chosen, most_doubtful(shoot, taken, answer, chosen))


def curve(shoot: Shoot, kind: str, prior: Prior, people: People) -> Curve:
    """Measures all orders on one shoot."""
    counts = [count for count in COUNTS if count <= len(shoot) - LEFT]
    taken = Taken.of([shoot.name] * len(shoot), shoot.captured)
    learn = partial(learnt, shoot, prior, people)
    with one_thread():
        picked = np.array(choose(prior, shoot.seen.features.astype(np.float64), counts[-1], taken=taken))
    random = [np.random.default_rng([*shoot.name.encode(), draw]) for draw in range(DRAWS[kind])]
    drawn = [followed(shoot, learn, one.permutation(len(shoot)), counts) for one in random]
    found = {
        "doubtful": doubtful(shoot, learn, picked[:FROM], taken, counts),
        "pick": followed(shoot, learn, picked, counts),
        "random": np.mean(drawn, axis=0).tolist(),
        "capture": followed(shoot, learn, np.argsort(shoot.captured, kind="stable"), counts),
    }
    start = figures(shoot, shoot.default, np.zeros(0, dtype=np.int64))
    return Curve(shoot.name, kind, len(shoot), [0, *counts], {name: [start, *rows] for name, rows in found.items()})


def labelled(name: str, labels: Array, seen: Seen, captured: Array, network: Network) -> Shoot:
    """A shoot with the labels of the default model."""
    default = to_values(network.model.head.answer(seen.features.astype(np.float32)))
    return Shoot(name, labels, seen, captured, default)


def person_of(photos: Photos) -> Person:
    """Everything of one person, as what is known over people is learnt from it."""
    network = photos.features["network"]
    seen = Seen(network[:, 0], network[:, 1:], np.zeros(len(photos), dtype=bool), photos.described)
    return Person(photos.person, photos.scaled, seen, photos.captured())


def real(folder: Path, cache: Path, features: Measured, names: Sequence[str]) -> Iterator[tuple[Shoot, People]]:
    """Real people with `SOME` photos or more, each with what is known over the others."""
    everybody = Tables.of(read(folder), cache, features).people(ALL)
    persons = {name: person_of(photos) for name, photos in everybody.items() if len(photos) >= FEWEST}
    asked = [name for name, person in persons.items() if len(person) >= SOME and (not names or name in names)]
    tried = trials(list(persons.values()), Prior.of(features.model.prior)) if asked else {}
    for name in asked:
        own, others = persons[name], [person for person in persons.values() if person.name != name]
        people = learn_people(others, {person.name: tried[person.name] for person in others})
        yield labelled(name, own.labels * LIMITS, own.seen, own.captured, features.network), people


def simulated(radiance: Path, cache: Path, network: Network, names: Sequence[str]) -> Iterator[tuple[Shoot, People]]:
    """A shoot of each simulated photographer, place after place, of places that the default model has not seen."""
    bank = open_bank(radiance, cache, network.info.spec, train=400, held_out=200, seed=SEED)
    seen = seen_of(bank, network)
    for number, (name, photographer) in enumerate(PHOTOGRAPHERS.items()):
        if not names or name in names:
            rows, captured = walk(bank.held_out.groups, np.random.default_rng([SEED, number]))
            labels, _ = Edits(photographer, bank).of("held_out", rows)
            yield labelled(name, labels, seen.of(rows), captured, network), load()


def seen_of(bank: Bank, network: Network) -> Seen:
    """What the network sees of the photos of held-out places."""
    pixels, spec = bank.held_out.pixels.astype(np.float32), bank.spec
    light = np.stack([decode(one, spec) for one in pixels])
    other = [np.stack([encode(one * 2.0**stops, spec) for one in light]) for stops in STOPS]
    copies = np.stack([network.features(shown.astype(np.float32)) for shown in other], axis=1)
    described = describe_all(pixels, spec, [NOTHING] * len(pixels))
    return Seen(network.features(pixels), copies, np.zeros(len(pixels), dtype=bool), described)


def walk(places: Sequence[str], random: np.random.Generator) -> tuple[Rows, Array]:
    """Photos of a shoot in order of capture, place after place, a minute apart, and when they are taken, in seconds."""
    drawn = random.permutation(len(places))[:SHOOT]
    turns = {place: turn for turn, place in enumerate(random.permutation(sorted(set(places))).tolist())}
    rows: Rows = np.array(sorted(drawn.tolist(), key=lambda row: turns[places[row]]), dtype=np.int64)
    turn = np.unique([turns[places[row]] for row in rows], return_inverse=True)[1]
    return rows, FIRST + 60.0 * np.arange(len(rows)) + BETWEEN * turn


def half(counts: Sequence[int], errors: Array) -> str:
    """The number of corrections at which the first error is halved, between those that were measured."""
    below = np.flatnonzero(errors <= 0.5 * errors[0])
    if not len(below):
        return f"after {counts[-1]}"
    last = int(below[0])
    at = np.interp(-0.5 * errors[0], -errors[last - 1 : last + 1], counts[last - 1 : last + 1])
    return f"{float(at):.0f}"


def better(tables: dict[str, Array], order: str, at: int) -> str:
    """Says for how many people the error over the whole shoot is lower than in random order."""
    lower = tables[order][:, at, 0] < tables["random"][:, at, 0]
    return "" if order == "random" else f"{int(lower.sum())} of {len(lower)}"


def show(title: str, curves: Sequence[Curve]) -> None:
    """Prints the tables of some shoots, of as many corrections as all of them have."""
    counts = min((one.counts for one in curves), key=len)
    tables = {order: np.array([one.found[order][: len(counts)] for one in curves]) for order in ORDERS}
    print(f"\n## {title}: {', '.join(f'{one.name} ({one.photos})' for one in curves)}")
    for number, figure in enumerate(FIGURES):
        print(f"\n| {figure} | {' | '.join(map(str, counts))} |\n|{'---|' * (len(counts) + 1)}")
        for order, table in tables.items():
            print(f"| {order} | {' | '.join(f'{value:.2f}' for value in table[:, :, number].mean(axis=0))} |")
        if number == 0:
            kept = [np.mean([1 - count / one.photos for one in curves]) for count in counts]
            print(f"| nothing learnt | {' | '.join(f'{value:.2f}' for value in kept)} |")
    asked = [at for at, count in enumerate(counts) if count in (5, 10, 20, 40)]
    print(
        f"\n| order | half at | {' | '.join(f'better at {counts[at]}' for at in asked)} |\n|{'---|' * (2 + len(asked))}"
    )
    for order, table in tables.items():
        fewer = " | ".join(better(tables, order, at) for at in asked)
        print(f"| {order} | {half(counts, table[:, :, 0].mean(axis=0))} | {fewer} |")
    last = max(at for at in asked if counts[at] <= 20)
    print(f"\n| whole shoot at {counts[last]} | {' | '.join(ORDERS)} |\n|{'---|' * (1 + len(ORDERS))}")
    for row, one in enumerate(curves):
        print(f"| {one.name} | {' | '.join(f'{tables[order][row, last, 0]:.2f}' for order in ORDERS)} |")


def curves_of(asked: argparse.Namespace) -> Iterator[Curve]:
    """Measures what was asked for; with `--kept`, what is not there yet, and gives all that is."""
    kept: Path | None = asked.kept
    there = sorted(kept.glob("*.json")) if kept else []
    yield from (Curve(**json.loads(path.read_text(encoding="utf-8"))) for path in there)
    done = [path.stem for path in there]
    with measured() as features:
        prior, sources = Prior.of(features.model.prior), dict[str, Iterator[tuple[Shoot, People]]]()
        if asked.edits:
            sources["real"] = real(asked.edits, asked.cache, features, asked.only)
        if asked.simulated:
            sources["simulated"] = simulated(asked.simulated, asked.cache, features.network, asked.only)
        for kind, shoots in sources.items():
            for shoot, people in shoots:
                if shoot.name not in done:
                    found = curve(shoot, kind, prior, people)
                    print(f"{shoot.name} is measured", file=sys.stderr)
                    if kept:
                        (kept / f"{shoot.name}.json").write_text(json.dumps(asdict(found)), encoding="utf-8")
                    yield found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--edits", type=Path, help="folder of real people's edits")
    parser.add_argument("--simulated", type=Path, metavar="EXRS", help="folder of radiance images")
    parser.add_argument("--cache", type=Path, required=True, help="folder, which is there, for scenes and photos")
    parser.add_argument("--only", nargs="+", default=[], metavar="NAME", help="people or photographers; all others not")
    parser.add_argument("--kept", type=Path, help="folder, which is there, for what was measured: a later run goes on")
    curves = list(curves_of(parser.parse_args()))
    groups = {
        f"Real people, {MANY} photos or more": [one for one in curves if one.kind == "real" and one.photos >= MANY],
        "Real people with fewer": [one for one in curves if one.kind == "real" and one.photos < MANY],
        "Simulated photographers": [one for one in curves if one.kind == "simulated"],
    }
    for title, some in groups.items():
        if some:
            show(title, some)


if __name__ == "__main__":
    main()
