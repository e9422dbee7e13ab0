"""What is measured in scenes."""

import numpy as np

from autohdr_bench.labels.people.study import Tables
from tests.people import light_of, scene


def test_features_tell_the_light_and_at_equal_brightness_do_not(tables: Tables) -> None:
    stops = np.array([light_of(number) for number in range(18)])
    for view, least, most in (("", 0.95, 1.0), ("equal", 0.0, 0.5)):
        photos = tables.people("all", view)["habit"]
        median = photos.described[:, 3]
        assert least <= abs(np.corrcoef(median, stops)[0, 1]) <= most
        assert photos.described.shape == (18, 31)
        assert photos.features["auto"].shape == (18, 8)
        assert photos.features["network"].shape == (18, 3, 8)


def test_auto_answers_to_light(tables: Tables) -> None:
    exposure = tables.people("all")["habit"].features["auto"][:, 0]
    stops = np.array([light_of(number) for number in range(18)])
    assert np.corrcoef(exposure, stops)[0, 1] < -0.9
    assert scene(0, 0.0).light.shape == (32, 48, 3)
