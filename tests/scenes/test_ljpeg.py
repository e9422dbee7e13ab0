"""Lossless JPEG, read back by decoders of others."""

import numpy as np
import pytest
from numpy.typing import NDArray

from autohdr.errors import SettingsError
from autohdr_scenes import ljpeg
from autohdr_scenes.ljpeg import encode


def decode(stream: bytes) -> NDArray[np.uint16]:
    codecs = pytest.importorskip("imagecodecs", reason="an independent decoder")
    return np.asarray(codecs.ljpeg_decode(stream))


def samples(shape: tuple[int, ...], kind: str) -> NDArray[np.uint16]:
    rng = np.random.default_rng(0)
    if kind == "noise":
        return rng.integers(0, 65536, shape, dtype=np.uint16)
    if kind == "ends":
        return (rng.integers(0, 2, shape) * 65535).astype(np.uint16)
    if kind == "half":
        return (rng.integers(0, 2, shape) * 32768).astype(np.uint16)
    if kind == "flat":
        return np.full(shape, 512, dtype=np.uint16)
    return np.clip(rng.normal(4000, 30, shape), 0, 65535).astype(np.uint16)


@pytest.mark.parametrize("kind", ["photo", "noise", "ends", "half", "flat"])
@pytest.mark.parametrize("shape", [(20, 30), (1, 1), (7, 13), (33, 2)])
def test_every_sample_comes_back(kind: str, shape: tuple[int, int]) -> None:
    data = samples(shape, kind)
    np.testing.assert_array_equal(decode(encode(data[..., None])).reshape(shape), data)


def test_a_difference_of_half_the_range_has_a_code_of_its_own() -> None:
    data = np.array([[0, 32768, 0, 32768, 0, 1]], dtype=np.uint16)
    np.testing.assert_array_equal(decode(encode(data[..., None])).reshape(1, 6), data)


def test_photos_shrink_to_about_their_noise() -> None:
    data = samples((200, 300), "photo")
    # Noise of 30 steps: log2(30 sqrt(2) sqrt(2 pi e)) is 7.5 bits a sample.
    assert len(encode(data[..., None])) * 8 / data.size < 8.0


def test_strided_input_gives_the_same_bytes() -> None:
    data = samples((20, 30, 2), "photo")
    assert encode(np.repeat(data, 2, axis=1)[:, ::2]) == encode(data)


def test_marker_bytes_never_stand_in_the_data() -> None:
    stream = encode(samples((60, 60, 1), "noise"))
    scan = stream[stream.index(b"\xff\xda") + 2 : -2]
    assert all(scan[i + 1] == 0 for i, byte in enumerate(scan[:-1]) if byte == 0xFF)


def test_code_lengths_fit_the_standard_however_lopsided_the_counts() -> None:
    counts = np.array([2**k for k in range(17)], dtype=np.int64) ** 2
    lengths = ljpeg._code_lengths(counts)
    assert lengths.min() >= 1
    assert lengths.max() <= 13
    # A prefix code, with the code of all ones left over.
    assert sum(2.0**-length for length in lengths) < 1.0


def test_categories_count_as_in_numpy_and_uncompiled() -> None:
    data = samples((9, 11, 2), "noise")
    left = np.concatenate([np.full((1, 1, 2), 32768), data[:-1, :1]]).astype(np.int64)
    before = np.concatenate([left, data[:, :-1].astype(np.int64)], axis=1)
    difference = (data - before + 32767) % 65536 - 32767
    sizes = np.ceil(np.log2(np.abs(difference) + 1)).astype(int)
    fast = np.zeros(17, dtype=np.int64)
    ljpeg._count(data, fast)
    np.testing.assert_array_equal(fast, np.bincount(sizes.ravel(), minlength=17))


def test_the_kernel_writes_the_same_bytes_uncompiled() -> None:
    data = samples((5, 6, 2), "photo")
    counts = np.zeros(17, dtype=np.int64)
    ljpeg._count(data, counts)
    lengths = ljpeg._code_lengths(counts)
    codes, _ = ljpeg._codes(lengths)
    out = np.empty(data.size * 8 + 8, dtype=np.uint8)
    used = ljpeg._encode.py_func(data, codes, lengths, out)
    assert out[:used].tobytes() in encode(data)


@pytest.mark.parametrize("shape", [(0, 4, 1), (4, 4, 5), (4, 70000, 1)])
def test_sizes_that_the_format_cannot_hold_are_refused(shape: tuple[int, int, int]) -> None:
    with pytest.raises(SettingsError, match="1 to 65535"):
        encode(np.zeros(shape, dtype=np.uint16))
