"""What a DNG says of its samples means the same through both decoders: white, levels, opcodes, the order of rows."""

import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from autohdr import RawError
from autohdr.raw.decode import decode, open_decoder
from autohdr.raw.decoders import flashraw
from autohdr.raw.decoders.base import Decoder
from autohdr.raw.decoders.described import _places
from autohdr.raw.linear import to_linear
from tests.runtime.raw import dngs
from tests.runtime.raw.dngs import LONG, RATIONAL, SHORT, SRATIONAL, UNDEFINED, dng, gain_map, levels, mosaic, region

SCENE = dngs.scene()
MOSAIC = mosaic(SCENE)
SHAPE = MOSAIC.shape


@pytest.fixture(scope="module", params=["auto", "flashraw", "libraw"])
def decoder(request: pytest.FixtureRequest) -> Decoder:
    if request.param != "libraw" and not flashraw.installed():
        pytest.skip("needs flashraw, autohdr[fast]")
    return open_decoder(request.param)


def seen(data: bytes, decoder: Decoder) -> NDArray[np.float64]:
    return to_linear(decode(Path("a.dng"), decoder, data), 16)


@pytest.mark.parametrize(
    ("case", "one", "other", "tolerance"),
    [
        ("pixel-whitexy", "A_neutral", "B_whitexy", 0.001),
        ("gainmap", "A_flat", "B_gainmap", 0.01),
        ("interleave", "ref", "rowinterleave2", 1e-12),
    ],
)
def test_one_scene_said_in_two_ways_is_one_picture(
    shared_cases: Path, decoder: Decoder, case: str, one: str, other: str, tolerance: float
) -> None:
    """AsShotWhiteXY, GainMap and RowInterleaveFactor were passed over by one decoder or by both."""
    plain, said = (
        to_linear(decode(shared_cases / case / f"{name}.dng", decoder), 32)[1:-1, 1:-1] for name in (one, other)
    )
    np.testing.assert_allclose(said, plain, atol=tolerance)


D65 = np.array(dngs.CAMERA).reshape(3, 3)
A = np.array([1.1, -0.4, 0.05, -0.5, 1.4, 0.05, -0.1, 0.3, 0.5]).reshape(3, 3)


@pytest.mark.parametrize(
    ("tags", "matrix"),
    [
        ({}, D65),
        ({50727: (RATIONAL, [2.0, 1.0, 1.5])}, np.diag([2.0, 1.0, 1.5]) @ D65),
        ({50723: (SRATIONAL, np.diag([1.1, 1.0, 0.9]).ravel())}, np.diag([1.1, 1.0, 0.9]) @ D65),
        ({50722: (SRATIONAL, A.ravel()), 50779: (SHORT, [17])}, A),  # the white is illuminant A's
    ],
)
def test_a_white_given_as_a_chromaticity_is_the_neutral_that_it_makes(
    decoder: Decoder, tags: dngs.Tags, matrix: NDArray[np.float64]
) -> None:
    xy = np.array([0.4476, 0.4074])
    neutral = matrix @ [xy[0] / xy[1], 1.0, (1 - xy.sum()) / xy[1]]
    said = dng(levels(MOSAIC), {**tags, 50728: (RATIONAL, None), 50729: (RATIONAL, xy)})
    plain = dng(levels(MOSAIC), {**tags, 50728: (RATIONAL, neutral / neutral.max())})
    np.testing.assert_allclose(seen(said, decoder), seen(plain, decoder), rtol=2e-3, atol=1e-3)


CELL = np.array([[200.0, 320.0], [260.0, 296.0]])
LARGE = np.arange(16.0).reshape(4, 4) * 8 + 200
ACROSS, DOWN = np.linspace(-60, 60, SHAPE[1]), 50 * np.sin(np.arange(SHAPE[0]))


