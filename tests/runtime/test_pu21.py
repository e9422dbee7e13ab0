"""PU21 against the values published with it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autohdr import pu21

TOLERANCE = 1e-3
"""PU units; the published table has four digits after the point."""

GOLDEN = {
    "banding_glare": (
        [0.005, 0.1, 1, 10, 48, 80, 100, 203, 400, 1000, 1600, 4000, 10000],
        [0, 5.7171, 36.5439, 123.6475, 210.3106, 242.0360, 256.3839, 303.8002, 351.7845, 420.0969, 456.3070, 527.4939,
         595.3939],
    ),
    "banding": ([0.1, 1, 100, 1000, 10000], [36.0057, 84.4045, 261.7517, 388.1423, 520.4673]),
    "peaks": ([0.1, 1, 100, 1000, 10000], [32.6568, 85.5420, 260.7250, 335.6947, 380.9853]),
    "peaks_glare": ([0.1, 1, 100, 1000, 10000], [8.0104, 47.0090, 252.2985, 359.6225, 407.5066]),
}  # fmt: skip

variants = st.sampled_from(sorted(pu21.PARAMETERS))


@pytest.mark.parametrize("variant", sorted(GOLDEN))
def test_encoding_equals_the_published_values(variant: pu21.Variant) -> None:
    luminance, units = GOLDEN[variant]
    np.testing.assert_allclose(pu21.encode(luminance, variant), units, rtol=0, atol=TOLERANCE)


# Below 0.1 cd/m2 the peaks variants are flat (clamped at 0), so nothing can be read back there.
@given(variants, st.floats(0.1, 10000))
def test_decoding_reads_back_what_was_encoded(variant: pu21.Variant, luminance: float) -> None:
    np.testing.assert_allclose(pu21.decode(pu21.encode(luminance, variant), variant), luminance, rtol=1e-6)


@given(variants, st.floats(0, 20000), st.floats(0, 20000))
def test_more_light_is_never_encoded_lower(variant: pu21.Variant, one: float, other: float) -> None:
    low, high = sorted((one, other))
    assert pu21.encode(low, variant) <= pu21.encode(high, variant)


def test_shape_is_kept_and_the_range_is_clamped() -> None:
    units = pu21.encode(np.array([[[-1.0, 0.0], [0.005, np.inf]], [[1e9, 10000], [np.nan, -np.inf]]]))
    assert units.shape == (2, 2, 2)
    assert units[0, 0, 0] == units[0, 0, 1] == units[0, 1, 0] == units[1, 1, 1]
    assert units[0, 1, 1] == units[1, 0, 0] == units[1, 0, 1]
    assert np.isnan(units[1, 1, 0])
