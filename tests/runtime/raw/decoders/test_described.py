"""What a DNG says of its samples holds through both decoders: white, gain maps, the order of rows."""

import struct
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from autohdr.raw.decode import decode, open_decoder
from autohdr.raw.decoders.base import Decoder
from autohdr.raw.decoders.described import _places
from autohdr.raw.decoders.opcodes import gain_maps, with_gains
from autohdr.raw.frame import RawFrame
from autohdr.raw.linear import to_linear


@pytest.fixture(scope="module", params=["auto", "libraw"])
def decoder(request: pytest.FixtureRequest) -> Decoder:
    return open_decoder(request.param)


def seen(path: Path, decoder: Decoder) -> NDArray[np.float64]:
    return to_linear(decode(path, decoder), 32)


@pytest.mark.parametrize(
    ("case", "one", "other", "tolerance"),
    [
        ("pixel-whitexy", "A_neutral", "B_whitexy", 0.01),
        ("gainmap", "A_flat", "B_gainmap", 0.02),
        ("interleave", "ref", "rowinterleave2", 1e-12),
    ],
)
def test_one_scene_said_in_two_ways_is_one_picture(
    shared_cases: Path, decoder: Decoder, case: str, one: str, other: str, tolerance: float
) -> None:
    """AsShotWhiteXY, GainMap and RowInterleaveFactor were passed over by one decoder or by both."""
    plain, said = (seen(shared_cases / case / f"{name}.dng", decoder) for name in (one, other))
    np.testing.assert_allclose(said, plain, atol=tolerance)


def flat(height: int = 12, width: int = 16) -> RawFrame:
    return RawFrame(
        data=np.full((height, width), 1000, np.uint16),
        pattern=np.array([[0, 1], [3, 2]], np.uint8),
        black=np.full(4, 200.0),
        white=np.full(4, 4000.0),
        white_balance=np.ones(3),
        matrix=np.eye(3),
    )


def opcode(gains: NDArray[np.float64], start: tuple[int, int] = (0, 0), pitch: int = 1) -> bytes:
    rows, columns = gains.shape
    spacing = [1 / max(rows - 1, 1), 1 / max(columns - 1, 1)]
    content = struct.pack(">4I4I2I4dI", *start, 99, 99, 0, 1, pitch, pitch, rows, columns, *spacing, 0.0, 0.0, 1)
    content += gains.astype(">f4").tobytes()
    return struct.pack(">I4I", 1, 9, 0x01030000, 0, len(content)) + content


def test_gains_are_taken_above_black_and_end_at_white() -> None:
    frame = flat()
    frame.data[0, 0] = 4000
    found = with_gains(frame, opcode(np.full((2, 2), 1.5)), (0, 0), (12, 16)).data
    assert found[5, 5] == 200 + 1.5 * 800
    assert found[0, 0] == 4000
    assert (frame.data[1:] == 1000).all()


def test_a_map_is_for_the_samples_that_it_names_and_lies_over_the_active_area() -> None:
    gains = np.array([[1.0, 3.0], [1.0, 3.0]])
    whole = with_gains(flat(), opcode(gains, (1, 0), 2), (0, 0), (12, 16)).data
    assert (whole[::2] == 1000).all()
    assert (whole[:, 1::2] == 1000).all()
    assert (np.diff(whole[1, ::2].astype(int)) > 0).all()
    part = with_gains(flat(8, 10), opcode(gains, (1, 0), 2), (3, 4), (12, 16)).data
    np.testing.assert_array_equal(part, whole[3:11, 4:14])


@pytest.mark.parametrize("cut", [0, 3, 10, 30, 90])
def test_damaged_opcodes_are_passed_over(cut: int) -> None:
    assert list(gain_maps(opcode(np.ones((2, 2)))[:cut])) == []
    assert list(gain_maps(opcode(np.full((2, 2), np.nan)))) == []
    assert list(gain_maps(opcode(np.full((2, 2), -1.0)))) == []


@pytest.mark.parametrize(("length", "factor"), [(7, 2), (8, 3), (5, 5), (4, 9), (6, 1)])
def test_interleaved_rows_come_back_in_order(length: int, factor: int) -> None:
    picture = np.arange(length)
    stored = np.concatenate([picture[first::factor] for first in range(factor)])
    np.testing.assert_array_equal(stored[_places(length, factor)], picture)
