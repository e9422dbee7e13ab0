"""Opcode lists as DNGs hold them: read whole, refused where they are damaged."""

import struct

import numpy as np
import pytest

from autohdr.raw.decoders.opcodes import Curve, GainMap, Lines, Trim, Vignette, steps
from tests.runtime.raw.dngs import gain_map, opcodes, region

WHERE = region((40, 60), (2, 3), 2, (1, 2))
MAP = gain_map(WHERE, np.arange(12.0).reshape(2, 3, 2))
WHOLE = opcodes(MAP, (6, struct.pack(">4I", 1, 2, 30, 50)), (10, region((4, 9)) + struct.pack(">I4f", 4, 1, 2, 3, 4)))


def test_steps_come_in_order_with_all_that_they_say() -> None:
    one, two, three = steps(WHOLE)
    assert isinstance(one, GainMap)
    assert one.region.area == (2, 3, 40, 60)
    assert (one.region.planes, one.region.pitch) == ((1, 2), (2, 2))
    assert (one.spacing, one.origin) == ((1.0, 0.5), (0.0, 0.0))
    np.testing.assert_array_equal(one.gains, np.arange(12).reshape(2, 3, 2))
    assert two == Trim((1, 2, 30, 50))
    assert isinstance(three, Lines)
    assert (three.rows, three.added, three.values.tolist()) == (True, True, [1, 2, 3, 4])


def test_what_moves_light_or_mends_single_samples_is_passed_over() -> None:
    assert list(steps(opcodes(*((number, b"anything") for number in (1, 2, 4, 5, 14))))) == []


def test_a_short_table_goes_on_with_its_last_level() -> None:
    (curve,) = steps(opcodes((7, WHERE + struct.pack(">I3H", 3, 0, 65535, 13107))))
    assert isinstance(curve, Curve)
    np.testing.assert_allclose(curve.values[[0, 1, 2, 3, 65535]], [0, 1, 0.2, 0.2, 0.2])


def test_a_vignettes_centre_is_given_across_first() -> None:
    (vignette,) = steps(opcodes((3, struct.pack(">7d", 1, 2, 3, 4, 5, 0.25, 0.75))))
    assert vignette == Vignette((1, 2, 3, 4, 5), (0.75, 0.25))


@pytest.mark.parametrize("cut", [1, 3, 10, 30, 90, len(WHOLE) - 1])
def test_a_list_that_is_cut_off_is_refused(cut: int) -> None:
    with pytest.raises(ValueError, match="cut off"):
        list(steps(WHOLE[:cut]))


DAMAGED = {
    "no number": (9, MAP[1][:-4] + struct.pack(">f", np.nan)),
    "impossible": gain_map(WHERE, np.full((2, 2), -1.0)),
    "a pitch is 0": gain_map(WHERE[:24] + struct.pack(">2I", 0, 1), np.ones((2, 2))),
    "lack their numbers": (12, region((40, 60)) + struct.pack(">I2f", 2, 1, 1)),
    "a scale is negative": (12, region((2, 60)) + struct.pack(">I2f", 2, 1, -1)),
    "holds 0 levels": (7, WHERE + struct.pack(">I", 0)),
    "of degree 9": (8, WHERE + struct.pack(">I10d", 9, *range(10))),
    "a polynomial is no number": (8, WHERE + struct.pack(">I2d", 1, 0, np.inf)),
    "a vignette is no number": (3, struct.pack(">7d", 1, 2, 3, 4, 5, 0.25, np.nan)),
    "cut off": (9, WHERE + struct.pack(">2I4dI", 1 << 31, 1 << 31, 1, 1, 0, 0, 1 << 31)),
}


@pytest.mark.parametrize("why", DAMAGED)
def test_what_cannot_have_been_meant_is_refused(why: str) -> None:
    with pytest.raises(ValueError, match=why):
        list(steps(opcodes(DAMAGED[why])))
