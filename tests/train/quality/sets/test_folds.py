"""Folds keep each content on one side."""

from pathlib import Path

import pytest

from autohdr.errors import SettingsError
from autohdr.quality.display import Domain
from autohdr_train.quality.sets.folds import Fold, by_content, leave_one_set_out
from autohdr_train.quality.sets.pair import Pair


def pair(source: str, content: str, domain: Domain = "sdr", level: int = 1) -> Pair:
    return Pair(Path(f"{content}.png"), Path(f"{level}.png"), 5.0, None, source, content, domain, "noise", level)


PAIRS = [
    *(pair("made", f"s{number}", "sdr", level) for number in range(20) for level in (1, 2)),
    *(pair("made", f"h{number}", "hdr", level) for number in range(15) for level in (1, 2)),
    *(pair("other", f"s{number}") for number in range(5)),
    *(pair("other", f"o{number}") for number in range(5)),
]


def contents(pairs: list[Pair]) -> set[str]:
    return {one.content for one in pairs}


def apart(fold: Fold) -> bool:
    train, validation, test = map(contents, fold)
    return not (train & validation or train & test or validation & test)


def test_every_content_is_tested_once_and_never_learnt_from_then() -> None:
    folds = by_content(PAIRS, 5, seed=3)
    assert all(apart(fold) and sum(map(len, fold)) == len(PAIRS) for fold in folds)
    tested = [name for fold in folds for name in contents(fold.test)]
    assert sorted(tested) == sorted(contents(PAIRS))


def test_parts_hold_both_domains_alike() -> None:
    for fold in by_content(PAIRS, 5):
        assert [len({one.content for one in fold.test if one.domain == domain}) for domain in ("sdr", "hdr")] == [5, 3]


def test_the_published_number_of_contents_is_divided_as_published() -> None:
    pairs = [pair("upiq", f"c{number}") for number in range(65)]
    assert [len(part) for part in by_content(pairs)[0]] == [39, 13, 13]


def test_the_seed_decides() -> None:
    one, same, other = (contents(by_content(PAIRS, 4, seed)[0].test) for seed in (0, 0, 1))
    assert one == same != other


def test_a_set_that_is_left_out_shares_no_content_with_what_is_learnt_from() -> None:
    folds = leave_one_set_out(PAIRS)
    assert contents(folds["other"].test) == {f"{kind}{number}" for kind in "so" for number in range(5)}
    assert all(apart(fold) for fold in folds.values())
    assert contents(folds["made"].train + folds["made"].validation) == {f"o{number}" for number in range(5)}
    assert {one.source for one in folds["other"].train} == {"made"}


def test_too_few_contents_or_sets_are_one_sentence() -> None:
    with pytest.raises(SettingsError, match="3 folds of 2 contents cannot be made"):
        by_content(PAIRS[:4], 3)
    with pytest.raises(SettingsError, match="give pairs of two sets or more"):
        leave_one_set_out(PAIRS[:20])
