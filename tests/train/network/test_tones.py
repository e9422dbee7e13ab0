"""Measured tones: of the light and not of its encoding, and each number follows the light as its name says."""

from typing import get_args

import numpy as np
import pytest
import torch
from torch import Tensor
from torch.nn import functional

from autohdr.spec import Encoding, InputSpec
from autohdr_train.network.light import Light
from autohdr_train.network.tones import FRAME, LAYOUT, PARTS, SIDE, SIZE, STEP, Tones, cells, describe, windows

LEVELS = ("frame", "parts", "middle")
"""Numbers that rise by one with every stop of light."""
STEADY = ("frame gaps", "part gaps", "relative shares", "texture", "cell gaps", "warmth", "tint", "hues", "cell chroma")
"""Numbers that stay the same, with the chroma below saturation."""


def seen(linear: Tensor) -> Tensor:
    """The description of pictures (N, 3, s, s)."""
    return describe(linear, windows(linear.shape[2]), cells(linear.shape[2]))


@pytest.fixture
def pictures() -> Tensor:
    """Four coloured pictures (4, 3, 64, 64) of places that differ in light, none near saturation or the floor."""
    random = torch.Generator().manual_seed(0)
    coarse = functional.interpolate(torch.randn(4, 3, 4, 4, generator=random), size=64, mode="bilinear")
    grey = functional.interpolate(torch.randn(4, 1, 8, 8, generator=random), size=64, mode="bilinear")
    return 2.0 ** (-5.0 + 0.5 * coarse + grey + 0.2 * torch.randn(4, 3, 64, 64, generator=random))


def test_the_layout_covers_every_number_once() -> None:
    assert sorted(index for part in LAYOUT.values() for index in range(part.start, part.stop)) == list(range(SIZE))
    assert set(LAYOUT) == {*LEVELS, *STEADY, "absolute shares", "moments", "chroma"}


@pytest.mark.parametrize("size", [32, 100, 224])
def test_a_picture_of_any_size_gives_every_number(size: int) -> None:
    assert Tones(InputSpec(size=size))(torch.rand(3, 3, size, size)).shape == (3, SIZE)


@pytest.mark.parametrize("encoding", get_args(Encoding))
def test_the_same_light_in_another_encoding_is_described_the_same(pictures: Tensor, encoding: Encoding) -> None:
    spec = InputSpec(size=64, encoding=encoding, mean=(0.2, 0.3, 0.4), std=(0.1, 0.2, 0.3))
    torch.testing.assert_close(Tones(spec)(Light(spec).encode(pictures)), seen(pictures), atol=5e-3, rtol=1e-3)


def test_twice_the_light_is_one_level_more_and_leaves_what_is_steady(pictures: Tensor) -> None:
    once, twice = seen(pictures), seen(2.0 * pictures)
    for name in LEVELS:
        torch.testing.assert_close(twice[:, LAYOUT[name]], once[:, LAYOUT[name]] + 1.0, atol=0.02, rtol=0.0)
    for name in STEADY:
        torch.testing.assert_close(twice[:, LAYOUT[name]], once[:, LAYOUT[name]], atol=0.02, rtol=0.0)
    moments, chroma = LAYOUT["moments"], LAYOUT["chroma"]
    torch.testing.assert_close(twice[:, moments] - once[:, moments], torch.tensor([[1.0, 0, 0]] * 4), atol=0.02, rtol=0)
    torch.testing.assert_close(twice[:, chroma][:, :-1], once[:, chroma][:, :-1], atol=0.02, rtol=0.0)
    assert (twice[:, LAYOUT["absolute shares"]] <= once[:, LAYOUT["absolute shares"]]).all()


def test_percentiles_are_numpys_within_a_bin(pictures: Tensor) -> None:
    levels = np.log2(np.tensordot([0.2126, 0.7152, 0.0722], pictures.numpy(), axes=(0, 1)) + 2.0**-13)  # (N, s, s)
    expected = np.quantile(levels.reshape(4, -1), FRAME, axis=1).T
    np.testing.assert_allclose(seen(pictures)[:, LAYOUT["frame"]].numpy(), expected, atol=STEP)


def test_parts_of_the_frame_are_where_their_names_say() -> None:
    """A picture of dark and light halves: the middle of each part, in the order that `windows` tells."""
    below = torch.full((1, 3, 64, 64), 2.0**-6)
    below[:, :, 32:] = 2.0**-2
    middles = seen(below)[0, LAYOUT["parts"]].reshape(6, len(PARTS))[:, 2]
    assert (middles[1], middles[2]) == pytest.approx((-6.0, -2.0), abs=STEP)
    right = below.transpose(2, 3)
    middles = seen(right)[0, LAYOUT["parts"]].reshape(6, len(PARTS))[:, 2]
    assert (middles[3], middles[4]) == pytest.approx((-6.0, -2.0), abs=STEP)
    spot = torch.full((1, 3, 64, 64), 2.0**-6)
    spot[:, :, 20:44, 20:44] = 2.0**-2
    centre, border = seen(spot)[0, LAYOUT["parts"]].reshape(6, len(PARTS))[[0, 5], 3]
    assert centre > border + 2.0
    cell = torch.full((1, 3, 64, 64), 2.0**-6)
    cell[:, :, 16:32, 48:] = 2.0**-2
    found = seen(cell)[0, LAYOUT["cell gaps"]]
    assert int(found.argmax()) == 4 + 3
    assert float(found.max() - found.min()) == pytest.approx(4.0, abs=0.05)


