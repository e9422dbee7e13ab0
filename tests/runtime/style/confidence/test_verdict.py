"""What `learn` says: which sliders follow the photos, which are constants, which are neither, and what next."""

import numpy as np
import pytest

from autohdr.sliders import LIMITS
from autohdr.style.confidence.scores import SliderScore, score
from autohdr.style.confidence.verdict import beside_usual, too_little_learnt, what_next, what_was_learnt

LABELS = np.random.default_rng(0).uniform(-1, 1, (20, 8))


def rows(learnt: int, constant: int = 0) -> list[SliderScore]:
    """The first sliders are learnt nearly perfectly, the last are constants, those between are not learnt."""
    labels = LABELS.copy()
    labels[:, 8 - constant :] = 0.1
    predicted = 0.9 * labels * LIMITS
    return score(predicted, labels, np.zeros(8), np.median(labels, axis=0) * LIMITS, np.arange(8) < learnt)


def test_photographers_read_errors_in_their_units_beside_their_usual_value() -> None:
    head, columns, exposure, contrast, *others = beside_usual(rows(1)).splitlines()
    assert "90 %" in head
    assert columns.split() == ["photos", "the", "style", "usual", "value"]
    assert exposure.split()[:4] == ["Exposure", "20", "0.23", "EV"]
    assert " adapted: 9" in exposure
    assert contrast.endswith("not learnt: gets your usual value")
    assert len(others) == 6
    assert "R2" not in beside_usual(rows(1))


def test_every_slider_is_named_in_its_kind() -> None:
    assert what_was_learnt(rows(2, 5)) == (
        "Adapted to each photo: Exposure, Contrast. "
        "Constant, as you have them: Shadows, Whites, Blacks, Vibrance, Saturation. "
        "Not learnt, your usual value in every photo: Highlights."
    )


@pytest.mark.parametrize(("learnt", "constant"), [(8, 0), (5, 0), (3, 3), (1, 7)])
def test_where_most_is_learnt_nobody_is_warned(learnt: int, constant: int) -> None:
    assert too_little_learnt(rows(learnt, constant)) is None
    assert what_next(rows(learnt, constant), 40) is None


@pytest.mark.parametrize(
    ("learnt", "constant", "told"),
    [
        (0, 0, "NOTHING WAS LEARNT: the style cannot tell from a photo how you set the 8 sliders that you move"),
        (0, 7, "NOTHING WAS LEARNT: the style cannot tell from a photo how you set the one slider that you move"),
        (4, 0, "MOSTLY NOT LEARNT: of the 8 sliders that you move, 4 get your usual value in every photo."),
        (1, 6, "MOSTLY NOT LEARNT: of the 2 sliders that you move, 1 gets your usual value in every photo."),
    ],
)
def test_where_half_or_more_is_not_learnt_one_sentence_says_so(learnt: int, constant: int, told: str) -> None:
    warning = too_little_learnt(rows(learnt, constant))
    assert warning is not None
    assert warning.startswith(told)


def test_what_chance_may_have_made_does_not_count_as_learnt() -> None:
    truth, random = LABELS * LIMITS, np.random.default_rng(5)
    lucky = score(truth * random.uniform(-1.0, 1.1, truth.shape), LABELS, np.zeros(8), np.zeros(8))
    assert sum(row.by_chance for row in lucky) > 4
    assert "may be better by chance alone" in str(too_little_learnt(lucky))
    assert "Adapted, perhaps by chance: " in what_was_learnt(lucky)


def test_the_next_step_names_as_many_photos_as_are_left() -> None:
    assert "edit 20 more photos" in str(what_next(rows(0), 40, "wedding"))
    assert str(what_next(rows(0), 40, "wedding")).endswith("autohdr pick wedding")
    assert "edit the 3 other photos here, or photos of another shoot," in str(what_next(rows(0), 3))
    assert "edit the other photo here, or photos of another shoot," in str(what_next(rows(0), 1))
    assert "another shoot" in str(what_next(rows(0), 0))


def test_who_moves_nothing_has_a_preset_and_nothing_to_do() -> None:
    still = rows(0, 8)
    assert "hardly move these sliders" in str(too_little_learnt(still))
    assert what_next(still, 40) is None
