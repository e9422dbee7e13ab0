"""The default model's own sliders: the errors that it states."""

import numpy as np

from autohdr.sliders import LIMITS
from autohdr_train.default.own import PEOPLE_OFF, stated


def test_errors_are_at_least_those_against_real_people() -> None:
    answers = np.zeros((500, 8))
    answers[:, 0] = np.random.default_rng(0).normal(0.0, 0.3, 500)
    found = stated(answers, answers + 0.01)
    mean = found[0] + found[1] * np.abs(answers).mean(axis=0)
    np.testing.assert_allclose(mean, PEOPLE_OFF, rtol=1e-6)


def test_an_error_that_grows_with_the_answer_is_stated_so() -> None:
    random = np.random.default_rng(1)
    answers = np.zeros((4000, 8))
    answers[:, 0] = random.normal(0.0, 0.5, 4000)
    wanted = answers + (0.6 + 0.5 * np.abs(answers)) * random.choice([-1.0, 1.0], (4000, 8))
    found = stated(answers, wanted)
    assert abs(found[1, 0] - 0.5) < 0.05
    assert abs(found[0, 0] - 0.6) < 0.05
    assert not found[1, 1:].any()
    assert (found[0] < LIMITS).all()
