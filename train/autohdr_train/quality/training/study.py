"""The study: which recipes carry a quality model to HDR, beside measures that learn nothing."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from autohdr.errors import LearningError
from autohdr.files.folders import make_folder
from autohdr.files.whole import read_bytes, write_atomically
from autohdr.quality.inputs import Norm
from autohdr_train.quality.models.saved import Architecture
from autohdr_train.quality.sets.folds import by_content
from autohdr_train.quality.sets.pair import Pair
from autohdr_train.quality.training.agreement import Fold
from autohdr_train.quality.training.bank import Bank, Light
from autohdr_train.quality.training.cells import Cell, Numbers, Part, Study
from autohdr_train.quality.training.mapping import logistic
from autohdr_train.quality.training.profile import Profile
from autohdr_train.quality.training.recipe import RECIPES

CORE = ("scratch", "sdr", "finetuned", "labelled-none", "labelled-coral", "unlabelled-none", "unlabelled-coral")
"""Recipes that are done first, for both models."""
CONTROLS = tuple(name for name in RECIPES if name not in CORE)
"""The recipes that are compared with others for control: other alignments."""
NORMED = ("scratch", "sdr", "finetuned", "labelled-coral", "unlabelled-coral")
"""Recipes that are done with the other normalisation as well."""


class Group(NamedTuple):
    """Rows that stand together."""

    architecture: Architecture
    norm: Norm
    recipes: tuple[str, ...]


GROUPS = (
    Group("vtamiq", "pmax", (*CORE, *CONTROLS)),
    Group("pieapp", "pmax", CORE),
    Group("vtamiq", "255", NORMED),
    Group("pieapp", "pmax", CONTROLS),
    Group("pieapp", "255", NORMED),
)
"""What is done, in this order: what answers most comes first."""


def begin(
    pairs: Sequence[Pair], light: Light, profile: Profile, out: Path, *, start: str | None = None, seed: int = 0
) -> Study:
    """A study of pairs with scores, split by content.

    Args:
        pairs: of both domains.
        light: of a pair, as the bank keeps it.
        profile: its size.
        out: where all of it is kept.
        start: of VTAMIQ's transformer; None begins with random weights.
        seed: of the choice of pairs and of the folds.

    Raises:
        LearningError: a domain has too few contents, or the folder holds a study of other pairs.
    """
    chosen = _kept(out, choose(pairs, profile.per_content, seed), pairs)
    bank = Bank.open(out / "light", chosen, light)
    return Study(bank, parts(bank, profile.folds, profile.labelled, seed), profile, out, start)


def _kept(out: Path, chosen: list[Pair], pairs: Sequence[Pair]) -> list[Pair]:
    """The pairs that the study in `out` was begun with, where it was: a set may have grown since."""
    make_folder(out, "--out")
    path = out / "pairs.json"
    if (before := read_bytes(path)) is None:
        write_atomically(path, json.dumps([str(pair.distorted) for pair in chosen]).encode())
        return chosen
    by_name = {str(pair.distorted): pair for pair in pairs}
    names: list[str] = json.loads(before)
    if missing := [name for name in names if name not in by_name]:
        raise LearningError(f"{out} holds a study of other pairs, such as {missing[0]}; name another folder")
    return [by_name[name] for name in names]


def choose(pairs: Sequence[Pair], per_content: int, seed: int) -> list[Pair]:
    """Chooses at most `per_content` scored pairs of each content, the same ones for the same seed."""
    rng = np.random.default_rng(seed)
    by_content: dict[tuple[str, str], list[Pair]] = {}
    for pair in pairs:
        if pair.score is not None:
            by_content.setdefault((pair.domain, pair.content), []).append(pair)
    chosen = []
    for _, own in sorted(by_content.items()):
        own.sort(key=lambda pair: str(pair.distorted))
        chosen += [own[number] for number in np.sort(rng.permutation(len(own))[:per_content])]
    return chosen


def parts(bank: Bank, folds: int, labelled: int, seed: int) -> list[Part]:
    """Folds by content, three or more: each HDR content is held out once, and those of SDR with them.

    Nothing is stopped or chosen by looking, so what a fold could validate on is learnt from as well. The HDR contents
    with scores are the first ones of those that are left, in a random order.

    Raises:
        SettingsError: there are fewer contents than folds, or fewer folds than three.
        LearningError: fewer HDR contents are left than are to be labelled.
    """
    made = []
    for number, fold in enumerate(by_content(bank.pairs, folds, seed)):
        out = {pair.content for pair in fold.test}
        sdr, hdr = ({p.content for p in bank.pairs if p.domain == domain} - out for domain in ("sdr", "hdr"))
        if len(hdr) <= labelled or not sdr:
            raise LearningError(
                f"{len(hdr)} HDR and {len(sdr)} SDR contents are left to learn from; expected more than {labelled} "
                "and 0"
            )
        order = np.random.default_rng([seed, number]).permutation(sorted(hdr)).tolist()
        made.append(
            Part(
                number,
                bank.numbers("sdr", sorted(sdr)),
                bank.numbers("hdr", order[:labelled]),
                bank.numbers("hdr", order),
                bank.numbers("hdr", sorted(out)),
            )
        )
    return made


def cells(study: Study, groups: Sequence[Group] = GROUPS) -> Iterator[Cell]:
    """All cells, in the order in which they are done."""
    for group in groups:
        for fold in range(len(study.parts)):
            for name in group.recipes:
                yield Cell(group.architecture, group.norm, RECIPES[name], fold)


Results = Mapping[str, Sequence[Fold]]
"""What each row that is done in all folds has predicted, by its name."""


def results(study: Study) -> dict[str, list[Fold]]:
    """The rows that are done in all folds, by `architecture-norm-recipe`."""
    found: dict[str, list[Fold]] = {}
    for group in GROUPS:
        for name in group.recipes:
            done = [
                study.done(Cell(group.architecture, group.norm, RECIPES[name], fold))
                for fold in range(len(study.parts))
            ]
            if all(fold is not None for fold in done):
                found[f"{group.architecture}-{group.norm}-{name}"] = [fold for fold in done if fold is not None]
    return found


Classical = Callable[[Pair], Mapping[str, float]]
"""Gives the value of each measure for a pair on its standard display."""


def classical(study: Study, measure: Classical) -> dict[str, list[Fold]]:
    """Measures that learn nothing but a curve to the scores, fitted on the labelled HDR pairs of each fold.

    Their values are kept, as they take a while.
    """
    values = _measured(study, measure)
    found: dict[str, list[Fold]] = {name: [] for name in values}
    for part in study.parts:
        for name, own in values.items():
            curve = logistic(own[part.labelled], study.bank.scores[part.labelled].astype(np.float64))
            found[name].append(study.fold(part.number, curve(own[part.held_out])))
    return found


def _measured(study: Study, measure: Classical) -> dict[str, NDArray[np.float64]]:
    path = study.out / "classical.npz"
    wanted = np.unique(np.concatenate([numbers for part in study.parts for numbers in (part.labelled, part.held_out)]))
    keys = [f"{study.bank.pairs[n].distorted}" for n in wanted]
    if path.exists():
        with np.load(path) as kept:
            if kept["keys"].tolist() == keys:
                return {name: kept[name] for name in kept.files if name != "keys"}
    rows = [measure(study.bank.pairs[n]) for n in wanted]
    values = {name: _spread(wanted, [row[name] for row in rows], len(study.bank.pairs)) for name in rows[0]}
    np.savez(path, **{"keys": np.array(keys), **values})  # type: ignore[arg-type]  # of its flag, which no measure is
    return values


def _spread(numbers: Numbers, values: Sequence[float], count: int) -> NDArray[np.float64]:
    full = np.full(count, np.nan)
    full[numbers] = values
    return full
