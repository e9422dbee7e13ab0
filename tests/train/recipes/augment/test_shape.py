"""Augmentations that move pixels: the light of a photo stays, and no border is invented."""

import pytest
import torch
from torch import Tensor

from autohdr_train.recipes.augment import Augmentation
from autohdr_train.recipes.augment.shape import crop, elastic, local_rotation, perspective, turn

WARPS = [perspective, crop, elastic]


def generator(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def changed(augmentation: Augmentation, pixels: Tensor, seed: int = 0) -> Tensor:
    return augmentation(pixels, torch.zeros(len(pixels), 8), generator(seed))[0]


def smooth(count: int, size: int) -> Tensor:
    """Waves of light around 0.5 (N, 3, S, S), other ones in each photo and colour."""
    line = torch.linspace(0, 3.0, size)
    phase = torch.arange(3.0 * count).reshape(count, 3, 1, 1)
    return 0.5 + 0.25 * torch.sin(3 * line[:, None] + phase) * torch.cos(2 * line[None] + 0.7 * phase)


def test_turning_gives_all_eight_symmetries_and_keeps_the_light() -> None:
    pixels = torch.arange(12.0).reshape(1, 3, 2, 2).expand(200, 3, 2, 2)
    turned = changed(turn, pixels)
    assert len({tuple(picture.flatten().tolist()) for picture in turned}) == 8
    assert torch.equal(turned.flatten(2).sort(2).values, pixels.flatten(2).sort(2).values)


@pytest.mark.parametrize("warp", WARPS)
@pytest.mark.parametrize("size", [32, 224])
def test_a_warp_keeps_the_mean_light(warp: Augmentation, size: int) -> None:
    pixels = smooth(8, size)
    moved = changed(warp, pixels)
    assert not torch.equal(moved, pixels)
    assert (moved.mean((1, 2, 3)) - pixels.mean((1, 2, 3))).abs().max() < 0.02
    assert (moved - pixels).abs().max() > 0.02


@pytest.mark.parametrize("warp", WARPS)
@pytest.mark.parametrize("size", [32, 33, 224])
def test_a_warp_of_one_light_is_that_light_up_to_the_border(warp: Augmentation, size: int) -> None:
    pixels = torch.full((4, 3, size, size), 1.7)
    torch.testing.assert_close(changed(warp, pixels), pixels, rtol=0, atol=1e-5)


@pytest.mark.parametrize("warp", WARPS)
def test_a_warp_shows_nothing_brighter_or_darker(warp: Augmentation) -> None:
    pixels = torch.rand(8, 3, 32, 32, generator=generator(9))
    moved = changed(warp, pixels)
    assert moved.min() >= pixels.min() - 1e-5
    assert moved.max() <= pixels.max() + 1e-5


def test_a_crop_keeps_three_quarters_of_the_frame_or_more_and_stays_inside() -> None:
    line = torch.linspace(0, 1, 64)
    across, down = line.expand(64, 64), line[:, None].expand(64, 64)
    pixels = torch.stack([across, down, across]).expand(300, 3, 64, 64)
    cut = changed(crop, pixels)
    width = cut[:, 0].amax((1, 2)) - cut[:, 0].amin((1, 2))
    height = cut[:, 1].amax((1, 2)) - cut[:, 1].amin((1, 2))
    area = width * height
    assert area.min() > 0.749
    assert area.min() < 0.76
    assert area.max() > 0.99
    assert (width / height).log().abs().max() < torch.tensor(4 / 3).log() + 1e-3
    assert (width / height).log().abs().max() > 0.2


def test_a_perspective_moves_corners_inwards_by_a_tenth_at_most() -> None:
    pixels = torch.zeros(200, 3, 101, 101)
    pixels[..., :2, :2] = 1.0  # the upper left corner
    moved = changed(perspective, pixels)[:, 0]
    reach = (moved > 0.2).nonzero()
    farthest = reach[:, 1:].max(0).values
    assert (farthest >= 9).all()  # a corner that reaches 10, with its mirror image before it
    assert (farthest <= 12).all()


def test_a_distortion_is_as_strong_on_small_pictures() -> None:
    shares = []
    for size in (32, 224):
        line = torch.linspace(0, 1, size).expand(size, size)
        pixels = line.expand(24, 3, size, size)
        inner = slice(size // 4, -size // 4)
        shift = changed(elastic, pixels)[..., inner, inner] - pixels[..., inner, inner]
        shares.append(float(shift.std()))
    assert shares[0] == pytest.approx(shares[1], rel=0.25)
    assert shares[1] == pytest.approx(137.5 / 2 * 0.0326 / 224, rel=0.3)  # mean alpha, deviation of the smoothed noise


@pytest.mark.parametrize("size", [32, 33])
def test_local_rotation_turns_each_quadrant_by_itself(size: int) -> None:
    pixels = torch.arange(3.0 * size * size).reshape(1, 3, size, size).expand(64, 3, size, size)
    turned = changed(local_rotation, pixels)
    half = size // 2
    ways = []
    for rows in (slice(0, half), slice(-half, None)):
        for columns in (slice(0, half), slice(-half, None)):
            before, after = pixels[0, :, rows, columns], turned[..., rows, columns]
            turns = [torch.rot90(before, quarters, (1, 2)) for quarters in range(4)]
            ways.append([next(k for k in range(4) if torch.equal(turns[k], picture)) for picture in after])
    assert all(set(quadrant) == {0, 1, 2, 3} for quadrant in ways)
    assert len({tuple(quadrant) for quadrant in ways}) == 4
    if size % 2:
        assert torch.equal(turned[..., half, :], pixels[..., half, :])
        assert torch.equal(turned[..., half], pixels[..., half])
