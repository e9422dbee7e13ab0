"""Which photos are learnt from and predicted."""

import numpy as np
import pytest

from autohdr_bench.labels.people.draws import FEWEST, SHOOT, STYLE, draws

DAYS = [f"2026:05:{1 + index % 7:02}" for index in range(40)]


def test_a_style_predicts_other_days() -> None:
    for draw in draws(DAYS, STYLE, 10, 20, "P"):
        learnt, asked = ({DAYS[row] for row in rows} for rows in (draw.edits, draw.others))
        assert not learnt & asked
        assert len(draw.edits) == 10
        assert len(draw.others) >= FEWEST


def test_a_shoot_predicts_the_same_days() -> None:
    for draw in draws(DAYS, SHOOT, 10, 20, "P"):
        learnt, asked = ({DAYS[row] for row in rows} for rows in (draw.edits, draw.others))
        assert asked <= learnt
        assert not set(draw.edits) & set(draw.others)


def test_draws_are_the_same_every_time_and_differ() -> None:
    one, same = (draws(DAYS, STYLE, 5, 4, "P") for _ in range(2))
    other = draws(DAYS, STYLE, 5, 4, "Q")
    assert all((a.edits == b.edits).all() and (a.others == b.others).all() for a, b in zip(one, same, strict=True))
    assert len({tuple(draw.edits) for draw in one}) > 1
    assert any((a.edits != b.edits).any() for a, b in zip(one, other, strict=True))


def test_fewer_draws_are_the_first_of_more() -> None:
    assert (draws(DAYS, SHOOT, 5, 1, "P")[0].edits == draws(DAYS, SHOOT, 5, 3, "P")[0].edits).all()


@pytest.mark.parametrize(("task", "count"), [(STYLE, 0), (SHOOT, 3)])
def test_photos_without_a_date_are_one_shoot(task: str, count: int) -> None:
    found = draws([""] * 30, task, 5, 3, "P")
    assert len(found) == count
    assert all(len(draw.others) == 25 for draw in found)


def test_too_few_photos_give_no_draw() -> None:
    assert draws(DAYS[:12], STYLE, 10, 3, "P") == []
    assert draws([f"{day}" for day in range(30)], SHOOT, 5, 3, "P") == []  # one photo a day
    assert np.concatenate([draw.edits for draw in draws(DAYS, STYLE, 30, 3, "P")]).max() < 40
