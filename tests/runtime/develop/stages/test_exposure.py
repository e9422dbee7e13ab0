"""Exposure."""

from autohdr.develop.stages.exposure import gain


def test_a_stop_doubles_and_the_ends_hold() -> None:
    assert [gain(exposure) for exposure in (-1, 0, 2, 5, 9, -7)] == [0.5, 1, 4, 32, 32, 2**-5]