def tiled(cell: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.tile(cell, np.floor_divide(SHAPE, cell.shape))


@pytest.mark.parametrize(
    ("black", "tags"),
    [
        (tiled(CELL), {50713: (SHORT, [2, 2]), 50714: (RATIONAL, CELL.ravel())}),
        (tiled(LARGE), {50713: (SHORT, [4, 4]), 50714: (RATIONAL, LARGE.ravel())}),
        (256 + ACROSS + DOWN[:, None], {50715: (SRATIONAL, ACROSS), 50716: (SRATIONAL, DOWN)}),
        (
            tiled(CELL) + ACROSS,
            {50713: (SHORT, [2, 2]), 50714: (RATIONAL, CELL.ravel()), 50715: (SRATIONAL, ACROSS)},
        ),
    ],
)
def test_black_that_differs_by_place_leaves_the_picture_as_it_is(
    decoder: Decoder, black: NDArray[np.float64], tags: dngs.Tags
) -> None:
    said = seen(dng(levels(MOSAIC, black), tags), decoder)
    np.testing.assert_allclose(said, seen(dng(levels(MOSAIC)), decoder), atol=4e-3)


def test_black_and_white_of_each_plane_leave_the_colours_as_they_are(decoder: Decoder) -> None:
    black, white = np.array([100.0, 400.0, 250.0]), np.array([4095.0, 3800.0, 4000.0])
    samples = np.rint(SCENE * (white - black) + black).astype(np.uint16)
    said = seen(dng(samples, {50714: (SHORT, [100, 400, 250]), 50717: (SHORT, [4095, 3800, 4000])}), decoder)
    np.testing.assert_allclose(said, seen(dng(levels(SCENE)), decoder), atol=2e-3)


@pytest.mark.parametrize("picture", [MOSAIC, SCENE])
def test_a_linearisation_table_leaves_the_picture_as_it_is(decoder: Decoder, picture: NDArray[np.float64]) -> None:
    table = np.unique(np.rint(np.linspace(0, np.sqrt(4095), 4096) ** 2)).astype(int)
    samples = np.searchsorted(table, levels(picture)).clip(max=len(table) - 1).astype(np.uint16)
    said = seen(dng(samples, {50712: (SHORT, table.tolist())}), decoder)
    np.testing.assert_allclose(said, seen(dng(levels(picture)), decoder), atol=5e-3)


@pytest.mark.parametrize("factors", [(2, 1), (1, 2), (3, 2)])
@pytest.mark.parametrize("cropped", [False, True])
@pytest.mark.parametrize("picture", [MOSAIC, SCENE])
def test_rows_and_columns_that_are_stored_apart_come_back_in_order(
    decoder: Decoder, factors: tuple[int, int], cropped: bool, picture: NDArray[np.float64]
) -> None:
    tags: dict[int, tuple[int, Any]] = {}
    if cropped:
        tags = {50829: (LONG, [2, 4, 47, 61]), 50719: (LONG, [3, 1]), 50720: (LONG, [50, 40])}
    samples = levels(picture)
    stored = np.concatenate([samples[first :: factors[0]] for first in range(factors[0])])
    stored = np.concatenate([stored[:, first :: factors[1]] for first in range(factors[1])], axis=1)
    said = seen(dng(stored, {**tags, 50975: (SHORT, [factors[0]]), 52547: (SHORT, [factors[1]])}), decoder)
    np.testing.assert_array_equal(said, seen(dng(samples, tags), decoder))


@pytest.mark.parametrize(("length", "factor"), [(7, 2), (8, 3), (5, 5), (4, 9), (6, 1)])
def test_interleaved_rows_come_back_in_order(length: int, factor: int) -> None:
    picture = np.arange(length)
    stored = np.concatenate([picture[first::factor] for first in range(factor)])
    np.testing.assert_array_equal(stored[_places(length, factor)], picture)


def floats(*values: float) -> bytes:
    return struct.pack(f">{len(values)}f", *values)


def doubles(*values: float) -> bytes:
    return struct.pack(f">{len(values)}d", *values)


Y, X = ((np.mgrid[0 : SHAPE[0], 0 : SHAPE[1]] + 0.5).T / SHAPE).T
HILL = np.array([[1.0, 2.0, 3.0], [1.5, 1.0, 2.5]])
RAMPS = 1 + np.linspace(0, 1, SHAPE[0]), 1 + np.linspace(0, 1, SHAPE[1])
RADIUS = (((Y - 0.5) * SHAPE[0]) ** 2 + ((X - 0.5) * SHAPE[1]) ** 2) / (SHAPE[0] ** 2 + SHAPE[1] ** 2) * 4
HALVES = np.arange(65536) // 2
GAINS: dict[str, tuple[tuple[int, bytes], NDArray[np.float64]]] = {
    "map": (
        gain_map(region(SHAPE), HILL),
        (1 - Y) * np.interp(X, [0, 0.5, 1], HILL[0]) + Y * np.interp(X, [0, 0.5, 1], HILL[1]),
    ),
    "rows": ((12, region(SHAPE) + struct.pack(">I", SHAPE[0]) + floats(*RAMPS[0])), RAMPS[0][:, None] + 0 * X),
    "columns": ((13, region(SHAPE) + struct.pack(">I", SHAPE[1]) + floats(*RAMPS[1])), RAMPS[1] + 0 * Y),
    "vignette": ((3, doubles(0.5, 0.2, 0, 0, 0.1, 0.5, 0.5)), 1 + 0.5 * RADIUS + 0.2 * RADIUS**2 + 0.1 * RADIUS**5),
    "table": ((7, region(SHAPE) + struct.pack(">I", 65536) + HALVES.astype(">u2").tobytes()), 0.5 + 0 * X),
    "polynomial": ((8, region(SHAPE) + struct.pack(">I", 1) + doubles(0.0, 0.5)), 0.5 + 0 * X),
}  # fmt: skip


@pytest.mark.parametrize("number", [51009, 51022])
@pytest.mark.parametrize("gain", GAINS)
@pytest.mark.parametrize("planes", [False, True])
def test_what_opcodes_multiply_comes_back(decoder: Decoder, gain: str, number: int, planes: bool) -> None:
    """A scene dimmed by what an opcode's gains undo, in the second list and in the third."""
    (opcode, content), gains = GAINS[gain]
    if planes or number == 51022:  # the third list is for a picture of three planes, which a mosaic becomes
        content = content[:20] + struct.pack(">I", 3) + content[24:] if opcode != 3 else content
    picture = SCENE * 0.4 / (gains[..., None] if planes else 1) if planes else MOSAIC * 0.4 / gains
    said = seen(dng(levels(picture), {number: (UNDEFINED, dngs.opcodes((opcode, content)))}), decoder)
    plain = seen(dng(levels((SCENE if planes else MOSAIC) * 0.4)), decoder)
    np.testing.assert_allclose(said, plain, atol=4e-3)


@pytest.mark.parametrize("corner", [(0, 0), (3, 5)])
def test_a_map_for_each_colour_of_the_filter_lies_over_the_active_area(
    decoder: Decoder, corner: tuple[int, int]
) -> None:
    """As phones write them; the default crop does not move them."""
    bend = {(0, 0): 3.0, (0, 1): 2.0, (1, 0): 2.0, (1, 1): 1.5}
    gains, maps = np.ones(SHAPE), []
    for (row, column), most in bend.items():
        ramp = np.array([[1.0, most], [most, 1.0]])
        whole = (1 - Y) * (1 + (most - 1) * X) + Y * (most - (most - 1) * X)
        gains[row::2, column::2] = whole[row::2, column::2]
        maps.append(gain_map(region(SHAPE, (row, column), 2), ramp))
    tags = {50719: (LONG, corner[::-1]), 50720: (LONG, [40, 30]), 50829: (LONG, [4, 2, 4 + SHAPE[0], 2 + SHAPE[1]])}
    samples = (np.pad(levels(light), ((4, 0), (2, 0))) for light in (MOSAIC / gains, MOSAIC))
    said, plain = (seen(dng(one, tags | more), decoder) for one, more in zip(
        samples, ({51009: (UNDEFINED, dngs.opcodes(*maps))}, {}), strict=True))  # fmt: skip
    np.testing.assert_allclose(said, plain, atol=4e-3)


def test_the_first_list_is_for_all_that_is_stored(decoder: Decoder) -> None:
    """Deltas in levels, for rows from the very first on, and a map of half the stored picture."""
    deltas = 40 * np.cos(np.arange(SHAPE[0]))
    rows = 10, region(SHAPE) + struct.pack(">I", SHAPE[0]) + floats(*deltas)
    said = seen(dng(levels(MOSAIC, 256 - deltas[:, None], 4095), {51008: (UNDEFINED, dngs.opcodes(rows))}), decoder)
    np.testing.assert_allclose(said, seen(dng(levels(MOSAIC)), decoder), atol=2e-2)


@pytest.mark.parametrize("gain", [0.4, 1.0, 4.0])
def test_what_is_saturated_is_white_whatever_its_gain(decoder: Decoder, gain: float) -> None:
    gains = dngs.opcodes(*(gain_map(region(SHAPE, at, 2), np.full((1, 1), gain * by)) for at, by in
                           (((0, 0), 1.3), ((0, 1), 1.0), ((1, 0), 1.0), ((1, 1), 0.8))))  # fmt: skip
    said = seen(dng(np.full(SHAPE, 4095, np.uint16), {51009: (UNDEFINED, gains)}), decoder)
    np.testing.assert_allclose(said, 1, atol=1e-5)


def test_opcodes_that_are_not_known_are_refused_unless_they_may_be_left_out(decoder: Decoder) -> None:
    for optional in (False, True):
        data = dng(levels(MOSAIC), {51009: (UNDEFINED, dngs.opcodes((77, b"what?"), optional=optional))})
        if optional:
            np.testing.assert_array_equal(seen(data, decoder), seen(dng(levels(MOSAIC)), decoder))
        else:
            with pytest.raises(RawError, match=r"a\.dng: .*opcode 77 is not known, and may not be left out"):
                seen(data, decoder)


@pytest.mark.parametrize("name", ["canon_eos6d_lossy_linear.dng", "nikon_d500_lossy_linear_DSC8695.dng"])
def test_a_lossy_file_is_bent_once(shared_raws: Path, name: str) -> None:
    """LibRaw bends samples by the file's polynomials itself, before black is taken off; flashraw does not."""
    if not flashraw.installed():
        pytest.skip("needs flashraw, autohdr[fast]")
    one, other = (to_linear(decode(shared_raws / name, open_decoder(which)), 32) for which in ("flashraw", "libraw"))
    np.testing.assert_allclose(one, other, rtol=0.02, atol=3e-5)  # nearly black: LibRaw's whole levels


def test_more_steps_than_any_camera_asks_for_are_refused(decoder: Decoder) -> None:
    todo = dngs.opcodes(*[gain_map(region(SHAPE), np.ones((1, 1)))] * 65)
    with pytest.raises(RawError, match=r"a\.dng: its opcodes or levels are impossible \(65 steps"):
        seen(dng(levels(MOSAIC), {51009: (UNDEFINED, todo)}), decoder)


def test_what_is_trimmed_is_no_part_of_the_picture(decoder: Decoder) -> None:
    trim = dngs.opcodes((6, struct.pack(">4I", 3, 5, 43, 55)))
    said = seen(dng(levels(MOSAIC), {51009: (UNDEFINED, trim)}), decoder)
    plain = seen(dng(levels(MOSAIC), {50719: (LONG, [5, 3]), 50720: (LONG, [50, 40])}), decoder)
    np.testing.assert_allclose(said, plain, atol=1e-5)