@pytest.mark.parametrize("colour", range(3))
def test_a_hue_is_told_by_its_bin(colour: int) -> None:
    linear = torch.full((1, 3, 32, 32), 0.1)
    linear[:, colour] = 0.3
    hues = seen(linear)[0, LAYOUT["hues"]]
    assert int(hues.argmax()) == 4 * colour
    assert float(hues[4 * colour]) == pytest.approx(0.2 / 0.3, abs=0.01)


def test_warmth_is_red_against_blue_and_tint_green_against_both() -> None:
    linear = torch.full((1, 3, 32, 32), 0.1) * torch.tensor([2.0, 1.0, 0.5])[:, None, None]
    found = seen(linear)[0]
    torch.testing.assert_close(found[LAYOUT["warmth"]], torch.full((7,), 2.0), atol=0.01, rtol=0.0)
    torch.testing.assert_close(found[LAYOUT["tint"]], torch.zeros(7), atol=0.01, rtol=0.0)


@pytest.mark.parametrize("encoding", get_args(Encoding))
@pytest.mark.parametrize("value", [-1e4, 0.0, 0.5, 1.0, 1e4])
def test_black_white_flat_and_clipped_pictures_are_described_in_finite_numbers(
    encoding: Encoding, value: float
) -> None:
    found = Tones(InputSpec(size=32, encoding=encoding))(torch.full((1, 3, 32, 32), value))
    assert torch.isfinite(found).all()


def test_lamps_beyond_the_white_and_noise_below_black_are_finite() -> None:
    linear = torch.full((1, 3, SIDE, SIDE), 1e-9)
    linear[:, :, 10, 10] = 6e4
    linear[:, 1, 20:30] = 0.0
    assert torch.isfinite(seen(linear)).all()


def test_large_inputs_are_averaged_first(pictures: Tensor) -> None:
    large = pictures.repeat_interleave(4, 2).repeat_interleave(4, 3)
    spec = InputSpec(size=256)
    assert Tones(spec).block == 3
    close = LAYOUT["frame"]
    torch.testing.assert_close(Tones(spec).describe(large)[:, close], seen(pictures)[:, close], atol=0.3, rtol=0.0)


def test_standardised_descriptions_are_about_0_and_1_apart(pictures: Tensor) -> None:
    tones = Tones(InputSpec(size=64))
    pixels = tones.light.encode(torch.cat([pictures, 0.3 * pictures]))
    tones.standardise(tones.describe(tones.light(pixels)))
    found = tones(pixels)
    torch.testing.assert_close(found.mean(dim=0), torch.zeros(SIZE), atol=1e-3, rtol=0.0)
    assert (found[:, LAYOUT["frame"]].std(dim=0) - 1.0).abs().max() < 1e-3
    assert (found.std(dim=0) <= 1.001).all()  # what hardly differs is not blown up


def test_the_frames_percentiles_are_exact_to_float_rounding() -> None:
    """Summed as shares, they drift where the histogram hardly rises, and each engine's another way."""
    levels = 3.0 * torch.linspace(0.0, 1.0, SIDE**2).pow(40) - 6.0
    linear = torch.exp2(levels).reshape(1, 1, SIDE, SIDE).repeat(1, 3, 1, 1)
    exact = describe(linear.double(), windows(SIDE).double(), cells(SIDE).double()).float()
    close = LAYOUT["frame"]
    torch.testing.assert_close(seen(linear)[:, close], exact[:, close], atol=5e-5, rtol=0.0)


@pytest.mark.parametrize("value", [0.0, 1e-9, 0.2, 1.0])
def test_a_flat_picture_has_a_finite_slope(value: float) -> None:
    """Grey has no hue, and a flat picture no texture or deviation: roots that would have endless slopes there."""
    linear = torch.full((1, 3, 32, 32), value, requires_grad=True)
    seen(linear).sum().backward()  # type: ignore[no-untyped-call]
    assert linear.grad is not None
    assert torch.isfinite(linear.grad).all()


def test_hues_of_near_grey_fade() -> None:
    """Where the distance from grey is nothing beside 1e-5, as the default model's weights were learnt."""
    linear = torch.full((1, 3, 32, 32), 1e-3) + torch.tensor([1e-5, 0.0, 0.0])[:, None, None]
    chroma = 1e-5 / (1e-3 + 1e-5 + 2.0**-13)
    hues = seen(linear)[0, LAYOUT["hues"]] / chroma
    assert float(hues.max()) == pytest.approx(0.0, abs=1e-6)  # half of 1: below 0.8, beyond the bin's reach
