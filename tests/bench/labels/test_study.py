"""The study: what is crossed, in which order, and how a cell is known."""

import dataclasses

import pytest

from autohdr.errors import SettingsError
from autohdr_bench.labels.study import FULL, QUICK, Cell, Study, Variant, cells, crossed


def small(variants: tuple[Variant, ...], edits: tuple[int, ...] = (5, 10)) -> Study:
    return Study(variants, ("a", "b"), edits, steps=30, photos=20, held_out=10)


def test_all_that_takes_steps_takes_the_same_number() -> None:
    study = small(crossed(("mean", "autohdr2024", "finetune"), ("tiny", "default")))
    taken = {(cell.variant.method, cell.steps) for cell in cells(study)}
    assert taken == {("mean", None), ("autohdr2024", 30), ("finetune", 30)}


def test_augmentations_and_smoothings_are_crossed_for_what_takes_steps_alone() -> None:
    variants = crossed(("gp", "autohdr2024"), ("tiny",), ("none", "turn+crop"), ("noise:0.1", "average:5"))
    assert [variant.name for variant in variants] == [
        "gp",
        "autohdr2024 (tiny, none, noise:0.1)",
        "autohdr2024 (tiny, none, average:5)",
        "autohdr2024 (tiny, turn+crop, noise:0.1)",
        "autohdr2024 (tiny, turn+crop, average:5)",
    ]


def test_whole_draws_come_one_after_the_other() -> None:
    study = small((Variant("mean", draws=2), Variant("autohdr2024", "tiny", draws=1)))
    order = [(cell.draw, cell.edits, cell.variant.method, cell.photographer) for cell in cells(study)]
    assert order[0] == (0, 5, "mean", "a")
    assert [draw for draw, *_ in order] == sorted(draw for draw, *_ in order)
    assert sum(draw == 1 for draw, *_ in order) == 4  # of `mean` alone


def test_a_key_changes_with_all_that_decides_a_cell_and_not_with_how_many_draws_there_are() -> None:
    cell = Cell("a", Variant("autohdr2024", "tiny"), 20, 0, 60)
    around = {"bank": "1", "photographer": "2"}
    others = [
        dataclasses.replace(cell, photographer="b"),
        dataclasses.replace(cell, variant=Variant("autohdr2024", "small")),
        dataclasses.replace(cell, variant=Variant("autohdr2024", "tiny", "turn")),
        dataclasses.replace(cell, edits=50),
        dataclasses.replace(cell, draw=1),
        dataclasses.replace(cell, steps=61),
    ]
    keys = {cell.key(around), cell.key({**around, "bank": "3"}), *(other.key(around) for other in others)}
    assert len(keys) == 8
    assert dataclasses.replace(cell, variant=Variant("autohdr2024", "tiny", draws=9)).key(around) == cell.key(around)


@pytest.mark.parametrize(
    ("variant", "edits", "sentence"),
    [
        (Variant("autohdr2024"), (5,), "needs a network"),
        (Variant("gp", "tiny"), (5,), "has no network"),
        (Variant("gp", augment="turn"), (5,), "takes no steps"),
        (Variant("mean"), (5, 21), "more than the 20 photos"),
    ],
)
def test_impossible_plans_are_one_sentence(variant: Variant, edits: tuple[int, ...], sentence: str) -> None:
    with pytest.raises(SettingsError, match=sentence):
        small((variant,), edits)


def test_the_whole_study_has_ten_photographers_and_everything_that_is_to_be_beaten() -> None:
    assert len(FULL.photographers) >= 10
    assert FULL.edits == (5, 10, 20, 50, 150, 350)
    assert {variant.method for variant in FULL.variants} == {
        *("mean", "ridge", "gp"),
        *("autohdr2024", "style", "finetune"),
        "pick",
    }
    assert len(list(cells(QUICK))) < len(list(cells(FULL))) / 20
