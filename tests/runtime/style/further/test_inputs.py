"""A photo in numbers for the further sliders: its hues, and the light that it was shot in."""

import numpy as np
import pytest

from autohdr.encoding import encode
from autohdr.shot.shot import Shot
from autohdr.spec import InputSpec
from autohdr.style.further.inputs import HUES, describe_all_beside, describe_beside

SPEC = InputSpec(size=32, encoding="pu21-pmax", mean=(0.26, 0.26, 0.26), std=(0.12, 0.12, 0.12))
_PRIMARIES = [(1, 0, 0), (1, 1, 0), (0, 1, 0), (0, 1, 1), (0, 0, 1), (1, 0, 1)]


def _seen(colour: tuple[float, float, float]) -> np.ndarray:
    light = np.broadcast_to(0.05 + 0.3 * np.array(colour), (32, 32, 3))
    return describe_beside(encode(light, SPEC), SPEC, Shot())


@pytest.mark.parametrize("hue", range(HUES))
def test_a_frame_of_one_hue_is_of_that_hue_alone(hue: int) -> None:
    found = _seen(_PRIMARIES[hue])[:HUES]
    assert found.argmax() == hue
    assert found[hue] == pytest.approx(np.sqrt(0.3 / 0.35), abs=0.02)
    assert np.delete(found, hue).max() < 0.1


def test_a_hue_between_two_counts_for_both_and_grey_for_none() -> None:
    leaves = _seen((0.5, 1.0, 0.0))[:HUES]
    assert leaves[1] == pytest.approx(leaves[2], abs=0.02)
    np.testing.assert_allclose(_seen((0.5, 0.5, 0.5))[:HUES], 0.0, atol=0.05)


def test_the_light_as_shot_is_in_mired() -> None:
    known, unknown = describe_all_beside(
        [encode(np.full((32, 32, 3), 0.1), SPEC)] * 2, SPEC, [Shot(kelvin=5000.0, tint=-7.0), Shot()]
    )[:, HUES:]
    np.testing.assert_allclose(known, [200.0, -7.0])
    assert np.isnan(unknown).all()
