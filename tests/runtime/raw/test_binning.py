"""The averaging kernels against plain NumPy in float64."""

import numpy as np
import pytest
from numpy.typing import NDArray

from autohdr.raw import binning
from autohdr.raw.binning import bin_mosaic, bin_planes

TOLERANCE = 1e-5
"""Relative; the kernels sum in float32."""

OPEN = np.full((2, 2), 65535, np.uint16)


def overlap(length: int, size: int, at_least: float) -> NDArray[np.float64]:
    """(size, length): the part of each sample that lies in each output pixel's range."""
    share = length / size
    width = max(share, at_least)
    begin = np.clip((np.arange(size) + 0.5) * share - width / 2, 0, length - width)[:, None]
    sample = np.arange(length)[None]
    shared: NDArray[np.float64] = np.minimum(begin + width, sample + 1) - np.maximum(begin, sample)
    return shared.clip(0)


def reference_mosaic(data: NDArray[np.uint16], clip: NDArray[np.uint16], size: int) -> NDArray[np.float64]:
    rows, cols = overlap(data.shape[0], size, 2), overlap(data.shape[1], size, 2)
    out = np.empty((size, size, 4))
    for place, (y, x) in enumerate([(0, 0), (0, 1), (1, 0), (1, 1)]):
        here = np.zeros(data.shape)
        here[y::2, x::2] = 1
        values = np.minimum(data, clip[y, x]) * here
        out[..., place] = (rows @ values @ cols.T) / (rows @ here @ cols.T)
    return out


def mosaic(height: int, width: int, seed: int = 0) -> NDArray[np.uint16]:
    return np.random.default_rng(seed).integers(0, 16384, (height, width), dtype=np.uint16)


SIZES = [(448, 672), (449, 673), (37, 61), (31, 16), (16, 300), (5, 3), (2, 2)]


@pytest.mark.parametrize(("height", "width"), SIZES)
def test_a_mosaic_is_averaged_by_area(height: int, width: int) -> None:
    data = mosaic(height, width)
    averages, _ = bin_mosaic(data, OPEN, 16)
    np.testing.assert_allclose(averages, reference_mosaic(data, OPEN, 16), rtol=TOLERANCE)


def test_samples_are_clipped_before_they_are_averaged() -> None:
    data, clip = mosaic(50, 70), np.array([[9000, 4000], [12000, 100]], np.uint16)
    averages, _ = bin_mosaic(data, clip, 16)
    np.testing.assert_allclose(averages, reference_mosaic(data, clip, 16), rtol=TOLERANCE)


STRIDED = {
    "cropped": lambda data: data[3:-2, 5:-4],
    "every other column": lambda data: data[:, ::2],
    "every other row": lambda data: data[::2],
    "upside down": lambda data: data[::-1, ::-1],
    "transposed": lambda data: data.T,
}


@pytest.mark.parametrize("view", STRIDED)
def test_a_strided_mosaic_gives_what_its_copy_gives(view: str) -> None:
    strided = STRIDED[view](mosaic(101, 133))
    for one, other in zip(bin_mosaic(strided, OPEN, 16), bin_mosaic(strided.copy(), OPEN, 16), strict=True):
        np.testing.assert_array_equal(one, other)


def test_the_weights_say_how_many_samples_were_averaged() -> None:
    _, weight = bin_mosaic(mosaic(101, 133), OPEN, 16)
    np.testing.assert_allclose(weight.sum(), 101 * 133, rtol=1e-6)


@pytest.mark.parametrize(("height", "width"), [*SIZES, (1, 1), (1, 40)])
@pytest.mark.parametrize("channels", [3, 4])
def test_planes_are_averaged_by_area(height: int, width: int, channels: int) -> None:
    data = np.random.default_rng(1).integers(0, 65536, (height, width, channels), dtype=np.uint16)[..., :3]
    clip = np.array([65535, 30000, 65535], np.uint16)
    rows, cols = overlap(height, 16, 0), overlap(width, 16, 0)
    expected = np.einsum("yh,hwc,xw->yxc", rows, np.minimum(data, clip).astype(float), cols)
    expected /= (height / 16) * (width / 16)
    np.testing.assert_allclose(bin_planes(data, clip, 16), expected, rtol=TOLERANCE)


@pytest.mark.parametrize("view", ["cropped", "every other column", "every other row", "upside down"])
def test_strided_planes_give_what_their_copy_gives(view: str) -> None:
    data = np.random.default_rng(2).integers(0, 65536, (41, 53, 3), dtype=np.uint16)
    strided, clip = STRIDED[view](data), np.array([65535] * 3, np.uint16)
    np.testing.assert_array_equal(bin_planes(strided, clip, 16), bin_planes(strided.copy(), clip, 16))


def test_the_kernels_are_plain_python_too(monkeypatch: pytest.MonkeyPatch) -> None:
    data, clip = mosaic(23, 37), np.array([[9000, 4000], [12000, 100]], np.uint16)
    planes = np.random.default_rng(3).integers(0, 65536, (9, 21, 3), dtype=np.uint16)
    compiled = bin_mosaic(data, clip, 7)[0], bin_planes(planes, clip.reshape(4)[:3], 7)
    for name in ("_sum_rows", "_bin_mosaic", "_bin_planes"):
        monkeypatch.setattr(binning, name, getattr(binning, name).py_func)
    np.testing.assert_allclose(bin_mosaic(data, clip, 7)[0], compiled[0], rtol=TOLERANCE)
    np.testing.assert_allclose(bin_planes(planes, clip.reshape(4)[:3], 7), compiled[1], rtol=TOLERANCE)
