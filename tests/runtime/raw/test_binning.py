"""The averaging kernels against plain NumPy in float64."""

import numpy as np
import pytest
from numpy.typing import NDArray

from autohdr.raw import binning
from autohdr.raw.binning import bin_mosaic, bin_planes
from autohdr.raw.frame import Samples

TOLERANCE = 1e-5
"""Relative; the kernels sum in float32."""

OPEN = np.full(4, 65535, np.uint16)
CELLS = {
    "RGGB": np.array([[0, 1], [3, 2]], np.uint8),
    "GRBG": np.array([[1, 0], [2, 3]], np.uint8),
    "GBRG": np.array([[3, 2], [0, 1]], np.uint8),
    "BGGR": np.array([[2, 3], [1, 0]], np.uint8),
    "X-Trans": np.array(
        [[1, 1, 0, 1, 1, 2], [1, 1, 2, 1, 1, 0], [2, 0, 1, 0, 2, 1],
         [1, 1, 2, 1, 1, 0], [1, 1, 0, 1, 1, 2], [0, 2, 1, 2, 0, 1]], np.uint8
    ),
    "monochrome": np.array([[1]], np.uint8),
    "4 x 2": np.array([[0, 1], [2, 1], [2, 1], [0, 1]], np.uint8),
    "4 x 4": np.array([[0, 1, 0, 1], [1, 0, 3, 2], [0, 1, 2, 3], [3, 2, 1, 0]], np.uint8),
}  # fmt: skip


def overlap(length: int, size: int, at_least: float) -> NDArray[np.float64]:
    """(size, length): the part of each sample that lies in each output pixel's range."""
    share = length / size
    width = max(share, at_least)
    begin = np.clip((np.arange(size) + 0.5) * share - width / 2, 0, length - width)[:, None]
    sample = np.arange(length)[None]
    shared: NDArray[np.float64] = np.minimum(begin + width, sample + 1) - np.maximum(begin, sample)
    return shared.clip(0)


def reference_mosaic(data: Samples, pattern: NDArray[np.uint8], clip: Samples, size: int) -> NDArray[np.float64]:
    rows, cols = overlap(data.shape[0], size, pattern.shape[0]), overlap(data.shape[1], size, pattern.shape[1])
    colours = np.tile(pattern, np.add(np.floor_divide(data.shape, pattern.shape), 1))[: data.shape[0], : data.shape[1]]
    out = np.zeros((size, size, 4))
    for colour in np.unique(pattern):
        here = (colours == colour).astype(float)
        values = np.minimum(data, clip[colour]).astype(float) * here
        out[..., colour] = (rows @ values @ cols.T) / (rows @ here @ cols.T)
    return out


def reference_planes(data: Samples, clip: Samples, size: int) -> NDArray[np.float64]:
    rows, cols = (overlap(length, size, 0) for length in data.shape[:2])
    out: NDArray[np.float64] = np.einsum(
        "yh,hwc,xw->yxc", rows, np.minimum(data, clip).astype(float), cols, optimize=True
    )
    out /= data.shape[0] / size * data.shape[1] / size
    return out


def mosaic(height: int, width: int, seed: int = 0) -> NDArray[np.uint16]:
    return np.random.default_rng(seed).integers(0, 16384, (height, width), dtype=np.uint16)


SIZES = [(448, 672), (449, 673), (37, 61), (31, 16), (16, 300), (5, 3), (2, 2)]


@pytest.mark.parametrize(
    ("cell", "height", "width"),
    [(cell, *size) for cell in CELLS for size in SIZES if min(size) >= len(CELLS[cell])],
)
def test_a_mosaic_is_averaged_by_area(cell: str, height: int, width: int) -> None:
    data, pattern = mosaic(height, width), CELLS[cell]
    averages, _ = bin_mosaic(data, pattern, OPEN, 16)
    np.testing.assert_allclose(averages, reference_mosaic(data, pattern, OPEN, 16), rtol=TOLERANCE)


def test_samples_are_clipped_before_they_are_averaged() -> None:
    data, clip = mosaic(50, 70), np.array([9000, 4000, 12000, 100], np.uint16)
    averages, _ = bin_mosaic(data, CELLS["GBRG"], clip, 16)
    np.testing.assert_allclose(averages, reference_mosaic(data, CELLS["GBRG"], clip, 16), rtol=TOLERANCE)


