"""Colour spaces: matrices against published values."""

import numpy as np
import pytest

from autohdr.develop.spaces import LUMINANCE, DisplayPrimaries, between, to_xyz


def test_srgb_to_xyz_is_the_published_matrix() -> None:
    published = [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
    assert np.allclose(to_xyz("srgb"), published, atol=1e-3)


def test_luminance_of_prophoto_is_the_published_one() -> None:
    assert np.allclose(LUMINANCE, [0.2880402, 0.7118741, 0.0000857], atol=2e-4)


@pytest.mark.parametrize("target", ["srgb", "display-p3", "bt2020"])
def test_white_stays_white_and_the_way_back_is_the_inverse(target: DisplayPrimaries) -> None:
    there = between("prophoto", target)
    assert np.allclose(there @ np.ones(3), 1, atol=1e-6)
    assert np.allclose(between(target, "prophoto") @ there, np.eye(3), atol=1e-9)
