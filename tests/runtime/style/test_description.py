"""A photo in numbers: its tones follow its light, what is not known is missing."""

import numpy as np
import pytest

from autohdr.encoding import decode, encode
from autohdr.shot.shot import Shot
from autohdr.spec import InputSpec
from autohdr.style.description import AUTO, COUNT, EXPOSURE, GROUPS, TONES, describe, describe_all

SPEC = InputSpec(size=64, encoding="pu21-pmax", mean=(0.26, 0.26, 0.26), std=(0.12, 0.12, 0.12))


def light(stops: float = 0.0) -> np.ndarray:
    """A picture of blocks of 2 by 2 pixels."""
    random = np.random.default_rng(0).uniform(0.02, 0.4, (32, 32, 3))
    return np.asarray(np.kron(random, np.ones((2, 2, 1))) * 2.0**stops)


@pytest.mark.parametrize("encoding", ["pu21-pmax", "pu21-255", "srgb"])
def test_levels_are_percentiles_of_the_light(encoding: str) -> None:
    spec = InputSpec(size=64, encoding=encoding)  # type: ignore[arg-type]
    pixels = encode(light(), spec)
    levels = np.log2(decode(pixels, spec) @ [0.2126, 0.7152, 0.0722] + 2.0**-13)
    found = describe(pixels, spec, Shot())[GROUPS[TONES]]
    np.testing.assert_allclose(found[:7], np.percentile(levels[::2, ::2], [1, 5, 25, 50, 75, 95, 99]), atol=2e-3)
    np.testing.assert_allclose(found[12], levels.std(), atol=2e-3)


def test_half_the_light_is_a_stop_less_and_asks_for_more_exposure() -> None:
    bright, dark = (describe(encode(light(stops), SPEC), SPEC, Shot()) for stops in (0.0, -1.0))
    np.testing.assert_allclose(bright[:12] - dark[:12], 1.0, atol=0.02)
    assert dark[GROUPS[AUTO]][0] > bright[GROUPS[AUTO]][0] + 0.2


def test_the_exposure_is_the_light_that_it_is_right_for() -> None:
    shot = Shot(iso=200.0, aperture=4.0, exposure_time=1 / 64, compensation=-1.0)
    known, unknown = describe_all([encode(light(), SPEC)] * 2, SPEC, [shot, Shot()])[:, GROUPS[EXPOSURE]]
    np.testing.assert_allclose(known, [4 + 6 - 1, np.log2(200), -6, 2, -1])
    assert np.isnan(unknown).all()


def test_what_is_not_finite_has_no_auto() -> None:
    found = describe(np.full((3, 64, 64), np.nan, np.float32), SPEC, Shot())
    assert np.isnan(found[GROUPS[AUTO]]).all()
    assert describe_all([], SPEC, []).shape == (0, COUNT)
