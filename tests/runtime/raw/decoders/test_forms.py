"""How a DNG's samples may be stored: the forms that the fast decoder is trusted with, compared with LibRaw again."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from autohdr import RawError
from autohdr.raw.decode import decode, open_decoder
from autohdr.raw.decoders import flashraw
from autohdr.raw.decoders.auto import VERIFIED, differences, form
from autohdr.raw.decoders.flashraw import FlashrawDecoder
from autohdr.raw.decoders.libraw import LibRawDecoder
from tests.runtime.raw.dngs import BYTE, LONG, SHORT, dng

pytestmark = pytest.mark.skipif(not flashraw.installed(), reason="needs flashraw, autohdr[fast]")
HERE = Path("a.dng")


def noise(bits: int, *shape: int) -> NDArray[np.uint8 | np.uint16]:
    samples = np.random.default_rng(0).integers(0, 1 << bits, shape)
    return samples.astype(np.uint8) if bits == 8 else samples.astype(np.uint16)


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("shape", [(48, 64), (47, 62), (48, 66), (48, 64, 3)])
@pytest.mark.parametrize("bits", range(8, 17))
def test_uncompressed_samples_of_any_width_are_read_alike(bits: int, shape: tuple[int, ...], order: str) -> None:
    samples = noise(bits, *shape)
    planes = samples.shape[2] if samples.ndim == 3 else 1
    data = dng(
        samples, {50714: (SHORT, [0] * planes), 50717: (LONG, [(1 << bits) - 1] * planes)}, order=order, bits=bits
    )
    fast, judged = FlashrawDecoder().decode(data, HERE), LibRawDecoder().decode(data, HERE)
    np.testing.assert_array_equal(fast.data, samples)
    assert not differences(fast, judged)
    assert form(fast) in VERIFIED


def test_tiles_are_read_alike() -> None:
    samples, size = noise(12, 48, 64), 16 * 16 * 2
    stored = samples.reshape(3, 16, 4, 16).transpose(0, 2, 1, 3).reshape(-1, 16)
    data = dng(
        stored,
        {
            **{256: (LONG, [64]), 257: (LONG, [48]), 278: (LONG, None), 273: (LONG, None), 279: (LONG, None)},
            **{322: (LONG, [16]), 323: (LONG, [16]), 325: (LONG, [size] * 12)},
            324: (LONG, [8 + size * tile for tile in range(12)]),
        },
    )
    fast, judged = FlashrawDecoder().decode(data, HERE), LibRawDecoder().decode(data, HERE)
    np.testing.assert_array_equal(fast.data, samples)
    assert not differences(fast, judged)


def test_strips_that_do_not_follow_each_other_are_found_or_refused() -> None:
    """LibRaw read on from the first one without a word."""
    samples, size = noise(12, 48, 64), 64 * 2 * 16
    places = [8, 8 + 2 * size, 8 + size]
    stored = np.concatenate([samples[:16], samples[32:], samples[16:32]])
    data = dng(stored, {278: (LONG, [16]), 273: (LONG, places), 279: (LONG, [size] * 3)})
    np.testing.assert_array_equal(decode(HERE, open_decoder("auto"), data).data, samples)
    with pytest.raises(RawError, match=r"a\.dng: LibRaw cannot read a picture whose parts"):
        decode(HERE, open_decoder("libraw"), data)


@pytest.mark.parametrize("decoder", ["auto", "flashraw", "libraw"])
def test_planes_that_are_stored_apart_are_refused(decoder: str) -> None:
    """LibRaw mixed them up without a word."""
    samples, size = noise(12, 48, 64, 3), 48 * 64 * 2
    tags = {
        **{257: (LONG, [48]), 258: (SHORT, [16] * 3), 262: (SHORT, [34892]), 277: (SHORT, [3]), 278: (LONG, [48])},
        **{284: (SHORT, [2]), 273: (LONG, [8, 8 + size, 8 + 2 * size]), 279: (LONG, [size] * 3)},
        **{33421: (SHORT, None), 33422: (BYTE, None), 50710: (BYTE, None), 50711: (SHORT, None)},
    }
    data = dng(np.ascontiguousarray(samples.transpose(2, 0, 1)).reshape(144, 64), tags)
    with pytest.raises(RawError, match=r"a\.dng: .*; .*"):
        decode(HERE, open_decoder(decoder), data)  # type: ignore[arg-type]
