"""Splits pairs into folds by what their references show, so that no content is learnt from and scored.

Contents bear the same name in whichever set they are, so pictures that several sets share stay on one side.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

from autohdr.errors import SettingsError
from autohdr_train.quality.sets.pair import Pair


class Fold(NamedTuple):
    """Holds the three parts of one split."""

    train: list[Pair]
    validation: list[Pair]
    test: list[Pair]


def by_content(pairs: Sequence[Pair], count: int = 5, seed: int = 0) -> list[Fold]:
    """Returns `count` folds: each tests on another part of the contents and validates on the part after it.

    Contents are dealt out in a seeded order, those of each domain and set for themselves, so that all parts are alike.
    With five folds of UPIQ's 65 contents that is 39, 13 and 13.

    Raises:
        SettingsError: fewer than three folds are asked for, or there are fewer contents than folds.
    """
    parts = _dealt(pairs, count, seed)
    folds = []
    for number in range(count):
        test, validation = parts[number], parts[(number + 1) % count]
        others = set().union(*parts) - test - validation
        folds.append(Fold(*(_of(pairs, names) for names in (others, validation, test))))
    return folds


def leave_one_set_out(pairs: Sequence[Pair], count: int = 5, seed: int = 0) -> dict[str, Fold]:
    """Returns a fold for each set: tested on all of it, learnt from the others without the contents that it shares.

    One in `count` of the remaining contents validates.

    Raises:
        SettingsError: fewer than two sets are given, or too few contents remain.
    """
    names = sorted({pair.source for pair in pairs})
    if len(names) < 2:
        raise SettingsError(f"one set cannot be left out of {len(names)}; give pairs of two sets or more")
    folds = {}
    for name in names:
        test = [pair for pair in pairs if pair.source == name]
        shown = {pair.content for pair in test}
        rest = [pair for pair in pairs if pair.source != name and pair.content not in shown]
        validation = _dealt(rest, count, seed)[0]
        train = {pair.content for pair in rest} - validation
        folds[name] = Fold(_of(rest, train), _of(rest, validation), test)
    return folds


def _dealt(pairs: Sequence[Pair], count: int, seed: int) -> list[set[str]]:
    """Contents in `count` parts."""
    groups: dict[str, str] = {}
    for pair in pairs:
        groups.setdefault(pair.content, f"{pair.domain} {pair.source}")
    if count < 3 or len(groups) < count:
        raise SettingsError(f"{count} folds of {len(groups)} contents cannot be made; ask for 3 or more, of as many")
    rng = np.random.default_rng(seed)
    order: list[str] = []
    for group in sorted(set(groups.values())):
        members = sorted(content for content, own in groups.items() if own == group)
        order += [members[place] for place in rng.permutation(len(members))]
    return [set(order[start::count]) for start in range(count)]


def _of(pairs: Iterable[Pair], contents: set[str]) -> list[Pair]:
    return [pair for pair in pairs if pair.content in contents]
