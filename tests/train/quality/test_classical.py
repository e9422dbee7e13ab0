"""Classical measures on PU21 values."""

import math

import numpy as np
import pytest

from autohdr import pu21
from autohdr.quality.classical import RANGE
from autohdr_train.quality.classical import SMALLEST, classical

pytest.importorskip("torchmetrics", reason="the extra quality is not installed")


def test_psnr_is_of_pu21_values() -> None:
    reference, brighter = (np.full((16, 16, 3), level, np.float32) for level in (100.0, 120.0))
    error = float(pu21.encode(120.0) - pu21.encode(100.0))
    assert classical(reference, brighter).psnr == pytest.approx(20 * math.log10(RANGE / error), rel=1e-4)


def test_equal_pictures_are_perfect_and_worse_ones_are_told_apart() -> None:
    rng = np.random.default_rng(0)
    light = rng.uniform(5, 90, (SMALLEST // 8, SMALLEST // 8, 3)).repeat(8, 0).repeat(8, 1).astype(np.float32)
    mild, strong = (light * rng.uniform(1 - by, 1 + by, light.shape).astype(np.float32) for by in (0.05, 0.5))
    same, one, other = (classical(light, picture) for picture in (light, mild, strong))
    assert same.psnr == math.inf
    assert [same.ssim, same.ms_ssim] == pytest.approx([1.0, 1.0], abs=1e-3)
    assert all(better > worse for better, worse in zip(one, other, strict=True))


def test_what_is_too_small_for_five_scales_has_no_ms_ssim() -> None:
    light = np.full((40, 300, 3), 20.0, np.float32)
    measures = classical(light, light)
    assert math.isnan(measures.ms_ssim)
    assert measures.ssim == pytest.approx(1.0, abs=1e-3)  # single precision over an even picture
