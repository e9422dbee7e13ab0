"""The slider map: Lightroom's units, a network's [-1, 1], and a sidecar's spelling."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autohdr.sliders import SLIDERS, settings, to_scaled, to_values

sliders = st.sampled_from(SLIDERS)
finite = st.floats(-1e6, 1e6)


@pytest.mark.parametrize(
    ("index", "value", "spelled"),
    [
        (0, 0.5, "+0.50"),
        (0, 0.0, "0.00"),
        (0, -0.001, "0.00"),
        (0, -1.35, "-1.35"),
        (0, 9.0, "+5.00"),
        (1, 12, "+12"),
        (1, -0.4, "0"),
        (1, -7, "-7"),
        (1, 250, "+100"),
    ],
)
def test_values_are_spelled_as_camera_raw_spells_them(index: int, value: float, spelled: str) -> None:
    assert SLIDERS[index].spell(value) == spelled


@given(sliders, finite)
def test_what_is_spelled_reads_back_as_the_rounded_value(slider, value) -> None:  # type: ignore[no-untyped-def]
    assert float(slider.spell(value)) == slider.round(value)
    assert slider.spell(slider.round(value)) == slider.spell(value)


@given(sliders, finite)
def test_rounding_stays_in_range_and_within_half_a_step(slider, value) -> None:  # type: ignore[no-untyped-def]
    rounded = slider.round(value)
    assert -slider.limit <= rounded <= slider.limit
    assert abs(rounded - np.clip(value, -slider.limit, slider.limit)) <= slider.step / 2 + 1e-9


@given(st.lists(st.floats(-1, 1), min_size=8, max_size=8))
def test_scaling_there_and_back_changes_nothing(scaled: list[float]) -> None:
    np.testing.assert_allclose(to_scaled(to_values(scaled)), scaled, atol=1e-12)


def test_a_missing_label_stays_missing() -> None:
    assert np.isnan(to_scaled([np.nan] * 8)).all()


def test_a_value_that_no_sidecar_can_hold_is_an_error() -> None:
    with pytest.raises(ValueError, match="Exposure is nan"):
        settings([float("nan")] * 8)


def test_settings_come_in_lightrooms_units() -> None:
    assert settings([0.1, -0.5, 0, 0, 0, 0, 0, 2])["Exposure2012"] == 0.5
    assert settings([0.1, -0.5, 0, 0, 0, 0, 0, 2])["Contrast2012"] == -50
    assert settings([0.1, -0.5, 0, 0, 0, 0, 0, 2])["Saturation"] == 100