@pytest.mark.parametrize("cell", CELLS)
def test_a_mosaic_of_floats_is_averaged_and_clipped_too(cell: str) -> None:
    data = (mosaic(101, 133) / np.float32(16384) - np.float32(0.1)).astype(np.float32)
    clip = np.array([0.5, 0.2, 0.7, 0.9], np.float32)
    averages, _ = bin_mosaic(data, CELLS[cell], clip, 16)
    np.testing.assert_allclose(averages, reference_mosaic(data, CELLS[cell], clip, 16), rtol=TOLERANCE, atol=1e-7)


def test_a_float_that_is_no_number_counts_as_saturated() -> None:
    data, clip = np.ones((32, 32), np.float32), np.full(4, 2, np.float32)
    data[::2] = np.nan
    averages, _ = bin_mosaic(data, CELLS["RGGB"], clip, 16)
    np.testing.assert_array_equal(averages, np.broadcast_to([2, 2, 1, 1], (16, 16, 4)))


@pytest.mark.parametrize("value", [65535, 16383])
@pytest.mark.parametrize(
    ("height", "width", "tolerance"), [(1000, 1000, TOLERANCE), (1, 70000, 1e-4), (70000, 1, 1e-4)]
)
def test_however_many_samples_overflow_no_sum(value: int, height: int, width: int, tolerance: float) -> None:
    data = np.full((height, width), value, np.uint16)
    averages, weight = bin_mosaic(data, CELLS["monochrome"], OPEN, 1)
    np.testing.assert_allclose(averages[0, 0], [0, value, 0, 0], rtol=tolerance)
    np.testing.assert_array_equal(weight[0, 0], [0, height * width, 0, 0])


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
    one, other = (bin_mosaic(data, CELLS["RGGB"], OPEN, 16)[0] for data in (strided, strided.copy()))
    np.testing.assert_array_equal(one, other)


def test_the_weights_say_how_many_samples_were_averaged() -> None:
    _, weight = bin_mosaic(mosaic(101, 133), CELLS["RGGB"], OPEN, 16)
    np.testing.assert_allclose(weight.sum(), 101 * 133, rtol=1e-6)


@pytest.mark.parametrize(("height", "width"), [*SIZES, (1, 1), (1, 40)])
@pytest.mark.parametrize(("planes", "channels"), [(3, 3), (3, 4), (4, 4), (1, 1)])
@pytest.mark.parametrize("dtype", [np.uint16, np.float32])
def test_planes_are_averaged_by_area(height: int, width: int, planes: int, channels: int, dtype: type) -> None:
    data: Samples = np.random.default_rng(1).integers(0, 65536, (height, width, channels)).astype(dtype)[..., :planes]
    clip: Samples = np.array([65535, 30000, 65535, 20000], dtype)[:planes]
    np.testing.assert_allclose(bin_planes(data, clip, 16), reference_planes(data, clip, 16), rtol=TOLERANCE)


@pytest.mark.parametrize("view", ["cropped", "every other column", "every other row", "upside down"])
def test_strided_planes_give_what_their_copy_gives(view: str) -> None:
    data = np.random.default_rng(2).integers(0, 65536, (41, 53, 3), dtype=np.uint16)
    strided, clip = STRIDED[view](data), np.array([65535] * 3, np.uint16)
    np.testing.assert_array_equal(bin_planes(strided, clip, 16), bin_planes(strided.copy(), clip, 16))


def test_every_kind_of_picture_runs_the_same_compiled_kernel() -> None:
    """Tables or samples that are laid out otherwise would compile it once more, and slower."""
    for cell in CELLS.values():
        bin_mosaic(mosaic(41, 53)[3:, ::2], cell, OPEN, 16)
    for planes in (3, 4):
        bin_planes(np.zeros((41, 53, planes), np.uint16), OPEN[:planes], 16)
    compiled = [samples for samples, *_ in binning._average.signatures if samples[:2] == ("array", "H")]
    assert len(compiled) == 1


def test_the_kernels_are_plain_python_too(monkeypatch: pytest.MonkeyPatch) -> None:
    data, cell, clip = mosaic(23, 37), CELLS["X-Trans"], np.array([9000, 4000, 12000, 100], np.uint16)
    planes = np.random.default_rng(3).integers(0, 65536, (9, 21, 3), dtype=np.uint16)
    compiled = bin_mosaic(data, cell, clip, 7)[0], bin_planes(planes, clip[:3], 7)
    for name in ("_add_rows", "_add_columns", "_average"):
        monkeypatch.setattr(binning, name, getattr(binning, name).py_func)
    np.testing.assert_allclose(bin_mosaic(data, cell, clip, 7)[0], compiled[0], rtol=TOLERANCE)
    np.testing.assert_allclose(bin_planes(planes, clip[:3], 7), compiled[1], rtol=TOLERANCE)
