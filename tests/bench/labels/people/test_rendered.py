"""Rendered differences."""

import numpy as np
import pytest

from autohdr.mode import SDR
from autohdr_bench.labels.people.rendered import Renderings, delta_e, rendering
from autohdr_bench.labels.people.study import Tables
from tests.people import scene

# L*, a*, b* twice, and Delta E 2000: from table 1 of Sharma, Wu and Dalal (2005).
PAIRS = (
    (50.0, 2.6772, -79.7751, 50.0, 0.0, -82.7485, 2.0425),
    (50.0, -1.0, 2.0, 50.0, 0.0, 0.0, 2.3669),
    (50.0, 2.49, -0.001, 50.0, -2.49, 0.0009, 7.1792),
    (50.0, 2.49, -0.001, 50.0, -2.49, 0.0011, 7.2195),
    (50.0, 2.5, 0.0, 50.0, 0.0, -2.5, 4.3065),
    (50.0, 2.5, 0.0, 73.0, 25.0, -18.0, 27.1492),
    (60.2574, -34.0099, 36.2677, 60.4626, -34.1751, 39.4387, 1.2644),
    (22.7233, 20.0904, -46.694, 23.0331, 14.973, -42.5619, 2.0373),
    (90.8027, -2.0831, 1.441, 91.1528, -1.6435, 0.0447, 1.4441),
    (2.0776, 0.0795, -1.135, 0.9033, -0.0636, -0.5514, 0.9082),
)


@pytest.mark.parametrize("pair", PAIRS)
def test_delta_e_is_as_published(pair: tuple[float, ...]) -> None:
    one, other = np.array(pair[:3]), np.array(pair[3:6])
    assert abs(float(delta_e(one, other)) - pair[6]) < 1e-4
    assert abs(float(delta_e(other, one)) - pair[6]) < 1e-4


def test_white_is_a_hundred() -> None:
    white = rendering(scene(0, 9.0), np.zeros(8), SDR).lab
    assert np.abs(np.median(white, axis=(0, 1)) - [100, 0, 0]).max() < 0.2


def test_true_sliders_differ_by_nothing_and_a_brighter_picture_by_more(tables: Tables) -> None:
    photos = tables.people("all")["gambler"].of(np.arange(3))
    renderings = Renderings()
    true = np.nan_to_num(photos.labels)
    assert renderings.differences(photos, true)[:3] == (0.0, 0.0, 1.0)
    steps = [renderings.differences(photos, true + stops * np.eye(8)[0])[0] for stops in (0.1, 0.5)]
    assert 0.2 < steps[0] < steps[1] < 25
    assert np.isnan(renderings.differences(photos.of(np.arange(0)), true[:0])[0])


def test_a_slider_without_a_label_makes_no_difference(tables: Tables) -> None:
    photos = tables.people("all")["gambler"].of(np.array([0]))
    values = np.nan_to_num(photos.labels)
    values[:, 6:] = 80
    assert Renderings().differences(photos, values)[:3] == (0.0, 0.0, 1.0)
